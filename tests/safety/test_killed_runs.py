"""A run that is killed at any moment leaves nothing that cleaning up does not put back."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from runs import LONG, ROOT
from typer.testing import CliRunner

from harness.cli.app import app
from harness.safety.writes import read_writes

COMMAND = "from harness.cli import main; main()"
TRIALS = 50 if LONG else 5
LONGEST_S = 0.8
"""Until a run is killed; it writes some two hundred times a second."""
PHONE = "+48500700700"
ZONE = "Europe/Warsaw"


@dataclass
class Sandbox:
    """An embedded sandbox in a process of its own: the only thing that knows what became of the writes."""

    told: dict[str, Any]
    http: httpx.Client
    left: list[tuple[int, int]] = field(default_factory=list)
    """Of each trial: how many writes were meant, and how many things were undone."""

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - as the contract says
        """A control call that must go well."""
        headers = {"Authorization": f"Bearer {self.told['control_token']}"}
        answer = self.http.request(method, f"{self.told['control_url']}{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def clinic(self) -> dict[str, Any]:
        """A clinic of its own, with offered time, a visit of somebody else, and a break."""
        made = self.control("POST", "/clinics", {"kind": "ordinary", "granted_to": [self.told["client_id"]]})
        midnight = self.midnight()
        for doctor in made["doctors"]:
            for calendar in doctor["calendars"]:
                place, service = f"/calendars/{calendar['address_id']}", calendar["services"][0]["id"]
                items = [
                    {
                        "start": (midnight + timedelta(days=day, hours=9)).isoformat(),
                        "end": (midnight + timedelta(days=day, hours=12)).isoformat(),
                        "services": [{"address_service_id": service, "duration": 30}],
                    }
                    for day in (1, 2, 4)
                ]
                days = [str((midnight + timedelta(days=day)).date()) for day in (1, 2, 4)]
                self.control("PUT", f"{place}/working-time", {"days": days, "items": items})
                patient = {"name": "Jan", "surname": "Kowalski", "phone": "+48601601601", "email": None}
                at = (midnight + timedelta(days=2, hours=10)).isoformat()
                visit = {"by": "patient", "start": at, "address_service_id": service, "patient": patient}
                self.control("POST", f"{place}/visits", visit)
                since, till = ((midnight + timedelta(days=3, hours=hour)).isoformat() for hour in (13, 14))
                self.control("POST", f"{place}/breaks", {"since": since, "till": till, "description": "lunch"})
        return dict(made)

    def midnight(self) -> datetime:
        """The begin of today in the marketplace's zone."""
        return datetime.now(ZoneInfo(ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)

    def known(self, clinic: dict[str, Any]) -> dict[str, object]:
        """All that the sandbox's snapshot tells of the clinic, but for what is over and how working time is cut."""
        rows = self.control("GET", "/snapshot")["rows"]
        addresses = {one["address_id"] for doctor in clinic["doctors"] for one in doctor["calendars"]}
        told: dict[str, object] = {}
        for kind in ("booking", "break"):
            mine = {key: one for key, one in rows[kind].items() if one.get("address_id") in addresses}
            told[kind] = {key: one for key, one in mine.items() if one.get("status") != "canceled"}
        told["address"] = {key: rows["address"][key] for key in addresses}
        window = {"from": self.midnight().isoformat(), "to": (self.midnight() + timedelta(weeks=12)).isoformat()}
        for address in sorted(addresses):
            query = httpx.QueryParams(window)
            told[f"offers {address}"] = self.control("GET", f"/calendars/{address}/offers?{query}")
        return told


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One for all trials: none may leave anything to the next."""
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "sandbox", "--port", "0", "--clinics", "1", "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        with httpx.Client(timeout=20, trust_env=False) as http:
            yield Sandbox(json.loads(process.stdout.readline()), http)
    finally:
        process.terminate()
        process.communicate()


def cleaned_up(journal: Path, variables: dict[str, str], *, alone: bool) -> tuple[int, str]:
    """Exit code and output of the command, ``alone`` in a process of its own."""
    arguments = ["cleanup", str(journal), "--settle", "1"]
    if alone:
        command = [sys.executable, "-c", COMMAND, *arguments]
        environment = {**os.environ, **variables}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr
    result = CliRunner().invoke(app, arguments, env=variables, catch_exceptions=False)
    return result.exit_code, result.output


@pytest.mark.parametrize("trial", range(TRIALS))
def test_a_run_killed_at_any_moment_is_undone(sandbox: Sandbox, tmp_path: Path, trial: int) -> None:
    """What is left is found on the disk alone, and the sandbox is as it was before."""
    clinic = sandbox.clinic()
    before = sandbox.known(clinic)
    journal = tmp_path / "writes.jsonl"
    chance = random.Random(os.urandom(8))  # noqa: S311 - another moment each time
    told = {name: sandbox.told[name] for name in ("api_base_url", "token_url", "client_id", "client_secret")}
    told |= {"facility": clinic["facility_id"], "phone": PHONE, "zone": ZONE, "journal": str(journal)}
    told |= {"midnight": sandbox.midnight().isoformat(), "seed": trial}
    run = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("writer.py"))],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdin is not None
    assert run.stdout is not None
    run.stdin.write(json.dumps(told) + "\n")
    run.stdin.flush()
    assert run.stdout.readline() == "writing\n"
    Event().wait(chance.uniform(0, LONGEST_S))
    run.send_signal(signal.SIGKILL)
    run.communicate()
    meant = len(read_writes(journal).intended)

    variables = {"ACCEPTANCE_CLIENT_ID": told["client_id"], "ACCEPTANCE_CLIENT_SECRET": told["client_secret"]}
    code, out = cleaned_up(journal, variables, alone=LONG or trial == 0)

    assert code == 0, out
    assert out.startswith("AS BEFORE")
    assert sandbox.known(clinic) == before
    sandbox.left.append((meant, out.count("  undone ")))


def test_the_killed_runs_left_something_to_undo(sandbox: Sandbox) -> None:
    """Otherwise the trials would have shown nothing."""
    assert len(sandbox.left) == TRIALS
    assert sum(meant for meant, _ in sandbox.left) > TRIALS
    assert sum(undone for _, undone in sandbox.left) > TRIALS

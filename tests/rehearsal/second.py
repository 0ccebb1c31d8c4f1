"""A second embedded sandbox in a process of its own, over TLS, that stands for a real Docplanner."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import trustme
from runs import LONG, ROOT

from harness.gateway.server import serve
from harness.gateway.settings import GatewaySettings
from harness.recorder.journal import MemoryJournal
from harness.recorder.redaction import Redactor

TESTS = Path(__file__).parent.parent
ROUNDS, TRIALS = (3, 17) if LONG else (1, 1)
"""Each round at a sandbox of its own: 8,000 reads an hour are enough for some forty runs."""
LONGEST_S = 4.0
"""Until a run is killed, from the moment at which it plays."""
COMMAND = "from harness.cli import main; main()"
PHONE = "+48500700700"
ZONE = "Europe/Warsaw"
CANARY = {"name": "Kanarekjan", "surname": "Zoltopiory", "phone": "+48601987123", "email": "kanarek@patients.invalid"}
"""Somebody else's patient: nothing of it may stand in any file."""
NIN = "80022912345"
"""The tester's national number: it may stand in no file either."""
LIMITS = {"reads_per_hour": 8000, "writes_per_minute": 40}
"""Source: behaviour.md, "Limits"."""


@dataclass
class Second:
    """The sandbox as its owner knows it, and how a run reaches it."""

    told: dict[str, Any]
    http: httpx.Client
    url: str
    """Over TLS."""
    directory: Path
    """Where runs are started: their journals of writes are kept below it."""
    clinic: dict[str, Any]

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - as the contract says
        """A control call that must go well."""
        headers = {"Authorization": f"Bearer {self.told['control_token']}"}
        answer = self.http.request(method, f"{self.told['control_url']}{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    @property
    def calendars(self) -> list[dict[str, Any]]:
        """Those of the clinic with two doctors."""
        return [one for doctor in self.clinic["doctors"] for one in doctor["calendars"]]

    def furnish(self) -> None:
        """Each calendar has offered time, a visit of somebody else, and a break; one demands a national number."""
        midnight = datetime.now(ZoneInfo(ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
        self.control("PATCH", f"/calendars/{self.calendars[0]['address_id']}", {"booking_extra_fields": ["nin"]})
        for calendar in self.calendars:
            place, service = f"/calendars/{calendar['address_id']}", calendar["services"][0]["id"]
            begins = midnight + timedelta(days=2)
            period = {
                "start": (begins + timedelta(hours=9)).isoformat(),
                "end": (begins + timedelta(hours=12)).isoformat(),
                "services": [{"address_service_id": service, "duration": 30}],
            }
            self.control("PUT", f"{place}/working-time", {"days": [str(begins.date())], "items": [period]})
            at = (begins + timedelta(hours=10)).isoformat()
            visit = {"by": "patient", "start": at, "address_service_id": service, "patient": CANARY}
            self.control("POST", f"{place}/visits", visit)
            since, till = ((begins + timedelta(days=1, hours=hour)).isoformat() for hour in (13, 14))
            self.control("POST", f"{place}/breaks", {"since": since, "till": till, "description": "Kanarekjan lunch"})

    def shown(self) -> dict[str, object]:
        """What each calendar shows now, but for cancelled visits, which cannot be made to never have been."""
        now = datetime.now(ZoneInfo(ZONE))
        query = httpx.QueryParams({"from": now.isoformat(), "to": (now + timedelta(weeks=12)).isoformat()})
        found: dict[str, object] = {}
        for calendar in self.calendars:
            place = f"/calendars/{calendar['address_id']}"
            visits = self.control("GET", f"{place}/visits?{query}")["items"]
            found[place] = (
                self.control("GET", f"{place}/offers?{query}"),
                [one for one in visits if one["status"] == "booked"],
                self.control("GET", f"{place}/breaks?{query}"),
            )
        return found

    @property
    def environment(self) -> dict[str, str]:
        """What every command of ours is started with."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "ACCEPTANCE_"))}
        own = {
            "PYTHONPATH": str(ROOT),
            "ACCEPTANCE_CLIENT_ID": self.told["client_id"],
            "ACCEPTANCE_CLIENT_SECRET": self.told["client_secret"],
            "ACCEPTANCE_TESTER_PHONE": PHONE,
            "ACCEPTANCE_TESTER_NIN": NIN,
            "SSL_CERT_FILE": str(self.directory / "ca.pem"),
        }
        return {**clean, **own}

    def started(self, *arguments: str, told: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """A command, in the directory of this sandbox; ``told`` by its environment."""
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments],
            cwd=self.directory,
            env={**self.environment, **(told or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def person(self, *, at_system: str | None = None) -> Path:
        """A script of who acts at this Docplanner, and at the system whose control contract is at ``at_system``."""
        file = self.directory / "person.py"
        file.write_text(
            f"import sys\nsys.path[:0] = [{str(TESTS)!r}]\n"
            "from rehearsal.people import People\n"
            f"answer = People({self.told['control_url']!r}, {self.told['control_token']!r},"
            f" {self.told['client_id']!r}, {self.clinic['facility_id']!r}, {at_system!r}).answer\n"
        )
        return file

    def playing(self, output: str, *criteria: str, waits: Mapping[str, float] | None = None) -> subprocess.Popen[str]:
        """A run of the assembly api."""
        chosen = [word for one in criteria for word in ("--criterion", one)]
        chosen += [word for name, seconds in (waits or {}).items() for word in ("--wait", f"{name}={seconds}")]
        confirmed = ["--confirmed-by", "the rehearsal"]
        return self.started("run", "--config", "acceptance.toml", "--no-html", "--output", output, *chosen, *confirmed)


def canaries_in(directory: Path, *more: str) -> list[str]:
    """Files in which something of the other patient stands, or one of ``more``."""
    words = [one.encode() for one in (*CANARY.values(), "601987123", NIN, *more)]
    return [
        str(file)
        for file in directory.rglob("*")
        if file.is_file() and any(word in file.read_bytes() for word in words)
    ]


def kill_while_it_plays(run: subprocess.Popen[str]) -> None:
    """At a random moment of it."""
    assert run.stderr is not None
    while "playing" not in (line := run.stderr.readline()):
        assert line, "the run ended before it played"
    Event().wait(random.Random(os.urandom(8)).uniform(0.2, LONGEST_S))  # noqa: S311 - another moment each time
    run.send_signal(signal.SIGKILL)
    run.communicate()


@contextmanager
def second(directory: Path) -> Iterator[Second]:
    """One with a clinic of two doctors that may be written to, and the settings of a run on it."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(directory / "ca.pem")
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(directory / "own.pem")
    with ExitStack() as parts:
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, "sandbox", "--port", "0", "--clinics", "1", "--json"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        parts.callback(process.communicate)
        parts.callback(process.terminate)
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        http = parts.enter_context(httpx.Client(timeout=20, trust_env=False))
        settings = GatewaySettings(
            docplanner=told["api_base_url"].partition("/api/")[0], certificate=directory / "own.pem", host="localhost"
        )
        redactor = Redactor((), patient_key=b"rehearsal", own_phone_block="")
        front = parts.enter_context(serve(settings, journal=MemoryJournal(), redactor=redactor, beside_sandbox=False))
        url = front.base_url
        made = Second(told, http, url, directory, {})
        made.clinic = dict(made.control("POST", "/clinics", {"kind": "ordinary", "granted_to": [told["client_id"]]}))
        made.control("PUT", f"/clients/{told['client_id']}", {"limits": LIMITS, "delivery": "pull"})
        made.furnish()
        (directory / "acceptance.toml").write_text(
            f'[docplanner]\nat = "{url}"\nfacilities = "{made.clinic["facility_id"]}"\n'
            f'tester_phone = "{PHONE}"\nca_file = "ca.pem"\n'
            '[run]\nassembly = "api"\nseed = 7\n'
        )
        yield made

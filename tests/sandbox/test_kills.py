"""A sandbox that is killed while it answers has lost nothing that it had answered."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from runs import LONG
from sandbox.served import ANNA

KILLS = 25 if LONG else 2
CALLERS = 3
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


@contextmanager
def child(file: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """The sandbox in a process of its own, and what it printed at its start."""
    command = [sys.executable, "-c", "from harness.cli import main; main()", "sandbox"]
    options = ["--port", "0", "--json", "--clinics", "1", "--state", str(file)]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


@dataclass
class Caller:
    """Books one visit after the other until nobody answers, and notes what was answered."""

    number: int
    told: dict[str, Any]
    address_id: str
    service_id: str
    enough: threading.Event
    answered: dict[str, str] = field(default_factory=dict)

    def work(self, after: int) -> None:
        """Visits at times of this caller's own, from the place ``after`` on."""
        bearer = {"Authorization": f"Bearer {self.told['control_token']}"}
        url = f"{self.told['control_url']}/calendars/{self.address_id}/visits"
        with httpx.Client(headers=bearer, trust_env=False) as http:
            for place in range(after, after + 2000):
                start = (FIRST + timedelta(days=self.number * 3650, minutes=30 * place)).isoformat()
                wanted = {"by": "doctor", "start": start, "address_service_id": self.service_id, "patient": ANNA}
                try:
                    made = http.post(url, json=wanted)
                except httpx.HTTPError:
                    return
                self.answered[made.raise_for_status().json()["booking_id"]] = start
                if len(self.answered) >= 5:
                    self.enough.set()


def test_every_answered_write_is_there_after_a_kill(tmp_path: Path) -> None:
    """Killed at random moments under load and started again: every visit answered is there, no id came twice."""
    chance = random.Random(7)  # noqa: S311 - repeatable on purpose
    answered: dict[str, str] = {}
    credentials = set()
    for number in range(KILLS + 1):
        with child(tmp_path / "state") as (process, told):
            credentials.add((told["client_id"], told["client_secret"], told["control_token"]))
            bearer = {"Authorization": f"Bearer {told['control_token']}"}
            with httpx.Client(base_url=told["control_url"], headers=bearer, trust_env=False) as http:
                clinic = http.get("/estate").json()["clinics"][0]
                calendar = clinic["doctors"][0]["calendars"][0]
                span = f"from={quote(FIRST.isoformat())}&to={quote((FIRST + timedelta(days=40000)).isoformat())}"
                seen = http.get(f"/calendars/{calendar['address_id']}/visits?{span}").json()["items"]
            kept = {one["booking_id"]: datetime.fromisoformat(one["start"]) for one in seen}
            assert {one: datetime.fromisoformat(start) for one, start in answered.items()}.items() <= kept.items()
            assert len(kept) == len(seen)
            if number == KILLS:
                break
            enough = threading.Event()
            callers = [
                Caller(one, told, calendar["address_id"], calendar["services"][0]["id"], enough)
                for one in range(CALLERS)
            ]
            threads = [threading.Thread(target=one.work, args=[2000 * number]) for one in callers]
            for thread in threads:
                thread.start()
            assert enough.wait(20), "nothing was answered"
            enough.clear()
            enough.wait(chance.uniform(0, 0.3) if chance.random() < 0.5 else 0)
            process.kill()
            for thread in threads:
                thread.join()
            for one in callers:
                assert not answered.keys() & one.answered.keys(), "an id came twice"
                answered |= one.answered
    assert len(answered) >= 5 * KILLS
    assert len(credentials) == 1

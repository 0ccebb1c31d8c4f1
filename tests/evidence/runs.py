"""Small runs on disk, as `acceptance run` leaves them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.clock import ManualClock
from harness.recorder.journal import JournalFile, read_journal
from harness.recorder.line import Actor, Channel, Kind
from harness.recorder.redaction import Redactor
from harness.verdict.judge import judge
from reports.verdict_page import write_verdict_page

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
REDACTOR = Redactor((), patient_key=b"key of the run", own_phone_block="604")
STARTED: dict[str, Any] = {
    "state": "started",
    "assembly": "self",
    "marketplace": "znanylekarz.pl",
    "harness": {"version": "0.1.0", "python": "3.11.7"},
    "profile": "documented",
    "delivery": "push",
    "seed": 7,
    "scope": None,
    "partner": {"name": "Clinic", "version": "1", "capabilities": ["push"]},
    "covered": {},
    "waits": {"change_s": 60.0},
}


def call(operation: str, status: int = 200, answer: object = None, **more: object) -> dict[str, object]:
    """The body of an exchange of the partner system with Docplanner."""
    return {
        "method": "GET",
        "url": f"http://127.0.0.1:1/api/v3/integration/{operation}?start=2026-11-24&end=",
        "operation": operation,
        "request": {"headers": {"accept": "application/json", "authorization": "Bearer ***"}},
        "status": status,
        "response": {"headers": {"content-type": "application/json", "x-ratelimit-limit": "40"}, "json": answer},
        "started_at": NOON.isoformat(),
        "took_ms": 3.5,
        "error": None,
        "breaches": [],
        "injected": False,
        **more,
    }


def run_in(
    directory: Path, calls: Sequence[Mapping[str, object]] = (), *, lacking: Sequence[str] = (), **started: object
) -> Path:
    """A finished run in ``directory``: its journal, verdict and page. ``lacking`` are criteria that do not apply."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "journal.jsonl"
    path.unlink(missing_ok=True)
    with JournalFile(path, run="r-1", process="p", redactor=REDACTOR, clock=ManualClock(NOON)) as journal:
        journal.write(Kind.RUN, STARTED | started, actor=Actor.HARNESS)
        for body in calls:
            journal.write(Kind.EXCHANGE, body, actor=Actor.PARTNER, channel=Channel.API, address="31")
        for one in lacking:
            told = {"id": one, "feature": "F", "name": one, "criteria": [one], "outcome": "not applicable"}
            journal.write(Kind.SCENARIO, {"state": "finished", **told}, actor=Actor.HARNESS, scenario=one)
        journal.write(Kind.RUN, {"state": "finished", "trouble": None}, actor=Actor.HARNESS)
    verdict = json.loads(json.dumps(judge(read_journal(path))))
    (directory / "verdict.json").write_text(json.dumps(verdict), encoding="utf-8")
    write_verdict_page(verdict, path, directory / "verdict.html")
    return directory

"""Verdicts and protocols as the pages get them: one with everything in it, and others for what it has not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from harness.clock import ManualClock, SystemClock
from harness.recorder.journal import JournalFile
from harness.recorder.line import Actor, Kind
from harness.recorder.redaction import Redactor
from reports.protocol import Meeting, Participant, Protocol
from reports.trend import Night
from reports.verdict_page import render_verdict_page

CLOCK = ManualClock(datetime(2026, 11, 23, 12, tzinfo=UTC))
AREAS = (
    "access",
    "mapping",
    "bookings",
    "schedule",
    "activation",
    "notifications",
    "realtime",
    "resilience",
    "monitoring",
    "methods",
)
OUTCOMES = ("failed", "not proven", "passed", "attested", "not applicable")
BLAMES = ("partner", "docplanner", "harness", "configuration")
LEVELS = ("required", "conditional", "advised")


def finding(criterion: str, **more: object) -> dict[str, Any]:
    """A finding of that criterion."""
    five = {"headline": f"{criterion}: no visit", "expected": "one visit", "observed": "none", "evidence": "line 2"}
    return {"criterion": criterion, **five, "next": "the vendor: look", "who": "the vendor", "lines": [2, 3], **more}


def criteria() -> list[dict[str, Any]]:
    """Three of every area, with every outcome, level and blame among them."""
    found = []
    for place in range(3 * len(AREAS)):
        one, outcome = f"DP-ABC-{place:02d}", OUTCOMES[place % len(OUTCOMES)]
        scenario = {"id": f"s/{place}", "name": f"Scenario {place}", "outcome": outcome, "seconds": place * 5.1}
        scenario["reason"] = "the clinic did not answer (line 2)" if outcome == "not proven" else None
        cause = {"cause": "dropped"} if place == 0 else {}
        found.append(
            {
                "id": one,
                "level": LEVELS[place % len(LEVELS)],
                "area": AREAS[place // 3],
                "title": f"does what criterion {place} asks, whatever happens in between",
                "outcome": outcome,
                "blame": BLAMES[place % len(BLAMES)] if outcome in {"failed", "not proven"} else None,
                "reason": "precondition unmet" if outcome not in {"passed", "failed"} else None,
                "scenarios": [scenario],
                "attested_by": ["Reception desk 2"] if outcome == "attested" else [],
                "counted_from": "20261120-090000-ab12" if outcome == "not applicable" else None,
                "findings": [finding(one, scenario=f"s/{place}", **cause)] if outcome == "failed" else [],
            }
        )
    return found


def whole(**changed: object) -> dict[str, Any]:
    """A verdict that has something of everything."""
    cause = {"cause": "dropped", "likely": "news is dropped", "who": "the vendor", "next": "the vendor: look (line 2)"}
    reached = {"fails": ["DP-ABC-00"], "holds_up": ["DP-ABC-01"], "may_follow": ["DP-ABC-05"], "lines": [2]}
    directions = ("docplanner to partner", "partner to docplanner", "sandbox delay")
    return {
        "schema": "docplanner-acceptance/verdict/1",
        "run": "20261123-120000-abcd",
        "verdict": "not accepted",
        "exit_code": 1,
        "assembly": "self",
        "marketplace": "znanylekarz.pl",
        "time_zone": "Europe/Warsaw",
        "profile": "documented",
        "delivery": "push",
        "seed": 7,
        "started_at": "2026-11-23T11:00:00+00:00",
        "finished_at": "2026-11-23T11:01:05+00:00",
        "harness": {"version": "0.1.0"},
        "partner": {"name": "Klinika Plus", "version": "3.1", "capabilities": ["push", "breaks"]},
        "checks": [{"what": "clock", "status": "warning", "seen": "2 s behind", "remedy": "set it"}],
        "causes": [{**cause, **reached}],
        "criteria": criteria(),
        "methods": [
            {"operation_id": "bookSlot", "calls": 59, "refused": 7, "last_status": 200, "required_for": "bookings"}
        ],
        "latency": [{"direction": one, "count": 5, "p50_s": 0.1, "p95_s": 12, "max_s": 75} for one in directions],
        "spent": {"scenarios_s": 100, "waiting_s": 70, "asking_s": 20, "writing_s": 1, "computing_s": 9},
        "observations": [
            {"text": "an extra field", "count": 3, "lines": [3]},
            {"text": "once", "count": 1, "lines": [99]},
        ],
        **changed,
    }


def told(language: str = "en", *, nights: int = 3, **changed: object) -> Protocol:
    """A protocol of a session, with nights before it."""
    people = (Participant("", "integration specialist", "Docplanner"), Participant("", "", "Klinika Plus"))
    first = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
    verdicts = ("accepted", "not proven", "not accepted")
    every = {
        "language": language,
        "meeting": Meeting("1 December 2026, 10:00", "video call", people),
        "nights": tuple(
            Night(
                first + timedelta(days=n),
                verdicts[n % 3],
                dict(zip(OUTCOMES, (n % 3, n % 2, 40 - n % 5, 2, 1), strict=True)),
            )
            for n in range(nights)
        ),
        "allure": {"s/2": "90e20a02aee0a903acdcb70a556524b6"},
    }
    return Protocol(**{**every, **changed})  # type: ignore[arg-type]


def journal_in(directory: Path, *, lines: int = 4) -> Path:
    """A journal: acts of a scenario, and what a person attested."""
    path = directory / "journal.jsonl"
    redactor = Redactor([], patient_key=b"k" * 32, own_phone_block="500")
    with JournalFile(path, run="r", process="p", redactor=redactor, clock=SystemClock()) as file:
        for number in range(1, lines):
            body = {"state": "done", "verb": "book", "words": f"Anna books slot {number}"}
            file.write(Kind.ACT, body, actor=Actor.PATIENT, scenario="s/0")
        task = {"asked": "task", "words": "Book Anna", "by": "Reception desk 2", "said": "done", "note": None}
        look = {"asked": "question", "words": "Does the week show Anna's visit?", "by": "Reception desk 2"}
        file.write(Kind.ATTESTATION, task, actor=Actor.STAFF, scenario="s/3")
        look |= {"said": "done", "choice": "yes", "note": "in bold"}
        file.write(Kind.ATTESTATION, look, actor=Actor.STAFF, scenario="s/3")
    return path


def pages(journal: Path, language: str) -> list[str]:
    """Pages that together need every text of a catalogue, whatever the plurals are."""
    protocol = told(language)
    passed = [one for one in criteria() if one["outcome"] == "passed"]
    unproven = [one for one in criteria() if one["outcome"] == "not proven"]
    counted = [[{**passed[0], "level": "required"}] * n for n in (1, 2, 5)]
    failing = [{**one, "findings": []} for one in criteria() if one["outcome"] == "failed"]
    verdicts = [
        whole(),
        whole(assembly="partner", causes=[]),
        whole(assembly="live", trouble={"reason": "the disk was full."}),
        whole(
            assembly="api", verdict="not proven", criteria=[], partner={}, trouble={"reason": "no answer"}, causes=[]
        ),
        whole(verdict="not proven", criteria=[{**unproven[0], "area": ""}], scope="area bookings", causes=[]),
        {"verdict": "not proven"},
        *(whole(verdict="accepted", criteria=one, causes=[], observations=[]) for one in counted),
        *(
            whole(
                verdict="not accepted",
                criteria=[{**failing[0], "level": "required"}] * n + [{**unproven[0], "level": "required"}] * n,
                observations=[{"text": "seen", "count": n, "lines": list(range(100, 100 + n))}],
                causes=[],
            )
            for n in (1, 2, 5)
        ),
        *(
            whole(
                verdict="not proven",
                criteria=[{**unproven[0], "level": "required"}] * n + [{**passed[0], "level": "required"}] * n,
                causes=[],
            )
            for n in (1, 2, 5)
        ),
    ]
    made = [render_verdict_page(one, journal, protocol=protocol, clock=CLOCK) for one in verdicts]
    nights = [told(language, nights=n) for n in (1, 2, 5)]
    return made + [render_verdict_page(whole(), journal, protocol=one, clock=CLOCK) for one in nights]

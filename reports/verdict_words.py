"""The sentences of the verdict page: what the verdict means, and what it does not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from reports.verdict_record import CriterionResult, VerdictRecord

__all__ = [
    "BLAMED",
    "capital",
    "duration",
    "limits_of_proof",
    "moment",
    "next_of_run",
    "sentence",
    "shares_of_time",
]

PURPOSES = {
    "waiting_s": "waiting for the systems",
    "asking_s": "calls to them",
    "writing_s": "the journal",
    "computing_s": "the harness itself",
}
HUNDREDTHS_BELOW_S = 10
MINUTE_S = 60

DECISIVE = frozenset({"required", "conditional"})

BLAMED = {
    "partner": "partner system",
    "docplanner": "Docplanner sandbox",
    "harness": "harness",
    "configuration": "configuration",
}


def sentence(record: VerdictRecord) -> str:
    """The verdict in one plain sentence or two."""
    who = record.partner_name or "the partner system"
    failed = _decisive(record, "failed")
    unproven = _decisive(record, "not proven")
    passed = _decisive(record, "passed") + _decisive(record, "attested")
    if record.verdict == "accepted":
        return f"{capital(who)} meets {_all_of(len(passed))} that this version judges and that apply to it."
    if record.verdict == "not accepted":
        rest = f" {capital(_counted(len(unproven), 'more is', 'more are'))} not proven." if unproven else ""
        return f"{capital(who)} does not meet {_counted(len(failed), 'criterion', 'criteria')} of acceptance.{rest}"
    if record.reason:
        return f"The run could not come to a judgement: {record.reason.rstrip('.')}."
    if record.scope:
        return f"The run was narrowed to {record.scope}. A narrowed run never says accepted, however well it went."
    if not record.criteria or not (passed or failed or unproven):
        return "Nothing was judged, so nothing is proven."
    left = capital(_counted(len(unproven), "criterion", "criteria"))
    return f"{left} of acceptance could not be judged; {_counted(len(passed), 'was', 'were')} met, and none failed."


def next_of_run(record: VerdictRecord) -> str:
    """What the reader does now, in a sentence; empty where the verdict needs nothing."""
    if record.causes:
        return "Begin with the likely causes below: each says who acts and where to look."
    if record.findings:
        return "Read the findings below: each ends with who acts and where to look."
    if record.verdict == "accepted":
        return ""
    if record.scope:
        return "Run again without narrowing for a verdict of acceptance."
    return "See in the table of criteria what is not proven, why, and whose affair it is."


def limits_of_proof(record: VerdictRecord) -> list[str]:
    """What a reader might wrongly take from this page."""
    limits = []
    if record.assembly == "self":
        limits.append(
            "The partner system of this run was the harness's own reference stub. It shows that the harness works, "
            "and says nothing about any vendor's system."
        )
    if record.assembly in {"self", "partner"}:
        limits.append(
            "The Docplanner side was the sandbox embedded in the harness, built from the public documentation. "
            "Where the documentation is open it was set to the profile "
            f"“{record.profile or 'documented'}”; Docplanner's own systems may choose otherwise."
        )
    limits += [
        "A passed criterion means that its scenarios passed in this run, with this seed: not that no other case fails.",
        "Security, data protection, load beyond the documented limits, and screens that people use were not examined.",
        "Docplanner accepts integrations in a joint session. This page prepares that session; it does not replace it.",
    ]
    return limits


def moment(value: datetime | None) -> str:
    """An instant as people write it, in UTC."""
    if value is None:
        return "unknown"
    utc = value.astimezone(UTC)
    return f"{utc.day} {utc:%B %Y, %H:%M:%S} UTC"


def duration(seconds: float | None) -> str:
    """A length of time: ``0.21 s``, ``42 s``, ``3 min 05 s``."""
    if seconds is None:
        return "–"
    if seconds < HUNDREDTHS_BELOW_S:
        return f"{seconds:.2f} s"
    if seconds < MINUTE_S:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), MINUTE_S)
    return f"{minutes} min {rest:02d} s"


def _decisive(record: VerdictRecord, outcome: str) -> list[CriterionResult]:
    return [part for part in record.criteria if part.outcome == outcome and part.level in DECISIVE]


def _counted(number: int, one: str, many: str) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    counted = words[number] if number < len(words) else str(number)
    return f"{counted} {one if number == 1 else many}"


def _all_of(number: int) -> str:
    return "the one criterion of acceptance" if number == 1 else f"all {number} criteria of acceptance"


def capital(text: str) -> str:
    """With a capital first, unless it begins with a name of the API, such as ``slot-booked`` or ``getBookings``."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first.islower() and first.isalpha() else text


def shares_of_time(spent: Mapping[str, float]) -> list[tuple[int, str]]:
    """Per cent of the time in scenarios, and what it went into; nothing where none was spent."""
    total = spent.get("scenarios_s", 0.0)
    return [(round(100 * spent.get(name, 0.0) / total), told) for name, told in PURPOSES.items()] if total else []

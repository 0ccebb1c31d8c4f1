"""The words that steps understand: each type has a pattern, so that no phrase swallows another's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from typing import Any, Literal

from pytest_bdd import parsers

from harness.driver.cast import DoctorName
from harness.driver.days import Day, Hours, Moment
from harness.driver.troubles import Breakdown

__all__ = ["phrase"]


def _typed(pattern: str, convert: Callable[[str], Any]) -> Callable[[str], Any]:
    convert.pattern = pattern  # type: ignore[attr-defined]
    return convert


WHOLE_DAY = "the next day of 24 hours"
DAY = rf"(?:today|tomorrow|in \d+ days|{WHOLE_DAY})"
CLOCK = r"\d\d:\d\d"
SPAN = rf"from {CLOCK} to {CLOCK}"


def patient(text: str) -> str:
    """A patient by first name, e.g. ``Anna``."""
    return text


def doctor(text: str) -> DoctorName:
    """A doctor, e.g. ``Dr Kowalska``, ``the other Dr Kowalska``, ``Dr Kowalska at the second address``."""
    place = "online" if text.endswith(" online") else "second" if text.endswith(" at the second address") else ""
    found = re.search(r"Dr (\w+)", text)
    return DoctorName(found.group(1) if found else text, other=text.startswith("the other "), place=place)


def day(text: str) -> Day:
    """A day, e.g. ``tomorrow``, ``in 3 days`` or ``the next day of 24 hours``, on which clocks do not change."""
    if text == WHOLE_DAY:
        return Day(1, whole=True)
    counted = re.search(r"\d+", text)
    return Day(int(counted.group()) if counted else {"today": 0, "tomorrow": 1}[text])


def moment(text: str) -> Moment:
    """A time on a day, e.g. ``tomorrow at 09:00``."""
    when, at = text.split(" at ")
    return Moment(day(when), time.fromisoformat(at))


def hours(text: str) -> Hours:
    """Spans of time on a day, e.g. ``tomorrow from 09:00 to 12:00 and from 14:00 to 16:00``."""
    when = re.match(DAY, text)
    times = [time.fromisoformat(one) for one in re.findall(CLOCK, text)]
    spans = tuple(zip(times[::2], times[1::2], strict=True))
    return Hours(day(when.group() if when else text), spans)


def key(text: str) -> str:
    """The key that a message carries: ``wrong`` or ``missing``."""
    return text


def number(text: str) -> int:
    """How many, in figures."""
    return int(text)


def breakdown(text: str) -> Breakdown:
    """How a change goes wrong on its way, e.g. ``fails and has no effect``."""
    effect: Literal["fail", "cut"] = "cut" if text.startswith("is cut off") else "fail"
    return Breakdown(effect, "after" if text.endswith("took effect") else "before")


def zone(text: str) -> str:
    """The IANA name of a city's time zone."""
    return {"Tokyo": "Asia/Tokyo", "Lisbon": "Europe/Lisbon", "London": "Europe/London"}[text]


def clock(text: str) -> time:
    """A time of day."""
    return time.fromisoformat(text)


def insured(text: str) -> str:
    """Who may book, in the API's words."""
    return "with-insurance-only" if text == "with insurance only" else "without-insurance-only"


def turn(text: str) -> bool:
    """Which way clocks go: whether it is forward."""
    return text == "forward"


def presence(text: str) -> str:
    """Whether the patient came: ``present`` or ``absent``."""
    return text


TYPES = {
    "Turn": _typed(r"(?:forward|back)", turn),
    "Presence": _typed(r"(?:present|absent)", presence),
    "Zone": _typed(r"(?:Tokyo|Lisbon|London)", zone),
    "Clock": _typed(CLOCK, clock),
    "Insured": _typed(r"(?:with|without) insurance only", insured),
    "Breakdown": _typed(r"(?:fails|is cut off) (?:and has no effect|after it took effect)", breakdown),
    "Count": _typed(r"\d+", number),
    "Key": _typed(r"(?:wrong|missing)", key),
    "Patient": _typed(r"(?!Dr\b)[A-Z]\w+", patient),
    "Doctor": _typed(r"(?:the other )?Dr \w+(?: at the second address| online)?", doctor),
    "Day": _typed(DAY, day),
    "Moment": _typed(rf"{DAY} at {CLOCK}", moment),
    "Hours": _typed(rf"{DAY} {SPAN}(?: and {SPAN})*", hours),
}


def phrase(text: str) -> parsers.StepParser:
    """A step's text with typed words, e.g. ``{patient:Patient} cancels the visit``."""
    return parsers.cfparse(text, extra_types=TYPES)

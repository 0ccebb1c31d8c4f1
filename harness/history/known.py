"""Failures that are known, from a TOML file: what fails, why that is borne, and until when."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path

from harness.errors import ConfigurationError

__all__ = ["EXAMPLE", "Known", "read_known"]

EXAMPLE = """\
# Failures that a night may show. One that passes again, or whose date has passed, fails the night.
[[known]]
what = "DP-BOK-13"            # a criterion, or a scenario such as bookings/confirmed#staff-confirm
reason = "confirmations wait for our release 4.2"
until = 2027-01-31            # the last day on which it is borne
link = "https://tracker.example/1234"   # may be left out
"""
FIELDS = ("what", "reason", "until", "link")
HINT = "`acceptance nightly --example` prints one to begin with."


@dataclass(frozen=True, slots=True)
class Known:
    """One of them. ``what`` is the id of a criterion or of a scenario; ``until`` is the last day, itself included."""

    what: str
    reason: str
    until: date
    link: str = ""


def read_known(path: Path, names: Collection[str]) -> tuple[Known, ...]:
    """The failures listed in ``path``; ``names`` are the criteria and scenarios that there are.

    Raises:
        ConfigurationError: the file cannot be read, or not used; all that is wrong with it is told at once.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror})."
        raise ConfigurationError(message, hint=HINT) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is not TOML: {error}."
        raise ConfigurationError(message, hint=HINT) from error
    entries = told.get("known", [])
    wrong = [f"{name}: expected nothing but [[known]]" for name in told if name != "known"]
    if not isinstance(entries, list):
        wrong.append("known: expected [[known]], once for each failure; saw a value")
        entries = []
    found = []
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        mistakes = list(_mistakes(entry, names, seen))
        wrong += [f"[[known]] {number}, {one}" for one in mistakes]
        if not mistakes:
            found.append(Known(entry["what"], entry["reason"], entry["until"], entry.get("link", "")))
            seen.add(entry["what"])
    if wrong:
        raise ConfigurationError("\n  ".join([f"{path} cannot be used:", *wrong]), hint=HINT)
    return tuple(found)


def _mistakes(entry: object, names: Collection[str], seen: Collection[str]) -> Iterator[str]:
    if not isinstance(entry, Mapping):
        yield "expected a table; saw a value"
        return
    for key in entry:
        if key not in FIELDS:
            yield f"{key}: expected one of {', '.join(FIELDS)}"
    what = entry.get("what")
    if not isinstance(what, str) or what not in names:
        near = get_close_matches(str(what), names, n=1, cutoff=0.5)
        remedy = f" Did you mean {near[0]}?" if near else " `acceptance criteria` lists them."
        yield f"what: expected the id of a criterion or a scenario; saw {what!r}.{remedy}"
    elif what in seen:
        yield f"what: expected each once; saw {what} again"
    reason = entry.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        yield f"reason: expected why it is borne; saw {reason!r}"
    until = entry.get("until")
    if not isinstance(until, date) or isinstance(until, datetime):
        yield f"until: expected a day such as 2027-01-31, without quotes; saw {until!r}"
    if not isinstance(entry.get("link", ""), str):
        yield f"link: expected an address; saw {entry['link']!r}"

"""What the verdict page shows beside verdict and journal: who met, the language, the nights, the way into Allure.

It stands in ``protocol.json`` of the run's directory, so that the page can be made again and comes out the same. It
says nothing of what was found, and no outcome depends on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from reports.language import ENGLISH, LANGUAGES
from reports.trend import Night

__all__ = ["NOTHING_TOLD", "PROTOCOL", "SCHEMA", "Meeting", "Participant", "Protocol"]

PROTOCOL = "protocol.json"
SCHEMA = "docplanner-acceptance/protocol/1"

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who took part in the session; what is not told is a line to write on."""

    name: str = ""
    role: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """The acceptance session, as whoever called it tells; ``held`` and ``place`` in their words."""

    held: str = ""
    place: str = ""
    participants: tuple[Participant, ...] = ()

    @property
    def told(self) -> bool:
        """Whether anything is known of it."""
        return bool(self.held or self.place or self.participants)


@dataclass(frozen=True, slots=True)
class Protocol:
    """``allure`` leads from ids of scenarios to the ids of their results in the Allure page beside this one."""

    language: str = ENGLISH
    meeting: Meeting = Meeting()
    nights: tuple[Night, ...] = ()
    allure: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def decoded(cls, data: bytes) -> Protocol:
        """The protocol that stands as ``data`` in ``protocol.json``; what is not as it should be counts as not told."""
        try:
            told = json.loads(data)
        except ValueError:
            return cls()
        values = _record(told)
        language = _text(values, "language")
        return cls(
            language=language if language in LANGUAGES else ENGLISH,
            meeting=_meeting(_record(values.get("meeting"))),
            nights=tuple(_nights(values.get("nights"))),
            allure={name: str(one) for name, one in _record(values.get("allure")).items()},
        )

    @classmethod
    def of(cls, directory: Path) -> Protocol:
        """The protocol of the run in ``directory``; nothing told where the run has none."""
        path = directory / PROTOCOL
        return cls.decoded(path.read_bytes()) if path.is_file() else cls()

    def encoded(self) -> bytes:
        """As it stands in ``protocol.json``."""
        told = {"schema": SCHEMA, **asdict(self)}
        told["nights"] = [{**asdict(one), "at": one.at.isoformat()} for one in self.nights]
        return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


NOTHING_TOLD = Protocol()


def _meeting(values: Json) -> Meeting:
    people = values.get("participants")
    return Meeting(
        held=_text(values, "held"),
        place=_text(values, "place"),
        participants=tuple(
            Participant(**{name: _text(_record(one), name) for name in ("name", "role", "organisation")})
            for one in (people if isinstance(people, list) else ())
        ),
    )


def _nights(values: object) -> Iterator[Night]:
    for value in values if isinstance(values, list) else ():
        told = _record(value)
        counts = {name: n for name, n in _record(told.get("counts")).items() if isinstance(n, int) and n >= 0}
        try:
            at = datetime.fromisoformat(_text(told, "at"))
        except ValueError:
            continue
        if at.tzinfo is not None:
            yield Night(at, _text(told, "verdict"), counts)


def _record(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _text(values: Json, name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""

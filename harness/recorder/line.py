"""One line of the journal: what happened, who did it, to what it belongs.

The journal is the truth of a run: whatever a check reads stands in its lines.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from harness.contract.json_value import JsonObject, JsonValue
from harness.errors import OutputUnusable

__all__ = ["VERSION", "Actor", "Channel", "JsonObject", "JsonValue", "Kind", "Line", "query_in"]

VERSION = 1
"""Of the form of a line. A reader ignores fields that it does not know."""


class Kind(enum.StrEnum):
    """What a line tells."""

    RUN = "run"
    CHECK = "check"
    """Something that was looked at before the first scenario, and what was seen."""
    SCENARIO = "scenario"
    ACT = "act"
    """Something that the run brings about: intended, then done, refused or unknown."""
    EXCHANGE = "exchange"
    """A request and its answer."""
    NOTIFICATION_TRY = "notification-try"
    """Docplanner hands a notification over, or tries to."""
    LOOK = "look"
    """What one side showed."""
    WAIT = "wait"
    FINDING = "finding"
    ATTESTATION = "attestation"
    """A named person says what they saw."""
    FAULT = "fault"
    """Trouble that the run makes on purpose."""
    CLOCK = "clock"
    """The sandbox's clock was moved."""


class Actor(enum.StrEnum):
    """Who did it."""

    PARTNER = "partner"
    HARNESS = "harness"
    PATIENT = "patient"
    DOCTOR = "doctor"
    STAFF = "staff"
    DOCPLANNER = "docplanner"


class Channel(enum.StrEnum):
    """By which way it went."""

    API = "api"
    TOKEN = "token"  # noqa: S105 - the token service, no token
    NOTIFICATION = "notification"
    CONTROL = "control"
    MARKETPLACE = "marketplace"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal."""

    v: int
    run: str
    n: int
    """Number of the line in the file, from 1; over all processes that write it."""
    process: str
    """Name of the process that wrote it."""
    at: datetime
    """When it was written, UTC."""
    sandbox_at: datetime | None
    """The embedded sandbox's time then; None where the writer does not know it."""
    scenario: str | None
    """The scenario to which it belongs; None where it belongs to the run."""
    kind: Kind
    actor: Actor
    channel: Channel | None
    cause: int | None
    """Number of the line that led to it."""
    address: str | None
    """The calendar that it is about."""
    body: JsonObject

    @classmethod
    def decoded(cls, encoded: bytes | str, *, where: tuple[str, int] | None = None) -> Line:
        """The line that stands as ``encoded`` in the journal.

        Raises:
            OutputUnusable: it is no journal line of a version that is known here; ``where`` names file and line.
        """
        try:
            fields = orjson.loads(encoded)
            return cls._of(fields)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            named = f"{where[0]}, line {where[1]}," if where else "a journal line"
            message = f"{named} is not a line of a journal of this version ({type(error).__name__}: {error})."
            raise OutputUnusable(message, hint="Point at the journal.jsonl of a run.") from error

    @classmethod
    def _of(cls, fields: Mapping[str, JsonValue]) -> Line:
        body = fields["body"]
        if not isinstance(body, dict):
            message = "body is not an object"
            raise TypeError(message)
        channel, sandbox_at, cause = fields.get("channel"), fields.get("sandbox_at"), fields.get("cause")
        return cls(
            v=int(str(fields["v"])),
            run=str(fields["run"]),
            n=int(str(fields["n"])),
            process=str(fields["process"]),
            at=datetime.fromisoformat(str(fields["at"])),
            sandbox_at=None if sandbox_at is None else datetime.fromisoformat(str(sandbox_at)),
            scenario=_text(fields.get("scenario")),
            kind=Kind(str(fields["kind"])),
            actor=Actor(str(fields["actor"])),
            channel=None if channel is None else Channel(str(channel)),
            cause=None if cause is None else int(str(cause)),
            address=_text(fields.get("address")),
            body=body,
        )


def query_in(url: str) -> str:
    """What stands after the question mark of a URL, however broken the URL is: whatever was asked is kept."""
    return url.partition("#")[0].partition("?")[2]


def _text(value: JsonValue) -> str | None:
    return None if value is None else str(value)

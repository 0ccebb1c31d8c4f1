"""What a look at one side shows, as frozen values that stand in the journal.

A check reads nothing else. Every observation goes into a ``look`` line as plain JSON and comes back from it unchanged
(:func:`as_json`, :func:`from_json`), so that each judgement can be made again from the journal alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec

from harness.verdict.instants import Instants

__all__ = [
    "AnswerSeen",
    "AnswersSeen",
    "BreakSeen",
    "BreaksSeen",
    "CalendarSeen",
    "CalendarsSeen",
    "ForgedAnswerSeen",
    "InsuranceSeen",
    "LimitedSeen",
    "MappedThing",
    "MappingSeen",
    "MethodUse",
    "MethodsSeen",
    "OfferSeen",
    "OffersSeen",
    "PeriodSeen",
    "PersonSeen",
    "PollingSeen",
    "ProfileSeen",
    "RefusalSeen",
    "SyncTimesSeen",
    "TokensSeen",
    "TriesSeen",
    "TrySeen",
    "VisitSeen",
    "WorkingTimeSeen",
    "as_json",
    "from_json",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """A patient as one side shows them; None where the side says nothing."""

    name: str
    surname: str = ""
    phone: str = ""
    email: str | None = None
    birth_date: str | None = None
    nin: str | None = None
    shares_phone: bool = False
    """Whether the phone tells nobody apart, as far as the run knows."""


@dataclass(frozen=True, slots=True)
class VisitSeen(Instants):
    """A visit as one side shows it. ``minutes`` is its length, ``booked`` False where it is cancelled."""

    id: str
    address_id: str
    start: datetime
    minutes: int
    patient: PersonSeen
    booked: bool
    booking_id: str | None = None
    """Docplanner's id of the visit, where the side knows it."""
    address_service_id: str | None = None
    sync_state: str | None = None
    """Partner side only: pending, synced, conflict or failed."""
    origin: str | None = None
    confirmed: bool = False
    presence: str | None = None
    """present or absent, once somebody said so."""


@dataclass(frozen=True, slots=True)
class CalendarSeen(Instants):
    """The visits of one side that start in [since, till), on one calendar or several of one scenario."""

    side: str
    """``partner`` or ``docplanner``."""
    since: datetime
    till: datetime
    visits: tuple[VisitSeen, ...]


@dataclass(frozen=True, slots=True)
class BreakSeen(Instants):
    """Time that one side blocks."""

    id: str
    since: datetime
    till: datetime
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class BreaksSeen(Instants):
    """The breaks of one side that overlap [since, till)."""

    side: str
    since: datetime
    till: datetime
    breaks: tuple[BreakSeen, ...]


@dataclass(frozen=True, slots=True)
class OfferSeen(Instants):
    """A time that a patient can book for a service."""

    address_service_id: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class OffersSeen(Instants):
    """Everything that patients can book in [since, till) on one calendar."""

    address_id: str
    since: datetime
    till: datetime
    offers: tuple[OfferSeen, ...]


@dataclass(frozen=True, slots=True)
class PeriodSeen(Instants):
    """Working time in which one service is offered, ``minutes`` long each."""

    address_service_id: str
    minutes: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class WorkingTimeSeen(Instants):
    """The work periods that overlap [since, till) as Docplanner has accepted them, one entry a service."""

    address_id: str
    since: datetime
    till: datetime
    periods: tuple[PeriodSeen, ...]


@dataclass(frozen=True, slots=True)
class CalendarsSeen:
    """Both sides of one calendar over the same range, for the comparison of everything."""

    partner: CalendarSeen
    docplanner: CalendarSeen
    partner_working: WorkingTimeSeen
    """What staff entered, as the partner system holds it."""
    docplanner_working: WorkingTimeSeen
    partner_breaks: BreaksSeen
    docplanner_breaks: BreaksSeen


@dataclass(frozen=True, slots=True)
class MappedThing:
    """One row of the mapping."""

    kind: str
    """facility, doctor, address, service, insurance_provider or insurance_plan."""
    docplanner_id: str
    partner_id: str
    parent_id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class MappingSeen:
    """What is mapped now; rows marked as gone are left out."""

    things: tuple[MappedThing, ...]


@dataclass(frozen=True, slots=True)
class InsuranceSeen:
    """An insurance provider of an address, with the ids of its plans."""

    address_id: str
    provider_id: str
    plan_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrySeen(Instants):
    """One delivery of a notification: ``status`` is the partner's answer, None where nothing answered."""

    notification_id: str
    event: str
    channel: str
    at: datetime
    status: int | None = None
    took_ms: float | None = None


@dataclass(frozen=True, slots=True)
class TriesSeen:
    """The deliveries for one calendar so far."""

    tries: tuple[TrySeen, ...]


@dataclass(frozen=True, slots=True)
class ForgedAnswerSeen:
    """How the endpoint answered a notification whose key was ``key`` (wrong or missing)."""

    key: str
    status: int | None


@dataclass(frozen=True, slots=True)
class AnswerSeen:
    """How the partner answered a real-time question: ``status`` None where nothing came in time."""

    status: int | None
    took_ms: float
    error_code: int | None = None


@dataclass(frozen=True, slots=True)
class AnswersSeen:
    """How the endpoint answered what it was sent: in words what, and the status, None where nothing answered."""

    answers: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class PollingSeen:
    """How often the partner says that it pulls, in seconds."""

    interval_s: float


@dataclass(frozen=True, slots=True)
class LimitedSeen:
    """For each time that the partner was refused with 429: how many writes it tried before the reset."""

    tried: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProfileSeen:
    """The dictionary services of an address with their lengths in minutes, and its insurance providers."""

    services: tuple[tuple[str, int], ...]
    providers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefusalSeen:
    """How the partner system answered an act of staff that could not be: None where it accepted."""

    status: int | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class TokensSeen:
    """Token calls of the partner in the run; ``expiries`` counts tokens that ended in it, by time or by the run."""

    calls: int
    expiries: int
    api_calls: int


@dataclass(frozen=True, slots=True)
class MethodUse:
    """How often the partner used one API operation."""

    operation_id: str
    calls: int
    succeeded: int
    last_status: int | None = None


@dataclass(frozen=True, slots=True)
class MethodsSeen:
    """The partner's own traffic, and the notifications that it took (answered 2xx when pushed)."""

    uses: tuple[MethodUse, ...]
    pushed_taken: int
    capabilities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SyncTimesSeen:
    """Seconds from each change that staff made until Docplanner had accepted it."""

    seconds: tuple[float, ...]
    never: int = 0
    """Changes that were given up on while the partner was still busy."""


def as_json(observation: object) -> dict[str, object]:
    """The observation (or check) as plain JSON values."""
    built = msgspec.to_builtins(observation)
    if not isinstance(built, dict):
        message = f"expected a record, saw {type(built).__name__}"
        raise TypeError(message)
    return built


def from_json(values: Mapping[str, object], kind: type[T]) -> T:
    """The value that :func:`as_json` made ``values`` from.

    Raises:
        msgspec.ValidationError: ``values`` do not describe a ``kind``; the message names the field.
    """
    return msgspec.convert(values, kind)

"""What a run does and sees on Docplanner's side, whoever does it: the embedded sandbox, or a person.

The records are those of ``harness/contract/sandbox-control.yaml``, field by field; unknown fields are ignored. Every
method may raise :class:`~harness.errors.DocplannerUnreachable` or :class:`~harness.errors.DocplannerRefused`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

import msgspec

from harness.vocabulary import AddressId, Calendar, Clinic, Period, Service, Visit

__all__ = [
    "AnswerThere",
    "ApiClients",
    "BreakSeenThere",
    "By",
    "Cause",
    "Docplanner",
    "Estate",
    "ForgedAnswer",
    "Lease",
    "LimitsThere",
    "Marketplace",
    "NotificationThere",
    "OfferThere",
    "PatientThere",
    "SandboxActivity",
    "ServiceOfferedThere",
    "TimeThere",
    "Trouble",
    "TryThere",
    "VisitThere",
    "WorkPeriodThere",
]

By = Literal["patient", "doctor"]


@dataclass(frozen=True, slots=True)
class Cause:
    """To what an act belongs: the scenario, and the number of the journal line that intended it."""

    scenario: str
    line: int


class PatientThere(msgspec.Struct, frozen=True):
    """A patient as Docplanner shows one."""

    name: str
    phone: str
    surname: str = ""
    email: str | None = None
    birth_date: date | None = None
    nin: str | None = None


class VisitThere(msgspec.Struct, frozen=True):
    """A visit in Docplanner's calendar."""

    booking_id: str
    status: str
    start: datetime
    end: datetime
    duration: int
    address_service_id: str | None
    patient: PatientThere
    booked_by: str
    canceled_by: str = ""
    moved_from: str | None = None
    moved_to: str | None = None
    confirmed: bool = False
    presence: str | None = None


class OfferThere(msgspec.Struct, frozen=True):
    """A time that patients can book."""

    address_service_id: str
    start: datetime
    end: datetime


class ServiceOfferedThere(msgspec.Struct, frozen=True):
    """A service that is offered in a work period; ``duration`` are minutes."""

    address_service_id: str
    duration: int


class WorkPeriodThere(msgspec.Struct, frozen=True):
    """A work period as Docplanner accepted it."""

    start: datetime
    end: datetime
    services: tuple[ServiceOfferedThere, ...]
    accepted_at: datetime | None = None


class BreakSeenThere(msgspec.Struct, frozen=True):
    """Blocked time in Docplanner's calendar; ``made_by`` is doctor or integration."""

    break_id: str
    since: datetime
    till: datetime
    description: str | None = None
    made_by: str | None = None


class TryThere(msgspec.Struct, frozen=True):
    """One delivery of a notification."""

    at: datetime
    channel: str
    status: int | None = None
    took_ms: float | None = None


class NotificationThere(msgspec.Struct, frozen=True):
    """A notification made for the partner, with its deliveries."""

    notification_id: str
    name: str
    state: str
    created_at: datetime
    tries: tuple[TryThere, ...]
    address_id: str | None = None


class SandboxActivity(msgspec.Struct, frozen=True):
    """What Docplanner has still under way."""

    pushing: int
    queued: int
    held: int
    slots_pending: int


class ForgedAnswer(msgspec.Struct, frozen=True):
    """How the partner's endpoint answered a forged notification; None where nothing answered."""

    status: int | None = None
    took_ms: float | None = None


class AnswerThere(msgspec.Struct, frozen=True):
    """How the partner answered a real-time question; ``status`` None where nothing answered in time."""

    allowed: bool
    took_ms: float
    status: int | None = None
    error_code: int | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """A clinic for one scenario; ``number`` is unique within the sandbox's life."""

    number: int
    clinic: Clinic


@dataclass(frozen=True, slots=True)
class Trouble:
    """Trouble for messages or calls of one calendar, or of the whole API client where ``address`` is None.

    See NewFault in the sandbox control contract. ``delay_s`` are seconds: of a slow answer real ones, else on the
    sandbox's clock.
    """

    address: AddressId | None
    target: Literal["message", "write", "read"]
    effect: Literal["duplicate", "hold", "drop", "delay", "reorder", "fail", "limit", "cut", "slow", "omit"]
    operation: str | None = None
    when: Literal["before", "after"] = "before"
    status: int = 503
    count: int = 1
    delay_s: float = 0.0
    booking_id: str | None = None
    """The visit that lists leave out; for ``omit`` alone."""


@dataclass(frozen=True, slots=True)
class LimitsThere:
    """Calls allowed to the partner; None stays as it is. ``window_s`` seconds stand for the shortest window."""

    reads_per_hour: int | None = None
    writes_per_minute: int | None = None
    writes_per_hour: int | None = None
    window_s: float | None = None


class Estate(Protocol):
    """The clinics there are, and who may see them."""

    def estate(self) -> tuple[tuple[Clinic, tuple[str, ...]], ...]:
        """Every clinic with the API clients that may see it."""
        ...

    def lease(self, scenario: str, kind: str) -> Lease:
        """A clinic that no scenario has had yet."""
        ...

    def add_clinic(self, kind: str, granted_to: Sequence[str], cause: Cause) -> Clinic:
        """A new clinic joins."""
        ...

    def grant(self, clinic: Clinic, client_id: str, cause: Cause) -> None:
        """The API client may see the clinic from now on."""
        ...

    def services(self, address: AddressId) -> tuple[Service, ...]:
        """What the calendar's profile offers now."""
        ...

    def add_service(self, calendar: Calendar, service_id: str, minutes: int, cause: Cause) -> Service:
        """The doctor adds a service to the profile."""
        ...

    def delete_service(self, calendar: Calendar, service: Service, cause: Cause) -> None:
        """The doctor deletes a service from the profile."""
        ...


class Marketplace(Protocol):
    """What patients and doctors do and see in one calendar."""

    def offers(self, address: AddressId, since: datetime, till: datetime) -> tuple[OfferThere, ...]:
        """What patients can book."""
        ...

    def working_time(self, address: AddressId, since: datetime, till: datetime) -> tuple[WorkPeriodThere, ...]:
        """The work periods that were accepted."""
        ...

    def fill(self, address: AddressId, days: Sequence[date], periods: Sequence[Period], cause: Cause) -> None:
        """The doctor enters working time by hand."""
        ...

    def visits(self, address: AddressId, since: datetime, till: datetime) -> tuple[VisitThere, ...]:
        """Every visit that starts in the range, cancelled ones included."""
        ...

    def book(self, visit: Visit, by: By, cause: Cause) -> VisitThere:
        """A patient takes an offered slot, or the doctor books in the Docplanner calendar."""
        ...

    def move(self, visit: Visit, start: datetime, by: By, cause: Cause, to: Visit | None = None) -> VisitThere:
        """The visit moves and gets a new id; ``to`` names the calendar, service and length where they change."""
        ...

    def confirm(self, visit: Visit, by: By, cause: Cause) -> VisitThere:
        """The visit is confirmed."""
        ...

    def mark_presence(self, visit: Visit, by: By, presence: str, cause: Cause) -> VisitThere:
        """The patient was ``present`` or ``absent``: once the visit has begun."""
        ...

    def cancel(self, visit: Visit, by: By, cause: Cause) -> VisitThere:
        """The visit is cancelled."""
        ...

    def breaks(self, address: AddressId, since: datetime, till: datetime) -> tuple[BreakSeenThere, ...]:
        """Breaks that overlap the range."""
        ...

    def add_break(self, address: AddressId, since: datetime, till: datetime, cause: Cause) -> BreakSeenThere:
        """The doctor blocks time."""
        ...

    def move_break(self, address: AddressId, break_id: str, since: datetime, till: datetime, cause: Cause) -> None:
        """The doctor moves blocked time."""
        ...

    def remove_break(self, address: AddressId, break_id: str, cause: Cause) -> None:
        """The doctor frees blocked time."""
        ...


class ApiClients(Protocol):
    """The messages to the partner, the troubles of its calendars, and its access."""

    def notifications(self, address: AddressId) -> tuple[NotificationThere, ...]:
        """Notifications about the calendar, oldest first."""
        ...

    def resend(self, notification_id: str, channel: str | None, cause: Cause) -> None:
        """The same message once more."""
        ...

    def send_forged(self, visit: Visit, key: str, cause: Cause) -> ForgedAnswer:
        """A message about a visit that does not exist, with a wrong or missing key."""
        ...

    def send_raw(self, address: AddressId, method: str, body: str, cause: Cause) -> ForgedAnswer:
        """Whatever body, by whatever method, to the partner's endpoint."""
        ...

    def ask(self, visit: Visit, cause: Cause, *, moving: str | None = None) -> AnswerThere:
        """Ask the partner whether the visit may be booked, or whether the booking ``moving`` may become it."""
        ...

    def trouble(self, trouble: Trouble, cause: Cause) -> str:
        """Arm trouble; the id by which it is ended."""
        ...

    def end_trouble(self, trouble_id: str, cause: Cause) -> None:
        """End trouble; what it held is sent now."""
        ...

    def activity(self, address: AddressId | None = None) -> SandboxActivity:
        """What is still under way."""
        ...

    def expire_tokens(self, cause: Cause) -> None:
        """Every access token of the partner ends now."""
        ...


class TimeThere(Protocol):
    """How time passes at Docplanner: by its clock, or by other means for a partner that does not share it."""

    def pass_by(self, by: timedelta, cause: Cause) -> None:
        """Move the clock on."""
        ...

    def age(self, address: AddressId | None, by: timedelta, cause: Cause) -> int:
        """Messages about the calendar, or all of the partner's, are so much older; how many there are."""
        ...

    def exhaust_retries(self, address: AddressId | None, cause: Cause) -> int:
        """All tries of messages that are still pushed are spent; how many messages there were."""
        ...

    def end_same_payload(self, address: AddressId, cause: Cause) -> None:
        """The calendar's next update is a new one, whatever it holds."""
        ...

    def limit(self, limits: LimitsThere, cause: Cause) -> None:
        """Other limits for the partner from now on."""
        ...

    def behave(self, address: AddressId | None, settings: Mapping[str, object], cause: Cause) -> None:
        """Change settings for what is open, in the calendar or everywhere."""
        ...


class Docplanner(Estate, Marketplace, ApiClients, Protocol):
    """All of Docplanner's side, as a scenario needs it."""

    @property
    def time(self) -> TimeThere:
        """How time passes there."""
        ...

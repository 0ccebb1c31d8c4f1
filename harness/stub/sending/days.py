"""Working time goes to Docplanner in whole days, so that it comes out right whatever the reach of replaceSlots.

A day is sent with all its periods, and with its gaps as ranges in which nothing is offered; an emptied day is deleted.
Source: behaviour.md, "Calendars": the reach is not documented; the same payload again within three minutes is ignored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from threading import Lock

from harness.client.models import CalendarAt, WorkPeriod
from harness.client.outcome import Done, Outcome, Refused, Unknown
from harness.contract.limits import MAX_WEEKS_AHEAD, SAME_PAYLOAD_WINDOW_S
from harness.stub import mapping, schedules
from harness.stub.later import Later, decided
from harness.stub.link import Link
from harness.stub.profiles import refresh_profile
from harness.stub.schedules import DayOwed, Period

__all__ = ["DaySender"]

COLLECTING = timedelta(seconds=120)
LAST_MINUTE = timedelta(minutes=1)
"""A gap ends a minute before midnight: whether a range may end at 24:00 is not documented."""
MOST_VARIATIONS = 30
"""A day without a gap cannot be varied; one with a gap is not sent so often within the window."""
UNKNOWN_SERVICE = "service"
"""How a refusal of an address service id is recognised."""


class DaySender:
    """Sends working time, and remembers what it sent so that nothing is taken for a repetition."""

    def __init__(self) -> None:
        self._recent: dict[str, list[tuple[datetime, str]]] = {}
        self._lock = Lock()

    def send(self, link: Link, at: CalendarAt) -> None:
        """Every day of the calendar that Docplanner does not have as the clinic holds it.

        Raises:
            Later: it could not be finished now. The same days again are harmless: the last one counts.
        """
        tenant, address = link.tenant.id, at.address_id
        with link.database.reading() as connection:
            if link.defects.on("addresses-merged"):
                at = next(one for one in mapping.every_calendar(connection, tenant) if one.doctor_id == at.doctor_id)
            owed = schedules.owed_days(connection, tenant, address)
            found = {one.day: schedules.of_day(connection, tenant, address, one.day) for one in owed}
        horizon = link.clock.now() + timedelta(weeks=MAX_WEEKS_AHEAD)
        due = [one for one in owed if all(period.end <= horizon for period in found[one.day])]
        if link.defects.on("horizon-stops-all") and len(due) < len(owed):
            due = []
        if link.defects.on("changes-collected") and any(_just_accepted(link, one.accepted_at) for one in due):
            raise Later("changes are collected")
        if link.defects.on("other-days-wiped"):
            _wipe_neighbours(link, at, [one.day for one in due])
        for one in due:
            if not found[one.day]:
                self._clear(link, at, one)
        filled = [one for one in due if found[one.day]]
        if filled:
            self._fill(link, at, filled, found)

    def _clear(self, link: Link, at: CalendarAt, owed: DayOwed) -> None:
        nothing: dict[date, list[Period]] = {owed.day: []}
        if link.defects.on("emptied-day-kept"):
            _settle(link, at, [owed], nothing, Done(None))
            return
        self._remember(link, at, f"delete {owed.day}")
        _settle(link, at, [owed], nothing, decided(link.api.calendars.delete_slots(at, owed.day)))

    def _fill(self, link: Link, at: CalendarAt, due: list[DayOwed], found: dict[date, list[Period]]) -> None:
        outcome = self._replace(link, at, [(one, found[one.day]) for one in due])
        if link.defects.on("failed-days-cleared") and isinstance(outcome, Unknown):
            for one in due:
                link.api.calendars.delete_slots(at, one.day)
            outcome = Done(None)
        outcome = decided(outcome)
        if isinstance(outcome, Refused):
            if UNKNOWN_SERVICE in outcome.message.casefold() and refresh_profile(link, at):
                raise Later("a service has a new id")
            if len(due) > 1:  # one bad day must not keep the others away from patients
                for one in due:
                    self._fill(link, at, [one], found)
                return
        _settle(link, at, due, found, outcome)

    def _replace(self, link: Link, at: CalendarAt, due: Sequence[tuple[DayOwed, Sequence[Period]]]) -> Outcome[None]:
        variation = 0
        ranges = [one for owed, found in due for one in _ranges(link, at, owed, found, variation)]
        while not self._remember(link, at, repr(ranges)) and variation < MOST_VARIATIONS:
            variation += 1
            ranges = [one for owed, found in due for one in _ranges(link, at, owed, found, variation)]
        return link.api.calendars.replace_slots(at, ranges) if ranges else Done(None)

    def _remember(self, link: Link, at: CalendarAt, payload: str) -> bool:
        """Note what is sent; False where the same was sent within the window."""
        digest = hashlib.sha256(payload.encode()).hexdigest()
        now = link.clock.now()
        window = timedelta(seconds=SAME_PAYLOAD_WINDOW_S)
        with self._lock:
            recent = [
                (sent_at, known) for sent_at, known in self._recent.get(at.address_id, []) if now - sent_at < window
            ]
            new = digest not in {known for _, known in recent}
            self._recent[at.address_id] = [*recent, (now, digest)]
        return new


def _ranges(link: Link, at: CalendarAt, owed: DayOwed, found: Sequence[Period], variation: int) -> list[WorkPeriod]:
    """The whole day as ranges. ``variation`` divides a gap elsewhere, which changes nothing but the payload."""
    if link.defects.on("days-cut-by-utc"):
        found = [one for one in found if one.start.astimezone(UTC).date() == owed.day]
    kept = [_offered(link, at, one) for one in found]
    if link.defects.on("rest-of-day-unsent"):
        sent = set(owed.sent)
        return [one for one in kept if (_stored(one.start), _stored(one.end)) not in sent]
    midnight = link.midnight(owed.day + timedelta(days=1))
    reached = any(datetime.fromisoformat(end) >= midnight for _, end in owed.sent)
    last = midnight if reached else midnight - LAST_MINUTE
    edges = [link.midnight(owed.day), *(edge for one in kept for edge in (one.start, one.end)), last]
    gaps = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
    return sorted([*kept, *_cleared(gaps, variation)], key=lambda one: one.start)


def _cleared(gaps: list[tuple[datetime, datetime]], variation: int) -> list[WorkPeriod]:
    cleared = [WorkPeriod(start, end) for start, end in gaps]
    divide = timedelta(minutes=variation)
    for place, (start, end) in enumerate(gaps):
        if divide and start + divide < end:
            cleared[place : place + 1] = [WorkPeriod(start, start + divide), WorkPeriod(start + divide, end)]
            break
    return cleared


def _offered(link: Link, at: CalendarAt, period: Period) -> WorkPeriod:
    with link.database.reading() as connection:
        current = mapping.current_service
        if link.defects.on("deleted-service-sent"):
            current = mapping.first_service
        services = tuple(
            (current(connection, link.tenant.id, at.address_id, service) or service, minutes)
            for service, minutes in period.services
        )
    end = period.end
    if link.defects.on("last-slot-missing"):
        end -= timedelta(minutes=min((minutes for _, minutes in services), default=0))
    start = link.local(period.start)
    if link.defects.on("hours-counted-from-midnight"):
        start, end = link.hours_from_midnight(period.start), link.hours_from_midnight(end)
    providers = () if link.defects.on("providers-not-sent") else period.insurance_provider_ids
    if link.defects.on("providers-always-sent"):
        with link.database.reading() as connection:
            providers = tuple(mapping.insurance_ids(connection, link.tenant.id, at.address_id))
    return WorkPeriod(start, link.local(end), services, period.insurance_accepted, providers)


def _settle(
    link: Link,
    at: CalendarAt,
    due: Sequence[DayOwed],
    found: dict[date, list[Period]],
    outcome: Done[None] | Refused,
) -> None:
    tenant, now = link.tenant.id, link.clock.now()
    with link.database.writing() as connection:
        for one in due:
            if isinstance(outcome, Done):
                schedules.accepted(connection, tenant, at.address_id, one, found[one.day], now)
            else:
                schedules.failed(connection, tenant, at.address_id, one, str(outcome))


def _stored(at: datetime) -> str:
    """The instant as :func:`schedules.accepted` keeps it."""
    return at.astimezone(UTC).isoformat()


def _just_accepted(link: Link, accepted_at: datetime | None) -> bool:
    return accepted_at is not None and link.clock.now() - accepted_at < COLLECTING


def _wipe_neighbours(link: Link, at: CalendarAt, due: Sequence[date]) -> None:
    for day in due:
        for away in (-3, -2, -1, 1, 2, 3):
            if day + timedelta(days=away) not in due:
                link.api.calendars.delete_slots(at, day + timedelta(days=away))

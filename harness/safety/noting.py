"""A transport that puts each write on the disk before it is made, and refuses what could not be undone."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from harness.client.models import CalendarAt
from harness.client.pacing import remaining_of, reset_of
from harness.clock import Clock
from harness.contract.json_value import object_of
from harness.errors import NotAllowed
from harness.safety.guard import CONSUMING, Asked, Guard, Scope, understood
from harness.safety.picture import Picture
from harness.safety.writes import WriteJournal

__all__ = ["Noting", "guarded"]

OF_A_VISIT = frozenset({"cancelBooking", "moveBooking", "confirmBooking", "markPatientPresence", "markPatientAbsence"})
OF_A_BREAK = frozenset({"deleteCalendarBreak", "moveCalendarBreak"})
OF_A_SERVICE = frozenset({"deleteAddressService", "updateAddressService"})


class Noting(httpx.BaseTransport):
    """Hands requests on; of each write it is known afterwards that it was meant, whatever happens in between.

    ``before`` holds the pictures that stand in the journal: what is not in one may be written, what is in one stays.
    """

    def __init__(
        self,
        inner: httpx.BaseTransport,
        scope: Scope,
        journal: WriteJournal,
        before: Mapping[CalendarAt, Picture],
        clock: Clock,
    ) -> None:
        self._inner = inner
        self._scope = scope
        self._journal = journal
        self._before = before
        self._clock = clock

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request``; where it changes something, once that stands on the disk.

        Raises:
            NotAllowed: what it would change could not be put back; nothing was sent.
            OutputUnusable: it cannot be noted; nothing was sent.
        """
        asked = understood(request, self._scope)
        if not asked.changes or (asked.operation and asked.operation.id in CONSUMING):  # the guard let it pass
            return self._inner.handle_request(request)
        self._check(asked)
        name = self._journal.intend(asked, self._clock.now())
        try:
            answer = self._inner.handle_request(request)
        except httpx.HTTPError:
            self._journal.end(name, None, None)
            raise
        told = answer.headers
        self._journal.end(name, answer.status_code, told.get("Location"), remaining_of(told), reset_of(told))
        return answer

    def close(self) -> None:
        """Close what is beneath."""
        self._inner.close()

    def _check(self, asked: Asked) -> None:
        operation = asked.operation.id if asked.operation else ""
        calendar = asked.calendar
        picture = self._before.get(calendar) if calendar else None
        if picture is None:
            raise NotAllowed(
                f"{operation}: nobody has noted what the calendar showed before, so it could not be undone."
            )
        kept = {
            "visit": ("booking_id", OF_A_VISIT, {one.id for one in picture.visits}),
            "break": ("break_id", OF_A_BREAK, {one.id for one in picture.breaks}),
            "service": ("address_service_id", OF_A_SERVICE, {one.id for one in picture.services}),
        }
        for what, (parameter, operations, there) in kept.items():
            if operation in operations and asked.params.get(parameter) in there:
                raise NotAllowed(f"{operation}: that {what} was there before, and is not this run's to change.")
        body = object_of(asked.body)
        if body.get("apply_on_coupled_addresses"):
            raise NotAllowed(f"{operation}: on coupled addresses it would block calendars that were not named.")
        target = body.get("address_id")
        if target is not None and str(target) not in {one.address_id for one in self._before}:
            raise NotAllowed(f"{operation}: nobody has noted what address {target} showed before.")


def guarded(
    inner: httpx.BaseTransport,
    scope: Scope,
    journal: WriteJournal,
    before: Mapping[CalendarAt, Picture],
    clock: Clock,
) -> httpx.BaseTransport:
    """The way to a real Docplanner: what is not allowed is not sent, what is written is noted first."""
    return Guard(Noting(inner, scope, journal, before, clock), scope)

"""Pages about one calendar: its week, its breaks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import ClassVar

from starlette.responses import Response

from harness.contract.json_value import JsonObject
from harness.desk.asking import Asking, Problem, see
from harness.desk.local_time import day_of, midnight, monday_of
from harness.desk.room import CALENDAR, Room
from harness.desk.week import DAYS, Entry, laid_out
from harness.sandbox.breaks import Break
from harness.sandbox.directory import Address
from harness.sandbox.refusals import Refusal

__all__ = ["CalendarPages"]

BREAK = CALENDAR + "/breaks/{break_id}"
USUAL_BREAK = timedelta(minutes=30)


class CalendarPages(Room):
    """A doctor's week at one address, and the time that is blocked in it."""

    PATHS: ClassVar = {
        ("GET", CALENDAR): "week",
        ("GET", CALENDAR + "/breaks"): "new_break",
        ("POST", CALENDAR + "/breaks"): "add_break",
        ("GET", BREAK): "one_break",
        ("POST", BREAK + "/move"): "move_break",
        ("POST", BREAK + "/remove"): "remove_break",
    }

    async def week(self, asking: Asking) -> Response:
        """Slots on offer, visits and breaks from Monday to Sunday."""
        address = self._address(asking)
        today = self._now.astimezone(self._zone).date()
        day = day_of(asking.query.get("day"), today)
        first = monday_of(day)
        since, till = midnight(first, self._zone), midnight(first + timedelta(days=DAYS), self._zone)
        here = self._owner(address)["here"]
        entries = [
            *self._slots(address, since, till, here),
            *self._visits(address, since, till, here),
            *self._breaks(address, since, till, here),
        ]
        cancelled = [
            (one, self._name(one))
            for one in self._state.bookings.starting_in(address.id, since, till)
            if not one.is_booked
        ]
        return self._paper.page(
            asking,
            "week.html.j2",
            section="clinics",
            about=address.id,
            week=laid_out(entries, first, self._now, self._zone),
            first=first,
            before=first - timedelta(days=DAYS),
            after=first + timedelta(days=DAYS),
            day=day,
            cancelled=cancelled,
            counts={kind: sum(one.kind == kind for one in entries) for kind in ("slot", "visit", "break")},
            pending=len(self._state.calendar(address.id).pending),
            **self._owner(address),
        )

    def _slots(self, address: Address, since: datetime, till: datetime, here: str) -> list[Entry]:
        """What a patient can book from now on, one entry for each start."""
        offers = self._inside.rules.offers(address, max(since, self._now), till)
        entries = []
        for start, same in groupby(sorted(offers, key=lambda one: one.start), lambda one: one.start):
            found = list(same)
            end = min(one.end for one in found)
            names = ", ".join(f"{address.services[one.address_service_id].name} ({one.duration} min)" for one in found)
            query = start.astimezone(self._zone).isoformat().replace("+", "%2B")
            entries.append(Entry("slot", start, end, f"{here}/book?start={query}", "Book", names))
        return entries

    def _visits(self, address: Address, since: datetime, till: datetime, here: str) -> list[Entry]:
        return [
            Entry("visit", one.start, one.end, f"{here}/visits/{one.id}", self._name(one), one.service_name)
            for one in self._state.bookings.overlapping(address.id, since, till)
            if one.is_booked
        ]

    def _breaks(self, address: Address, since: datetime, till: datetime, here: str) -> list[Entry]:
        found = self._state.breaks.overlapping(address.id, since, till)
        return [
            Entry("break", one.since, one.till, f"{here}/breaks/{one.id}", one.description or "Break") for one in found
        ]

    # -- breaks ---------------------------------------------------------------------------------------------------

    async def new_break(self, asking: Asking, problem: Problem | None = None) -> Response:
        """A form for a new break; on the day that the query names, else at the next full hour."""
        address = self._address(asking)
        now = self._now.astimezone(self._zone)
        next_hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        day = day_of(asking.query.get("day"), now.date())
        since = next_hour if day <= now.date() else self._noon(day)
        return self._paper.page(
            asking,
            "break.html.j2",
            section="clinics",
            problem=problem,
            found=None,
            since=since,
            till=since + USUAL_BREAK,
            **self._owner(address),
        )

    async def add_break(self, asking: Asking) -> Response:
        """The doctor blocks time."""
        address = self._address(asking)
        try:
            body = self._range(asking)
            body["description"] = asking.text("description") or None
            made = await self._do(asking, "addBreakAsDoctor", {"address_id": address.id}, body)
        except Problem as problem:
            return await self.new_break(asking, problem)
        return see(self._week_of(address, str(made["since"]), "break-added"))

    async def one_break(self, asking: Asking, problem: Problem | None = None) -> Response:
        """A break, to be moved or removed."""
        address = self._address(asking)
        found = self._break(asking, address)
        return self._paper.page(
            asking,
            "break.html.j2",
            section="clinics",
            problem=problem,
            found=found,
            since=found.since,
            till=found.till,
            **self._owner(address),
        )

    async def move_break(self, asking: Asking) -> Response:
        """The doctor moves blocked time."""
        address = self._address(asking)
        try:
            moved = await self._do(asking, "moveBreakAsDoctor", asking.params, self._range(asking))
        except Problem as problem:
            return await self.one_break(asking, problem)
        return see(self._week_of(address, str(moved["since"]), "break-moved"))

    async def remove_break(self, asking: Asking) -> Response:
        """The doctor frees blocked time."""
        address = self._address(asking)
        found = self._break(asking, address)
        await self._do(asking, "removeBreakAsDoctor", asking.params, {})
        return see(self._week_of(address, found.since.isoformat(), "break-removed"))

    def _range(self, asking: Asking) -> JsonObject:
        since = asking.instant("since", "From", self._zone)
        till = asking.instant("till", "Until", self._zone)
        return {"since": self._state.payloads.time(since), "till": self._state.payloads.time(till)}

    def _break(self, asking: Asking, address: Address) -> Break:
        try:
            return self._state.breaks.find(address.id, asking.params["break_id"])
        except Refusal as refusal:
            raise Problem("There is no such break on that calendar.", status=404) from refusal

    def _week_of(self, address: Address, instant: str, done: str) -> str:
        day = datetime.fromisoformat(instant).astimezone(self._zone).date()
        return f"{self._owner(address)['here']}?day={day}&done={done}"

    def _noon(self, day: date) -> datetime:
        return midnight(day, self._zone) + timedelta(hours=12)

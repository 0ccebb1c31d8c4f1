"""The control API's handlers on calendars: what patients and doctors do and see there."""

from __future__ import annotations

from collections.abc import Mapping

from harness.contract.json_value import JsonValue, array_of, object_of, text_of
from harness.sandbox.breaks import Break
from harness.sandbox.http.booking_api import patient_of
from harness.sandbox.http.control_desk import Asked, Desk, Reply, day, moment
from harness.sandbox.http.control_views import break_json, service_json, visit_json, work_period_json
from harness.sandbox.http.mapping_api import ages_of
from harness.sandbox.http.questions import Questions
from harness.sandbox.http.wire import minutes_of
from harness.sandbox.slots import Offered, WorkPeriod
from harness.sandbox.visits import Wanted

__all__ = ["CalendarDesk"]

OF_A_SERVICE = ("name", "price", "duration", "is_visible", "public_insurance_flow")
BY = {"patient": "user", "doctor": "doctor"}


class CalendarDesk(Desk):
    """Offers, working time, visits, breaks and services of one calendar."""

    questions: Questions

    async def on_get_offers(self, asked: Asked) -> Reply:
        """What a patient can book."""
        address = self._address(asked)
        time = self._state.payloads.time
        offers = self._rules.offers(address, *asked.range())
        told: list[JsonValue] = [
            {"start": time(one.start), "end": time(one.end), "address_service_id": one.address_service_id}
            for one in offers
        ]
        return 200, {"items": told}

    async def on_get_working_time(self, asked: Asked) -> Reply:
        """Work periods as accepted."""
        accepted = self._state.calendar(self._address(asked).id).accepted
        time = self._state.payloads.time
        return 200, {"items": [work_period_json(one, time) for one in accepted.overlapping(*asked.range())]}

    async def on_set_working_time(self, asked: Asked) -> Reply:
        """The doctor enters it by hand."""
        address = self._address(asked)
        days = [day(one, "days") for one in array_of(asked.body.get("days"))]
        periods = [self._period(object_of(one)) for one in array_of(asked.body.get("items"))]
        for place, period in enumerate(periods):
            self._rules.check_period(address, place, period)
        self._rules.fill(address, days, periods)
        self._news.add("slots-readable", address_id=address.id)
        return 204, None

    async def on_get_visits(self, asked: Asked) -> Reply:
        """Every visit that starts in the range."""
        found = self._state.bookings.starting_in(self._address(asked).id, *asked.range())
        return 200, {"items": [visit_json(one, self._state.payloads.time) for one in found]}

    async def on_book_visit(self, asked: Asked) -> Reply:
        """A patient or the doctor books."""
        address, body = self._address(asked), asked.body
        wanted = Wanted(
            moment(body.get("start"), "start"),
            minutes_of(body.get("duration"), "duration"),
            text_of(body.get("address_service_id")),
            patient_of(body.get("patient")),
            text_of(body.get("comment")) or None,
        )
        by = BY[text_of(body.get("by"))]
        if by == "user":
            self._rules.visits.bookable(address, wanted, by=by)
            await self.questions.approve_booking(address, wanted, asked.cause)
        booking = self._rules.visits.book(address, wanted, by=by, cause=asked.cause)
        return 201, visit_json(booking, self._state.payloads.time)

    async def on_move_visit(self, asked: Asked) -> Reply:
        """A patient or the doctor moves."""
        address, booking, body = self._address(asked), self._booking(asked), asked.body
        by = BY[text_of(body.get("by"))]
        target = self._state.directory.address(text_of(body["address_id"])) if "address_id" in body else address
        wanted = Wanted(
            moment(body.get("start"), "start"),
            minutes_of(body.get("duration"), "duration"),
            text_of(body.get("address_service_id")) or booking.address_service_id or "",
            booking.patient,
            booking.comment,
        )
        if by == "user":
            self._rules.visits.movable(booking, target, wanted, by=by)
            await self.questions.approve_move(booking, target, wanted, asked.cause)
        moved = self._rules.visits.move(self._booking(asked), target, wanted, by=by, cause=asked.cause)
        return 201, visit_json(moved, self._state.payloads.time)

    async def on_cancel_visit(self, asked: Asked) -> Reply:
        """A patient or the doctor cancels."""
        self._address(asked)
        by = BY[text_of(asked.body.get("by"))]
        canceled = self._rules.visits.cancel(self._booking(asked), by=by, cause=asked.cause)
        return 200, visit_json(canceled, self._state.payloads.time)

    async def on_get_breaks_seen(self, asked: Asked) -> Reply:
        """Breaks that overlap the range."""
        found = self._state.breaks.overlapping(self._address(asked).id, *asked.range())
        return 200, {"items": [break_json(one, self._state.payloads.time) for one in found]}

    async def on_add_break_as_doctor(self, asked: Asked) -> Reply:
        """The doctor blocks time."""
        address = self._address(asked)
        since, till = moment(asked.body.get("since"), "since"), moment(asked.body.get("till"), "till")
        told = text_of(asked.body.get("description")) or None
        made = Break(self._state.ids.new(), address.id, since, till, told, "doctor")
        return 201, break_json(self._rules.add_break(made, asked.cause), self._state.payloads.time)

    async def on_move_break_as_doctor(self, asked: Asked) -> Reply:
        """The doctor moves blocked time."""
        found = self._state.breaks.find(self._address(asked).id, asked.params["break_id"])
        since, till = moment(asked.body.get("since"), "since"), moment(asked.body.get("till"), "till")
        return 200, break_json(self._rules.move_break(found, since, till, asked.cause), self._state.payloads.time)

    async def on_remove_break_as_doctor(self, asked: Asked) -> Reply:
        """The doctor frees blocked time."""
        found = self._state.breaks.find(self._address(asked).id, asked.params["break_id"])
        self._rules.remove_break(found, asked.cause)
        return 204, None

    async def on_get_services_seen(self, asked: Asked) -> Reply:
        """The services of the calendar."""
        return 200, {"items": [service_json(one) for one in self._address(asked).services.values()]}

    async def on_add_service_as_doctor(self, asked: Asked) -> Reply:
        """The doctor adds a service to the profile."""
        address = self._address(asked)
        taken = {one.service_id for one in address.services.values()}
        free = next((one for one in self._state.directory.services if one not in taken), "")
        service_id = text_of(asked.body.get("service_id")) or free
        minutes = minutes_of(asked.body.get("duration"), "duration") or 30
        return 201, service_json(self._rules.add_service(address, service_id, minutes, asked.cause))

    async def on_change_service_as_doctor(self, asked: Asked) -> Reply:
        """The doctor changes a service of the profile."""
        address = self._address(asked)
        service = self._state.directory.service_of(address, asked.params["address_service_id"])
        values: dict[str, object] = {name: asked.body[name] for name in OF_A_SERVICE if name in asked.body}
        if "allowed_patients" in asked.body:
            values["allowed_patients"] = ages_of(asked.body["allowed_patients"])
        return 200, service_json(self._rules.change_service(address, service, values, asked.cause))

    async def on_delete_service_as_doctor(self, asked: Asked) -> Reply:
        """The doctor deletes a service from the profile."""
        address = self._address(asked)
        service = self._state.directory.service_of(address, asked.params["address_service_id"])
        self._rules.delete_service(address, service, asked.cause)
        return 204, None

    def _period(self, told: Mapping[str, JsonValue]) -> WorkPeriod:
        services = tuple(
            Offered(
                text_of(object_of(one).get("address_service_id")),
                minutes_of(object_of(one).get("duration"), "duration") or 0,
            )
            for one in array_of(told.get("services"))
        )
        now = self._clock.now()
        return WorkPeriod(moment(told.get("start"), "start"), moment(told.get("end"), "end"), services, now)

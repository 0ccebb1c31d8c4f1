"""The sandbox as the model acts on it: over its rules, and over HTTP. What is refused is None or False."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import quote

import httpx
import orjson
from sandbox.naive import Sent, instant, minute_of
from sandbox.served import ANNA, Served

from harness.clock import ManualClock
from harness.sandbox.breaks import Break
from harness.sandbox.calendars import Calendars
from harness.sandbox.directory import Address
from harness.sandbox.refusals import Refusal
from harness.sandbox.slots import Offer, Offered, WorkPeriod
from harness.sandbox.state import Cause, State
from harness.sandbox.visits import Wanted

ABOUT = ("new_visit_booking", "visit_booking", "break", "address_service")
Slots = set[tuple[int, int, str]]


class Side(Protocol):
    """What everybody may do at Docplanner, and what can be seen there."""

    def replace(self, address_id: str, sent: tuple[Sent, ...]) -> bool:
        """ReplaceSlots; whether it is answered with 201."""
        ...

    def clear(self, address_id: str, day: date) -> None:
        """DeleteSlots."""
        ...

    def enable(self, address_id: str, *, on: bool) -> None:
        """Open or close online booking."""
        ...

    def book(self, address_id: str, start: int, minutes: int, service: str, by: str) -> str | None:
        """The new visit, or None."""
        ...

    def move(self, visit: str, at: str, to: str, start: int, minutes: int, service: str, by: str) -> str | None:
        """The visit's new id, or None."""
        ...

    def cancel(self, visit: str, at: str, by: str) -> bool:
        """Whether it was cancelled."""
        ...

    def block(self, address_id: str, start: int, end: int, by: str) -> str | None:
        """The new break, or None."""
        ...

    def shift(self, address_id: str, made: str, start: int, end: int, by: str) -> bool:
        """Whether the break moved."""
        ...

    def free(self, address_id: str, made: str, by: str) -> None:
        """The break is gone."""
        ...

    def drop_service(self, address_id: str, service: str, by: str) -> None:
        """The address no longer offers it."""
        ...

    def add_service(self, address_id: str, service_id: str, by: str) -> str:
        """The new address service."""
        ...

    def advance(self, by: timedelta) -> None:
        """Time passes."""
        ...

    def offers(self, address_id: str, since: int, till: int) -> Slots:
        """What a patient can book."""
        ...

    def slots(self, address_id: str, since: int, till: int) -> Slots:
        """What getSlots lists."""
        ...

    def visits(self, address_id: str, since: int, till: int) -> dict[str, tuple[int, int, bool]]:
        """What getBookings lists: from, till, and whether it stands."""
        ...

    def chain(self, visit: str, at: str) -> tuple[str, str]:
        """The first and the newest id."""
        ...

    def told(self) -> list[tuple[str, str, str]]:
        """The news of the first API client, oldest first."""
        ...


class Rules:
    """The pure rules, without a server."""

    def __init__(self, state: State, clock: ManualClock) -> None:
        self.state, self.clock, self.rules = state, clock, Calendars(state)

    def _tried(self, act: Callable[[], object]) -> Any:  # noqa: ANN401 - whatever the act makes
        try:
            return act()
        except Refusal:
            return None

    def _address(self, address_id: str) -> Address:
        return self.state.directory.address(address_id)

    def _cause(self, by: str) -> Cause:
        return Cause(client_id=self.state.first_client.id if by == "integration" else None)

    def replace(self, address_id: str, sent: tuple[Sent, ...]) -> bool:
        """ReplaceSlots; whether it is answered with 201."""
        address, now = self._address(address_id), self.clock.now()
        periods = [
            WorkPeriod(instant(start), instant(end), tuple(Offered(*one) for one in services), now)
            for start, end, services in sent
        ]

        def act() -> bool:
            for place, one in enumerate(periods):
                self.rules.check_period(address, place, one)
            self.rules.replace(address, periods, orjson.dumps(sent))
            return True

        return self._tried(act) is True

    def clear(self, address_id: str, day: date) -> None:
        """DeleteSlots."""
        self.rules.clear(self._address(address_id), day)

    def enable(self, address_id: str, *, on: bool) -> None:
        """Open or close online booking."""
        self._address(address_id).calendar_enabled = on

    def book(self, address_id: str, start: int, minutes: int, service: str, by: str) -> str | None:
        """The new visit, or None."""
        wanted = Wanted(instant(start), minutes, service, dict(ANNA))
        made = self._tried(
            lambda: self.rules.visits.book(self._address(address_id), wanted, by=by, cause=self._cause(by))
        )
        return made.id if made else None

    def move(self, visit: str, at: str, to: str, start: int, minutes: int, service: str, by: str) -> str | None:
        """The visit's new id, or None."""
        found = self.state.bookings.get(visit)
        assert found is not None
        wanted = Wanted(instant(start), minutes, service, dict(ANNA))
        act = self.rules.visits.move
        made = self._tried(lambda: act(found, self._address(to), wanted, by=by, cause=self._cause(by)))
        return made.id if made else None

    def cancel(self, visit: str, at: str, by: str) -> bool:
        """Whether it was cancelled."""
        found = self.state.bookings.get(visit)
        assert found is not None
        return self._tried(lambda: self.rules.visits.cancel(found, by=by, cause=self._cause(by))) is not None

    def block(self, address_id: str, start: int, end: int, by: str) -> str | None:
        """The new break, or None."""
        one = Break(self.state.ids.new(), address_id, instant(start), instant(end), None, by)
        made = self._tried(lambda: self.rules.add_break(one, self._cause(by)))
        return made.id if made else None

    def shift(self, address_id: str, made: str, start: int, end: int, by: str) -> bool:
        """Whether the break moved."""
        found = self.state.breaks.find(address_id, made)
        act = self.rules.move_break
        return self._tried(lambda: act(found, instant(start), instant(end), self._cause(by))) is not None

    def free(self, address_id: str, made: str, by: str) -> None:
        """The break is gone."""
        self.rules.remove_break(self.state.breaks.find(address_id, made), self._cause(by))

    def drop_service(self, address_id: str, service: str, by: str) -> None:
        """The address no longer offers it."""
        address = self._address(address_id)
        self.rules.delete_service(address, address.services[service], self._cause(by))

    def add_service(self, address_id: str, service_id: str, by: str) -> str:
        """The new address service."""
        return self.rules.add_service(self._address(address_id), service_id, 30, self._cause(by)).id

    def advance(self, by: timedelta) -> None:
        """Time passes."""
        self.clock.advance(by)

    def offers(self, address_id: str, since: int, till: int) -> Slots:
        """What a patient can book."""
        return _slots(self.rules.offers(self._address(address_id), instant(since), instant(till)))

    def slots(self, address_id: str, since: int, till: int) -> Slots:
        """What getSlots lists."""
        return _slots(self.rules.free_slots(self._address(address_id), instant(since), instant(till)))

    def visits(self, address_id: str, since: int, till: int) -> dict[str, tuple[int, int, bool]]:
        """What getBookings lists: from, till, and whether it stands."""
        found = self.state.bookings.starting_in(address_id, instant(since), instant(till))
        return {one.id: (minute_of(one.span[0]), minute_of(one.span[1]), one.is_booked) for one in found}

    def chain(self, visit: str, at: str) -> tuple[str, str]:
        """The first and the newest id."""
        found = self.state.bookings.get(visit)
        assert found is not None
        return self.state.bookings.chain(found)

    def told(self) -> list[tuple[str, str, str]]:
        """The news of the first API client, oldest first."""
        every = self.state.mailbox.every(client_id=self.state.first_client.id)
        return [(one.name, str(one.address_id), _about(one.data)) for one in every]


def _slots(offers: list[Offer]) -> Slots:
    return {(minute_of(one.start), minute_of(one.end), one.address_service_id) for one in offers}


def _about(data: Mapping[str, Any]) -> str:
    return next(str(data[name]["id"]) for name in ABOUT if name in data)


class Http:
    """The sandbox over HTTP: patients and doctors by the control API, the partner by Docplanner's."""

    def __init__(self, docplanner: Served, paths: Mapping[str, str]) -> None:
        self.docplanner, self.paths = docplanner, paths

    def _control(self, method: str, address_id: str, path: str, body: object = None) -> httpx.Response:
        return self.docplanner.control(method, f"/calendars/{address_id}{path}", body)

    def _api(self, method: str, address_id: str, path: str, body: object = None) -> httpx.Response:
        return self.docplanner.api(method, f"{self.paths[address_id]}{path}", body)

    def _by(self, by: str) -> str:
        return {"user": "patient"}.get(by, by)

    def _at(self, minute: int) -> str:
        return instant(minute).astimezone(self.docplanner.sandbox.state.zone).isoformat()

    def _span(self, since: int, till: int, names: tuple[str, str] = ("from", "to")) -> str:
        return f"?{names[0]}={quote(self._at(since))}&{names[1]}={quote(self._at(till))}"

    def replace(self, address_id: str, sent: tuple[Sent, ...]) -> bool:
        """ReplaceSlots; whether it is answered with 201."""
        slots = [
            {
                "start": self._at(start),
                "end": self._at(end),
                "address_services": [{"address_service_id": name, "duration": length} for name, length in services],
            }
            for start, end, services in sent
        ]
        return self._api("PUT", address_id, "/slots", {"slots": slots}).is_success

    def clear(self, address_id: str, day: date) -> None:
        """DeleteSlots."""
        assert self._api("DELETE", address_id, f"/slots/{day}").is_success

    def enable(self, address_id: str, *, on: bool) -> None:
        """Open or close online booking."""
        self._api("POST", address_id, f"/calendar/{'enable' if on else 'disable'}")

    def book(self, address_id: str, start: int, minutes: int, service: str, by: str) -> str | None:
        """The new visit, or None."""
        wanted = {"address_service_id": service, "duration": minutes, "patient": ANNA}
        if by == "integration":
            answer = self._api("POST", address_id, f"/slots/{quote(self._at(start))}/book", wanted)
            return str(answer.json()["id"]) if answer.is_success else None
        told = {**wanted, "by": self._by(by), "start": self._at(start)}
        answer = self._control("POST", address_id, "/visits", told)
        return str(answer.json()["booking_id"]) if answer.is_success else None

    def move(self, visit: str, at: str, to: str, start: int, minutes: int, service: str, by: str) -> str | None:
        """The visit's new id, or None."""
        wanted = {"start": self._at(start), "duration": minutes, "address_service_id": service, "address_id": to}
        if by == "integration":
            answer = self._api("POST", at, f"/bookings/{visit}/move", wanted)
            return str(answer.json()["id"]) if answer.is_success else None
        answer = self._control("POST", at, f"/visits/{visit}/move", {**wanted, "by": self._by(by)})
        return str(answer.json()["booking_id"]) if answer.is_success else None

    def cancel(self, visit: str, at: str, by: str) -> bool:
        """Whether it was cancelled."""
        if by == "integration":
            return self._api("DELETE", at, f"/bookings/{visit}").is_success
        return self._control("POST", at, f"/visits/{visit}/cancel", {"by": self._by(by)}).is_success

    def block(self, address_id: str, start: int, end: int, by: str) -> str | None:
        """The new break, or None."""
        body = {"since": self._at(start), "till": self._at(end)}
        if by == "integration":
            answer = self._api("POST", address_id, "/breaks", body)
            return str(answer.json()["id"]) if answer.is_success else None
        answer = self._control("POST", address_id, "/breaks", body)
        return str(answer.json()["break_id"]) if answer.is_success else None

    def shift(self, address_id: str, made: str, start: int, end: int, by: str) -> bool:
        """Whether the break moved."""
        body = {"since": self._at(start), "till": self._at(end)}
        call = self._api if by == "integration" else self._control
        return call("PATCH", address_id, f"/breaks/{made}", body).is_success

    def free(self, address_id: str, made: str, by: str) -> None:
        """The break is gone."""
        call = self._api if by == "integration" else self._control
        assert call("DELETE", address_id, f"/breaks/{made}").is_success

    def drop_service(self, address_id: str, service: str, by: str) -> None:
        """The address no longer offers it."""
        call = self._api if by == "integration" else self._control
        assert call("DELETE", address_id, f"/services/{service}").is_success

    def add_service(self, address_id: str, service_id: str, by: str) -> str:
        """The new address service."""
        call = self._api if by == "integration" else self._control
        return str(call("POST", address_id, "/services", {"service_id": service_id}).json()["id"])

    def advance(self, by: timedelta) -> None:
        """Time passes."""
        self.docplanner.advance(seconds=by.total_seconds())

    def offers(self, address_id: str, since: int, till: int) -> Slots:
        """What a patient can book."""
        told = self._control("GET", address_id, f"/offers{self._span(since, till)}").json()["items"]
        return {(_minute(one["start"]), _minute(one["end"]), one["address_service_id"]) for one in told}

    def slots(self, address_id: str, since: int, till: int) -> Slots:
        """What getSlots lists."""
        path = f"/slots{self._span(since, till, ('start', 'end'))}&with=slot.services"
        told = self._api("GET", address_id, path).json()["_items"]
        return {
            (_minute(one["start"]), _minute(one["start"]) + service["duration"], service["id"])
            for one in told
            for service in one["address_services"]["_items"]
        }

    def visits(self, address_id: str, since: int, till: int) -> dict[str, tuple[int, int, bool]]:
        """What getBookings lists: from, till, and whether it stands."""
        told = self._api("GET", address_id, f"/bookings{self._span(since, till, ('start', 'end'))}").json()["_items"]
        return {
            one["id"]: (_minute(one["start_at"]), _minute(one["end_at"]), one["status"] == "booked") for one in told
        }

    def chain(self, visit: str, at: str) -> tuple[str, str]:
        """The first and the newest id."""
        told = self._api("GET", at, f"/bookings/{visit}?with=booking.moving").json()["moving"]
        return (told["origin_booking_id"], told["newest_booking_id"]) if told else (visit, visit)

    def told(self) -> list[tuple[str, str, str]]:
        """The news of the first API client, oldest first."""
        items = self.docplanner.done("GET", "/notifications")["items"]
        return [(one["name"], one["address_id"], _about(one["data"])) for one in items]


def _minute(written: str) -> int:
    return minute_of(datetime.fromisoformat(written))

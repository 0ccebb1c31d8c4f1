"""A Docplanner in a few lines, for tests of the stub: one clinic, its bookings, breaks and slots, and the news of them.

It is the far side of a transport. Patients and doctors act by its methods; ``trouble`` answers in its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any
from urllib.parse import unquote

import httpx
import orjson

Json = dict[str, Any]
Trouble = Callable[[str, str, Callable[[], httpx.Response]], httpx.Response | None]
"""Given method, path and what would carry the call out; None to let it happen."""
ANNA = {"name": "Anna", "surname": "Nowak", "phone": "+48500001234", "email": None}
HALF_AN_HOUR = timedelta(minutes=30)
NO_SLOT = {"errors": [], "message": "Unable to perform booking. Requested target slot (START) not found"}


@dataclass
class Docplanner:
    """Facility 1, doctor 2, addresses 31 and 32, services 9 and 10 at 31, 19 at 32."""

    bookings: dict[str, Json] = field(default_factory=dict)
    breaks: dict[str, Json] = field(default_factory=dict)
    services: dict[str, list[Json]] = field(
        default_factory=lambda: {
            "31": [{"id": "9", "name": "Visit", "service_id": "5", "duration": 30}, {"id": "10", "name": "Check"}],
            "32": [{"id": "19", "name": "Visit", "service_id": "5", "duration": 30}],
        }
    )
    offers_everything: bool = True
    """Whether any time can be booked that is not booked yet."""
    news: list[Json] = field(default_factory=list)
    waiting: list[Json] = field(default_factory=list)
    """Notifications that can be pulled."""
    calls: list[tuple[str, str, Json]] = field(default_factory=list)
    trouble: Trouble = lambda _method, _path, _do: None
    tokens: int = 0
    ids: int = 100
    lock: RLock = field(default_factory=RLock)

    # -- patients and doctors -------------------------------------------------------------------------------------

    def book(self, start: datetime, patient: Json = ANNA, *, by: str = "user", address: str = "31") -> str:
        """Somebody books at Docplanner."""
        booking = self._new(address, start, patient, by, {"id": "9"}, None)
        self._tell("slot-booked", address, visit_booking=booking)
        return str(booking["id"])

    def move(self, booking_id: str, start: datetime, *, address: str | None = None, told: bool = True) -> str:
        """Somebody moves a booking: a new one, the old one cancelled."""
        old = self.bookings[booking_id]
        old["status"] = "canceled"
        target = address or old["address"]
        new = self._new(target, start, old["patient"], old["booked_by"], old["address_service"], booking_id)
        if told:
            self._tell("booking-moved", target, old_visit_booking=old, new_visit_booking=new)
        return str(new["id"])

    def cancel(self, booking_id: str, *, told: bool = True) -> None:
        """Somebody cancels a booking."""
        booking = self.bookings[booking_id]
        booking |= {"status": "canceled", "canceled_by": "user"}
        if told:
            self._tell("booking-canceled", booking["address"], visit_booking=booking)

    def block(self, since: datetime, till: datetime, break_id: str | None = None) -> str:
        """The doctor makes a break, or moves one."""
        event = "break-moved" if break_id else "break-created"
        made = {"id": break_id or self._id(), "since": _at(since), "till": _at(till), "address": "31"}
        self.breaks[made["id"]] = made
        self._tell(event, "31", **{"break": made})
        return str(made["id"])

    def free(self, break_id: str) -> None:
        """The doctor removes a break."""
        self._tell("break-removed", "31", **{"break": self.breaks.pop(break_id)})

    def booked(self) -> list[tuple[str, str, str]]:
        """Every visit that takes place: address, start, id."""
        there = [one for one in self.bookings.values() if one["status"] == "booked"]
        return sorted((one["address"], one["start_at"], str(one["id"])) for one in there)

    def made(self, method: str, ending: str) -> list[Json]:
        """Bodies of the calls of that method whose path ends so."""
        return [body for asked, path, body in self.calls if asked == method and path.endswith(ending)]

    # -- the API --------------------------------------------------------------------------------------------------

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        path = request.url.raw_path.decode().partition("?")[0]
        if path.startswith("/oauth"):
            self.tokens += 1
            return httpx.Response(200, json={"access_token": f"token-{self.tokens}", "expires_in": 3600})
        parts = [unquote(part) for part in path.removeprefix("/api/v3/integration/").split("/")]
        body = orjson.loads(request.content) if request.content else {}

        def carry_out() -> httpx.Response:
            with self.lock:
                return self._answer(request, parts, body)

        with self.lock:
            self.calls.append((request.method, "/".join(parts), body))
        instead = self.trouble(request.method, "/".join(parts), carry_out)
        return carry_out() if instead is None else instead

    def _answer(self, request: httpx.Request, parts: list[str], body: Json) -> httpx.Response:  # noqa: PLR0911 - a table
        match request.method, parts:
            case "GET", ["facilities"]:
                return _items([{"id": "1", "name": "Clinic"}])
            case "GET", ["facilities", "1", "doctors"]:
                return _items([{"id": "2", "name": "Maria", "surname": "Kowalska"}])
            case "GET", ["facilities", "1", "doctors", "2", "addresses"]:
                return _items([{"id": one, "name": f"Street {one}", "is_online_only": False} for one in self.services])
            case _, ["facilities", "1", "doctors", "2", "addresses", address, *rest] if address in self.services:
                return self._calendar(request, address, rest, body)
            case "GET", ["notifications", "multiple"]:
                found, self.waiting = self.waiting[:100], self.waiting[100:]
                return httpx.Response(200, json={"notifications": found, "remaining": len(self.waiting)})
            case "POST", ["notifications", "release"]:
                return httpx.Response(204)
        return httpx.Response(404, json={"errors": [], "message": "Object not found"})

    def _calendar(  # noqa: PLR0911 - a table
        self, request: httpx.Request, address: str, rest: list[str], body: Json
    ) -> httpx.Response:
        match request.method, rest:
            case "GET", ["services"]:
                return _items(self.services[address])
            case "GET", ["insurance-providers" | "slots"]:
                return _items([])
            case "GET", ["calendar"]:
                return httpx.Response(200, json={"status": "enabled"})
            case "PUT", ["slots"]:
                return httpx.Response(201)
            case "POST", ["slots", start, "book"]:
                return self._book_slot(address, datetime.fromisoformat(start), body)
            case method, ["bookings", *_]:
                return self._booking(method, address, rest[1:], body)
            case method, ["breaks", *_]:
                return self._break(method, address, rest[1:], body)
        return httpx.Response(204)

    def _booking(  # noqa: PLR0911 - a table
        self, method: str, address: str, rest: list[str], body: Json
    ) -> httpx.Response:
        if not rest:
            return _items([one for one in self.bookings.values() if one["address"] == address])
        booking = self.bookings.get(rest[0])
        if booking is None or booking["address"] != address:
            return httpx.Response(404, json={"errors": [], "message": "Object not found"})
        if method == "GET":
            return httpx.Response(200, json=booking | {"moving": self._chain(rest[0])})
        if booking["status"] == "canceled":
            return httpx.Response(409, json={"errors": [], "message": "The visit has already been canceled or moved"})
        if rest[1:] == ["move"]:
            start, target = datetime.fromisoformat(body["start"]), body.get("address_id") or address
            if self._taken(target, start, but=rest[0]):
                return httpx.Response(400, json=NO_SLOT)
            new = self.bookings[self.move(rest[0], start, address=target, told=False)]
            return httpx.Response(201, json=new, headers={"Location": f"/bookings/{new['id']}"})
        if method == "DELETE":
            self.cancel(rest[0], told=False)
        return httpx.Response(204)

    def _break(self, method: str, address: str, rest: list[str], body: Json) -> httpx.Response:
        if method == "POST":
            made = {"id": self._id(), "since": body["since"], "till": body["till"], "address": address}
            self.breaks[made["id"]] = made
            return httpx.Response(201, json=made)
        if not rest:
            return _items([one for one in self.breaks.values() if one["address"] == address])
        known = self.breaks.get(rest[0])
        if known is None:
            return httpx.Response(404, json={"errors": [], "message": "Invalid break ID"})
        if method == "DELETE":
            del self.breaks[rest[0]]
        elif method == "PATCH":
            known |= body
        return httpx.Response(200 if method == "GET" else 204, json=known if method == "GET" else None)

    def _book_slot(self, address: str, start: datetime, body: Json) -> httpx.Response:
        if not self.offers_everything or self._taken(address, start):
            return httpx.Response(404, json=NO_SLOT)
        service = {"id": body["address_service_id"]}
        return httpx.Response(200, json=self._new(address, start, body["patient"], "integration", service, None))

    def _new(self, address: str, start: datetime, patient: Json, by: str, service: Json, before: str | None) -> Json:
        booking = {
            "id": self._id(),
            "address": address,
            "status": "booked",
            "start_at": _at(start),
            "end_at": _at(start + HALF_AN_HOUR),
            "duration": 30,
            "booked_by": by,
            "canceled_by": "",
            "booked_at": _at(start),
            "patient": patient,
            "address_service": service,
            "before": before,
        }
        self.bookings[booking["id"]] = booking
        return booking

    def _taken(self, address: str, start: datetime, *, but: str | None = None) -> bool:
        there = [one for one in self.bookings.values() if one["status"] == "booked" and one["address"] == address]
        return any(one["start_at"] == _at(start) and one["id"] != but for one in there)

    def _chain(self, booking_id: str) -> Json:
        origin = newest = booking_id
        while before := self.bookings[origin]["before"]:
            origin = before
        while after := next((key for key, one in self.bookings.items() if one["before"] == newest), None):
            newest = after
        return {"origin_booking_id": origin, "newest_booking_id": newest}

    def _tell(self, name: str, address: str, **about: Json) -> None:
        noted = {key: dict(one) for key, one in about.items()}  # as it was then
        data = {"facility": {"id": "1"}, "doctor": {"id": "2"}, "address": {"id": address}, **noted}
        moment = datetime(2026, 11, 23, 9, tzinfo=UTC) + timedelta(seconds=len(self.news))
        self.news.append({"name": name, "created_at": _at(moment), "data": data})

    def _id(self) -> str:
        self.ids += 1
        return str(self.ids)


def failing(pattern: str, *, times: int = 1, happens: bool, status: int | None = 503) -> Trouble:
    """The next ``times`` calls of that kind end in a 5xx, or a cut connection where there is no status.

    ``happens`` says whether they take place all the same.
    """
    left = [times]

    def trouble(method: str, path: str, do: Callable[[], httpx.Response]) -> httpx.Response | None:
        if not left[0] or not re.search(pattern, f"{method} {path}"):
            return None
        left[0] -= 1
        if happens:
            do()
        if status is None:
            message = "cut"
            raise httpx.ReadError(message)
        return httpx.Response(status)

    return trouble


def _items(items: list[Json]) -> httpx.Response:
    return httpx.Response(200, json={"_items": items, "page": 1, "pages": 1})


def _at(at: datetime) -> str:
    return at.isoformat(timespec="seconds")

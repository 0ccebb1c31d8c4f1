"""A bridge in one file and with nothing but Python: ``python bridge.py 8400``.

``Program`` stands for your system and keeps everything in memory; call your own database and services in its place. It
has no integration with Docplanner, so it conforms to the control contract, and a run would not accept it. What it does
not have it answers with 501, as the contract wants.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

__all__ = ["ROUTES", "VISIT", "Program", "Refused", "server"]

Json = dict[str, Any]
MAPPED = [
    {"kind": "facility", "docplanner_id": "1", "partner_id": "F1", "status": "mapped"},
    {"kind": "doctor", "docplanner_id": "2", "parent_id": "1", "partner_id": "D1", "status": "mapped"},
    {"kind": "address", "docplanner_id": "31", "parent_id": "2", "partner_id": "C1", "status": "mapped"},
    {"kind": "service", "docplanner_id": "9", "parent_id": "31", "partner_id": "S1", "status": "mapped"},
]


class Refused(Exception):
    """An answer in the contract's own words."""

    def __init__(self, status: HTTPStatus, error: str, message: str) -> None:
        super().__init__(message)
        self.status, self.error = status, error


class Program:
    """Your system. One calendar, address 31; times are kept as they came."""

    def __init__(self) -> None:
        self.offers: Json = {"services": [], "insurance_provider_ids": []}
        self.periods: list[Json] = []
        self.visits: dict[str, Json] = {}
        self.blocks: dict[str, Json] = {}
        self._broken = 0

    def health(self, _: Json) -> Json:
        """Declare what your system really has."""
        system = {"name": "Example bridge", "version": "1"}
        return {"status": "ok", "system": system, "capabilities": ["breaks", "confirm", "presence"]}

    def mapping(self, _: Json) -> Json:
        """What your system mapped, from your database."""
        return {"items": MAPPED}

    def imported(self, _: Json) -> Json:
        """Let your system read what Docplanner shares; answer how many things it mapped."""
        return {"imported": len(MAPPED)}

    def sync(self, _: Json) -> None:
        """Let your system synchronise everything."""

    def offer(self, _: Json) -> Json:
        """Services and insurances as staff see them."""
        return self.offers

    def set_offer(self, told: Json) -> None:
        """As if staff had chosen them."""
        self.offers = told

    def schedule(self, asked: Json) -> Json:
        """Working time that overlaps the range."""
        since, till = _span(asked)
        held = [one for one in self.periods if _at(one["start"]) < till and _at(one["end"]) > since]
        return {"days": sorted({one["start"][:10] for one in held}), "periods": held}

    def set_schedule(self, told: Json) -> None:
        """The named days become exactly these periods, all or nothing."""
        if any(one["start"][:10] not in told["days"] for one in told["periods"]):
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "a period lies on a day that is not named")
        kept = [one for one in self.periods if one["start"][:10] not in told["days"]]
        self.periods = kept + told["periods"]

    def appointments(self, asked: Json) -> Json:
        """Every visit that starts in the range, cancelled ones too."""
        since, till = _span(asked)
        return {"items": [one for one in self.visits.values() if since <= _at(one["start"]) < till]}

    def add(self, told: Json) -> Json:
        """As if staff had booked it; your system then tells Docplanner by itself."""
        made = {
            "id": f"A{len(self.visits) + 1}",
            "docplanner_booking_id": None,
            "address_service_id": told["address_service_id"],
            "patient": told["patient"],
            "status": "booked",
            "origin": "partner",
            **self._time(told["start"], told["duration"], but=None),
        }
        self.visits[made["id"]] = made
        return made

    def appointment(self, asked: Json) -> Json:
        """One visit."""
        if asked["appointment_id"] not in self.visits:
            raise Refused(HTTPStatus.NOT_FOUND, "not_found", "there is no such visit")
        return self.visits[asked["appointment_id"]]

    def move(self, told: Json) -> Json:
        """As if staff had moved it."""
        visit = self._booked(told)
        minutes = (_at(visit["end"]) - _at(visit["start"])) // timedelta(minutes=1)
        visit.update(self._time(told["start"], told.get("duration", minutes), but=visit["id"]))
        return visit

    def cancel(self, told: Json) -> None:
        """As if staff had cancelled it."""
        self._booked(told)["status"] = "canceled"

    def confirm(self, told: Json) -> None:
        """As if staff had ticked that the patient will come."""
        self._booked(told)["confirmed"] = True

    def mark(self, told: Json) -> None:
        """As if staff had noted whether the patient came."""
        self._booked(told)["presence"] = told["presence"]

    def breaks(self, asked: Json) -> Json:
        """Blocked time that overlaps the range."""
        since, till = _span(asked)
        return {"items": [one for one in self.blocks.values() if _at(one["since"]) < till and _at(one["till"]) > since]}

    def block(self, told: Json) -> Json:
        """As if staff had blocked the time; ids are never used twice."""
        self._broken += 1
        made = {"id": f"B{self._broken}", "docplanner_break_id": None, "origin": "partner", **_block(told)}
        self.blocks[made["id"]] = made
        return made

    def move_block(self, told: Json) -> None:
        """As if staff had moved it."""
        self._blocked(told).update(_block(told))

    def free(self, told: Json) -> None:
        """As if staff had freed the time."""
        del self.blocks[self._blocked(told)["id"]]

    def _blocked(self, told: Json) -> Json:
        if told["break_id"] not in self.blocks:
            raise Refused(HTTPStatus.NOT_FOUND, "not_found", "there is no such break")
        return self.blocks[told["break_id"]]

    def _booked(self, told: Json) -> Json:
        visit = self.appointment(told)
        if visit["status"] != "booked":
            raise Refused(HTTPStatus.CONFLICT, "conflict", "the visit is cancelled")
        return visit

    def _time(self, start: str, minutes: int, but: str | None) -> Json:
        since, till = _at(start), _at(start) + timedelta(minutes=minutes)
        for one in self.visits.values():
            taken = one["status"] == "booked" and _at(one["start"]) < till and _at(one["end"]) > since
            if taken and one["id"] != but:
                raise Refused(HTTPStatus.CONFLICT, "conflict", "the time is taken")
        if any(_at(one["since"]) < till and _at(one["till"]) > since for one in self.blocks.values()):
            raise Refused(HTTPStatus.CONFLICT, "conflict", "the time is blocked")
        return {"start": since.isoformat(), "end": till.isoformat()}


Verb = Callable[[Program, Json], Json | None]
CALENDAR = r"/calendars/(?P<address_id>[^/]+)"
VISIT = CALENDAR + r"/appointments/(?P<appointment_id>[^/]+)"
BREAK = CALENDAR + r"/breaks/(?P<break_id>[^/]+)"
ROUTES: dict[tuple[str, str], tuple[Verb, HTTPStatus]] = {
    ("GET", "/health"): (Program.health, HTTPStatus.OK),
    ("GET", "/mapping"): (Program.mapping, HTTPStatus.OK),
    ("POST", "/mapping/import"): (Program.imported, HTTPStatus.OK),
    ("POST", "/sync"): (Program.sync, HTTPStatus.ACCEPTED),
    ("GET", CALENDAR + "/offer"): (Program.offer, HTTPStatus.OK),
    ("PUT", CALENDAR + "/offer"): (Program.set_offer, HTTPStatus.NO_CONTENT),
    ("GET", CALENDAR + "/schedule"): (Program.schedule, HTTPStatus.OK),
    ("PUT", CALENDAR + "/schedule"): (Program.set_schedule, HTTPStatus.NO_CONTENT),
    ("GET", CALENDAR + "/appointments"): (Program.appointments, HTTPStatus.OK),
    ("POST", CALENDAR + "/appointments"): (Program.add, HTTPStatus.CREATED),
    ("GET", VISIT): (Program.appointment, HTTPStatus.OK),
    ("DELETE", VISIT): (Program.cancel, HTTPStatus.NO_CONTENT),
    ("POST", VISIT + "/move"): (Program.move, HTTPStatus.OK),
    ("POST", VISIT + "/confirm"): (Program.confirm, HTTPStatus.NO_CONTENT),
    ("PUT", VISIT + "/presence"): (Program.mark, HTTPStatus.NO_CONTENT),
    ("GET", CALENDAR + "/breaks"): (Program.breaks, HTTPStatus.OK),
    ("POST", CALENDAR + "/breaks"): (Program.block, HTTPStatus.CREATED),
    ("PATCH", BREAK): (Program.move_block, HTTPStatus.NO_CONTENT),
    ("DELETE", BREAK): (Program.free, HTTPStatus.NO_CONTENT),
}


def server(port: int, program: Program) -> ThreadingHTTPServer:
    """The bridge on this machine's own address; 0 takes any free port."""
    one_at_a_time = threading.Lock()

    class Bridge(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size)
            try:
                with one_at_a_time:
                    content, status = _answered(program, self.command, self.path, body)
            except Refused as refused:
                content, status = {"error": refused.error, "message": str(refused)}, refused.status
            except (KeyError, TypeError, ValueError):
                invalid = {"error": "invalid", "message": "the request makes no sense"}
                content, status = invalid, HTTPStatus.UNPROCESSABLE_ENTITY
            sent = b"" if content is None else json.dumps(content).encode()
            self.send_response(status)
            if sent:
                self.send_header("Content-Type", "application/json")
            if status != HTTPStatus.NO_CONTENT:
                self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing: paths and queries may name patients."""

    return ThreadingHTTPServer(("127.0.0.1", port), Bridge)


def _answered(program: Program, method: str, target: str, body: bytes) -> tuple[Json | None, HTTPStatus]:
    parts = urlsplit(target)
    for (wanted, pattern), (verb, status) in ROUTES.items():
        found = re.fullmatch(pattern, parts.path)
        if method == wanted and found:
            ids = {name: unquote(value) for name, value in found.groupdict().items()}
            if ids.get("address_id", "31") != "31":
                raise Refused(HTTPStatus.NOT_FOUND, "unmapped", "the address is not mapped")
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            return verb(program, {**(json.loads(body) if body else {}), **asked, **ids}), status
    raise Refused(HTTPStatus.NOT_IMPLEMENTED, "unsupported", "this system does not have it")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _block(told: Json) -> Json:
    since, till = _at(told["since"]), _at(told["till"])
    if since >= till:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "the break ends before it begins")
    return {"since": since.isoformat(), "till": till.isoformat(), "description": told.get("description")}


def _span(asked: Json) -> tuple[datetime, datetime]:
    return _at(asked["from"]), _at(asked["to"])


if __name__ == "__main__":
    server(int(sys.argv[1]), Program()).serve_forever()

"""The stub and the embedded sandbox side by side: everybody acts at random, then both calendars are compared."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from sandbox.served import Place, Served, served

from harness.client.models import Person
from harness.stub import mapping, schedules
from harness.stub.link import Link
from harness.stub.refusals import Refusal
from harness.stub.schedules import Period
from harness.stub.server import RunningStub, serve
from harness.stub.settings import StubSettings
from harness.stub.staff import breaks, schedule, visits

HOUR = timedelta(hours=1)
HALF = timedelta(minutes=30)
DAYS = (1, 2)
LONGEST_WAIT_S = 40.0
LOOK_S = 0.02
KEY = {"callback_api_key": "canary-key", "callback_api_key_header": "X-Agreed"}


@dataclass
class BothSides:
    """A calendar on both sides, and the people who use it."""

    docplanner: Served
    stub: RunningStub
    place: Place
    chance: random.Random
    refused: list[str] = field(default_factory=list)

    @property
    def link(self) -> Link:
        """The stub's connection."""
        return self.stub.system.engine.link

    @property
    def address(self) -> str:
        """The calendar."""
        return self.place.address_id

    # -- people ---------------------------------------------------------------------------------------------------

    def staff_set_day(self) -> None:
        """Staff set the working time of a day, or empty it."""
        day = self.docplanner.day(self.chance.choice(DAYS))
        starts = self.chance.choice([(8, 12), (9, 11), (9, 13), ()])
        spans = [(starts[0], starts[1])] if starts else []
        if spans and self.chance.random() < 0.5:
            spans.append((14, self.chance.choice([16, 17])))
        services = ((self.place.services[0], 30),)
        periods = [Period(self._at(day, one), self._at(day, other), services) for one, other in spans]
        schedule.set_days(self.link, self.address, [day], periods)

    def staff_book(self) -> None:
        """Staff book a time that looks free."""
        if free := self._free():
            patient = Person(f"Piotr{self.chance.randrange(999)}", f"+4850000{self.chance.randrange(9999):04}", "Staff")
            visits.book(
                self.link,
                self.address,
                start=self.chance.choice(free),
                minutes=30,
                address_service_id=self.place.services[0],
                patient=patient,
                comment=None,
            )

    def staff_move(self) -> None:
        """Staff move a visit, whoever made it."""
        if (held := self._held()) and (free := self._free()):
            move: dict[str, Any] = {"minutes": None, "address_service_id": None, "to_address_id": None}
            visits.move(self.link, self.address, self.chance.choice(held), start=self.chance.choice(free), **move)

    def staff_cancel(self) -> None:
        """Staff cancel a visit, whoever made it."""
        if held := self._held():
            visits.cancel(self.link, self.address, self.chance.choice(held))

    def staff_block(self) -> None:
        """Staff block an hour, move it, or free it."""
        since = self._at(self.docplanner.day(3), self.chance.randrange(8, 20))
        known = breaks.listed(self.link, self.address, since - timedelta(days=9), since + timedelta(days=9))
        if known and self.chance.random() < 0.3:
            breaks.remove(self.link, self.address, self.chance.choice(known).id)
        elif known and self.chance.random() < 0.5:
            breaks.move(self.link, self.address, self.chance.choice(known).id, since, since + HOUR)
        else:
            breaks.add(self.link, self.address, since, since + HOUR, f"meeting {self.chance.randrange(10**6)}")

    def patient_books(self) -> None:
        """A patient books what is offered."""
        if offered := self._offers():
            self._act("POST", "/visits", self._wanted("patient", self.chance.choice(offered)))

    def doctor_books(self) -> None:
        """The doctor books, also outside slots."""
        start = self._at(self.docplanner.day(self.chance.choice(DAYS)), self.chance.randrange(18, 22))
        self._act("POST", "/visits", self._wanted("doctor", start.isoformat()))

    def patient_moves(self) -> None:
        """A patient moves a visit to what is offered."""
        if (booked := self._booked()) and (offered := self._offers()):
            there = {"by": "patient", "start": self.chance.choice(offered)}
            self._act("POST", f"/visits/{self.chance.choice(booked)['booking_id']}/move", there)

    def patient_cancels(self) -> None:
        """A patient cancels a visit, whoever made it."""
        if booked := self._booked():
            self._act("POST", f"/visits/{self.chance.choice(booked)['booking_id']}/cancel", {"by": "patient"})

    def doctor_blocks(self) -> None:
        """The doctor blocks an hour, or frees one."""
        since = self._at(self.docplanner.day(4), self.chance.randrange(8, 20))
        known = self._breaks()
        if known and self.chance.random() < 0.4:
            self._act("DELETE", f"/breaks/{self.chance.choice(known)['break_id']}")
        else:
            self._act("POST", "/breaks", {"since": since.isoformat(), "till": (since + HOUR).isoformat()})

    def trouble(self) -> None:
        """The next write, or read, meets trouble; or the next news comes twice."""
        faults: list[dict[str, object]] = [
            {"target": "write", "effect": "fail", "when": "before", "status": 503},
            {"target": "write", "effect": "fail", "when": "after", "status": 500},
            {"target": "write", "effect": "cut", "when": "before"},
            {"target": "write", "effect": "cut", "when": "after"},
            {"target": "read", "effect": "cut"},
            {"target": "message", "effect": "duplicate"},
        ]
        self.docplanner.done("POST", "/faults", {"address_id": self.address, **self.chance.choice(faults)})

    def anything(self, times: int, *, troubled: bool) -> None:
        """Everybody does something, so often; at times things settle in between."""
        deeds: list[Callable[[], None]] = [
            *(self.staff_set_day, self.staff_book, self.staff_book, self.staff_move, self.staff_cancel),
            *(self.patient_books, self.patient_books, self.patient_moves, self.patient_cancels, self.doctor_books),
            *(self.staff_block, self.doctor_blocks),
            *([self.trouble] if troubled else []),
        ]
        for _ in range(times):
            deed = self.chance.choice(deeds)
            try:
                deed()
            except Refusal as refusal:
                self.refused.append(f"{deed.__name__}: {refusal}")
            if self.chance.random() < 0.3:
                self.settle()

    # -- both sides -----------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Wait until neither side has anything under way."""
        look, quiet = Event(), 0
        for _ in range(int(LONGEST_WAIT_S / LOOK_S)):
            ours = self.stub.system.engine.activity()
            theirs = self.docplanner.done("GET", f"/activity?address_id={self.address}")
            waiting = theirs["pushing"] or theirs["slots_pending"] or (self.link.tenant.pulls and theirs["queued"])
            busy = ours.outgoing or ours.incoming or ours.syncing or waiting
            quiet = 0 if busy else quiet + 1
            if quiet > 1:
                return
            look.wait(LOOK_S)
        message = f"still busy: {ours} {theirs}"
        raise AssertionError(message)

    def differences(self) -> dict[str, object]:
        """What is not equal on both sides; empty where all is."""
        since, till = self._span()
        held = visits.listed(self.link, self.address, since, till)
        ours = sorted((one.start, one.minutes, one.patient.name) for one in held if one.booked and one.live)
        theirs = sorted(
            (datetime.fromisoformat(one["start"]), one["duration"], one["patient"]["name"]) for one in self._booked()
        )
        blocked = breaks.listed(self.link, self.address, since, till)
        our_breaks = sorted((one.since, one.till) for one in blocked)
        their_breaks = sorted(
            (datetime.fromisoformat(one["since"]), datetime.fromisoformat(one["till"])) for one in self._breaks()
        )
        found: dict[str, object] = {}
        if ours != theirs:
            found["visits"] = (ours, theirs)
        if our_breaks != their_breaks:
            found["breaks"] = (our_breaks, their_breaks)
        if (working := self._working()) != (offered := self._working_there()):
            found["working time"] = (sorted(working - offered), sorted(offered - working))
        if lonely := [one for one in held if one.booked and not one.live and one.sync_state == "synced"]:
            found["shown as synchronised"] = lonely
        return found

    def mapped(self, kind: str) -> set[str]:
        """Docplanner ids of what the stub has mapped."""
        with self.link.database.reading() as connection:
            rows = mapping.rows(connection, self.link.tenant.id)
        return {one.docplanner_id for one in rows if one.kind == kind and not one.gone}

    # -- within ---------------------------------------------------------------------------------------------------

    def _at(self, day: Any, hour: int) -> datetime:  # noqa: ANN401 - a date
        return datetime.fromisoformat(f"{day}T{hour:02}:00").replace(tzinfo=self.link.zone)

    def _span(self) -> tuple[datetime, datetime]:
        return self.link.midnight(self.docplanner.day(1)), self.link.midnight(self.docplanner.day(9))

    def _query(self) -> str:
        since, till = (one.isoformat().replace("+", "%2B") for one in self._span())
        return f"?from={since}&to={till}"

    def _wanted(self, by: str, start: str) -> dict[str, object]:
        number = self.chance.randrange(9999)
        patient = {"name": f"Anna{number}", "surname": "Market", "phone": f"+4850001{number:04}"}
        return {"by": by, "start": start, "address_service_id": self.place.services[0], "patient": patient}

    def _act(self, method: str, path: str, body: object = None) -> None:
        answer = self.docplanner.control(method, f"{self.place.calendar}{path}", body)
        if not answer.is_success:
            self.refused.append(f"{method} {path}: {answer.text}")

    def _items(self, noun: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.docplanner.done("GET", f"{self.place.calendar}/{noun}{self._query()}")[
            "items"
        ]
        return found

    def _offers(self) -> list[str]:
        return [one["start"] for one in self._items("offers")]

    def _booked(self) -> list[dict[str, Any]]:
        return [one for one in self._items("visits") if one["status"] == "booked"]

    def _breaks(self) -> list[dict[str, Any]]:
        return self._items("breaks")

    def _held(self) -> list[str]:
        return [one.id for one in visits.listed(self.link, self.address, *self._span()) if one.booked]

    def _free(self) -> list[datetime]:
        """Half hours of the working time without a visit, as the clinic sees them."""
        held = [one for one in visits.listed(self.link, self.address, *self._span()) if one.booked]
        starts = [
            one.start + n * HALF
            for one in schedule.listed(self.link, self.address, *self._span())
            for n in range(int((one.end - one.start) / HALF))
        ]
        return [start for start in starts if not any(one.start < start + HALF and one.end > start for one in held)]

    def _working(self) -> set[datetime]:
        with self.link.database.reading() as connection:
            found = schedules.overlapping(connection, self.link.tenant.id, self.address, *self._span())
        return {one.start + n * HALF for one in found for n in range(int((one.end - one.start) / HALF))}

    def _working_there(self) -> set[datetime]:
        spans = [
            (datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"]))
            for one in self._items("working-time")
            if one["services"]
        ]
        return {start + n * HALF for start, end in spans for n in range(int((end - start) / HALF))}


@contextmanager
def both_sides(seed: int, *, delivery: str = "push", **settings: object) -> Iterator[BothSides]:
    """A sandbox with ``settings``, the stub connected to it, and a calendar that is activated."""
    with served() as docplanner, serve(StubSettings(pull_interval_s=0.1)) as stub:
        sandbox = docplanner.sandbox
        place = docplanner.place()
        told = {"delivery": delivery, "callback_url": stub.callback_url, **KEY}
        docplanner.done("PUT", f"/clients/{sandbox.client_id}", told)
        docplanner.done("PUT", "/settings", {"slots_delay_s": 0.05, "retry_schedule_s": [0.2, 0.2, 0.2], **settings})
        stub.system.connect(
            {
                "api_base_url": sandbox.api_base_url,
                "token_url": sandbox.token_url,
                "client_id": sandbox.client_id,
                "client_secret": sandbox.client_secret,
                "delivery": delivery,
                "time_zone": sandbox.state.zone.key,
                **KEY,
            }
        )
        stub.system.engine.import_mapping()
        here = BothSides(docplanner, stub, place, random.Random(seed))  # noqa: S311 - repeatable on purpose
        stub.system.engine.sync([place.address_id])
        here.settle()
        yield here

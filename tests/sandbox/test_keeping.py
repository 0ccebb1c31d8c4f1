"""What the sandbox knows is brought back: from a snapshot, and from its file."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sandbox.endpoint import listening
from sandbox.served import ANNA, Place, Served, served

from harness.clock import ManualClock
from harness.errors import ConfigurationError
from harness.sandbox.rows import KINDS, Rows, row_of
from harness.sandbox.state import State
from harness.sandbox.state_file import StateFile

AS_IT_COMES = settings(max_examples=4, deadline=None, phases=[Phase.generate])
"""A sequence is not made shorter: it would take minutes, and the seed repeats it."""
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class Crowd:
    """Somebody who does whatever comes to mind, on few calendars; what is refused is refused."""

    docplanner: Served
    chance: random.Random
    places: list[Place] = field(default_factory=list)

    def act(self) -> None:
        """One act, by one of the three sides."""
        acts: list[Callable[[Place], object]] = [
            self.book, self.move, self.cancel, self.block, self.free, self.work, self.send_slots, self.book_by_api,
            self.pull, self.open_or_close, self.change_service, self.trouble, self.end_trouble, self.change_settings,
            self.let_time_pass, self.lease, self.join, self.change_client, self.age,
        ]  # fmt: skip
        if not self.places:
            self.docplanner.done("PUT", f"/clients/{self.docplanner.sandbox.client_id}", {"delivery": "pull"})
            self.places = [self.docplanner.place(), self.docplanner.place("lookalike")]
            for place in self.places:
                self.docplanner.fill(place, 2)
        self.chance.choice(acts)(self.chance.choice(self.places))

    def hour(self) -> str:
        """A time of the day on which all of them meet."""
        return self.docplanner.at(2, self.chance.choice(["09:00", "09:30", "10:00", "10:30"]))

    def found(self, place: Place, what: str) -> list[Any]:
        """What a calendar has of that kind."""
        span = f"from={quote(self.docplanner.at(1, '00:00'))}&to={quote(self.docplanner.at(4, '00:00'))}"
        items: list[Any] = self.docplanner.done("GET", f"{place.calendar}/{what}?{span}")["items"]
        return items

    def book(self, place: Place) -> None:
        """A visit by a patient or the doctor."""
        by = self.chance.choice(["patient", "doctor"])
        wanted = {"by": by, "start": self.hour(), "address_service_id": place.services[0], "patient": ANNA}
        self.docplanner.control("POST", f"{place.calendar}/visits", wanted)

    def move(self, place: Place) -> None:
        """A visit to another time."""
        for one in self.found(place, "visits")[:1]:
            path = f"{place.calendar}/visits/{one['booking_id']}/move"
            self.docplanner.control("POST", path, {"by": "patient", "start": self.hour()})

    def cancel(self, place: Place) -> None:
        """A visit less."""
        for one in self.found(place, "visits")[-1:]:
            path = f"{place.calendar}/visits/{one['booking_id']}/cancel"
            self.docplanner.control("POST", path, {"by": "doctor"})

    def block(self, place: Place) -> None:
        """A break."""
        self.docplanner.control(
            "POST", f"{place.calendar}/breaks", {"since": self.hour(), "till": self.docplanner.at(2, "11:00")}
        )

    def free(self, place: Place) -> None:
        """A break less."""
        for one in self.found(place, "breaks")[:1]:
            self.docplanner.control("DELETE", f"{place.calendar}/breaks/{one['break_id']}")

    def work(self, place: Place) -> None:
        """Working time by hand."""
        self.docplanner.fill(place, self.chance.choice([2, 3]), till=self.chance.choice(["10:00", "12:00"]))

    def send_slots(self, place: Place) -> None:
        """Working time by the API."""
        period = self.docplanner.period(place, 2, till=self.chance.choice(["10:00", "11:00", "13:00"]))
        self.docplanner.api("PUT", f"{place.path}/slots", {"slots": [period]})

    def book_by_api(self, place: Place) -> None:
        """A visit by the API."""
        wanted = {"address_service_id": place.services[0], "duration": 30, "is_returning": False, "patient": ANNA}
        self.docplanner.api("POST", f"{place.path}/slots/{quote(self.hour(), safe='')}/book", wanted)

    def pull(self, place: Place) -> None:
        """The oldest notification."""
        self.docplanner.api("GET", "/notifications")

    def open_or_close(self, place: Place) -> None:
        """The calendar."""
        self.docplanner.api("POST" if self.chance.random() < 0.5 else "DELETE", f"{place.path}/calendar")

    def change_service(self, place: Place) -> None:
        """Services more, less, and other ones."""
        services = self.docplanner.done("GET", f"{place.calendar}/services")["items"]
        if len(services) > 2 and self.chance.random() < 0.5:
            self.docplanner.done("DELETE", f"{place.calendar}/services/{services[-1]['id']}")
        elif len(services) < 5:
            self.docplanner.done("POST", f"{place.calendar}/services", {})
        self.docplanner.done("PATCH", f"{place.calendar}/services/{services[0]['id']}", {"price": 77})

    def trouble(self, place: Place) -> None:
        """For messages of the calendar."""
        effect = self.chance.choice(["hold", "drop", "duplicate", "delay"])
        wanted = {"address_id": place.address_id, "target": "message", "effect": effect, "count": 2}
        self.docplanner.control("POST", "/faults", wanted | ({"delay_s": 60} if effect == "delay" else {}))

    def end_trouble(self, place: Place) -> None:
        """The oldest."""
        for one in self.docplanner.done("GET", "/faults")["items"][:1]:
            self.docplanner.done("DELETE", f"/faults/{one['fault_id']}")

    def change_settings(self, place: Place) -> None:
        """Of the sandbox or the calendar."""
        values = {"breaks_hide_slots": self.chance.random() < 0.5, "slots_delay_s": self.chance.choice([0.0, 3000.0])}
        self.docplanner.done("PUT", self.chance.choice(["/settings", f"{place.calendar}/settings"]), values)

    def let_time_pass(self, place: Place) -> None:
        """Up to an hour."""
        self.docplanner.advance(seconds=self.chance.choice([1, 100, 4000]))

    def lease(self, place: Place) -> None:
        """A clinic, if one is left."""
        self.docplanner.control("POST", "/leases", {"scenario": "somebody"})

    def join(self, place: Place) -> None:
        """A clinic more, shared or not."""
        client = self.docplanner.sandbox.client_id
        method = self.chance.choice(["PUT", "DELETE"])
        clinic = self.docplanner.done("POST", "/clinics", {})["facility_id"]
        self.docplanner.done(method, f"/clinics/{clinic}/grants/{client}")

    def change_client(self, place: Place) -> None:
        """An API client more."""
        made = self.docplanner.done("POST", "/clients", {"name": "other", "delivery": "pull", "realtime": False})
        limits = {"limits": {"reads_per_hour": 77}}
        self.docplanner.done("PUT", f"/clients/{made['client_id']}", limits)

    def age(self, place: Place) -> None:
        """Notifications grow older."""
        self.docplanner.done("POST", "/notifications/age", {"address_id": place.address_id, "seconds": 3600})

    def reads(self) -> dict[str, object]:
        """What everybody can see."""
        client = self.docplanner.sandbox.client_id
        paths = ["/estate", "/clients", "/settings", "/clock", "/notifications", "/faults"]
        paths += [f"/activity?client_id={client}", "/activity"]
        seen: dict[str, object] = {one: self.docplanner.done("GET", one) for one in paths}
        for place in self.places:
            for what in ("offers", "working-time", "visits", "breaks"):
                seen[f"{place.address_id} {what}"] = self.found(place, what)
            for what in ("services", "settings"):
                seen[f"{place.address_id} {what}"] = self.docplanner.done("GET", f"{place.calendar}/{what}")
            for what in ("calendar", "services", "insurance-providers"):
                seen[f"{place.path} {what}"] = self.docplanner.api("GET", f"{place.path}/{what}").text
            span = f"start={quote(self.docplanner.at(1, '00:00'))}&end={quote(self.docplanner.at(4, '00:00'))}"
            for what in ("slots", "bookings"):
                seen[f"{place.path} {what}"] = self.docplanner.api("GET", f"{place.path}/{what}?{span}").text
        return seen


@contextmanager
def crowd(seed: int, *, file: StateFile | None = None) -> Iterator[Crowd]:
    """Somebody in a sandbox whose clock stands still."""
    with served(beneath=ManualClock(NOON), file=file) as docplanner:
        yield Crowd(docplanner, random.Random(seed))  # noqa: S311 - repeatable on purpose


def rows(state: State) -> dict[str, dict[str, Any]]:
    """Everything that a sandbox knows."""
    return {
        kind.name: {key: orjson.loads(row_of(kind, one)) for key, one in kind.entries(state).items()} for kind in KINDS
    }


def without_windows(told: Rows | None) -> Rows:
    """But for calls counted: reads alone are not worth a row."""
    assert told is not None
    return {**told, "client": {key: {**row, "windows": {}} for key, row in told["client"].items()}}


@AS_IT_COMES
@given(st.integers(0, 10**9), st.integers(1, 25), st.integers(1, 25))
def test_a_snapshot_brings_back_every_answer(seed: int, before: int, after: int) -> None:
    """Whatever was done before it, and whatever is done between it and the return; ids alone go on."""
    with crowd(seed) as somebody:
        somebody.act()
        for _ in range(before):
            somebody.act()
        seen = somebody.reads()
        snapshot = somebody.docplanner.done("GET", "/snapshot")
        places = list(somebody.places)
        for _ in range(after):
            somebody.act()
        last_id = somebody.docplanner.sandbox.state.ids.last

        somebody.docplanner.done("PUT", "/snapshot", snapshot)

        somebody.places = places
        assert somebody.reads() == seen
        assert somebody.docplanner.sandbox.state.ids.last >= last_id


@AS_IT_COMES
@given(st.integers(0, 10**9), st.integers(1, 60))
def test_the_file_holds_everything_after_every_answer(seed: int, acts: int) -> None:
    """Nothing that changes is forgotten: the file tells what the sandbox knows, and a new one goes on from it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "state"
        with StateFile(path) as file, crowd(seed, file=file) as somebody:
            for number in range(acts):
                somebody.act()
                if number == acts // 2:
                    somebody.docplanner.done("PUT", "/snapshot", somebody.docplanner.done("GET", "/snapshot"))
            sandbox = somebody.docplanner.sandbox
            assert without_windows(file.read()) == without_windows(rows(sandbox.state))
            seen = somebody.reads()

        with StateFile(path) as file, crowd(seed, file=file) as again:
            again.places = somebody.places
            assert again.docplanner.sandbox.client_secret == sandbox.client_secret
            assert again.docplanner.sandbox.control_token == sandbox.control_token
            assert again.reads() == seen
            assert again.docplanner.sandbox.state.ids.last >= sandbox.state.ids.last


def test_what_was_under_way_at_a_snapshot_is_sent_after_it() -> None:
    """A message that could not be delivered goes on with its tries; one that a fault delays comes when it is due."""
    with served() as docplanner, listening() as endpoint:
        place = docplanner.place()
        client = f"/clients/{docplanner.sandbox.client_id}"
        docplanner.done("PUT", client, {"callback_url": endpoint.url})
        docplanner.fill(place, 2)
        docplanner.done(
            "POST",
            "/faults",
            {"address_id": place.address_id, "target": "message", "effect": "delay", "delay_s": 600},
        )
        docplanner.book(place, docplanner.at(2, "09:00"))
        snapshot = docplanner.done("GET", "/snapshot")
        docplanner.done("POST", "/reset")

        docplanner.done("PUT", "/snapshot", snapshot)
        mark = docplanner.mark()
        docplanner.advance(seconds=601)
        docplanner.wait(mark, "notification", place)

        (told,) = docplanner.done("GET", f"/notifications?address_id={place.address_id}")["items"]
        assert told["state"] == "delivered"


def test_a_snapshot_holds_no_secret_and_an_unknown_client_gets_a_new_one() -> None:
    """Its secrets stay where they are; another sandbox draws new ones and tells them once."""
    with served() as docplanner:
        docplanner.authorise()
        secret = docplanner.sandbox.client_secret
        snapshot = docplanner.done("GET", "/snapshot")
        assert secret not in orjson.dumps(snapshot).decode()
        assert docplanner.token not in orjson.dumps(snapshot).decode()
        docplanner.done("PUT", "/snapshot", snapshot)
        assert docplanner.api("GET", "/facilities").status_code == 200
    with served() as other:
        (made,) = other.done("PUT", "/snapshot", snapshot)["new_clients"]
        assert made["client_id"] == docplanner.sandbox.client_id
        assert made["client_secret"] != secret


@pytest.mark.parametrize(
    "told",
    [
        {"version": 2, "rows": {}},
        {"version": 1, "rows": {}},
        {"version": 1, "rows": {"whole": {"": {"marketplace": 7}}}},
    ],
)
def test_what_is_no_snapshot_is_refused_and_changes_nothing(told: dict[str, Any]) -> None:
    """With the reason."""
    with served() as docplanner:
        before = docplanner.done("GET", "/estate")
        assert docplanner.control("PUT", "/snapshot", told).status_code == 422
        assert docplanner.done("GET", "/estate") == before


def test_a_file_of_another_kind_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    """So is one that another sandbox uses; the file is its owner's alone."""
    notes = tmp_path / "notes.txt"
    notes.write_text("nothing to do with it, and long enough to be looked at" * 20, encoding="utf-8")
    before = notes.read_bytes()
    with pytest.raises(ConfigurationError, match="no state of a sandbox"):
        StateFile(notes)
    assert notes.read_bytes() == before
    with StateFile(tmp_path / "state") as file:
        assert file.path.stat().st_mode & 0o077 == 0
        with pytest.raises(ConfigurationError, match="another sandbox uses it"):
            StateFile(tmp_path / "state")

"""A run that writes whatever comes to its mind, by the guarded way, until it is killed. Started by tests.

Reads on its first line what it needs, says ``writing`` once it does, and never ends by itself.
"""

from __future__ import annotations

import json
import random
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from harness.client.api import DocplannerApi
from harness.client.auth import Credentials
from harness.client.calls import Endpoint
from harness.client.models import CalendarAt, NewBooking, Person, WorkPeriod
from harness.client.outcome import Done, Outcome
from harness.clock import SystemClock
from harness.safety.estate import read_estate
from harness.safety.session import Rules, reading, writing


@dataclass
class Writer:
    """What it has made, and goes on to change."""

    api: DocplannerApi
    calendars: list[CalendarAt]
    services: dict[CalendarAt, str]
    dictionary: list[str]
    providers: list[str]
    midnight: datetime
    chance: random.Random
    phone: str

    def __post_init__(self) -> None:
        self.visits: list[tuple[CalendarAt, str]] = []
        self.breaks: list[tuple[CalendarAt, str]] = []
        self.added: list[tuple[CalendarAt, str]] = []

    def act(self) -> None:
        """Write something."""
        at = self.chance.choice(self.calendars)
        often = (self.book, self.move, self.cancel, self.block, self.free, self.work, self.empty)
        act = self.chance.choice((*often, *often, self.offer, self.insure))
        act(at)

    def moment(self) -> datetime:
        """A half hour of one of the next days."""
        return self.midnight + timedelta(days=self.chance.randint(1, 6), minutes=30 * self.chance.randint(18, 23))

    def book(self, at: CalendarAt) -> None:
        """Take a slot."""
        person = Person(f"Test{self.chance.randint(0, 999)}", self.phone, "Acceptance")
        self.keep(self.visits, at, self.api.bookings.book(at, self.moment(), NewBooking(self.services[at], person, 30)))

    def move(self, _: CalendarAt) -> None:
        """Move one of its visits."""
        if self.visits:
            at, visit = self.visits.pop(self.chance.randrange(len(self.visits)))
            service = self.services[at]
            self.keep(
                self.visits,
                at,
                self.api.bookings.move(at, visit, self.moment(), address_service_id=service, minutes=30),
            )

    def cancel(self, _: CalendarAt) -> None:
        """Cancel the last of its visits."""
        if self.visits:
            self.api.bookings.cancel(*self.visits.pop())

    def block(self, at: CalendarAt) -> None:
        """Add a break."""
        since = self.moment()
        self.keep(self.breaks, at, self.api.calendars.add_break(at, since, since + timedelta(minutes=45)))

    def free(self, _: CalendarAt) -> None:
        """Delete the last of its breaks."""
        if self.breaks:
            self.api.calendars.delete_break(*self.breaks.pop())

    def work(self, at: CalendarAt) -> None:
        """Offer two hours."""
        since = self.moment()
        self.api.calendars.replace_slots(
            at, [WorkPeriod(since, since + timedelta(hours=2), ((self.services[at], 30),))]
        )

    def empty(self, at: CalendarAt) -> None:
        """Offer nothing on a day."""
        self.api.calendars.delete_slots(at, self.moment().date())

    def offer(self, at: CalendarAt) -> None:
        """Offer another service."""
        self.api.directory.add_service(at, self.chance.choice(self.dictionary), minutes=20)

    def insure(self, at: CalendarAt) -> None:
        """Accept a provider, or accept one no longer."""
        provider = self.chance.choice(self.providers)
        if self.chance.random() < 0.5:
            self.api.directory.add_insurance(at, provider)
        else:
            self.api.directory.delete_insurance(at, provider)

    def keep(self, made: list[tuple[CalendarAt, str]], at: CalendarAt, outcome: Outcome[str]) -> None:
        """Remember what was made, where it was."""
        if isinstance(outcome, Done):
            made.append((at, outcome.value))


def main() -> None:
    """Write until somebody ends it."""
    told: dict[str, Any] = json.loads(sys.stdin.readline())
    credentials = Credentials(told["token_url"], told["client_id"], told["client_secret"])
    endpoint, clock = Endpoint(told["api_base_url"], credentials, "tests"), SystemClock()
    rules = Rules(frozenset({told["facility"]}), frozenset({told["phone"]}))
    with reading(endpoint, httpx.HTTPTransport, clock) as api:
        origin = told["api_base_url"].partition("/api/")[0]
        estate = read_estate(api, origin=origin, client_id=told["client_id"], writable=rules.facilities)
        calendars = sorted(estate.calendars, key=lambda one: one.path)
        services = {at: _done(api.directory.services(at))[0].id for at in calendars}
        dictionary = [one.id for one in _done(api.dictionaries.services())]
        providers = [one.id for one in _done(api.dictionaries.insurances())]
    midnight = datetime.fromisoformat(told["midnight"])
    journal = Path(told["journal"])
    with writing(
        endpoint, httpx.HTTPTransport, estate, rules, run="t", time_zone=told["zone"], journal=journal, clock=clock
    ) as api:
        chance = random.Random(told["seed"])  # noqa: S311 - repeatable on purpose
        writer = Writer(api, calendars, services, dictionary, providers, midnight, chance, told["phone"])
        sys.stdout.write("writing\n")
        sys.stdout.flush()
        while True:
            writer.act()


def _done(outcome: Outcome[Any]) -> Any:  # noqa: ANN401 - whatever was asked for
    assert isinstance(outcome, Done), outcome
    return outcome.value


if __name__ == "__main__":
    main()

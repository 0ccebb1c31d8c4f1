"""A sandbox that stands for a real Docplanner, as the guard sees one: nothing is allowed because it is near."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
from sandbox.served import Place, Served

from harness.client.api import DocplannerApi
from harness.client.auth import Credentials
from harness.client.calls import Endpoint
from harness.client.models import CalendarAt, NewBooking, Person, WorkPeriod
from harness.clock import SystemClock
from harness.safety.estate import Estate, read_estate
from harness.safety.session import Rules, Transport, reading, tidied, tidy, undoing, writing
from harness.safety.undo import Report, undo
from harness.safety.writes import read_writes

PHONE = "+48500700700"
ANNA = Person("Anna", PHONE, "Acceptance", "anna@example.com")
ZONE = "Europe/Warsaw"
SETTLE = timedelta(seconds=0.25)


@dataclass
class Far:
    """A sandbox, how it is reached, and which facility may be written to."""

    docplanner: Served
    endpoint: Endpoint
    place: Place
    estate: Estate
    rules: Rules
    journal: Path

    @property
    def at(self) -> CalendarAt:
        """The calendar of the test."""
        return CalendarAt(self.place.facility_id, self.place.doctor_id, self.place.address_id)

    @contextmanager
    def writing(self, transport: Transport = httpx.HTTPTransport) -> Iterator[DocplannerApi]:
        """A client by the way that real runs take."""
        with writing(
            self.endpoint,
            transport,
            self.estate,
            self.rules,
            run="test",
            time_zone=ZONE,
            journal=self.journal,
            clock=SystemClock(),
        ) as api:
            yield api

    @contextmanager
    def tidied(self, tell: Callable[[Report], None]) -> Iterator[DocplannerApi]:
        """The same, undone at the end."""
        with tidied(
            self.endpoint,
            httpx.HTTPTransport,
            self.estate,
            self.rules,
            run="test",
            time_zone=ZONE,
            journal=self.journal,
            clock=SystemClock(),
            settle=SETTLE,
            tell=tell,
        ) as api:
            yield api

    def finish(self) -> None:
        """Undo everything, and say so in the journal."""
        writes = read_writes(self.journal)
        transport, clock = httpx.HTTPTransport, SystemClock()
        tidy(self.endpoint, transport, writes, clock=clock, phones=self.rules.phones, settle=SETTLE)

    def undo(self) -> Report:
        """Undo what the journal says, as ``acceptance cleanup`` does."""
        writes = read_writes(self.journal)
        with undoing(self.endpoint, httpx.HTTPTransport, writes, SystemClock()) as (api, _):
            return undo(api, writes, clock=SystemClock(), phones=self.rules.phones, settle=SETTLE)

    def day(self, ahead: int) -> date:
        """A day of the marketplace."""
        return self.docplanner.day(ahead)

    def moment(self, ahead: int, hour: str) -> datetime:
        """An hour of such a day."""
        return datetime.fromisoformat(self.docplanner.at(ahead, hour))

    def period(self, ahead: int, since: str, till: str) -> WorkPeriod:
        """Work in slots of 30 minutes."""
        services = ((self.place.services[0], 30),)
        return WorkPeriod(self.moment(ahead, since), self.moment(ahead, till), services)

    def visit(self) -> NewBooking:
        """A visit of the test's own patient."""
        return NewBooking(self.place.services[0], ANNA, 30)


@contextmanager
def far(
    directory: Path, docplanner: Served, origin: str = "", transport: Transport = httpx.HTTPTransport
) -> Iterator[Far]:
    """One facility of the sandbox, which may be written to; ``origin`` is how else it is reached."""
    place = docplanner.place()
    sandbox = docplanner.sandbox
    origin = origin or sandbox.base_url
    credentials = Credentials(f"{origin}/oauth/v2/token", sandbox.client_id, sandbox.client_secret)
    endpoint = Endpoint(f"{origin}/api/v3/integration", credentials, "tests")
    rules = Rules(frozenset({place.facility_id}), frozenset({PHONE}))
    with reading(endpoint, transport, SystemClock()) as api:
        estate = read_estate(api, origin=origin, client_id=sandbox.client_id, writable=rules.facilities)
    yield Far(docplanner, endpoint, place, estate, rules, directory / "writes" / "test.jsonl")

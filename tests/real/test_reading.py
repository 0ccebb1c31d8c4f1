"""What a Docplanner shows by its API is what the embedded sandbox says of itself, as far as the API tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import httpx
import pytest
from safety.places import Far, far
from sandbox.served import served

from harness.clock import SystemClock
from harness.errors import DocplannerRefused, DocplannerUnreachable, NeedsSandbox, PersonSkipped
from harness.marketplace.embedded import EmbeddedMarketplace
from harness.marketplace.port import Cause, Lease, WorkPeriodThere
from harness.real.reading import DocplannerReading
from harness.real.unmanned import Unmanned
from harness.safety.session import reading
from harness.vocabulary import AddressId, Patient, Visit

CAUSE = Cause("tests", 1)


@dataclass
class Sides:
    """A calendar with things in it, read through the API and told by the sandbox."""

    there: Far
    read: DocplannerReading
    told: EmbeddedMarketplace
    range: tuple[datetime, datetime]

    @property
    def address(self) -> AddressId:
        """The calendar."""
        return AddressId(self.there.place.address_id)


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """Working time on two days, a visit, a cancelled visit, and a break."""
    with served() as docplanner, far(tmp_path_factory.mktemp("writes"), docplanner) as there:
        place = there.place
        docplanner.fill(place, 3)
        docplanner.fill(place, 4)
        docplanner.book(place, docplanner.at(3, "10:00"))
        gone = docplanner.book(place, docplanner.at(3, "09:00"))
        docplanner.done("POST", f"{place.calendar}/visits/{gone['booking_id']}/cancel", {"by": "patient"})
        span = {"since": docplanner.at(4, "15:00"), "till": docplanner.at(4, "16:00"), "description": "lunch"}
        docplanner.done("POST", f"{place.calendar}/breaks", span)
        sandbox = docplanner.sandbox
        told = EmbeddedMarketplace(
            sandbox.control_url,
            token=sandbox.control_token,
            client_id=sandbox.client_id,
            transport=httpx.HTTPTransport(),
        )
        since = SystemClock().now()
        with reading(there.endpoint, httpx.HTTPTransport, SystemClock()) as api:
            yield Sides(there, DocplannerReading(api), told, (since, since + timedelta(days=28)))
        told.close()


def test_offers_are_those_of_the_sandbox(sides: Sides) -> None:
    """Each slot, once for each of its services."""
    told = sides.told.offers(sides.address, *sides.range)

    assert told
    assert set(sides.read.offers(sides.address, *sides.range)) == set(told)


def test_visits_are_those_of_the_sandbox(sides: Sides) -> None:
    """With their patients; the cancelled one is told as such."""
    told = {one.booking_id: one for one in sides.told.visits(sides.address, *sides.range)}

    found = {one.booking_id: one for one in sides.read.visits(sides.address, *sides.range)}

    assert sorted(one.status for one in found.values()) == ["booked", "canceled"]
    assert found.keys() == told.keys()
    for key, one in found.items():
        assert (one.start, one.end, one.duration, one.address_service_id, one.status, one.patient, one.confirmed) == (
            told[key].start,
            told[key].end,
            told[key].duration,
            told[key].address_service_id,
            told[key].status,
            told[key].patient,
            told[key].confirmed,
        )


def test_breaks_are_those_of_the_sandbox(sides: Sides) -> None:
    """But for who made them."""
    told = sides.told.breaks(sides.address, *sides.range)
    found = sides.read.breaks(sides.address, *sides.range)

    assert [(one.break_id, one.since, one.till, one.description) for one in found] == [
        (one.break_id, one.since, one.till, one.description) for one in told
    ]
    assert len(found) == 1


def test_working_time_is_what_is_offered_and_what_visits_take(sides: Sides) -> None:
    """By the minute and service the same as what was accepted."""
    told = minutes(sides.told.working_time(sides.address, *sides.range))

    assert told
    assert minutes(sides.read.working_time(sides.address, *sides.range)) == told


def minutes(periods: Iterable[WorkPeriodThere]) -> set[tuple[str, int, datetime]]:
    """Every minute that is worked, with service and length."""
    found: set[tuple[str, int, datetime]] = set()
    for period in periods:
        for service in period.services:
            at = period.start
            while at < period.end:
                found.add((service.address_service_id, service.duration, at))
                at += timedelta(minutes=1)
    return found


def test_the_estate_is_what_is_shared_with_the_client(sides: Sides) -> None:
    """Clinics, doctors, calendars, services and insurances, field by field."""
    client = sides.there.docplanner.sandbox.client_id
    told = {clinic.id: clinic for clinic, granted in sides.told.estate() if client in granted}

    assert {clinic.id: clinic for clinic in sides.read.clinics()} == told


def test_a_calendar_that_is_not_shared_cannot_be_read(sides: Sides) -> None:
    """It is refused, and nothing is made up for it."""
    with pytest.raises(DocplannerRefused):
        sides.read.offers(AddressId("999999999"), *sides.range)


def test_a_docplanner_that_is_not_there_is_told_as_such(sides: Sides) -> None:
    """Rather than as an empty calendar."""
    nowhere = "http://127.0.0.1:9"
    credentials = replace(sides.there.endpoint.credentials, token_url=f"{nowhere}/oauth/v2/token")
    gone = replace(sides.there.endpoint, api_base_url=f"{nowhere}/api/v3/integration", credentials=credentials)
    with (
        reading(gone, httpx.HTTPTransport, SystemClock()) as api,
        pytest.raises(DocplannerUnreachable),
    ):
        DocplannerReading(api).clinics()


def test_where_nobody_acts_each_act_says_so(sides: Sides) -> None:
    """A person's as not done, the sandbox's as its own; what can be read is read."""
    calendar = sides.read.clinics([sides.there.place.facility_id])[0].doctors[0].calendars[0]
    lease = Lease(1, sides.read.clinics([sides.there.place.facility_id])[0])
    visit = Visit(calendar, Patient("Anna", "A", "+48500"), sides.range[0], 30, calendar.services[0])
    unmanned = Unmanned(sides.read, "client", lambda _: lease)

    with pytest.raises(PersonSkipped, match="Nobody acts as patient"):
        unmanned.book(visit, "patient", CAUSE)
    with pytest.raises(PersonSkipped, match="Nobody acts as doctor"):
        unmanned.add_break(calendar.id, *sides.range, CAUSE)
    with pytest.raises(NeedsSandbox):
        unmanned.expire_tokens(CAUSE)
    with pytest.raises(NeedsSandbox):
        unmanned.time.pass_by(timedelta(hours=1), CAUSE)
    with pytest.raises(NeedsSandbox):
        unmanned.lease("one", "lookalike")
    assert unmanned.lease("one", "ordinary") == lease
    assert unmanned.services(calendar.id) == calendar.services

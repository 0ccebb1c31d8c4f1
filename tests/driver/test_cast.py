"""Who plays tells Docplanner what it demands of patients, and nothing more where the tester is everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from harness.driver.cast import Cast, DoctorName
from harness.marketplace.port import Lease
from harness.vocabulary import (
    AddressId,
    AddressServiceId,
    Calendar,
    Clinic,
    Doctor,
    DoctorId,
    FacilityId,
    Patient,
    Service,
    Visit,
)

FIRST, SECOND = DoctorName("Kowalska"), DoctorName("Nowak")
NIN = "80022912345"
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def calendar(number: str, demands: frozenset[str]) -> Calendar:
    """A calendar with one service."""
    services = (Service(AddressServiceId(f"s{number}"), "1", "Consultation", 30),)
    return Calendar(AddressId(number), FacilityId("1"), DoctorId(number), "Main Street", False, services, (), demands)  # noqa: FBT003 - not online


def people(first: frozenset[str], second: frozenset[str], *, phone: str | None) -> Cast:
    """A clinic of two doctors, whose addresses demand that of patients; ``phone`` is the tester's."""
    doctors = tuple(
        Doctor(DoctorId(number), "Ewa", "Kowalska", (calendar(number, demands),))
        for number, demands in (("1", first), ("2", second))
    )
    lease = Lease(1, Clinic(FacilityId("1"), "Clinic", doctors))
    return Cast(lease, locale="pl_PL", seed="1", phone_block="500700", phone=phone, nin=NIN if phone else None)


def told(cast: Cast, name: str, doctor: DoctorName) -> Patient:
    """Who books there."""
    return cast.patient(name, cast.calendar(doctor))


def test_the_testers_number_is_given_where_it_is_demanded_alone() -> None:
    """Whoever the patient is called."""
    cast = people(frozenset({"nin"}), frozenset({"birth_date"}), phone="+48500700700")

    assert [told(cast, name, FIRST).nin for name in ("Anna", "Piotr")] == [NIN, NIN]
    assert [told(cast, name, SECOND).nin for name in ("Anna", "Piotr")] == [None, None]
    assert cast.patient("Anna").nin is None
    assert told(cast, "Anna", SECOND).birth_date is not None


@pytest.mark.parametrize("demands", [frozenset(), frozenset({"nin"})])
def test_invented_people_have_invented_numbers(demands: frozenset[str]) -> None:
    """In the embedded sandbox; the same everywhere."""
    cast = people(demands, frozenset(), phone=None)

    assert told(cast, "Anna", FIRST) == told(cast, "Anna", SECOND) == cast.patient("Anna")
    assert cast.patient("Anna").nin not in {None, NIN}


def test_gender_is_told_where_it_is_demanded() -> None:
    """As the first name says."""
    cast = people(frozenset({"gender"}), frozenset(), phone="+48500700700")

    assert (told(cast, "Anna", FIRST).gender, told(cast, "Piotr", FIRST).gender) == ("f", "m")
    assert told(cast, "Piotr", SECOND).gender is None


def test_who_is_moved_to_another_calendar_tells_what_that_one_demands() -> None:
    """And is the same one."""
    cast = people(frozenset(), frozenset({"nin"}), phone="+48500700700")
    here, there = cast.calendar(FIRST), cast.calendar(SECOND)
    visit = Visit(here, cast.patient("Anna", here), NOON, 30, cast.service(here))

    moved = cast.across(visit, there, NOON)

    assert (moved.calendar, moved.service) == (there, there.services[0])
    assert (visit.patient.nin, moved.patient) == (None, replace(visit.patient, nin=NIN))

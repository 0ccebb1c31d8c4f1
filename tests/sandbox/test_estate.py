"""The estate: what a partner system has to map, in every marketplace."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from harness.clock import ManualClock
from harness.contract.marketplaces import MARKETPLACES
from harness.sandbox.directory import Doctor, Facility
from harness.sandbox.settings import SandboxSettings
from harness.sandbox.state import State

CLOCK = ManualClock(datetime(2026, 3, 2, 8, tzinfo=UTC))


def made(**settings: object) -> State:
    """A sandbox's memory with a few clinics of every kind."""
    return State(SandboxSettings(**{"clinics": 6, "lookalike_clinics": 2, **settings}), CLOCK)  # type: ignore[arg-type]


def doctors(facility: Facility) -> list[Doctor]:
    """Its doctors."""
    return list(facility.doctors.values())


def of_kind(state: State, kind: str) -> list[Facility]:
    """Its clinics of that kind."""
    return [one for one in state.directory.facilities.values() if one.kind == kind]


@pytest.mark.parametrize("domain", MARKETPLACES)
def test_an_ordinary_clinic_has_two_doctors_with_a_calendar_each(domain: str) -> None:
    """In every marketplace: other names, in-person addresses, two services of 30 minutes, some insurance."""
    state = made(marketplace=domain)

    for clinic in of_kind(state, "ordinary"):
        first, second = doctors(clinic)
        assert (first.name, first.surname) != (second.name, second.surname)
        for doctor in (first, second):
            (address,) = doctor.addresses.values()
            assert not address.online_only
            assert [one.duration for one in address.services.values()] == [30, 30]
            assert len({one.name for one in address.services.values()}) == 2
            assert 1 <= len(address.insurances) <= 2
            assert all(plans for plans in address.insurances.values())


@pytest.mark.parametrize("domain", MARKETPLACES)
def test_a_lookalike_clinic_cannot_be_mapped_by_names(domain: str) -> None:
    """Two doctors of one name; the first works at two places and online, and offers the same everywhere."""
    for clinic in of_kind(made(marketplace=domain), "lookalike"):
        first, second = doctors(clinic)
        assert (first.name, first.surname) == (second.name, second.surname)
        assert [one.online_only for one in first.addresses.values()] == [False, False, True]
        assert [one.online_only for one in second.addresses.values()] == [False]
        offered = [
            {one.name for one in address.services.values()}
            for doctor in (first, second)
            for address in doctor.addresses.values()
        ]
        assert all(one == offered[0] for one in offered)


def test_nobody_else_shares_a_name() -> None:
    """But for look-alikes of one clinic, a doctor's name is his alone."""
    state = made(clinics=30, lookalike_clinics=5)

    names = [{(one.name, one.surname) for one in doctors(clinic)} for clinic in state.directory.facilities.values()]

    assert sum(len(one) for one in names) == len(set().union(*names))


def test_no_id_of_one_kind_is_one_of_another() -> None:
    """One counter gives the ids of everything: what is mixed up is never found by accident."""
    state = made()
    directory = state.directory
    ids = [*directory.facilities, *directory.services, *directory.insurances]
    for clinic in directory.facilities.values():
        for doctor in doctors(clinic):
            ids += [doctor.id, *doctor.addresses]
            ids += [service for address in doctor.addresses.values() for service in address.services]
    ids += [plan for provider in directory.insurances.values() for plan, _ in provider.plans]

    assert len(ids) == len(set(ids))
    assert all(one.isdigit() and int(one) > state.settings.id_base for one in ids)


def test_the_same_seed_makes_the_same_estate_and_another_base_another_one() -> None:
    """People, places and gaps of ids follow from seed and base."""

    def told(state: State) -> list[tuple[str, str, str]]:
        return [
            (clinic.id, one.surname, next(iter(one.addresses.values())).street)
            for clinic in state.directory.facilities.values()
            for one in doctors(clinic)
        ]

    assert told(made(seed=7)) == told(made(seed=7))
    assert told(made(seed=7)) != told(made(seed=8))
    assert {one[1] for one in told(made(seed=7))} != {one[1] for one in told(made(seed=7, id_base=9_000_000))}


def test_only_the_shared_clinics_are_granted() -> None:
    """The first API client sees all but the clinics that are held back from it."""
    state = made(ungranted_clinics=2)

    assert len(state.directory.facilities) == 10
    assert len(state.directory.shared_with(state.first_client.id)) == 8

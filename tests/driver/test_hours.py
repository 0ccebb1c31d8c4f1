"""Working time far ahead: a system may hold it and wait, or let nobody enter it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from driver.scenes import NOON, scene_of, settings

from harness.driver.cast import DoctorName
from harness.driver.days import Day
from harness.driver.hours import HoursDesk
from harness.driver.outcomes import NotProven
from harness.driver.staff import StaffDesk
from harness.errors import PartnerRefused
from harness.vocabulary import AddressId, AddressServiceId, Period, Service

SERVICE = Service(AddressServiceId("7"), "3", "Consultation", 30)
HERE = cast("Any", SimpleNamespace(id=AddressId("1")))
CAST = cast("Any", SimpleNamespace(calendar=lambda _: HERE, service=lambda _: SERVICE))
DAYS = (Day(1), Day(80), Day(95))


class Calendars:
    """Refuses any plan that reaches further than ``weeks``, with ``status``."""

    def __init__(self, weeks: int, status: int) -> None:
        self.weeks, self.status = weeks, status
        self.held: list[int] = []

    def set_schedule(self, address: str, days: Sequence[date], periods: Sequence[Period]) -> None:
        """All of it, or nothing."""
        del address
        if any(one.end > NOON + timedelta(weeks=self.weeks) for one in periods):
            raise PartnerRefused("too far ahead", status=self.status, error="invalid")
        self.held = [(day - NOON.date()).days for day in days]


def entered(calendars: Calendars) -> list[int]:
    """The days that the ledger expects at Docplanner, after staff tried all of them."""
    scene, _, _ = scene_of(settings())
    desk = HoursDesk(
        scene, StaffDesk(scene, cast("Any", calendars)), cast("Any", None), cast("Any", None), lambda: CAST
    )

    desk.far_ahead(DoctorName("Kowalska"), DAYS, time(9), time(12))

    return [(day - NOON.date()).days for day in scene.ledger.days(AddressId("1"))]


def test_a_system_that_holds_it_is_given_all() -> None:
    """What lies beyond 12 weeks is its own to keep."""
    calendars = Calendars(weeks=52, status=422)

    assert entered(calendars) == calendars.held == [1, 80, 95]


def test_a_system_that_cannot_hold_it_is_given_what_lies_within_twelve_weeks() -> None:
    """It keeps within them by refusing more: that is no reason to prove nothing of it."""
    calendars = Calendars(weeks=12, status=422)

    assert entered(calendars) == calendars.held == [1, 80]


@pytest.mark.parametrize(("weeks", "status"), [(12, 409), (12, 404), (4, 422)])
def test_any_other_refusal_is_not_proven(weeks: int, status: int) -> None:
    """A plan within 12 weeks must be possible, and only 422 says that a plan is not."""
    calendars = Calendars(weeks, status)

    with pytest.raises(NotProven) as caught:
        entered(calendars)

    assert (caught.value.reason, caught.value.blame) == ("arrangement refused", "partner")

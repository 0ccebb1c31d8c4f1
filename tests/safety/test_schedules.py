"""Working time in the clinic's system is as before once it was put back, whatever was set in between."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from harness.clock import SystemClock
from harness.errors import PartnerRefused
from harness.partner.port import Partner, PeriodHeld, ServiceHeld
from harness.safety.picture import Window
from harness.safety.schedules import noting, put_back
from harness.safety.writes import Begun, WriteJournal, read_writes
from harness.vocabulary import AddressId, AddressServiceId, Period, Service

ZONE = ZoneInfo("Europe/Warsaw")
FIRST = date(2027, 3, 27)
"""Clocks go forward on the next day."""
ADDRESSES = ("17", "18")


class Clinic:
    """A system that holds working time by day, as the control contract has it."""

    asks_a_person = False

    def __init__(self) -> None:
        self.held: dict[tuple[str, date], tuple[PeriodHeld, ...]] = {}
        self.refuses = False

    def schedule(self, address: AddressId, since: datetime, till: datetime) -> tuple[PeriodHeld, ...]:
        """Working periods that overlap the range."""
        every = [one for (at, _), periods in sorted(self.held.items()) for one in periods if at == address]
        return tuple(one for one in every if one.start < till and since < one.end)

    def set_schedule(self, address: AddressId, days: Sequence[date], periods: Sequence[Period]) -> None:
        """The working time of ``days`` becomes exactly ``periods``."""
        if self.refuses:
            raise PartnerRefused("no", status=422, error="unprocessable")
        for day in days:
            mine = [one for one in periods if one.start.astimezone(ZONE).date() == day]
            self.held.pop((address, day), None)
            if mine:
                self.held[address, day] = tuple(
                    PeriodHeld(one.start, one.end, tuple(ServiceHeld(each.id, each.minutes) for each in one.services))
                    for one in mine
                )


def period(day: date, hour: int, hours: int, service: str, minutes: int) -> Period:
    """One that begins at the hour on the day."""
    start = datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)
    end = (start + timedelta(hours=hours)).replace(tzinfo=ZONE)
    return Period(start, end, (Service(AddressServiceId(service), "", "", minutes),))


DAYS = st.integers(0, 4).map(lambda ahead: FIRST + timedelta(days=ahead))


@st.composite
def settings(draw: st.DrawFn) -> tuple[str, list[date], list[Period]]:
    """What somebody sets."""
    days = draw(st.lists(DAYS, min_size=1, max_size=3, unique=True))
    periods = [
        period(
            day,
            draw(st.integers(4, 15)),
            draw(st.integers(1, 5)),
            draw(st.sampled_from(["31", "32"])),
            draw(st.sampled_from([15, 30])),
        )
        for day in days
        if draw(st.booleans())
    ]
    return draw(st.sampled_from(ADDRESSES)), days, periods


@given(st.lists(settings(), max_size=5), st.lists(settings(), min_size=1, max_size=8))
def test_everything_is_as_before(
    before: list[tuple[str, list[date], list[Period]]], run: list[tuple[str, list[date], list[Period]]]
) -> None:
    """Read back from the file alone, as after a kill."""
    clinic = Clinic()
    for address, days, periods in before:
        clinic.set_schedule(AddressId(address), days, periods)
    found = dict(clinic.held)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "run.jsonl"
        journal = begun(path)
        noted = noting(cast("Partner", clinic), journal, SystemClock(), ZONE)
        for address, days, periods in run:
            noted.set_schedule(AddressId(address), days, periods)

        left = put_back(clinic, read_writes(path), journal, SystemClock(), lambda _: None)
        journal.close()

        assert left == []
        assert clinic.held == found
        assert read_writes(path).scheduled == []


def test_what_the_system_refuses_stays_to_be_given_back(tmp_path: Path) -> None:
    """And is named with its days."""
    clinic, journal = Clinic(), begun(tmp_path / "run.jsonl")
    noted = noting(cast("Partner", clinic), journal, SystemClock(), ZONE)
    noted.set_schedule(AddressId("17"), [FIRST], [period(FIRST, 9, 3, "31", 30)])
    clinic.refuses = True

    left = put_back(clinic, read_writes(journal.path), journal, SystemClock(), lambda _: None)
    journal.close()

    assert len(left) == 1
    assert "2027-03-27" in left[0]
    assert len(read_writes(journal.path).scheduled) == 1


def begun(path: Path) -> WriteJournal:
    """The journal of a run."""
    now = datetime(2027, 3, 26, 12, tzinfo=UTC)
    journal = WriteJournal(path)
    window = Window(now, now + timedelta(weeks=12))
    journal.begin(Begun("run", now, "https://docplanner.example", "client", ("1",), ZONE.key, window))
    return journal

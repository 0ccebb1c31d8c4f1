"""A calendar as a person reads it and tells it back, and what the run expects it to show."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.partner.manual_mapping import Counterparts
from harness.partner.manual_memory import Memory
from harness.partner.manual_rows import Sheet, Unreadable, span_row, visit_row
from harness.partner.port import Appointment, MappingRow, PartnerBreak, Person, Sync
from harness.vocabulary import AddressId

ZONE = ZoneInfo("Europe/Warsaw")
FIRST = date(2026, 12, 20)
HERE, THERE = AddressId("1"), AddressId("2")
ANNA = Person("Anna", "+48601500001", "Nowak-Lis")
PIOTR = Person("Piotr", "+48601500002", "Wójcik")
SERVICES = {"A": {"consultation": "11"}, "B": {"follow-up": "22"}}
SHEET = Sheet(FIRST, ZONE, (ANNA, PIOTR), SERVICES, "seen-1")


def visit(start: datetime, person: Person = ANNA, **changed: object) -> Appointment:
    """Half an hour."""
    end = start + timedelta(minutes=30)
    made = Appointment("7", None, start, end, "11", person, "booked", "partner", address_id=HERE)
    return msgspec.structs.replace(made, **changed)


def at(hour: int, day: int = 24) -> datetime:
    """A local hour."""
    return datetime(2026, 12, day, hour, tzinfo=ZONE)


STARTS = st.builds(
    lambda day, quarter: datetime(2026, 12, 20, tzinfo=ZONE) + timedelta(days=day, minutes=15 * quarter),
    st.integers(0, 27),
    st.integers(0, 93),
)


@given(
    start=STARTS,
    minutes=st.sampled_from([15, 30]),
    person=st.sampled_from([ANNA, PIOTR]),
    confirmed=st.booleans(),
    presence=st.sampled_from([None, "present", "absent"]),
    state=st.sampled_from(["booked", "canceled"]),
    marked=st.booleans(),
    letter=st.sampled_from(["A", "B"]),
)
def test_what_is_shown_reads_back_as_it_was(
    start: datetime,
    minutes: int,
    person: Person,
    confirmed: bool,
    presence: str | None,
    state: str,
    marked: bool,
    letter: str,
) -> None:
    """Whatever the row says of a visit, over the turn of the year too."""
    service, name = ("11", "Consultation") if letter == "A" else ("22", "Follow-up")
    shown = visit(
        start,
        person,
        id="seen-1-1",
        end=start + timedelta(minutes=minutes),
        address_service_id=service,
        address_id=None,
        status=state,
        confirmed=confirmed,
        presence=presence,
        sync=Sync("conflict") if marked else Sync(),
    )
    row = visit_row(letter, shown, ZONE, name)

    assert SHEET.visits([row], ()) == ((letter, shown),)


def test_people_may_be_short() -> None:
    """No letter is the first calendar, no day that of the line before, no word is booked; a number is a line shown."""
    shown = visit(at(9))
    read = SHEET.visits(["24 Dec 10:00-10:30 Anna Nowak-Lis", "11:00 - 11:30 PIOTR WÓJCIK cancelled", "1"], [shown])

    assert [(letter, one.start, one.patient, one.status) for letter, one in read] == [
        ("A", at(10), ANNA, "booked"),
        ("A", at(11), PIOTR, "canceled"),
        ("", at(9), ANNA, "booked"),
    ]


def test_whoever_nobody_knows_is_told_as_seen() -> None:
    """Another name, or the name with another phone: the check shall see that it is another."""
    read = SHEET.visits(["24 Dec 10:00-10:30 Jan Kos", "24 Dec 10:00-10:30 Anna Nowak-Lis, +48 999 888 777"], ())

    assert [one.patient for _, one in read] == [Person("Jan Kos", ""), Person("Anna Nowak-Lis", "+48 999 888 777")]


def test_every_line_that_cannot_be_read_is_named() -> None:
    """With what is wrong with it."""
    lines = [
        "hello",
        "24 Foo 10:00-10:30 Anna",
        "24 Dec 11:00-10:00 Anna",
        "24 Dec 10:00-10:30",
        "31 Feb 10:00-11:00 A",
    ]
    with pytest.raises(Unreadable) as caught:
        SHEET.visits(lines, ())
    told = str(caught.value)
    for part in ("line 1, 'hello'", "'Foo' is no month", "ends before it begins", "names no patient", "line 5"):
        assert part in told


def test_blocked_time_up_to_midnight_reads_back() -> None:
    """24:00 is the end of the day."""
    since, till = at(22), datetime(2026, 12, 25, tzinfo=ZONE)
    assert span_row(since, till, ZONE) == "Thu 24 Dec 22:00-24:00"
    read = SHEET.breaks([span_row(since, till, ZONE)], ())
    assert [(one.since, one.till) for one in read] == [(since, till)]


# -- what should be there ----------------------------------------------------------------------------------------


def told(start: datetime, person: Person = ANNA, **changed: object) -> Appointment:
    """A visit as Docplanner shows it."""
    return visit(start, person, **{"id": "b1", "docplanner_booking_id": "b1", "origin": "docplanner", **changed})


def shown(memory: Memory, *there: Appointment) -> list[tuple[str, int]]:
    """Who is expected, and at which hour."""
    return [(one.patient.name, one.start.astimezone(ZONE).hour) for one in memory.shown(HERE, there)]


def test_staffs_visits_are_expected_before_and_after_docplanner_knows_them_once() -> None:
    """And what the patient does with one of them at Docplanner is expected afterwards."""
    memory = Memory()
    memory.put(visit(at(10), id="made-1"))

    assert shown(memory) == [("Anna", 10)]
    assert shown(memory, told(at(10).astimezone(UTC))) == [("Anna", 10)]
    moved_there = (told(at(10), status="canceled"), told(at(12), id="b2"))
    assert shown(memory, *moved_there) == [("Anna", 12)]


def test_what_staff_cancel_or_move_away_is_no_longer_expected() -> None:
    """Although Docplanner shows it still; back at the old time it is."""
    memory = Memory()
    there = told(at(9))
    memory.leave(HERE, there)
    assert shown(memory, there) == []
    memory.put(visit(at(11), id="b1"))
    assert shown(memory, there) == [("Anna", 11)]
    memory.leave(HERE, visit(at(11), id="b1"))
    memory.put(visit(at(9), id="b1"))
    assert shown(memory, there) == [("Anna", 9)]


def test_a_visit_of_staff_over_a_time_that_is_taken_is_expected_in_conflict() -> None:
    """Saying yes to it must not mean that it stands there as if nothing were."""
    memory = Memory()
    memory.put(visit(at(10), PIOTR, id="made-1"))
    rows = memory.shown(HERE, [told(at(10))])
    assert {one.patient.name: one.sync.state for one in rows} == {"Anna": None, "Piotr": "conflict"}


def test_no_expectation_tells_by_which_booking_a_visit_is_known() -> None:
    """A yes would else prove what nobody looked at."""
    assert [one.docplanner_booking_id for one in Memory().shown(HERE, [told(at(10))])] == [None]


def test_marks_and_breaks_are_expected_as_staff_made_them() -> None:
    """Confirmed, moved, freed; calendars are kept apart."""
    memory = Memory()
    memory.mark(HERE, told(at(10)), confirmed=True)
    assert [one.confirmed for one in memory.shown(HERE, [told(at(10))])] == [True]
    lunch = PartnerBreak("break-1", at(12), at(13), origin="partner")
    memory.block(HERE, lunch)
    later = msgspec.structs.replace(lunch, since=at(13), till=at(14))
    memory.free(HERE, lunch)
    memory.block(HERE, later)
    assert memory.blocked(HERE, [lunch]) == (later,)
    assert memory.blocked(THERE, []) == ()


# -- mapping -----------------------------------------------------------------------------------------------------

THINGS = Counterparts(
    (
        ("1", MappingRow("facility", "f", "seen-f", "mapped", None, "Praxis")),
        ("1.1", MappingRow("doctor", "d", "seen-d", "mapped", "f", "Dr A")),
        ("1.2", MappingRow("doctor", "e", "seen-e", "mapped", "f", "Dr A")),
    )
)


def test_a_person_says_what_is_missing_extra_or_shared() -> None:
    """Look-alikes are told apart by their numbers."""
    rows = THINGS.changed(["missing 1", "extra Dr Old", "shared 1.1 1.2"])
    assert [(one.docplanner_id, one.partner_id) for one in rows] == [
        ("d", "seen-d"),
        ("e", "seen-d"),
        ("unknown: Dr Old", "seen-0"),
    ]


def test_a_long_table_stops_at_doctors_and_counts_what_is_below() -> None:
    """The numbers below still count where something is missing."""
    many = [
        row
        for one in range(1, 21)
        for row in (
            (f"1.{one}", MappingRow("doctor", f"d{one}", f"seen-d{one}", "mapped", "f", f"Dr {one}")),
            (f"1.{one}.1", MappingRow("address", f"a{one}", f"seen-a{one}", "mapped", f"d{one}", "Here")),
            (f"1.{one}.1.1", MappingRow("service", f"s{one}", f"seen-s{one}", "mapped", f"a{one}", "Consultation")),
        )
    ]
    long = Counterparts((THINGS.things[0], *many))
    assert len(long.table) == 21
    assert long.table[1] == "  1.1  doctor Dr 1, address 1x, service 1x"
    assert len(long.changed(["missing 1.7.1.1"])) == len(long.things) - 1
    assert [one.strip().split()[0] for one in THINGS.table] == ["1", "1.1", "1.2"]


def test_numbers_that_there_are_not_are_told() -> None:
    """All lines at once."""
    with pytest.raises(Unreadable, match=r"'missing 9' is none of .*; 'nothing' is none of"):
        THINGS.changed(["missing 9", "nothing"])

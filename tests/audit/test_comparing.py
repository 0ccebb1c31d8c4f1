"""Two sides of a calendar, compared: what is equal never differs, and any one edit is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as some

from harness.audit.comparing import compare
from harness.audit.sides import Both, Clinic, DocplannerSide, Mapped, PartnerSide
from harness.safety.estate import Place
from harness.verdict.observation import BreakSeen, OfferSeen, PeriodSeen, PersonSeen, VisitSeen

SINCE = datetime(2026, 11, 24, tzinfo=UTC)
TILL = SINCE + timedelta(days=3)
HALF = timedelta(minutes=30)
SERVICE = "77"
PLACE = Place("1", "2", "3", "Clinic", "Dr Kowalska", "Main Street")
ROWS = (
    Mapped("facility", "1"),
    Mapped("doctor", "2", "1"),
    Mapped("address", "3", "2"),
    Mapped("service", SERVICE, "3"),
)
HALVES = some.sets(some.integers(0, 3 * 48 - 1), max_size=30)


def at(half: int) -> datetime:
    """The beginning of that half hour."""
    return SINCE + half * HALF


def visit(half: int, *, booked: bool = True) -> VisitSeen:
    """A patient of his own in that half hour."""
    person = PersonSeen(f"masked:{half:010x}", "", f"masked:{half + 500:010x}")
    return VisitSeen(f"v{half}", "3", at(half), 30, person, booked, f"b{half}", SERVICE)


def clinic(work: set[int], busy: set[int], blocked: set[int]) -> Clinic:
    """A calendar that is synchronised: half hours of work, of which some are visits and some are breaks."""
    free = work - busy - blocked
    visits = tuple(visit(one) for one in sorted(busy))
    breaks = tuple(BreakSeen(f"k{one}", at(one), at(one + 1)) for one in sorted(blocked))
    offers = tuple(OfferSeen(SERVICE, at(one), at(one + 1)) for one in sorted(free))
    enabled = True
    there = DocplannerSide(enabled, ((SERVICE, "9", "Visit"),), frozenset({"5"}), visits, offers, breaks)
    periods = tuple(PeriodSeen(SERVICE, 30, at(one), at(one + 1)) for one in sorted(work))
    here = PartnerSide(visits, periods, breaks, frozenset({"9"}), frozenset({"5"}))
    return Clinic(SINCE, TILL, "Europe/Warsaw", ROWS, ROWS, (Both(PLACE, there, here),))


def changed(
    one: Clinic, *, docplanner: dict[str, object] | None = None, partner: dict[str, object] | None = None
) -> Clinic:
    """The same with other values on one side."""
    both = one.calendars[0]
    there, here = replace(both.docplanner, **(docplanner or {})), replace(both.partner, **(partner or {}))  # type: ignore[arg-type]
    return replace(one, calendars=(Both(both.place, there, here),))


@given(work=HALVES, busy=HALVES, blocked=HALVES, data=some.data())
def test_equal_calendars_never_differ(work: set[int], busy: set[int], blocked: set[int], data: some.DataObject) -> None:
    """In whatever order, however working time is divided, and with what both sides cancelled left out on one."""
    made = clinic(work, busy, blocked)
    here = made.calendars[0].partner
    joined: list[PeriodSeen] = []
    for one in here.periods:
        if joined and joined[-1].end == one.start and data.draw(some.booleans()):
            joined[-1] = replace(joined[-1], end=one.end)
        else:
            joined.append(one)
    gone = tuple(visit(one, booked=False) for one in data.draw(HALVES) if one not in busy)
    visits = data.draw(some.permutations([*here.visits, *gone]))

    assert compare(changed(made, partner={"periods": tuple(joined), "visits": tuple(visits)})) == ()


@given(work=HALVES, busy=HALVES, data=some.data())
def test_any_one_edit_is_found(work: set[int], busy: set[int], data: some.DataObject) -> None:
    """And it is the only one that is told of its area."""
    made = clinic(work, busy, set())
    there, here = made.calendars[0].docplanner, made.calendars[0].partner
    edit = data.draw(
        some.sampled_from(["lost here", "lost there", "cancelled here", "moved", "longer", "other", "twice"])
    )
    assume(here.visits)
    one = data.draw(some.sampled_from(here.visits))
    rest = tuple(two for two in here.visits if two is not one)
    new: dict[str, object]
    match edit:
        case "lost here":
            edited = changed(made, partner={"visits": rest})
        case "lost there":
            edited = changed(made, docplanner={"visits": tuple(two for two in there.visits if two.id != one.id)})
        case "cancelled here":
            edited = changed(made, partner={"visits": (*rest, replace(one, booked=False))})
        case "moved":
            edited = changed(made, partner={"visits": (*rest, replace(one, start=one.start + timedelta(minutes=5)))})
        case "longer":
            edited = changed(made, partner={"visits": (*rest, replace(one, minutes=45))})
        case "other":
            person = replace(one.patient, phone="masked:ffffffffff")
            edited = changed(made, partner={"visits": (*rest, replace(one, patient=person))})
        case _:
            new = {"visits": (*here.visits, replace(one, id="again", booking_id=None))}
            edited = changed(made, partner=new)

    found = [two for two in compare(edited) if two.area == "visits"]

    assert found
    assert len(found) <= 2, found
    assert compare(made) == ()


@given(work=HALVES, extra=some.integers(0, 3 * 48 - 1))
def test_an_offer_outside_working_time_is_found(work: set[int], extra: int) -> None:
    """A patient could book it."""
    assume(extra not in work)
    made = clinic(work, set(), set())
    offers = (*made.calendars[0].docplanner.offers, OfferSeen(SERVICE, at(extra), at(extra + 1)))

    [found] = compare(changed(made, docplanner={"offers": offers}))

    assert (found.area, found.what) == ("slots", "Visit can be booked when nobody works")


@given(first=some.integers(0, 40), halves=some.integers(2, 8))
def test_work_that_is_not_offered_is_found(first: int, halves: int) -> None:
    """But for a rest that is too short to be sure."""
    work = set(range(first, first + halves))
    made = changed(clinic(work, set(), set()), docplanner={"offers": ()})

    [found] = compare(made)

    assert found.what == "Visit cannot be booked though somebody works"
    assert compare(changed(clinic({first}, set(), set()), docplanner={"offers": ()})) == ()


@given(row=some.sampled_from(ROWS))
def test_what_is_not_mapped_or_not_shared_is_found(row: Mapped) -> None:
    """Each thing once, by its kind."""
    made = clinic({20}, set(), set())
    rest = tuple(one for one in ROWS if one is not row)

    [missing] = compare(replace(made, mapped=rest))
    [stale] = compare(replace(made, visible=rest))

    assert missing.what.endswith("is not mapped")
    assert stale.what.endswith("is mapped that is not shared")


def test_profile_and_calendar() -> None:
    """Services and insurances that one side alone has, and a calendar that is not enabled."""
    made = clinic({20}, set(), set())
    there = changed(made, docplanner={"enabled": False, "services": (), "insurances": frozenset({"6"})})

    assert {one.what for one in compare(there)} == {
        "the calendar is not enabled",
        "a service of the clinic is not on the profile",
        "an insurance is not accepted",
        "the profile has an insurance that the clinic does not accept",
    }
    assert compare(changed(made, partner={"services": None, "insurances": None, "breaks": None})) == ()

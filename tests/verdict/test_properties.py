"""What holds of every check: divisions and orders are free, patients are compared patiently, the journal is enough."""

from __future__ import annotations

import itertools
import types
import unicodedata
from dataclasses import is_dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.verdict.checks import CHECKS, judge_again
from harness.verdict.checks.breaks import BreakShown
from harness.verdict.checks.offers import BookableTime
from harness.verdict.checks.schedule import WorkingTimeSent
from harness.verdict.observation import (
    BreakSeen,
    BreaksSeen,
    OfferSeen,
    OffersSeen,
    PeriodSeen,
    PersonSeen,
    WorkingTimeSeen,
    as_json,
)
from harness.verdict.people import differences, resembles, same_person

MIDNIGHT = datetime(2026, 11, 24, tzinfo=ZoneInfo("Europe/Warsaw"))
NIGHT = MIDNIGHT + timedelta(days=1)
IDS = st.sampled_from(["1", "2", "3"])
CHANGE = datetime(2026, 10, 25, tzinfo=ZoneInfo("Europe/Warsaw"))
"""The midnight before summer time ends."""
QUARTERS = st.integers(0, 2 * 96).map(lambda quarter: timedelta(minutes=15 * quarter))
MOMENTS = st.builds(
    lambda day, quarter, fold: (day + quarter).replace(fold=fold),
    st.sampled_from([MIDNIGHT, CHANGE]),
    QUARTERS,
    st.sampled_from([0, 1]),
)
MASKED = st.text("0123456789abcdef", min_size=10, max_size=10).map("masked:{}".format)
NAMES = st.text("aąbcćdeęłńoóśuüwyzżźñçß", min_size=1, max_size=8)
DIGITS = st.text("0123456789", min_size=9, max_size=9)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "side": st.sampled_from(["partner", "docplanner"]),
    "time_zone": st.sampled_from(["Europe/Warsaw", ""]),
    "minutes": st.sampled_from([15, 20, 30, 60]),
    "kind": st.sampled_from(["facility", "doctor", "address", "service", "insurance_provider", "insurance_plan"]),
    "key": st.sampled_from(["wrong", "missing"]),
    "channel": st.sampled_from(["push", "pull"]),
    "sync_state": st.sampled_from(["pending", "synced", "conflict", "failed", None]),
    "name": st.one_of(st.sampled_from(["Anna", "Jan"]), MASKED),
    "phone": st.one_of(st.sampled_from(["+48507170030", "507170031", ""]), MASKED),
    "email": st.one_of(st.none(), st.just("a@example.com"), MASKED),
    "birth_date": st.one_of(st.none(), st.just("1980-02-29"), MASKED),
    "nin": st.one_of(st.none(), st.just("80022900000"), MASKED),
}
PLAIN: dict[object, st.SearchStrategy[Any]] = {
    str: IDS,
    bool: st.booleans(),
    int: st.integers(0, 600),
    float: st.floats(0, 600),
    datetime: MOMENTS,
    types.NoneType: st.none(),
}


def values(kind: Any, field: str = "") -> st.SearchStrategy[Any]:  # noqa: ANN401
    """Any value of a check or an observation, from few enough values that they often meet."""
    if get_origin(kind) is Literal or field in FIELDS:
        return st.sampled_from(get_args(kind)) if get_origin(kind) is Literal else FIELDS[field]
    if is_dataclass(kind) and isinstance(kind, type):
        return st.builds(kind, **{name: values(hint, name) for name, hint in get_type_hints(kind).items()})
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        if inner[-1] is Ellipsis:
            return st.lists(values(inner[0]), max_size=3).map(tuple)
        return st.tuples(*map(values, inner))
    if get_origin(kind) in {Union, types.UnionType}:
        return st.one_of(*map(values, get_args(kind)))
    return PLAIN[kind]


@pytest.mark.parametrize("name", CHECKS)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_judgement_can_be_made_again_from_the_journal(name: str, data: st.DataObject) -> None:
    """Written as JSON and read again, check and look give the same; masked patients trouble no check."""
    kind = CHECKS[name]
    check = data.draw(values(kind))
    seen = data.draw(values(get_type_hints(kind.judge)["seen"]))
    arguments, look = orjson.loads(orjson.dumps([as_json(check), as_json(seen)]))

    assert judge_again(name, arguments, look) == check.judge(seen)


def pieces(random: st.Random, start: datetime, end: datetime, cuts: list[int]) -> list[tuple[datetime, datetime]]:
    """[start, end) cut at these minutes, in any order, one piece told twice."""
    inside = {start + timedelta(minutes=one) for one in cuts if start + timedelta(minutes=one) < end}
    ends = [start, *sorted(inside), end]
    divided = list(itertools.pairwise(ends))
    random.shuffle(divided)
    return [*divided, divided[0]]


CUTS = st.lists(st.integers(1, 299), max_size=6)


@given(st.randoms(), CUTS)
def test_the_division_of_working_time_is_free(random: st.Random, cuts: list[int]) -> None:
    """The union of the periods counts, not their pieces or their order."""
    start, end = MIDNIGHT + timedelta(hours=9), MIDNIGHT + timedelta(hours=14)
    sent = [PeriodSeen("11", 30, *piece) for piece in pieces(random, start, end, cuts)]
    check = WorkingTimeSent("1", (PeriodSeen("11", 30, start, end),), "Europe/Warsaw")
    seen = WorkingTimeSeen("1", MIDNIGHT, NIGHT, tuple(sent))

    assert check.judge(seen) is None
    lost = replace(seen, periods=tuple(one for one in sent if one.start != start))
    assert check.judge(lost) is not None


@given(st.randoms(), CUTS)
def test_the_division_of_breaks_and_offers_is_free(random: st.Random, cuts: list[int]) -> None:
    """A break is the minutes that it covers, and what patients can book likewise."""
    start, end = MIDNIGHT + timedelta(hours=9), MIDNIGHT + timedelta(hours=14)
    divided = pieces(random, start, end, cuts)
    blocked = BreaksSeen("docplanner", MIDNIGHT, NIGHT, tuple(BreakSeen("b", *piece) for piece in divided))
    offered = OffersSeen("1", MIDNIGHT, NIGHT, tuple(OfferSeen("11", *piece) for piece in divided))

    assert BreakShown(start, end).judge(blocked) is None
    assert BookableTime("1", (PeriodSeen("11", 30, start, end),)).judge(offered) is None


ORDERED = ["ResourcesMapped", "ServicesMapped", "InsurancesMapped", "VisitGone", "OneVisitAt", "NewsAccepted"]


@pytest.mark.parametrize("name", [*ORDERED, "VisitShown", "TimeNotOffered", "WorkingTimeSent", "MethodsUsed"])
@settings(max_examples=40, deadline=None)
@given(st.data(), st.randoms())
def test_the_order_of_what_is_seen_is_free(name: str, data: st.DataObject, random: st.Random) -> None:
    """A list in another order is judged with the same headline, or passes as before."""
    kind = CHECKS[name]
    check = data.draw(values(kind))
    seen = data.draw(values(get_type_hints(kind.judge)["seen"]))
    lists = {
        one: tuple(random.sample(getattr(seen, one), len(getattr(seen, one))))
        for one in seen.__dataclass_fields__
        if isinstance(getattr(seen, one), tuple)
    }
    before, after = check.judge(seen), check.judge(replace(seen, **lists))

    assert (before and before.headline) == (after and after.headline)


@given(NAMES, NAMES, DIGITS, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]), st.sampled_from(["", "+48", "0048", "0"]))
def test_patients_are_compared_patiently(name: str, surname: str, digits: str, form: Any, prefix: str) -> None:  # noqa: ANN401
    """Case, spaces, Unicode forms, the division of the name and the writing of a phone number make no difference."""
    one = PersonSeen(name, surname, f"+48{digits}", email="Anna@Example.com")
    spaced = f"{prefix} {digits[:3]}-{digits[3:6]} {digits[6:]}"
    other = PersonSeen(unicodedata.normalize(form, f"  {name.upper()}   {surname} "), "", spaced, "anna@example.COM")

    assert same_person(one, other)
    assert resembles(one, other)


@given(DIGITS, st.integers(0, 8))
def test_another_number_is_another_phone(digits: str, place: int) -> None:
    """One other digit among the last nine is told."""
    changed = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]
    assert differences(PersonSeen("A", "B", digits), PersonSeen("A", "B", changed)) == ("phone",)


@pytest.mark.parametrize(
    ("field", "told"), [("email", "e-mail"), ("birth_date", "birth date"), ("nin", "national number")]
)
def test_what_one_side_does_not_say_is_not_compared(field: str, told: str) -> None:
    """E-mail, birth date and national number count where both sides have them."""
    silent = PersonSeen("Anna", "Nowak", "507170030")

    assert same_person(silent, replace(silent, **{field: "a"}))
    assert differences(replace(silent, **{field: "a"}), replace(silent, **{field: "b"})) == (told,)


@given(NAMES, NAMES)
def test_people_without_a_phone_are_not_taken_for_each_other(name: str, other: str) -> None:
    """No number on either side says nothing of who they are."""
    one, two = PersonSeen(name, "Nowak"), PersonSeen(f"{other}x{name}", "Nowak")
    assert not resembles(one, two)


@given(MASKED, MASKED)
def test_masked_phones_are_compared_as_a_whole(one: str, other: str) -> None:
    """Two masks are one number only where they are equal, whatever digits they share."""
    same = same_person(PersonSeen("masked:0", phone=one), PersonSeen("masked:0", phone=other))
    assert same == (one == other)


def test_masked_phones_with_the_same_digits_are_two_numbers() -> None:
    """The letters of a mask count."""
    assert not same_person(PersonSeen("A", phone="masked:12345abcde"), PersonSeen("A", phone="masked:12345edcba"))

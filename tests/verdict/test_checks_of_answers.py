"""Checks of answers, limits, profiles and of what is noted about a visit: the guilty, and who only looks so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.verdict.checks.confirmed import VisitConfirmed
from harness.verdict.checks.limits import LimitKept
from harness.verdict.checks.notifications import EndpointStands, PolledOften
from harness.verdict.checks.presence import PresenceShown
from harness.verdict.checks.profile import ProfilePopulated
from harness.verdict.checks.questions import AnsweredInTime, DenialReadable, QuestionAnswered
from harness.verdict.observation import (
    AnswerSeen,
    AnswersSeen,
    CalendarSeen,
    LimitedSeen,
    PersonSeen,
    PollingSeen,
    ProfileSeen,
    VisitSeen,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ANNA = PersonSeen("Anna", "Kowal", "+48604500001")
PIOTR = PersonSeen("Piotr", "Nowak", "+48604500002")
VISIT = VisitSeen("1", "1", NOON, 30, ANNA, booked=True)


def visits(*seen: VisitSeen, side: str = "docplanner") -> CalendarSeen:
    """What one side shows that day."""
    return CalendarSeen(side, NOON - timedelta(hours=12), NOON + timedelta(hours=12), seen)


PRESENT, ABSENT = replace(VISIT, presence="present"), replace(VISIT, presence="absent")
PROFILE = ProfilePopulated("1", (("3", 25), ("4", 40)), ("11", "12"))


@pytest.mark.parametrize(
    ("check", "seen"),
    [
        (VisitConfirmed(ANNA), visits(replace(VISIT, confirmed=True))),
        (VisitConfirmed(ANNA), visits(replace(VISIT, confirmed=True), replace(VISIT, patient=PIOTR))),
        (VisitConfirmed(ANNA), visits(replace(VISIT, booked=False), replace(VISIT, confirmed=True))),
        (PresenceShown(ANNA, "present"), visits(PRESENT)),
        (PresenceShown(ANNA, "absent"), visits(replace(VISIT, presence="ABSENT"), side="partner")),
        (PresenceShown(ANNA, "absent"), visits(ABSENT, replace(PRESENT, patient=PIOTR))),
        (PresenceShown(ANNA, "present"), visits(PRESENT, replace(ABSENT, booked=False))),
        (QuestionAnswered(free=True), AnswerSeen(200, 10.0)),
        (QuestionAnswered(free=True), AnswerSeen(204, 4900.0)),
        (QuestionAnswered(free=False), AnswerSeen(409, 10.0, 7)),
        (QuestionAnswered(free=False), AnswerSeen(503, 10.0)),
        (DenialReadable(), AnswerSeen(400, 10.0, 0)),
        (DenialReadable(), AnswerSeen(422, 10.0, 7)),
        (AnsweredInTime(), AnswerSeen(204, 5000.0)),
        (AnsweredInTime(), AnswerSeen(500, 10.0)),
        (EndpointStands(), AnswersSeen((("GET", 200), ("HEAD", 405), ("POST", 401), ("OPTIONS", 499)))),
        (PolledOften(), PollingSeen(3600.0)),
        (LimitKept(), LimitedSeen(())),
        (LimitKept(), LimitedSeen((2, 0, 1))),
        (PROFILE, ProfileSeen((("4", 40), ("3", 25)), ("12", "11"))),
    ],
)
def test_what_is_right_passes(check: Any, seen: object) -> None:  # noqa: ANN401
    """Whatever else a correct partner may do is no concern of the check."""
    assert check.judge(seen) is None


@pytest.mark.parametrize(
    ("check", "seen", "expected", "observed"),
    [
        (VisitConfirmed(ANNA), visits(VISIT), "one visit, confirmed", "a visit that is not confirmed"),
        (VisitConfirmed(ANNA), visits(), "one visit, confirmed", "no visit"),
        (VisitConfirmed(ANNA), visits(replace(VISIT, confirmed=True, patient=PIOTR)), "one visit", "no visit"),
        (PresenceShown(ANNA, "present"), visits(ABSENT), "one visit, present", "a visit, absent"),
        (PresenceShown(ANNA, "absent"), visits(VISIT), "one visit, absent", "a visit, nothing said"),
        (PresenceShown(ANNA, "absent"), visits(ABSENT, PRESENT), "one visit, absent", "a visit, absent and present"),
        (PresenceShown(ANNA, "present"), visits(replace(PRESENT, booked=False)), "one visit, present", "no visit"),
        (QuestionAnswered(free=True), AnswerSeen(409, 10.0, 7), "2xx", "409, error_code 7, after 0.0 s"),
        (QuestionAnswered(free=False), AnswerSeen(204, 10.0), "a 4xx", "204, after 0.0 s"),
        (DenialReadable(), AnswerSeen(409, 10.0), "integer error_code", "409, after 0.0 s"),
        (DenialReadable(), AnswerSeen(500, 10.0, 7), "4xx", "500, error_code 7"),
        (AnsweredInTime(), AnswerSeen(None, 5000.0), "within 5 s", "no answer, after 5.0 s"),
        (AnsweredInTime(), AnswerSeen(204, 5100.0), "within 5 s", "204, after 5.1 s"),
        (EndpointStands(), AnswersSeen((("GET", 500), ("PUT", 204))), "all 2 requests", "1 were not: GET 500"),
        (EndpointStands(), AnswersSeen((("GET", None),)), "all 1 requests", "GET no answer"),
        (PolledOften(), PollingSeen(80_000.0), "at least every", "every 80000 s"),
        (LimitKept(), LimitedSeen((0, 3)), "at most 2 writes", "3 writes"),
        (PROFILE, ProfileSeen((("3", 30), ("4", 40)), ("11", "12")), "2 services", "missing service 3 (25 min)"),
        (PROFILE, ProfileSeen((("3", 25), ("4", 40)), ("11",)), "2 insurances", "missing insurance 12"),
        (PROFILE, ProfileSeen((("3", 25), ("4", 40)), ("11", "12", "13")), "2 insurances", "too much insurance 13"),
    ],
)
def test_what_is_wrong_is_told(check: Any, seen: object, expected: str, observed: str) -> None:  # noqa: ANN401
    """What was expected, and what was seen instead."""
    problem = check.judge(seen)

    assert problem is not None
    assert expected in problem.expected
    assert observed in problem.observed


IDS = st.text("0123456789", min_size=1, max_size=6)


@given(st.dictionaries(IDS, st.integers(5, 90), max_size=6), st.sets(IDS, max_size=6), st.randoms())
def test_a_profile_in_any_order_is_the_same(services: dict[str, int], providers: set[str], random: st.Random) -> None:
    """Neither services nor insurances have one; each that lacks, or is too much, is told."""
    due = ProfilePopulated("1", tuple(services.items()), tuple(providers))
    there, insured = list(services.items()), list(providers)
    random.shuffle(there)
    random.shuffle(insured)

    assert due.judge(ProfileSeen(tuple(there), tuple(insured))) is None
    assert (due.judge(ProfileSeen(tuple(there[1:]), tuple(insured))) is None) == (not there)
    assert (due.judge(ProfileSeen(tuple(there), tuple(insured[1:]))) is None) == (not insured)


@given(st.floats(0, 20_000), st.sampled_from([None, 200, 204, 409, 500]))
def test_an_answer_in_time_is_one_that_came_within_five_seconds(took_ms: float, status: int | None) -> None:
    """Whatever it said."""
    in_time = AnsweredInTime().judge(AnswerSeen(status, took_ms)) is None

    assert in_time == (status is not None and took_ms <= 5000)

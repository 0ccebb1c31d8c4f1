"""Findings of one cause together, the root first; and that explaining never falls over, nor changes what was judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from verdict.test_causes import CASES
from verdict.told import WAIT

from harness.recorder.line import Actor, Channel, Kind, Line
from harness.verdict.explain import explain
from harness.verdict.finding import FindingText, Problem
from harness.verdict.judge import judge
from harness.verdict.outcome import Outcome
from harness.verdict.roots import Roots
from harness.verdict.scenario import Played

FAILED, UNPROVEN = Outcome.FAILED, Outcome.NOT_PROVEN


def text(cause: str, criterion: str, **more: Any) -> FindingText:  # noqa: ANN401
    """A finding of that cause."""
    told = {"likely": f"it is {cause}", "next": f"look at {criterion}", "lines": (1,), **more}
    return FindingText(criterion, "h", "e", "o", "v", cause=cause, scenario=f"s#{criterion}", **told)


def played(*findings: FindingText, unmet: Sequence[FindingText] = (), criterion: str = "") -> Played:
    """A scenario with these findings, or that was held up by them."""
    name = criterion or findings[0].criterion
    outcome = FAILED if findings else UNPROVEN
    ids = (name,)
    return Played(f"s#{name}", "F", name, ids, outcome, None, None, None, 1.0, findings, ended=True, unmet=tuple(unmet))


def told(scenes: Sequence[Played], **outcomes: str) -> list[Mapping[str, Any]]:
    """The causes; criteria failed but where the outcome is given."""
    every = {name: str(one.outcome) for one in scenes for name in one.criteria}
    return Roots(scenes).told(every | {name.replace("_", "-"): value for name, value in outcomes.items()})


def test_what_reaches_most_criteria_comes_first() -> None:
    """Held up criteria count like failed ones."""
    causes = told(
        [
            played(text("a", "DP-BOK-01")),
            played(text("b", "DP-BOK-02")),
            played(unmet=[text("b", "DP-BOK-03")], criterion="DP-BOK-03"),
        ]
    )

    assert [one["cause"] for one in causes] == ["b", "a"]
    assert (causes[0]["fails"], causes[0]["holds_up"]) == (["DP-BOK-02"], ["DP-BOK-03"])
    assert causes[0]["next"] == "look at DP-BOK-02"


def test_of_two_that_reach_as_far_the_deeper_comes_first() -> None:
    """A token that is not renewed may well be behind a notification that was dropped."""
    causes = told([played(text("dropped:slot-booked", "DP-BOK-01")), played(text("token-not-renewed", "DP-SCH-01"))])

    assert [one["cause"] for one in causes] == ["token-not-renewed", "dropped:slot-booked"]


def test_a_criterion_that_failed_is_not_held_up() -> None:
    """Only what is not proven waits for the repair."""
    scenes = [played(text("a", "DP-BOK-01")), played(unmet=[text("a", "DP-BOK-01")], criterion="DP-BOK-01")]

    assert told(scenes, DP_BOK_01="failed")[0]["holds_up"] == []


def test_a_finding_joins_the_wider_cause_where_that_is_seen() -> None:
    """A cancellation after a move is lost, and so is every other cancellation."""
    narrow = text("move-chain", "DP-BOK-10", within="dropped:booking-canceled")
    wide = text("dropped:booking-canceled", "DP-BOK-02", only="what patients do")

    assert [one["cause"] for one in told([played(narrow)])] == ["move-chain"]
    (both,) = told([played(narrow), played(wide)])
    assert both["fails"] == ["DP-BOK-02", "DP-BOK-10"]
    assert both["likely"] == "it is dropped:booking-canceled (seen for what patients do)"


def test_what_all_findings_say_alone_is_told_of_the_cause() -> None:
    """Of the doctor's acts and of patients' acts: then of both."""
    doctor, patient = (
        text("d", "DP-BOK-07", only="what the doctor does"),
        text("d", "DP-BOK-02", only="what patients do"),
    )

    assert told([played(doctor), played(patient)])[0]["likely"] == "it is d"


def test_methods_may_follow_from_what_is_never_sent() -> None:
    """They are told with the cause that lacks them, and are a cause of their own without one."""
    methods = played(text("methods", "DP-API-01", lacks=("bookSlot",)))
    unsent = played(text("not-sent:addAppointment", "DP-BOK-04", lacks=("bookSlot",)))
    other = played(text("not-sent:setSchedule", "DP-SCH-01", lacks=("replaceSlots",)))

    assert told([methods, unsent])[0]["may_follow"] == ["DP-API-01"]
    assert [one["cause"] for one in told([methods, other])] == ["not-sent:setSchedule", "methods"]


def test_methods_follow_from_what_lacks_them_before_what_holds_up() -> None:
    """The cause that reaches further only may have kept the run from them."""
    methods = played(text("methods", "DP-API-01", lacks=("addCalendarBreak",)))
    unsent = played(text("not-sent:addBreak", "DP-SCH-04", lacks=("addCalendarBreak",)))
    wide = [played(text("a", "DP-BOK-02")), played(unmet=[text("a", "DP-NOT-02")], criterion="DP-NOT-02")]

    assert [one["may_follow"] for one in told([methods, unsent, *wide])] == [[], ["DP-API-01"]]
    assert told([methods, *wide])[0]["may_follow"] == ["DP-API-01"]


def test_changes_are_late_where_they_are_not_sent() -> None:
    """And for themselves where they all arrive."""
    late = played(text("late", "DP-SCH-10"))

    assert told([late, played(text("refused:bookSlot:400", "DP-BOK-04"))])[0]["may_follow"] == ["DP-SCH-10"]
    assert [one["cause"] for one in told([late])] == ["late"]


def test_what_has_no_known_cause_is_in_none() -> None:
    """It stands for itself."""
    assert told([played(text("", "DP-BOK-01"))]) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 999) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "start", "message", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = ("operation", "method", "status", "event", "channel", "took_ms", "url", "request", "response", "json", "effect")
OPERATIONS = st.sampled_from(
    ["bookSlot", "replaceSlots", "getBookings", "deleteSlots", "setSchedule", "sync", "getAddresses"]
)
BODIES = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(NAMES, JSON),
        "operation": OPERATIONS | JSON,
        "status": st.sampled_from([None, 200, 401, 409, 429, 503]) | JSON,
        "event": st.sampled_from(["slot-booked", "booking-moved", "booking-canceled"]) | JSON,
        "url": st.sampled_from(["http://h/a?start=x&end=y", "http://[", "http://h/bookings/7/move"]) | JSON,
    },
)
LINES = st.builds(
    Line,
    v=st.just(1),
    run=st.just("r"),
    n=st.integers(1, 99),
    process=st.just("p"),
    at=st.just(datetime(2026, 11, 23, tzinfo=UTC)),
    sandbox_at=st.none(),
    scenario=st.sampled_from(["s", None, "other"]),
    kind=st.sampled_from(Kind),
    actor=st.sampled_from(Actor),
    channel=st.sampled_from([*Channel, None]),
    cause=st.none() | st.integers(1, 99),
    address=st.sampled_from(["1", "2", None]),
    body=BODIES,
)


@settings(max_examples=100)
@given(
    st.sampled_from(sorted(CASES)),
    st.lists(LINES, max_size=12),
    st.dictionaries(
        st.sampled_from(["trigger", "look", "limit_s", "triggered_at", "ended_at", "settled", "direction"]), JSON
    ),
)
def test_explaining_never_falls_over(name: str, others: list[Line], spoilt: dict[str, Any]) -> None:
    """Whatever else stands in the journal; and what the check said is passed on as it is."""
    lines = [one for one in CASES[name][0].lines() if one.n != WAIT]
    wait = CASES[name][0].lines()[-1]
    wait.body.update(spoilt)
    problem = Problem("h", "e", "o", "hint")

    found = explain(problem, criterion="DP-BOK-01", scenario="s", wait=wait, lines=[*lines, *others, wait])

    assert (found.headline, found.expected, found.observed) == ("h", "e", "o")
    assert found.next
    assert bool(found.cause) == bool(found.likely)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "late", "methods", ""]),
            st.sampled_from(["DP-BOK-01", "DP-SCH-01"]),
            st.booleans(),
        ),
        max_size=8,
    )
)
def test_every_finding_with_a_cause_is_in_one_of_them(drawn: list[tuple[str, str, bool]]) -> None:
    """None is lost, and none is counted twice."""
    scenes = [
        played(text(cause, name)) if found else played(unmet=[text(cause, name)], criterion=name)
        for cause, name, found in drawn
    ]
    causes = told(scenes)
    follow = {name for one in causes for name in one["may_follow"]}
    known = {name for one in causes for name in one["fails"]} | follow

    assert {name for cause, name, found in drawn if cause and found} <= known
    assert len({one["cause"] for one in causes}) == len(causes)


EVIDENCE = frozenset({Kind.EXCHANGE, Kind.NOTIFICATION_TRY, Kind.FAULT, Kind.CLOCK})


@settings(max_examples=25)
@given(
    st.sampled_from(sorted(CASES)),
    st.lists(LINES.filter(lambda one: one.kind in EVIDENCE and one.scenario != "other"), max_size=8),
)
def test_evidence_changes_no_outcome(name: str, evidence: list[Line]) -> None:
    """What a criterion is judged by is the look; the traffic around it only says why."""
    bare, full = (judge(journal(name, more)) for more in ([], evidence))

    for one, other in zip(bare["criteria"], full["criteria"], strict=True):
        assert (one["outcome"], one["reason"], one["blame"]) == (other["outcome"], other["reason"], other["blame"])
    assert (bare["verdict"], bare["exit_code"]) == (full["verdict"], full["exit_code"])
    assert [one["observed"] for one in found_in(bare)] == [one["observed"] for one in found_in(full)] != []


def journal(name: str, more: list[Line]) -> list[Line]:
    """A run of one scenario that failed as the case says, with ``more`` lines in it."""
    lines = CASES[name][0].lines()
    lines[-1].body.update(outcome="given up", criterion="DP-BOK-01")
    about = {"id": "s", "feature": "F", "name": "s", "criteria": ["DP-BOK-01"]}
    ended = {"state": "finished", "outcome": "failed", "reason": "h", "blame": "partner"}
    run = {"partner": {}, "planned": [], "covered": {"DP-BOK-01": ["F: s"]}, "scope": None}
    first, last = lines[0], lines[-1]
    return [
        replace(first, n=0, scenario=None, kind=Kind.RUN, body={"state": "started", **run}),
        replace(first, n=0, kind=Kind.SCENARIO, body={"state": "started", **about}),
        *sorted([*lines[:-1], *more], key=lambda one: one.n),
        last,
        replace(last, n=100, kind=Kind.SCENARIO, body={**about, **ended}),
        replace(last, n=101, scenario=None, kind=Kind.RUN, body={"state": "finished", "trouble": None}),
    ]


def found_in(verdict: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The findings of a verdict."""
    return [finding for one in verdict["criteria"] for finding in one["findings"]]

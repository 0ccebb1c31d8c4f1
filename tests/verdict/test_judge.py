"""From hand-made journals to the verdict: every outcome, and no outcome that the journal does not bear out."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import jsonschema_rs
import orjson
import pytest

from harness.recorder.line import Actor, Channel, Kind, Line
from harness.verdict.checks.notifications import ForgedRefused
from harness.verdict.criteria import CRITERIA
from harness.verdict.judge import judge
from harness.verdict.observation import ForgedAnswerSeen, as_json

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SCHEMA = orjson.loads(files("harness.verdict").joinpath("verdict.schema.json").read_bytes())
SETTINGS = {"assembly": "self", "marketplace": "znanylekarz.pl", "harness": {"version": "0"}}
PASSED = {"outcome": "passed", "reason": None, "blame": None}
FAILED = {"outcome": "failed", "reason": "A notification with a wrong key was not refused", "blame": "partner"}
UNMET = {"outcome": "not proven", "reason": "precondition unmet", "blame": "partner", "detail": "not arranged"}
LACKING = {"outcome": "not applicable", "reason": "it has no breaks", "blame": None}

Scene = list[Line]


def line(kind: Kind, scenario: str | None = None, /, **body: Any) -> Line:  # noqa: ANN401
    """A line that is numbered later."""
    return Line(1, "r", 0, "p", NOON, None, scenario, kind, Actor.HARNESS, None, None, "1", body)


def scene(
    name: str,
    ending: Mapping[str, Any] | None,
    criterion: str = "DP-BOK-01",
    *,
    answer: int = 401,
    said: str = "",
    given: bool = False,
) -> Scene:
    """A scenario with one wait, whose look shows that a forged notification was answered so."""
    told = {"id": f"x#{name}", "feature": "F", "name": name, "criteria": [criterion]}
    outcome = said or ("satisfied" if answer == 401 else "given up")
    check = {"check": "ForgedRefused", "args": as_json(ForgedRefused()), "criterion": criterion, "precondition": given}
    wait = {"look": "last", "looks": 3, "limit_s": 60.0, "outcome": outcome, "direction": None, "noun": "notifications"}
    lines = [
        line(Kind.SCENARIO, name, state="started", **told),
        line(Kind.LOOK, name, what="ForgedAnswerSeen", seen=as_json(ForgedAnswerSeen("wrong", answer))),
        line(Kind.WAIT, name, **check, **wait),
    ]
    ended = {} if ending is None else {"state": "finished", **told, **ending, "seconds": 1.5}
    return [*lines, line(Kind.SCENARIO, name, **ended)] if ended else lines


def declined(name: str, criterion: str) -> Scene:
    """A scenario in which the partner system was asked for what it lacks, and refused."""
    begun, *_, ended = scene(name, LACKING, criterion)
    return [begun, line(Kind.ACT, name, state="intended"), line(Kind.ACT, name, state="refused"), ended]


def call(operation: str, status: int = 201) -> Line:
    """A call of the partner system, outside of any scenario."""
    body = {"operation": operation, "method": "POST", "status": status, "url": "http://h/x"}
    return replace(line(Kind.EXCHANGE, None, **body), actor=Actor.PARTNER, channel=Channel.API)


def attested(name: str, by: str | None) -> Scene:
    """A scenario that a person saw, or is said to have seen."""
    told = {"id": f"x#{name}", "feature": "F", "name": name, "criteria": ["DP-BOK-01"]}
    said = [] if by is None else [line(Kind.ATTESTATION, name, by=by)]
    ended = {"state": "finished", **told, "outcome": "attested", "reason": None, "blame": None, "seconds": 1.5}
    return [line(Kind.SCENARIO, name, state="started", **told), *said, line(Kind.SCENARIO, name, **ended)]


def whole(
    *scenes: Scene,
    covered: Mapping[str, Sequence[str]] | None = None,
    scope: dict[str, Any] | None = None,
    trouble: dict[str, Any] | None = None,
    ended: bool = True,
    capabilities: Sequence[str] = ("push",),
    delivery: str = "push",
    alone: bool = False,
) -> list[Line]:
    """The journal of a run with these scenarios; every other criterion has one that is fine, or ``alone`` none."""
    due: dict[str, list[str]] = {}
    for told in (one[0].body for one in scenes if one[0].kind is Kind.SCENARIO):
        due.setdefault(told["criteria"][0], []).append(f"F: {told['name']}")
    due = dict(covered or due)
    rest = [one for one in CRITERIA if one not in due and not alone]
    due |= {one: [f"F: rest {one}"] for one in rest}
    lacking = {one for one in rest if CRITERIA[one].capability not in {None, *capabilities}}
    more = (declined(f"rest {one}", one) if one in lacking else scene(f"rest {one}", PASSED, one) for one in rest)
    scenes = (*scenes, *more)
    run = {
        **SETTINGS,
        "scope": scope,
        "seed": 7,
        "delivery": delivery,
        "partner": {"name": "P", "version": "1", "capabilities": list(capabilities)},
        "covered": due,
        "waits": {},
    }
    lines = [line(Kind.RUN, state="started", **run), *(one for each in scenes for one in each)]
    return numbered([*lines, line(Kind.RUN, state="finished", trouble=trouble)] if ended else lines)


def numbered(lines: Sequence[Line]) -> list[Line]:
    """The lines with their numbers and times; a wait judges the look before it."""
    found: list[Line] = []
    for n, one in enumerate(lines, start=1):
        body = {**one.body, "look": n - 1} if one.kind is Kind.WAIT else one.body
        found.append(replace(one, n=n, at=NOON + timedelta(seconds=n), body=body))
    return found


def judged(lines: Sequence[Line]) -> dict[str, Any]:
    """The verdict, valid by its schema and the same when it is made again from the journal as it is written."""
    verdict = judge(lines)
    assert judge(list(lines)) == verdict
    written: dict[str, Any] = orjson.loads(orjson.dumps(verdict))
    jsonschema_rs.validator_for(SCHEMA).validate(written)
    return written


def criterion(verdict: Mapping[str, Any], name: str = "DP-BOK-01") -> tuple[str, str | None, str | None]:
    """Outcome, reason and blame of one criterion."""
    row = next(one for one in verdict["criteria"] if one["id"] == name)
    return row["outcome"], row["reason"], row["blame"]


ONE, TWO = {"DP-BOK-01": ["F: good"]}, {"DP-BOK-01": ["F: good", "F: other"]}
GOOD = scene("good", PASSED)


BAD = scene("bad", FAILED, answer=204)
FINE = ("passed", None, None)
PART = ("not proven", "not run: 1 of its 2 scenarios", None)
ELSEWHERE = {"blame": "configuration", "reason": "a bad file", "exit": 64}
DIED = {"blame": "partner", "reason": "it stopped answering"}
BROKEN = {"blame": "harness", "reason": "it fell over", "exit": 70}


@pytest.mark.parametrize(
    ("lines", "code", "told"),
    [
        (whole(GOOD), 0, FINE),
        (whole(GOOD, BAD), 1, ("failed", FAILED["reason"], "partner")),
        (whole(BAD, covered={"DP-BOK-01": ["F: bad", "F: x"]}), 1, ("failed", FAILED["reason"], "partner")),
        (
            whole(GOOD, scene("unmet", UNMET, answer=204, given=True)),
            2,
            ("not proven", "precondition unmet", "partner"),
        ),
        (whole(GOOD, scene("left", None)), 2, PART),
        (whole(GOOD, covered=TWO), 2, PART),
        (whole(covered=ONE), 2, ("not proven", "not run", None)),
        (whole(GOOD, scope={"tags": "x"}), 2, FINE),
        (whole(covered=ONE, trouble=ELSEWHERE, alone=True), 64, ("not proven", "not run", "configuration")),
        (whole(GOOD, trouble=ELSEWHERE), 2, FINE),
        (whole(GOOD, BAD, trouble=ELSEWHERE), 1, ("failed", FAILED["reason"], "partner")),
        (whole(GOOD, trouble=DIED), 2, FINE),
        (whole(GOOD, covered=TWO, trouble=DIED), 2, ("not proven", "not run: 1 of its 2 scenarios", "partner")),
        (
            whole(BAD, covered={"DP-BOK-01": ["F: bad", "F: x"]}, trouble=DIED),
            1,
            ("failed", FAILED["reason"], "partner"),
        ),
        (whole(attested("good", by="a specialist")), 0, ("attested", None, None)),
        (whole(GOOD, trouble=BROKEN), 70, FINE),
        (whole(GOOD, ended=False), 2, FINE),
    ],
)
def test_the_verdict_follows_from_the_journal(
    lines: list[Line], code: int, told: tuple[str, str | None, str | None]
) -> None:
    """Each way in which a run can end has its verdict, its exit code and its reason."""
    verdict = judged(lines)

    word = {0: "accepted", 1: "not accepted"}.get(code, "not proven")
    assert (verdict["verdict"], verdict["exit_code"]) == (word, code)
    assert criterion(verdict) == told


def test_a_failure_carries_its_finding() -> None:
    """The finding is written again from the journal, with the lines that prove it."""
    verdict = judged(whole(scene("bad", FAILED, answer=204)))
    row = next(one for one in verdict["criteria"] if one["id"] == "DP-BOK-01")

    assert [one["outcome"] for one in row["scenarios"]] == ["failed"]
    assert row["findings"] == [
        {
            "criterion": "DP-BOK-01",
            "headline": "A notification with a wrong key was not refused",
            "expected": "401 or 403",
            "observed": "204",
            "evidence": "looked 3 times, last in line 3; waited up to 60 s",
            "next": "the vendor (endpoint for notifications): a notification with a wrong key was answered 204; "
            "compare the agreed key before anything else is done with a notification",
            "lines": [3],
            "scenario": "x#bad",
            "cause": "endpoint-unguarded",
            "who": "the vendor",
            "part": "endpoint for notifications",
        }
    ]


def test_what_a_partner_need_not_have_does_not_apply() -> None:
    """A conditional criterion without the capability blocks nothing."""
    lines = whole(GOOD, declined("breaks", "DP-SCH-04"))

    assert judged(lines)["verdict"] == "accepted"
    assert criterion(judged(lines), "DP-SCH-04") == ("not applicable", "it has no breaks", None)


def test_a_lack_whose_refusal_nobody_saw_is_not_proven() -> None:
    """Where something of the control contract asks for the capability; of others the declaration is all there is."""
    lines = whole(GOOD, scene("breaks", LACKING, "DP-SCH-04"), scene("asked", LACKING, "DP-RTB-01"))

    assert judged(lines)["verdict"] == "not proven"
    assert criterion(judged(lines), "DP-SCH-04") == ("not proven", "evidence missing", "harness")
    assert criterion(judged(lines), "DP-RTB-01")[0] == "not applicable"


@pytest.mark.parametrize("others", [[], [declined("refused", "DP-BOK-13")]])
def test_what_is_not_declared_is_never_passed(others: list[Scene]) -> None:
    """Not even where its scenarios passed: the partner is to declare what it does."""
    lines = whole(GOOD, scene("done", PASSED, "DP-BOK-13"), *others)

    assert judged(lines)["verdict"] == "not proven"
    assert criterion(judged(lines), "DP-BOK-13") == ("not proven", "precondition unmet", "partner")


@pytest.mark.parametrize("others", [[], [scene("hidden", PASSED, "DP-SCH-04")]])
def test_what_a_partner_declares_it_cannot_decline(others: list[Scene]) -> None:
    """A declared capability that is refused is not proven, whatever else of it passed."""
    lines = whole(GOOD, scene("breaks", LACKING, "DP-SCH-04"), *others, capabilities=["push", "breaks"])

    assert judged(lines)["verdict"] == "not proven"
    assert criterion(judged(lines), "DP-SCH-04") == ("not proven", "arrangement refused", "partner")


@pytest.mark.parametrize(
    ("name", "delivery", "told"),
    [
        ("DP-NOT-01", "pull", "not applicable"),
        ("DP-NOT-01", "push", "not proven"),
        ("DP-NOT-01", "both", "not proven"),
        ("DP-NOT-06", "push", "not applicable"),
        ("DP-NOT-06", "pull", "not proven"),
    ],
)
def test_a_delivery_that_the_run_does_not_use_does_not_apply(name: str, delivery: str, told: str) -> None:
    """Push is no affair of a run that pulls, though the partner could, and the other way round."""
    lines = whole(GOOD, scene("news", LACKING, name), capabilities=["push", "pull"], delivery=delivery)

    assert criterion(judged(lines), name)[0] == told


def test_a_required_criterion_may_have_scenarios_that_do_not_apply() -> None:
    """Those of another delivery count for nothing beside those that passed."""
    lines = whole(scene("pushed", PASSED, "DP-NOT-02"), scene("pulled", LACKING, "DP-NOT-02"))

    assert criterion(judged(lines), "DP-NOT-02")[0] == "passed"


BARE = [one for one in scene("bare", PASSED) if one.kind is Kind.SCENARIO]


@pytest.mark.parametrize("unproven", [BARE, scene("bare", PASSED, given=True), attested("bare", by=None)])
def test_nothing_passes_without_evidence(unproven: Scene) -> None:
    """A scenario that judged nothing but its preconditions, or that nobody attested, proves nothing."""
    verdict = judged(whole(GOOD, unproven))

    assert verdict["verdict"] == "not proven"
    assert criterion(verdict) == ("not proven", "evidence missing", "harness")


def test_moves_that_are_told_otherwise_are_noted() -> None:
    """Cancelling and booking stands for moving: advice, and no finding."""
    used = [call("bookSlot"), call("cancelBooking")]
    moved = scene("moved", PASSED, "DP-BOK-06")

    def noted(*scenes: Scene) -> list[str]:
        return [one["text"] for one in judged(whole(*scenes, alone=True))["observations"]]

    assert noted(moved, used) == ["moveBooking: never used with success; moves were told as cancelBooking and bookSlot"]
    assert noted(moved, used, [call("moveBooking")]) == []
    assert noted(GOOD, used) == []
    assert noted(scene("moved", FAILED, "DP-BOK-06", answer=204), used) == []


def test_what_every_partner_must_have_cannot_be_lacking() -> None:
    """A required criterion that the partner declines is not proven, and never left out of the verdict."""
    lines = whole(GOOD, scene("moves", LACKING, "DP-BOK-06"))

    assert judged(lines)["verdict"] == "not proven"
    assert criterion(judged(lines), "DP-BOK-06") == ("not proven", "arrangement refused", "partner")


def test_two_rows_of_one_scenario_do_not_stand_for_another() -> None:
    """A scenario that did not run is missed, however many rows another one has."""
    rows = [scene(f"good [{row}]", PASSED) for row in ("wrong", "missing")]
    assert criterion(judged(whole(*rows, covered=TWO)))[:2] == ("not proven", "not run: 1 of its 2 scenarios")
    assert criterion(judged(whole(*rows, covered=ONE)))[0] == "passed"
    begun = scene("good [third]", None)
    assert criterion(judged(whole(*rows, begun, covered=ONE)))[:2] == ("not proven", "not run: 1 of its 1 scenarios")


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (scene("bad", PASSED, answer=204, said="satisfied"), "line 4 says satisfied, and its"),
        (scene("bad", FAILED, said="given up"), "line 4 says given up, and its check says"),
        (scene("bad", PASSED, answer=204), "x#bad is said to have passed, its waits say failed"),
        (
            scene("bad", FAILED),
            "x#bad is said to have failed, its waits say nothing",
        ),
        (
            scene("bad", {**FAILED, "blame": "docplanner"}, answer=204),
            "x#bad is said to have failed by the fault of docplanner: only a partner's failure is one",
        ),
        ([one for one in GOOD if one.kind is not Kind.LOOK], "line 3 judges a look that is not in the journal"),
        (
            [replace(one, body=one.body | {"check": "Unheard"}) if one.kind is Kind.WAIT else one for one in GOOD],
            "line 4 cannot be judged again ('Unheard')",
        ),
    ],
)
def test_a_journal_that_contradicts_itself_proves_nothing(bad: Scene, told: str) -> None:
    """A tampered line ends the judgement with 70 and blame on the harness, whatever else passed."""
    verdict = judged(whole(bad))

    assert (verdict["exit_code"], verdict["trouble"]["blame"]) == (70, "harness")
    assert told in verdict["trouble"]["reason"]


def test_the_order_of_scenarios_is_free() -> None:
    """Scenarios in another order give the same verdict, but for the numbers of lines."""
    scenes = [scene(f"s{n}", PASSED, name) for n, name in enumerate(["DP-BOK-01", "DP-BOK-01", "DP-MAP-01"])]
    scenes += [scene("b", FAILED, "DP-BOK-02", answer=204), scene("n", UNMET, "DP-SCH-01", answer=204, given=True)]

    def told() -> list[dict[str, Any]]:
        rows = judged(whole(*scenes))["criteria"]
        return [row | {"findings": [one | {"lines": [], "evidence": ""} for one in row["findings"]]} for row in rows]

    before = told()
    for seed in range(10):
        random.Random(seed).shuffle(scenes)  # noqa: S311 - an order, no secret
        assert told() == before


def test_a_journal_without_a_first_line_is_no_run() -> None:
    """There is nothing to judge."""
    with pytest.raises(ValueError, match="no first line of a run"):
        judge(GOOD)


def seen_by(person: str, lines: Scene) -> Scene:
    """The scenario, with its wait answered by that person."""
    waited = [
        replace(one, body={**one.body, "attested_by": [person]}) if one.kind is Kind.WAIT else one for one in lines
    ]
    return [*waited[:-1], line(Kind.ATTESTATION, lines[0].scenario, by=person), waited[-1]]


def test_what_was_judged_by_a_persons_answer_is_attested_and_names_them() -> None:
    """Whatever the scenario's last line says; a no is a failure like any other; a Given attests nothing."""
    verdict = judged(whole(seen_by("Ola", scene("seen", PASSED)), GOOD))
    row = next(one for one in verdict["criteria"] if one["id"] == "DP-BOK-01")
    assert (row["outcome"], row["attested_by"], verdict["verdict"]) == ("attested", ["Ola"], "accepted")
    assert {one["id"]: one["attested_by"] for one in row["scenarios"]}["x#seen"] == ["Ola"]

    assert criterion(judged(whole(seen_by("Ola", scene("seen", FAILED, answer=204)))))[0] == "failed"
    given = seen_by("Ola", scene("seen", PASSED, given=True))[1:-1]
    assert criterion(judged(whole([*scene("seen", PASSED)[:-1], *given, scene("seen", PASSED)[-1]])))[0] == "passed"


def test_of_what_was_broken_off_nothing_counts() -> None:
    """A run that goes on plays the scenario again: only the last time is judged."""
    verdict = judged(whole([*scene("again", None, answer=204), *scene("again", PASSED)]))
    assert (criterion(verdict)[0], verdict["trouble"]) == ("passed", None)
    assert criterion(judged(whole([*scene("again", PASSED)[:-1], *scene("again", FAILED, answer=204)])))[0] == "failed"


def test_whoever_does_what_he_does_not_declare_is_not_proven_though_somebody_saw_it() -> None:
    """As where the API showed it."""
    lines = whole(seen_by("Ola", scene("seen", PASSED, "DP-BOK-13")), capabilities=("push",))
    assert criterion(judged(lines), "DP-BOK-13") == ("not proven", "precondition unmet", "partner")

"""Waiting where a person looks: asked once all is quiet, and again at the end; asking costs no time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from driver.scenes import scene_of, settings
from hypothesis import given
from hypothesis import strategies as st

from harness.clock import ManualClock
from harness.driver.attesting import Attesting
from harness.driver.outcomes import NotProven, Reason, unproven
from harness.driver.scene import TO_PARTNER, Scene
from harness.errors import (
    EffectNotShown,
    NeedsSandbox,
    OperatorGone,
    PersonCouldNotTell,
    PersonError,
    PersonSkipped,
)
from harness.operator.port import NO, YES, Answer, Question, Said, Task, Who
from harness.recorder.journal import MemoryJournal
from harness.recorder.line import Actor, Kind
from harness.verdict.finding import Problem
from harness.verdict.observation import RefusalSeen

QUESTION = Question(Who.STAFF, "Is Anna there?", "appointments", details={"address_id": "7"})
TASK = Task(Who.STAFF, "Book Anna.", "add_appointment", {"address_id": "7"})
LATE = timedelta(minutes=10)


@dataclass
class Person:
    """Says ``choices`` in their order, each after ``takes``; remembers when they were asked."""

    clock: ManualClock
    choices: list[str]
    takes: timedelta = LATE
    asked_at: list[float] = field(default_factory=list)

    def do(self, task: Task) -> Answer:
        """Done, in time."""
        del task
        self.clock.advance(self.takes)
        return Answer(Said.DONE, "Ola")

    def look(self, question: Question) -> Answer:
        """The next choice, in time."""
        del question
        self.asked_at.append(self.clock.now().timestamp())
        self.clock.advance(self.takes)
        return Answer(Said.DONE, "Ola", choice=self.choices.pop(0))


@dataclass(frozen=True)
class IsYes:
    """The person said yes."""

    def judge(self, seen: RefusalSeen) -> Problem | None:
        """None for a yes."""
        return None if seen.error == YES else Problem("not there", "there", "not there")


def staged(choices: Sequence[str]) -> tuple[Scene, ManualClock, Person, Attesting]:
    """A scene without activity, with a person who answers so."""
    scene, clock, _ = scene_of(settings(["push"]))
    person = Person(clock, list(choices))
    people = Attesting(person, MemoryJournal(), clock, lambda: "s")
    scene.answers, scene.patience.asked = people.attested, lambda: people.asked
    return scene, clock, person, people


def looked(scene: Scene, people: Attesting, choices: Sequence[str]) -> tuple[int, timedelta | None]:
    """How often the person was asked, and how long the wait took by the scene's own clock."""
    said: list[str] = []

    def look() -> RefusalSeen:
        scene.patience.ripe()
        said.append(str(people.look(QUESTION).choice))
        return RefusalSeen(None, said[-1])

    before = scene.patience.now()
    waited = scene.watch(IsYes(), look, within=scene.limit(TO_PARTNER))
    assert (waited.objection is None) == (choices[-1] == YES)
    return len(said), scene.patience.now() - before


def test_a_yes_is_asked_once_as_soon_as_all_is_quiet() -> None:
    """Five seconds without news, not the whole minute; and it is known who said so."""
    scene, _, _, people = staged([YES])
    assert looked(scene, people, [YES]) == (1, timedelta(seconds=5))
    assert scene.seen_by == ("Ola",)


@pytest.mark.parametrize("choices", [[NO, YES], [NO, NO]])
def test_after_a_no_the_person_is_asked_once_more_at_the_end_of_the_time(choices: list[str]) -> None:
    """However long they took to answer: that does not count."""
    scene, _, _, people = staged(choices)
    asked, took = looked(scene, people, choices)
    assert asked == 2
    assert took == scene.limit(TO_PARTNER)


@given(minutes=st.integers(0, 600))
def test_a_pause_costs_no_time_of_a_wait(minutes: int) -> None:
    """The wait counts from the moment at which the person said done, and stands still while they look."""
    scene, clock, person, people = staged([NO, NO])
    person.takes = timedelta(minutes=minutes)
    scene.act(Actor.STAFF, "Staff book Anna", lambda _: people.do(TASK))
    done = clock.now().timestamp()

    looked(scene, people, [NO, NO])

    limit = scene.limit(TO_PARTNER).total_seconds()
    assert [at - done for at in person.asked_at] == [5, limit + person.takes.total_seconds()]


def test_what_the_person_was_asked_before_leaves_the_next_wait_its_time() -> None:
    """Ten minutes of looking after an act are not ten minutes of waiting for it."""
    scene, _, _, people = staged([YES, NO, YES])
    scene.act(Actor.STAFF, "Staff book Anna", lambda _: people.do(TASK))
    looked(scene, people, [YES])
    asked, took = looked(scene, people, [NO, YES])
    assert asked == 2
    assert took == scene.limit(TO_PARTNER) - timedelta(seconds=5)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PersonSkipped("no time"), "not run"),
        (PersonCouldNotTell("too small"), "could not tell"),
        (EffectNotShown("Ola said done; Docplanner shows no such visit"), "could not tell"),
        (NeedsSandbox("a clock"), "needs the embedded sandbox"),
    ],
)
def test_what_a_person_does_not_do_or_see_is_nobodys_fault(error: PersonError, reason: Reason) -> None:
    """In acts and in looks."""
    scene, _, lines = scene_of(settings(["push"]))

    def fails(*_: object) -> RefusalSeen:
        raise error

    with pytest.raises(NotProven) as act:
        scene.act(Actor.STAFF, "Staff book Anna", fails)
    with pytest.raises(NotProven) as look:
        scene.watch(IsYes(), fails, within=timedelta(0))

    assert {(one.value.reason, one.value.blame) for one in (act, look)} == {(reason, None)}
    assert [one.body["state"] for one in lines if one.kind is Kind.ACT] == ["intended", "unknown"]
    assert unproven(error).reason == reason


def test_whoever_leaves_ends_the_run_and_no_scenario() -> None:
    """It is played when the run goes on."""
    scene, _, lines = scene_of(settings(["push"]))

    def leaves(*_: object) -> RefusalSeen:
        message = "gone"
        raise OperatorGone(message)

    with pytest.raises(OperatorGone):
        scene.act(Actor.STAFF, "Staff book Anna", leaves)
    with pytest.raises(OperatorGone):
        scene.watch(IsYes(), leaves, within=timedelta(0))
    assert [one.body["state"] for one in lines] == ["intended"]


def test_an_attestation_tells_who_was_asked_what_and_for_how_long() -> None:
    """Of what they typed only the number of lines: what it says stands in the look, masked where it must be."""
    journal = MemoryJournal()
    clock = ManualClock(scene_of(settings())[1].now())

    class Types(Person):
        def look(self, question: Question) -> Answer:
            """No, and what there is."""
            super().look(question)
            return Answer(Said.DONE, "Ola", note="slow", choice=NO, seen=("10:00-10:30 a stranger",))

    people = Attesting(Types(clock, [NO]), journal, clock, lambda: "s")
    people.look(QUESTION)
    people.do(TASK)

    question, task = journal.lines
    assert (question.kind, question.actor, question.scenario, question.address) == (
        Kind.ATTESTATION,
        Actor.STAFF,
        "s",
        "7",
    )
    told = {name: question.body[name] for name in ("asked", "by", "said", "choice", "lines", "note", "took_s")}
    assert told == {
        "asked": "question",
        "by": "Ola",
        "said": "done",
        "choice": NO,
        "lines": 1,
        "note": "slow",
        "took_s": 600.0,
    }
    assert "stranger" not in str(question.body)
    assert task.body["asked"] == "task"
    assert people.asked == 2 * LATE
    assert people.attested == ["Ola"]

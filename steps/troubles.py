"""Trouble between Docplanner and the clinic's system, made on purpose."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.driver.cast import DoctorName
from harness.driver.days import Day, Moment
from harness.driver.questions import Answer
from harness.driver.stage import Stage
from harness.driver.troubles import Breakdown
from harness.vocabulary import Visit
from steps.phrases import phrase

MORE_THAN_A_PAGE = 105
LATER = Day(4)


@given(phrase("the next {count:Count} news about {doctor:Doctor} will arrive in the wrong order"))
def news_reordered(stage: Stage, count: int, doctor: DoctorName) -> None:
    """The last one first."""
    stage.troubles.reorder(doctor, count)


@given(phrase("the next news about {doctor:Doctor} will be lost"))
def news_lost(stage: Stage, doctor: DoctorName) -> None:
    """It never arrives."""
    stage.troubles.lose(doctor)


@given(phrase("the next change of {doctor:Doctor}'s calendar on its way to Docplanner {how:Breakdown}"))
def write_breaks(stage: Stage, doctor: DoctorName, how: Breakdown) -> None:
    """The clinic's system cannot know whether it took effect."""
    stage.troubles.break_write(doctor, how)


@given(phrase("Docplanner takes no change of {doctor:Doctor}'s calendar for a moment"))
def writes_limited(stage: Stage, doctor: DoctorName) -> None:
    """There were too many, it says, and when to go on."""
    stage.troubles.refuse_writes(doctor)


@given(phrase("Docplanner refuses the next change of {doctor:Doctor}'s calendar for being one too many"))
def one_write_limited(stage: Stage, doctor: DoctorName) -> None:
    """Once, and it says when to go on."""
    stage.troubles.refuse_writes(doctor, 1)


@given(phrase("Docplanner shows changes of {doctor:Doctor}'s calendar late"))
def shown_late(stage: Stage, doctor: DoctorName) -> None:
    """A second and a half after it accepted them."""
    stage.troubles.show_late(doctor, 1.5)


@given(phrase("the link between Docplanner and {doctor:Doctor}'s calendar is down"), target_fixture="down")
def link_down(stage: Stage, doctor: DoctorName) -> tuple[str, ...]:
    """Nothing gets through in either direction, and what was told is lost."""
    return stage.troubles.cut_link(doctor)


@when(phrase("the link between Docplanner and {doctor:Doctor}'s calendar is mended"))
def link_mended(stage: Stage, doctor: DoctorName, down: tuple[str, ...]) -> None:
    """Everything gets through again."""
    stage.troubles.mend_link(doctor, down)


@given("Docplanner's lists of visits leave the visit out")
def list_lacks(stage: Stage, visit: Visit) -> None:
    """The visit stands all the same."""
    stage.troubles.leave_out(visit)


@given(phrase("Docplanner also tells the clinic what staff did with {doctor:Doctor}'s calendar"))
def echoes(stage: Stage, doctor: DoctorName) -> None:
    """An echo of the clinic's own actions."""
    stage.troubles.echo(doctor)


@given(phrase("{doctor:Doctor} has already booked more visits at Docplanner than a page holds"))
def many_booked(stage: Stage, doctor: DoctorName) -> None:
    """A dozen a day."""
    stage.given_many_visits(MORE_THAN_A_PAGE, doctor, LATER)


@given(phrase("{doctor:Doctor} has already booked a dozen visits at Docplanner"))
def dozen_booked(stage: Stage, doctor: DoctorName) -> None:
    """All on one day."""
    stage.given_many_visits(12, doctor, LATER)


@when(phrase("{doctor:Doctor} books more visits at Docplanner than a page holds"))
def books_many(stage: Stage, doctor: DoctorName) -> None:
    """A dozen a day."""
    stage.doctor_books_many(MORE_THAN_A_PAGE, doctor, LATER)


@when("the clinic's system compares its calendars with Docplanner")
def compares(stage: Stage) -> None:
    """As it does by itself from time to time."""
    stage.compare()


# -- real-time questions --------------------------------------------------------------------------------------------


@when(
    phrase("Docplanner asks whether {patient:Patient} may book {doctor:Doctor} {moment:Moment}"),
    target_fixture="answer",
)
def may_book(stage: Stage, patient: str, doctor: DoctorName, moment: Moment) -> Answer:
    """Before the patient books."""
    return stage.questions.booking(patient, doctor, moment)


@when(phrase("Docplanner asks whether the visit may move to {moment:Moment}"), target_fixture="answer")
def may_move(stage: Stage, visit: Visit, moment: Moment) -> Answer:
    """Before the patient moves it."""
    return stage.questions.moving(visit, moment)


@then("the clinic's system approves")
def approves(stage: Stage, answer: Answer) -> None:
    """The time is free."""
    stage.questions.expect_allowed(answer)


@then("the clinic's system does not approve")
def denies(stage: Stage, answer: Answer) -> None:
    """The time is taken or blocked."""
    stage.questions.expect_denied(answer)


@then("the clinic's system says why in a way that the patient can be shown")
def says_why(stage: Stage, answer: Answer) -> None:
    """A number of the dictionary that was agreed."""
    stage.questions.expect_readable(answer)


@then("the clinic's system has answered before the patient gives up")
def answered_in_time(stage: Stage, answer: Answer) -> None:
    """Within 5 s."""
    stage.questions.expect_in_time(answer)

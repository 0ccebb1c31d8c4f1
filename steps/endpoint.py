"""What reaches the clinic's system and is no news, and the limits that it keeps."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.driver.cast import DoctorName
from harness.driver.endpoint import AnswersSeen
from harness.driver.stage import Stage
from steps.phrases import phrase


@when(phrase("Docplanner tells of something unknown that happened to {doctor:Doctor}"), target_fixture="answers")
def unknown_told(stage: Stage, doctor: DoctorName) -> AnswersSeen:
    """An event of which the guide says nothing."""
    return stage.endpoint.unknown_event(doctor)


@when(phrase("messages about {doctor:Doctor} arrive that make no sense"), target_fixture="answers")
def nonsense_told(stage: Stage, doctor: DoctorName) -> AnswersSeen:
    """Broken, empty, or without what matters."""
    return stage.endpoint.nonsense(doctor)


@when(phrase("Docplanner knocks in every way at {doctor:Doctor}'s clinic"), target_fixture="answers")
def pinged(stage: Stage, doctor: DoctorName) -> AnswersSeen:
    """As its monitor does every five minutes."""
    return stage.endpoint.pings(doctor)


@then(phrase("the clinic's system has not fallen over at anything about {doctor:Doctor}"))
def stands(stage: Stage, doctor: DoctorName, answers: AnswersSeen) -> None:
    """It answered everything."""
    stage.endpoint.expect_stands(doctor, answers)


@then("the clinic's system has answered every knock of the whole run")
def answered_all(stage: Stage) -> None:
    """There is one at the end of each scenario."""
    stage.endpoint.expect_pings_answered()


@given("the clinic's system fetches its news")
def fetches(stage: Stage) -> None:
    """Instead of being told."""
    stage.endpoint.need_pull()


@then("the clinic's system fetches its news far more often than Docplanner throws it away")
def fetches_often(stage: Stage) -> None:
    """Docplanner keeps it for 72 hours."""
    stage.endpoint.expect_polled()


@then(phrase("the clinic's system has slowed down for {doctor:Doctor}'s calendar when it was told to"))
def slowed_down(stage: Stage, doctor: DoctorName) -> None:
    """No more than two changes before it might go on."""
    stage.endpoint.expect_limit_kept(doctor)

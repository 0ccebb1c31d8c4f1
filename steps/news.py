"""News from Docplanner to the clinic: told again, held back, forged, accepted."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.driver.cast import DoctorName
from harness.driver.days import Moment
from harness.driver.messages import Forgery
from harness.driver.stage import Stage
from harness.vocabulary import Visit
from steps.phrases import phrase


@given(phrase("news about {doctor:Doctor} is held back"), target_fixture="held")
def news_held(stage: Stage, doctor: DoctorName) -> str:
    """The clinic does not hear of what happens now."""
    return stage.given_news_held(doctor)


@given(phrase("the next news about {doctor:Doctor} will come twice"))
def news_twice(stage: Stage, doctor: DoctorName) -> None:
    """Word for word."""
    stage.say_twice(doctor)


@when(
    phrase("a stranger sends news that {patient:Patient} booked {doctor:Doctor} {moment:Moment}, with a {key:Key} key"),
    target_fixture="forgery",
)
def stranger_sends(stage: Stage, patient: str, doctor: DoctorName, moment: Moment, key: str) -> Forgery:
    """A wrong key, or none at all."""
    return stage.forge(patient, doctor, moment, key)


@when("the clinic is told of the booking again")
def told_of_booking_again(stage: Stage, visit: Visit) -> None:
    """The last such message once more, word for word."""
    stage.say_again(visit, "slot-booked")


@when("the clinic is told of the move again")
def told_of_move_again(stage: Stage, visit: Visit) -> None:
    """The last such message once more, word for word."""
    stage.say_again(visit, "booking-moved")


@when(phrase("the news about {doctor:Doctor} that was held back arrives"))
def held_news_arrives(stage: Stage, doctor: DoctorName, held: str) -> None:
    """In the order in which it was made."""
    stage.let_go(doctor, held)


@when("Docplanner ends the clinic's key before its time")
def access_ends(stage: Stage) -> None:
    """Every access token is refused from now on."""
    stage.expire_access()


@then(phrase("the clinic's system has accepted everything that it was told about {doctor:Doctor}"))
def news_accepted(stage: Stage, doctor: DoctorName) -> None:
    """Every message was answered as accepted."""
    stage.expect.news_accepted(doctor)


@then("the stranger is refused")
def stranger_refused(stage: Stage, forgery: Forgery) -> None:
    """As unauthorised or forbidden."""
    stage.expect.forgery_refused(forgery)

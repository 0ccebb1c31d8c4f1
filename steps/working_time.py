"""Working time and what patients can book of it."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.driver.cast import DoctorName
from harness.driver.days import Day, Hours, Moment
from harness.driver.stage import Stage
from harness.vocabulary import Service
from steps.phrases import phrase


@given(phrase("{doctor:Doctor} offers slots {hours:Hours}"))
def offers_slots(stage: Stage, doctor: DoctorName, hours: Hours) -> None:
    """Staff entered the working time, and patients can book it."""
    stage.given_offer(doctor, hours)


@when(phrase("staff set the working time of {doctor:Doctor} to {hours:Hours}"))
def staff_set(stage: Stage, doctor: DoctorName, hours: Hours) -> None:
    """The day's working time becomes exactly this."""
    stage.staff_set_working_time(doctor, hours)


@when(phrase("staff add working time for the second service of {doctor:Doctor} {hours:Hours}"))
def staff_add(stage: Stage, doctor: DoctorName, hours: Hours) -> None:
    """Beside what the day has."""
    stage.staff_add_working_time(doctor, hours)


@when(phrase("staff set the working time of {doctor:Doctor} to {hours:Hours} for the service added again"))
def staff_set_for_renewed(stage: Stage, doctor: DoctorName, hours: Hours, renewed: Service) -> None:
    """The calendar goes on with the service's new id."""
    stage.staff_set_working_time(doctor, hours, renewed)


@when(phrase("staff empty the day of {doctor:Doctor} {day:Day}"))
def staff_empty(stage: Stage, doctor: DoctorName, day: Day) -> None:
    """The day has no working time any more."""
    stage.staff_empty_day(doctor, day)


@then(phrase("in time Docplanner has exactly the working time of {doctor:Doctor} that staff entered"))
def working_time_sent(stage: Stage, doctor: DoctorName) -> None:
    """On every day, however divided."""
    stage.expect.working_time(doctor)


@then(phrase("Docplanner still has exactly the working time of {doctor:Doctor} that staff entered"))
def working_time_stays(stage: Stage, doctor: DoctorName) -> None:
    """Once all has come to rest."""
    stage.expect.still_working_time(doctor)


@then(phrase("in time patients can book {doctor:Doctor} {moment:Moment}"))
def can_book(stage: Stage, doctor: DoctorName, moment: Moment) -> None:
    """The time is offered."""
    stage.expect.offered(doctor, moment)


@then(phrase("in time patients can book exactly the time of {doctor:Doctor} that is not blocked"))
def can_book_what_is_free(stage: Stage, doctor: DoctorName) -> None:
    """Working time without breaks."""
    stage.expect.bookable_time(doctor)

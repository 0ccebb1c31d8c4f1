"""Working time that is special, and the profile that goes with it."""

from __future__ import annotations

from datetime import time

from pytest_bdd import given, then, when

from harness.driver.cast import DoctorName
from harness.driver.days import Day, Hours
from harness.driver.stage import Stage
from harness.vocabulary import Service
from steps.phrases import phrase


@given(phrase("it is the day before clocks go {forward:Turn}"))
def day_before_change(stage: Stage, *, forward: bool) -> None:
    """Both sides share a clock, and it is moved on."""
    stage.time.day_before_change(forward=forward)


@when(phrase("staff far away, in {zone:Zone}, set the working time of {doctor:Doctor} to {hours:Hours}"))
def set_from_afar(stage: Stage, zone: str, doctor: DoctorName, hours: Hours) -> None:
    """The hours are the clinic's; the clock on the wall is another one."""
    stage.hours.in_zone(doctor, hours, zone)


@when(
    phrase(
        "staff set the working time of {doctor:Doctor} {near:Day}, {far:Day} and {beyond:Day} from {start:Clock} "
        "to {end:Clock}"
    )
)
def set_far_ahead(stage: Stage, doctor: DoctorName, near: Day, far: Day, beyond: Day, start: time, end: time) -> None:
    """At once, as a template of the season is."""
    stage.hours.far_ahead(doctor, (near, far, beyond), start, end)


@then(phrase("in time Docplanner has exactly the working time of {doctor:Doctor} in the next 12 weeks"))
def horizon_sent(stage: Stage, doctor: DoctorName) -> None:
    """What lies beyond is not asked for."""
    stage.hours.expect_horizon(doctor)


@when(phrase("staff set the working time of {doctor:Doctor} to {hours:Hours} for patients {insured:Insured}"))
def set_for_insured(stage: Stage, doctor: DoctorName, hours: Hours, insured: str) -> None:
    """With insurance alone, or without it alone."""
    stage.hours.for_insured(doctor, hours, insured)


@when(phrase("staff decide what {doctor:Doctor} offers"), target_fixture="offered")
def staff_offer(stage: Stage, doctor: DoctorName) -> tuple[Service, ...]:
    """One service, shorter than before, and every insurance."""
    return stage.hours.offer(doctor)


@then(phrase("in time the profile of {doctor:Doctor} shows exactly what staff decided"))
def profile_shown(stage: Stage, doctor: DoctorName, offered: tuple[Service, ...]) -> None:
    """Services with their lengths, and insurances."""
    stage.hours.expect_profile(doctor, offered)

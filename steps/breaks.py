"""Breaks: time blocked by staff or by the doctor."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.driver.cast import DoctorName
from harness.driver.days import Hours
from harness.driver.stage import Stage
from harness.vocabulary import Break
from steps.phrases import phrase


@given(phrase("staff have blocked {doctor:Doctor} {hours:Hours}"), target_fixture="blocked")
def staff_have_blocked(stage: Stage, doctor: DoctorName, hours: Hours) -> Break:
    """And patients cannot book that time."""
    return stage.given_staff_break(doctor, hours)


@given(phrase("{doctor:Doctor} has a break at Docplanner {hours:Hours}"), target_fixture="blocked")
def doctor_has_break(stage: Stage, doctor: DoctorName, hours: Hours) -> Break:
    """And the clinic knows it."""
    return stage.given_doctor_break(doctor, hours)


@when(phrase("staff block {doctor:Doctor} {hours:Hours}"), target_fixture="blocked")
def staff_block(stage: Stage, doctor: DoctorName, hours: Hours) -> Break:
    """Staff block time."""
    return stage.staff_block(doctor, hours)


@when(phrase("staff move the blocked time to {hours:Hours}"), target_fixture="blocked")
def staff_move_blocked(stage: Stage, blocked: Break, hours: Hours) -> Break:
    """Staff move the blocked time."""
    return stage.staff_move_block(blocked, hours)


@when("staff free the blocked time")
def staff_free(stage: Stage, blocked: Break) -> None:
    """Staff free the blocked time."""
    stage.staff_free(blocked)


@when(phrase("{doctor:Doctor} adds a break at Docplanner {hours:Hours}"), target_fixture="blocked")
def doctor_adds_break(stage: Stage, doctor: DoctorName, hours: Hours) -> Break:
    """The doctor blocks time in the Docplanner calendar."""
    return stage.doctor_blocks(doctor, hours)


@when(phrase("{doctor:Doctor} moves the break to {hours:Hours}"), target_fixture="blocked")
def doctor_moves_break(
    stage: Stage,
    blocked: Break,
    doctor: DoctorName,  # noqa: ARG001 - read aloud
    hours: Hours,
) -> Break:
    """The doctor moves the break in the Docplanner calendar."""
    return stage.doctor_moves_block(blocked, hours)


@when(phrase("{doctor:Doctor} removes the break"))
def doctor_removes_break(stage: Stage, blocked: Break, doctor: DoctorName) -> None:  # noqa: ARG001 - read aloud
    """The doctor frees the time in the Docplanner calendar."""
    stage.doctor_frees(blocked)


@then("in time the clinic's calendar shows the break")
def clinic_shows_break(stage: Stage, blocked: Break) -> None:
    """The time is blocked, however divided."""
    stage.expect.break_in_clinic(blocked)


@then("in time the clinic's calendar no longer shows the break")
def clinic_no_longer_shows_break(stage: Stage, blocked: Break) -> None:
    """The time is free again."""
    stage.expect.no_break_in_clinic(blocked)

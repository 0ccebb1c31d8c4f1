"""Visits that have begun: whether the patient came, noted on either side."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.driver.cast import DoctorName
from harness.driver.stage import Stage
from harness.vocabulary import Visit
from steps.phrases import phrase


@given(phrase("{doctor:Doctor} has booked {patient:Patient}, whose visit has just begun"), target_fixture="visit")
def visit_has_begun(stage: Stage, doctor: DoctorName, patient: str) -> Visit:
    """Booked by the doctor at Docplanner, and known to the clinic."""
    return stage.given_begun_visit(patient, doctor)


@when(phrase("staff note that {patient:Patient} was {presence:Presence}"))
def staff_note(stage: Stage, visit: Visit, patient: str, presence: str) -> None:  # noqa: ARG001 - read aloud
    """In the clinic's system."""
    stage.presence.by_staff(visit, presence)


@when(phrase("{doctor:Doctor} notes that {patient:Patient} was {presence:Presence}"))
def doctor_notes(
    stage: Stage,
    visit: Visit,
    doctor: DoctorName,  # noqa: ARG001 - read aloud
    patient: str,  # noqa: ARG001 - read aloud
    presence: str,
) -> None:
    """In the Docplanner calendar."""
    stage.presence.by_doctor(visit, presence)


@then(phrase("in time Docplanner shows that {patient:Patient} was {presence:Presence}"))
def presence_there(stage: Stage, visit: Visit, patient: str, presence: str) -> None:  # noqa: ARG001 - read aloud
    """Who was absent writes no opinion."""
    stage.presence.expect_at_docplanner(visit, presence)


@then(phrase("in time the clinic's calendar shows that {patient:Patient} was {presence:Presence}"))
def presence_here(stage: Stage, visit: Visit, patient: str, presence: str) -> None:  # noqa: ARG001 - read aloud
    """Who was absent is called."""
    stage.presence.expect_in_clinic(visit, presence)

"""Visits: booked, moved and cancelled by patients, doctors and staff, and shown on either side."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.driver.cast import DoctorName
from harness.driver.days import Moment
from harness.driver.stage import Stage
from harness.vocabulary import Visit
from steps.phrases import phrase

# -- how things stand -----------------------------------------------------------------------------------------------


@given(phrase("{patient:Patient} has a visit with {doctor:Doctor} {moment:Moment}"), target_fixture="visit")
def has_visit(stage: Stage, patient: str, doctor: DoctorName, moment: Moment) -> Visit:
    """Booked on the marketplace, and known to the clinic."""
    return stage.given_visit(patient, doctor, moment)


@given(phrase("staff have booked {patient:Patient} with {doctor:Doctor} {moment:Moment}"), target_fixture="visit")
def staff_have_booked(stage: Stage, patient: str, doctor: DoctorName, moment: Moment) -> Visit:
    """Booked by staff, and known to Docplanner."""
    return stage.given_staff_visit(patient, doctor, moment)


@given(phrase("{doctor:Doctor} has booked {patient:Patient} {moment:Moment}"), target_fixture="visit")
def doctor_has_booked(stage: Stage, patient: str, doctor: DoctorName, moment: Moment) -> Visit:
    """Booked by the doctor at Docplanner, and known to the clinic."""
    return stage.given_doctor_visit(patient, doctor, moment)


@given(phrase("{patient:Patient} has moved the visit to {moment:Moment}"), target_fixture="visit")
def has_moved(stage: Stage, visit: Visit, patient: str, moment: Moment) -> Visit:  # noqa: ARG001 - read aloud
    """Moved on the marketplace, and known to the clinic."""
    return stage.given_moved_visit(visit, moment)


@given(phrase("{patient:Patient} has cancelled the visit"), target_fixture="visit")
def has_cancelled(stage: Stage, visit: Visit, patient: str) -> Visit:  # noqa: ARG001 - read aloud
    """Cancelled on the marketplace, and known to the clinic."""
    return stage.given_cancelled_visit(visit)


# -- what people do -------------------------------------------------------------------------------------------------


@when(phrase("{patient:Patient} books {doctor:Doctor} {moment:Moment}"), target_fixture="visit")
def books(stage: Stage, patient: str, doctor: DoctorName, moment: Moment) -> Visit:
    """A patient takes an offered slot."""
    return stage.patient_books(patient, doctor, moment)


@when(phrase("{patient:Patient} moves the visit to {moment:Moment}"), target_fixture="visit")
def moves(stage: Stage, visit: Visit, patient: str, moment: Moment) -> Visit:  # noqa: ARG001 - read aloud
    """The patient moves the visit."""
    return stage.patient_moves(visit, moment)


@when(phrase("{patient:Patient} cancels the visit"), target_fixture="visit")
def cancels(stage: Stage, visit: Visit, patient: str) -> Visit:  # noqa: ARG001 - read aloud
    """The patient cancels the visit."""
    return stage.patient_cancels(visit)


@when(phrase("staff book {patient:Patient} with {doctor:Doctor} {moment:Moment}"), target_fixture="visit")
def staff_book(stage: Stage, patient: str, doctor: DoctorName, moment: Moment) -> Visit:
    """Staff book a visit."""
    return stage.staff_book(patient, doctor, moment)


@when(phrase("staff also try to book {patient:Patient} with {doctor:Doctor} {moment:Moment}"))
def staff_try_to_book(stage: Stage, patient: str, doctor: DoctorName, moment: Moment) -> None:
    """Staff book a time of which they do not know that it is taken."""
    stage.staff_try_to_book(patient, doctor, moment)


@when(phrase("staff move the visit to {moment:Moment}"), target_fixture="visit")
def staff_move(stage: Stage, visit: Visit, moment: Moment) -> Visit:
    """Staff move the visit."""
    return stage.staff_move(visit, moment)


@when(phrase("staff move the visit to {doctor:Doctor} {moment:Moment}"), target_fixture="visit")
def staff_move_across(stage: Stage, visit: Visit, doctor: DoctorName, moment: Moment) -> Visit:
    """Staff move the visit to another doctor."""
    return stage.staff_move_across(visit, doctor, moment)


@when(phrase("{doctor:Doctor} moves the visit to {other:Doctor} {moment:Moment}"), target_fixture="visit")
def doctor_moves_across(
    stage: Stage,
    visit: Visit,
    doctor: DoctorName,  # noqa: ARG001 - read aloud
    other: DoctorName,
    moment: Moment,
) -> Visit:
    """The doctor hands the visit over to another doctor."""
    return stage.doctor_moves_across(visit, other, moment)


@when("staff cancel the visit", target_fixture="visit")
def staff_cancel(stage: Stage, visit: Visit) -> Visit:
    """Staff cancel the visit."""
    return stage.staff_cancel(visit)


@when(phrase("{doctor:Doctor} books {patient:Patient} {moment:Moment}"), target_fixture="visit")
def doctor_books(stage: Stage, doctor: DoctorName, patient: str, moment: Moment) -> Visit:
    """The doctor books a patient in the Docplanner calendar."""
    return stage.doctor_books(patient, doctor, moment)


@when(phrase("{doctor:Doctor} moves the visit to {moment:Moment}"), target_fixture="visit")
def doctor_moves(stage: Stage, visit: Visit, doctor: DoctorName, moment: Moment) -> Visit:  # noqa: ARG001 - read aloud
    """The doctor moves the visit in the Docplanner calendar."""
    return stage.doctor_moves(visit, moment)


@when(phrase("{doctor:Doctor} cancels the visit"), target_fixture="visit")
def doctor_cancels(stage: Stage, visit: Visit, doctor: DoctorName) -> Visit:  # noqa: ARG001 - read aloud
    """The doctor cancels the visit in the Docplanner calendar."""
    return stage.doctor_cancels(visit)


# -- what must be seen ----------------------------------------------------------------------------------------------


@then(phrase("in time the clinic's calendar shows {patient:Patient}'s visit"))
def clinic_shows(stage: Stage, visit: Visit, patient: str) -> None:  # noqa: ARG001 - read aloud
    """Exactly one, with everything right."""
    stage.expect.in_clinic(visit)


@then(phrase("the clinic's system knows {patient:Patient}'s visit as the one that Docplanner has"))
def clinic_knows_id(stage: Stage, visit: Visit, patient: str) -> None:  # noqa: ARG001 - read aloud
    """Else it could neither move nor cancel it."""
    stage.expect.id_known(visit)


@then(phrase("the clinic's calendar still shows exactly {patient:Patient}'s one visit"))
def clinic_still_shows(stage: Stage, visit: Visit, patient: str) -> None:  # noqa: ARG001 - read aloud
    """Exactly one, once all is settled."""
    stage.expect.still_in_clinic(visit)


@then(phrase("in time the clinic's calendar no longer shows {patient:Patient} with {doctor:Doctor}"))
def clinic_no_longer_shows(stage: Stage, patient: str, doctor: DoctorName) -> None:
    """No booked visit of the patient."""
    stage.expect.not_in_clinic(patient, doctor)


@then(phrase("the clinic's calendar never shows {patient:Patient} with {doctor:Doctor}"))
def clinic_never_shows(stage: Stage, patient: str, doctor: DoctorName) -> None:
    """No booked visit of the patient, once all is settled."""
    stage.expect.never_in_clinic(patient, doctor)


@then(phrase("{patient:Patient}'s attempt with {doctor:Doctor} {moment:Moment} is withdrawn or marked as a conflict"))
def attempt_yielded(stage: Stage, patient: str, doctor: DoctorName, moment: Moment) -> None:
    """Never shown as synchronised."""
    stage.expect.yielded(patient, doctor, moment)


@then(phrase("in time Docplanner shows {patient:Patient}'s visit"))
def docplanner_shows(stage: Stage, visit: Visit, patient: str) -> None:  # noqa: ARG001 - read aloud
    """Exactly one, with everything right."""
    stage.expect.at_docplanner(visit)


@then(phrase("in time Docplanner no longer shows {patient:Patient} with {doctor:Doctor}"))
def docplanner_no_longer_shows(stage: Stage, patient: str, doctor: DoctorName) -> None:
    """No booked visit of the patient."""
    stage.expect.not_at_docplanner(patient, doctor)


@then(phrase("Docplanner has exactly one visit at the time of {patient:Patient}'s visit"))
def docplanner_has_one(stage: Stage, visit: Visit, patient: str) -> None:  # noqa: ARG001 - read aloud
    """No double booking."""
    stage.expect.one_visit_at(visit)


@then("in time nobody else can book the time of the visit")
def time_taken(stage: Stage, visit: Visit) -> None:
    """The time is no longer offered."""
    stage.expect.not_offered(visit)

"""Clinics, doctors and services: what is shared, mapped and activated."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.driver.cast import DoctorName
from harness.driver.days import Hours, Moment
from harness.driver.stage import Stage
from harness.vocabulary import Clinic, Service
from steps.phrases import phrase


@given("a clinic that has just joined Docplanner", target_fixture="clinic")
def clinic_has_joined(stage: Stage) -> Clinic:
    """Shared with the clinic's system, which has not read it yet."""
    return stage.clinic_joins()


@given("a clinic that works with Docplanner alone", target_fixture="clinic")
def clinic_opens(stage: Stage) -> Clinic:
    """The clinic's system does not know it yet, and hears nothing of what happens there."""
    return stage.clinic_opens()


@given("the clinic is now shared with the clinic's system")
def clinic_is_shared(stage: Stage, clinic: Clinic) -> None:
    """What happened before was never told."""
    stage.clinic_is_shared(clinic)


@given("the clinic's system has read what Docplanner shares with it")
def has_read_mapping(stage: Stage) -> None:
    """A fresh import."""
    stage.given_mapping_read()


@given(phrase("{doctor:Doctor} has already booked {patient:Patient} at Docplanner {moment:Moment}"))
def has_already_booked(stage: Stage, doctor: DoctorName, patient: str, moment: Moment) -> None:
    """Before the clinic's system knew the doctor."""
    stage.given_earlier_visit(patient, doctor, moment)


@given(phrase("staff have entered the working time of {doctor:Doctor} {hours:Hours}"))
def have_entered_working_time(stage: Stage, doctor: DoctorName, hours: Hours) -> None:
    """In the clinic's system; nobody has looked at Docplanner yet."""
    stage.given_entered_working_time(doctor, hours)


@given(phrase("staff have entered a visit of {patient:Patient} with {doctor:Doctor} {moment:Moment}"))
def have_entered_visit(stage: Stage, patient: str, doctor: DoctorName, moment: Moment) -> None:
    """In the clinic's system; nobody has looked at Docplanner yet."""
    stage.given_entered_visit(patient, doctor, moment)


@given(phrase("staff have entered a break of {doctor:Doctor} {hours:Hours}"))
def have_entered_break(stage: Stage, doctor: DoctorName, hours: Hours) -> None:
    """Where the clinic's system knows breaks."""
    stage.given_entered_break(doctor, hours)


@given(phrase("{doctor:Doctor} has deleted the first service and added it again"), target_fixture="renewed")
def service_was_added_again(stage: Stage, doctor: DoctorName) -> Service:
    """And the clinic's system has read it."""
    return stage.given_service_added_again(doctor)


@given("the clinic's system read what Docplanner shares with it when the run began")
def mapping_read(stage: Stage) -> None:
    """Every run asks for it before its first scenario."""
    stage.system.note_mapping_read()


@when("the clinic's system reads what Docplanner shares with it")
def reads_mapping(stage: Stage) -> None:
    """A fresh import."""
    stage.read_mapping()


@when(phrase("{doctor:Doctor} deletes the first service and adds it again"), target_fixture="renewed")
def adds_service_again(stage: Stage, doctor: DoctorName) -> Service:
    """It has a new id afterwards."""
    return stage.doctor_adds_service_again(doctor)


@when("the clinic's system activates the clinic")
def activates(stage: Stage) -> None:
    """A full synchronisation."""
    stage.activate()


@then("every clinic, doctor and address has exactly one counterpart, and nothing else has")
def everything_mapped(stage: Stage) -> None:
    """All that is shared, and only that."""
    stage.expect.everything_mapped()


@then("the new clinic, its doctors and its addresses have counterparts")
def clinic_mapped(stage: Stage, clinic: Clinic) -> None:
    """Beside what was mapped before."""
    stage.expect.clinic_mapped(clinic)


@then("the services of every address are mapped, each address its own")
def services_mapped(stage: Stage) -> None:
    """By address service id."""
    stage.expect.services_mapped()


@then("the insurances of every address are mapped with their plans")
def insurances_mapped(stage: Stage) -> None:
    """Providers and plans."""
    stage.expect.insurances_mapped()


@then(phrase("the first service of {doctor:Doctor} is mapped under its new id alone"))
def service_replaced(stage: Stage, doctor: DoctorName, renewed: Service) -> None:
    """The old id is gone."""
    stage.expect.service_replaced(doctor, renewed)


@then("in time both calendars of the clinic are equal")
def calendars_equal(stage: Stage) -> None:
    """The same visits and the same bookable time on both sides."""
    stage.expect.equal()

"""Visits that are confirmed, on either side."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.driver.stage import Stage
from harness.vocabulary import Visit
from steps.phrases import phrase


@when("staff confirm the visit")
def staff_confirm(stage: Stage, visit: Visit) -> None:
    """In the clinic's system."""
    stage.confirming.by_staff(visit)


@when(phrase("{patient:Patient} confirms the visit"))
def patient_confirms(stage: Stage, visit: Visit, patient: str) -> None:  # noqa: ARG001 - read aloud
    """At Docplanner."""
    stage.confirming.by_patient(visit)


@then(phrase("in time Docplanner shows {patient:Patient}'s visit as confirmed"))
def confirmed_there(stage: Stage, visit: Visit, patient: str) -> None:  # noqa: ARG001 - read aloud
    """The patient needs no reminder."""
    stage.confirming.expect_at_docplanner(visit)


@then(phrase("in time the clinic's calendar shows {patient:Patient}'s visit as confirmed"))
def confirmed_here(stage: Stage, visit: Visit, patient: str) -> None:  # noqa: ARG001 - read aloud
    """Nobody needs to call."""
    stage.confirming.expect_in_clinic(visit)

"""Histories: everybody does what they like, and in the end both calendars tell the same story."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.driver.histories.ending import Ending
from harness.driver.stage import Stage


@when("patients, doctors and staff do as they like, at one clinic after the other", target_fixture="endings")
def everybody_does_as_they_like(stage: Stage) -> tuple[Ending, ...]:
    """In an order that the run's seed draws, with trouble in between."""
    return stage.histories.play()


@when(
    "patients, doctors and staff do as they like while the clinic's system stops and starts, and hours go by",
    target_fixture="endings",
)
def everybody_goes_on_without_the_system(stage: Stage) -> tuple[Ending, ...]:
    """In an order that the run's seed draws."""
    return stage.histories.play(apart=True)


@then("in the end both calendars of each clinic are equal, with no visit lost, doubled or left behind")
def both_calendars_are_equal(stage: Stage, endings: tuple[Ending, ...]) -> None:
    """Once all has come to rest, and what trouble cost was made good."""
    stage.histories.expect_equal(endings)

"""What is judged once every other scenario is over."""

from __future__ import annotations

from pytest_bdd import given, then

from harness.driver.stage import Stage


@given("every other scenario is over")
def all_over() -> None:
    """Scenarios tagged ``@afterwards`` run last."""


@then("the clinic's system has asked for no more than 5 keys, and one for each that ended")
def few_tokens(stage: Stage) -> None:
    """Judged from its own traffic."""
    stage.expect.whole_run.expect_few_tokens()


@then("the clinic's system has used every method that the required flows need, each with success")
def every_method(stage: Stage) -> None:
    """Judged from its own traffic."""
    stage.expect.whole_run.expect_every_method()


@then("every change that staff made showed at Docplanner in time")
def changes_in_time(stage: Stage) -> None:
    """Judged from the waits of all scenarios."""
    stage.expect.whole_run.expect_changes_in_time()

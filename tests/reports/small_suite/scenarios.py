"""Scenarios that end in every way there is, for the tests of the report.

Run in a process of its own, never collected.
"""

# ruff: noqa: D102, D103 - the feature file says what each step is
from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from harness.clock import SystemClock
from harness.driver.outcomes import NotApplicable, NotProven
from harness.recorder.exchange import Exchange, exchange_body
from harness.recorder.journal import JournalFile, read_journal
from harness.recorder.line import Actor, Channel, Kind, Line
from harness.recorder.redaction import Redactor
from harness.verdict.finding import Finding, FindingText
from reports.evidence import REDACTION, SCENARIO, STEP_EVIDENCE

JOURNAL = Path(os.environ["SMALL_SUITE_JOURNAL"])
CANARY = "canary-secret-0123456789"
REDACTOR = Redactor([CANARY], patient_key=b"k" * 32, own_phone_block="500")
BOOKED = b'{"id": "55021", "start_at": "2026-11-24T09:00:00+01:00", "duration": 30}'

scenarios("features")


class Notes:
    """The journal of one scenario."""

    def __init__(self, scenario: str) -> None:
        self._scenario = scenario
        self._file = JournalFile(JOURNAL, run="small", process="main", redactor=REDACTOR, clock=SystemClock())

    def act(self, words: str) -> None:
        intended = self._act({"state": "intended", "verb": "book", "words": words})
        self._act({"state": "done", "verb": "book", "words": words}, intended)

    def _act(self, body: dict[str, object], cause: int | None = None) -> int:
        return self._file.write(Kind.ACT, body, actor=Actor.PATIENT, scenario=self._scenario, cause=cause)

    def exchange(self, operation: str, method: str, status: int, request: bytes | None, response: bytes | None) -> None:
        seen = Exchange(
            method=method,
            url=f"http://127.0.0.1:8300/api/v3/integration/facilities/1/{operation}",
            operation=operation,
            request_headers=(("Authorization", f"Bearer {CANARY}"), ("Content-Type", "application/json")),
            request_body=request,
            status=status,
            response_headers=(("Content-Type", "application/json"),),
            response_body=response,
            started_at=datetime(2026, 11, 23, 9, 12, tzinfo=UTC),
            took_ms=81.4,
            error=None,
            breaches=(),
            injected=False,
        )
        body = exchange_body(seen, REDACTOR)
        self._file.write(Kind.EXCHANGE, body, actor=Actor.PARTNER, channel=Channel.API, scenario=self._scenario)

    def mark(self) -> int:
        return max((line.n for line in read_journal(JOURNAL)), default=0)

    def lines_since(self, mark: int) -> Sequence[Line]:
        return [line for line in read_journal(JOURNAL, after=mark) if line.scenario == self._scenario]


@pytest.fixture(scope="session", autouse=True)
def redaction(pytestconfig: pytest.Config) -> None:
    pytestconfig.stash[REDACTION] = REDACTOR.text


@pytest.fixture(autouse=True)
def notes(request: pytest.FixtureRequest) -> Iterator[Notes]:
    request.node.stash[STEP_EVIDENCE] = made = Notes(request.node.name)
    request.node.stash[SCENARIO] = f"visits#{request.node.name}"
    yield made
    made._file.close()


@given("Dr Kowalska offers these slots")
def offers(notes: Notes, datatable: list[list[str]]) -> None:
    notes.exchange("replaceSlots", "PUT", 204, b'{"slots": []}', None)


@given("Anna has a visit")
@when("Anna books it on the marketplace")
def books(notes: Notes) -> None:
    notes.act("Anna books Tue 24 Nov 09:00 with Dr Kowalska")
    notes.exchange("getBookings", "GET", 200, None, BOOKED)


@when("the clinic is told about Anna's visit again")
def told_again(notes: Notes) -> None:
    for _ in range(23):
        notes.exchange("getBooking", "GET", 200, None, BOOKED)


@then("in time the clinic's calendar shows Anna")
@then("Docplanner still shows exactly one visit")
def fine() -> None:
    """Nothing to object to."""


@then("the clinic's calendar still shows exactly one visit")
def doubled() -> None:
    raise Finding(
        FindingText(
            criterion="DP-NOT-02",
            headline="The clinic's calendar shows Anna's visit twice",
            expected="exactly one visit, Tue 24 Nov 09:00",
            observed=f"two visits (ids 4411 and 4412) {CANARY}",
            evidence="journal line 6",
            next="look at how it recognises booking 55021",
        )
    )


@when("staff book the same time")
def staff_book() -> None:
    detail = "the marketplace visit was not taken"
    raise NotProven(detail, reason="arrangement refused", blame="docplanner")


@given("staff have no word for a conflict")
def no_conflicts() -> None:
    detail = "the partner declares no conflicts"
    raise NotApplicable(detail)


@when(parsers.parse("staff cancel it {when}"))
def staff_cancel(notes: Notes, when: str) -> None:
    notes.exchange("cancelBooking", "DELETE", 204, None, None)


@given("a rule that does not hold for 7")
def broken_rule() -> None:
    error = AssertionError("it does not hold")
    error.add_note("Falsifying example: rule(x=7)")
    raise error

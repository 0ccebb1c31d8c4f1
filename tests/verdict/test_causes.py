"""For each kind of mistake, the cause that the journal makes likely, and who acts next."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from verdict.cases_of_histories import HISTORIES
from verdict.cases_of_reading import READING
from verdict.cases_of_sending import BOOKS, SENDING
from verdict.told import ANNA, Case, at, calendar, call, news, token, visit

from harness.verdict.checks.visits import VisitShown

CASES = READING | SENDING | HISTORIES
SHOWN = VisitShown(ANNA, "1", at(9), 30, "11")
NOTHING, STILL = calendar(), calendar(visit(at(9)))


@pytest.mark.parametrize("name", CASES)
def test_a_cause_is_known_by_its_traces(name: str) -> None:
    """The word by which findings are grouped, and the beginning of what is next."""
    case, cause, begins = CASES[name]
    found = case.finding()

    assert found.cause == cause
    assert found.next.startswith(begins), found.next
    assert found.likely


@pytest.mark.parametrize("name", CASES)
def test_every_line_that_is_named_is_evidence(name: str) -> None:
    """A line of the journal, and one that the finding lists for its reader."""
    case, _, _ = CASES[name]
    found, numbers = case.finding(), {one.n for one in case.lines()}
    told = {int(one) for each in re.findall(r"\blines? ([0-9, and]+)", found.next) for one in re.findall(r"\d+", each)}

    assert set(found.lines) <= numbers
    assert told <= set(found.lines)


def test_nobody_is_accused_of_what_the_run_did() -> None:
    """A try that the run itself spoilt says nothing of the endpoint."""
    spoilt = news(30, "slot-booked", None)
    spoilt.body["injected"] = True
    found = Case(SHOWN, NOTHING, between=[spoilt]).finding()

    assert not found.cause.startswith("endpoint")


def test_where_nothing_is_known_the_finding_stands_for_itself() -> None:
    """What was accepted and is still wrong may be Docplanner's."""
    between = [token(1), call(40, "bookSlot", 201)]
    found = Case(SHOWN, NOTHING, between=between, **BOOKS).finding()

    assert found.cause == ""
    assert found.next == (
        "the vendor (outgoing queue): bookSlot was accepted (line 40); look at what was sent; if it says what staff "
        "meant, it is for Docplanner's specialist"
    )


def test_a_time_that_a_move_left_is_no_wrong_offset() -> None:
    """An hour's move that was not taken over looks like a shift of an hour, and is none."""
    before = replace(Case(SHOWN, STILL).lines()[-1], n=12)
    moved = VisitShown(ANNA, "1", at(10), 30)
    found = Case(moved, STILL, between=[before, news(30, "booking-moved")], deed="moveVisit").finding()

    assert found.cause == "dropped:booking-moved"

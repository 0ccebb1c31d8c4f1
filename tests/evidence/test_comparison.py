"""Two runs are compared: outcomes, and how the API behaved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from evidence.runs import call, run_in
from typer.testing import CliRunner

from harness.cli.app import app
from harness.evidence.comparison import Comparison, compare
from harness.evidence.source import Evidence


def of(a: Path, b: Path) -> Comparison:
    """The comparison of two runs."""
    return compare(Evidence.of(a), Evidence.of(b))


def test_a_run_equals_itself_and_its_bundle(tmp_path: Path) -> None:
    """Whether it is read from its directory or from the bundle."""
    run = run_in(tmp_path / "a", [call("getSlots", answer={"_items": []})])
    zipped = tmp_path / "a.zip"
    CliRunner().invoke(app, ["bundle", str(run), "--output", str(zipped)])
    told = CliRunner().invoke(app, ["diff", str(run), str(zipped)])

    assert of(run, zipped).equal
    assert (told.exit_code, "are the same" in told.stdout) == (0, True)


def test_statuses_refusals_headers_and_fields_that_differ_are_told(tmp_path: Path) -> None:
    """Ids as numbers here and texts there. Numbers in messages and what is null differ by nature, and are left out."""
    a = run_in(
        tmp_path / "a",
        [
            call("getBookings", answer={"_items": [{"id": 1, "comment": None}]}),
            call("bookSlot", 404, {"message": "No slot 12"}),
        ],
    )
    b = run_in(
        tmp_path / "b",
        [
            call("getBookings", answer={"_items": [{"id": "1", "comment": "x", "extra": {"deep": 1}}]}),
            call("bookSlot", 409, {"message": "No slot 13"}),
        ],
    )
    found = {one.what: (one.a, one.b) for one in of(a, b).behaviours}

    assert found == {
        "bookSlot: refusals": ("404 No slot N", "409 No slot N"),
        "bookSlot: statuses": ("404", "409"),
        "getBookings: field _items[].extra": ("not there", "object"),
        "getBookings: field _items[].id": ("number", "text"),
    }


def test_what_one_run_alone_called_is_no_difference_of_behaviour(tmp_path: Path) -> None:
    """It is listed apart, since nothing can be said of it; nor can anything of lists that were empty in one."""
    a = run_in(tmp_path / "a", [call("getSlots", answer={"_items": []}), call("getBreaks")])
    b = run_in(tmp_path / "b", [call("getSlots", answer={"_items": [{"start": "x"}]})])
    found = of(a, b)

    assert found.equal
    assert [one.what for one in found.not_called] == ["getBreaks"]


def test_what_the_run_broke_on_purpose_is_no_behaviour(tmp_path: Path) -> None:
    """An injected failure says nothing about Docplanner."""
    a = run_in(tmp_path / "a", [call("getSlots", answer={})])
    b = run_in(tmp_path / "b", [call("getSlots", answer={}), call("getSlots", 503, {}, injected=True)])

    assert of(a, b).equal


def test_configuration_and_outcomes_that_differ_are_told(tmp_path: Path) -> None:
    """For machines too."""
    a, b = run_in(tmp_path / "a"), run_in(tmp_path / "b", profile="harsh", lacking=["DP-RTB-01"])
    told = CliRunner().invoke(app, ["diff", str(a), str(b), "--json"])
    found = json.loads(told.stdout)

    assert told.exit_code == 1
    assert found["configuration"] == [{"what": "profile", "a": "documented", "b": "harsh"}]
    assert {"what": "DP-RTB-01", "a": "not proven", "b": "not applicable"} in found["outcomes"]


@pytest.mark.parametrize("content", [None, b"PK", b"{}"])
def test_what_is_no_run_is_refused(tmp_path: Path, content: bytes | None) -> None:
    """With what to name instead."""
    path = tmp_path / "x"
    if content is not None:
        path.write_bytes(content)
    told = CliRunner().invoke(app, ["diff", str(path), str(path)])

    assert "Name the directory of a run" in str(told.exception)

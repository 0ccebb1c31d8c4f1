"""The activation list, and the letter that asks for credentials."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from harness.audit.activation import State, Way, items
from tests.runs import acceptance

EQUAL: dict[str, Any] = {
    "schema": "docplanner-acceptance/audit/1",
    "areas": dict.fromkeys(("mapping", "profile", "slots", "visits", "breaks"), "equal"),
    "read": {"services": 4, "enabled": 2, "calendars": 2, "with_slots": 2, "visits_docplanner": 3, "visits_partner": 3},
    "differences": [],
}
DIFFERENT = {
    **EQUAL,
    "areas": {**EQUAL["areas"], "visits": "different", "slots": "not read"},
    "differences": [{"area": "visits", "what": "a visit is there twice", "where": "Dr Kowalska"}],
}
LETTER = (
    *("--software", "Clinic Suite", "--clinic", "Przychodnia Łąkowa", "--representative", "head@clinic.example"),
    *("--facility", "123", "--marketplace", "znanylekarz.pl"),
)


@pytest.mark.parametrize("way", list(Way))
def test_nothing_is_ticked_that_was_not_seen(way: Way) -> None:
    """Without an audit; with one, what is equal is."""
    assert {one.state for one in items(way, None)} == {State.UNKNOWN}
    assert [one.state for one in items(way, EQUAL)][-5:] == [State.DONE] * 5
    assert [one.state for one in items(way, DIFFERENT)][-5:] == [
        State.DONE,
        State.DONE,
        State.UNKNOWN,
        State.OPEN,
        State.DONE,
    ]


def test_a_calendar_without_slots_is_a_question() -> None:
    """Nobody may work there in these days."""
    empty = {**EQUAL, "read": {**EQUAL["read"], "with_slots": 1}}

    assert next(one for one in items(Way.CLINIC, empty) if "slots" in one.what).state is State.UNKNOWN


def test_the_letter_is_a_draft_with_the_clinic_in_copy(tmp_path: Path) -> None:
    """To Docplanner's integrations team; nothing is sent."""
    draft, audit = tmp_path / "request.eml", tmp_path / "audit.json"
    audit.write_text(json.dumps(EQUAL))
    done = acceptance("activation", "--audit", str(audit), "--mail", str(draft), *LETTER, "--json")
    mail = message_from_bytes(draft.read_bytes(), policy=default)

    assert done.returncode == 2, done.stderr
    assert (mail["To"], mail["Cc"], mail["X-Unsent"]) == ("integrations@docplanner.com", "head@clinic.example", "1")
    assert "Przychodnia Łąkowa" in mail["Subject"]
    assert "Facility id at Docplanner: 123" in mail.get_content()
    assert json.loads(done.stdout)["mail"] == str(draft)
    assert acceptance("activation", "--mail", str(draft), *LETTER).returncode == 64


def test_what_is_missing_for_the_letter_is_told_at_once(tmp_path: Path) -> None:
    """And no line of its head can be forged."""
    draft = tmp_path / "request.eml"
    done = acceptance(
        "activation", "--mail", str(draft), "--representative", "nobody", "--from", "a@b.example\nBcc: x@y.example"
    )

    assert done.returncode == 64
    for part in ("--software is missing", "--clinic is missing", "--representative takes", "--from takes"):
        assert part in done.stderr
    assert not draft.exists()


def test_an_audit_that_is_none_is_refused(tmp_path: Path) -> None:
    """With the command that makes one."""
    file = tmp_path / "audit.json"
    file.write_text("{}")

    for path in (file, tmp_path / "nothing.json"):
        done = acceptance("activation", "--audit", str(path))
        assert done.returncode == 64
        assert "acceptance audit --output" in done.stderr
    wrong = acceptance("audit", "--at", "http://127.0.0.1:1")
    assert wrong.returncode == 64
    assert "--partner is missing" in wrong.stderr
    assert "--marketplace" in wrong.stderr

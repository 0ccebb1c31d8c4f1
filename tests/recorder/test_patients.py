"""Patients whom the run did not invent are masked alike on both sides; its own are shown."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.contract.json_value import JsonObject
from harness.errors import BrokenHarness
from harness.recorder.patients import PatientMask
from harness.recorder.redaction import Redactor
from harness.vocabulary import name_key

OWN = {"name": "Ola", "surname": "Lis", "phone": "+48 555-22-23-33", "email": "ola@example.com", "nin": "90010112345"}
OTHER = {
    "name": "Żaneta",
    "surname": "Wróbel",
    "phone": "+48 111 222 333",
    "email": "Zaneta.W@Example.com",
    "birth_date": "1980-02-03",
    "nin": "80020312345",
    "gender": "f",
    "is_returning": True,
    "insurance_number": "AB 12",
    "nickname": "Zanetka",
    "address": {"street": "Prosta", "numbers": [7]},
}
PRIVATE = ["Żaneta", "Wróbel", "222 333", "Zaneta", "1980", "8002031", "AB 12", "Zanetka", "Prosta"]
WORDS = st.text(st.characters(codec="utf-8", categories=["L"]), min_size=1, max_size=12)


def cleaned(value: object, *, key: bytes = b"key", block: str = "555") -> JsonObject:
    """``value`` as a run with that key and that block of phones would keep it."""
    made = json.loads(Redactor((), patient_key=key, own_phone_block=block).encoded({"body": value}))["body"]
    assert isinstance(made, dict)
    return made


def test_nothing_of_another_patient_can_be_read() -> None:
    """Names, phone, e-mail, birth date, national number, and fields that nobody foresaw."""
    kept = json.dumps(
        cleaned({"visit": [{"patient": OTHER, "comment": "Żaneta is late", "duration": 30}]}), ensure_ascii=False
    )
    assert not [word for word in PRIVATE if word in kept]
    assert '"duration": 30' in kept
    assert '"gender": "f"' in kept
    assert '"is_returning": true' in kept


def test_an_own_patient_is_shown() -> None:
    """Everything, the comment beside included."""
    visit = {"patient": OWN, "comment": "Ola is late"}
    assert cleaned({"visits": [visit]}) == {"visits": [visit]}


def test_without_a_block_nobody_is_own() -> None:
    """An empty block of phones means that every patient is masked, not that every one is shown."""
    assert "Ola" not in json.dumps(cleaned({"patient": OWN}, block=""))


@pytest.mark.parametrize("phone", [None, "", "22", "+1 555 222 000 111", True, ["555222333"], {"of": "555222333"}])
def test_who_has_no_phone_of_the_block_is_another(phone: object) -> None:
    """The last nine digits decide, by how they begin."""
    assert "Ola" not in json.dumps(cleaned({"patient": {**OWN, "phone": phone}}))


def test_a_phone_may_be_a_number() -> None:
    """As samples of the API show it."""
    assert cleaned({"patient": {**OWN, "phone": 48555222333}})["patient"] == {**OWN, "phone": 48555222333}
    assert "111222333" not in json.dumps(cleaned({"patient": {"phone": 48111222333}}))


def test_a_phone_anywhere_else_is_masked_too() -> None:
    """An opinion is asked for by phone alone."""
    assert cleaned({"phone": "+48111222333"})["phone"] == cleaned({"patient": OTHER})["patient"]["phone"]  # type: ignore[index, call-overload]
    assert cleaned({"phone": "555222333"}) == {"phone": "555222333"}


@given(WORDS, WORDS, st.sampled_from(["{} {}", "  {}   {} ", "{}\u00a0{}"]))
def test_masking_keeps_equality(name: str, surname: str, form: str) -> None:
    """The same person has the same tokens on both sides, however case, spaces and the cut of the name differ."""
    mask = PatientMask(b"key", "555")
    one = mask.masked({"name": name, "surname": surname, "phone": "+48 111-222-333", "email": "A@b.c"})
    two = mask.masked({"name": form.format(name, surname), "phone": 111222333, "email": "a@B.C "})
    assert one["full_name"] == two["full_name"]
    assert one["phone"] == two["phone"]
    assert one["email"] == two["email"]


@given(WORDS, WORDS)
def test_masking_keeps_difference(one: str, two: str) -> None:
    """Different people have different tokens, equal ones equal."""
    mask = PatientMask(b"key", "555")
    assert (mask.token("name", one) == mask.token("name", two)) is (name_key(one) == name_key(two))


def test_another_run_has_other_tokens() -> None:
    """The key is the run's own: tokens of two runs cannot be compared."""
    assert cleaned({"patient": OTHER}, key=b"one") != cleaned({"patient": OTHER}, key=b"two")


def test_masking_again_changes_nothing() -> None:
    """What was redacted at capture passes the journal unchanged."""
    once = cleaned({"patient": OTHER, "comment": "late", "patients": [OTHER, OWN]})
    assert cleaned(once) == once


def test_nothing_said_is_nothing_masked() -> None:
    """Null stays null, so that a missing e-mail can be told from a masked one."""
    kept = cleaned({"patient": {"name": "Anna", "phone": "111222333", "email": None, "nin": ""}})["patient"]
    assert isinstance(kept, dict)
    assert (kept["email"], kept["nin"]) == (None, "")


def test_a_mask_needs_a_key() -> None:
    """Without a key anybody could try names."""
    with pytest.raises(BrokenHarness, match="key"):
        PatientMask(b"", "555")


def test_what_others_say_of_a_break_is_masked() -> None:
    """A doctor may name a patient there; the run's own words stay."""
    span = {"since": "2027-03-26T13:00:00+01:00", "till": "2027-03-26T14:00:00+01:00"}
    theirs, own = {**span, "description": "Call Jan Kowalski"}, {**span, "description": "staff meeting"}

    kept = Redactor((), patient_key=b"a key", own_phone_block="555").json({"_items": [theirs, own]})

    assert "Kowalski" not in str(kept)
    assert "staff meeting" in str(kept)

"""Whether two sides mean the same patient."""

from __future__ import annotations

from dataclasses import replace

from harness.verdict.observation import PersonSeen
from harness.verdict.people import resembles

ANNA = PersonSeen("Anna", "Nowak-Acceptance", "+48500700700")
PIOTR = PersonSeen("Piotr", "Lis-Acceptance", "+48500700700")


def test_a_phone_that_others_have_too_tells_nobody_apart() -> None:
    """On a real Docplanner every patient has the tester's: two of them are two."""
    assert resembles(ANNA, PIOTR), "a phone of one's own is enough, however the name is written"
    assert not resembles(replace(ANNA, shares_phone=True), PIOTR)
    assert not resembles(PIOTR, replace(ANNA, shares_phone=True))


def test_by_name_a_patient_is_known_whoever_else_has_the_phone() -> None:
    """Cased and cut as each side likes."""
    told = PersonSeen("ANNA nowak-acceptance", "", "500 700 700")

    assert resembles(replace(ANNA, shares_phone=True), told)

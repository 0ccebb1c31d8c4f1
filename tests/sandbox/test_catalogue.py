"""Every refusal of the error catalogue is answered, in its exact words."""

from __future__ import annotations

import pytest
from sandbox.refusals import REFUSALS, Caller
from sandbox.served import Place, Served
from sandbox.words import says

from harness.contract.catalogue import ERRORS
from harness.contract.operations import OPERATIONS
from harness.sandbox.http.api import OPERATIONS as EMULATED


def test_every_documented_refusal_is_known_here() -> None:
    """None is forgotten: each is answered below."""
    documented = {name for one in OPERATIONS.values() for names in one.errors.values() for name in names}

    assert set(REFUSALS) == documented


def test_every_operation_of_the_contract_is_served() -> None:
    """All 43, and nothing else."""
    assert set(EMULATED) == set(OPERATIONS)


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_has_the_catalogues_words_and_status(docplanner: Served, place: Place, name: str) -> None:
    """Message and status are those of the catalogue; words in capitals are replaced by what was asked."""
    answer = REFUSALS[name](Caller(docplanner, place))

    assert answer.status_code in ERRORS[name].statuses, answer.text
    assert says(answer.json(), name)

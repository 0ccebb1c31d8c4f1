"""What the sandbox control contract promises as a document: refusals that are listed, answers that may say more."""

from __future__ import annotations

import pytest

from harness.contract.control import SANDBOX_CONTROL
from harness.contract.documents import SANDBOX, document
from harness.contract.json_value import object_of

OPEN_TO_ALL = {"sandboxHealth"}


def test_every_control_operation_but_health_lists_401() -> None:
    """Whoever generates a client from the contract sees that a token is needed."""
    lacking = {
        name
        for name, operation in SANDBOX_CONTROL.operations.items()
        if "401" not in object_of(operation.definition["responses"])
    }
    assert lacking == OPEN_TO_ALL


@pytest.mark.parametrize("operation", ["getSettings", "getCalendarSettings"])
def test_settings_that_are_answered_may_be_more_than_the_contract_knows(operation: str) -> None:
    """A newer sandbox has more settings; a name that is asked for must be known."""
    told = b'{"slots_delay_s": 0.5, "colour": "blue"}'
    assert SANDBOX_CONTROL.check_response(operation, 200, "application/json", told) == ()
    assert SANDBOX_CONTROL.check_request("setSettings", told) == ("request body: unknown fields colour",)


def test_settings_are_the_same_in_questions_and_answers() -> None:
    """What can be set can be seen."""
    schemas = object_of(object_of(document(SANDBOX)["components"])["schemas"])
    assert object_of(schemas["Settings"])["properties"] == object_of(schemas["SettingsInForce"])["properties"]

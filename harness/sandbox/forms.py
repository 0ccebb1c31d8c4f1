"""Values in the other forms that the provider's samples show: ids and phones as numbers, durations as texts [doc]."""

from __future__ import annotations

import re
from typing import TypeVar

from harness.contract.json_value import JsonValue
from harness.sandbox.profiles import Behaviour

__all__ = ["in_form"]

Told = TypeVar("Told", bound=JsonValue)
PHONE = re.compile(r"\+?[0-9]+")


def in_form(value: Told, behaviour: Behaviour) -> Told:
    """What is told, with every id, phone and duration as the settings have them."""
    if not (behaviour.numeric_ids or behaviour.numeric_phones or behaviour.text_durations):
        return value
    return _written("", value, behaviour)  # type: ignore[return-value]


def _written(name: str, value: JsonValue, behaviour: Behaviour) -> JsonValue:
    told = value
    if isinstance(value, list):
        told = [_written("", one, behaviour) for one in value]
    elif isinstance(value, dict):
        told = {key: _written(key, one, behaviour) for key, one in value.items()}
    elif isinstance(value, str) and (name == "id" or name.endswith("_id")):
        told = int(value) if behaviour.numeric_ids and value.isdigit() else value
    elif isinstance(value, str) and name == "phone":
        told = int(value) if behaviour.numeric_phones and PHONE.fullmatch(value) else value
    elif isinstance(value, int) and name == "duration" and behaviour.text_durations:
        told = str(value)
    return told

"""What Docplanner refuses, in its own words: an exception that carries the catalogue's answer."""

from __future__ import annotations

from collections.abc import Mapping

from harness.contract.catalogue import ERRORS
from harness.contract.json_value import JsonObject

__all__ = ["Refusal", "invalid", "refuse"]


class Refusal(Exception):
    """``status``, ``body`` and further ``headers`` of the answer."""

    def __init__(self, status: int, body: JsonObject, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {body.get('message')}")
        self.status = status
        self.body = body
        self.headers = headers or {}


def refuse(name: str, status: int, **words: str) -> Refusal:
    """The answer that the catalogue knows as ``name``; ``words`` fill the places in its message."""
    error = ERRORS[name]
    message = error.message
    for place, word in words.items():
        message = message.replace(f"({place})", f"({word})").replace(place, word)
    return Refusal(status, {"errors": [], "message": message})


def invalid(*errors: str) -> Refusal:
    """400 with every mistake named."""
    return Refusal(400, {"errors": list(errors), "message": ERRORS["InvalidArguments"].message})

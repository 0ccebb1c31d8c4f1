"""The errors that the Docplanner Integrations API names, with their texts.

The API has no machine-readable error code: the names are the contract's own, for us to speak of them.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from harness.contract.documents import API, LazyMapping, document
from harness.contract.json_value import JsonObject, JsonValue, object_of, text_of
from harness.contract.operations import OPERATIONS

__all__ = ["ERRORS", "ApiError"]


@dataclass(frozen=True, slots=True)
class ApiError:
    """An error answer. Words in capitals in its texts (START, IDS, TILL) stand for values of the request."""

    name: str
    message: str
    statuses: tuple[int, ...]
    """HTTP statuses under which operations list it, ascending."""
    errors: JsonValue = field(default_factory=list, hash=False)
    """A list of sentences, or sentences by field path; empty where the message says all."""

    def body(self) -> JsonObject:
        """The answer's body, the caller's own to change."""
        return {"errors": copy.deepcopy(self.errors), "message": self.message}


def _errors() -> dict[str, ApiError]:
    statuses: dict[str, set[int]] = {}
    for operation in OPERATIONS.values():
        for status, names in operation.errors.items():
            for name in names:
                statuses.setdefault(name, set()).add(status)
    return {
        name: ApiError(
            name=name,
            message=text_of(object_of(object_of(example)["value"])["message"]),
            statuses=tuple(sorted(statuses.get(name, ()))),
            errors=object_of(object_of(example)["value"])["errors"],
        )
        for name, example in object_of(object_of(document(API)["components"])["examples"]).items()
    }


ERRORS: LazyMapping[str, ApiError] = LazyMapping(_errors)
"""Every named error, such as ``ObjectNotFound``."""

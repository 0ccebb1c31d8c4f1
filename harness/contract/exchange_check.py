"""Every exchange with the Docplanner Integrations API compared with its contract, on both sides.

A breach is a sentence, never a verdict: what the API accepts all the same is an observation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from harness.contract import breaches
from harness.contract.checker import Checker, Undecoded, decoded
from harness.contract.documents import API, document
from harness.contract.events import EVENTS
from harness.contract.json_value import JsonValue, array_of, object_of
from harness.contract.operations import OPERATIONS
from harness.contract.schemas import API_DIALECT

__all__ = ["check_notification", "check_request", "check_response"]

OK = 200


@lru_cache(maxsize=1)
def _checker() -> Checker:
    return Checker("openapi.yaml", document(API), OPERATIONS, API_DIALECT)


def check_request(
    operation_id: str,
    query: Mapping[str, str],
    body: bytes | None,
    *,
    params: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """What is wrong with a request to the API, one sentence each; () where nothing is.

    ``query`` and ``params`` (of the path, as :func:`harness.contract.operations.match` finds them) are decoded. Ids and
    phones may be numbers, numbers may be strings, fields that the contract does not know are free.
    """
    return breaches.limited(list(_checker().request(operation_id, query=query, path=params or {}, body=body)))


def check_response(
    operation_id: str,
    status: int,
    content_type: str | None,
    body: bytes | None,
    *,
    headers: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """What is wrong with an answer of the API, one sentence each; () where nothing is.

    With ``headers``, a Location that the contract promises must be among them. Notifications that were pulled are
    checked like those that are pushed.
    """
    found = list(_checker().response(operation_id, status, content_type, body, headers))
    if not found and status == OK and body:
        found.extend(_pulled(operation_id, decoded(body)))
    return breaches.limited(found)


def check_notification(body: bytes) -> tuple[str, ...]:
    """What is wrong with a notification, one sentence each; () where nothing is."""
    value = decoded(body)
    if isinstance(value, Undecoded):
        return ("notification body: expected JSON, saw something else",)
    return breaches.limited(list(_notification("notification body", value, ())))


def _pulled(operation_id: str, value: JsonValue | Undecoded) -> Iterator[str]:
    if isinstance(value, Undecoded):
        return
    if operation_id == "pullNotification":
        yield from _notification("response body", value, ())
    elif operation_id == "pullMultipleNotification":
        for place, notification in enumerate(array_of(object_of(value)["notifications"])):
            yield from _notification("response body", notification, ("notifications", place))


def _notification(where: str, value: JsonValue, within: breaches.Path) -> Iterator[str]:
    name = object_of(value).get("name")
    event = EVENTS.get(name) if isinstance(name, str) else None
    schema = event.schema if event else "Notification"
    yield from breaches.of_body(where, _checker().named(schema), value, API_DIALECT, within=within)

"""The operations of the Docplanner Integrations API, and which of them a request means."""

from __future__ import annotations

from functools import lru_cache

from harness.contract.documents import API, LazyMapping, document
from harness.contract.routes import Match, Operation, Routes, operations_in

__all__ = ["BY_DEFAULT", "OPERATIONS", "Match", "Operation", "match"]

BY_DEFAULT = frozenset({400, 401, 403, 404, 405, 429, *range(500, 600)})
"""HTTP statuses that any operation may answer. Source: openapi.yaml, responses ``Other``, 401 and 429."""


def _operations() -> dict[str, Operation]:
    return operations_in(document(API), default=BY_DEFAULT)


OPERATIONS: LazyMapping[str, Operation] = LazyMapping(_operations)
"""Every operation by its id, such as ``bookSlot``."""


@lru_cache(maxsize=1)
def _routes() -> Routes:
    return Routes(OPERATIONS)


def match(method: str, path: str) -> Match | None:
    """The operation behind ``method`` and ``path``, or None where the API has none.

    ``path`` is what follows ``/api/v3/integration``, percent-encoded and without a query.
    """
    return _routes().match(method, path)

"""OUR two control contracts: what a run asks of a partner system, and how it steers the embedded sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from harness.contract import breaches
from harness.contract.checker import Checker
from harness.contract.documents import PARTNER, SANDBOX, document
from harness.contract.routes import Match, Operation, Routes, operations_in
from harness.contract.schemas import CONTROL_DIALECT

__all__ = ["PARTNER_CONTROL", "SANDBOX_CONTROL", "ControlContract"]

REFUSALS = frozenset(range(400, 600))
"""HTTP statuses for which a ``default`` answer stands. Source: partner-control.yaml, response ``Error``."""


UNLISTED = frozenset({400, 401, 404, 405, 422})
"""HTTP statuses of refusals that go without saying: no sense, no token, no such thing, no such method."""


@dataclass(frozen=True)
class ControlContract:
    """A control contract: finds the operation of a request, and compares both sides with it."""

    file: str

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """Every operation by its id."""
        return operations_in(document(self.file), default=REFUSALS, always=UNLISTED)

    @cached_property
    def _routes(self) -> Routes:
        return Routes(self.operations)

    @cached_property
    def _checker(self) -> Checker:
        return Checker(
            self.file, document(self.file), self.operations, CONTROL_DIALECT, refusal="#/components/responses/Error"
        )

    def match(self, method: str, path: str) -> Match | None:
        """The operation behind ``method`` and ``path`` (percent-encoded, below the server's address, no query)."""
        return self._routes.match(method, path)

    def check_request(
        self, operation_id: str, body: bytes | None, *, query: Mapping[str, str] | None = None
    ) -> tuple[str, ...]:
        """What is wrong with a request, one sentence each; the query is looked at only where it is given."""
        found = self._checker.request(operation_id, query=query, path={}, body=body)
        return breaches.limited(list(found))

    def check_response(
        self, operation_id: str, status: int, content_type: str | None, body: bytes | None
    ) -> tuple[str, ...]:
        """What is wrong with an answer, one sentence each."""
        return breaches.limited(list(self._checker.response(operation_id, status, content_type, body, None)))


PARTNER_CONTROL = ControlContract(PARTNER)
"""What a run asks of the partner system under test."""

SANDBOX_CONTROL = ControlContract(SANDBOX)
"""How a run steers the embedded sandbox."""

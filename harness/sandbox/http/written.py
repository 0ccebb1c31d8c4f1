"""Answers as they are sent, and what they breach of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from starlette.types import Message

from harness.contract.exchange_check import check_response

__all__ = ["Written", "response_breaches"]

REMEMBERED = 256
"""Bodies of which it is remembered what they breach."""
LONGEST = 64 * 1024
"""Bytes of one of them."""
NO_LENGTH = 204


@dataclass(frozen=True, slots=True)
class Written:
    """An answer in bytes; names of headers are in lower case."""

    status: int
    body: bytes
    said: Mapping[str, str]
    content_type: str | None
    headers: tuple[tuple[str, str], ...] = field(init=False)
    """All of them, in the order in which they are sent."""

    def __post_init__(self) -> None:
        headers = [(name.lower(), value) for name, value in self.said.items()]
        if self.content_type is not None:
            headers.append(("content-type", self.content_type))
        if self.status != NO_LENGTH:
            headers.append(("content-length", str(len(self.body))))
        object.__setattr__(self, "headers", tuple(headers))

    @property
    def start(self) -> Message:
        """What ASGI wants before the body."""
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        return {"type": "http.response.start", "status": self.status, "headers": headers}


def response_breaches(operation_id: str, answer: Written) -> tuple[str, ...]:
    """What the answer breaches of the contract."""
    located = "location" in {name for name, _ in answer.headers}
    check = _breaches if len(answer.body) <= LONGEST else _breaches.__wrapped__
    return check(operation_id, answer.status, answer.content_type, answer.body, located)


@lru_cache(REMEMBERED)
def _breaches(operation_id: str, status: int, content_type: str | None, body: bytes, located: bool) -> tuple[str, ...]:
    headers = {"location": ""} if located else {}
    return check_response(operation_id, status, content_type, body or None, headers=headers)

"""One request to the desk, and what may go wrong with it in words that stand beside the form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from harness.desk.local_time import instant_of

__all__ = ["Asking", "Endpoint", "Problem", "see"]

SEE_OTHER = 303


class Problem(Exception):
    """Something cannot be done. ``form`` says beside which form of a page it stands."""

    def __init__(self, words: str, *, status: int = 422, form: str = "") -> None:
        super().__init__(words)
        self.words, self.status, self.form = words, status, form


@dataclass(frozen=True, slots=True)
class Asking:
    """A request of somebody who is logged in: the path's parameters, the query, and what was typed into a form."""

    request: Request
    form_token: str
    params: Mapping[str, str]
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the question mark."""
        return self.request.query_params

    def text(self, name: str) -> str:
        """A field without blanks around it; empty where it was not sent."""
        return self.typed.get(name, "").strip()

    def needed(self, name: str, label: str) -> str:
        """A field that must be filled in.

        Raises:
            Problem: it is empty.
        """
        if told := self.text(name):
            return told
        raise Problem(f"{label} is empty.")

    def whole(self, name: str, label: str) -> int | None:
        """A field that holds a whole number, or nothing.

        Raises:
            Problem: it holds something else.
        """
        told = self.text(name)
        if not told:
            return None
        if told.isascii() and told.isdigit() and len(told) < 10:  # noqa: PLR2004 - more is no sensible number here
            return int(told)
        raise Problem(f"{label}: expected a whole number, saw “{told[:40]}”.")

    def instant(self, name: str, label: str, zone: ZoneInfo) -> datetime:
        """A field that holds a local date and time.

        Raises:
            Problem: it holds none, or one that clocks leave out.
        """
        told = self.needed(name, label)
        found = instant_of(told, zone)
        if found is None:
            raise Problem(
                f"{label}: “{told[:40]}” is no time in {zone.key}. "
                "Expected one such as 2026-11-24T09:00, and none that clocks leave out when they go forward."
            )
        return found


Endpoint = Callable[[Asking], Awaitable[Response]]


def see(path: str) -> Response:
    """After something was done: the page that shows it."""
    return RedirectResponse(path, SEE_OTHER)

"""What every handler of the control API stands on: the call, its refusals, and how things are looked up."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import unquote

from starlette.requests import Request

from harness.clock import MovableClock
from harness.contract.json_value import JsonObject, JsonValue
from harness.sandbox.bookings import Booking
from harness.sandbox.calendars import Calendars
from harness.sandbox.directory import Address
from harness.sandbox.http.news import News
from harness.sandbox.http.push import Push
from harness.sandbox.refusals import Refusal
from harness.sandbox.state import Cause, State

__all__ = ["Asked", "Denied", "Desk", "Handler", "Reply", "as_denied", "day", "moment"]

Reply = tuple[int, JsonObject | None]
CONFLICTS = ("Unable to perform booking", "is not free", "is not booked", "calendar is disabled")
"""Parts of the messages that mean: not now, and not that the request makes no sense."""
WORDS = {404: "not_found", 400: "invalid", 422: "invalid", 409: "conflict", 403: "conflict"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One control call."""

    request: Request
    params: Mapping[str, str]
    body: JsonObject

    @property
    def cause(self) -> Cause:
        """The scenario and the journal line that its headers name."""
        headers = self.request.headers
        line = headers.get("x-acceptance-cause", "")
        scenario = headers.get("x-acceptance-scenario")
        return Cause(unquote(scenario) if scenario else None, int(line) if line.isdigit() else None)

    def range(self) -> tuple[datetime, datetime]:
        """The range that the query asks for."""
        query = self.request.query_params
        return moment(query.get("from"), "from"), moment(query.get("to"), "to")


Handler = Callable[[Asked], Awaitable[Reply]]


class Denied(Exception):
    """An answer in the control contract's words."""

    def __init__(self, status: int, error: str, message: str, *, error_code: int | None = None) -> None:
        super().__init__(message)
        self.status, self.error, self.message = status, error, message
        self.error_code = error_code
        """By which Docplanner picks the words that the patient sees, where the partner system named one [doc]."""

    @property
    def body(self) -> JsonObject:
        """The answer's body."""
        told: JsonObject = {"error": self.error, "message": self.message}
        return told if self.error_code is None else {**told, "error_code": self.error_code}


def as_denied(refusal: Refusal) -> Denied:
    """A refusal of the rules in the control contract's words: what the calendar's state forbids is a conflict."""
    message = str(refusal.body.get("message"))
    errors = refusal.body.get("errors")
    if errors:
        message = f"{message}: {errors}"
    status = 409 if any(one in message for one in CONFLICTS) else refusal.status
    status = {400: 422, 403: 409}.get(status, status)
    return Denied(status, WORDS.get(status, "conflict"), message)


def moment(value: JsonValue, name: str) -> datetime:
    """The instant that ``value`` tells; every ISO 8601 date-time with an offset is fine here.

    Raises:
        Denied: 422, it is none.
    """
    with contextlib.suppress(ValueError):
        if isinstance(value, str) and (told := datetime.fromisoformat(value)).tzinfo is not None:
            return told
    raise Denied(422, "invalid", f"{name}: expected a date and time with an offset, such as 2026-11-24T09:00:00+01:00.")


def day(value: JsonValue, name: str) -> date:
    """The day that ``value`` names.

    Raises:
        Denied: 422, it is none.
    """
    with contextlib.suppress(ValueError):
        if isinstance(value, str):
            return date.fromisoformat(value)
    raise Denied(422, "invalid", f"{name}: expected a day, such as 2026-11-24.")


class Desk:
    """A group of handlers over one sandbox; ``handlers`` names them by operation id."""

    def __init__(self, state: State, rules: Calendars, clock: MovableClock, news: News, push: Push) -> None:
        self._state = state
        self._rules = rules
        self._clock = clock
        self._news = news
        self._push = push

    def handlers(self) -> dict[str, Handler]:
        """Every method whose name is ``on_`` and an operation id in lower case with underscores."""
        found: dict[str, Handler] = {}
        for name in dir(self):
            if name.startswith("on_"):
                first, *rest = name.removeprefix("on_").split("_")
                found["".join([first, *(part.title() for part in rest)])] = getattr(self, name)
        return found

    def _address(self, asked: Asked) -> Address:
        return self._state.directory.address(asked.params["address_id"])

    def _booking(self, asked: Asked) -> Booking:
        found = self._state.bookings.get(asked.params["booking_id"])
        if found is None or found.address_id != asked.params["address_id"]:
            raise Denied(404, "not_found", "There is no such visit on that calendar.")
        return found

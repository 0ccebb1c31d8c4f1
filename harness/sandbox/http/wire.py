"""What goes over the wire: calls with their parameters read, and answers in the API's media types."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from harness.contract.documents import API, document, resolved
from harness.contract.json_value import JsonObject, JsonValue, array_of, object_of, text_of
from harness.contract.operations import OPERATIONS
from harness.sandbox.calendars import Calendars
from harness.sandbox.clients import ApiClient
from harness.sandbox.directory import Address, Doctor, Facility
from harness.sandbox.http.slot_lists import SlotLists
from harness.sandbox.refusals import Refusal, invalid, refuse
from harness.sandbox.state import Cause, State

__all__ = ["ERROR_TYPE", "SUCCESS_TYPE", "Answer", "Call", "error_answer", "instant", "minutes_of"]

SUCCESS_TYPE = "application/vnd.docplanner+json; charset=UTF-8"
ERROR_TYPE = "application/vnd.error+docplanner+json"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?[+-]\d\d:?\d\d", re.ASCII)
"""ISO 8601 with an offset; ``Z`` with milliseconds is refused [doc]/[seen]."""
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
DIGITS = re.compile(r"[0-9]{1,9}")
YEARS = range(1900, 2200)
"""Far enough for every calendar, and near enough to reckon with."""
NOTHING: frozenset[str] = frozenset()
LONGEST_MINUTES = 24 * 60
"""Of a visit or a service [assumed]: a work period stays within one day."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer before it is written; neither ``body`` nor ``encoded`` for none."""

    status: int
    body: JsonObject | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    encoded: bytes | None = None
    """The body as it is sent, where it stands already."""


def error_answer(refusal: Refusal, headers: Mapping[str, str] | None = None) -> Answer:
    """A refusal as an answer; an empty body is none at all."""
    return Answer(refusal.status, refusal.body or None, {**(headers or {}), **refusal.headers})


def instant(value: JsonValue, name: str) -> datetime:
    """The instant that ``value`` tells.

    Raises:
        Refusal: 400, it is not ISO 8601 with an offset; an unencoded plus sign arrives as a blank, and is told so.
    """
    if isinstance(value, str) and INSTANT.fullmatch(value):
        with contextlib.suppress(ValueError):
            told = datetime.fromisoformat(value)
            if told.year in YEARS:
                return told
    blank = isinstance(value, str) and " " in value
    hint = ": a plus sign in an address is written %2B" if blank else " such as 2026-11-24T09:00:00+01:00"
    raise invalid(f"{name}: expected a date and time with an offset{hint}")


@dataclass(frozen=True, slots=True)
class Call:
    """One API call of one API client, with everything that an operation may ask for."""

    state: State
    rules: Calendars
    client: ApiClient
    operation_id: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    raw: bytes
    body: JsonObject
    base_url: str
    left_out: str | None = None
    """The booking that trouble on purpose leaves out of lists."""
    slot_lists: SlotLists = field(default_factory=SlotLists)

    @property
    def cause(self) -> Cause:
        """What follows from this call follows from the API client."""
        return Cause(scenario=self.state.scenario_of(self.params.get("address_id")), client_id=self.client.id)

    @property
    def extensions(self) -> frozenset[str]:
        """What ``with`` asks for; what the contract does not list for the operation is ignored [assumed]."""
        wanted = self.query.get("with")
        if not wanted:
            return NOTHING
        return frozenset(one.strip() for one in wanted.split(",")) & _extensions(self.operation_id)

    @property
    def errors(self) -> frozenset[str]:
        """Names of the errors that the contract lists for the operation."""
        return _errors(self.operation_id)

    def facility(self) -> Facility:
        """The facility of the path, under the client's grants."""
        return self.state.directory.find_facility(self.client.id, self.params["facility_id"])

    def doctor(self) -> Doctor:
        """The doctor of the path, likewise."""
        directory, params = self.state.directory, self.params
        return directory.find_doctor(self.client.id, params["facility_id"], params["doctor_id"], self.errors)

    def address(self) -> Address:
        """The address of the path, likewise."""
        params = self.params
        return self.state.directory.find_address(
            self.client.id, params["facility_id"], params["doctor_id"], params["address_id"], self.errors
        )

    def editable(self) -> Address:
        """The address of the path, whose calendar the API client may change.

        Raises:
            Refusal: 403, it may not.
        """
        address = self.address()
        if not self.state.directory.may_edit(self.client.id, address):
            raise refuse("CalendarEditionNotAuthorized", 403)
        return address

    def range(self, since: str = "start", till: str = "end") -> tuple[datetime, datetime]:
        """The range that the query asks for.

        Raises:
            Refusal: 400, one of the two is missing or cannot be read.
        """
        return instant(self.query.get(since), since), instant(self.query.get(till), till)

    def whole(self, name: str, otherwise: int) -> int:
        """A whole number of the query, 1 at least."""
        text = self.query.get(name)
        if text is None:
            return otherwise
        if not DIGITS.fullmatch(text) or int(text) < 1:
            raise invalid(f"{name}: expected a whole number, 1 at least")
        return int(text)

    def text(self, name: str) -> str:
        """A field of the body, as a string: ids come as strings or numbers [doc]."""
        value = self.body.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            raise invalid(f"{name}: expected a text")
        return str(value)

    def minutes(self, name: str = "duration") -> int | None:
        """A length in minutes, or None where the body names none."""
        return minutes_of(self.body.get(name), name)

    def calendar_day(self, name: str = "date") -> date:
        """A day of the path."""
        text = self.params[name]
        with contextlib.suppress(ValueError):
            if DAY.fullmatch(text) and (told := date.fromisoformat(text)).year in YEARS:
                return told
        raise invalid(f"{name}: expected a day such as 2026-11-24")

    def words(self, name: str) -> str | None:
        """A field of the body that is a text or left out."""
        value = self.body.get(name)
        if value is not None and not isinstance(value, str):
            raise invalid(f"{name}: expected a text or null")
        return value


@cache
def _errors(operation_id: str) -> frozenset[str]:
    return frozenset(name for names in OPERATIONS[operation_id].errors.values() for name in names)


@cache
def _extensions(operation_id: str) -> frozenset[str]:
    """Those that the contract lists for the operation."""
    whole = document(API)
    parameters = array_of(OPERATIONS[operation_id].definition.get("parameters"))
    found = (resolved(whole, one) for one in parameters)
    listed = (object_of(object_of(one["schema"])["items"])["enum"] for one in found if one.get("name") == "with")
    return frozenset(text_of(name) for names in listed for name in array_of(names))


def minutes_of(value: JsonValue, name: str) -> int | None:
    """Minutes as a number or a numeric string. [doc]: samples show either."""
    if value is None:
        return None
    if isinstance(value, str) and DIGITS.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LONGEST_MINUTES:
        raise invalid(f"{name}: expected whole minutes, from 1 to {LONGEST_MINUTES}")
    return value

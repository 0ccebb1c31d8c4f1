"""A scripted person who operates the reference stub: does what the task says, and tells what the stub shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from harness.errors import PartnerRefused
from harness.operator.port import NO, YES, Answer, Question, Said, Task
from harness.partner.http import HttpPartner, control_client
from harness.partner.manual_rows import span_row, visit_row
from harness.partner.port import Appointment, Connection
from harness.stub.server import serve
from harness.stub.settings import StubSettings
from harness.vocabulary import AddressId, phone_key

TESTS = Path(__file__).parent
NAME = "Ola Clerk"
CAPABILITIES = ("push", "breaks", "insurances", "services", "confirm", "presence", "move_across_addresses", "realtime")
REFUSED = range(400, 600)


@dataclass
class Clerk:
    """Operates the stub whose control contract is at ``url``; ``asked`` are the verbs, in their order."""

    url: str
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Warsaw"))
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._partner = HttpPartner(self.url, transport=httpx.HTTPTransport())
        self._http = control_client(self.url, token=None, timeout_s=60)

    def answer(self, asked: Task | Question) -> Answer:
        """What a person would say who does it, or looks."""
        self.asked.append(asked.verb)
        if isinstance(asked, Task):
            return self._done(asked)
        if asked.verb == "booking":
            return self._known(asked)
        rows = getattr(self, f"_see_{asked.verb}")(asked)
        shown = [one.split(maxsplit=1)[1] for one in asked.expected or ()]
        if rows is None or sorted(rows) == sorted(shown):
            return Answer(Said.DONE, NAME, choice=YES)
        return Answer(Said.DONE, NAME, choice=NO, seen=tuple(rows))

    # -- tasks ----------------------------------------------------------------------------------------------------

    def _done(self, task: Task) -> Answer:
        told: dict[str, Any] = dict(task.details)
        try:
            answer = getattr(self, f"_do_{task.verb}")(told)
        except PartnerRefused as refusal:
            return Answer(Said.REFUSED, NAME, note=str(refusal))
        if isinstance(answer, httpx.Response) and answer.status_code in REFUSED:
            return Answer(Said.REFUSED, NAME, note=answer.text)
        return Answer(Said.DONE, NAME)

    def _do_connect(self, told: dict[str, Any]) -> None:
        self._partner.connect(Connection(**told))

    def _do_import_mapping(self, _: dict[str, Any]) -> None:
        self._partner.import_mapping()

    def _do_sync(self, told: dict[str, Any]) -> None:
        self._partner.sync(told["address_ids"])

    def _do_set_schedule(self, told: dict[str, Any]) -> httpx.Response:
        return self._calendar("PUT", told.pop("address_id"), "schedule", told)

    def _do_set_offer(self, told: dict[str, Any]) -> httpx.Response:
        return self._calendar("PUT", told.pop("address_id"), "offer", told)

    def _do_add_appointment(self, told: dict[str, Any]) -> httpx.Response:
        return self._calendar("POST", told.pop("address_id"), "appointments", told)

    def _do_move_appointment(self, told: dict[str, Any]) -> httpx.Response:
        return self._calendar("POST", told["address_id"], f"{self._found(told)}/move", told["to"])

    def _do_cancel_appointment(self, told: dict[str, Any]) -> httpx.Response:
        return self._calendar("DELETE", told["address_id"], self._found(told))

    def _do_confirm_appointment(self, told: dict[str, Any]) -> httpx.Response:
        return self._calendar("POST", told["address_id"], f"{self._found(told)}/confirm")

    def _do_mark_presence(self, told: dict[str, Any]) -> httpx.Response:
        return self._calendar(
            "PUT", told["address_id"], f"{self._found(told)}/presence", {"presence": told["presence"]}
        )

    def _do_add_break(self, told: dict[str, Any]) -> httpx.Response:
        return self._calendar("POST", told.pop("address_id"), "breaks", told)

    def _do_move_break(self, told: dict[str, Any]) -> httpx.Response:
        span = {"since": told["since"], "till": told["till"]}
        return self._calendar("PATCH", told["address_id"], self._blocked(told), span)

    def _do_remove_break(self, told: dict[str, Any]) -> httpx.Response:
        return self._calendar("DELETE", told["address_id"], self._blocked(told))

    def _calendar(
        self, method: str, address: str, path: str, body: Mapping[str, object] | None = None
    ) -> httpx.Response:
        return self._http.request(method, f"/calendars/{address}/{path}", json=body)

    def _found(self, told: Mapping[str, Any]) -> str:
        return f"appointments/{self._visit(told).id}"

    def _visit(self, told: Mapping[str, Any]) -> Appointment:
        visit = told["appointment"]
        start = datetime.fromisoformat(visit["start"])
        around = timedelta(hours=1)
        held = self._partner.appointments(AddressId(told["address_id"]), start - around, start + around)
        phone = phone_key(visit["patient"]["phone"])
        same = [one for one in held if one.status == "booked" and one.start == start]
        return next(one for one in same if phone_key(one.patient.phone) == phone)

    def _blocked(self, told: Mapping[str, Any]) -> str:
        since, till = (datetime.fromisoformat(told["break"][name]) for name in ("since", "till"))
        held = self._partner.breaks(AddressId(told["address_id"]), since, till)
        return f"breaks/{next(one.id for one in held if (one.since, one.till) == (since, till))}"

    # -- questions ------------------------------------------------------------------------------------------------

    def _see_appointments(self, question: Question) -> list[str]:
        told: dict[str, Any] = dict(question.details)
        names = {row.docplanner_id: row.name for row in self._partner.mapping() if row.kind == "service"}
        since, till = (datetime.fromisoformat(told[name]) for name in ("from", "to"))
        return [
            visit_row(letter, one, self.zone, names.get(one.address_service_id or ""))
            for letter, address in told["calendars"].items()
            for one in self._partner.appointments(AddressId(address), since, till)
            if one.status == "booked"
        ]

    def _known(self, question: Question) -> Answer:
        visit = self._visit(question.details)
        number = visit.docplanner_booking_id
        return Answer(Said.DONE, NAME, choice="tell" if number else "it knows none", seen=(number,) if number else ())

    def _see_breaks(self, question: Question) -> list[str]:
        return [span_row(one.since, one.till, self.zone) for one in self._partner.breaks(*_range(question))]

    def _see_schedule(self, question: Question) -> list[str] | None:
        held = self._partner.schedule(*_range(question))
        rows = [span_row(one.start, one.end, self.zone) for one in held]
        shown = [one.split(maxsplit=1)[1] for one in question.expected or ()]
        same = [any(line.startswith(row) for line in shown) for row in rows]
        return None if all(same) and len(rows) == len(shown) else rows

    def _see_mapping(self, question: Question) -> list[str] | None:
        told: dict[str, Any] = dict(question.details)
        mapped = [row for row in self._partner.mapping() if row.status == "mapped"]
        there = {(row.kind, row.docplanner_id) for row in mapped}
        due = {(one["kind"], one["docplanner_id"]): one["number"] for one in told["things"]}
        lines = [f"missing {number}" for key, number in due.items() if key not in there]
        kinds = {one["kind"] for one in told["things"]}
        lines += [
            f"extra {row.name}" for row in mapped if row.kind in kinds and (row.kind, row.docplanner_id) not in due
        ]
        return lines or None


def _range(question: Question) -> tuple[AddressId, datetime, datetime]:
    told: dict[str, Any] = dict(question.details)
    return AddressId(told["address_id"]), datetime.fromisoformat(told["from"]), datetime.fromisoformat(told["to"])


@contextmanager
def clerk_at(settings: StubSettings, directory: Path, *, script: str = "") -> Iterator[tuple[str, ...]]:
    """The options of a run whose person operates a stub of these settings; ``script`` is more Python for the script.

    It may define ``first(asked)``: an answer before the clerk is asked, or None.
    """
    with serve(settings) as stub:
        callback = httpx.get(f"{stub.control_url}/health").json()["callback_url"]
        file = directory / "person.py"
        file.write_text(
            f"import sys\nsys.path[:0] = [{str(TESTS)!r}]\n"
            "from clerk import NAME, Clerk\nfrom harness.errors import OperatorGone\n"
            "from harness.operator.port import Answer, Question, Said, Task\n"
            f"clerk = Clerk({stub.control_url!r})\n{script or 'def first(asked): return None'}\n"
            "def answer(asked):\n    return first(asked) or clerk.answer(asked)\n"
        )
        capabilities = [part for one in CAPABILITIES for part in ("--capability", one)]
        yield (
            *("--people", "--system", "Praxis", "--system-version", "7", "--callback-url", callback),
            *("--operator-script", str(file), "--wait", "quiet_s=0.3", *capabilities),
        )

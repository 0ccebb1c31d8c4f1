"""A clinic on both sides, over real sockets: equal, and with every kind of difference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from harness.audit.reading import ReadOnly
from harness.cli.audit import AuditRequest, audited
from harness.clock import MovableClock, SystemClock
from harness.contract.marketplaces import MARKETPLACES
from harness.errors import NotAllowed
from harness.marketplace.embedded import EmbeddedMarketplace
from harness.marketplace.port import Cause, Trouble
from harness.partner.http import HttpPartner
from harness.partner.port import Connection
from harness.recorder.journal import MemoryJournal
from harness.sandbox.http.server import serve
from harness.sandbox.settings import SandboxSettings
from harness.stub.server import serve as serve_stub
from harness.stub.settings import StubSettings
from harness.vocabulary import Calendar, Patient, Period, Visit
from reports.audit_page import render_audit_page

DOMAIN = "znanylekarz.pl"
ZONE = MARKETPLACES[DOMAIN].zone
CAUSE = Cause("audit", 1)
CANARY = Patient("Canarina", "Secretova", "+48 511 222 333", "canary@patient.example")
OTHER = Patient("Dodona", "Hiddenska", "+48 511 222 444")
LONGEST_S = 20.0
PAUSE = Event()
"""Never set: what it waits is between two looks."""


@dataclass
class Both:
    """A clinic with two calendars on both sides, and the people who use it."""

    partner: HttpPartner
    docplanner: EmbeddedMarketplace
    calendars: tuple[Calendar, ...]
    request: AuditRequest
    days: tuple[date, ...]

    def at(self, day: int, hour: int) -> datetime:
        """An hour of a day that is audited."""
        return datetime.combine(self.days[day], time(hour), ZONE)

    def staff_work(self, calendar: Calendar, day: int, *hours: tuple[int, int]) -> None:
        """Staff enter their working time of a day."""
        periods = [Period(self.at(day, a), self.at(day, b), calendar.services[:1]) for a, b in hours]
        self.partner.set_schedule(calendar.id, [self.days[day]], periods)

    def staff_book(self, calendar: Calendar, patient: Patient, day: int, hour: int) -> str:
        """Staff book; the appointment's id."""
        service = calendar.services[0]
        values = {
            "start": self.at(day, hour).isoformat(),
            "duration": service.minutes,
            "address_service_id": service.id,
        }
        return self.partner.add_appointment(calendar.id, values, patient).id

    def patient_books(self, calendar: Calendar, patient: Patient, day: int, hour: int) -> Visit:
        """A patient books what is offered."""
        service = calendar.services[0]
        wanted = Visit(calendar, patient, self.at(day, hour), service.minutes, service)
        there = self.docplanner.book(wanted, "patient", CAUSE)
        return Visit(calendar, patient, wanted.start, wanted.minutes, service, booking_id=there.booking_id)  # type: ignore[arg-type]

    def settled(self) -> None:
        """Until both have nothing under way."""
        deadline = datetime.now(ZONE) + timedelta(seconds=LONGEST_S)
        idle = 0
        while idle < 3:
            assert datetime.now(ZONE) < deadline
            there = self.docplanner.activity()
            quiet = self.partner.activity().idle and not (there.pushing or there.slots_pending)
            idle = idle + 1 if quiet else 0
            PAUSE.wait(0.05)

    def audited(self) -> dict[str, Any]:
        """What an audit finds now."""
        return audited(self.request)


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    """A clinic that was synchronised: working time, a visit from either side, a break."""
    with ExitStack() as parts:
        stub = parts.enter_context(serve_stub(StubSettings()))
        settings = SandboxSettings(marketplace=DOMAIN, clinics=1, slots_delay_s=0.02)
        sandbox = parts.enter_context(serve(settings, journal=MemoryJournal(), clock=MovableClock(SystemClock())))
        partner = HttpPartner(stub.control_url, transport=httpx.HTTPTransport())
        parts.callback(partner.close)
        docplanner = EmbeddedMarketplace(
            sandbox.control_url,
            token=sandbox.control_token,
            client_id=sandbox.client_id,
            transport=httpx.HTTPTransport(),
        )
        parts.callback(docplanner.close)
        docplanner.set_client({"delivery": "push", "callback_url": stub.callback_url})
        partner.connect(
            Connection(
                sandbox.api_base_url,
                sandbox.token_url,
                sandbox.client_id,
                sandbox.client_secret,
                "push",
                DOMAIN,
                "Europe/Warsaw",
            )
        )
        partner.import_mapping()
        secret = tmp_path / "credentials.json"
        secret.touch(0o600)
        secret.write_text(json.dumps({"client_id": sandbox.client_id, "client_secret": sandbox.client_secret}))
        clinic = docplanner.estate()[0][0]
        calendars = tuple(calendar for doctor in clinic.doctors for calendar in doctor.calendars)
        origin = sandbox.api_base_url.removesuffix("/api/v3/integration")
        request = AuditRequest(origin, stub.control_url, None, secret, (), 7, DOMAIN, Path("none"), None)
        today = datetime.now(ZONE).date()
        here = Both(partner, docplanner, calendars, request, tuple(today + timedelta(days=n) for n in range(1, 7)))
        for calendar in calendars:
            for day in (1, 2):
                here.staff_work(calendar, day, (9, 12), (14, 16))
        here.settled()
        here.patient_books(calendars[0], CANARY, 1, 9)
        here.staff_book(calendars[0], OTHER, 1, 14)
        partner.add_break(calendars[0].id, here.at(2, 14), here.at(2, 15), "a meeting")
        here.settled()
        yield here


def whats(found: dict[str, Any]) -> list[str]:
    """The differences, in words."""
    return sorted(one["what"] for one in found["differences"])


def test_a_synchronised_clinic_has_no_difference_and_nobody_is_named(both: Both) -> None:
    """All was read: visits of both sides, slots, the break; patients are in no output."""
    found = both.audited()
    shown = json.dumps(found) + render_audit_page(found)

    assert (found["exit_code"], found["differences"], found["unread"]) == (0, [], [])
    assert set(found["areas"].values()) == {"equal"}
    assert found["read"]["visits_docplanner"] == found["read"]["visits_partner"] == 2
    assert found["read"]["with_slots"] == len(both.calendars)
    for secret in ("Canarina", "Secretova", "511 222 333", "511222333", "canary@", "Dodona", "Hiddenska"):
        assert secret not in shown


def test_every_kind_of_difference_is_found_and_nothing_else(both: Both) -> None:
    """Each side goes on alone, as when an integration was down."""
    one, other = both.calendars[:2]
    moved = both.staff_book(other, Patient("Ewa", "Kot", "+48 511 222 555"), 1, 9)
    kept = both.patient_books(other, Patient("Jan", "Lis", "+48 511 222 666"), 1, 14)
    both.settled()
    assert both.audited()["differences"] == []

    both.partner.set_active(active=False)
    both.patient_books(one, Patient("Olga", "Mis", "+48 511 222 777"), 1, 10)
    both.staff_book(one, Patient("Igor", "Sum", "+48 511 222 888"), 1, 15)
    both.docplanner.cancel(kept, "patient", CAUSE)
    both.partner.move_appointment(other.id, moved, {"start": both.at(1, 10).isoformat()})
    both.staff_work(other, 2, (9, 12))
    both.staff_work(other, 3, (9, 12))
    both.docplanner.add_break(one.id, both.at(2, 9), both.at(2, 10), CAUSE)
    found = both.audited()
    names = {service.id: service.name for service in both.docplanner.services(other.id)}
    service = names[other.services[0].id]
    taken = names.get(one.services[0].id) or one.services[0].name

    assert found["exit_code"] == 1
    assert set(whats(found)) == {
        "a visit at Docplanner is not in the clinic",
        "a visit of the clinic is not at Docplanner",
        "a visit was cancelled at Docplanner alone",
        "a visit differs in time",
        f"{service} can be booked when nobody works",
        f"{service} cannot be booked though somebody works",
        f"{service} can be booked at a time that is taken",
        f"{taken} can be booked at a time that is taken",
        "time is blocked at Docplanner alone",
    }
    assert all(line["next"] and line["acts"] and line["where"] for line in found["differences"])
    assert "masked:" in next(line["docplanner"] for line in found["differences"] if "not in the clinic" in line["what"])
    assert "Olga" not in json.dumps(found) + render_audit_page(found)


def test_what_is_shared_and_not_mapped_is_told(both: Both) -> None:
    """And what is mapped and no longer shared."""
    calendar = both.calendars[0]
    both.partner.set_active(active=False)
    both.docplanner.delete_service(calendar, calendar.services[1], CAUSE)
    found = both.audited()

    assert "a service of an address is mapped that is not shared" in whats(found)
    assert found["areas"]["mapping"] == "different"


def test_what_cannot_be_read_is_never_equal(both: Both) -> None:
    """A calendar that Docplanner does not let be read is told, and the rest is compared."""
    trouble = Trouble(both.calendars[0].id, "read", "fail", operation="getBookings", status=500, count=1000)
    both.docplanner.trouble(trouble, CAUSE)
    found = both.audited()

    assert (found["exit_code"], found["differences"]) == (2, [])
    assert [(one["side"], one["what"]) for one in found["unread"]] == [("docplanner", both.calendars[0].id)]
    assert "equal" not in set(found["areas"].values())


def test_a_clinic_that_was_reset_has_nothing_mapped(both: Both) -> None:
    """Every facility, doctor, address and service is a difference, once."""
    both.partner.reset()
    found = both.audited()
    kinds = {one["what"] for one in found["differences"]}

    assert found["exit_code"] == 1
    assert {"a facility is not mapped", "a doctor is not mapped", "an address is not mapped"} <= kinds
    assert all(one["area"] == "mapping" for one in found["differences"])


WRITES = {
    "reset": (),
    "import_mapping": (),
    "pull": (),
    "sync": ([],),
    "set_active": (True,),
    "cancel_appointment": ("1", "2"),
    "confirm_appointment": ("1", "2"),
    "mark_presence": ("1", "2", "present"),
    "remove_break": ("1", "2"),
    "set_offer": ("1", (), ()),
    "set_schedule": ("1", (), ()),
    "set_clock": (datetime(2026, 1, 1, tzinfo=ZONE),),
    "move_break": ("1", "2", datetime(2026, 1, 1, tzinfo=ZONE), datetime(2026, 1, 2, tzinfo=ZONE)),
    "add_break": ("1", datetime(2026, 1, 1, tzinfo=ZONE), datetime(2026, 1, 2, tzinfo=ZONE), ""),
    "move_appointment": ("1", "2", {}),
    "add_appointment": ("1", {}, CANARY),
    "connect": (Connection("http://a", "http://a", "a", "b", "push", DOMAIN, "Europe/Warsaw"),),
}


class Wire(httpx.BaseTransport):
    """Where a request would leave the machine."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Note it."""
        self.sent.append(request.method)
        return httpx.Response(302, headers={"Location": "http://elsewhere/"})


@pytest.mark.parametrize("method", WRITES)
def test_no_write_reaches_the_clinics_system(method: str) -> None:
    """By no method of the client."""
    wire = Wire()
    partner = HttpPartner("http://127.0.0.1:1", transport=ReadOnly(wire))

    with pytest.raises(NotAllowed):
        getattr(partner, method)(*WRITES[method])

    assert wire.sent == []


def test_every_method_that_writes_is_tried() -> None:
    """A new one must be added above."""
    reading = {
        "health",
        "mapping",
        "activity",
        "schedule",
        "appointments",
        "appointments_of",
        "breaks",
        "offer",
        "close",
    }
    public = {name for name in vars(HttpPartner) if not name.startswith("_") and callable(getattr(HttpPartner, name))}

    assert public - reading == set(WRITES)


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override"])
def test_no_header_makes_a_write_of_a_read(header: str) -> None:
    """As some servers would have it."""
    wire = Wire()
    with httpx.Client(transport=ReadOnly(wire)) as client, pytest.raises(NotAllowed):
        client.get("http://127.0.0.1:1/reset", headers={header: "POST"})

    assert wire.sent == []

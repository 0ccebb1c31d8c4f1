"""The desk in a real browser: a patient books by the keyboard, and the visit reaches the partner system."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import httpx
import pytest
from browsers import launched, press
from desk.desks import Seat
from playwright.sync_api import Browser, Page, expect
from sandbox.served import Place

from harness.desk.local_time import midnight, monday_of
from harness.partner.http import HttpPartner
from harness.partner.port import Connection
from harness.stub.server import serve
from harness.stub.settings import StubSettings
from harness.vocabulary import AddressId

LOOKS, LOOK_S = 400, 0.02
PHONE, DESKTOP = 360, 1280


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium."""
    with launched() as opened:
        yield opened


@pytest.fixture
def partner(seat: Seat, place: Place) -> Iterator[HttpPartner]:
    """The reference stub, connected by its contract, with what the clinic has mapped."""
    docplanner = seat.docplanner
    sandbox = docplanner.sandbox
    with serve(StubSettings()) as stub:
        system = HttpPartner(stub.control_url, token=None, transport=httpx.HTTPTransport(), timeout_s=20)
        docplanner.done("PUT", f"/clients/{sandbox.client_id}", {"delivery": "push", "callback_url": stub.callback_url})
        zone = sandbox.state.zone.key
        system.connect(
            Connection(
                sandbox.api_base_url,
                sandbox.token_url,
                sandbox.client_id,
                sandbox.client_secret,
                "push",
                sandbox.state.marketplace.domain,
                zone,
            )
        )
        system.import_mapping()
        docplanner.fill(place, 1)
        yield system
        docplanner.done("PUT", f"/clients/{sandbox.client_id}", {"callback_url": None})
        system.close()


def patients(partner: HttpPartner, seat: Seat, place: Place) -> list[str]:
    """Whom the partner system expects tomorrow, once it has worked off what it was told."""
    zone = seat.docplanner.sandbox.state.zone
    since, till = (midnight(seat.docplanner.day(day), zone) for day in (1, 2))
    look = Event()
    for _ in range(LOOKS):
        found = partner.appointments(AddressId(place.address_id), since, till)
        if found:
            return [f"{one.patient.name} {one.patient.surname}" for one in found]
        look.wait(LOOK_S)
    return []


def logged_in(browser: Browser, seat: Seat, **context: object) -> Page:
    """A page of somebody who opened the printed link."""
    page = browser.new_context(**context).new_page()  # type: ignore[arg-type]
    page.goto(seat.link)
    expect(page.get_by_role("heading", level=1)).to_have_text("A Docplanner to build against")
    return page


def test_a_patient_books_by_the_keyboard_and_the_visit_reaches_the_partner(
    seat: Seat, place: Place, browser: Browser, partner: HttpPartner
) -> None:
    """From the first page to the partner's own calendar; without scripts."""
    docplanner = seat.docplanner
    page = logged_in(browser, seat, java_script_enabled=False)

    press(page, page.get_by_role("link", name="See the clinics"))
    press(page, page.locator(f"a[href='/desk{place.calendar}']"))
    if monday_of(docplanner.day(1)) != monday_of(docplanner.day(0)):
        press(page, page.get_by_role("link", name="Week after"))
    mark = docplanner.mark()
    press(page, page.get_by_role("link", name="10:30").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Book as a patient")
    name = f"{page.get_by_label('First name').input_value()} {page.get_by_label('Surname').input_value()}"
    press(page, page.get_by_role("button", name="Book this slot"))
    expect(page.get_by_role("status").first).to_have_text("The visit is booked.")
    docplanner.wait(mark, "notification", place)
    press(page, page.get_by_role("link", name="Notifications"))
    told = page.get_by_role("article").first

    expect(told).to_contain_text("slot-booked")
    expect(told).to_contain_text("delivered")
    assert patients(partner, seat, place) == [name]
    page.context.close()


def test_somebody_else_s_change_is_announced_and_does_not_pull_the_page_away(
    seat: Seat, place: Place, browser: Browser
) -> None:
    """A line appears, with a link that shows it."""
    page = logged_in(browser, seat)
    page.goto(f"{seat.base}/desk{place.calendar}?day={seat.docplanner.day(1)}")
    period = seat.docplanner.period(place, 2)

    assert seat.docplanner.api("PUT", f"{place.path}/slots", {"slots": [period]}).status_code == 201

    expect(page.locator(".fresh")).to_contain_text("Something has happened")
    page.context.close()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_nothing_scrolls_sideways(seat: Seat, place: Place, browser: Browser, width: int) -> None:
    """Every page, also with a name that is long and has no blank."""
    docplanner = seat.docplanner
    start = docplanner.at(1, "09:00")
    wanted = {"by": "patient", "start": start, "address_service_id": place.services[0]}
    wanted["patient"] = {"name": "Wolfeschlegelsteinhausenbergerdorff" * 3, "phone": "+48500000099"}
    made = docplanner.done("POST", f"{place.calendar}/visits", wanted)
    since, till = docplanner.at(1, "10:00"), docplanner.at(1, "11:00")
    docplanner.done("POST", f"{place.calendar}/breaks", {"since": since, "till": till, "description": "x" * 90})
    free = docplanner.at(1, "09:30").replace("+", "%2B")
    page = logged_in(browser, seat, viewport={"width": width, "height": 800})
    paths = ["/", "/clinics", "/notifications", "/exchanges", "/clients", "/clock", "/settings", "/faults"]
    paths += [f"{place.calendar}?day={docplanner.day(1)}", f"{place.calendar}/book?start={free}"]
    paths += [f"{place.calendar}/book?by=doctor", f"{place.calendar}/breaks", f"{place.calendar}/profile"]
    paths += [f"{place.calendar}/visits/{made['booking_id']}"]

    wide = {}
    for path in paths:
        page.goto(f"{seat.base}/desk{path}")
        if (seen := page.evaluate("document.documentElement.scrollWidth")) > width:
            wide[path] = seen

    assert wide == {}
    page.context.close()


def test_markup_in_a_name_runs_nowhere(seat: Seat, place: Place, browser: Browser) -> None:
    """It is shown as it was typed."""
    docplanner = seat.docplanner
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    wanted = {"by": "patient", "start": docplanner.at(1, "09:00"), "address_service_id": place.services[0]}
    wanted["patient"] = {"name": evil, "phone": "+48500000098"}
    made = docplanner.done("POST", f"{place.calendar}/visits", wanted)
    page = logged_in(browser, seat)
    opened: list[str] = []
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))

    page.goto(f"{seat.base}/desk{place.calendar}/visits/{made['booking_id']}")

    expect(page.get_by_role("heading", level=1)).to_have_text(f"Visit of {evil}")
    assert opened == []
    page.context.close()

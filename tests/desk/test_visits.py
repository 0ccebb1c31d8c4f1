"""What people do with visits and breaks at the desk: the same as by the control API, and refused in the same words."""

from __future__ import annotations

from typing import Any

from desk.desks import Seat
from sandbox.endpoint import listening
from sandbox.served import Place

PATIENT = {"name": "Anna", "surname": "Testpatient", "phone": "+48500000001", "email": "anna@example.com"}


def visits(seat: Seat, place: Place) -> list[dict[str, Any]]:
    """What stands in the calendar, by time."""
    since, till = (seat.docplanner.at(day, "00:00").replace("+", "%2B") for day in (0, 9))
    found: list[dict[str, Any]] = seat.docplanner.done("GET", f"{place.calendar}/visits?from={since}&to={till}")[
        "items"
    ]
    return found


def week(seat: Seat, place: Place) -> str:
    """The page of tomorrow's week."""
    return seat.page(f"{place.calendar}?day={seat.docplanner.day(1)}")


def offered(start: str) -> str:
    """Where that slot is booked, as the week links to it."""
    return f'/book?start={start.replace("+", "%2B")}"'


def local(instant: str) -> str:
    """As a form's field holds it."""
    return instant[:16]


def book(seat: Seat, place: Place, hour: str, **typed: str) -> dict[str, Any]:
    """A visit booked at the desk."""
    start = seat.docplanner.at(1, hour)
    sent = {**PATIENT, "by": "patient", "start": start, "service": place.services[0], **typed}
    assert "The visit is booked." in seat.done(f"{place.calendar}/book", **sent)
    return next(one for one in visits(seat, place) if one["start"][11:16] == hour and one["status"] == "booked")


def test_a_patient_books_an_offered_slot(seat: Seat, place: Place) -> None:
    """The form is filled with an invented patient; the week shows the visit instead of the slot."""
    start = seat.docplanner.at(1, "09:30")
    form = seat.page(f"{place.calendar}/book?start={start.replace('+', '%2B')}")
    assert "Testpatient" in form
    assert "@example.com" in form
    assert offered(start) in week(seat, place)

    made = book(seat, place, "09:30", comment="by the desk")

    assert made["booked_by"] == "user"
    assert made["comment"] == "by the desk"
    assert made["patient"]["name"] == "Anna"
    assert "Anna Testpatient" in week(seat, place)
    assert offered(start) not in week(seat, place)


def test_what_is_refused_is_told_beside_the_form_and_nothing_typed_is_lost(seat: Seat, place: Place) -> None:
    """A doctor's visit on one that stands."""
    book(seat, place, "09:00")
    typed = {**PATIENT, "name": "Zoë", "by": "doctor", "start": local(seat.docplanner.at(1, "09:00"))}

    answer = seat.post(f"{place.calendar}/book", service=place.services[0], comment="kept?", **typed)

    assert answer.status_code in {404, 409}
    assert 'role="alert"' in answer.text
    assert 'value="Zoë"' in answer.text
    assert 'value="kept?"' in answer.text
    assert len(visits(seat, place)) == 1


def test_a_slot_that_somebody_else_took_is_told(seat: Seat, place: Place) -> None:
    """With what was typed."""
    book(seat, place, "09:00")
    typed = {**PATIENT, "by": "patient", "start": seat.docplanner.at(1, "09:00")}

    answer = seat.post(f"{place.calendar}/book", service=place.services[0], **typed)

    assert answer.status_code in {404, 409}
    assert "not on offer any longer" in answer.text
    assert "anna@example.com" in answer.text


def test_a_time_that_is_none_is_told(seat: Seat, place: Place) -> None:
    """In words, with the remedy."""
    answer = seat.post(f"{place.calendar}/book", by="doctor", start="soon", service=place.services[0], **PATIENT)

    assert answer.status_code == 422
    assert "is no time in Europe/Warsaw" in answer.text


def test_the_doctor_books_outside_slots(seat: Seat, place: Place) -> None:
    """At any time that is free."""
    start = local(seat.docplanner.at(1, "19:15"))

    seat.done(f"{place.calendar}/book", by="doctor", start=start, service=place.services[0], duration="45", **PATIENT)

    assert [(one["start"][11:16], one["duration"], one["booked_by"]) for one in visits(seat, place)] == [
        ("19:15", 45, "doctor")
    ]


def test_a_patient_moves_and_the_doctor_cancels(seat: Seat, place: Place) -> None:
    """The moved visit has a new id, and the chain can be followed both ways."""
    first = book(seat, place, "09:00")
    path = f"{place.calendar}/visits/{first['booking_id']}"

    moved = seat.done(f"{path}/move", start=seat.docplanner.at(1, "10:00"))
    second = next(one for one in visits(seat, place) if one["status"] == "booked")
    assert f"visits/{first['booking_id']}" in moved
    assert f"visits/{second['booking_id']}" in seat.page(path)
    seat.done(f"{place.calendar}/visits/{second['booking_id']}/cancel", by="doctor")

    assert [(one["status"], one["canceled_by"]) for one in visits(seat, place)] == [
        ("canceled", "user"),
        ("canceled", "doctor"),
    ]


def test_a_visit_is_confirmed_and_the_patient_came(seat: Seat, place: Place) -> None:
    """Confirmed once, before it begins; presence once it has begun: else the words of the refusal stand there."""
    path = f"{place.calendar}/visits/{book(seat, place, '09:00')['booking_id']}"
    before = seat.docplanner.clock.now()

    early = seat.post(f"{path}/presence", presence="present")
    confirmed = seat.done(f"{path}/confirm", by="doctor")
    again = seat.post(f"{path}/confirm", by="doctor")
    try:
        seat.docplanner.advance(days=2)
        came = seat.done(f"{path}/presence", presence="present")
    finally:
        seat.docplanner.clock.set(before)

    assert early.status_code in {409, 422}
    assert "The visit is confirmed." in confirmed
    assert again.status_code == 409
    assert 'role="alert"' in again.text
    assert "marked as present" in came


def test_the_doctor_moves_a_visit_to_a_colleague(seat: Seat, place: Place) -> None:
    """Of the same clinic."""
    made = book(seat, place, "09:00")
    other = place.clinic["doctors"][1]["calendars"][0]
    target = f"{other['address_id']}/{other['services'][0]['id']}"
    path = f"{place.calendar}/visits/{made['booking_id']}/move-as-doctor"

    page = seat.done(path, start=local(seat.docplanner.at(1, "15:00")), duration="30", target=target)

    assert "The visit has moved" in page
    assert other["address_id"] in page


def test_the_partner_is_asked_first_and_its_refusal_shown(seat: Seat, place: Place) -> None:
    """With its error_code; nothing is booked."""
    docplanner = seat.docplanner
    client = f"/clients/{docplanner.sandbox.client_id}"
    with listening() as endpoint:
        docplanner.done("PUT", client, {"realtime": True, "callback_url": endpoint.url})
        try:
            endpoint.statuses, endpoint.body = [409], b'{"error_code": 4711}'
            typed = {**PATIENT, "by": "patient", "start": docplanner.at(1, "09:00"), "service": place.services[0]}
            answer = seat.post(f"{place.calendar}/book", **typed)
        finally:
            docplanner.done("PUT", client, {"realtime": False, "callback_url": None})

    assert answer.status_code == 409
    assert "4711" in answer.text
    assert endpoint.received[0].body["name"] == "slot-booking"
    assert "/docplanner" in seat.page(f"/exchanges?client={docplanner.sandbox.client_id}")
    assert visits(seat, place) == []


def test_breaks_are_added_moved_and_removed(seat: Seat, place: Place) -> None:
    """And a wrong range is told beside the form."""
    nine, ten, eleven = (local(seat.docplanner.at(1, hour)) for hour in ("09:00", "10:00", "11:00"))
    path = f"{place.calendar}/breaks"

    backwards = seat.post(path, since=ten, till=nine, description="Lunch")
    page = seat.done(path, since=nine, till=ten, description="Lunch")
    found = page.partition(f"/desk{path}/")[2].partition('"')[0]
    moved = seat.done(f"{path}/{found}/move", since=ten, till=eleven)
    removed = seat.done(f"{path}/{found}/remove")

    assert backwards.status_code == 422
    assert 'value="Lunch"' in backwards.text
    assert "Lunch" in page
    assert '10:00</time><span class="till">–11:00' in moved
    assert "Lunch" not in removed


def test_a_name_is_a_name_and_never_markup(seat: Seat, place: Place) -> None:
    """Wherever it stands."""
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    made = book(seat, place, "09:00", name=evil, comment=evil)
    path = f"{place.calendar}/visits/{made['booking_id']}"

    pages = [seat.get(path).text, seat.get(f"{place.calendar}?day={seat.docplanner.day(1)}").text]
    pages.append(seat.post(f"{place.calendar}/book", by="doctor", start="x", **{**PATIENT, "name": evil}).text)

    for page in pages:
        assert "&lt;script&gt;" in page
        assert "<script>" not in page
        assert "<img" not in page


def test_what_is_not_there_is_told(seat: Seat, place: Place) -> None:
    """404 with words; a form's address leads back to its page."""
    assert seat.get("/calendars/1").status_code == 404
    assert seat.get(f"{place.calendar}/visits/1").status_code == 404
    assert seat.get("/nothing").status_code == 404
    assert seat.get("/clinics/1/grants").headers["location"] == "/desk/clinics/1"

"""The operations of the API on bookings, and on notifications that wait to be pulled."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import timedelta

import orjson

from harness.contract.json_value import JsonObject, JsonValue
from harness.contract.limits import DEFAULT_PAGE_SIZE, MAX_PULL, RELEASE_INTERVAL_S
from harness.contract.schemas import is_date
from harness.sandbox.bookings import Booking
from harness.sandbox.directory import Address
from harness.sandbox.http.wire import Answer, Call, instant
from harness.sandbox.notifications import BURIED, PUSHING
from harness.sandbox.payloads import items
from harness.sandbox.refusals import Refusal, invalid, refuse
from harness.sandbox.visits import INTEGRATION, Wanted

__all__ = ["BOOKING_OPERATIONS", "patient_of"]

WHOLE = frozenset({"booking.patient", "booking.address_service"})
PATIENT_FIELDS = ("name", "surname", "email", "phone", "birth_date", "nin", "gender")


def book_slot(call: Call) -> Answer:
    """The partner's staff booked: the visit is made at Docplanner."""
    address = call.address()
    start = instant(call.params["start"], "start")
    minutes = call.minutes()
    if minutes is None:
        raise invalid("duration: is missing")
    wanted = Wanted(
        start,
        minutes,
        call.text("address_service_id"),
        {**patient_of(call.body.get("patient")), "is_returning": call.body.get("is_returning") is True},
        call.words("comment"),
        _insurance(call),
    )
    booking = call.rules.visits.book(address, wanted, by=INTEGRATION, cause=call.cause)
    return Answer(200, call.state.payloads.booking(booking, address, WHOLE))


def get_bookings(call: Call) -> Answer:
    """Bookings that start in a range, cancelled ones too; in pages only where a page is asked for [doc]/[seen]."""
    address = call.address()
    since, till = call.range()
    overlapping = call.state.behaviour_of(address.id).list_range == "overlaps"
    bookings = call.state.bookings
    found = (bookings.overlapping if overlapping else bookings.starting_in)(address.id, since, till)
    found = [one for one in found if one.id != call.left_out]
    if "page" not in call.query:
        return Answer(200, items(call.state.payloads.booking(one, address, call.extensions) for one in found))
    page, limit = call.whole("page", 1), call.whole("limit", DEFAULT_PAGE_SIZE)
    shown = found[(page - 1) * limit : page * limit]
    told = items(call.state.payloads.booking(one, address, call.extensions) for one in shown)
    pages = max(1, -(-len(found) // limit))
    return Answer(200, {**told, "page": page, "limit": limit, "pages": pages, "total": len(found)})


def get_booking(call: Call) -> Answer:
    """One booking, with the chain of its moves where asked."""
    address, booking = call.address(), _booking(call)
    if booking.deleted:
        raise refuse("ObjectNotFound", 404)
    told = call.state.payloads.booking(booking, address, WHOLE | call.extensions)
    if "booking.moving" in call.extensions:
        first, newest = call.state.bookings.chain(booking)
        told["moving"] = None if first == newest else {"origin_booking_id": first, "newest_booking_id": newest}
    return Answer(200, told)


def cancel_booking(call: Call) -> Answer:
    """The visit is cancelled."""
    call.address()
    call.rules.visits.cancel(_booking(call), by=INTEGRATION, cause=call.cause)
    return Answer(204)


def move_booking(call: Call) -> Answer:
    """The visit moves and has a new id, which Location names [doc]."""
    source, booking = call.address(), _booking(call)
    target = _target(call, source)
    start = instant(call.body.get("start"), "start")
    wanted = Wanted(start, call.minutes(), call.text("address_service_id"), booking.patient, booking.comment)
    made = call.rules.visits.move(booking, target, wanted, by=INTEGRATION, cause=call.cause)
    path = f"/facilities/{target.facility_id}/doctors/{target.doctor_id}/addresses/{target.id}/bookings/{made.id}"
    headers = {"Location": f"{call.base_url}{path}"}
    return Answer(201, call.state.payloads.booking(made, target, WHOLE | call.extensions), headers)


def confirm_booking(call: Call) -> Answer:
    """The visit is confirmed."""
    address, booking = call.address(), _booking(call)
    if call.body.get("confirmed_by") not in ("user", "admin"):
        raise refuse("ConfirmedByInvalid", 400)
    if not address.integrated:
        raise refuse("IntegrationNotAuthorized", 400)
    call.rules.marks.confirm(booking, call.cause)
    return Answer(204)


def request_opinion(call: Call) -> Answer:
    """The patient with that phone is asked, by SMS, for an opinion on a visit with the doctor."""
    phone, doctor = call.body.get("phone"), call.doctor()
    if isinstance(phone, int) and not isinstance(phone, bool):
        phone = str(phone)  # samples show numbers too [doc]
    bookings = call.state.bookings
    visits = [one for address_id in doctor.addresses for one in bookings.on(address_id)]
    call.state.opinions.ask(phone if isinstance(phone, str) else "", visits, call.state.clock.now())
    return Answer(200)


def mark_presence(call: Call) -> Answer:
    """The patient came."""
    return _presence(call, "present")


def mark_absence(call: Call) -> Answer:
    """The patient did not come."""
    return _presence(call, "absent")


def pull_one(call: Call) -> Answer:
    """The oldest notification that waits, which is gone with this [doc]."""
    pulled = call.state.mailbox.pull(call.client.id, 1, call.state.clock.now())
    if not pulled:
        raise refuse("NotificationNotFound", 404)
    return Answer(200, _json(pulled[0].body))


def pull_many(call: Call) -> Answer:
    """Up to 100 of them."""
    now, limit = call.state.clock.now(), call.whole("limit", 1)
    if limit > MAX_PULL:
        raise invalid(f"limit: {MAX_PULL} at most")
    pulled = call.state.mailbox.pull(call.client.id, limit, now)
    if not pulled and call.state.behaviour.empty_list == "not_found":
        raise refuse("NotificationNotFound", 404)
    left = call.state.mailbox.waiting(call.client.id, None, now)
    told: list[JsonValue] = [_json(one.body) for one in pulled]
    return Answer(200, {"notifications": told, "remaining": left})


def release(call: Call) -> Answer:
    """What all tries failed for is sent again, unless it is too old: PUSH clients only, once an hour [doc]."""
    client, now = call.client, call.state.clock.now()
    if not client.pushes:
        raise refuse("NotificationsReleaseForbidden", 403)
    span = timedelta(seconds=RELEASE_INTERVAL_S)
    if client.released_at is not None and now - client.released_at < span:
        wait = math.ceil((client.released_at + span - now).total_seconds())
        told: JsonObject = {"errors": [], "message": "Notifications were released less than an hour ago"}
        raise Refusal(429, told, {"Retry-After": str(wait)})
    client.released_at = now
    call.state.mailbox.delete_old(now)
    also_tried = call.state.behaviour.release_reach == "undelivered"
    for one in list(call.state.mailbox.every(client_id=client.id)):
        due = one.state == BURIED or (also_tried and one.state == PUSHING and one.tries)
        if due:
            call.state.deliver(client, one, "push")
    return Answer(204)


def patient_of(value: JsonValue) -> JsonObject:
    """The patient of a body, as bookings and notifications show one.

    Raises:
        Refusal: 400, there is no name or phone.
    """
    person = dict(value) if isinstance(value, dict) else {}
    for name in ("phone", "nin"):
        if isinstance(person.get(name), int) and not isinstance(person[name], bool):
            person[name] = str(person[name])  # samples show numbers too [doc]
    mistakes = [] if person.get("name") else ["patient.name: is missing"]
    mistakes += [] if "phone" in person else ["patient.phone: is missing"]
    mistakes += [
        f"patient.{name}: expected a text" for name in PATIENT_FIELDS if not isinstance(person.get(name), str | None)
    ]
    mistakes += [] if person.get("gender") in (None, "m", "f") else ["patient.gender: expected m or f"]
    if not mistakes and person.get("birth_date") and not is_date(str(person["birth_date"])):
        mistakes.append("patient.birth_date: expected a day such as 1980-02-29")
    if mistakes:
        raise invalid(*mistakes)
    told: JsonObject = {name: person.get(name) for name in PATIENT_FIELDS}
    return {**told, "surname": person.get("surname") or "", "is_returning": False}


def _presence(call: Call, presence: str) -> Answer:
    """Only once the visit has begun [doc]."""
    call.address()
    call.rules.marks.mark(_booking(call), presence, call.cause)
    return Answer(204)


def _booking(call: Call) -> Booking:
    """The booking of the path. One of another calendar is refused in the words that the operation documents."""
    found = call.state.bookings.get(call.params["booking_id"])
    if found is None:
        raise refuse("ObjectNotFound", 404)
    if found.address_id != call.params["address_id"]:
        if "BookingDoesNotBelongToAddress" in call.errors:
            raise refuse("BookingDoesNotBelongToAddress", 403)
        elsewhere = call.state.directory.address(found.address_id).doctor_id != call.params["doctor_id"]
        strange = elsewhere and "VisitDoesNotBelongToDoctor" in call.errors
        raise refuse("VisitDoesNotBelongToDoctor" if strange else "ObjectNotFound", 404)
    return found


def _target(call: Call, source: Address) -> Address:
    if call.body.get("address_id") is None:
        return source
    try:
        return call.state.directory.address(call.text("address_id"))
    except Refusal as missing:
        raise refuse("AddressDoesNotExist", 400) from missing


def _insurance(call: Call) -> JsonObject | None:
    """The insurance that the body names, as bookings show one; of the dictionary [assumed]."""
    if call.body.get("insurance_provider_id") is None:
        return None
    provider = call.state.directory.insurances.get(call.text("insurance_provider_id"))
    if provider is None:
        raise invalid("insurance_provider_id: there is no such provider")
    plan = None if call.body.get("insurance_plan_id") is None else call.text("insurance_plan_id")
    plans = dict(provider.plans)
    if plan is not None and plan not in plans:
        raise invalid("insurance_plan_id: the provider has no such plan")
    return {"id": provider.id, "name": provider.name, "plan": plans.get(plan or "", ""), "plan_id": plan or ""}


def _json(body: bytes) -> JsonObject:
    read: JsonObject = orjson.loads(body)
    return read


BOOKING_OPERATIONS: Mapping[str, Callable[[Call], Answer]] = {
    "bookSlot": book_slot,
    "getBookings": get_bookings,
    "getBooking": get_booking,
    "cancelBooking": cancel_booking,
    "moveBooking": move_booking,
    "confirmBooking": confirm_booking,
    "requestOpinion": request_opinion,
    "markPatientPresence": mark_presence,
    "markPatientAbsence": mark_absence,
    "pullNotification": pull_one,
    "pullMultipleNotification": pull_many,
    "releaseNotifications": release,
}

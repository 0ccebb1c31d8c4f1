"""The operations of the API on calendars: enabled or not, breaks, slots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import orjson

from harness.contract.catalogue import ERRORS
from harness.contract.json_value import JsonObject, JsonValue, array_of, object_of
from harness.contract.limits import MAX_SLOTS_RANGE_DAYS
from harness.sandbox.breaks import Break
from harness.sandbox.directory import Address
from harness.sandbox.forms import in_form
from harness.sandbox.http.wire import Answer, Call, instant, minutes_of
from harness.sandbox.payloads import items
from harness.sandbox.refusals import Refusal, invalid, refuse
from harness.sandbox.slots import Offer, Offered, Span, WorkPeriod

__all__ = ["CALENDAR_OPERATIONS"]

INSURANCE_WORDS = frozenset({"with-and-without-insurance", "without-insurance-only", "with-insurance-only"})


def get_calendar(call: Call) -> Answer:
    """Whether the calendar is enabled."""
    address = call.address()
    if not address.has_calendar:
        raise refuse("CalendarNotFound", 404)
    return Answer(200, {"status": "enabled" if address.calendar_enabled else "disabled"})


def enable_calendar(call: Call) -> Answer:
    """Open online booking."""
    call.rules.addresses.enable(call.editable())
    return Answer(200)


def disable_calendar(call: Call) -> Answer:
    """Close online booking."""
    call.rules.addresses.disable(call.editable())
    return Answer(200)


def get_breaks(call: Call) -> Answer:
    """Breaks that overlap a range."""
    address = _with_calendar(call.address())
    try:
        since, till = call.range("since", "till")
    except Refusal as refusal:
        raise Refusal(404, {**ERRORS["InvalidDate"].body(), "errors": refusal.body["errors"]}) from refusal
    found = call.state.breaks.overlapping(address.id, since, till)
    if call.state.behaviour_of(address.id).break_list_range == "starts_in":
        found = [one for one in found if since <= one.since < till]
    return Answer(200, items(call.state.payloads.calendar_break(one) for one in found))


def get_break(call: Call) -> Answer:
    """One break."""
    found = call.state.breaks.find(_with_calendar(call.address()).id, call.params["break_id"])
    return Answer(200, call.state.payloads.calendar_break(found))


def add_break(call: Call) -> Answer:
    """Block time, on coupled addresses too where asked."""
    address = call.editable()
    _need_commercial(address)
    since, till = _range_of_break(call)
    told = call.words("description")

    made = Break(call.state.ids.new(), address.id, since, till, told, "integration")
    added = call.rules.add_break(made, call.cause, coupled=call.body.get("apply_on_coupled_addresses") is True)
    if call.state.behaviour_of(address.id).break_enables:
        address.calendar_enabled = True
    path = f"/facilities/{address.facility_id}/doctors/{address.doctor_id}/addresses/{address.id}/breaks/{added.id}"
    return Answer(201, call.state.payloads.calendar_break(added), {"Location": f"{call.base_url}{path}"})


def move_break(call: Call) -> Answer:
    """Move blocked time."""
    found = call.state.breaks.find(_with_calendar(call.editable()).id, call.params["break_id"])
    since, till = _range_of_break(call)
    call.rules.move_break(found, since, till, call.cause)
    return Answer(204)


def delete_break(call: Call) -> Answer:
    """Free blocked time."""
    found = call.state.breaks.find(_with_calendar(call.editable()).id, call.params["break_id"])
    call.rules.remove_break(found, call.cause)
    return Answer(204)


def get_slots(call: Call) -> Answer:
    """Free slots, at most 180 days of them."""
    address = call.address()
    since, till = call.range()
    if till - since > timedelta(days=MAX_SLOTS_RANGE_DAYS):
        raise refuse("DateRangeExceedsMaximum", 400)
    state, extensions = call.state, call.extensions
    behaviour, with_services = state.behaviour_of(address.id), "slot.services" in extensions
    services: object = tuple(address.services)
    if with_services:
        services = {one.id: state.payloads.service(one) for one in address.services.values()}
    # as seconds: in a zone with summer time two instants of one wall clock are equal
    taken = tuple((one.timestamp(), other.timestamp()) for one, other in call.rules.taken(address, since, till))
    grounds = (state.calendar(address.id).readable, behaviour, taken, services)
    encoded = call.slot_lists.told(
        (address.id, since, till, extensions), grounds, lambda: _slots(call, address, (since, till), with_services)
    )
    return Answer(200, encoded=encoded)


def _slots(call: Call, address: Address, span: Span, with_services: bool) -> bytes:
    by_start: dict[datetime, list[Offer]] = {}
    for one in call.rules.free_slots(address, *span):
        by_start.setdefault(one.start, []).append(one)
    behaviour = call.state.behaviour_of(address.id)
    if not by_start and behaviour.empty_list == "not_found":
        raise refuse("NoSlotsOnAddress", 404)
    time, service = call.state.payloads.time, call.state.payloads.service
    slots: list[JsonObject] = []
    for start, offers in by_start.items():
        told: JsonObject = {"start": time(start)}
        if with_services:
            told["address_services"] = items(
                service(address.services[one.address_service_id]) | {"duration": one.duration} for one in offers
            )
        slots.append(told)
    return orjson.dumps(in_form(items(slots), behaviour))


def replace_slots(call: Call) -> Answer:
    """Override the slots of the ranges: 201 before they can be read [seen]."""
    address = call.editable()
    slots = call.body.get("slots")
    if not isinstance(slots, list):
        raise invalid("slots: expected a list")
    periods = [_period(call, address, place, one) for place, one in enumerate(slots)]
    for place, period in enumerate(periods):
        call.rules.check_period(address, place, period)
    call.rules.check_ranges(address, periods)
    _need_commercial(address)
    # the same payload is the same JSON, however it is written
    call.rules.replace(address, periods, orjson.dumps(call.body, option=orjson.OPT_SORT_KEYS))
    return Answer(201)


def delete_slots(call: Call) -> Answer:
    """Remove every slot of a day."""
    call.rules.clear(call.editable(), call.calendar_day())
    return Answer(204)


def _with_calendar(address: Address) -> Address:
    if not address.has_calendar:
        raise refuse("CalendarNotFoundForAddress", 404)
    return address


def _need_commercial(address: Address) -> None:
    if not address.is_commercial:
        raise refuse("NotCommercial", 422, ID=address.id)


def _range_of_break(call: Call) -> Span:
    if call.body.get("since") is None:
        raise refuse("SinceRequired", 400)
    if call.body.get("till") is None:
        raise refuse("TillRequired", 400)
    return instant(call.body["since"], "since"), instant(call.body["till"], "till")


def _period(call: Call, address: Address, place: int, value: JsonValue) -> WorkPeriod:
    slot = object_of(value)
    services = tuple(
        Offered(
            str(object_of(one).get("address_service_id")),
            minutes_of(object_of(one).get("duration"), f"slots[{place}].address_services.duration") or 0,
        )
        for one in array_of(slot.get("address_services"))
    )
    _check_insurance(address, place, slot)
    return WorkPeriod(
        start=instant(slot.get("start"), f"slots[{place}].start"),
        end=instant(slot.get("end"), f"slots[{place}].end"),
        services=services,
        accepted_at=call.state.clock.now(),
    )


def _check_insurance(address: Address, place: int, slot: Mapping[str, JsonValue]) -> None:
    """Source: behaviour.md, "Mapping": with insurance [doc]."""
    accepted = slot.get("insurance_accepted") or "with-and-without-insurance"
    if not isinstance(accepted, str) or accepted not in INSURANCE_WORDS:
        raise invalid(f"slots[{place}].insurance_accepted: expected one of {', '.join(sorted(INSURANCE_WORDS))}")
    providers = [str(one) for one in array_of(slot.get("insurance_providers"))]
    if accepted == "with-insurance-only" and not providers:
        raise refuse("InsuranceProvidersMissing", 400)
    if accepted == "without-insurance-only" and providers:
        raise refuse("InsuranceProvidersNotSupported", 400)
    if strange := [one for one in providers if one not in address.insurances]:
        raise refuse("InsuranceProviderDoesNotExist", 400, IDS=", ".join(strange), ID=address.id)


CALENDAR_OPERATIONS: Mapping[str, Callable[[Call], Answer]] = {
    "getCalendar": get_calendar,
    "enableCalendar": enable_calendar,
    "disableCalendar": disable_calendar,
    "getCalendarBreaks": get_breaks,
    "addCalendarBreak": add_break,
    "getCalendarBreak": get_break,
    "moveCalendarBreak": move_break,
    "deleteCalendarBreak": delete_break,
    "getSlots": get_slots,
    "replaceSlots": replace_slots,
    "deleteSlots": delete_slots,
}

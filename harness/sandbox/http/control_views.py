"""How the control API shows things, as its contract has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields, replace
from datetime import datetime

from harness.contract.json_value import JsonObject, JsonValue, object_of
from harness.sandbox.bookings import Booking
from harness.sandbox.breaks import Break
from harness.sandbox.clients import ApiClient, Limits
from harness.sandbox.directory import Address, AddressService, Directory, Facility
from harness.sandbox.faults import Fault
from harness.sandbox.notifications import Notification
from harness.sandbox.profiles import Behaviour
from harness.sandbox.slots import WorkPeriod

__all__ = [
    "behaviour_json",
    "break_json",
    "calendar_json",
    "client_json",
    "clinic_json",
    "fault_json",
    "notification_json",
    "service_json",
    "settings_of_client",
    "visit_json",
    "work_period_json",
]

Time = Callable[[datetime], str]
CLIENT_SETTINGS = (
    "name",
    "delivery",
    "callback_url",
    "callback_api_key",
    "callback_api_key_header",
    "realtime",
    "docplanner_pms",
)


def behaviour_json(behaviour: Behaviour) -> JsonObject:
    """The settings, and which of them are not those of the named set."""
    told = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(behaviour).items()}
    return {**told, "differs": list(behaviour.differs)}


def clinic_json(facility: Facility, directory: Directory) -> JsonObject:
    """A clinic with everything below it."""
    doctors: list[JsonValue] = [
        {
            "doctor_id": doctor.id,
            "name": doctor.name,
            "surname": doctor.surname,
            "calendars": [calendar_json(address, directory) for address in doctor.addresses.values()],
        }
        for doctor in facility.doctors.values()
    ]
    granted: list[JsonValue] = [*sorted(facility.granted_to)]
    return {
        "facility_id": facility.id,
        "name": facility.name,
        "kind": facility.kind,
        "granted_to": granted,
        "doctors": doctors,
    }


def calendar_json(address: Address, directory: Directory) -> JsonObject:
    """A calendar, with what holds for its address."""
    kept = "enabled" if address.calendar_enabled else "disabled"
    return {
        "address_id": address.id,
        "name": address.name,
        "online_only": address.online_only,
        "services": [service_json(one) for one in address.services.values()],
        "insurances": [
            {"id": one, "name": directory.insurances[one].name, "plan_ids": list(plans)}
            for one, plans in address.insurances.items()
        ],
        "profile": {
            "calendar": kept if address.has_calendar else "missing",
            "commercial_type": address.commercial_type,
            "active": address.active,
            "integrated": address.integrated,
            "payment_account": address.payment_account,
            "insurance_support": address.insurance_support,
            "booking_extra_fields": [*sorted(address.extra_fields)],
        },
    }


def service_json(service: AddressService) -> JsonObject:
    """An address service."""
    return {
        "id": service.id,
        "service_id": service.service_id,
        "name": service.custom_name or service.name,
        "duration": service.duration,
        "price": service.price,
    }


def client_json(client: ApiClient) -> JsonObject:
    """An API client without its secrets."""
    return {
        "client_id": client.id,
        "name": client.name,
        "delivery": client.delivery,
        "callback_url": client.callback_url,
        "callback_api_key_header": client.callback_api_key_header,
        "realtime": client.realtime,
        "docplanner_pms": client.docplanner_pms,
        "limits": asdict(client.limits),
    }


def settings_of_client(client: ApiClient, values: JsonObject) -> None:
    """Change what is named."""
    for name in CLIENT_SETTINGS:
        if name in values:
            setattr(client, name, values[name])
    limits = object_of(values.get("limits"))
    known = {one.name for one in fields(Limits)}
    if limits:
        client.limit(replace(client.limits, **{name: value for name, value in limits.items() if name in known}))  # type: ignore[arg-type]


def work_period_json(period: WorkPeriod, time: Time) -> JsonObject:
    """A work period as it was accepted."""
    return {
        "start": time(period.start),
        "end": time(period.end),
        "services": [
            {"address_service_id": one.address_service_id, "duration": one.duration} for one in period.services
        ],
        "accepted_at": period.accepted_at.isoformat(),
    }


def visit_json(booking: Booking, time: Time) -> JsonObject:
    """A visit."""
    return {
        "booking_id": booking.id,
        "status": booking.status,
        "start": time(booking.start),
        "end": time(booking.end),
        "duration": booking.minutes,
        "address_service_id": booking.address_service_id,
        "patient": booking.patient,
        "booked_by": booking.booked_by,
        "canceled_by": booking.canceled_by,
        "confirmed": booking.confirmed,
        "presence": booking.presence,
        "payment_status": booking.payment_status,
        "insurance": booking.insurance,
        "moved_from": booking.moved_from,
        "moved_to": booking.moved_to,
        "comment": booking.comment,
    }


def break_json(found: Break, time: Time) -> JsonObject:
    """A break."""
    return {
        "break_id": found.id,
        "since": time(found.since),
        "till": time(found.till),
        "description": found.description,
        "made_by": found.made_by,
    }


def notification_json(notification: Notification, time: Time) -> JsonObject:
    """A notification with its tries."""
    tries: list[JsonValue] = [
        {
            "at": one.at.isoformat(),
            "channel": one.channel,
            "status": one.status,
            "took_ms": one.took_ms or 0.0,
            "error": one.error,
        }
        for one in notification.tries
    ]
    return {
        "notification_id": notification.id,
        "client_id": notification.client_id,
        "name": notification.name,
        "address_id": notification.address_id,
        "created_at": time(notification.created_at),
        "state": notification.state,
        "tries": tries,
        "data": notification.data,
    }


def fault_json(fault: Fault) -> JsonObject:
    """Trouble that is armed."""
    return {
        "fault_id": fault.id,
        "address_id": fault.address_id,
        "client_id": fault.client_id,
        "booking_id": fault.booking_id,
        "delay_s": fault.delay_s,
        "target": fault.target,
        "operation": fault.operation,
        "effect": fault.effect,
        "when": fault.when,
        "status": fault.status,
        "count": fault.left + fault.fired,
        "left": fault.left,
        "fired": fault.fired,
    }

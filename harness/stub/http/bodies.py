"""Bodies of the partner control contract, read and written."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec

from harness.client.models import Person
from harness.client.reading import write_person
from harness.contract.marketplaces import MARKETPLACES
from harness.stub.blocks import Block
from harness.stub.engine import Activity
from harness.stub.link import Link
from harness.stub.mapping import MappedRow
from harness.stub.offers import Offer, Offered
from harness.stub.schedules import Period
from harness.stub.visits import Visit

__all__ = [
    "ActiveBody",
    "ClockBody",
    "ConnectionBody",
    "MoveBody",
    "NewAppointmentBody",
    "NewBreakBody",
    "OfferBody",
    "PersonBody",
    "PresenceBody",
    "ScheduleBody",
    "SyncBody",
    "activity_out",
    "appointment_out",
    "break_out",
    "mapping_out",
    "offer_out",
    "period_out",
]

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A date-time with an offset: one without is refused."""
Minutes = Annotated[int, msgspec.Meta(gt=0, le=24 * 60)]
"""Of a visit, or of a service: no longer than a day."""
Text = Annotated[str, msgspec.Meta(min_length=1)]


class ConnectionBody(msgspec.Struct):
    """Where Docplanner is."""

    api_base_url: Text
    token_url: Text
    client_id: Text
    client_secret: str
    delivery: Annotated[str, msgspec.Meta(pattern="^(push|pull|both)$")]
    callback_api_key: str | None = None
    callback_api_key_header: str | None = None
    marketplace: str | None = None
    time_zone: str | None = None

    def zone(self) -> str:
        """The marketplace's zone, by its own name or by the marketplace's."""
        known = MARKETPLACES.get(self.marketplace or "")
        return self.time_zone or (known.time_zone if known else "UTC")

    def values(self) -> dict[str, object]:
        """As a tenant is stored."""
        return {
            "api_base_url": self.api_base_url,
            "token_url": self.token_url,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "delivery": self.delivery,
            "time_zone": self.zone(),
            "callback_api_key": self.callback_api_key,
            "callback_api_key_header": self.callback_api_key_header or "X-Api-Key",
        }


class SyncBody(msgspec.Struct):
    """Which calendars; None for all."""

    address_ids: list[str] | None = None


class ActiveBody(msgspec.Struct):
    """Whether the integration works."""

    active: bool


class ClockBody(msgspec.Struct):
    """What time it is."""

    now: Moment


class OfferedBody(msgspec.Struct):
    """A service that is offered."""

    service_id: str
    duration: Annotated[int, msgspec.Meta(ge=0, le=24 * 60)]
    address_service_id: str | None = None
    price: Annotated[float, msgspec.Meta(ge=0, le=1e9)] | None = None


class OfferBody(msgspec.Struct):
    """What the clinic offers at an address."""

    services: list[OfferedBody]
    insurance_provider_ids: list[str]

    def offer(self) -> Offer:
        """As it is stored."""
        services = tuple(Offered(one.service_id, one.duration, one.price) for one in self.services)
        return Offer(services, tuple(self.insurance_provider_ids))


class ServiceBody(msgspec.Struct):
    """A service within a period."""

    address_service_id: str
    duration: Minutes


class PeriodBody(msgspec.Struct):
    """Working time."""

    start: Moment
    end: Moment
    services: list[ServiceBody]
    insurance_accepted: str | None = None
    insurance_provider_ids: list[str] | None = None

    def period(self) -> Period:
        """As it is stored."""
        providers = self.insurance_provider_ids
        return Period(
            self.start,
            self.end,
            tuple((one.address_service_id, one.duration) for one in self.services),
            self.insurance_accepted,
            None if providers is None else tuple(providers),
        )


class ScheduleBody(msgspec.Struct):
    """Days and their periods."""

    days: list[date]
    periods: list[PeriodBody]


class PersonBody(msgspec.Struct):
    """A patient."""

    name: Text
    phone: str
    surname: str = ""
    email: str | None = None
    birth_date: date | None = None
    nin: str | None = None
    gender: str | None = None

    def person(self) -> Person:
        """As it is stored."""
        return Person(self.name, self.phone, self.surname, self.email, self.birth_date, self.nin, self.gender)


class NewAppointmentBody(msgspec.Struct):
    """A visit that staff book."""

    start: Moment
    duration: Minutes
    address_service_id: str
    patient: PersonBody
    comment: str | None = None


class MoveBody(msgspec.Struct):
    """Where a visit goes."""

    start: Moment
    duration: Minutes | None = None
    address_service_id: str | None = None
    address_id: str | None = None


class PresenceBody(msgspec.Struct):
    """Whether the patient came."""

    presence: Annotated[str, msgspec.Meta(pattern="^(present|absent)$")]


class NewBreakBody(msgspec.Struct):
    """Time to block."""

    since: Moment
    till: Moment
    description: str | None = None


def activity_out(activity: Activity) -> dict[str, object]:
    """What is under way."""
    last = activity.last_sync
    told: dict[str, object] = {
        "outgoing": activity.outgoing,
        "incoming": activity.incoming,
        "syncing": activity.syncing,
        "last_sync": None,
    }
    if last:
        finished = last.finished_at.isoformat() if last.finished_at else None
        told["last_sync"] = {"started_at": last.started_at.isoformat(), "finished_at": finished, "error": last.error}
    return told


def mapping_out(row: MappedRow) -> dict[str, object]:
    """One thing and its counterpart."""
    return {
        "kind": row.kind,
        "docplanner_id": row.docplanner_id,
        "parent_id": row.parent_id or None,
        "partner_id": row.partner_id,
        "name": row.name,
        "status": "gone" if row.gone else "mapped",
    }


def offer_out(offer: Offer) -> dict[str, object]:
    """What the clinic offers."""
    services = [
        {
            "service_id": one.service_id,
            "address_service_id": one.address_service_id,
            "duration": one.minutes,
            "price": one.price,
        }
        for one in offer.services
    ]
    return {"services": services, "insurance_provider_ids": list(offer.insurance_provider_ids)}


def period_out(link: Link, period: Period) -> dict[str, object]:
    """Working time."""
    providers = period.insurance_provider_ids
    return {
        "start": _at(link, period.start),
        "end": _at(link, period.end),
        "services": [{"address_service_id": service, "duration": minutes} for service, minutes in period.services],
        "insurance_accepted": period.insurance_accepted,
        "insurance_provider_ids": None if providers is None else list(providers),
    }


def appointment_out(link: Link, visit: Visit) -> dict[str, object]:
    """A visit as the clinic holds it."""
    return {
        "id": visit.id,
        "docplanner_booking_id": visit.booking_id,
        "address_id": visit.address_id,
        "start": _at(link, visit.start),
        "end": _at(link, visit.end),
        "address_service_id": visit.address_service_id,
        "patient": write_person(visit.patient),
        "comment": visit.comment,
        "status": visit.status,
        "confirmed": visit.confirmed,
        "presence": visit.presence,
        "origin": visit.origin,
        "sync": {"state": visit.sync_state, "message": visit.sync_message},
    }


def break_out(link: Link, block: Block) -> dict[str, object]:
    """Blocked time."""
    return {
        "id": block.id,
        "docplanner_break_id": block.break_id,
        "since": _at(link, block.since),
        "till": _at(link, block.till),
        "description": block.description,
        "origin": block.origin,
    }


def _at(link: Link, at: datetime) -> str:
    return link.local(at).isoformat(timespec="seconds" if not at.microsecond else "auto")

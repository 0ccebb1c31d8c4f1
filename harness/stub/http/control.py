"""The partner control contract: what a run asks of this system. Source: harness/contract/partner-control.yaml."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from harness.stub import mapping
from harness.stub.http import bodies
from harness.stub.http.lacking import CAPABILITIES, unsupported
from harness.stub.importing import Upstream
from harness.stub.link import Link
from harness.stub.refusals import Refusal, invalid, upstream
from harness.stub.settings import NAME, VERSION
from harness.stub.staff import breaks, offer, schedule, visits
from harness.stub.system import ClinicSystem

__all__ = ["ROUTES", "Answer", "Asked", "Handle"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body; None for no body."""

    status: int
    body: object = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of the control contract."""

    system: ClinicSystem
    callback_url: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    content: bytes

    @property
    def link(self) -> Link:
        """The connection that is in force."""
        return self.system.engine.link

    @property
    def address_id(self) -> str:
        """The calendar that is meant."""
        return self.path["address_id"]

    def body(self, kind: type[T]) -> T:
        """The body.

        Raises:
            Refusal: it makes no sense.
        """
        try:
            return msgspec.json.decode(self.content or b"{}", type=kind)
        except msgspec.ValidationError as error:
            raise invalid(f"the body makes no sense: {error}") from error
        except msgspec.DecodeError as error:
            raise Refusal(400, "invalid", f"the body is no JSON: {error}") from error

    def range(self) -> tuple[datetime, datetime]:
        """The query's range.

        Raises:
            Refusal: a bound is missing, or lacks its offset.
        """
        bounds = []
        for name in ("from", "to"):
            try:
                bound = datetime.fromisoformat(self.query.get(name, ""))
            except ValueError as error:
                raise invalid(f"the query parameter {name} is missing or no date-time") from error
            if bound.tzinfo is None:
                raise invalid(f"the query parameter {name} lacks its offset")
            bounds.append(bound)
        return bounds[0], bounds[1]


Handle = Callable[[Asked], Answer]
DONE = Answer(204)


def health(asked: Asked) -> Answer:
    """Who the system is and what it can do."""
    settings = asked.system.settings
    timing: dict[str, float] = {
        "pull_interval_s": settings.pull_interval_s,
        "http_timeout_s": settings.http_timeout_s,
    }
    if settings.compare_interval_s:
        timing["compare_interval_s"] = settings.compare_interval_s
    return Answer(
        200,
        {
            "status": "ok",
            "system": {"name": NAME, "version": VERSION},
            "callback_url": None if "push" in settings.without else asked.callback_url,
            "capabilities": [one for one in CAPABILITIES if one not in {*settings.without, *settings.undeclared}],
            "timing": timing,
            "limits": {"grid_minutes": 1, "services_per_period": True, "overnight": False},
        },
    )


def reset(asked: Asked) -> Answer:
    """Forget what earlier runs left."""
    asked.system.reset()
    return DONE


def connect(asked: Asked) -> Answer:
    """Docplanner is there."""
    body = asked.body(bodies.ConnectionBody)
    try:
        ZoneInfo(body.zone())
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise invalid(f"there is no time zone {body.zone()!r}") from error
    asked.system.connect(body.values())
    return DONE


def import_mapping(asked: Asked) -> Answer:
    """Read and map everything."""
    try:
        return Answer(200, {"imported": asked.system.working.import_mapping()})
    except Upstream as trouble:
        raise upstream(str(trouble)) from trouble


def get_mapping(asked: Asked) -> Answer:
    """What is mapped now."""
    link = asked.link
    with link.database.reading() as connection:
        found = mapping.rows(connection, link.tenant.id)
    return Answer(200, {"items": [bodies.mapping_out(row) for row in found]})


def sync(asked: Asked) -> Answer:
    """Compare and make equal."""
    try:
        asked.system.working.sync(asked.body(bodies.SyncBody).address_ids)
    except Upstream as trouble:
        raise upstream(str(trouble)) from trouble
    return Answer(202)


def pull(asked: Asked) -> Answer:
    """Fetch the notifications that wait."""
    try:
        asked.system.working.pull()
    except Upstream as trouble:
        raise upstream(str(trouble)) from trouble
    return Answer(202)


def get_activity(asked: Asked) -> Answer:
    """What is under way."""
    return Answer(200, bodies.activity_out(asked.system.engine.activity()))


def set_integration(asked: Asked) -> Answer:
    """Switch the integration off or on."""
    asked.system.set_active(asked.body(bodies.ActiveBody).active)
    return DONE


def set_clock(asked: Asked) -> Answer:
    """It is another time."""
    asked.system.set_clock(asked.body(bodies.ClockBody).now)
    return DONE


def get_offer(asked: Asked) -> Answer:
    """What the clinic offers there."""
    return Answer(200, bodies.offer_out(offer.held(asked.link, asked.address_id)))


def set_offer(asked: Asked) -> Answer:
    """Staff decide what the clinic offers there."""
    offer.decide(asked.link, asked.address_id, asked.body(bodies.OfferBody).offer())
    return DONE


def get_schedule(asked: Asked) -> Answer:
    """Working time."""
    found = schedule.listed(asked.link, asked.address_id, *asked.range())
    return Answer(200, {"periods": [bodies.period_out(asked.link, one) for one in found]})


def set_schedule(asked: Asked) -> Answer:
    """Staff enter working time."""
    body = asked.body(bodies.ScheduleBody)
    schedule.set_days(asked.link, asked.address_id, body.days, [one.period() for one in body.periods])
    return DONE


def get_appointments(asked: Asked) -> Answer:
    """Visits of the calendar."""
    found = visits.listed(asked.link, asked.address_id, *asked.range())
    return Answer(200, {"items": [bodies.appointment_out(asked.link, one) for one in found]})


def add_appointment(asked: Asked) -> Answer:
    """Staff book."""
    body = asked.body(bodies.NewAppointmentBody)
    visit = visits.book(
        asked.link,
        asked.address_id,
        start=body.start,
        minutes=body.duration,
        address_service_id=body.address_service_id,
        patient=body.patient.person(),
        comment=body.comment,
    )
    return Answer(201, bodies.appointment_out(asked.link, visit))


def get_appointment(asked: Asked) -> Answer:
    """One visit."""
    visit = visits.one(asked.link, asked.address_id, asked.path["appointment_id"])
    return Answer(200, bodies.appointment_out(asked.link, visit))


def cancel_appointment(asked: Asked) -> Answer:
    """Staff cancel."""
    visits.cancel(asked.link, asked.address_id, asked.path["appointment_id"])
    return DONE


def move_appointment(asked: Asked) -> Answer:
    """Staff move."""
    body = asked.body(bodies.MoveBody)
    stays = body.address_id in {None, asked.address_id}
    if not stays and "move_across_addresses" in asked.system.settings.without:
        raise unsupported("move_across_addresses")
    visit = visits.move(
        asked.link,
        asked.address_id,
        asked.path["appointment_id"],
        start=body.start,
        minutes=body.duration,
        address_service_id=body.address_service_id,
        to_address_id=body.address_id,
    )
    return Answer(200, bodies.appointment_out(asked.link, visit))


def confirm_appointment(asked: Asked) -> Answer:
    """Staff confirm."""
    visits.confirm(asked.link, asked.address_id, asked.path["appointment_id"])
    return DONE


def mark_presence(asked: Asked) -> Answer:
    """Staff mark who came."""
    presence = asked.body(bodies.PresenceBody).presence
    visits.mark(asked.link, asked.address_id, asked.path["appointment_id"], presence)
    return DONE


def get_breaks(asked: Asked) -> Answer:
    """Blocked time."""
    found = breaks.listed(asked.link, asked.address_id, *asked.range())
    return Answer(200, {"items": [bodies.break_out(asked.link, one) for one in found]})


def add_break(asked: Asked) -> Answer:
    """Staff block time."""
    body = asked.body(bodies.NewBreakBody)
    block = breaks.add(asked.link, asked.address_id, body.since, body.till, body.description)
    return Answer(201, bodies.break_out(asked.link, block))


def move_break(asked: Asked) -> Answer:
    """Staff move blocked time."""
    body = asked.body(bodies.NewBreakBody)
    breaks.move(asked.link, asked.address_id, asked.path["break_id"], body.since, body.till)
    return DONE


def remove_break(asked: Asked) -> Answer:
    """Staff free blocked time."""
    breaks.remove(asked.link, asked.address_id, asked.path["break_id"])
    return DONE


CALENDAR = "/calendars/{address_id}"
APPOINTMENT = f"{CALENDAR}/appointments/{{appointment_id}}"

ROUTES: Mapping[str, Mapping[str, Handle]] = {
    "/health": {"GET": health},
    "/reset": {"POST": reset},
    "/connection": {"PUT": connect},
    "/mapping/import": {"POST": import_mapping},
    "/mapping": {"GET": get_mapping},
    "/sync": {"POST": sync},
    "/pull": {"POST": pull},
    "/activity": {"GET": get_activity},
    "/integration": {"PUT": set_integration},
    "/clock": {"PUT": set_clock},
    f"{CALENDAR}/offer": {"GET": get_offer, "PUT": set_offer},
    f"{CALENDAR}/schedule": {"GET": get_schedule, "PUT": set_schedule},
    f"{CALENDAR}/appointments": {"GET": get_appointments, "POST": add_appointment},
    APPOINTMENT: {"GET": get_appointment, "DELETE": cancel_appointment},
    f"{APPOINTMENT}/move": {"POST": move_appointment},
    f"{APPOINTMENT}/confirm": {"POST": confirm_appointment},
    f"{APPOINTMENT}/presence": {"PUT": mark_presence},
    f"{CALENDAR}/breaks": {"GET": get_breaks, "POST": add_break},
    f"{CALENDAR}/breaks/{{break_id}}": {"PATCH": move_break, "DELETE": remove_break},
}
"""Paths of the contract, and who answers each of their methods."""

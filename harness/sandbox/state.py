"""Everything that the sandbox knows, in one place that can be reset; and what is told to whom."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson

from harness.clock import Clock
from harness.contract.json_value import JsonObject
from harness.contract.marketplaces import MARKETPLACES
from harness.sandbox.bookings import Bookings
from harness.sandbox.breaks import Breaks
from harness.sandbox.clients import ApiClient
from harness.sandbox.directory import Address, Directory, Facility, Ids
from harness.sandbox.estate import Estate
from harness.sandbox.faults import LATE, Fault, Faults
from harness.sandbox.forms import in_form
from harness.sandbox.kept import Kept
from harness.sandbox.notifications import BURIED, DROPPED, HELD, PUSHING, Mailbox, Notification
from harness.sandbox.opinions import Opinions
from harness.sandbox.payloads import Payloads
from harness.sandbox.profiles import PROFILES, Behaviour
from harness.sandbox.settings import SandboxSettings
from harness.sandbox.slots import Timetable

__all__ = ["CalendarState", "Cause", "Pending", "SlotsWrite", "State"]


FOR_PMS = frozenset({"address-assigned", "address-unassigned"})
"""Events that DocplannerPMS clients alone are told."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What led to something: the scenario and the journal line of an act, and the API client that called, if any."""

    scenario: str | None = None
    line: int | None = None
    client_id: str | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A change of a timetable that was accepted and cannot be read yet."""

    readable_at: datetime
    timetable: Timetable


@dataclass(frozen=True, slots=True)
class SlotsWrite:
    """A replaceSlots that was accepted: by what its payload is known again, and when."""

    digest: bytes
    accepted_at: datetime
    readable_at: datetime
    """Until then it is in work."""


@dataclass(slots=True)
class CalendarState:
    """One calendar: what was accepted, what can be read, and which slots writes came lately."""

    accepted: Timetable = field(default_factory=Timetable)
    readable: Timetable = field(default_factory=Timetable)
    pending: list[Pending] = field(default_factory=list)
    recent_writes: list[SlotsWrite] = field(default_factory=list)
    """Those that the same payload would repeat, the newest last."""
    behaviour: Behaviour | None = None
    """None where the calendar has no settings of its own."""
    scenario: str | None = None


class State:
    """The sandbox's memory. ``push`` is called for each delivery by PUSH that is due, ``alarm`` for what is later."""

    def __init__(self, settings: SandboxSettings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.marketplace = MARKETPLACES[settings.marketplace]
        self.zone = self.marketplace.zone
        self.behaviour = _begun(settings)
        self.ids = Ids(settings.id_base, _gaps(settings))
        self.clients: Kept[ApiClient] = Kept()
        self.push: Callable[[Notification], None] = lambda _: None
        self.fault_fired: Callable[[Fault, str, str | None], None] = lambda _fault, _operation, _address_id: None
        self.alarm: Callable[[datetime, Callable[[], None]], None] = lambda _due, _do: None
        self.commit: Callable[[], None] = lambda: None
        """Everything that has changed is kept when this returns."""
        self.leased: set[str] = set()
        self.leases = 0
        self.first_client = self.add_client("partner")
        self._fill()

    def _fill(self) -> None:
        self.directory = Directory()
        self.bookings = Bookings()
        self.breaks = Breaks()
        self.opinions = Opinions()
        self.mailbox = Mailbox()
        self.faults = Faults()
        self.calendars: Kept[CalendarState] = Kept()
        self.payloads = Payloads(self.directory, self.zone, self.settings.marketplace)
        seed = f"{self.settings.seed}/{self.settings.id_base}"
        self.estate = Estate(self.directory, self.ids, locale=self.marketplace.locale, seed=seed)
        granted = {self.first_client.id}
        for kind, count in (("ordinary", self.settings.clinics), ("lookalike", self.settings.lookalike_clinics)):
            for _ in range(count):
                self.estate.add(kind, set(granted))
        for _ in range(self.settings.ungranted_clinics):
            self.estate.add("ordinary", set())

    def take(
        self,
        directory: Directory,
        bookings: Bookings,
        opinions: Opinions,
        breaks: Breaks,
        mailbox: Mailbox,
        faults: Faults,
        calendars: Kept[CalendarState],
    ) -> None:
        """Know these in place of all that was known before; what is invented from now on is new to them."""
        self.directory, self.bookings, self.breaks = directory, bookings, breaks
        self.opinions = opinions
        self.mailbox, self.faults, self.calendars = mailbox, faults, calendars
        self.payloads = Payloads(directory, self.zone, self.settings.marketplace)
        seed = f"{self.settings.seed}/{self.settings.id_base}/{self.ids.last}"
        self.estate = Estate(Directory(), self.ids, locale=self.marketplace.locale, seed=seed)
        self.estate.go_on_in(directory)

    def reset(self) -> None:
        """Forget everything but the API clients; ids go on. Settings are those of the start again."""
        self.leased.clear()
        self.behaviour = _begun(self.settings)
        self._fill()

    def add_client(self, name: str) -> ApiClient:
        """A new API client with credentials of its own."""
        client = ApiClient(f"{self.ids.new()}_{secrets.token_hex(8)}", secrets.token_urlsafe(32), name)
        self.clients[client.id] = client
        return client

    def calendar(self, address_id: str) -> CalendarState:
        """The calendar's state; changes that are due can be read from now on."""
        calendar = self.calendars.setdefault(address_id, CalendarState())
        now = self.clock.now()
        while calendar.pending and calendar.pending[0].readable_at <= now:
            calendar.readable = calendar.pending.pop(0).timetable
        return calendar

    def behaviour_of(self, address_id: str | None) -> Behaviour:
        """What holds for the calendar."""
        own = self.calendars.peek(address_id or "")
        return own.behaviour if own and own.behaviour else self.behaviour

    def scenario_of(self, address_id: str | None) -> str | None:
        """The scenario to which the calendar's traffic belongs."""
        own = self.calendars.peek(address_id or "")
        return own.scenario if own else None

    def assign(self, facility: Facility, scenario: str) -> None:
        """The clinic's calendars belong to the scenario from now on."""
        for doctor in facility.doctors.values():
            for address_id in doctor.addresses:
                self.calendar(address_id).scenario = scenario

    # -- news -----------------------------------------------------------------------------------------------------

    def announce(self, name: str, address: Address, data: JsonObject, cause: Cause) -> None:
        """Tell every API client that may see the clinic; one that acted itself only where echoes are on [open].

        Of an address that is no longer integrated nothing is told [assumed]; some events are for DocplannerPMS clients
        alone [doc].
        """
        if not address.integrated:
            return
        for client_id in sorted(self.directory.facility_of(address).granted_to):
            client = self.clients.get(client_id)
            if client is None or (name in FOR_PMS and not client.docplanner_pms):
                continue
            if client_id == cause.client_id and not self.behaviour_of(address.id).echo_own_actions:
                continue
            self._send(client, self.notification(client, name, address, data, cause))

    def notification(
        self, client: ApiClient, name: str, address: Address | None, data: JsonObject, cause: Cause
    ) -> Notification:
        """A notification for one API client, not sent yet."""
        now = self.clock.now()
        address_id = address.id if address else None
        return Notification(
            id=self.ids.new(),
            client_id=client.id,
            name=name,
            address_id=address_id,
            data=data,
            created_at=now,
            body=self._body(name, address_id, data, now),
            cause=cause.line,
            scenario=cause.scenario or self.scenario_of(address_id),
        )

    def renew(self, notification: Notification) -> None:
        """It is handed over once more: the body stays, ``created_at`` included, or has a new one [assumed]."""
        behaviour = self.behaviour_of(notification.address_id)
        if notification.tries and behaviour.redelivery_created_at == "renewed":
            now = self.clock.now()
            notification.body = self._body(notification.name, notification.address_id, notification.data, now)

    def _body(self, name: str, address_id: str | None, data: JsonObject, now: datetime) -> bytes:
        told = in_form(data, self.behaviour_of(address_id))
        return orjson.dumps({"name": name, "data": told, "created_at": self.payloads.time(now)})

    def _send(self, client: ApiClient, notification: Notification) -> None:
        self.mailbox.keep(notification)
        fault = self.faults.fire(notification.address_id, client.id, "message", notification.name)
        if fault is not None:
            self.fault_fired(fault, notification.name, notification.address_id)
        if fault is None:
            self.deliver(client, notification)
        elif fault.effect == "duplicate":
            self.deliver(client, notification)
            self.deliver(client, notification)
        elif fault.effect in LATE:
            notification.state = HELD
            fault.held.append(notification.id)
            if fault.effect == "delay":
                self.wake_for(fault, notification.id)
            elif fault.effect == "reorder" and fault.left == 0:
                self.send_held(fault, fault.held[::-1])
        else:
            notification.state = DROPPED

    def deliver(self, client: ApiClient, notification: Notification, channel: str | None = None) -> None:
        """Hand it over by the client's own channels, or by the one named."""
        self.mailbox.note(notification)
        if channel == "push" or (channel is None and client.pushes):
            if client.callback_url:
                notification.state = PUSHING
                notification.pushing += 1
                self.push(notification)
            else:
                # nowhere to push to: it waits for releaseNotifications
                notification.state = BURIED
        if channel == "pull" or (channel is None and client.pulls):
            self.renew(notification)
            self.mailbox.enqueue(notification, self.clock.now())

    def end_fault(self, fault: Fault) -> None:
        """What the fault held goes out now, in the order in which it was made."""
        self.send_held(fault, list(fault.held))

    def send_held(self, fault: Fault, ids: Sequence[str]) -> None:
        """These messages go out now, in this order."""
        for notification_id in ids:
            fault.held.remove(notification_id)
            notification = self.mailbox.get(notification_id)
            if notification is not None:
                self.deliver(self.clients[notification.client_id], notification)

    def wake_for(self, fault: Fault, notification_id: str) -> None:
        """The message that the fault delays goes out in time."""
        notification = self.mailbox.get(notification_id)
        if notification is not None:
            self.alarm(notification.created_at + timedelta(seconds=fault.delay_s), self.send_delayed)

    def send_delayed(self) -> None:
        """Messages whose delay has passed go out now, in the order in which they were made."""
        now = self.clock.now()
        for fault in (one for one in self.faults.every() if one.effect == "delay"):
            late = timedelta(seconds=fault.delay_s)
            found = [self.mailbox.get(one) for one in fault.held]
            self.send_held(fault, [one.id for one in found if one is not None and one.created_at + late <= now])

    def in_weeks(self, weeks: int) -> datetime:
        """That far ahead."""
        return self.clock.now() + timedelta(weeks=weeks)


def _begun(settings: SandboxSettings) -> Behaviour:
    own = {} if settings.slots_delay_s is None else {"slots_delay_s": settings.slots_delay_s}
    return PROFILES[settings.profile].changed({**settings.changed, **own})


def _gaps(settings: SandboxSettings) -> Iterator[int]:
    chance = random.Random(f"{settings.seed}/ids")  # noqa: S311 - repeatable on purpose
    while True:
        yield chance.randint(1, 3)

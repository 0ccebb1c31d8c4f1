"""A partner system that a person operates: every act is a task, every look a question. No control contract is needed.

What staff did and what Docplanner shows is put to the person as a short table; what counts is what they say they see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NoReturn
from zoneinfo import ZoneInfo

import msgspec

from harness.clock import Clock
from harness.errors import PartnerRefused, Unsupported
from harness.operator.asking import have_done
from harness.operator.places import Places
from harness.operator.port import Operator, Said, Task, Who
from harness.partner.manual_looks import Looks
from harness.partner.manual_memory import Memory, Told
from harness.partner.manual_words import Words, card, facts_of, period_facts, range_facts, who
from harness.partner.port import (
    Activity,
    Appointment,
    Connection,
    Health,
    MappingRow,
    PartnerBreak,
    PeriodHeld,
    Person,
    ServiceHeld,
)
from harness.vocabulary import AddressId, Patient, Period, Service

__all__ = ["ManualPartner"]

CONFLICT, CANNOT_HOLD = 409, 422
AROUND = timedelta(days=1), timedelta(days=100)
"""How far back and ahead a visit of Docplanner's is looked for that staff are to change."""


class ManualPartner:
    """The partner system with a person at it.

    ``health`` says what the person told of it; a capability that it lacks is refused as the control contract has it,
    and nobody is asked. ``ripe`` waits until a look is worth a person's while. What a person skips or cannot tell is
    raised as :class:`~harness.errors.PersonError`.
    """

    asks_a_person = True

    def __init__(
        self,
        health: Health,
        operator: Operator,
        *,
        places: Places,
        told: Told,
        zone: ZoneInfo,
        clock: Clock,
        ripe: Callable[[], None] = lambda: None,
    ) -> None:
        self._health = health
        self._operator = operator
        self._places = places
        self._told = told
        self._zone = zone
        self._clock = clock
        self._words = Words(places, zone)
        self._memory = Memory()
        self._looks = Looks(operator, places, told, self._memory, zone, ripe)
        self._made = 0

    # -- the system as a whole ------------------------------------------------------------------------------------

    def health(self) -> Health:
        """What the person told of the system."""
        return self._health

    def reset(self) -> None:
        """Forget what earlier runs left behind."""
        self._need("reset")
        self._do("reset", "Let the system forget the appointments, breaks and mappings of earlier runs.")

    def set_clock(self, now: datetime) -> None:
        """It is ``now``, and time goes on from there."""
        self._need("clock")
        told = f"Set the clock of the system to {self._words.at(now)} ({self._zone.key})."
        self._do("set_clock", told, {"now": now.isoformat()})

    def connect(self, connection: Connection) -> None:
        """Where Docplanner is from now on. The task shows the secrets: it is for the terminal, and for no journal."""
        rows = {
            "API base address": connection.api_base_url,
            "token address": connection.token_url,
            "client id": connection.client_id,
            "client secret": connection.client_secret,
            "delivery": connection.delivery,
            "marketplace": f"{connection.marketplace} ({connection.time_zone})",
        }
        if connection.callback_api_key:
            key = f"{connection.callback_api_key_header}: {connection.callback_api_key}"
            rows["notifications carry"] = key
        shown = "\n".join(f"    {name:<20} {value}" for name, value in rows.items())
        names = connection.__dataclass_fields__
        self._do(
            "connect",
            f"Connect the system to Docplanner:\n{shown}",
            {name: getattr(connection, name) for name in names},
        )

    def import_mapping(self) -> int:
        """Read and map every resource; 0, as a person counts nothing."""
        self._do(
            "import_mapping",
            "Let the system read everything that Docplanner shares with it (clinics, doctors, addresses, services), "
            "and map each to its counterpart.",
        )
        return 0

    def mapping(self) -> tuple[MappingRow, ...]:
        """What the person sees mapped."""
        return self._looks.mapping(insurances=self._health.can("insurances"))

    def sync(self, addresses: Sequence[AddressId]) -> None:
        """Start a full synchronisation of the calendars named."""
        names = "; ".join(self._places.place(one).words for one in addresses)
        self._do(
            "sync",
            f"Start a full synchronisation with Docplanner, as at activation, of: {names}.",
            {"address_ids": list(addresses)},
        )

    def pull(self) -> None:
        """Pull the notifications that wait."""
        self._need("pull")
        self._do("pull", "Let the system fetch the notifications that wait at Docplanner now.")

    def activity(self) -> Activity:
        """No person can tell what is under way inside.

        Raises:
            Unsupported: always.
        """
        self._lacks("activity")

    def set_active(self, active: bool) -> None:
        """Switch the integration off, or on again."""
        self._need("pause")
        self._do("set_active", f"Switch the integration {'on' if active else 'off'}.", {"active": active})

    # -- the calendars: working time and offer --------------------------------------------------------------------

    def set_offer(self, address: AddressId, services: Sequence[Service], providers: Sequence[str]) -> None:
        """Staff decide what the clinic offers there."""
        self._need("services")
        named = ", ".join(f"{one.name} ({one.minutes} min)" for one in services) or "no service"
        known = {one.id: one.name for one in self._places.place(address).calendar.insurances}
        insured = ", ".join(known.get(one, one) for one in providers) or "none"
        self._do(
            "set_offer",
            f"As staff: let {self._words.where(address)} offer exactly these services: {named}; insurances: {insured}.",
            {
                "address_id": address,
                "services": [{"service_id": one.service_id, "duration": one.minutes} for one in services],
                "insurance_provider_ids": list(providers),
            },
        )

    def schedule(self, address: AddressId, since: datetime, till: datetime) -> tuple[PeriodHeld, ...]:
        """The working time that the person sees."""
        return self._looks.schedule(address, since, till)

    def set_schedule(self, address: AddressId, days: Sequence[date], periods: Sequence[Period]) -> None:
        """The working time of ``days`` becomes exactly ``periods``."""
        if periods:
            rows = "\n".join(f"    {self._words.period(one)}" for one in periods)
            named = ", ".join(f"{day:%a %d %b}" for day in days)
            words = f"set the working time of {self._words.where(address)} on {named} to exactly:\n{rows}"
        else:
            named = ", ".join(f"{day:%a %d %b}" for day in days)
            words = f"empty {named} of {self._words.where(address)}: no working time."
        items = [period_facts(one) for one in periods]
        details: dict[str, object] = {"address_id": address, "days": [day.isoformat() for day in days]}
        self._do("set_schedule", f"As staff: {words}", {**details, "periods": items}, refused=CANNOT_HOLD)
        held = [
            PeriodHeld(
                one.start.astimezone(self._zone),
                one.end.astimezone(self._zone),
                tuple(ServiceHeld(each.id, each.minutes) for each in one.services),
            )
            for one in periods
        ]
        self._memory.set_days(address, days, held)

    # -- the calendars: visits ------------------------------------------------------------------------------------

    def appointments(self, address: AddressId, since: datetime, till: datetime) -> tuple[Appointment, ...]:
        """The visits that the person sees in one calendar."""
        return self.appointments_of([address], since, till)[address]

    def appointments_of(
        self, addresses: Sequence[AddressId], since: datetime, till: datetime, *, ids: bool = False
    ) -> Mapping[AddressId, tuple[Appointment, ...]]:
        """The visits that the person sees in the calendars, asked at once; with ``ids`` also by which booking each."""
        seen = self._looks.appointments(addresses, since, till)
        return {one: self._looks.with_bookings(one, visits) for one, visits in seen.items()} if ids else seen

    def add_appointment(self, address: AddressId, values: Mapping[str, object], patient: Patient) -> Appointment:
        """Staff book; ``values`` are start, duration and address_service_id."""
        start = datetime.fromisoformat(str(values["start"]))
        service = self._places.service(address, str(values["address_service_id"]))
        named = f", {service.name}" if service else ""
        told = Person.of(patient)
        self._do(
            "add_appointment",
            f"As staff: book {who(told)} on {self._words.at(start)} for {values['duration']} min{named}, "
            f"with {self._words.where(address)}.\n    {card(told)}",
            {"address_id": address, **values, "patient": msgspec.to_builtins(told)},
            refused=CONFLICT,
        )
        self._made += 1
        made = Appointment(
            id=f"made-{self._made}",
            docplanner_booking_id=None,
            start=start,
            end=start + timedelta(minutes=int(str(values["duration"]))),
            address_service_id=str(values["address_service_id"]),
            patient=told,
            status="booked",
            origin="partner",
            address_id=address,
        )
        self._memory.put(made)
        return made

    def move_appointment(self, address: AddressId, appointment: str, values: Mapping[str, object]) -> Appointment:
        """Staff move; ``values`` are start and, where they change, duration, address_service_id, address_id."""
        old = self._visit(address, appointment)
        start = datetime.fromisoformat(str(values["start"]))
        length = timedelta(minutes=int(str(values["duration"]))) if "duration" in values else old.end - old.start
        there = AddressId(str(values.get("address_id", address)))
        if there != address:
            self._need("move_across_addresses")
        across = f", to {self._words.where(there)}" if there != address else ""
        self._do(
            "move_appointment",
            f"As staff: move {self._words.visit(address, old)} to {self._words.at(start)}{across}.",
            {"address_id": address, "appointment": facts_of(old), "to": dict(values)},
            refused=CONFLICT,
        )
        self._memory.leave(address, old)
        moved = msgspec.structs.replace(
            old,
            docplanner_booking_id=None,
            start=start,
            end=start + length,
            address_id=there,
            address_service_id=str(values.get("address_service_id") or old.address_service_id),
        )
        self._memory.put(moved)
        return moved

    def confirm_appointment(self, address: AddressId, appointment: str) -> None:
        """Staff confirm."""
        self._need("confirm")
        visit = self._visit(address, appointment)
        words = f"As staff: confirm {self._words.visit(address, visit)}."
        self._do("confirm_appointment", words, {"address_id": address, "appointment": facts_of(visit)})
        self._memory.mark(address, visit, confirmed=True)

    def mark_presence(self, address: AddressId, appointment: str, presence: str) -> None:
        """Staff note that the patient was ``present`` or ``absent``."""
        self._need("presence")
        visit = self._visit(address, appointment)
        words = f"As staff: note that the patient was {presence}: {self._words.visit(address, visit)}."
        details = {"address_id": address, "appointment": facts_of(visit), "presence": presence}
        self._do("mark_presence", words, details)
        self._memory.mark(address, visit, presence=presence)

    def cancel_appointment(self, address: AddressId, appointment: str) -> None:
        """Staff cancel."""
        visit = self._visit(address, appointment)
        words = f"As staff: cancel {self._words.visit(address, visit)}."
        self._do("cancel_appointment", words, {"address_id": address, "appointment": facts_of(visit)}, refused=CONFLICT)
        self._memory.leave(address, visit)

    # -- the calendars: breaks ------------------------------------------------------------------------------------

    def breaks(self, address: AddressId, since: datetime, till: datetime) -> tuple[PartnerBreak, ...]:
        """The blocked time that the person sees."""
        return self._looks.breaks(address, since, till)

    def add_break(self, address: AddressId, since: datetime, till: datetime, description: str) -> PartnerBreak:
        """Staff block time."""
        self._need("breaks")
        details = {"address_id": address, **range_facts(since, till), "description": description}
        self._do(
            "add_break", f"As staff: block {self._words.span(since, till)} of {self._words.where(address)}.", details
        )
        self._made += 1
        made = PartnerBreak(f"break-{self._made}", since, till, origin="partner", description=description)
        self._memory.block(address, made)
        return made

    def move_break(self, address: AddressId, break_id: str, since: datetime, till: datetime) -> None:
        """Staff move blocked time."""
        self._need("breaks")
        old = self._break(address, break_id)
        words = f"move the blocked time {self._words.span(old.since, old.till)} of {self._words.where(address)}"
        details = {"address_id": address, "break": range_facts(old.since, old.till), **range_facts(since, till)}
        self._do("move_break", f"As staff: {words} to {self._words.span(since, till)}.", details)
        self._memory.free(address, old)
        self._memory.block(address, msgspec.structs.replace(old, since=since, till=till))

    def remove_break(self, address: AddressId, break_id: str) -> None:
        """Staff free blocked time."""
        self._need("breaks")
        old = self._break(address, break_id)
        words = (
            f"As staff: free the blocked time {self._words.span(old.since, old.till)} of {self._words.where(address)}."
        )
        self._do("remove_break", words, {"address_id": address, "break": range_facts(old.since, old.till)})
        self._memory.free(address, old)

    # -- within ---------------------------------------------------------------------------------------------------

    def _do(self, verb: str, words: str, details: Mapping[str, object] | None = None, *, refused: int = 0) -> None:
        """Ask for it. ``refused`` is the status that stands for a refusal of the program; 0 where none is expected."""
        answer = have_done(self._operator, Task(Who.STAFF, words, verb, dict(details or {})))
        if answer.said is Said.REFUSED:
            told = f"The clinic's system refused ({answer.by} says{f': {answer.note}' if answer.note else ''})"
            kind = "invalid" if refused == CANNOT_HOLD else "conflict" if refused else "not_allowed"
            raise PartnerRefused(told, status=refused or CONFLICT, error=kind)

    def _need(self, capability: str) -> None:
        if not self._health.can(capability):
            self._lacks(capability)

    def _lacks(self, capability: str) -> NoReturn:
        message = f"501 unsupported, the system was said to lack {capability}, so nobody was asked for it"
        raise Unsupported(message, status=501, error="unsupported")

    def _visit(self, address: AddressId, appointment: str) -> Appointment:
        """The visit that staff made, or that Docplanner shows under that id."""
        for known in (self._memory.visits, self._memory.seen):
            if appointment in known:
                return known[appointment]
        now = self._clock.now()
        for one in self._told.visits(address, now - AROUND[0], now + AROUND[1]):
            if one.id == appointment:
                return one
        message = f"Nobody knows a visit {appointment} there."
        raise PartnerRefused(message, status=404, error="not_found")

    def _break(self, address: AddressId, break_id: str) -> PartnerBreak:
        if break_id in self._memory.breaks:
            return self._memory.breaks[break_id][1]
        now = self._clock.now()
        for one in self._told.breaks(address, now - AROUND[0], now + AROUND[1]):
            if one.id == break_id:
                return one
        message = f"Nobody knows a break {break_id} there."
        raise PartnerRefused(message, status=404, error="not_found")

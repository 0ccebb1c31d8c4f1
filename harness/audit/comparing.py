"""Every difference between two sides of a clinic. Pure.

Nothing is called a difference that a correct integration may show: working time may be divided as one likes, a rest
shorter than two visits may be left unoffered, a break may be told as shorter working time, and what is cancelled on
both sides is not compared. Source: partner-control.yaml, "How two sides are compared"; behaviour.md, "Slots".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from harness.audit.sides import Both, Clinic, Mapped
from harness.verdict.minutes import between, by_service, minutes_of, of_breaks, of_visits
from harness.verdict.observation import VisitSeen
from harness.verdict.people import differences, resembles

__all__ = ["Difference", "compare"]

MINUTE = timedelta(minutes=1)
NEEDS_PARENT = frozenset({"doctor", "address", "service"})
"""What can be shared by two places, and so counts by what it belongs to. Source: partner-control.yaml, Mapping."""
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """One of them. ``acts`` says who can mend it, ``next`` how."""

    area: str
    """mapping, profile, slots, visits or breaks."""
    where: str
    what: str
    docplanner: str
    partner: str
    acts: str
    next: str


def compare(clinic: Clinic) -> tuple[Difference, ...]:
    """All of them, in the order in which an activation is checked: mapping, profile, slots, visits, breaks."""
    zone = ZoneInfo(clinic.time_zone)
    found = [*_mapping(clinic)]
    for part in (_profile, _slots, _visits, _breaks):
        for one in clinic.calendars:
            found += part(one, _Words(one, zone), clinic)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Words:
    """How things of one calendar are named."""

    both: Both
    zone: ZoneInfo

    @property
    def where(self) -> str:
        place = self.both.place
        return f"{place.doctor}, {place.address}, {place.facility} (address {place.address_id})"

    def at(self, instant: datetime) -> str:
        return f"{instant.astimezone(self.zone):%a %d %b %Y %H:%M}"

    def span(self, since: datetime, till: datetime) -> str:
        return f"{self.at(since)} to {till.astimezone(self.zone):%H:%M}"

    def visit(self, one: VisitSeen) -> str:
        return f"{self.at(one.start)}, {one.minutes} minutes, patient {one.patient.name or 'unnamed'}"

    def difference(self, area: str, what: str, docplanner: str, partner: str, acts: str, todo: str) -> Difference:
        return Difference(area, self.where, what, docplanner, partner, acts, todo)


# -- mapping ----------------------------------------------------------------------------------------------------------


def _mapping(clinic: Clinic) -> Iterator[Difference]:
    mapped, visible = {_key(one): one for one in clinic.mapped}, {_key(one): one for one in clinic.visible}
    for key, one in visible.items():
        if key not in mapped:
            yield Difference(
                "mapping",
                _named(one),
                f"{_one(one)} is not mapped",
                f"{one.name or one.id} is shared",
                NOTHING,
                "the software provider",
                "import the mapping again, and map it; until then its news and its calendar are lost",
            )
    for key, one in mapped.items():
        if key not in visible and one.kind in {"facility", "doctor", "address", "service"}:
            yield Difference(
                "mapping",
                _named(one),
                f"{_one(one)} is mapped that is not shared",
                NOTHING,
                f"{one.name or one.id} is mapped",
                "the software provider",
                "mark it as gone; if it should be there, ask Docplanner to share it with this API client",
            )


def _key(one: Mapped) -> tuple[str, str, str | None]:
    return one.kind, one.id, one.parent_id if one.kind in NEEDS_PARENT else None


def _named(one: Mapped) -> str:
    return f"{_kind(one)} {one.id}" + (f" of {one.parent_id}" if one.parent_id else "")


def _one(one: Mapped) -> str:
    kind = _kind(one)
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _kind(one: Mapped) -> str:
    return "service of an address" if one.kind == "service" else one.kind.replace("_", " ")


# -- profile ----------------------------------------------------------------------------------------------------------


def _profile(both: Both, words: _Words, _: Clinic) -> Iterator[Difference]:
    there = both.docplanner
    if not there.enabled:
        yield words.difference(
            "profile",
            "the calendar is not enabled",
            "disabled: patients cannot book",
            "in use",
            "the software provider",
            "enable it (enableCalendar), or ask the clinic's Customer Success specialist",
        )
    offered = {service: name for _, service, name in there.services if service is not None}
    for what, ours, theirs, names in (
        ("service", both.partner.services, frozenset(offered), offered),
        ("insurance", both.partner.insurances, there.insurances, {}),
    ):
        if ours is None:
            continue
        for one in sorted(ours - theirs):
            yield words.difference(
                "profile",
                f"a {what} of the clinic is not on the profile"
                if what == "service"
                else "an insurance is not accepted",
                NOTHING,
                f"{what} {one}",
                "the software provider",
                "send it again by a full synchronisation; where Docplanner refuses it, read its answer",
            )
        for one in sorted(theirs - ours):
            yield words.difference(
                "profile",
                f"the profile has a {what} that the clinic does not offer"
                if what == "service"
                else "the profile has an insurance that the clinic does not accept",
                f"{what} {one} {names.get(one, '')}".strip(),
                NOTHING,
                "the clinic",
                "say whether it is offered; take it off the profile, or add it in the clinic's software",
            )


# -- slots ------------------------------------------------------------------------------------------------------------


def _slots(both: Both, words: _Words, clinic: Clinic) -> Iterator[Difference]:
    busy = of_visits(both.partner.visits) | of_visits(both.docplanner.visits)
    busy |= of_breaks(both.partner.breaks or ()) | of_breaks(both.docplanner.breaks)
    names = {one: name for one, _, name in both.docplanner.services}
    work = by_service(both.partner.periods, clinic.since, clinic.till)
    works: dict[str, set[datetime]] = {}
    for (service, _), minutes in work.items():
        works.setdefault(service, set()).update(minutes)
    offered: dict[str, set[datetime]] = {}
    for one in both.docplanner.offers:
        offered.setdefault(one.address_service_id, set()).update(minutes_of(one.start, one.end))
    ours = of_visits(both.partner.visits) | of_breaks(both.partner.breaks or ())
    for service in sorted({*offered, *works}):
        named = names.get(service, service)
        open_there = between(offered.get(service, ()), clinic.since, clinic.till)
        for since, till in _runs(open_there - works.get(service, set())):
            yield words.difference(
                "slots",
                f"{named} can be booked when nobody works",
                f"offered {words.span(since, till)}",
                "no working time",
                "the software provider",
                "send the day again (replaceSlots), or delete its slots; a patient may book this now",
            )
        for since, till in _runs(open_there & works.get(service, set()) & ours):
            yield words.difference(
                "slots",
                f"{named} can be booked at a time that is taken",
                f"offered {words.span(since, till)}",
                "a visit or a break",
                "the software provider",
                "book the visit, or add the break, at Docplanner; a patient may book this now",
            )
    for (service, length), there in sorted(work.items()):
        missing = (there - busy) - offered.get(service, set())
        for since, till in _runs(missing):
            if (till - since) // MINUTE >= 2 * length:
                yield words.difference(
                    "slots",
                    f"{names.get(service, service)} cannot be booked though somebody works",
                    f"nothing offered {words.span(since, till)}",
                    f"working time, visits of {length} minutes",
                    "the software provider",
                    "send the day again (replaceSlots); where it was refused, read the answer",
                )


def _runs(minutes: Iterable[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """Unbroken spans of minutes, in order."""
    since = till = None
    for one in sorted(minutes):
        if since is None or till is None:
            since = one
        elif one != till:
            yield since, till
            since = one
        till = one + MINUTE
    if since is not None and till is not None:
        yield since, till


# -- visits -----------------------------------------------------------------------------------------------------------


def _visits(both: Both, words: _Words, _: Clinic) -> Iterator[Difference]:
    there = [one for one in both.docplanner.visits if one.booked]
    here = [one for one in both.partner.visits if one.booked]
    yield from _doubled(here, words, "partner")
    yield from _doubled(there, words, "docplanner")
    pairs = list(_pairs(there, here))
    for theirs, ours in pairs:
        yield from _unlike(theirs, ours, words)
    matched_there, matched_here = {id(a) for a, _ in pairs}, {id(b) for _, b in pairs}
    cancelled_here = [one for one in both.partner.visits if not one.booked]
    cancelled_there = [one for one in both.docplanner.visits if not one.booked]
    for one in there:
        if id(one) not in matched_there:
            gone = any(_same(one, other) for other in cancelled_here)
            yield words.difference(
                "visits",
                "a visit was cancelled in the clinic alone" if gone else "a visit at Docplanner is not in the clinic",
                words.visit(one),
                "cancelled" if gone else NOTHING,
                "the software provider",
                "cancel it at Docplanner, or book it again in the clinic"
                if gone
                else "import it by comparing bookings (getBookings); a patient will come who is not expected",
            )
    for one in here:
        if id(one) not in matched_here:
            gone = any(_same(other, one) for other in cancelled_there)
            marked = f", marked {one.sync_state}" if one.sync_state not in {None, "synced"} else ""
            yield words.difference(
                "visits",
                "a visit was cancelled at Docplanner alone" if gone else "a visit of the clinic is not at Docplanner",
                "cancelled" if gone else NOTHING,
                words.visit(one) + marked,
                "the clinic" if marked else "the software provider",
                "cancel it in the clinic too"
                if gone
                else "book it at Docplanner (bookSlot), or ask staff about the conflict; others may take the time",
            )


def _pairs(there: Sequence[VisitSeen], here: Sequence[VisitSeen]) -> Iterator[tuple[VisitSeen, VisitSeen]]:
    """Visits that are one: by Docplanner's id, then by time and patient, then by patient alone, each once."""
    left_there, left_here = list(there), list(here)
    for same in (_same_id, _same_time, _same_patient):
        for theirs in list(left_there):
            ours = next((one for one in left_here if same(theirs, one)), None)
            if ours is not None:
                left_there.remove(theirs)
                left_here.remove(ours)
                yield theirs, ours


def _same_id(theirs: VisitSeen, ours: VisitSeen) -> bool:
    return ours.booking_id is not None and ours.booking_id == theirs.booking_id


def _same_time(theirs: VisitSeen, ours: VisitSeen) -> bool:
    return ours.start == theirs.start and resembles(ours.patient, theirs.patient)


def _same_patient(theirs: VisitSeen, ours: VisitSeen) -> bool:
    """On one day: a move that one side missed."""
    near = abs(ours.start - theirs.start) < timedelta(days=1)
    return near and not differences(ours.patient, theirs.patient)


def _same(theirs: VisitSeen, ours: VisitSeen) -> bool:
    return _same_id(theirs, ours) or _same_time(theirs, ours)


def _unlike(theirs: VisitSeen, ours: VisitSeen, words: _Words) -> Iterator[Difference]:
    unlike = []
    if ours.start != theirs.start:
        unlike.append("time")
    if ours.minutes != theirs.minutes:
        unlike.append("length")
    unlike += differences(ours.patient, theirs.patient)
    if unlike:
        yield words.difference(
            "visits",
            f"a visit differs in {', '.join(unlike)}",
            words.visit(theirs),
            words.visit(ours),
            "the software provider",
            "find out which side is right (who changed it last), and move or correct it on the other",
        )


def _doubled(visits: Sequence[VisitSeen], words: _Words, side: str) -> Iterator[Difference]:
    for number, one in enumerate(visits):
        if any(other.start == one.start and not differences(other.patient, one.patient) for other in visits[:number]):
            yield words.difference(
                "visits",
                "a visit is there twice",
                words.visit(one) if side == "docplanner" else "once",
                words.visit(one) if side == "partner" else "once",
                "the software provider",
                "cancel the one that is too many; was it stored again when its own news came back?",
            )


# -- breaks -----------------------------------------------------------------------------------------------------------


def _breaks(both: Both, words: _Words, clinic: Clinic) -> Iterator[Difference]:
    """What Docplanner blocks and the clinic does not show; the clinic's own may be told as shorter working time."""
    if both.partner.breaks is None:
        return
    there, here = of_breaks(both.docplanner.breaks), of_breaks(both.partner.breaks)
    working = {
        one for minutes in by_service(both.partner.periods, clinic.since, clinic.till).values() for one in minutes
    }
    for since, till in _runs(between((there - here) & working, clinic.since, clinic.till)):
        yield words.difference(
            "breaks",
            "time is blocked at Docplanner alone",
            f"blocked {words.span(since, till)}",
            "working time, not blocked",
            "the software provider",
            "import the break (getCalendarBreaks), or delete it at Docplanner",
        )

"""Deliberate mistakes of the reference stub, each a realistic one, and the criterion that must catch it.

Each is one switch in one place of the code: ``if defects.on("..."):``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harness.errors import UnknownName

__all__ = ["DEFECTS", "Defect", "Defects"]


@dataclass(frozen=True, slots=True)
class Defect:
    """A mistake that integrations make. ``criterion`` is the id meant to catch it."""

    name: str
    area: str
    criterion: str
    summary: str
    description: str


class Defects:
    """Which defects are switched on."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._on = frozenset(names)
        if unknown := sorted(self._on - DEFECTS.keys()):
            raise UnknownName("; ".join(_not_known(name) for name in unknown), hint="See acceptance defects.")

    def on(self, name: str) -> bool:
        """Whether the defect is switched on. A name that does not exist is a KeyError, also when it is off."""
        return DEFECTS[name].name in self._on


def _not_known(name: str) -> str:
    close = difflib.get_close_matches(name, DEFECTS, n=3, cutoff=0.4)
    return f"There is no defect {name!r}" + (f"; do you mean {' or '.join(close)}?" if close else ".")


_ALL = (
    # -- access -------------------------------------------------------------------------------------------------------
    Defect(
        "token-for-every-request",
        "access",
        "DP-ACC-01",
        "a new access token is fetched for every request",
        "The token is not kept: each API call is preceded by a call of the token service.",
    ),
    Defect(
        "token-never-renewed",
        "access",
        "DP-ACC-02",
        "a token that ended early is used on",
        "A 401 is taken for a refusal; no new token is fetched before the old one's time is over.",
    ),
    # -- mapping ------------------------------------------------------------------------------------------------------
    Defect(
        "imported-once",
        "mapping",
        "DP-MAP-01",
        "what Docplanner shares is read the first time only",
        "A later import answers from the mapping that is there, so a clinic that joins later is not seen.",
    ),
    Defect(
        "second-address-ignored",
        "mapping",
        "DP-MAP-01",
        "of each doctor only the first address is mapped",
        "The doctor was taken for the unit that has a calendar; it is the address.",
    ),
    Defect(
        "online-addresses-ignored",
        "mapping",
        "DP-MAP-01",
        "addresses for online consultations are left out",
        "Only places with a street were expected.",
    ),
    Defect(
        "services-by-name",
        "mapping",
        "DP-MAP-02",
        "services are told apart by their names",
        "A service name that a clinic has already at another address is not mapped again, although each address has an "
        "id of its own for it.",
    ),
    Defect(
        "insurances-not-read",
        "mapping",
        "DP-MAP-03",
        "insurance providers and plans are not read",
        "The capability is declared, the import leaves insurances out.",
    ),
    Defect(
        "old-service-kept",
        "mapping",
        "DP-MAP-04",
        "a service that was deleted and added again stays mapped under its old id",
        "A refresh recognises services by the dictionary and keeps the address service id that it knows.",
    ),
    Defect(
        "namesakes-merged",
        "mapping",
        "DP-MAP-05",
        "visits go to the first doctor of that name",
        "A booking is assigned to a calendar by the doctor's name instead of the address id.",
    ),
    # -- bookings -----------------------------------------------------------------------------------------------------
    Defect(
        "offset-dropped",
        "bookings",
        "DP-BOK-01",
        "the offset of a visit's time is dropped",
        "The local time of a booking is stored as if it were UTC.",
    ),
    Defect(
        "surname-dropped",
        "bookings",
        "DP-BOK-01",
        "the patient's surname is lost",
        "Only the first name of a patient from Docplanner is stored.",
    ),
    Defect(
        "cancellations-ignored",
        "bookings",
        "DP-BOK-02",
        "cancellations by patients are ignored",
        "The notification booking-canceled is accepted and dropped.",
    ),
    Defect(
        "moves-only-add",
        "bookings",
        "DP-BOK-03",
        "a moved visit is kept at its old time as well",
        "booking-moved is read as a new booking; the old one stays.",
    ),
    Defect(
        "staff-bookings-not-sent",
        "bookings",
        "DP-BOK-04",
        "visits that staff book are not booked at Docplanner",
        "They are stored and shown as synchronised.",
    ),
    Defect(
        "staff-cancellations-not-sent",
        "bookings",
        "DP-BOK-05",
        "visits that staff cancel stay booked at Docplanner",
        "The cancellation is stored and shown as synchronised.",
    ),
    Defect(
        "staff-moves-only-cancel",
        "bookings",
        "DP-BOK-06",
        "a visit that staff move is only cancelled at Docplanner",
        "The move is cancelBooking without the bookSlot that belongs to it.",
    ),
    Defect(
        "doctors-bookings-ignored",
        "bookings",
        "DP-BOK-07",
        "visits that the doctor books at Docplanner are ignored",
        "Only bookings by patients are taken from slot-booked; booked_by doctor is dropped.",
    ),
    Defect(
        "conflict-shown-synced",
        "bookings",
        "DP-BOK-09",
        "a refused booking is shown as synchronised",
        "When Docplanner refuses what staff booked, nobody is told.",
    ),
    Defect(
        "taken-time-refused",
        "bookings",
        "DP-BOK-09",
        "a marketplace visit at a time that staff gave away is dropped",
        "The calendar allows one visit at a time; the one from Docplanner is not stored.",
    ),
    Defect(
        "move-chain-lost",
        "bookings",
        "DP-BOK-10",
        "after a second move the visit is no longer recognised",
        "The new id is stored at the first move only, so what happens to the visit later finds nothing.",
    ),
    # -- schedule -----------------------------------------------------------------------------------------------------
    Defect(
        "last-slot-missing",
        "schedule",
        "DP-SCH-01",
        "working periods end one service too early",
        "The start of the last visit is sent as the end of the period.",
    ),
    Defect(
        "rest-of-day-unsent",
        "schedule",
        "DP-SCH-02",
        "of a changed day only the new periods are sent",
        "Neither the periods that stay nor the time that is no longer worked is sent along.",
    ),
    Defect(
        "other-days-wiped",
        "schedule",
        "DP-SCH-02",
        "a change of one day clears the days around it",
        "Before a day is sent, the three days before and after it are deleted.",
    ),
    Defect(
        "emptied-day-kept",
        "schedule",
        "DP-SCH-03",
        "a day that staff empty stays offered",
        "A day without periods sends nothing, so Docplanner keeps what it has.",
    ),
    Defect(
        "breaks-not-sent",
        "schedule",
        "DP-SCH-04",
        "time that staff block stays offered",
        "Breaks are stored and never sent.",
    ),
    Defect(
        "removed-breaks-kept",
        "schedule",
        "DP-SCH-04",
        "time that staff free again stays blocked",
        "The removal of a break is stored and never sent.",
    ),
    Defect(
        "doctors-breaks-ignored",
        "schedule",
        "DP-SCH-05",
        "breaks that the doctor makes at Docplanner are ignored",
        "News of breaks is accepted and dropped.",
    ),
    Defect(
        "changes-collected",
        "schedule",
        "DP-SCH-10",
        "changes of working time are collected for two minutes",
        "A calendar that was sent just now is not sent again before 120 s have passed.",
    ),
    # -- activation ---------------------------------------------------------------------------------------------------
    Defect(
        "activation-clears",
        "activation",
        "DP-ACT-01",
        "activation empties the calendar at Docplanner",
        "A full synchronisation deletes every offered day first; what was sent before counts as sent and is not sent "
        "again.",
    ),
    Defect(
        "existing-bookings-not-read",
        "activation",
        "DP-ACT-01",
        "bookings that Docplanner has before the activation are not read",
        "Activation sends and does not look at what is there; what was booked before is unknown to the clinic.",
    ),
    # -- notifications ------------------------------------------------------------------------------------------------
    Defect(
        "endpoint-fails",
        "notifications",
        "DP-NOT-01",
        "the endpoint answers 500 although it took the news",
        "The answer is made after the work, and making it fails for cancellations.",
    ),
    Defect(
        "any-key-accepted",
        "notifications",
        "DP-NOT-01",
        "a wrong or missing API key is accepted",
        "The agreed header is not compared.",
    ),
    Defect(
        "duplicates-doubled",
        "notifications",
        "DP-NOT-02",
        "the same news again makes a second visit",
        "Each slot-booked is stored as a visit, without a look at the booking id.",
    ),
    Defect(
        "cancelled-visits-revived",
        "notifications",
        "DP-NOT-02",
        "old news of a cancelled visit books it again",
        "slot-booked of a booking that is known sets it to booked.",
    ),
    # -- methods ------------------------------------------------------------------------------------------------------
    Defect(
        "bookings-never-listed",
        "methods",
        "DP-API-01",
        "getBookings is never called",
        "The system trusts its notifications alone and never reads a list of bookings.",
    ),
)

DEFECTS: Mapping[str, Defect] = {one.name: one for one in _ALL}
"""Every deliberate defect by its name."""

"""Docplanner asks before a patient books or moves: may it be? Answered from the clinic's own calendar."""

from __future__ import annotations

import enum
from datetime import datetime

from harness.client.reading import Unreadable, instant
from harness.contract.json_value import object_of
from harness.stub import blocks, mapping, schedules, visits
from harness.stub.link import Link
from harness.stub.receiving.letters import Envelope, Nonsense

__all__ = ["Denial", "answer"]


class Denial(enum.IntEnum):
    """Why not; the numbers of the dictionary that is agreed with Docplanner."""

    TAKEN = 1
    BLOCKED = 2
    NOT_OFFERED = 3
    NO_SUCH_CALENDAR = 4


def answer(link: Link, question: Envelope) -> Denial | None:
    """None where the visit may be booked or moved there.

    Raises:
        Nonsense: the question names no time.
    """
    wanted = object_of(question.data.get("visit_booking_request") or question.data.get("creating_booking"))
    leaving = object_of(question.data.get("canceling_booking")).get("id")
    try:
        start, end = instant(wanted.get("start_at")), instant(wanted.get("end_at"))
    except Unreadable as error:
        message = f"{question.name}: {error}"
        raise Nonsense(message) from error
    return _denial(link, question.address_id, start, end, None if leaving is None else str(leaving))


def _denial(link: Link, address_id: str, start: datetime, end: datetime, leaving: str | None) -> Denial | None:
    tenant = link.tenant.id
    with link.database.reading() as connection:
        if link.defects.on("never-approved") or mapping.calendar_at(connection, tenant, address_id) is None:
            return Denial.NO_SUCH_CALENDAR
        there = visits.overlapping(connection, tenant, address_id, start, end)
        if link.defects.on("moves-refused-on-sight") and leaving is not None:
            return Denial.TAKEN
        if any(visit.booking_id is None or visit.booking_id != leaving for visit in there):
            return Denial.TAKEN
        if blocks.overlapping(connection, tenant, address_id, start, end):
            return Denial.BLOCKED
        working = schedules.overlapping(connection, tenant, address_id, start, end)
        if not any(one.start <= start and end <= one.end for one in working):
            return Denial.NOT_OFFERED
    return None

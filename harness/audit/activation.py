"""The activation of a clinic: what has to be so, what an audit has seen of it, and how credentials are asked for.

Source: the guide's "Integration process", "Activating integration for clients"; behaviour.md, "Acceptance".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from typing import Any

__all__ = ["TO", "Item", "Request", "State", "Way", "items", "letter"]

TO = "integrations@docplanner.com"


class Way(StrEnum):
    """Who asks Docplanner for the clinic's credentials."""

    CLINIC = "clinic"
    PROVIDER = "provider"


class State(StrEnum):
    """What is known of an item."""

    DONE = "done"
    OPEN = "open"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be done; ``who`` does it, ``seen`` says what an audit saw of it."""

    what: str
    who: str
    state: State
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What the software provider writes for a clinic. ``representative`` is an e-mail address, and goes into CC."""

    software: str
    clinic: str
    representative: str
    facility: str = ""
    marketplace: str = ""
    callback_url: str = ""
    sender: str = ""


def items(way: Way, audit: Mapping[str, Any] | None) -> tuple[Item, ...]:
    """The list, in order; ``audit`` is the content of audit.json, where there is one."""
    return (*_before(way), *_after(audit))


def _before(way: Way) -> Iterator[Item]:
    if way is Way.CLINIC:
        yield Item(
            "The clinic asks its Customer Success specialist for credentials of the integration with your software",
            "the clinic",
            State.UNKNOWN,
        )
        yield Item("The clinic enters the credentials in your software", "the clinic", State.UNKNOWN)
    else:
        yield Item(
            f"You ask for credentials by mail to {TO}, the clinic's representative in CC (--mail writes the draft)",
            "the software provider",
            State.UNKNOWN,
        )
        yield Item("The clinic's representative agrees, in answer to that mail", "the clinic", State.UNKNOWN)
        yield Item("You enter the credentials in your software", "the software provider", State.UNKNOWN)
    yield Item(
        "For PUSH: Docplanner has the address of the clinic's notification endpoint, and the key if one is agreed",
        "Docplanner",
        State.UNKNOWN,
        "the API does not tell it; `acceptance check` reaches the endpoint",
    )


def _after(audit: Mapping[str, Any] | None) -> Iterator[Item]:
    read = audit["read"] if audit else {}
    yield _seen(
        "Every facility, doctor, address and service is mapped", "mapping", audit, f"{read.get('services')} services"
    )
    yield _seen(
        "The profile is populated with the mapped services and insurances, and the calendars are enabled",
        "profile",
        audit,
        f"{read.get('enabled')} of {read.get('calendars')} calendars enabled",
    )
    slots = _seen(
        "The calendars are filled with slots",
        "slots",
        audit,
        f"{read.get('with_slots')} of {read.get('calendars')} have some",
    )
    if slots.state is State.DONE and read["with_slots"] < read["calendars"]:
        slots = Item(slots.what, slots.who, State.UNKNOWN, f"{slots.seen}; do the others work in these days?")
    yield slots
    yield _seen(
        "All bookings are synchronised in both directions",
        "visits",
        audit,
        f"{read.get('visits_docplanner')} at Docplanner, {read.get('visits_partner')} in the clinic",
    )
    yield _seen("Breaks, and whatever else limits availability, are at Docplanner", "breaks", audit, "")


def _seen(what: str, area: str, audit: Mapping[str, Any] | None, seen: str) -> Item:
    who = "the software provider"
    if audit is None:
        return Item(what, who, State.UNKNOWN, "`acceptance audit` can tell")
    state = {"equal": State.DONE, "different": State.OPEN}.get(audit["areas"][area], State.UNKNOWN)
    found = [one for one in audit["differences"] if one["area"] == area]
    told = {
        State.DONE: seen,
        State.OPEN: f"{len(found)} differences, such as: {found[0]['what']}, {found[0]['where']}" if found else "",
        State.UNKNOWN: "not all could be read",
    }[state]
    return Item(what, who, state, told)


def letter(request: Request) -> bytes:
    """The draft by which the software provider asks for credentials; a person sends it."""
    mail = EmailMessage(policy=SMTP)
    mail["To"] = TO
    mail["Cc"] = request.representative
    if request.sender:
        mail["From"] = request.sender
    mail["Subject"] = f"Credentials for the integration of {request.clinic} with {request.software}"
    mail["X-Unsent"] = "1"  # mail programs open it as a draft
    rows = {
        "Clinic": request.clinic,
        "Facility id at Docplanner": request.facility,
        "Marketplace": request.marketplace,
        "Software": request.software,
        "Notification endpoint": request.callback_url,
    }
    told = "\n".join(f"  {name}: {value}" for name, value in rows.items() if value)
    mail.set_content(
        f"Hello,\n\n{request.clinic} would like to use {request.software} with Docplanner. Please send us the "
        f"credentials of its production API client.\n\n{told}\n\nThe clinic's representative is in copy, and will "
        "confirm this request in answer to it.\n"
    )
    return mail.as_bytes()

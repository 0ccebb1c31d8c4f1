"""Whether two sides mean the same patient. Source: partner-control.yaml, "How two sides are compared"."""

from __future__ import annotations

from harness.verdict.observation import PersonSeen
from harness.vocabulary import name_key, phone_key

__all__ = ["differences", "resembles", "same_person"]

MASKED = "masked:"
"""How the journal writes data of patients whom the run did not invent: equal where the data are equal."""


def same_person(one: PersonSeen, other: PersonSeen) -> bool:
    """Whether nothing that both sides have differs."""
    return not differences(one, other)


def resembles(one: PersonSeen, other: PersonSeen) -> bool:
    """Whether it is likely meant to be the same patient: the phone agrees, or the full name does."""
    phone = _phone(one)
    return (phone != "" and phone == _phone(other)) or _name(one) == _name(other)


def differences(one: PersonSeen, other: PersonSeen) -> tuple[str, ...]:
    """What differs, in the order in which people look: name, phone, e-mail, birth date, national number."""
    found = []
    if _name(one) != _name(other):
        found.append("name")
    if _phone(one) != _phone(other):
        found.append("phone")
    if one.email and other.email and one.email.casefold() != other.email.casefold():
        found.append("e-mail")
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        found.append("birth date")
    if one.nin and other.nin and one.nin.strip().casefold() != other.nin.strip().casefold():
        found.append("national number")
    return tuple(found)


def _phone(person: PersonSeen) -> str:
    # the digits alone of a masked number would make two numbers one
    return person.phone if person.phone.startswith(MASKED) else phone_key(person.phone)


def _name(person: PersonSeen) -> str:
    return name_key(person.name, person.surname)

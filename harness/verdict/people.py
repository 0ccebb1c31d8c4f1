"""Whether two sides mean the same patient. Source: partner-control.yaml, "How two sides are compared"."""

from __future__ import annotations

from harness.verdict.observation import PersonSeen
from harness.vocabulary import name_key, phone_key

__all__ = ["contrast", "differences", "full_name", "resembles", "same_person"]

MASKED = "masked:"
"""How the journal writes data of patients whom the run did not invent: equal where the data are equal."""


def same_person(one: PersonSeen, other: PersonSeen) -> bool:
    """Whether nothing that both sides have differs."""
    return not differences(one, other)


def resembles(one: PersonSeen, other: PersonSeen) -> bool:
    """Whether it is likely meant to be the same patient: the full name agrees, or a phone that is theirs alone."""
    if one.shares_phone or other.shares_phone:
        return _name(one) == _name(other)
    phone = _phone(one)
    return (phone != "" and phone == _phone(other)) or _name(one) == _name(other)


def differences(one: PersonSeen, other: PersonSeen) -> tuple[str, ...]:
    """What differs, in the order in which people look: name, phone, e-mail, birth date, national number."""
    return tuple(label for label, _, _ in contrast(one, other))


def contrast(one: PersonSeen, other: PersonSeen) -> tuple[tuple[str, str, str], ...]:
    """What differs, each with the words of either side; e-mail, birth date and national number where both have them."""
    found = []
    if _name(one) != _name(other):
        found.append(("name", full_name(one), full_name(other)))
    if _phone(one) != _phone(other):
        found.append(("phone", one.phone, other.phone))
    if one.email and other.email and one.email.casefold() != other.email.casefold():
        found.append(("e-mail", one.email, other.email))
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        found.append(("birth date", one.birth_date, other.birth_date))
    if one.nin and other.nin and one.nin.strip().casefold() != other.nin.strip().casefold():
        found.append(("national number", one.nin, other.nin))
    return tuple((label, mine or "none", theirs or "none") for label, mine, theirs in found)


def full_name(person: PersonSeen) -> str:
    """Name and surname as they are written."""
    return " ".join(part for part in (person.name, person.surname) if part)


def _phone(person: PersonSeen) -> str:
    # the digits alone of a masked number would make two numbers one
    return person.phone if person.phone.startswith(MASKED) else phone_key(person.phone)


def _name(person: PersonSeen) -> str:
    return name_key(person.name, person.surname)

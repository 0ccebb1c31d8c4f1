"""Invented patients for the forms: anybody sees that they are, and the sandbox knows their phones as its own."""

from __future__ import annotations

from harness.sandbox.state import State

__all__ = ["invented_patient"]

NAMES = ("Anna", "Piotr", "Maria", "Jan", "Julia", "Adam", "Laura", "David", "Emma", "Lucas")
SURNAME = "Testpatient"
PHONE_DIGITS = 9
CALLING_CODES = {
    "AR": "+54",
    "BR": "+55",
    "CL": "+56",
    "CO": "+57",
    "CZ": "+420",
    "DE": "+49",
    "ES": "+34",
    "IT": "+39",
    "MX": "+52",
    "PE": "+51",
    "PL": "+48",
    "PT": "+351",
    "TR": "+90",
}
"""By the marketplace's country."""


def invented_patient(state: State) -> dict[str, str]:
    """Name, surname, phone and e-mail of the next one: the names take turns, the phones go up.

    ``example.com`` is nobody's (RFC 2606). The phone begins with the digits that are the sandbox's own, so the patient
    is not masked where exchanges are shown.
    """
    number = state.bookings.count()
    name = NAMES[number % len(NAMES)]
    block = state.settings.own_phone_block
    digits = PHONE_DIGITS - len(block)
    serial = str((number + 1) % 10**digits).zfill(digits)
    return {
        "name": name,
        "surname": SURNAME,
        "phone": f"{CALLING_CODES[state.marketplace.country]}{block}{serial}",
        "email": f"{name.lower()}.{SURNAME.lower()}.{number + 1}@example.com",
    }

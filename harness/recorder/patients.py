"""Patients whom the run did not invent, masked so that the same person still looks the same on both sides.

The mask of a value is a keyed hash of its normal form. The key belongs to the run and is never stored, so nobody can
find out afterwards by trying names.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import lru_cache

from harness.errors import BrokenHarness
from harness.recorder.line import JsonObject, JsonValue
from harness.vocabulary import name_key, phone_key

__all__ = ["PatientMask"]

SHOWN = frozenset({"gender", "is_returning", "marketing_consent", "data_privacy_consent"})
"""What is said of a patient that tells nobody who it is. Every other field is masked, known to the contract or not."""
TOKEN = re.compile(r"masked:[0-9a-f]{10}")
TOKEN_DIGITS = 10


class PatientMask:
    """Tells the run's own patients from others, and masks the others."""

    def __init__(self, key: bytes, own_phone_block: str) -> None:
        """``own_phone_block`` is how the last nine digits of an own patient's phone begin; "" means there are none."""
        if not key:
            message = "Patients cannot be masked without a key."
            raise BrokenHarness(message)
        self._key = key
        self._block = own_phone_block

    def is_own(self, phone: JsonValue) -> bool:
        """Whether a patient with that phone is one of the run's own."""
        if not self._block or not isinstance(phone, str | int):
            return False
        return _phone_digits(str(phone)).startswith(self._block)

    def token(self, field: str, value: JsonValue) -> JsonValue:
        """The mask of a value; nothing (null, an empty text), yes and no stay as they are, and so does a mask."""
        match value:
            case None | bool() | "":
                return value
            case str() if TOKEN.fullmatch(value):
                return value
            case str() | int() | float():
                return self._hash(_normal(field, str(value)))
            case list():
                return [self.token(field, item) for item in value]
            case _:
                return {key: self.token(key, item) for key, item in value.items()}

    def masked(self, patient: JsonObject) -> JsonObject:
        """A patient who is not the run's own; ``full_name`` is added, as sides differ in where a name is cut in two."""
        made = {key: value if key in SHOWN else self.token(key, value) for key, value in patient.items()}
        name, surname = patient.get("name"), patient.get("surname")
        if isinstance(name, str) and name and not TOKEN.fullmatch(name):
            made["full_name"] = self._hash(name_key(name, surname if isinstance(surname, str) else ""))
        return made

    def _hash(self, normal: str) -> str:
        return "masked:" + hmac.new(self._key, normal.encode(), hashlib.sha256).hexdigest()[:TOKEN_DIGITS]


@lru_cache(maxsize=1024)
def _phone_digits(phone: str) -> str:
    return phone_key(phone)


def _normal(field: str, value: str) -> str:
    """The form in which two values are compared. Source: partner-control.yaml, "How two sides are compared"."""
    match field:
        case "phone":
            return phone_key(value)
        case "email":
            return value.strip().casefold()
        case "nin":
            return "".join(value.split()).casefold()
        case _:
            return name_key(value)

"""Nothing secret is kept: secrets are taken out and other people's patients masked before anything is written.

Two nets, one behind the other. Known secrets are replaced wherever they occur. What stands where a secret would stand
(an Authorization header, a field called client_secret) is replaced whatever it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import cast

import orjson

from harness.recorder.line import JsonObject, JsonValue
from harness.recorder.patients import PatientMask
from harness.recorder.secret_places import is_secret_field, masked_header, without_secret_fields
from harness.recorder.secret_text import MASK, SecretText
from harness.vocabulary import STAFF_MEETING

__all__ = ["MASK", "Clean", "Redactor"]

HINTS = (
    b"secret",
    b"token",
    b"key",
    b"password",
    b"bearer",
    b"basic",
    b"://",
    b"patient",
    b'"phone"',
    b'"headers"',
    b'"till"',
)
"""What gives away, in lower case, that a body must be walked through. All else needs the search for secrets alone."""
BESIDE_A_PATIENT = frozenset({"comment", "label"})
"""Free text about a visit: it may name the patient."""
OF_A_BREAK = frozenset({"since", "till", "description"})
"""The fields by which a break is known; its description is free text, and may name a patient."""
PATIENTS = frozenset({"patient", "patients"})
DELICATE = PATIENTS | {"headers", "phone"}
REMEMBERED = 512
"""Texts and bodies of which a redactor remembers what it made: the same calls come again and again."""
LONGEST_REMEMBERED = 16 * 1024
"""Bytes or characters of one of them."""


@dataclass(frozen=True, slots=True)
class Clean:
    """JSON that a redactor has been over. Whoever learns another secret afterwards goes over it again."""

    encoded: bytes
    known: SecretText = field(repr=False)
    """The secrets that were looked for."""


class Redactor:
    """Takes out of texts, headers and JSON whatever must not be kept. Safe for threads."""

    def __init__(self, secrets: Iterable[str], *, patient_key: bytes, own_phone_block: str) -> None:
        """Know ``secrets``; patients whose last nine digits of phone start with ``own_phone_block`` are the run's own.

        Raises:
            ConfigurationError: a secret has fewer than six characters.
        """
        self._known = SecretText(secrets)
        self._patients = PatientMask(patient_key, own_phone_block)
        self._adding = Lock()
        # What is known is a part of the question: with another secret nothing that is remembered holds.
        self._remembered_text = lru_cache(REMEMBERED)(_cleaned_text)
        self._remembered_header = lru_cache(REMEMBERED)(_cleaned_header)
        self._remembered_json = lru_cache(REMEMBERED)(self._cleaned_json)

    def __repr__(self) -> str:
        return f"Redactor({len(self._known.secrets)} secrets)"

    def add_secret(self, secret: str) -> None:
        """From now on ``secret`` is one too.

        Raises:
            ConfigurationError: it has fewer than six characters.
        """
        with self._adding:
            if secret.strip() not in self._known.secrets:
                self._known = SecretText((*self._known.secrets, secret))

    @property
    def known(self) -> SecretText:
        """The secrets that are known now: another object as soon as there is another secret."""
        return self._known

    def text(self, text: str) -> str:
        """``text`` without secrets: an address, a form, a message, whatever is not JSON."""
        known = self._known
        return (self._remembered_text if len(text) <= LONGEST_REMEMBERED else _cleaned_text)(known, text)

    def headers(self, pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Headers without secrets; of credentials the scheme stays."""
        known = self._known
        return tuple(self._remembered_header(known, name, value) for name, value in pairs)

    def json(self, value: JsonValue) -> JsonValue:
        """``value`` without secrets and without other people's patients. What is given is left as it is."""
        return cast("JsonValue", orjson.loads(self._clean(_dumped(value), self._known)))

    def cleaned(self, raw: bytes) -> Clean:
        """The JSON text ``raw``, likewise.

        Raises:
            ValueError: it is not JSON.
        """
        known = self._known
        made = (self._remembered_json if len(raw) <= LONGEST_REMEMBERED else self._cleaned_json)(known, raw)
        return Clean(made, known)

    def encoded(self, body: Mapping[str, object] | Clean) -> bytes:
        """``body`` as JSON, without secrets and without other people's patients.

        What JSON does not know is written as orjson writes it (dates, enums, dataclasses), all else as ``str`` does.
        """
        known = self._known
        if isinstance(body, Clean):
            return body.encoded if body.known is known else self._clean(body.encoded, known)
        return self._clean(_dumped(dict(body)), known)

    def _cleaned_json(self, known: SecretText, raw: bytes) -> bytes:
        return self._clean(_dumped(orjson.loads(raw)), known)

    def _clean(self, raw: bytes, known: SecretText) -> bytes:
        suspicious = known.occur_in(raw.decode())
        lowered = raw.lower()
        if not suspicious and not any(hint in lowered for hint in HINTS):
            return raw
        return orjson.dumps(self._walked(orjson.loads(raw), known if suspicious else None))

    def _walked(self, value: JsonValue, known: SecretText | None) -> JsonValue:
        """``value`` cleaned; ``known`` is None where no known secret occurs in it anyway."""
        match value:
            case str():
                cleaned = without_secret_fields(value)
                return known.replaced(cleaned) if known else cleaned
            case dict():
                return self._object(value, known)
            case list():
                return [self._walked(item, known) for item in value]
            case int() | float() if known and not isinstance(value, bool) and known.occur_in(str(value)):
                return MASK
            case _:
                return value

    def _object(self, value: JsonObject, known: SecretText | None) -> JsonObject:
        beside_another = "patient" in value and self._is_another(value["patient"])
        if value.keys() >= OF_A_BREAK and value["description"] != STAFF_MEETING:
            value = {**value, "description": self._patients.token("description", value["description"])}
        if not known and not beside_another and not any(map(_is_delicate, value)):
            return {key: self._walked(item, None) for key, item in value.items()}
        made: JsonObject = {}
        for key, item in value.items():
            name = known.replaced(key) if known else key
            while name != key and name in made:  # two keys that differed in their secrets alone
                name += "*"
            made[name] = self._field(key, item, known, beside_another=beside_another)
        return made

    def _field(self, key: str, item: JsonValue, known: SecretText | None, *, beside_another: bool) -> JsonValue:
        if key == "headers" and isinstance(item, dict):
            item = {name: masked_header(name, said) if isinstance(said, str) else said for name, said in item.items()}
        elif is_secret_field(key):
            item = _masked(item)
        elif key == "phone":
            item = item if self._patients.is_own(item) else self._patients.token(key, item)
        elif key in PATIENTS:
            item = self._people(item)
        elif beside_another and key in BESIDE_A_PATIENT:
            item = self._patients.token(key, item)
        return self._walked(item, known)

    def _is_another(self, patient: JsonValue) -> bool:
        return isinstance(patient, dict) and not self._patients.is_own(patient.get("phone"))

    def _people(self, value: JsonValue) -> JsonValue:
        if isinstance(value, list):
            return [self._people(item) for item in value]
        return self._patients.masked(value) if isinstance(value, dict) and self._is_another(value) else value


@lru_cache(maxsize=4096)
def _is_delicate(key: str) -> bool:
    """Whether what stands under ``key`` wants a look of its own."""
    return key in DELICATE or is_secret_field(key)


def _cleaned_text(known: SecretText, text: str) -> str:
    return known.replaced(without_secret_fields(text))


def _cleaned_header(known: SecretText, name: str, value: str) -> tuple[str, str]:
    return known.replaced(name), known.replaced(masked_header(name, value))


def _masked(value: JsonValue) -> JsonValue:
    """A mask for whatever is said; nothing, yes and no stay."""
    match value:
        case None | bool() | "":
            return value
        case list():
            return [_masked(item) for item in value]
        case dict():
            return {key: _masked(item) for key, item in value.items()}
        case _:
            return MASK


def _dumped(value: object) -> bytes:
    try:
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:  # half a character, or a number of more than 64 bits: rare, and no reason to lose a line
        return json.dumps(value, default=str, ensure_ascii=False).encode("utf-8", "replace")

"""What a seed file says, typed. Names are resolved later, against the sandbox's dictionaries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from harness.errors import ConfigurationError
from harness.sandbox.seeding.nodes import Block, Problems, Value, parse

__all__ = [
    "EXAMPLE",
    "Place",
    "Seed",
    "SeedAddress",
    "SeedClinic",
    "SeedDoctor",
    "SeedHours",
    "SeedOffer",
    "SeedVisit",
    "read_seed",
]

LONGEST_MINUTES = 24 * 60
GRANTS = ("full", "read", "none")
SUPPORT = ("private_and_insurance", "private", "insurance")
COMMERCIAL = ("premium", "basic")
DELIVERIES = ("push", "pull", "both")
PATIENT = ("name", "surname", "phone", "email", "birth_date", "nin", "gender")
EXAMPLE = Path(__file__).parent / "example.yaml"
"""A file to begin with."""
HINT = "docs/seed-file.md describes the file; `acceptance sandbox --seed-file-example` prints one to begin with."


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the file."""

    line: int
    where: str


@dataclass(frozen=True, slots=True)
class SeedOffer:
    """A service of an address; ``minutes`` and ``price`` as patients see them."""

    place: Place
    name: str
    minutes: int
    price: int | None
    id: str


@dataclass(frozen=True, slots=True)
class SeedHours:
    """A span of a day; ``services`` empty for all of the address. Breaks have a ``description``."""

    place: Place
    day: date | int
    start: time
    end: time
    services: tuple[str, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True)
class SeedVisit:
    """A visit that stands already; ``service`` empty for the address's first."""

    place: Place
    day: date | int
    start: time
    service: str
    minutes: int | None
    by: str
    patient: dict[str, str]
    comment: str | None


@dataclass(frozen=True, slots=True)
class SeedAddress:
    """One doctor at one place, with the calendar."""

    place: Place
    id: str
    name: str
    street: str
    post_code: str
    city: str
    online_only: bool
    insurance_support: str
    commercial_type: str
    calendar_enabled: bool
    services: tuple[SeedOffer, ...]
    insurances: tuple[tuple[Place, str, tuple[str, ...]], ...]
    working_time: tuple[SeedHours, ...]
    breaks: tuple[SeedHours, ...]
    visits: tuple[SeedVisit, ...]


@dataclass(frozen=True, slots=True)
class SeedDoctor:
    """A doctor of a clinic; ``specialization`` by name, empty for the first."""

    place: Place
    id: str
    name: str
    surname: str
    specialization: str
    specialization_at: Place
    addresses: tuple[SeedAddress, ...]


@dataclass(frozen=True, slots=True)
class SeedClinic:
    """A clinic; ``grant`` says what the printed API client may do there: full, read or none."""

    place: Place
    id: str
    name: str
    grant: str
    doctors: tuple[SeedDoctor, ...]


@dataclass(frozen=True, slots=True)
class Seed:
    """A whole file. ``services`` and ``insurances`` join the marketplace's dictionaries."""

    path: Path
    delivery: str
    callback_url: str | None
    realtime: bool
    services: tuple[str, ...]
    insurances: tuple[tuple[str, tuple[str, ...]], ...]
    clinics: tuple[SeedClinic, ...]


def read_seed(path: Path, problems: Problems) -> Seed:
    """What the file says; what is wrong with its form is noted.

    Raises:
        ConfigurationError: it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"The seed file {path} cannot be read ({error})."
        raise ConfigurationError(message, hint=HINT) from error
    return _seed(path, parse(text, problems))


def _seed(path: Path, value: Value) -> Seed:
    block = value.block(("client", "services", "insurances", "clinics"))
    client = block.get("client")
    told = client.block(("delivery", "callback_url", "realtime")) if client else Block(value, {})
    clinics = tuple(_clinic(one) for one in block.need("clinics").each())
    if not clinics and "clinics" not in block.fields:
        block.need("clinics").wrong("a list of clinics")
    ids: dict[str, Place] = {}
    for place, known in _ids(clinics):
        if known in ids:
            value.problems.add(place.line, place.where, "an id of its own", f"{known!r} a second time")
        ids[known] = place
    return Seed(
        path,
        found.one_of(DELIVERIES) if (found := told.get("delivery")) else "push",
        told.text("callback_url") or None,
        found.flag() if (found := told.get("realtime")) else False,
        tuple(one.text() for one in block.each("services")),
        tuple(_dictionary_insurance(one) for one in block.each("insurances")),
        clinics,
    )


def _ids(clinics: tuple[SeedClinic, ...]) -> list[tuple[Place, str]]:
    doctors = [doctor for clinic in clinics for doctor in clinic.doctors]
    addresses = [address for doctor in doctors for address in doctor.addresses]
    offers = [offer for address in addresses for offer in address.services]
    every: list[SeedClinic | SeedDoctor | SeedAddress | SeedOffer] = [*clinics, *doctors, *addresses, *offers]
    return [(one.place, one.id) for one in every if one.id]


def _dictionary_insurance(value: Value) -> tuple[str, tuple[str, ...]]:
    block = value.block(("name", "plans"))
    return block.need("name").text(), tuple(one.text() for one in block.each("plans"))


def _clinic(value: Value) -> SeedClinic:
    block = value.block(("id", "name", "grant", "doctors"))
    return SeedClinic(
        Place(value.line, value.where),
        _id(block),
        block.need("name").text(),
        found.one_of(GRANTS) if (found := block.get("grant")) else "full",
        tuple(_doctor(one) for one in block.each("doctors")),
    )


def _doctor(value: Value) -> SeedDoctor:
    block = value.block(("id", "name", "surname", "specialization", "addresses"))
    specialization = block.need("specialization")
    return SeedDoctor(
        Place(value.line, value.where),
        _id(block),
        block.need("name").text(),
        block.need("surname").text(),
        block.text("specialization"),
        Place(specialization.line, specialization.where),
        tuple(_address(one) for one in block.each("addresses")),
    )


def _address(value: Value) -> SeedAddress:
    flat = ("id", "name", "street", "post_code", "city", "online_only")
    more = ("insurance_support", "commercial_type", "calendar_enabled")
    block = value.block((*flat, *more, "services", "insurances", "working_time", "breaks", "visits"))
    services = tuple(_offer(one) for one in block.need("services").each())
    if not services:
        block.need("services").wrong("one service at least", "a visit needs one")
    return SeedAddress(
        Place(value.line, value.where),
        _id(block),
        block.need("name").text(),
        block.text("street"),
        block.text("post_code"),
        block.text("city"),
        found.flag() if (found := block.get("online_only")) else False,
        found.one_of(SUPPORT) if (found := block.get("insurance_support")) else SUPPORT[0],
        found.one_of(COMMERCIAL) if (found := block.get("commercial_type")) else COMMERCIAL[0],
        found.flag() if (found := block.get("calendar_enabled")) else True,
        services,
        tuple(_insurance(one) for one in block.each("insurances")),
        tuple(_hours(one, "services") for one in block.each("working_time")),
        tuple(_hours(one, "description") for one in block.each("breaks")),
        tuple(_visit(one) for one in block.each("visits")),
    )


def _offer(value: Value) -> SeedOffer:
    block = value.block(("id", "name", "duration", "price"))
    duration, price = block.get("duration"), block.get("price")
    return SeedOffer(
        Place(value.line, value.where),
        block.need("name").text(),
        duration.whole(1, LONGEST_MINUTES) if duration else 30,
        price.whole(0, 1_000_000) if price else None,
        _id(block),
    )


def _insurance(value: Value) -> tuple[Place, str, tuple[str, ...]]:
    block = value.block(("name", "plans"))
    return Place(value.line, value.where), block.need("name").text(), tuple(one.text() for one in block.each("plans"))


def _hours(value: Value, more: str) -> SeedHours:
    block = value.block(("day", "from", "to", more))
    start, end = block.need("from").clock(), block.need("to").clock()
    if {"from", "to"} <= block.fields.keys() and start >= end:
        block.need("to").wrong("a later time than from")
    services = tuple(one.text() for one in block.each(more)) if more == "services" else ()
    description = (block.text(more) or None) if more == "description" else None
    return SeedHours(Place(value.line, value.where), block.need("day").day(), start, end, services, description)


def _visit(value: Value) -> SeedVisit:
    block = value.block(("day", "at", "service", "duration", "by", "patient", "comment"))
    duration, by = block.get("duration"), block.get("by")
    patient = block.need("patient").block(PATIENT)
    for name in ("name", "surname", "phone"):
        patient.need(name).text()
    return SeedVisit(
        Place(value.line, value.where),
        block.need("day").day(),
        block.need("at").clock(),
        block.text("service"),
        duration.whole(1, LONGEST_MINUTES) if duration else None,
        by.one_of(("patient", "doctor")) if by else "patient",
        {name: one.text() for name, one in patient.fields.items()},
        block.text("comment") or None,
    )


def _id(block: Block) -> str:
    found = block.get("id")
    return str(found.whole(1, 999_999_999)) if found else ""

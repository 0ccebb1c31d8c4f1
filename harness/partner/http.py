"""A partner system that serves the partner control contract over HTTP.

Every answer is checked against the contract before it is believed. A control write is never repeated: without an answer
it is unknown whether it took place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar
from urllib.parse import quote

import httpx
import msgspec

from harness.contract.control import PARTNER_CONTROL
from harness.errors import ContractBroken, PartnerRefused, PartnerUnreachable, Unsupported
from harness.partner.port import (
    Activity,
    Appointment,
    Connection,
    Health,
    MappingRow,
    OfferHeld,
    PartnerBreak,
    PeriodHeld,
    Person,
)
from harness.vocabulary import AddressId, Patient, Period, Service

__all__ = ["IDLE_S", "HttpPartner", "control_client", "to_partner"]

T = TypeVar("T")

NOT_IMPLEMENTED = 501
IMPORT_S = 120.0
"""How long reading everything that Docplanner shares may take, in one call: a clinic may have hundreds of calendars."""
IDLE_S = 1.0
"""How long a connection is kept for the next call. Servers close idle ones, many after 5 s and some after 2: a call
that meets the closing is lost, and nobody can tell whether it was carried out."""


class _Items(msgspec.Struct, frozen=True):
    items: msgspec.Raw


class _Periods(msgspec.Struct, frozen=True):
    periods: tuple[PeriodHeld, ...]


class _Imported(msgspec.Struct, frozen=True):
    imported: int


class _Refusal(msgspec.Struct, frozen=True):
    error: str
    message: str


def to_partner(idle_s: float = IDLE_S) -> httpx.HTTPTransport:
    """Connections to a partner system, each used again only within ``idle_s``."""
    return httpx.HTTPTransport(limits=httpx.Limits(keepalive_expiry=idle_s))


def control_client(
    url: str, *, token: str | None, transport: httpx.BaseTransport | None = None, timeout_s: float
) -> httpx.Client:
    """A client of the control contract at ``url``; it follows no redirect. ``transport`` None opens connections."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(
        base_url=url.rstrip("/"), headers=headers, transport=transport, timeout=timeout_s, follow_redirects=False
    )


class HttpPartner:
    """The partner system behind ``url``.

    ``token`` is sent as a bearer token where given; ``transport`` records (and is replaced in tests); ``timeout_s`` is
    how long one control call may take: an import of a large clinic is one call.
    """

    asks_a_person = False

    def __init__(
        self, url: str, *, token: str | None = None, transport: httpx.BaseTransport, timeout_s: float = 60.0
    ) -> None:
        self._http = control_client(url, token=token, transport=transport, timeout_s=timeout_s)
        self._import_s = max(timeout_s, IMPORT_S)
        self.url = url.rstrip("/")

    def __repr__(self) -> str:
        return f"HttpPartner({self.url!r})"

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    # -- the system as a whole ------------------------------------------------------------------------------------

    def health(self) -> Health:
        """Who the system is and what it can do."""
        return self._read(self._call("GET", "/health"), Health)

    def reset(self) -> None:
        """Forget what earlier runs left behind."""
        self._call("POST", "/reset")

    def set_clock(self, now: datetime) -> None:
        """It is ``now``, and time goes on from there."""
        self._call("PUT", "/clock", {"now": now.isoformat()})

    def connect(self, connection: Connection) -> None:
        """Where Docplanner is from now on."""
        body: dict[str, object] = {
            "api_base_url": connection.api_base_url,
            "token_url": connection.token_url,
            "client_id": connection.client_id,
            "client_secret": connection.client_secret,
            "delivery": connection.delivery,
            "marketplace": connection.marketplace,
            "time_zone": connection.time_zone,
        }
        if connection.callback_api_key is not None:
            body["callback_api_key"] = connection.callback_api_key
            body["callback_api_key_header"] = connection.callback_api_key_header
        self._call("PUT", "/connection", body)

    def import_mapping(self) -> int:
        """Read and map every resource; how many things were imported."""
        return self._read(self._call("POST", "/mapping/import", timeout_s=self._import_s), _Imported).imported

    def mapping(self) -> tuple[MappingRow, ...]:
        """What is mapped now, what is gone included."""
        return self._items(self._call("GET", "/mapping"), MappingRow)

    def sync(self, addresses: Sequence[AddressId]) -> None:
        """Start a full synchronisation of the calendars named."""
        self._call("POST", "/sync", {"address_ids": list(addresses)})

    def pull(self) -> None:
        """Pull the notifications that wait."""
        self._call("POST", "/pull")

    def activity(self) -> Activity:
        """What is still under way."""
        return self._read(self._call("GET", "/activity"), Activity)

    def set_active(self, active: bool) -> None:
        """Switch the integration off, or on again."""
        self._call("PUT", "/integration", {"active": active})

    # -- the calendars --------------------------------------------------------------------------------------------

    def offer(self, address: AddressId) -> OfferHeld:
        """What the clinic offers there."""
        return self._read(self._call("GET", _calendar(address, "offer")), OfferHeld)

    def set_offer(self, address: AddressId, services: Sequence[Service], providers: Sequence[str]) -> None:
        """Staff decide what the clinic offers there."""
        offered = [{"service_id": one.service_id, "duration": one.minutes} for one in services]
        body = {"services": offered, "insurance_provider_ids": list(providers)}
        self._call("PUT", _calendar(address, "offer"), body)

    def schedule(self, address: AddressId, since: datetime, till: datetime) -> tuple[PeriodHeld, ...]:
        """Working periods that overlap the range."""
        answer = self._call("GET", _calendar(address, "schedule"), params=_range(since, till))
        return self._read(answer, _Periods).periods

    def set_schedule(self, address: AddressId, days: Sequence[date], periods: Sequence[Period]) -> None:
        """The working time of ``days`` becomes exactly ``periods``."""
        body = {
            "days": [day.isoformat() for day in days],
            "periods": [
                {
                    "start": period.start.isoformat(),
                    "end": period.end.isoformat(),
                    "services": [{"address_service_id": one.id, "duration": one.minutes} for one in period.services],
                    **_insurance(period),
                }
                for period in periods
            ],
        }
        self._call("PUT", _calendar(address, "schedule"), body)

    def appointments(self, address: AddressId, since: datetime, till: datetime) -> tuple[Appointment, ...]:
        """Every appointment that starts in the range, cancelled ones included."""
        answer = self._call("GET", _calendar(address, "appointments"), params=_range(since, till))
        return self._items(answer, Appointment)

    def appointments_of(
        self, addresses: Sequence[AddressId], since: datetime, till: datetime, *, ids: bool = False
    ) -> Mapping[AddressId, tuple[Appointment, ...]]:
        """The same of several calendars; ids are always told."""
        del ids
        return {one: self.appointments(one, since, till) for one in addresses}

    def add_appointment(self, address: AddressId, values: Mapping[str, object], patient: Patient) -> Appointment:
        """Staff book; ``values`` are start, duration and address_service_id."""
        body = {**values, "patient": msgspec.to_builtins(Person.of(patient))}
        return self._read(self._call("POST", _calendar(address, "appointments"), body), Appointment)

    def move_appointment(self, address: AddressId, appointment: str, values: Mapping[str, object]) -> Appointment:
        """Staff move; ``values`` are start and, where they change, duration, address_service_id, address_id."""
        path = _calendar(address, "appointments", appointment, "move")
        return self._read(self._call("POST", path, values), Appointment)

    def confirm_appointment(self, address: AddressId, appointment: str) -> None:
        """Staff confirm."""
        self._call("POST", _calendar(address, "appointments", appointment, "confirm"))

    def mark_presence(self, address: AddressId, appointment: str, presence: str) -> None:
        """Staff note that the patient was ``present`` or ``absent``."""
        self._call("PUT", _calendar(address, "appointments", appointment, "presence"), {"presence": presence})

    def cancel_appointment(self, address: AddressId, appointment: str) -> None:
        """Staff cancel."""
        self._call("DELETE", _calendar(address, "appointments", appointment))

    def breaks(self, address: AddressId, since: datetime, till: datetime) -> tuple[PartnerBreak, ...]:
        """Breaks that overlap the range."""
        return self._items(self._call("GET", _calendar(address, "breaks"), params=_range(since, till)), PartnerBreak)

    def add_break(self, address: AddressId, since: datetime, till: datetime, description: str) -> PartnerBreak:
        """Staff block time."""
        body = {"since": since.isoformat(), "till": till.isoformat(), "description": description}
        return self._read(self._call("POST", _calendar(address, "breaks"), body), PartnerBreak)

    def move_break(self, address: AddressId, break_id: str, since: datetime, till: datetime) -> None:
        """Staff move blocked time."""
        body = {"since": since.isoformat(), "till": till.isoformat()}
        self._call("PATCH", _calendar(address, "breaks", break_id), body)

    def remove_break(self, address: AddressId, break_id: str) -> None:
        """Staff free blocked time."""
        self._call("DELETE", _calendar(address, "breaks", break_id))

    # -- the wire -------------------------------------------------------------------------------------------------

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        params: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> bytes:
        what = f"{method} {path}"
        timeout = httpx.USE_CLIENT_DEFAULT if timeout_s is None else timeout_s
        try:
            answer = self._http.request(method, path, json=body, params=params, timeout=timeout)
        except httpx.HTTPError as error:
            message = f"The partner system did not answer {what} on {self.url} ({type(error).__name__})."
            raise PartnerUnreachable(message) from error
        operation = PARTNER_CONTROL.match(method, path)
        if operation is None:  # our own call, so our own mistake
            message = f"{what} is not part of the partner control contract."
            raise ContractBroken(message)
        content_type = answer.headers.get("content-type", "")
        breaches = PARTNER_CONTROL.check_response(
            operation.operation.id, answer.status_code, content_type, answer.content
        )
        if answer.is_success and not breaches:
            return answer.content
        if breaches:
            message = f"The partner system answered {what} with {answer.status_code}, and {'; '.join(breaches[:3])}."
            raise ContractBroken(message)
        refusal = msgspec.json.decode(answer.content, type=_Refusal)
        kind = Unsupported if answer.status_code == NOT_IMPLEMENTED else PartnerRefused
        message = f"The partner system refused {what}: {answer.status_code} {refusal.error}, {refusal.message}"
        raise kind(message, status=answer.status_code, error=refusal.error)

    def _read(self, content: bytes, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(content, type=kind, strict=False)
        except msgspec.DecodeError as error:
            message = f"The partner system's answer cannot be read as {kind.__name__}: {error}."
            raise ContractBroken(message) from error

    def _items(self, content: bytes, kind: type[T]) -> tuple[T, ...]:
        return self._read(bytes(self._read(content, _Items).items), tuple[kind, ...])  # type: ignore[valid-type]


def _insurance(period: Period) -> dict[str, object]:
    if period.insurance_accepted is None:
        return {}
    return {
        "insurance_accepted": period.insurance_accepted,
        "insurance_provider_ids": list(period.insurance_provider_ids),
    }


def _calendar(address: str, *rest: str) -> str:
    return "/".join(["/calendars", *(quote(part, safe="") for part in (address, *rest))])


def _range(since: datetime, till: datetime) -> dict[str, str]:
    return {"from": since.isoformat(), "to": till.isoformat()}

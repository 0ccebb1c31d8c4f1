"""What may be asked of a Docplanner, decided on what would be sent: a transport, so that nothing goes round it.

Reading is allowed, writing only to facilities that were named. What is not understood is refused: an operation that the
contract does not know, a path that could be read in two ways, a header that would change what a request means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

import httpx

from harness.client.models import CalendarAt
from harness.contract.checker import decoded
from harness.contract.json_value import JsonValue, object_of, text_of
from harness.contract.operations import Operation, match
from harness.errors import NotAllowed
from harness.vocabulary import phone_key

__all__ = ["API_PATH", "CONSUMING", "TOKEN_PATH", "Asked", "Guard", "Scope", "check", "origin_of", "understood"]

API_PATH = "/api/v3/integration"
TOKEN_PATH = "/oauth/v2/token"  # noqa: S105 - a path, no token
CONSUMING = frozenset({"pullNotification", "pullMultipleNotification", "releaseNotifications"})
"""What takes notifications away from the partner system, a GET or not: what is pulled is gone."""
NEVER = {
    "removeAddressIntegration": "the API has no way to integrate an address again",
    "requestOpinion": "it sends a message to a patient",
}
"""What is refused outside an embedded sandbox, whatever facility it is about, and why."""
REWRITING = re.compile(r"override|x-http-method|x-original|x-rewrite|forwarded|x-host", re.IGNORECASE)
"""Headers by which some servers read another method, path or host than those of the request."""
EXTENSIONS = frozenset({"timeout", "trace"})
"""Those of httpx that do not change where a request goes: ``target`` and ``sni_hostname`` would."""
ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
SEGMENT = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+", re.ASCII)
NAMING = frozenset({"bookSlot"})
"""What is never written without saying for whom."""
LEAST_DIGITS = 8
"""Of a phone that can be told from others."""
ONE_ADDRESS = re.compile(r"[^@,;<>\s]+@[^@,;<>\s]+")
RESERVED = (".example", ".test", ".invalid", "@example.com", "@example.org", "@example.net", ".example.com")
"""How e-mail addresses end that reach nobody. Source: RFC 2606."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be done where."""

    origin: str
    """Scheme, host and, where it is not the usual one, port: ``https://www.znanylekarz.pl``."""
    facilities: frozenset[str] = frozenset()
    """Those that may be written to; empty for reading alone."""
    calendars: frozenset[CalendarAt] | None = None
    """Within them, those that were shown and confirmed; None for all."""
    phones: frozenset[str] | None = None
    """The tester's own: no other patient is given to Docplanner; None where that is not looked at."""
    emails: frozenset[str] = frozenset()
    nin: str | None = field(default=None, repr=False)
    """The tester's national number."""
    nin_at: frozenset[CalendarAt] = frozenset()
    """Where one is demanded: nowhere else it is given."""
    owner: bool = False
    """Whether who asks is the partner system, whose own notifications it may pull and release."""
    embedded: bool = False
    """Whether it is an embedded sandbox, where everything that the API knows may be done."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request means."""

    operation: Operation | None
    """None for the token."""
    params: Mapping[str, str] = field(default_factory=dict)
    body: JsonValue = field(default=None, repr=False)

    @property
    def changes(self) -> bool:
        """Whether something is different afterwards."""
        return self.operation is not None and (self.operation.writes or self.operation.id in CONSUMING)

    @property
    def calendar(self) -> CalendarAt | None:
        """The calendar that it is about, if it is about one."""
        ids = [self.params.get(name) for name in ("facility_id", "doctor_id", "address_id")]
        return CalendarAt(*[one for one in ids if one]) if all(ids) else None


class Guard(httpx.BaseTransport):
    """Hands on what ``scope`` allows. What it does not allow is never sent."""

    def __init__(self, inner: httpx.BaseTransport, scope: Scope) -> None:
        self._inner = inner
        self._scope = scope

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` where it is allowed.

        Raises:
            NotAllowed: it is not; nothing was sent.
        """
        check(understood(request, self._scope), self._scope)
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close what is beneath."""
        self._inner.close()


def understood(request: httpx.Request, scope: Scope) -> Asked:
    """What the request means, read as Docplanner reads it.

    Raises:
        NotAllowed: it goes elsewhere, or could be read in more than one way.
    """
    where = f"{request.method} {request.url.copy_with(query=None)}"
    if origin_of(request.url) != scope.origin or request.headers.get_list("host") not in _hosts(request.url):
        raise NotAllowed(f"{where}: not at {scope.origin}, and nothing else may be asked.")
    if odd := [name for name in request.headers if REWRITING.search(name)]:
        raise NotAllowed(f"{where}: the header {odd[0]} could make another request of it.")
    if odd := sorted(set(request.extensions) - EXTENSIONS):
        raise NotAllowed(f"{where}: the extension {odd[0]} could send it elsewhere.")
    raw, _, query = request.url.raw_path.decode("ascii").partition("?")
    if raw == TOKEN_PATH and request.method == "POST" and not query:
        return Asked(None)
    path = _plain(raw, where)
    found = match(request.method, path) if request.method.isupper() else None
    if found is None:
        raise NotAllowed(f"{where}: the API knows no such operation.")
    if "_method" in dict(parse_qsl(query, keep_blank_values=True)):
        raise NotAllowed(f"{where}: _method could make another request of it.")
    return Asked(found.operation, found.params, _body(request, where) if found.operation.writes else None)


def check(asked: Asked, scope: Scope) -> None:
    """Whether it may be done.

    Raises:
        NotAllowed: it may not.
    """
    operation = asked.operation
    if operation is None or not asked.changes or scope.embedded:
        return
    if operation.id in CONSUMING and scope.owner:
        return
    if operation.id in CONSUMING:
        message = f"{operation.id} is for an embedded sandbox alone: {scope.origin} belongs to the partner system."
        raise NotAllowed(message, hint="Let the partner system pull or release its own notifications.")
    if operation.id in NEVER:
        raise NotAllowed(f"{operation.id} is for an embedded sandbox alone: {NEVER[operation.id]}.")
    facility = asked.params.get("facility_id")
    if facility is None or facility not in scope.facilities:
        message = f"{operation.id} would write to facility {facility} at {scope.origin}, which is not allowed."
        raise NotAllowed(message, hint=f"Add --allow-facility {facility} if it is a clinic made for tests.")
    if odd := [value for name, value in asked.params.items() if name.endswith("_id") and not ID.fullmatch(value)]:
        raise NotAllowed(f"{operation.id}: {odd[0]!r} is no id.")
    _check_calendars(asked, operation, scope)
    _check_patient(asked, operation, scope)


def _check_calendars(asked: Asked, operation: Operation, scope: Scope) -> None:
    if scope.calendars is None:
        return
    if asked.calendar not in scope.calendars:
        message = f"{operation.id} would write to a calendar that was not there when the estate was confirmed."
        raise NotAllowed(message, hint="Confirm the estate again: something was added to it.")
    target = object_of(asked.body).get("address_id")
    known = {(one.facility_id, one.address_id) for one in scope.calendars}
    if target is not None and (asked.params["facility_id"], str(target)) not in known:
        raise NotAllowed(f"{operation.id} would move a visit to address {target}, which was not confirmed.")


def _check_patient(asked: Asked, operation: Operation, scope: Scope) -> None:
    """No message of Docplanner's may reach a stranger."""
    body = object_of(asked.body)
    patient = object_of(body.get("patient"))
    if scope.phones is None or (not patient and operation.id not in NAMING and "patient" not in body):
        return
    if not any(_same_phone(str(patient.get("phone") or ""), one) for one in scope.phones):
        raise NotAllowed(f"{operation.id} names a patient whose phone is not the tester's: a stranger would be told.")
    email = text_of(patient.get("email")).strip().lower()
    reserved = bool(ONE_ADDRESS.fullmatch(email)) and email.endswith(RESERVED)
    if patient.get("email") and email not in scope.emails and not reserved:
        raise NotAllowed(
            f"{operation.id} names a patient whose e-mail address is not the tester's, nor a reserved one."
        )
    nin = patient.get("nin")
    if nin and (nin != scope.nin or asked.calendar not in scope.nin_at):
        message = f"{operation.id} gives a national number that is not the tester's, or that is not demanded there."
        raise NotAllowed(message, hint="The tester's stands in ACCEPTANCE_TESTER_NIN, for addresses that demand one.")


def _same_phone(given: str, tester: str) -> bool:
    """Whether it is the tester's phone, with its country's code or as it is dialled at home."""
    told, own = ("".join(one for one in phone if one.isdigit()) for phone in (given, tester))
    home = phone_key(tester)
    return len(home) >= LEAST_DIGITS and told in {own, f"00{own}", home, f"0{home}"}


def origin_of(url: httpx.URL) -> str:
    """Scheme, host and, where it is not the usual one, port."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _hosts(url: httpx.URL) -> list[list[str]]:
    """Values of the Host header that say nothing else than the address."""
    return [[], [url.netloc.decode("ascii")]]


def _plain(raw: str, where: str) -> str:
    """The path below the API's, if it can be read in one way alone."""
    if not raw.startswith(f"{API_PATH}/"):
        raise NotAllowed(f"{where}: not below {API_PATH}.")
    path = raw.removeprefix(API_PATH)
    for segment in path[1:].split("/"):
        plain = unquote(segment, errors="replace")
        odd = not SEGMENT.fullmatch(segment) or plain in {".", ".."} or ";" in plain
        if odd or any(one in plain for one in "/\\%?#\ufffd") or not plain.isprintable() or plain != plain.strip():
            raise NotAllowed(f"{where}: {segment!r} in its path could be read in more than one way.")
    return path


def _body(request: httpx.Request, where: str) -> JsonValue:
    """The body of a write as JSON; None where there is none."""
    content = request.read()
    if not content:
        return None
    kinds = [one.partition(";")[0].strip().lower() for one in request.headers.get_list("content-type")]
    if (
        kinds not in (["application/json"], ["application/vnd.docplanner+json"])
        or "content-encoding" in request.headers
    ):
        raise NotAllowed(f"{where}: what it would write is not plain JSON.")
    value = decoded(content)
    if not isinstance(value, dict):
        raise NotAllowed(f"{where}: what it would write is no JSON object.")
    return value

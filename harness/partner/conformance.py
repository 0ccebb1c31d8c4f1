"""Does a system serve the partner control contract? Operation by operation: what was expected, seen, and what is next.

Reading alone is harmless. What writes is asked only where the user allowed it, on one calendar, and takes back what it
adds. ``reset``, ``connect`` and ``setClock`` are never called: a run does that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import quote

import httpx

from harness.contract.checker import decoded
from harness.contract.control import PARTNER_CONTROL
from harness.contract.json_value import JsonValue, array_of, object_of, text_of
from harness.partner.conformity import CAPABILITY, Conformity, Row

__all__ = ["Asked", "conformance"]

NOBODY = "no-such-address"
"""An address that no system has mapped."""
AHEAD = timedelta(days=60)
"""Where the visit and the break of a check that writes stand."""
HOUR = timedelta(hours=1)
MONTH = timedelta(days=28)
PATIENT = {"name": "Acceptance", "surname": "Check", "phone": "+48500000000", "email": "check@acceptance.example"}
BY_A_RUN = frozenset({"reset", "connect", "setClock"})
"""What a check never calls: what forgets, connects, or moves the clock."""
PROFILE = frozenset({"services", "insurances"})
CONFLICT = 409
UNSUPPORTED = 501
UNAUTHORISED = frozenset({401, 403})


@dataclass(slots=True)
class Asked:
    """Where the system is and how it may be asked. The token does not show in a repr."""

    http: httpx.Client = field(repr=False)
    now: datetime
    write: bool = False
    address: str | None = None
    """The calendar to ask for; None for the first that is mapped."""


@dataclass(slots=True)
class _Check:
    asked: Asked
    rows: list[Row] = field(default_factory=list)
    capabilities: frozenset[str] = frozenset()
    silent: bool = False
    """Whether it left a call without an answer: reading alone, it is not waited for again and again."""

    def call(
        self,
        operation: str,
        expected: tuple[int, ...] | None = None,
        body: object = None,
        params: Mapping[str, str] | None = None,
        ids: Mapping[str, str] | None = None,
    ) -> Mapping[str, JsonValue] | None:
        """The answer's body where it is one that was expected; a row in any case."""
        known = PARTNER_CONTROL.operations[operation]
        lacking = operation in CAPABILITY and CAPABILITY[operation] not in self.capabilities
        if self.silent and not self.asked.write:
            self.untold("it no longer answers", operation)
            return None
        wanted = (UNSUPPORTED,) if lacking else expected or known.success
        words = " or ".join(str(one) for one in wanted)
        words += f", as {CAPABILITY[operation]} is not declared" if lacking else ""
        path = known.template
        for name, value in (ids or {}).items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        try:
            answer = self.asked.http.request(known.method, path, json=body, params=params)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self.silent = True
            follow = "Is it running, and does it listen there?"
            self.add(operation, Conformity.UNKNOWN, words, f"no answer ({type(error).__name__})", follow)
            return None
        kind = answer.headers.get("content-type")
        breaches = PARTNER_CONTROL.check_response(operation, answer.status_code, kind, answer.content)
        if breaches:
            follow = "Compare the answer with harness/contract/partner-control.yaml."
            self.add(operation, Conformity.FAILED, words, f"{answer.status_code}; {'; '.join(breaches[:3])}", follow)
            return None
        if answer.status_code == CONFLICT and CONFLICT not in wanted:
            follow = "Connect it to Docplanner, as a run does, or free the time, and check again."
            self.add(operation, Conformity.UNKNOWN, words, "409: its state forbids it", follow)
            return None
        if answer.status_code not in wanted:
            follow = "Answer as the contract says, or do not declare the capability."
            if answer.status_code in UNAUTHORISED:
                follow = "Give the token that it wants: ACCEPTANCE_PARTNER_TOKEN, or a file."
            self.add(operation, Conformity.FAILED, words, str(answer.status_code), follow)
            return None
        self.add(operation, Conformity.OK, words, str(answer.status_code), "")
        content = decoded(answer.content) if answer.content else {}
        return object_of(content) if isinstance(content, dict) else {}

    def perhaps(self, status: int) -> tuple[int, ...]:
        """What an operation about the profile may answer: a system that declares neither half of it may lack it."""
        return (status,) if PROFILE & self.capabilities else (status, UNSUPPORTED)

    def add(self, operation: str, outcome: Conformity, expected: str, seen: str, follow: str) -> None:
        known = PARTNER_CONTROL.operations[operation]
        self.rows.append(Row(operation, known.method, known.template, known.writes, outcome, expected, seen, follow))

    def left(self, what: str) -> None:
        """What the last call should have taken back is still there."""
        self.rows[-1] = replace(self.rows[-1], follow=f"Take {what} away by hand. {self.rows[-1].follow}")

    def untold(self, why: str, *operations: str) -> None:
        for one in operations:
            self.add(
                one, Conformity.UNKNOWN, "an answer", f"not asked: {why}", "Give it such a thing, and check again."
            )


def conformance(asked: Asked) -> tuple[Row, ...]:
    """Every operation of the contract, in its order; some may have more than one row.

    Takes one short call an operation. Nothing is repeated. Patients' data is neither kept nor quoted.
    """
    check = _Check(asked)
    health = check.call("health")
    if health is None:
        return tuple(check.rows)
    check.capabilities = frozenset(text_of(one) for one in array_of(health.get("capabilities")))
    if "push" in check.capabilities and not health.get("callback_url"):
        follow = "Name where it takes notifications."
        check.add("health", Conformity.FAILED, "a callback_url, as push is declared", "none", follow)
    mapping = check.call("getMapping") or {}
    check.call("getActivity")
    check.call("getOffer", check.perhaps(404), ids={"address_id": NOBODY})
    rows = [object_of(one) for one in array_of(mapping.get("items"))]
    mapped = [one for one in rows if one.get("status") == "mapped"]
    addresses = [text_of(one["docplanner_id"]) for one in mapped if one.get("kind") == "address"]
    address = asked.address or next(iter(addresses), None)
    if address is None:
        check.untold("no address is mapped", *_of_calendars())
    else:
        appointments = _read(check, address)
        service = next((text_of(one["docplanner_id"]) for one in mapped if _serves(one, address)), None)
        if asked.write:
            _write(check, address, service)
        elif not appointments:
            check.untold("there is no appointment in the next 28 days", "getAppointment")
    if asked.write:
        _write_whole(check)
    _say_what_was_not_asked(check)
    order = list(PARTNER_CONTROL.operations)
    return tuple(sorted(check.rows, key=lambda row: order.index(row.operation)))


def _say_what_was_not_asked(check: _Check) -> None:
    seen = {one.operation for one in check.rows}
    for operation in PARTNER_CONTROL.operations:
        if operation in seen:
            continue
        why, follow = "it writes", "Allow it with --write."
        if operation in BY_A_RUN:
            why, follow = "a run does it", ""
        elif check.asked.write:
            why, follow = "there was nothing to ask it for", ""
        check.add(operation, Conformity.NOT_ASKED, "", f"not asked: {why}", follow)


def _of_calendars() -> Iterator[str]:
    for name, operation in PARTNER_CONTROL.operations.items():
        if operation.template.startswith("/calendars/") and not operation.writes and name != "getOffer":
            yield name


def _serves(row: Mapping[str, JsonValue], address: str) -> bool:
    return row.get("kind") == "service" and row.get("parent_id") == address


def _read(check: _Check, address: str) -> bool:
    """Whether there was an appointment to look at."""
    here = {"address_id": address}
    span = {"from": check.asked.now.isoformat(), "to": (check.asked.now + MONTH).isoformat()}
    check.call("getOffer", check.perhaps(200), ids=here)
    check.call("getSchedule", params=span, ids=here)
    held = check.call("getAppointments", params=span, ids=here) or {}
    check.call("getBreaks", None if "breaks" in check.capabilities else (200, UNSUPPORTED), params=span, ids=here)
    items = [object_of(one) for one in array_of(held.get("items"))]
    if items:
        check.call("getAppointment", ids={**here, "appointment_id": text_of(items[0]["id"])})
    return bool(items)


def _write(check: _Check, address: str, service: str | None) -> None:
    """Staff's acts, each taken back: a visit and a break of their own, offer and schedule as they were."""
    here = {"address_id": address}
    start = (check.asked.now + AHEAD).replace(minute=0, second=0, microsecond=0)
    offer = check.call("getOffer", check.perhaps(200), ids=here)
    if offer is not None and check.rows[-1].seen == "200":
        check.call("setOffer", check.perhaps(204), body=dict(offer), ids=here)
    check.call("setSchedule", (422,), body={"days": [], "periods": [_stray(start, service)]}, ids=here)
    if check.rows[-1].seen.startswith("2"):
        check.left(f"working time at {start:%d %b %H:%M} UTC")
    block = {"since": start.isoformat(), "till": (start + HOUR).isoformat(), "description": "acceptance check"}
    added = check.call("addBreak", body=block, ids=here)
    if added is not None and "breaks" in check.capabilities:
        one = text_of(added["id"])
        later = {**block, "since": (start + HOUR / 2).isoformat()}
        check.call("moveBreak", body=later, ids={**here, "break_id": one})
        if check.call("removeBreak", ids={**here, "break_id": one}) is None:
            check.left(f"break {one}")
    if service is None:
        check.untold("no service of the address is mapped", "addAppointment")
        return
    visit = {"start": (start + 2 * HOUR).isoformat(), "duration": 30, "address_service_id": service, "patient": PATIENT}
    made = check.call("addAppointment", body=visit, ids=here)
    if made is None:
        return
    held = {"address_id": address, "appointment_id": text_of(made["id"])}
    check.call("getAppointment", ids=held)
    check.call("confirmAppointment", ids=held)
    moved = check.call("moveAppointment", body={"start": (start + 3 * HOUR).isoformat()}, ids=held)
    held["appointment_id"] = text_of(moved["id"]) if moved else held["appointment_id"]
    # a visit to come: whether presence can be noted before it has begun is the system's to say
    check.call("markPresence", (204, 409, 422), body={"presence": "present"}, ids=held)
    if check.call("cancelAppointment", ids=held) is None:
        check.left(f"visit {held['appointment_id']}")
    else:
        check.call("cancelAppointment", (409,), ids=held)


def _stray(start: datetime, service: str | None) -> dict[str, object]:
    """Working time on a day that is not named, which no system may take."""
    services = [{"address_service_id": service, "duration": 30}] if service else []
    return {"start": start.isoformat(), "end": (start + HOUR).isoformat(), "services": services}


def _write_whole(check: _Check) -> None:
    check.call("importMapping", (200, 502))
    check.call("sync", (202, 502), body={})
    check.call("pull")
    check.call("setIntegration", body={"active": True})

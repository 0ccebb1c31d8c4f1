"""The partner system before a run: there, let in, on time, in the contract's words, and its endpoint answering."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import httpx

from harness.clock import Clock
from harness.contract.checker import decoded
from harness.contract.json_value import array_of, object_of, text_of
from harness.partner.conformance import Asked, conformance
from harness.partner.conformity import CAPABILITY, Conformity, Row
from harness.preflight.clocks import clock_line, drift
from harness.preflight.endpoint import Key, endpoint_lines
from harness.preflight.line import Line, Status

__all__ = ["callback_of", "partner_lines"]

WORSE = (Conformity.NOT_ASKED, Conformity.OK, Conformity.UNKNOWN, Conformity.FAILED)


@dataclass(frozen=True, slots=True)
class _Health:
    """What the system says of itself; empty where it says so in no words of the contract."""

    system: str = ""
    capabilities: frozenset[str] = frozenset()
    callback_url: str = ""


def partner_lines(
    http: httpx.Client,
    bare: httpx.Client,
    clock: Clock,
    key: Key | None = None,
    needed: frozenset[str] = frozenset(),
) -> tuple[Line, ...]:
    """Everything that reading tells; ``http`` carries the token, ``bare`` nothing and no address.

    ``key`` is that of the notification endpoint, where one is agreed; ``needed`` are capabilities without which the run
    that was asked for cannot be. Takes a short call an operation, and a few more.
    The first line that finds nobody is the last.
    """
    sent = clock.now()
    try:
        answer = http.get("/health")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        remedy = "Is the system running, and does it listen there? See partner.url, or --partner."
        return (Line("system", Status.TROUBLE, f"no answer on {http.base_url} ({type(error).__name__})", remedy),)
    received = clock.now()
    rows = conformance(Asked(http, received))
    sound = all(row.outcome is not Conformity.FAILED for row in rows if row.operation == "health")
    health = _health(answer) if sound else _Health()
    return (
        *(_system(health, needed) if sound else ()),
        *(endpoint_lines(health.callback_url, bare, key) if "push" in health.capabilities else ()),
        *_token(http, bare, answer),
        clock_line("clock of the system", drift(answer.headers.get("date"), sent, received)),
        *_contract(rows, health),
    )


def callback_of(http: httpx.Client) -> str | None:
    """Where the system says that it takes notifications; None where it does not, or is not there."""
    try:
        return _health(http.get("/health")).callback_url or None
    except (httpx.HTTPError, httpx.InvalidURL):
        return None


def _health(answer: httpx.Response) -> _Health:
    content = decoded(answer.content)
    told = content if isinstance(content, dict) else {}
    system = object_of(told.get("system"))
    return _Health(
        " ".join(text_of(system.get(one)) for one in ("name", "version")),
        frozenset(text_of(one) for one in array_of(told.get("capabilities"))),
        text_of(told.get("callback_url")),
    )


def _system(health: _Health, needed: frozenset[str]) -> Iterable[Line]:
    yield Line("system", Status.OK, health.system)
    declared = ", ".join(sorted(health.capabilities)) or "none"
    if not {"push", "pull"} & health.capabilities:
        remedy = "Declare push or pull in GET /health: no news could reach the system."
        yield Line("capabilities", Status.TROUBLE, declared, remedy)
    elif lacking := ", ".join(sorted(needed - health.capabilities)):
        remedy = f"Declare {lacking} if the system has it, or leave out the option that needs it."
        yield Line("capabilities", Status.TROUBLE, f"{declared}; the run needs {lacking} too", remedy)
    else:
        yield Line("capabilities", Status.OK, declared)


def _token(http: httpx.Client, bare: httpx.Client, answer: httpx.Response) -> Iterable[Line]:
    given, what = "authorization" in http.headers, "token of the system"
    if answer.status_code in {401, 403}:
        seen = "refused" if given else "wanted, and none is given"
        yield Line(what, Status.TROUBLE, seen, "Set ACCEPTANCE_PARTNER_TOKEN, or partner.token_file.")
    elif not given:
        yield Line(what, Status.OK, "none is given, none is wanted")
    else:
        try:
            let_in = bare.get(f"{str(http.base_url).rstrip('/')}/health").is_success
        except httpx.HTTPError:
            let_in = False
        remedy = "Let nobody steer the system who has no token, if others can reach it." if let_in else ""
        status = Status.WARNING if let_in else Status.OK
        yield Line(what, status, "taken, and not needed" if let_in else "taken", remedy)


def _contract(rows: Sequence[Row], health: _Health) -> Iterable[Line]:
    """The worst row of each operation, and how many write."""
    asked: dict[str, Row] = {}
    for row in rows:
        if row.outcome is not Conformity.NOT_ASKED:
            known = asked.get(row.operation, row)
            asked[row.operation] = max(row, known, key=lambda one: WORSE.index(one.outcome))
    for row in asked.values():
        status = _status(row, health)
        seen = row.seen if status in {Status.OK, Status.NOT_ASKED} else f"{row.seen}; expected {row.expected}"
        yield Line(f"control contract, {row.operation}", status, seen.removeprefix("not asked: "), row.follow)
    count = len({row.operation for row in rows} - asked.keys())
    remedy = "`acceptance partner check URL --write` tries them on one calendar."
    yield Line(
        "control contract, the rest", Status.NOT_ASKED, f"{count} operations that write: a run asks them", remedy
    )


def _status(row: Row, health: _Health) -> Status:
    """Only answers in other words than the contract's are in the way.

    What is refused in its words, or done though it is not declared, a run asks for all the same, and judges.
    """
    if row.outcome is Conformity.UNKNOWN and row.seen.startswith("not asked"):
        return Status.NOT_ASKED
    if row.outcome is Conformity.FAILED:
        lacking = row.operation in CAPABILITY and CAPABILITY[row.operation] not in health.capabilities
        return Status.WARNING if lacking or row.seen.isdecimal() else Status.TROUBLE
    return Status.OK if row.outcome is Conformity.OK else Status.UNKNOWN

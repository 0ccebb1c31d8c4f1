"""A Docplanner that is not embedded, by reading alone: token, clock, limits, and what its API client sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from harness.client.api import DocplannerApi
from harness.client.calls import Endpoint
from harness.client.models import Facility
from harness.client.outcome import Done, Outcome, Refused
from harness.clock import Clock
from harness.contract.limits import WRITES_PER_HOUR, WRITES_PER_MINUTE
from harness.preflight.clocks import Drift, clock_line, drift
from harness.preflight.hearing import Heard, Hearing
from harness.preflight.line import Line, Status
from harness.preflight.visible import visible_lines
from harness.safety.session import Transport, reading

__all__ = ["docplanner_lines"]

TIMEOUT_S = 10.0
"""How long one call may take: a check answers in seconds."""
FAR_OFF = timedelta(seconds=60)
"""With clocks so far apart a limit of a minute cannot be kept to by its reset. [assumed]"""
FEW_READS = 500
"""A run of the live assembly reads some hundred times. [assumed]"""
UNAUTHORISED = frozenset({400, 401, 403})
REDIRECTS = range(300, 400)
TOO_MANY = 429
SECRET = "docplanner.client_id and its secret (ACCEPTANCE_CLIENT_SECRET, or a file)"  # noqa: S105 - where one is


def docplanner_lines(
    endpoint: Endpoint, transport: Transport, writable: frozenset[str], clock: Clock, *, has_nin: bool
) -> tuple[Line, ...]:
    """Everything that reading tells; ``writable`` are ids of the facilities that may be written to.

    ``has_nin``: whether the tester's national number is told, which some addresses demand.

    All checks are made, whatever one of them says; without a token there is nothing to read, and the others say so.
    A handful of reads, and a few more for each doctor, at the same time. No limit is waited for.
    """
    hearing = Hearing(transport, clock)
    hurried = replace(endpoint, timeout_s=min(endpoint.timeout_s, TIMEOUT_S))
    with reading(hurried, hearing, clock, patience=timedelta(0)) as api:
        facilities = api.directory.facilities()
        token = _token(endpoint, hearing)
        lines = [token, *_seen(api, facilities, writable, token, has_nin=has_nin)]
    last = hearing.heard[-1] if hearing.heard else None
    clocks = clock_line("clock of Docplanner", _closest(hearing.heard), FAR_OFF)
    return (*lines[:1], clocks, *_limits(hearing, facilities, last), *lines[1:], _endpoint())


def _token(endpoint: Endpoint, hearing: Hearing) -> Line:
    what, told, where = "token of Docplanner", hearing.token, endpoint.credentials.token_url
    client = endpoint.credentials.client_id
    if told is None:
        return Line(what, Status.TROUBLE, "the token service was not asked", f"Is {where} of the same Docplanner?")
    if told.status is None:
        remedy = f"Is {where} right, and may this machine reach it? An authority of its own is named by ca_file."
        return Line(what, Status.TROUBLE, f"no answer from {where} ({told.trouble})", remedy)
    if told.status in REDIRECTS:
        remedy = "Use https://www. and the marketplace's domain: a redirect turns the request into another one."
        return Line(what, Status.TROUBLE, f"{where} redirects ({told.status})", remedy)
    if told.status in UNAUTHORISED:
        seen = f"refused for client {client}: {told.status}, {told.error or 'no reason'}"
        remedy = f"Compare {SECRET} with those that Docplanner gave for this marketplace."
        return Line(what, Status.TROUBLE, seen, remedy)
    if told.error or not 200 <= told.status < 300:  # noqa: PLR2004 - what HTTP calls success
        seen = f"{where} answered {told.status}, {told.error or 'no success'}"
        return Line(what, Status.TROUBLE, seen, "Wait, and check again; is it the address of Docplanner?")
    took = (told.received - told.sent) / timedelta(milliseconds=1)
    return Line(what, Status.OK, f"obtained for client {client} in {took:.0f} ms")


def _seen(
    api: DocplannerApi,
    facilities: Outcome[tuple[Facility, ...]],
    writable: frozenset[str],
    token: Line,
    *,
    has_nin: bool,
) -> Iterable[Line]:
    what = "facilities"
    if token.status is not Status.OK:
        yield Line(what, Status.NOT_ASKED, "there is no token")
        return
    if isinstance(facilities, Refused) and facilities.status == TOO_MANY:
        yield Line(what, Status.TROUBLE, "not read: the reads are used up", "Wait for the reset, and check again.")
        return
    if not isinstance(facilities, Done):
        seen = str(facilities) if isinstance(facilities, Refused) else facilities.reason
        remedy = "Is docplanner.api_url right, up to /api/v3/integration? Else ask Docplanner about this API client."
        yield Line(what, Status.TROUBLE, seen, remedy)
        return
    yield from visible_lines(api, facilities.value, writable, has_nin=has_nin)


def _limits(hearing: Hearing, facilities: Outcome[tuple[Facility, ...]], last: Heard | None) -> Iterable[Line]:
    told = next((one for one in reversed(hearing.heard) if one.remaining and not one.token), None)
    asked = any(not one.token for one in hearing.heard)
    what = "reads left"
    if not asked or last is None:
        yield Line(what, Status.NOT_ASKED, "there is no token")
    elif told is None and isinstance(facilities, Refused) and facilities.status == TOO_MANY:
        yield Line(what, Status.TROUBLE, "429, and no word of a limit", "Wait some minutes, and check again.")
    elif told is None:
        yield Line(what, Status.OK, "no headers of a limit: there is none")
    else:
        yield _reads(what, told)
    yield Line(
        "writes left",
        Status.NOT_ASKED,
        f"only a write is told; {WRITES_PER_MINUTE} a minute and {WRITES_PER_HOUR} an hour are documented",
        "Let nothing else write with this API client while a run does.",
    )


def _reads(what: str, told: Heard) -> Line:
    seen = f"{told.remaining} of {told.limit or '?'}, until {_moment(told.reset)}"
    left = int(told.remaining) if told.remaining.isdecimal() else None
    if left is None:
        return Line(what, Status.UNKNOWN, "the headers of the limit make no sense", "Tell Docplanner.")
    if left == 0:
        return Line(what, Status.TROUBLE, seen, f"Wait until {_moment(told.reset)}: nothing can be read before.")
    if left < FEW_READS:
        return Line(
            what, Status.WARNING, seen, "A run may have to wait for the reset; let nothing else read meanwhile."
        )
    return Line(what, Status.OK, seen)


def _moment(reset: str) -> str:
    """Only what is a time is repeated."""
    try:
        return f"{datetime.fromisoformat(reset):%H:%M:%S%z}"
    except ValueError:
        return "a reset that is not told"


def _closest(heard: Iterable[Heard]) -> Drift | None:
    """What the quickest answer says, which says it best."""
    told = [drift(one.date, one.sent, one.received) for one in heard if one.status is not None]
    return min((one for one in told if one), key=lambda one: one.most - one.least, default=None)


def _endpoint() -> Line:
    return Line(
        "notifications of Docplanner",
        Status.NOT_ASKED,
        "the API has no operation that tells where they are sent, or with which key",
        "Have Docplanner confirm endpoint and key for this API client.",
    )

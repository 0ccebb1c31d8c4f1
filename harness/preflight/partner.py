"""The partner system before a run: there, let in, on time, in the contract's words, and its endpoint answering."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from harness.clock import Clock
from harness.contract.checker import decoded
from harness.contract.json_value import array_of, object_of, text_of
from harness.partner.conformance import Asked, conformance
from harness.partner.conformity import Conformity, Row
from harness.preflight.line import Line, Status

__all__ = ["partner_lines"]

SKEW = timedelta(seconds=5)
"""How far clocks may be apart before it is worth a word; an HTTP date tells whole seconds. [assumed]"""
SERVER_ERROR = 500
STATUS = {Conformity.OK: Status.OK, Conformity.FAILED: Status.FAILED, Conformity.UNKNOWN: Status.UNKNOWN}


def partner_lines(http: httpx.Client, bare: httpx.Client, clock: Clock) -> tuple[Line, ...]:
    """Everything that reading tells; ``http`` carries the token, ``bare`` nothing and no address.

    Takes a short call an operation, and two more. The first line that finds nobody is the last.
    """
    before = clock.now()
    try:
        answer = http.get("/health")
    except httpx.HTTPError as error:
        remedy = "Is the system running, and does it listen there? See partner.url, or --partner."
        return (Line("system", Status.FAILED, f"no answer on {http.base_url} ({type(error).__name__})", remedy),)
    now = before + (clock.now() - before) / 2
    rows = conformance(Asked(http, now))
    lines = [*_token(http, bare, answer), _clocks(answer, now)]
    if all(row.outcome is not Conformity.FAILED for row in rows if row.operation == "health"):
        lines = [*_system(answer, bare), *lines]
    return (*lines, *_contract(rows))


def _system(answer: httpx.Response, bare: httpx.Client) -> Iterable[Line]:
    content = decoded(answer.content)
    health = content if isinstance(content, dict) else {}
    system = object_of(health["system"])
    declared = [text_of(one) for one in array_of(health["capabilities"])]
    yield Line("system", Status.OK, f"{text_of(system['name'])} {text_of(system['version'])}")
    news = [one for one in declared if one in {"push", "pull"}]
    if news:
        yield Line("capabilities", Status.OK, ", ".join(declared))
    else:
        remedy = "Declare push or pull in GET /health: no news could reach the system."
        yield Line("capabilities", Status.FAILED, ", ".join(declared) or "none", remedy)
    if "push" in news:
        yield _endpoint(text_of(health["callback_url"]), bare)


def _endpoint(url: str, bare: httpx.Client) -> Line:
    what = "notification endpoint"
    try:
        status = bare.request("OPTIONS", url).status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        remedy = "Is callback_url of GET /health what others reach it by, and does it listen?"
        return Line(what, Status.FAILED, f"no answer to OPTIONS ({type(error).__name__})", remedy)
    if status >= SERVER_ERROR:
        remedy = "Answer pings of any method below 500; Docplanner takes the endpoint for down otherwise."
        return Line(what, Status.WARNING, f"{status} to OPTIONS", remedy)
    return Line(what, Status.OK, f"{status} to OPTIONS")


def _token(http: httpx.Client, bare: httpx.Client, answer: httpx.Response) -> Iterable[Line]:
    given = "authorization" in http.headers
    if answer.status_code in {401, 403}:
        seen = "refused" if given else "wanted, and none is given"
        yield Line("token", Status.FAILED, seen, "Set ACCEPTANCE_PARTNER_TOKEN, or partner.token_file.")
    elif not given:
        yield Line("token", Status.OK, "none is given, none is wanted")
    else:
        try:
            let_in = bare.get(f"{str(http.base_url).rstrip('/')}/health").is_success
        except httpx.HTTPError:
            let_in = False
        remedy = "Let nobody steer the system who has no token, if others can reach it." if let_in else ""
        status = Status.WARNING if let_in else Status.OK
        yield Line("token", status, "taken, and not needed" if let_in else "taken", remedy)


def _clocks(answer: httpx.Response, now: datetime) -> Line:
    there = None
    with suppress(ValueError):
        there = parsedate_to_datetime(answer.headers.get("date", ""))
    if there is None:
        return Line("clocks", Status.UNKNOWN, "the system's answers carry no date")
    apart = there.replace(tzinfo=there.tzinfo or UTC) - now.replace(microsecond=0)
    seconds = apart / timedelta(seconds=1)
    if abs(apart) > SKEW:
        return Line("clocks", Status.WARNING, f"the system's is {seconds:+.0f} s from ours", "Set both by NTP.")
    return Line("clocks", Status.OK, f"within {SKEW.seconds} s of each other")


def _contract(rows: Iterable[Row]) -> Iterable[Line]:
    for row in rows:
        if row.outcome in STATUS:
            seen = row.seen if row.outcome is Conformity.OK else f"{row.seen}; expected {row.expected}"
            remedy = row.follow if row.outcome is Conformity.FAILED else ""
            yield Line(f"control contract, {row.operation}", STATUS[row.outcome], seen, remedy)

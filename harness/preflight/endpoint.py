"""A partner system's notification endpoint before a run: pinged as Docplanner's monitor does, with its key and without.

Nothing is told by it: a ping is a request without a body, which has no effect whatever its method.
Source: behaviour.md, "Endpoint monitoring".
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from harness.contract.limits import LOWEST_FAILING_STATUS, REALTIME_ANSWER_S
from harness.contract.marketplaces import is_docplanner
from harness.preflight.line import Line, Status

__all__ = ["Key", "endpoint_lines"]

UNAUTHORISED = frozenset({401, 403})
WITH, WITHOUT = "notification endpoint", "notification endpoint, no key"


@dataclass(frozen=True, slots=True)
class Key:
    """The API key that was agreed, and its header. It does not show in a repr."""

    header: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Answered:
    """``status`` is None where no answer came; ``seen`` is for people."""

    status: int | None
    seen: str


def endpoint_lines(url: str, http: httpx.Client, key: Key | None) -> tuple[Line, ...]:
    """How it answers with the key, and to somebody who has none; one line where no key is agreed, or not yet.

    ``http`` carries nothing of its own. An answer of 5xx is worth a word and stops nothing: a run judges it.
    """
    if is_docplanner(_host(url)):
        remedy = "Name where the system itself takes notifications, in callback_url of GET /health."
        return (Line(WITH, Status.TROUBLE, "it is an address of Docplanner, and was not asked", remedy),)
    if key is None:
        return (_reached(WITH, _ping(url, http, {})),)
    known = _reached(WITH, _ping(url, http, {key.header: key.value}), refusing=key.header)
    if known.status is not Status.OK:
        return (known, Line(WITHOUT, Status.NOT_ASKED, "first it must answer with the key"))
    return (known, _stranger(_ping(url, http, {})))


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host
    except httpx.InvalidURL:
        return ""


def _ping(url: str, http: httpx.Client, headers: Mapping[str, str]) -> _Answered:
    begun = time.perf_counter()
    try:
        # the head of the answer is what a ping is about; a body may never end
        with http.stream("POST", url, headers=dict(headers), timeout=REALTIME_ANSWER_S) as answer:
            took = (time.perf_counter() - begun) * 1000
            return _Answered(answer.status_code, f"{answer.status_code} to a ping in {took:.0f} ms")
    except httpx.TimeoutException:
        return _Answered(None, f"no answer within {REALTIME_ANSWER_S:g} s")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return _Answered(None, f"no answer ({type(error).__name__})")


def _reached(what: str, answered: _Answered, refusing: str = "") -> Line:
    if answered.status is None:
        remedy = "Is callback_url of GET /health what others reach it by, and does it listen there?"
        return Line(what, Status.TROUBLE, answered.seen, remedy)
    if answered.status >= LOWEST_FAILING_STATUS:
        remedy = "Answer pings of any method below 500; Docplanner takes the endpoint for down otherwise."
        return Line(what, Status.WARNING, answered.seen, remedy)
    if refusing and answered.status in UNAUTHORISED:
        remedy = f"Compare the key in {refusing} with the one that was agreed: no notification could arrive."
        return Line(what, Status.TROUBLE, f"the key is refused: {answered.seen}", remedy)
    return Line(what, Status.OK, answered.seen)


def _stranger(answered: _Answered) -> Line:
    if answered.status is None:
        return Line(
            WITHOUT, Status.WARNING, answered.seen, "Answer strangers with 401 or 403, and do not let them wait."
        )
    if answered.status in UNAUTHORISED:
        return Line(WITHOUT, Status.OK, f"refused: {answered.seen}")
    remedy = "Look at the key before anything else, and answer 401 or 403 where it is missing. A run judges it."
    return Line(WITHOUT, Status.WARNING, answered.seen, remedy)

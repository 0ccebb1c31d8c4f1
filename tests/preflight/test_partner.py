"""What a preflight tells of a partner system."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from typer.testing import CliRunner

from harness.cli.app import app
from harness.clock import ManualClock
from harness.preflight.line import Line, Status
from harness.preflight.partner import partner_lines

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HEALTH = {
    "status": "ok",
    "system": {"name": "Praxis", "version": "7"},
    "capabilities": ["push"],
    "callback_url": "http://partner.test/news",
}
UNSUPPORTED = {"error": "unsupported", "message": "no"}
ON_TIME = {"date": "Tue, 24 Nov 2026 09:00:02 GMT"}
Answer = Callable[[httpx.Request], httpx.Response]


def sound(request: httpx.Request) -> httpx.Response:
    """A system without a mapping, whose endpoint answers pings."""
    if request.url.path == "/news":
        return httpx.Response(204)
    bodies: dict[str, object] = {"/health": HEALTH, "/mapping": {"items": []}}
    if request.url.path in bodies:
        return httpx.Response(200, json=bodies[request.url.path], headers=ON_TIME)
    status = 404 if "calendars" in request.url.path else 501
    return httpx.Response(status, json={**UNSUPPORTED, "error": "unmapped" if status == 404 else "unsupported"})


def lines(answer: Answer, token: str | None = None, needed: frozenset[str] = frozenset()) -> dict[str, Line]:
    """The lines by what was checked."""
    far_side = httpx.MockTransport(answer)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    http = httpx.Client(base_url="http://partner.test", headers=headers, transport=far_side)
    with http, httpx.Client(transport=far_side) as bare:
        return {line.what: line for line in partner_lines(http, bare, ManualClock(NOW), None, needed)}


def changed(path: str, other: httpx.Response, method: str | None = None) -> Answer:
    """The sound system, but for one answer."""

    def answer(request: httpx.Request) -> httpx.Response:
        mine = request.url.path == path and method in {None, request.method}
        return other if mine else sound(request)

    return answer


def test_nothing_is_in_the_way_of_a_sound_system() -> None:
    """Every line is well, or could not be told before it is connected."""
    told = lines(sound)

    assert told["system"].seen == "Praxis 7"
    assert told["notification endpoint"].status is Status.OK
    assert told["clock of the system"].status is Status.OK
    assert {line.status for line in told.values()} == {Status.OK, Status.NOT_ASKED}


@pytest.mark.parametrize(
    ("path", "other", "what", "status", "seen"),
    [
        ("/news", httpx.Response(503), "notification endpoint", Status.WARNING, "503"),
        (
            "/health",
            httpx.Response(200, json=HEALTH, headers={"date": "Tue, 24 Nov 2026 09:10:00 GMT"}),
            "clock of the system",
            Status.WARNING,
            "+601 s",
        ),
        ("/health", httpx.Response(200, json=HEALTH), "clock of the system", Status.UNKNOWN, "no date"),
        (
            "/health",
            httpx.Response(401, json={"error": "unauthorized", "message": "no"}),
            "token of the system",
            Status.TROUBLE,
            "wanted",
        ),
        ("/health", httpx.Response(200, json={**HEALTH, "capabilities": []}), "capabilities", Status.TROUBLE, "none"),
        ("/mapping", httpx.Response(200, json={}), "control contract, getMapping", Status.TROUBLE, "items is missing"),
    ],
)
def test_what_is_wrong_is_told(path: str, other: httpx.Response, what: str, status: Status, seen: str) -> None:
    """Each in its own line, with what to do."""
    line = lines(changed(path, other))[what]

    assert line.status is status
    assert seen in line.seen
    assert line.remedy or status is Status.UNKNOWN


def test_a_token_that_nobody_needs_is_a_warning_and_shows_nowhere() -> None:
    """It protects nothing."""
    told = lines(sound, token="canary-token")

    assert told["token of the system"].status is Status.WARNING
    assert "canary" not in repr(told)


def test_the_endpoint_is_not_given_the_token() -> None:
    """It belongs to the control contract."""
    seen: list[tuple[str, bool]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.path, "authorization" in request.headers))
        return sound(request)

    lines(answer, token="canary-token")

    assert ("/news", False) in seen
    assert ("/mapping", True) in seen
    assert all(path != "/news" or not carried for path, carried in seen)


def test_what_the_run_needs_must_be_declared() -> None:
    """Both sides are named; what is declared is enough."""
    assert lines(sound, needed=frozenset({"push"}))["capabilities"].status is Status.OK
    line = lines(sound, needed=frozenset({"push", "pull", "clock"}))["capabilities"]

    assert line.status is Status.TROUBLE
    assert "needs clock, pull" in line.seen


def test_a_system_that_falls_silent_is_not_waited_for_again_and_again() -> None:
    """It answers who it is, and nothing else."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path in {"/health", "/news"}:
            return sound(request)
        raise httpx.ReadTimeout("too long", request=request)

    told = lines(answer)

    assert told["control contract, getMapping"].status is Status.UNKNOWN
    assert told["control contract, getSchedule"].seen == "no address is mapped"
    assert told["control contract, getActivity"].seen == "it no longer answers"
    assert [one for one in asked if one not in {"/health", "/news"}] == ["/mapping"]


def test_nobody_there_ends_it() -> None:
    """One line, with where to look."""

    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    (line,) = lines(answer).values()

    assert line.status is Status.TROUBLE
    assert "partner.url" in line.remedy


def test_the_command_checks_the_reference_stub() -> None:
    """Over real HTTP: nothing is in its way."""
    done = CliRunner().invoke(app, ["check", "--config", "none", "--json"], catch_exceptions=False)

    told = json.loads(done.stdout)
    assert done.exit_code == told["exit_code"] == 0
    assert {"configuration", "system", "clock of the system", "notification endpoint"} <= {
        one["what"] for one in told["lines"]
    }
    assert "trouble" not in {one["status"] for one in told["lines"]}

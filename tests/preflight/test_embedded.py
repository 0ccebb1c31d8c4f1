"""What a preflight tells of the embedded sandbox of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from socket import create_server

import pytest
from sandbox.served import SMALL, Served, served

from harness.clock import ManualClock, SystemClock
from harness.config import RunSettings, Waits
from harness.preflight.embedded import embedded_lines, public_line
from harness.preflight.line import Line, Status

URL = "http://partner.test/news"


@pytest.fixture(scope="module", name="there")
def one_for_all() -> Iterator[Served]:
    """A sandbox that pushes to an endpoint."""
    with served(replace(SMALL, clinics=1, lookalike_clinics=0)) as docplanner:
        docplanner.done("PUT", f"/clients/{docplanner.sandbox.client_id}", {"delivery": "push", "callback_url": URL})
        yield docplanner


def settings(there: Served) -> RunSettings:
    """Those of a run with it."""
    sandbox = there.sandbox
    return RunSettings(
        run="r",
        assembly="self",
        marketplace="znanylekarz.pl",
        time_zone="Europe/Warsaw",
        locale="pl_PL",
        profile="documented",
        clock_ahead_s=0.0,
        delivery="push",
        seed=1,
        id_base=1,
        pace_s=0.0,
        waits=Waits(),
        journal="",
        only=(),
        narrowed=False,
        facilities=("1",),
        partner_url="",
        partner_token=None,
        capabilities=("push",),
        pull_interval_s=0.0,
        client_id=sandbox.client_id,
        control_url=sandbox.control_url,
        control_token=sandbox.control_token,
        callback_api_key="canary-key",
        secrets=(),
        patient_key="",
        phone_block="500",
    )


def lines(told: RunSettings, ahead: timedelta = timedelta(0)) -> dict[str, Line]:
    """The lines by what was checked; the machine's clock may be somewhere else than the sandbox's."""
    found = embedded_lines(told, ManualClock(SystemClock().now() + ahead) if ahead else SystemClock())
    assert all(line.remedy for line in found if line.status is not Status.OK)
    assert "canary" not in repr(found)
    return {line.what: line for line in found}


def trouble(told: dict[str, Line]) -> set[str]:
    """What is in the way."""
    return {what for what, line in told.items() if line.status is Status.TROUBLE}


def test_a_sound_sandbox(there: Served) -> None:
    """Asked by its control API: no call is the partner system's."""
    before = len(there.journal.lines)

    assert {line.status for line in lines(settings(there)).values()} == {Status.OK}
    assert len(there.journal.lines) == before


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumped(there: Served, hours: int) -> None:
    """The machine slept, or its clock was set."""
    assert trouble(lines(settings(there), timedelta(hours=hours))) == {"clock of Docplanner"}


def test_a_clock_that_was_moved_on_purpose(there: Served) -> None:
    """``--begin``: how far ahead it is must be that, and no more."""
    ahead = replace(settings(there), clock_ahead_s=3600.0)
    assert trouble(lines(ahead)) == {"clock of Docplanner"}
    assert trouble(lines(ahead, timedelta(hours=-1))) == set()


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"delivery": "pull"}, "notifications of Docplanner"),
        ({"client_id": "another"}, "notifications of Docplanner"),
        ({"facilities": ()}, "facilities"),
        ({"control_token": "wrong"}, "Docplanner"),
    ],
)
def test_what_is_not_as_the_run_set_it(there: Served, other: dict[str, object], what: str) -> None:
    """Somebody else steers it, or it is another one."""
    assert trouble(lines(replace(settings(there), **other))) == {what}  # type: ignore[arg-type]


def test_a_public_address(there: Served) -> None:
    """The sandbox answers there, something else does, or nobody whom this machine can reach."""
    assert public_line(there.sandbox.base_url).status is Status.OK
    assert public_line(f"{there.sandbox.base_url}/control/v1/health").status is Status.TROUBLE
    with create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert public_line(f"http://127.0.0.1:{port}").status is Status.UNKNOWN

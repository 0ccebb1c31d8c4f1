"""What a preflight tells of this machine, and of the gateway on it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import disk_usage
from socket import create_server

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sandbox.served import SMALL, Served, served

from harness.clock import ManualClock, SystemClock
from harness.gateway.settings import GatewaySettings
from harness.preflight import machine
from harness.preflight.gateway import gateway_lines
from harness.preflight.line import Line, Status
from harness.preflight.machine import Place, machine_lines
from harness.recorder.redaction import Redactor

ZONE = "Europe/Warsaw"


def lines(output: Path, *places: Place, zone: str = ZONE, now: datetime | None = None) -> dict[str, Line]:
    """The lines by what was checked."""
    clock = ManualClock(now) if now else SystemClock()
    return named(machine_lines(zone, output, places, clock))


def named(told: tuple[Line, ...]) -> dict[str, Line]:
    """By what was checked; what is not well says what to do."""
    assert all(line.remedy for line in told if line.status not in {Status.OK, Status.NOT_ASKED})
    return {line.what: line for line in told}


def test_a_sound_machine(tmp_path: Path) -> None:
    """A directory that is not there yet is no trouble, and is not made."""
    told = lines(tmp_path / "not" / "yet", Place("the sandbox", "127.0.0.1", 0))

    assert {line.status for line in told.values()} == {Status.OK}
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_and_an_address_that_is_not_ours(tmp_path: Path) -> None:
    """Both before anything is started."""
    with create_server(("127.0.0.1", 0)) as taken:
        told = lines(tmp_path, Place("one", "127.0.0.1", taken.getsockname()[1]), Place("other", "192.0.2.1", 0))

    assert told["port of one"].status is told["port of other"].status is Status.TROUBLE


def test_an_output_that_cannot_be_written() -> None:
    """A place where nobody makes files, not even root."""
    assert lines(Path("/proc/self/task/report"))["output"].status is Status.TROUBLE


@pytest.mark.parametrize(
    ("free", "status"), [(49, Status.TROUBLE), (50, Status.WARNING), (499, Status.WARNING), (500, Status.OK)]
)
def test_a_disk_with_little_room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, status: Status) -> None:
    """In megabytes."""
    seen = disk_usage(tmp_path)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: seen._replace(free=free * machine.MEGABYTE))

    assert lines(tmp_path)["disk space"].status is status


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "", "../etc/passwd"])
def test_a_time_zone_that_is_not_known(tmp_path: Path, zone: str) -> None:
    """A machine without the database, or with an old one."""
    assert lines(tmp_path, zone=zone)["time zone"].status is Status.TROUBLE


@given(now=st.datetimes(datetime(1970, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_a_clock_that_was_never_set(now: datetime) -> None:
    """Any year in which no run can be."""
    line = lines(Path(), now=now)["clock of this machine"]

    assert (line.status is Status.OK) is (2026 <= now.year < 2100)


@pytest.fixture(scope="module", name="docplanner")
def there() -> Iterator[Served]:
    """A sandbox behind the gateway."""
    with served(replace(SMALL, clinics=1, lookalike_clinics=0)) as docplanner:
        yield docplanner


def through(settings: GatewaySettings) -> dict[str, Line]:
    """The lines of a gateway."""
    redactor = Redactor((), patient_key=secrets.token_bytes(32), own_phone_block="")
    return named(gateway_lines(settings, redactor))


def test_a_gateway_reaches_both_sides(docplanner: Served) -> None:
    """Nobody is told anything: no token, and no notification."""
    base = docplanner.sandbox.base_url
    told = through(GatewaySettings(docplanner=base, partner=f"{base}/news"))

    assert {line.status for line in told.values()} == {Status.OK}
    assert told["gateway to Docplanner"].seen == "reached: 401"
    assert told["gateway to the endpoint"].seen == "reached: 404"


def test_a_gateway_whose_far_sides_are_not_there(docplanner: Served) -> None:
    """Each is told for itself."""
    with create_server(("127.0.0.1", 0)) as closed:
        away = f"http://127.0.0.1:{closed.getsockname()[1]}"
    base = docplanner.sandbox.base_url

    told = through(GatewaySettings(docplanner=away, partner=f"{base}/news"))
    assert [line.status for line in told.values()] == [Status.OK, Status.TROUBLE, Status.OK]
    told = through(GatewaySettings(docplanner=base, partner=f"{away}/news"))
    assert [line.status for line in told.values()] == [Status.OK, Status.OK, Status.TROUBLE]


def test_a_gateway_that_cannot_listen(docplanner: Served, tmp_path: Path) -> None:
    """Its port is taken, or what it is told makes no sense."""
    base = docplanner.sandbox.base_url
    with create_server(("127.0.0.1", 0)) as taken:
        told = through(GatewaySettings(docplanner=base, port=taken.getsockname()[1]))
    assert [line.status for line in told.values()] == [Status.TROUBLE]
    told = through(GatewaySettings(docplanner="http://elsewhere.example", certificate=tmp_path / "none.pem"))
    assert [line.status for line in told.values()] == [Status.TROUBLE]

"""The assembly live, rehearsed: a system of one's own, people at the marketplace, a Docplanner that is not embedded."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from rehearsal.second import CANARY, NIN, TRIALS, ZONE, Second, canaries_in, kill_while_it_plays, second
from runs import LONG

from harness.safety.writes import read_writes
from harness.stub.server import RunningStub, serve
from harness.stub.settings import StubSettings

PLAYED = ("DP-BOK-02", "DP-BOK-06", "DP-SCH-05")
"""What patients do, what staff do, and what doctors do."""
KEY = "a-key-that-was-agreed-0aQ7"
BUDGET = 120
"""Writes to Docplanner for all flows that can be proven there, undoing included."""


@pytest.fixture(scope="module")
def docplanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Second]:
    """It tells partners of their own acts too, and takes its time."""
    with second(tmp_path_factory.mktemp("live")) as made:
        made.control("PUT", "/settings", {"echo_own_actions": True, "slots_delay_s": 1.0})
        yield made


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStub]:
    """The vendor's own, which lives longer than a run."""
    with serve(StubSettings(database=tmp_path_factory.mktemp("system") / "clinic.sqlite")) as running:
        yield running


def arguments(docplanner: Second, system: RunningStub, *criteria: str) -> list[str]:
    """Of a run with a system that has a control contract."""
    chosen = [word for one in criteria for word in ("--criterion", one)]
    person = str(docplanner.person())
    told = ["--assembly", "live", "--partner", system.control_url, "--operator-script", person, "--delivery", "pull"]
    return ["run", "--config", "acceptance.toml", "--no-html", *told, "--confirmed-by", "the rehearsal", *chosen]


@pytest.fixture
def pushing(docplanner: Second, system: RunningStub) -> Iterator[dict[str, str]]:
    """Docplanner pushes through the gateway, with a key; what the run is told of that."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    path = httpx.URL(httpx.get(f"{system.control_url}/health").json()["callback_url"]).path
    told = {
        "callback_url": f"http://127.0.0.1:{port}{path}",
        "callback_api_key": KEY,
        "callback_api_key_header": "X-Ours",
    }
    at = f"/clients/{docplanner.told['client_id']}"
    docplanner.control("PUT", at, {**told, "delivery": "push"})
    yield {
        "ACCEPTANCE_CALLBACK_API_KEY": KEY,
        "ACCEPTANCE_DOCPLANNER_CALLBACK_API_KEY_HEADER": "X-Ours",
        "ACCEPTANCE_DOCPLANNER_NOTIFICATION_PORT": str(port),
        "ACCEPTANCE_RUN_DELIVERY": "push",
    }
    docplanner.control("PUT", at, {"delivery": "pull"})


def test_a_live_run_judges_both_sides_and_leaves_all_as_it_was(
    docplanner: Second, system: RunningStub, pushing: dict[str, str]
) -> None:
    """What patients and doctors do counts too, though Docplanner echoes and takes its time."""
    before = docplanner.shown()
    asked = [one for one in arguments(docplanner, system, *PLAYED) if one not in {"--delivery", "pull"}]

    run = docplanner.started(*asked, "--output", "out", told=pushing)
    out, err = run.communicate(timeout=200)

    assert run.returncode == 2, out + err
    verdict = json.loads((docplanner.directory / "out" / "verdict.json").read_text())
    assert (verdict["assembly"], verdict["delivery"]) == ("live", "push")
    found = {one["id"]: one["outcome"] for one in verdict["criteria"] if one["id"] in PLAYED}
    assert found == dict.fromkeys(PLAYED, "passed"), out + err
    seen = {one["what"]: one["seen"] for one in verdict["checks"]}
    assert seen["notification endpoint, no key"].startswith("refused")
    cleanup = json.loads((docplanner.directory / "out" / "cleanup.json").read_text())
    assert (cleanup["clean"], cleanup["left"]) == (True, [])
    assert docplanner.shown() == before
    assert numbers_given(docplanner) == {docplanner.calendars[0]["address_id"]: {NIN}}
    assert canaries_in(docplanner.directory, KEY) == []
    for value in (*CANARY.values(), docplanner.told["client_secret"], KEY, NIN):
        assert value not in out + err


@pytest.mark.parametrize("trial", range(TRIALS))
def test_a_killed_live_run_is_undone_on_both_sides(another: Second, system: RunningStub, trial: int) -> None:
    """At any moment after it has begun to play; the working time goes back through the clinic's system."""
    before = another.shown()
    run = another.started(*arguments(another, system, *PLAYED), "--output", f"killed-{trial}")
    kill_while_it_plays(run)

    cleanup = another.started("cleanup", "--settle", "2", "--partner", system.control_url)
    out, err = cleanup.communicate(timeout=100)

    assert cleanup.returncode == 0, out + err
    assert another.shown() == before
    assert working_time(another, system) == []
    assert canaries_in(another.directory) == []


@pytest.mark.skipif(not LONG, reason="a whole run with people takes minutes; the night has them")
def test_all_that_can_be_proven_live_stays_within_the_budget(docplanner: Second, system: RunningStub) -> None:
    """Nothing fails for the reference system, by the control contract and by a person at it."""
    run = docplanner.started(*arguments(docplanner, system), "--output", "whole")
    out, err = run.communicate(timeout=900)

    verdict = json.loads((docplanner.directory / "whole" / "verdict.json").read_text())
    assert [one["id"] for one in verdict["criteria"] if one["outcome"] == "failed"] == [], out + err
    newest = max((docplanner.directory / ".acceptance" / "writes").glob("*.jsonl"))
    assert sum(not one.by_person for one in read_writes(newest).intended) <= BUDGET


def numbers_given(docplanner: Second) -> dict[str, set[str]]:
    """The national numbers of those who were booked, by calendar, where there are any."""
    now = datetime.now(ZoneInfo(ZONE))
    query = httpx.QueryParams({"from": now.isoformat(), "to": (now + timedelta(weeks=12)).isoformat()})
    found = {}
    for calendar in docplanner.calendars:
        visits = docplanner.control("GET", f"/calendars/{calendar['address_id']}/visits?{query}")["items"]
        found[calendar["address_id"]] = {one["patient"]["nin"] for one in visits if one["patient"].get("nin")}
    return {address: numbers for address, numbers in found.items() if numbers}


def working_time(docplanner: Second, system: RunningStub) -> Sequence[Any]:
    """What the clinic's system holds for the calendars that were written to."""
    now = datetime.now(ZoneInfo(ZONE))
    query = httpx.QueryParams({"from": now.isoformat(), "to": (now + timedelta(weeks=12)).isoformat()})
    found: list[Any] = []
    for calendar in docplanner.calendars:
        at = f"{system.control_url}/calendars/{calendar['address_id']}/schedule"
        found += httpx.get(at, params=query).raise_for_status().json()["periods"]
    return found


CAPABILITIES = ("pull", "breaks", "insurances", "services", "confirm", "presence", "move_across_addresses")


@pytest.mark.skipif(
    not LONG, reason="looks by people wait until all is quiet, which takes a minute; the night has them"
)
def test_a_person_at_the_system_is_enough(docplanner: Second, system: RunningStub) -> None:
    """Neither side has a control contract: staff, patients and doctors are all people."""
    before = docplanner.shown()
    told = ["--assembly", "live", "--people", "--system", "Praxis", "--system-version", "7", "--pull-interval", "1"]
    told += [word for one in CAPABILITIES for word in ("--capability", one)]
    told += ["--operator-script", str(docplanner.person(at_system=system.control_url)), "--wait", "quiet_s=0.5"]
    chosen = [word for one in PLAYED for word in ("--criterion", one)]

    run = docplanner.started(
        *("run", "--config", "acceptance.toml", "--no-html", "--output", "manned", "--confirmed-by", "the rehearsal"),
        *told,
        *chosen,
    )
    out, err = run.communicate(timeout=400)

    verdict = json.loads((docplanner.directory / "manned" / "verdict.json").read_text())
    found = {one["id"]: one["outcome"] for one in verdict["criteria"] if one["id"] in PLAYED}
    assert set(found.values()) <= {"passed", "attested"}, out + err
    assert docplanner.shown() == before
    assert canaries_in(docplanner.directory) == []


@pytest.mark.skipif(not LONG, reason="it begins two runs; the night has them")
def test_a_live_run_that_nobody_answered_goes_on(docplanner: Second, system: RunningStub) -> None:
    """What was written is undone in between, and what was judged is not played again."""
    before = docplanner.shown()
    whole = docplanner.person().read_text()
    leaving = "from harness.errors import OperatorGone\nstay, left = answer, [2]\n"
    leaving += "def answer(asked):\n    left[0] -= 1\n    if left[0] < 0: raise OperatorGone('gone')\n"
    first = arguments(docplanner, system, *PLAYED)
    docplanner.person().write_text(f"{whole}{leaving}    return stay(asked)\n")
    docplanner.started(*first, "--output", "stopped").communicate(timeout=200)
    between = docplanner.shown()
    played = [word for word in first if word not in {"--criterion", *PLAYED}]
    docplanner.person()

    run = docplanner.started(*played, "--resume", "stopped")
    out, err = run.communicate(timeout=200)

    assert between == before
    verdict = json.loads((docplanner.directory / "stopped" / "verdict.json").read_text())
    assert {one["outcome"] for one in verdict["criteria"] if one["id"] in PLAYED} == {"passed"}, out + err
    assert docplanner.shown() == before

"""``acceptance check``: what a user sees of it, over real HTTP and TLS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import create_server
from typing import Any

import pytest
from cli.doors import OverTls, over_tls
from typer.testing import CliRunner

from harness.cli.app import app

READY, CONFIGURATION = 0, 64
Check = Callable[..., tuple[int, dict[str, dict[str, str]]]]


def check(*arguments: str) -> tuple[int, dict[str, dict[str, str]]]:
    """The command as it is typed: its exit code, and its lines by what was checked."""
    done = CliRunner().invoke(app, ["check", "--json", *arguments], catch_exceptions=False)
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["exit_code"] == done.exit_code
    return done.exit_code, {one["what"]: one for one in told["lines"]}


@pytest.fixture(scope="module", name="far")
def one_for_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OverTls]:
    """A sandbox behind a door that speaks TLS."""
    with over_tls(tmp_path_factory.mktemp("tls")) as far:
        yield far


@pytest.fixture(name="ask")
def asked(far: OverTls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """The command at that Docplanner, with its credentials, in a directory of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ACCEPTANCE_CLIENT_ID", far.docplanner.sandbox.client_id)
    monkeypatch.setenv("ACCEPTANCE_CLIENT_SECRET", far.docplanner.sandbox.client_secret)
    return lambda *arguments: check("--config", "none", "--at", far.url, *arguments)


def test_a_docplanner_that_is_not_embedded(far: OverTls, ask: Check) -> None:
    """Nothing is in the way; the stub is not started for it, and the gateway reaches it."""
    code, told = ask("--ca", str(far.ca), "--allow-facility", far.place.facility_id, "--gateway")

    assert code == READY
    assert "may be WRITTEN to" in told[f"facility {far.place.facility_id}"]["seen"]
    assert told["gateway to Docplanner"]["seen"] == "reached: 401"
    assert "system" not in told


def test_what_is_read_again_is_no_news(far: OverTls, ask: Check, caplog: pytest.LogCaptureFixture) -> None:
    """A read that is repeated is told where it matters: in its line, and in no log on the terminal."""
    faulty = {"client_id": far.docplanner.sandbox.client_id, "target": "read", "effect": "fail", "count": 4}
    far.docplanner.done("POST", "/faults", {**faulty, "operation": "getServices"})
    code, told = ask("--ca", str(far.ca), "--allow-facility", far.place.facility_id)

    assert (code, told["lists of the marketplace"]["status"]) == (READY, "could not tell")
    assert caplog.records == []


def test_everything_is_checked_though_one_thing_is_wrong(
    far: OverTls, ask: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An authority that is not trusted, a secret that is wrong, no credentials: each is told, and so is the rest."""
    with create_server(("127.0.0.1", 0)) as taken:
        code, told = ask("--sandbox-port", str(taken.getsockname()[1]), "--partner", "http://127.0.0.1:9")
    assert code == CONFIGURATION
    assert {what for what, one in told.items() if one["status"] == "trouble"} == {
        "port of the sandbox",
        "system",
        "token of Docplanner",
    }
    assert "certificate is not trusted" in told["token of Docplanner"]["seen"]

    monkeypatch.setenv("ACCEPTANCE_CLIENT_SECRET", "canary-secret")
    code, told = ask("--ca", str(far.ca))
    assert (code, told["token of Docplanner"]["status"]) == (CONFIGURATION, "trouble")
    assert "canary" not in json.dumps(told)

    (tmp_path / "no.pem").write_text("nothing")
    code, told = ask("--ca", "no.pem")
    assert "no.pem holds no certificates" in told["Docplanner"]["seen"]

    monkeypatch.delenv("ACCEPTANCE_CLIENT_SECRET")
    code, told = ask("--ca", str(far.ca))
    assert "client_secret" in told["Docplanner"]["seen"]
    assert (code, told["Docplanner"]["status"], told["Python"]["status"]) == (CONFIGURATION, "trouble", "ok")

    code, told = ask("--at", "nowhere", "--gateway")
    assert "neither an address" in told["Docplanner"]["seen"]
    assert told["gateway"]["status"] == "not asked"


def test_every_mistake_of_the_file_is_a_line(tmp_path: Path) -> None:
    """And the machine is looked at all the same."""
    file = tmp_path / "acceptance.toml"
    file.write_text('[run]\njobs = 99\n[sandbox]\nprofile = "hars"\n')
    done = CliRunner().invoke(app, ["check", "--json", "--config", str(file)], catch_exceptions=False)
    told = json.loads(done.stdout)
    mistakes = [one["seen"] for one in told["lines"] if one["what"] == "configuration"]

    assert (done.exit_code, told["assembly"]) == (CONFIGURATION, None)
    assert len(mistakes) == 2
    assert any("acceptance.toml:2" in one and "jobs" in one for one in mistakes)
    assert any("Did you mean harsh" in one for one in mistakes)
    assert {"Python", "disk space"} <= {one["what"] for one in told["lines"]}


def test_an_output_that_holds_something_else_is_a_mistake(tmp_path: Path) -> None:
    """It is not a run of ours, and would not be written to."""
    (tmp_path / "diary.txt").touch()
    code, told = check("--config", "none", "--output", str(tmp_path))

    assert code == CONFIGURATION
    assert "diary.txt" in told["configuration"]["seen"]

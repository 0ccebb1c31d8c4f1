"""``acceptance gateway``: what a user sees of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from gateway.wires import answers, far_end
from runs import ROOT

from harness.cli.gateway import GatewayRequest, serve_gateway
from harness.errors import ConfigurationError
from harness.gateway.process import Told, started
from harness.gateway.settings import GatewaySettings
from harness.recorder.journal import read_journal

COMMAND = [sys.executable, "-c", "from harness.cli import main; main()", "gateway"]


@contextmanager
def served(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command while it serves."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen([*COMMAND, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_what_goes_through_is_shown_and_kept(tmp_path: Path) -> None:
    """One line for each exchange, without credentials; at the end how many there were and where they stand."""
    journal = tmp_path / "new" / "journal.jsonl"
    with far_end(answers()) as far:
        ports = ["--port", "0", "--notification-port", "0"]
        places = ["--to", f"http://127.0.0.1:{far.port}", "--endpoint", f"http://127.0.0.1:{far.port}/in"]
        with served(*ports, *places, "--journal", str(journal)) as process:
            assert process.stdout is not None
            addresses: dict[str, str] = {}
            while (line := process.stdout.readline()) != "Press Ctrl+C to stop.\n":
                name, _, value = line.strip().partition(" ")
                addresses[name] = value.strip()
            headers = {"Authorization": "Bearer very-secret-token"}
            httpx.get(
                f"{addresses['api_base_url']}/facilities?note=very-secret-token", headers=headers, trust_env=False
            )
            httpx.get(addresses["notification_url"], trust_env=False)
            shown = process.stdout.readline() + process.stdout.readline()
            process.send_signal(signal.SIGTERM)
            shown += process.stdout.read()

            assert process.wait(10) == 0

    assert "partner → Docplanner  GET /api/v3/integration/facilities?note=***  200" in shown
    assert "Docplanner → partner  GET /in  200" in shown
    assert shown.splitlines()[-1] == f"1 calls and 1 messages went through: {journal}"
    assert [one.body["operation"] for one in read_journal(journal)] == ["getFacilities", None]
    assert "very-secret-token" not in journal.read_text() + shown


def test_a_marketplace_is_asked_at_its_own_host(tmp_path: Path) -> None:
    """Over TLS; without an endpoint nothing is taken for one."""
    with served("--json", "--port", "0", "--to", "znanylekarz.pl", "--journal", str(tmp_path / "j")) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())

    assert told["to"] == "https://www.znanylekarz.pl"
    assert told["notification_url"] is None


REQUEST = GatewayRequest("https://localhost", None, 0, 0, "127.0.0.1", None, None, None, None, None)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"to": "http://example.com"}, "unprotected"),
        ({"to": "https://example.com/api"}, "Name https://example.com alone"),
        ({"endpoint": "clinic"}, "no address"),
        ({"certificate": ROOT / "pyproject.toml"}, "PEM"),
        ({"listen": "192.0.2.1"}, "cannot listen"),
    ],
)
def test_what_cannot_be_meant_is_told_before_anything_listens(
    tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    """As every mistake of usage."""
    with pytest.raises(ConfigurationError, match=said):
        serve_gateway(replace(REQUEST, journal=tmp_path / "journal.jsonl", **changed), as_json=True)


def test_a_run_is_told_why_its_gateway_did_not_start(tmp_path: Path) -> None:
    """In the same words."""
    settings = GatewaySettings(docplanner="https://localhost", host="192.0.2.1")
    told = Told(settings, tmp_path / "journal.jsonl", "run", (), "00" * 32, "500", beside_sandbox=True)

    with pytest.raises(ConfigurationError, match=r"cannot listen on 192\.0\.2\.1"), started(told):
        pass

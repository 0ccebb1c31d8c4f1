"""``acceptance stub``: a system that lacks what it is told to lack."""

from __future__ import annotations

import json
import subprocess
import sys

import httpx
import pytest
from typer.testing import CliRunner

from harness.cli.app import app
from harness.errors import ConfigurationError

COMMAND = [sys.executable, "-c", "from harness.cli import main; main()", "stub", "--port", "0", "--json"]
UNSUPPORTED = 501


def test_it_lacks_what_it_is_told_to_lack_and_hides_what_it_is_told_to_hide() -> None:
    """What it lacks is refused with 501; what it hides it does."""
    options = ["--without", "breaks", "--without", "clock", "--undeclared", "confirm"]
    stub = subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE)
    try:
        assert stub.stdout is not None
        url = json.loads(stub.stdout.readline())["control_url"]
        declared = set(httpx.get(f"{url}/health").json()["capabilities"])
        block = httpx.post(f"{url}/calendars/1/breaks", json={})
        confirmed = httpx.post(f"{url}/calendars/1/appointments/1/confirm")
    finally:
        stub.terminate()
        stub.communicate()

    assert declared.isdisjoint({"breaks", "clock", "confirm"})
    assert {"presence", "push", "pull"} <= declared
    assert block.status_code == UNSUPPORTED
    assert confirmed.status_code != UNSUPPORTED


@pytest.mark.parametrize("option", ["--without", "--undeclared"])
def test_a_capability_that_there_is_not(option: str) -> None:
    """The nearest one is named."""
    with pytest.raises(ConfigurationError, match=r"no capability 'break'\. Did you mean breaks"):
        CliRunner().invoke(app, ["stub", option, "break"], catch_exceptions=False)

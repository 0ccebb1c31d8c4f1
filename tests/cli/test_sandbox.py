"""``acceptance sandbox``: one command, and a named set of what is open holds in it."""

from __future__ import annotations

import json
import subprocess
import sys

import httpx
from runs import ROOT, acceptance

USAGE = 64


def test_the_sandbox_is_served_under_the_set_that_was_named() -> None:
    """The set is printed, and holds without a difference; the process ends when it is told to."""
    command = [sys.executable, "-c", "from harness.cli import main; main()"]
    command += ["sandbox", "--json", "--port", "0", "--clinics", "1", "--profile", "observed"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        headers = {"Authorization": f"Bearer {told['control_token']}"}
        with httpx.Client(trust_env=False) as http:
            held = http.get(f"{told['control_url']}/settings", headers=headers).json()
        process.terminate()

    assert told["profile"] == "observed"
    assert (held["profile"], held["differs"], held["replace_reach"]) == ("observed", [], "whole_day")
    assert process.returncode == 0


def test_a_set_that_does_not_exist_is_told_with_those_that_do() -> None:
    """Exit code 64, together with every other mistake."""
    done = acceptance("sandbox", "--profile", "observd", "--marketplace", "znanylekarz.de")

    assert done.returncode == USAGE
    assert "There is no profile 'observd'. Did you mean observed" in done.stderr
    assert "znanylekarz.pl" in done.stderr

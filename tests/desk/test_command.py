"""``acceptance sandbox`` serves the desk and prints its link."""

from __future__ import annotations

import json
import subprocess
import sys

import httpx
from runs import ROOT, acceptance


def test_the_sandbox_command_prints_the_link_of_its_desk() -> None:
    """In the JSON that it prints; the link logs in."""
    command = [sys.executable, "-c", "from harness.cli import main; main()", "sandbox", "--port", "0", "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as started:
        try:
            told = json.loads(started.stdout.readline() if started.stdout else b"")
            with httpx.Client(trust_env=False, follow_redirects=True) as http:
                page = http.get(told["desk"])
        finally:
            started.terminate()

    assert page.status_code == 200
    assert "A Docplanner to build against" in page.text
    assert told["client_id"] in page.text
    assert told["client_secret"] not in page.text


def test_the_help_names_the_desk() -> None:
    """What it is for, and that it is for this machine."""
    told = " ".join(acceptance("sandbox", "--help").stdout.split())

    assert "desk" in told

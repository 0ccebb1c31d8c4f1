"""``python -m harness.stub``: a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx

COMMAND = [sys.executable, "-m", "harness.stub"]


def start(*arguments: str) -> subprocess.Popen[str]:
    """The stub, with pipes to it."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([*COMMAND, *arguments], text=True, **pipes)


def test_it_tells_where_it_listens_and_ends_with_its_stdin(tmp_path: Path) -> None:
    """One line of JSON; afterwards no file is left behind."""
    with start("--json", "--until-stdin-closes", "--defect", "emptied-day-kept") as process:
        told = json.loads(process.stdout.readline())
        answer = httpx.get(f"{told['control_url']}/health")
        process.stdin.close()

        assert answer.json()["callback_url"] == told["callback_url"]
        assert told["defects"] == ["emptied-day-kept"]
        assert process.wait(20) == 0
        assert process.stderr.read() == ""


def test_it_ends_on_sigterm_and_keeps_a_database_that_was_named(tmp_path: Path) -> None:
    """And wants the token of the file."""
    token, database = tmp_path / "token", tmp_path / "clinic.sqlite"
    token.write_text("canary-token\n")
    with start("--json", "--database", str(database), "--token-file", str(token)) as process:
        told = json.loads(process.stdout.readline())
        without = httpx.get(f"{told['control_url']}/health")
        with_it = httpx.get(f"{told['control_url']}/health", headers={"Authorization": "Bearer canary-token"})
        process.terminate()

        assert (without.status_code, with_it.status_code) == (401, 200)
        assert process.wait(20) == 0
        assert database.stat().st_mode & 0o077 == 0  # it holds credentials


def test_a_defect_that_does_not_exist_ends_it_at_once() -> None:
    """With the exit code of unusable options, and close names."""
    with start("--defect", "emptied-days") as process:
        assert process.wait(20) == 64
        assert "emptied-day-kept" in process.stderr.read()

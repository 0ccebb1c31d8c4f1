"""Starts real runs for tests, in processes of their own, and reads what they leave."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LONGEST_S = 400
LONG = os.environ.get("ACCEPTANCE_TESTS") == "long"
"""Whether tests may take minutes: at night."""


@dataclass(frozen=True)
class Ran:
    """What a run printed and left behind."""

    code: int
    out: str
    err: str
    directory: Path

    @property
    def verdict(self) -> dict[str, Any]:
        """The run's verdict.json."""
        read: dict[str, Any] = json.loads((self.directory / "verdict.json").read_text())
        return read

    def criterion(self, name: str) -> dict[str, Any]:
        """One criterion of the verdict."""
        return next(one for one in self.verdict["criteria"] if one["id"] == name)

    def outcomes(self) -> dict[str, str]:
        """Every criterion's outcome."""
        return {one["id"]: one["outcome"] for one in self.verdict["criteria"]}


def acceptance(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The command line as a user types it."""
    command = [sys.executable, "-c", "from harness.cli import main; main()", *arguments]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_S,
        env={**clean, **(environment or {})},
    )


def run(directory: Path, *arguments: str, environment: dict[str, str] | None = None) -> Ran:
    """``acceptance run`` without the Allure page, into ``directory``."""
    done = acceptance(
        "run", "--config", "none", "--no-html", "--output", str(directory), *arguments, environment=environment
    )
    return Ran(done.returncode, done.stdout, done.stderr, directory)

"""What the command line loads before it knows what is wanted."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"faker", "httpx", "jinja2", "pytest", "rich", "sqlalchemy", "starlette", "uvicorn"}
LOADED = "import sys; sys.argv = ['acceptance', {words}]\ntry:\n    from harness.cli import main; main()\nfinally:\n"


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["run", "--help"]])
def test_help_waits_for_nothing_heavy(words: list[str]) -> None:
    """Counted in modules: seconds differ from machine to machine."""
    named = ", ".join(repr(word) for word in words)
    code = LOADED.format(words=named) + "    print('loaded', *sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = set(done.stderr.split("loaded", 1)[1].split())
    assert "harness.cli.app" in loaded
    assert not loaded & HEAVY

"""House rules of the code: sizes, names, imports."""

from __future__ import annotations

import ast
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GIT = shutil.which("git") or "git"
HARD_CAP = 400
STEP_CAP = 200
CONFTEST_CAP = 40
FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "misc", "manager"}
OWN = {"harness", "reports", "steps"}


def tracked(pattern: str) -> list[Path]:
    """The project's own files, whether committed yet or not."""
    listed = subprocess.run(
        [GIT, "ls-files", "--cached", "--others", "--exclude-standard", "--", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


MODULES = tracked("*.py")


def test_there_are_modules_to_judge() -> None:
    """The rules below are not kept by absence."""
    assert len(MODULES) > 50


def test_no_module_is_longer_than_the_cap() -> None:
    """A module over 400 lines holds two things."""
    long = {str(path.relative_to(ROOT)): n for path in MODULES if (n := len(path.read_text().splitlines())) > HARD_CAP}

    assert not long


@pytest.mark.parametrize(("pattern", "cap"), [("steps/*.py", STEP_CAP), ("*conftest.py", CONFTEST_CAP)])
def test_steps_and_conftests_are_short(pattern: str, cap: int) -> None:
    """A conftest is not a second program, and step files stay readable."""
    long = {path.name: n for path in tracked(pattern) if (n := len(path.read_text().splitlines())) > cap}

    assert not long


def test_modules_have_names_that_say_something() -> None:
    """No utils, helpers, common, base, misc or manager."""
    assert not [str(path) for path in MODULES if path.stem in FORBIDDEN_NAMES]


def test_no_own_import_hides_in_a_function() -> None:
    """An import inside a function dodges a cycle; there is none to dodge."""
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and _top(node) in OWN
    ]

    assert not hidden


def test_nothing_sleeps() -> None:
    """A wait wakes on news; only harness/waiting.py waits."""
    sleepers = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _called(node.func) == "time.sleep"
    ]

    assert not sleepers


def _top(node: ast.Import | ast.ImportFrom) -> str:
    name = node.names[0].name if isinstance(node, ast.Import) else node.module or ""
    return name.split(".")[0]


def _called(function: ast.Attribute) -> str:
    return f"{function.value.id}.{function.attr}" if isinstance(function.value, ast.Name) else function.attr

"""One small run with the bridge, made once: what the tests of the report read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

SUITE = Path(__file__).parent / "small_suite"
PLUGINS = ("pytest_bdd.plugin", "allure_pytest.plugin", "reports.allure_bridge")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def run_small_suite() -> Run:
    """Run the small suite in a process of its own, with its journal at a path, and further options."""

    def run(journal: Path, *options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", "scenarios.py", "-c", os.devnull, f"--rootdir={SUITE}", "-q"]
        command += ["--disable-plugin-autoload", *(part for name in PLUGINS for part in ("-p", name))]
        environment = {**os.environ, "SMALL_SUITE_JOURNAL": str(journal), "PYTHONDONTWRITEBYTECODE": "1"}
        command += ["-p", "no:cacheprovider", *options]
        return subprocess.run(command, cwd=SUITE, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory, run_small_suite: Run) -> SimpleNamespace:
    """Its directory, and Allure's results by scenario name."""
    directory = tmp_path_factory.mktemp("run")
    run_small_suite(directory / "journal.jsonl", f"--alluredir={directory / 'allure-results'}")
    found = [json.loads(path.read_text()) for path in directory.glob("allure-results/*-result.json")]
    return SimpleNamespace(directory=directory, results={result["name"]: result for result in found})

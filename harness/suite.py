"""Plays the scenarios: pytest in processes of its own, followed through the journal."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from harness.config import RUN_FILE_VARIABLE, RunSettings
from harness.errors import BrokenHarness
from harness.recorder.journal import read_journal
from harness.recorder.line import Kind, Line
from harness.scenarios import FEATURES, Scenario

__all__ = ["harness_version", "play"]

STEP_MODULES = ("breaks", "clinics", "news", "visits", "whole_run", "working_time")
PLUGINS = (
    "pytest_bdd.plugin",
    "allure_pytest.plugin",
    "reports.allure_bridge",
    "harness.pytest_plugin",
    *(f"steps.{name}" for name in STEP_MODULES),
)
LOOK_EVERY_S = 0.2
"""How often the journal is read for progress while pytest runs."""
TOGETHER = "not alone and not afterwards"
ONE_BY_ONE = "alone or afterwards"
FINE = frozenset({0, 1})
"""pytest: all passed, or some failed - the journal tells which."""


def play(
    settings: RunSettings,
    scenarios: Iterable[Scenario],
    *,
    jobs: int,
    results: Path,
    private: Path,
    on_finished: Callable[[Mapping[str, object]], None],
) -> None:
    """Run the scenarios: ``jobs`` at a time, then those that stand alone, then those that judge the whole run.

    ``results`` receives Allure's files, ``private`` (readable by the user alone) the settings and pytest's own output.
    ``on_finished`` hears the body of each scenario's last line.

    Raises:
        BrokenHarness: pytest itself failed; what was judged before stands in the journal.
    """
    run_file = private / "run.json"
    settings.write(run_file)
    chosen = list(scenarios)
    apart = [one for one in chosen if one.alone or one.afterwards]
    phases: list[tuple[str | None, int]] = [(None, 1)]
    if jobs > 1 and len(chosen) > len(apart):
        phases = [(TOGETHER, jobs), *([(ONE_BY_ONE, 1)] if apart else [])]
    told = 0
    for marks, at_a_time in phases:
        process = _start(marks, at_a_time, results, private, run_file)
        try:
            while True:
                try:
                    code = process.wait(LOOK_EVERY_S)
                except subprocess.TimeoutExpired:
                    code = None
                for line in _finished(Path(settings.journal), told):
                    told = line.n
                    on_finished(line.body)
                if code is not None:
                    break
        except BaseException:
            process.terminate()
            process.wait()
            raise
        if code not in FINE:
            tail = "\n".join((private / "pytest.log").read_text(errors="replace").splitlines()[-15:])
            message = f"pytest ended with {code}:\n{tail}\n"
            raise BrokenHarness(message)


def _start(marks: str | None, jobs: int, results: Path, private: Path, run_file: Path) -> subprocess.Popen[bytes]:
    ini = private / "pytest.ini"
    ini.write_text("[pytest]\n", encoding="utf-8")
    module = FEATURES.parent / "steps" / "test_features.py"
    command = [sys.executable, "-m", "pytest", str(module), "-c", str(ini), f"--rootdir={FEATURES.parent}"]
    command += ["--disable-plugin-autoload", *(part for name in PLUGINS for part in ("-p", name))]
    command += ["-p", "no:cacheprovider", "--import-mode=importlib", "--strict-markers", "-q", "--tb=short"]
    command += [f"--alluredir={results}"]
    if jobs > 1:
        command += ["-p", "xdist.plugin", "-n", str(jobs), "--dist=worksteal"]
    if marks:
        command += ["-m", marks]
    environment = {**os.environ, RUN_FILE_VARIABLE: str(run_file)}
    environment.pop("PYTEST_ADDOPTS", None)
    with (private / "pytest.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)  # noqa: S603 - ours


def _finished(journal: Path, after: int) -> Iterator[Line]:
    for line in read_journal(journal, after=after):
        if line.kind is Kind.SCENARIO and line.body.get("state") == "finished":
            yield line


def harness_version() -> str:
    """The version of this distribution."""
    return importlib.metadata.version("docplanner-acceptance")

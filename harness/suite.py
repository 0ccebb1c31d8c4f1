"""Plays the scenarios: pytest in processes of its own, followed through the journal."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from harness.config import RunSettings
from harness.errors import BrokenHarness
from harness.gate import GATE_VARIABLE, Gate
from harness.players import HANDS_OUT
from harness.recorder.line import Kind, Line
from harness.recorder.tail import JournalTail
from harness.scenarios import FEATURES, Scenario

__all__ = ["Suite", "harness_version"]

PLUGINS = ("allure_pytest.plugin", "harness.players")
LOOK_EVERY_S = 0.2
"""How often the journal is read for progress while pytest runs."""
TOGETHER = "not alone and not afterwards"
ONE_BY_ONE = "alone or afterwards"
FINE = frozenset({0, 1})
"""pytest: all passed, or some failed - the journal tells which."""


class Suite:
    """The pytest processes of one run. Use as a context manager: the first of them starts importing at once.

    ``jobs`` scenarios are played at a time, then those that stand alone, then those that judge the whole run.
    ``results`` receives Allure's files, ``private`` (readable by the user alone) pytest's own output.
    """

    def __init__(self, scenarios: Iterable[Scenario], *, jobs: int, results: Path, private: Path) -> None:
        chosen = list(scenarios)
        apart = [one for one in chosen if one.alone or one.afterwards]
        self._phases: list[tuple[str | None, int]] = [(None, 1)]
        if jobs > 1 and len(chosen) > len(apart):
            self._phases = [(TOGETHER, jobs), *([(ONE_BY_ONE, 1)] if apart else [])]
        self._together = sum(len(one.rows) for one in chosen if one not in apart)
        self._results = results
        self._private = private
        self._gates: list[Gate] = []
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self._start_next()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for gate in self._gates:
            gate.__exit__(None, None, None)
        for process in self._processes:
            if process.poll() is None:
                process.terminate()
            process.wait()

    def play(
        self,
        settings: RunSettings,
        *,
        on_finished: Callable[[Mapping[str, object]], None],
        on_waiting: Callable[[str], None],
    ) -> None:
        """Play every scenario; ``on_finished`` hears the body of each one's last line in the journal.

        ``on_waiting`` hears what the run waits for, where a limit makes it wait.

        Raises:
            BrokenHarness: pytest itself failed; what was judged before stands in the journal.
        """
        journal, finished = JournalTail(Path(settings.journal)), 0
        read = journal.end()  # what an earlier part of the run judged is told already
        for phase in range(len(self._phases)):
            if phase == len(self._processes):
                self._start_next()
            self._gates[phase].open(settings)
            self._gates[phase].begin()
            code = None
            while code is None:
                code = self._wait(self._processes[phase])
                till = journal.end()
                for line in _finished(journal, read, till):
                    finished += 1
                    on_finished(line.body)
                for line in journal.after(read, kind=Kind.ACT):
                    if line.n <= till and "limit" in line.body:
                        on_waiting(str(line.body["words"]))
                read = till
                # the next phase's process imports and collects while the last scenarios of this one play
                if finished * 2 >= self._together and len(self._processes) < len(self._phases):
                    self._start_next()
                    self._gates[-1].open(settings)
            if code not in FINE:
                tail = "\n".join((self._private / "pytest.log").read_text(errors="replace").splitlines()[-15:])
                message = f"pytest ended with {code}:\n{tail}\n"
                raise BrokenHarness(message)

    @staticmethod
    def _wait(process: subprocess.Popen[bytes]) -> int | None:
        try:
            return process.wait(LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            return None

    def _start_next(self) -> None:
        marks, at_a_time = self._phases[len(self._processes)]
        gate = Gate()
        self._gates.append(gate)
        self._processes.append(_start(marks, at_a_time, self._results, self._private, gate))


def _start(marks: str | None, jobs: int, results: Path, private: Path, gate: Gate) -> subprocess.Popen[bytes]:
    ini = private / "pytest.ini"
    ini.write_text("[pytest]\n", encoding="utf-8")
    module = FEATURES.parent / "steps" / "test_features.py"
    # -P: a file of the user's with the name of a module is not taken for it
    command = [sys.executable, "-P", "-m", "pytest", str(module), "-c", str(ini), f"--rootdir={FEATURES.parent}"]
    command += ["--disable-plugin-autoload", *(part for name in PLUGINS for part in ("-p", name))]
    command += ["-p", "no:cacheprovider", "--import-mode=importlib", "--strict-markers", "-q", "--tb=short"]
    command += [f"--alluredir={results}", "--assert=plain"]  # steps assert nothing, so nothing need be rewritten
    if jobs > 1:
        command += ["-p", "xdist.plugin", "-n", str(jobs), "--dist=worksteal"]
    if marks:
        command += ["-m", marks]
    environment = {**os.environ, GATE_VARIABLE: gate.address, **({HANDS_OUT: "1"} if jobs > 1 else {})}
    environment.pop("PYTEST_ADDOPTS", None)
    with (private / "pytest.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)  # noqa: S603 - ours


def _finished(journal: JournalTail, after: int, till: int) -> Iterator[Line]:
    for line in journal.after(after, kind=Kind.SCENARIO):
        if line.n <= till and line.body.get("state") == "finished":
            yield line


def harness_version() -> str:
    """The version of this distribution."""
    return importlib.metadata.version("docplanner-acceptance")

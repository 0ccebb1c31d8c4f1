"""Runs of the suite in processes of their own, several at a time, and what became of each."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

__all__ = ["Trial", "Trials", "Tried", "read_trial"]

FAILED = "failed"
NOT_PROVEN = "not proven"
NOT_PLAYED = "not run"
"""The outcome of a criterion without a scenario; the reason of one that the run's selection left out."""
UNTOLD = "the run left no verdict"
LONGEST_S = 900.0
"""A run that takes longer than this is stopped, and could not be judged."""
LAST_WORDS = 5
"""Lines of a process's stderr that are kept where it left no verdict."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One run to make: ``arguments`` of ``acceptance run``, and ``environment`` on top of ours."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a run said. ``trouble`` is None where it could be judged; then all else comes from its verdict.json."""

    name: str
    exit_code: int
    seconds: float
    verdict: str = ""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    """Of every criterion that the run judged, by id."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """What was said of those that did not pass."""
    played: Mapping[str, str] = field(default_factory=dict)
    """The outcome of every scenario, by id; an Outline's rows apart."""
    scenarios_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The scenarios that spoke for each criterion, by its id."""
    trouble: str | None = None
    root: str = ""
    """The word of the first likely cause; empty where none is known."""
    likely: str = ""
    """That cause in a sentence."""

    @property
    def red(self) -> tuple[str, ...]:
        """The criteria that failed, in the catalogue's order."""
        return tuple(name for name, outcome in self.outcomes.items() if outcome == FAILED)

    def undecided(self, meant: str | None) -> bool:
        """Whether time, or trouble, kept it from judging ``meant``; None for the honest run, which must be accepted."""
        if self.trouble is not None:
            return True
        open_ones = [name for name, outcome in self.outcomes.items() if outcome == NOT_PROVEN]
        return meant not in self.red and meant in open_ones if meant else not self.red and bool(open_ones)

    @property
    def red_scenarios(self) -> frozenset[str]:
        """The scenarios that failed."""
        return frozenset(name for name, outcome in self.played.items() if outcome == FAILED)


class Trials:
    """Use as a context manager: whatever still runs at its end is stopped.

    ``directory`` receives a folder for each trial, named after it, with its verdict, its page and its journal.
    """

    def __init__(self, directory: Path, *, at_a_time: int) -> None:
        self._directory = directory
        self._at_a_time = at_a_time
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._over = True
            running = list(self._running)
        for process in running:
            process.terminate()

    def play(self, trials: Sequence[Trial], on_done: Callable[[Tried], None]) -> list[Tried]:
        """Play all of them; ``on_done`` hears of each as it ends. In the order of ``trials``."""
        done: dict[str, Tried] = {}
        with ThreadPoolExecutor(max_workers=self._at_a_time, thread_name_prefix="trial") as pool:
            waiting = [pool.submit(self._play, one) for one in trials]
            try:
                for ended in as_completed(waiting):
                    tried = ended.result()
                    done[tried.name] = tried
                    on_done(tried)
            except BaseException:
                # leaving the pool waits for its threads, and they wait for their processes
                pool.shutdown(wait=False, cancel_futures=True)
                self.__exit__()
                raise
        return [done[one.name] for one in trials]

    def _play(self, trial: Trial) -> Tried:
        folder = self._directory / trial.name
        # what the user configured is for his own system, or stands in the arguments already
        command = [sys.executable, "-m", "harness.cli", "run", "--config", "none", "--no-html"]
        command += ["--output", str(folder), *trial.arguments]
        started = time.monotonic()
        with self._lock:
            if self._over:
                return Tried(trial.name, exit_code=-1, seconds=0.0, trouble="stopped before it began")
            process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env={**os.environ, **trial.environment},
            )
            self._running.add(process)
        watchdog = threading.Timer(LONGEST_S, process.terminate)
        watchdog.start()
        _, told = process.communicate()
        watchdog.cancel()
        with self._lock:
            self._running.discard(process)
        shutil.rmtree(folder / "allure-results", ignore_errors=True)
        seconds = time.monotonic() - started
        last_words = "\n".join(told.decode(errors="replace").strip().splitlines()[-LAST_WORDS:])
        return read_trial(trial.name, folder / "verdict.json", process.returncode, seconds, last_words)


def read_trial(name: str, file: Path, exit_code: int, seconds: float, last_words: str = "") -> Tried:
    """What the run's verdict.json says; ``last_words`` of the process where there is none."""
    try:
        verdict: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Tried(name, exit_code, seconds, trouble=f"{UNTOLD} (exit code {exit_code}): {last_words}")
    trouble = verdict["trouble"]
    root = next(iter(verdict["causes"]), {"cause": "", "likely": ""})
    judged = [one for one in verdict["criteria"] if one["scenarios"] or _was_judged(one)]
    return Tried(
        name,
        exit_code=exit_code,
        seconds=seconds,
        verdict=str(verdict["verdict"]),
        outcomes={one["id"]: one["outcome"] for one in judged},
        reasons={one["id"]: str(one["reason"]) for one in judged if one["reason"]},
        played=dict(_played(judged)),
        scenarios_of={one["id"]: tuple(scenario["id"] for scenario in one["scenarios"]) for one in judged},
        trouble=str(trouble["reason"]) if trouble else None,
        root=str(root["cause"]),
        likely=str(root["likely"]),
    )


def _was_judged(criterion: Mapping[str, Any]) -> bool:
    return bool(criterion["reason"] != NOT_PLAYED)


def _played(judged: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for one in judged:
        for scenario in one["scenarios"]:
            yield scenario["id"], scenario["outcome"]

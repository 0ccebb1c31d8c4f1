"""The gate at which the workers of a run wait for its settings, and for their turn."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager

import pytest
from runs import ROOT

from harness.config import RunSettings
from harness.errors import BrokenHarness, ConfigurationError
from harness.gate import EXIT_LEFT, GATE_VARIABLE, Gate, await_turn, pass_gate
from tests.driver.scenes import settings

SETTINGS = settings()
SHORT_S, LONG_S = 0.05, 10.0


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """A gate, and this process one of its workers."""
    with Gate() as made:
        monkeypatch.setenv(GATE_VARIABLE, made.address)
        yield made


def beside(do: Callable[[], RunSettings | None]) -> Future[RunSettings | None]:
    """Done in a thread of its own."""
    pool = ThreadPoolExecutor(1)
    done = pool.submit(do)
    pool.shutdown(wait=False)
    return done


def test_a_worker_is_given_the_settings_once_they_are_known(gate: Gate) -> None:
    """And as often as it asks."""
    waiting = beside(pass_gate)
    with pytest.raises(NotYet):
        waiting.result(SHORT_S)

    gate.open(SETTINGS)

    assert waiting.result(LONG_S) == SETTINGS == pass_gate()


def test_a_worker_plays_when_it_is_its_turn(gate: Gate) -> None:
    """The settings alone are no turn."""
    gate.open(SETTINGS)
    waiting = beside(await_turn)
    with pytest.raises(NotYet):
        waiting.result(SHORT_S)

    gate.begin()

    assert waiting.result(LONG_S) is None


@pytest.mark.parametrize("ask", [pass_gate, await_turn])
def test_who_still_waits_when_the_run_ends_is_sent_away(gate: Gate, ask: Callable[[], RunSettings | None]) -> None:
    """With an error, not with nothing."""
    waiting = beside(ask)
    with pytest.raises(NotYet):
        waiting.result(SHORT_S)

    gate.__exit__(None, None, None)

    with pytest.raises(BrokenHarness, match="ended before"):
        waiting.result(LONG_S)


def test_without_the_key_nothing_is_told(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings hold secrets."""
    gate.open(SETTINGS)
    gate.begin()
    monkeypatch.setenv(GATE_VARIABLE, f"{gate.address.partition(':')[0]}:another")
    for ask in (pass_gate, await_turn):
        with pytest.raises(BrokenHarness):
            ask()
    monkeypatch.delenv(GATE_VARIABLE)
    with pytest.raises(ConfigurationError, match="acceptance run"):
        pass_gate()


RUN = "import sys; from harness.gate import Gate; gate = Gate(); print(gate.address, flush=True); sys.stdin.read()"
PLAYS = "import sys; from harness.gate import end_with_run; end_with_run(); print(flush=True); sys.stdin.read()"


def test_a_worker_whose_run_was_killed_ends_too() -> None:
    """Nobody would undo what it did afterwards."""
    with child(RUN) as run:
        assert run.stdout is not None
        with child(PLAYS, {GATE_VARIABLE: run.stdout.readline().strip()}) as worker:
            assert worker.stdout is not None
            worker.stdout.readline()
            assert worker.poll() is None

            run.kill()

            assert worker.wait(LONG_S) == EXIT_LEFT


def test_a_worker_stays_as_long_as_its_run(gate: Gate) -> None:
    """Neither the settings nor its turn end it."""
    gate.open(SETTINGS)
    gate.begin()
    with child(PLAYS) as worker:
        assert worker.stdout is not None
        worker.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            worker.wait(SHORT_S)

        gate.__exit__(None, None, None)

        assert worker.wait(LONG_S) == EXIT_LEFT


@contextmanager
def child(code: str, told: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """A process of its own."""
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **(told or {})}
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, text=True, env=environment) as made:
        yield made
        made.kill()

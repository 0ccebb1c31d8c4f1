"""What a killed run left is offered to be undone when the next one begins: as it is seen at a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from select import select
from time import monotonic

import pytest
from httpx import QueryParams
from runs import ROOT
from safety.places import PHONE, Far, far
from sandbox.served import SMALL, Served, served

from harness.safety.writes import unfinished

if sys.platform == "win32":
    pytest.skip("terminals of POSIX", allow_module_level=True)

OWN_TERMINAL = (
    "import fcntl, signal, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "signal.signal(signal.SIGINT, signal.default_int_handler); from harness.cli import main; main()"
)
"""The terminal is the command's own, so that Ctrl-C on it reaches the command alone."""
QUESTION = "Undo it now? [Y/n]:"
CTRL_C, CTRL_D = "\x03", "\x04"
PATIENCE_S = 60.0


@dataclass
class Terminal:
    """A command that somebody sits at."""

    ours: int
    process: subprocess.Popen[bytes]
    shown: str = ""

    def see(self, words: str) -> None:
        """Read until ``words`` stand there."""
        while words not in self.shown:
            assert self._read(), f"it ended without {words!r}:\n{self.shown}"

    def type(self, keys: str) -> None:
        """As if on the keyboard."""
        os.write(self.ours, keys.encode())

    def end(self) -> int:
        """Read to the end; the exit code."""
        while self._read():
            pass
        return self.process.wait(PATIENCE_S)

    def _read(self) -> bool:
        until = monotonic() + PATIENCE_S
        assert select([self.ours], [], [], until - monotonic())[0], self.shown
        try:
            block = os.read(self.ours, 4096)
        except OSError:  # how Linux says that nobody has the other end any more
            return False
        self.shown += block.decode(errors="replace")
        return bool(block)


Typed = Callable[..., Terminal]


@pytest.fixture(scope="module")
def docplanner() -> Iterator[Served]:
    """One sandbox for the file."""
    with served(replace(SMALL, clinics=1, lookalike_clinics=0)) as running:
        yield running


@pytest.fixture
def there(docplanner: Served, tmp_path: Path) -> Iterator[Far]:
    """A run that booked a visit and went no further, and the settings of the next one."""
    with far(tmp_path / ".acceptance", docplanner) as made:
        docplanner.fill(made.place, 3)
        with made.writing() as api:
            api.bookings.book(made.at, made.moment(3, "09:00"), made.visit())
        (tmp_path / "acceptance.toml").write_text(
            f'[docplanner]\nat = "{docplanner.sandbox.base_url}"\nfacilities = "{made.place.facility_id}"\n'
            f'tester_phone = "{PHONE}"\n[run]\nassembly = "api"\n'
        )
        yield made
        if unfinished(made.journal.parent):
            made.finish()


@pytest.fixture
def begin(docplanner: Served, tmp_path: Path) -> Iterator[Typed]:
    """The next run is begun at a terminal."""
    begun: list[Terminal] = []

    def typed(*arguments: str) -> Terminal:
        ours, theirs = os.openpty()
        own = {
            "PYTHONPATH": str(ROOT),
            "ACCEPTANCE_CLIENT_ID": docplanner.sandbox.client_id,
            "ACCEPTANCE_CLIENT_SECRET": docplanner.sandbox.client_secret,
        }
        command = ["run", "--no-html", "--output", "out", "--criterion", "DP-MAP-02", *arguments]
        process = subprocess.Popen(
            [sys.executable, "-c", OWN_TERMINAL, *command],
            cwd=tmp_path,
            env={**os.environ, **own, "TERM": "dumb", "COLUMNS": "500"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        begun.append(Terminal(ours, process))
        return begun[-1]

    yield typed
    for one in begun:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait()
        os.close(one.ours)


def grow_old(journal: Path) -> None:
    """The run was killed a minute ago, so that what it wrote last has had its time to show."""
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    for one in lines:
        if one["type"] == "intended":
            one["at"] = (datetime.fromisoformat(one["at"]) - timedelta(minutes=1)).isoformat()
    journal.write_text("".join(f"{json.dumps(one)}\n" for one in lines))


def booked(there: Far) -> list[object]:
    """Visits of the day that are not cancelled."""
    day = QueryParams({"from": there.docplanner.at(3, "00:00"), "to": there.docplanner.at(4, "00:00")})
    seen = there.docplanner.done("GET", f"{there.place.calendar}/visits?{day}")
    return [one for one in seen["items"] if one["status"] == "booked"]


def test_who_agrees_has_it_undone_before_the_run_begins(there: Far, begin: Typed) -> None:
    """Then the run goes its way: here nobody confirms what it may write to."""
    grow_old(there.journal)
    terminal = begin()
    terminal.see(QUESTION)
    assert "made 1 write to Docplanner, and did not take back what it did (.acceptance/writes/test.jsonl)" in (
        terminal.shown
    )
    terminal.type("y\n")
    code = terminal.end()

    assert "AS BEFORE" in terminal.shown
    assert terminal.shown.index("AS BEFORE") < terminal.shown.index("Nobody confirmed")
    assert code == 64
    assert unfinished(there.journal.parent) == []
    assert booked(there) == []


def test_who_declines_is_told_what_is_in_the_way(there: Far, begin: Typed) -> None:
    """Nothing is undone, and nothing is played over it."""
    terminal = begin("--confirmed-by", "the tester")
    terminal.see(QUESTION)
    terminal.type("n\n")
    code = terminal.end()

    assert "AS BEFORE" not in terminal.shown
    assert "did not take it back" in terminal.shown
    assert "acceptance cleanup" in terminal.shown
    assert code == 64
    assert len(booked(there)) == 1
    assert there.journal in unfinished(there.journal.parent)


def is_left_not_proven(there: Far, terminal: Terminal, words: str) -> None:
    """The run ends with ``words``, as one that has begun nothing; what was left before it is left still."""
    code = terminal.end()
    assert code == 2, terminal.shown
    assert words in terminal.shown
    assert "Traceback" not in terminal.shown
    assert not (there.journal.parents[2] / "out" / "journal.jsonl").exists()
    assert there.journal in unfinished(there.journal.parent)


@pytest.mark.parametrize("keys", [CTRL_C, CTRL_D])
def test_who_leaves_at_the_question_has_begun_nothing(there: Far, begin: Typed, keys: str) -> None:
    """A run of nothing is not proven, never not accepted."""
    terminal = begin()
    terminal.see(QUESTION)
    terminal.type(keys)

    is_left_not_proven(there, terminal, "nothing was played")


def test_who_interrupts_the_undoing_is_told_how_to_go_on(there: Far, begin: Typed) -> None:
    """What was written last is given its time to show: that is when somebody loses patience."""
    terminal = begin()
    terminal.see(QUESTION)
    terminal.type("\n")
    terminal.see("putting back the calendar")
    terminal.type(CTRL_C)

    is_left_not_proven(there, terminal, "Run `acceptance cleanup`")

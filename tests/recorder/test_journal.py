"""The journal: numbered, append-only, redacted, whole however many write it at once."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from harness.clock import ManualClock, SystemClock
from harness.errors import BrokenHarness, OutputUnusable
from harness.recorder.journal import JournalFile, MemoryJournal, read_journal
from harness.recorder.line import Actor, Channel, Kind, Line
from harness.recorder.redaction import Redactor

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
REDACTOR = Redactor(["canary-secret-1"], patient_key=b"key", own_phone_block="555")

WRITER = """
import os, sys
from pathlib import Path
from harness.clock import SystemClock
from harness.recorder.journal import JournalFile
from harness.recorder.line import Actor, Kind
from harness.recorder.redaction import Redactor

path, name, lines, forks = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
redactor = Redactor((), patient_key=b"key", own_phone_block="")
journal = JournalFile(path, run="r", process=name, redactor=redactor, clock=SystemClock())
journal.write(Kind.RUN, {"hello": name}, actor=Actor.HARNESS)
sys.stdin.readline()  # all begin together
is_child = 0 in [os.fork() for _ in range(forks)]
for index in range(lines):
    body = {"i": index, "pid": os.getpid(), "pad": "x" * (index * 37 % 5000)}
    number = journal.write(Kind.ACT, body, actor=Actor.STAFF)
    os.write(1, b"%d %d %d\\n" % (number, os.getpid(), index))  # in one piece: forks share the pipe
journal.close()
if not is_child:
    for _ in range(forks):
        os.wait()
"""


def journal_at(path: Path, process: str = "test") -> JournalFile:
    """A journal with a clock that stands still."""
    return JournalFile(path, run="r1", process=process, redactor=REDACTOR, clock=ManualClock(NOON))


def test_a_line_is_given_back_as_it_was_written(tmp_path: Path) -> None:
    """Every field, instants in UTC, the sandbox's own time among them."""
    path = tmp_path / "journal.jsonl"
    sandbox = ManualClock(NOON + timedelta(days=3))
    with JournalFile(
        path, run="r1", process="p", redactor=REDACTOR, clock=ManualClock(NOON), sandbox_clock=sandbox
    ) as journal:
        first = journal.write(Kind.ACT, {"state": "intended"}, actor=Actor.PATIENT, channel=Channel.MARKETPLACE)
        second = journal.write(
            Kind.NOTIFICATION_TRY, {"try": 1}, actor=Actor.DOCPLANNER, scenario="s", cause=first, address="3"
        )
    assert (first, second) == (1, 2)
    one, two = read_journal(path)
    assert one == Line(
        v=1,
        run="r1",
        n=1,
        process="p",
        at=NOON,
        sandbox_at=NOON + timedelta(days=3),
        scenario=None,
        kind=Kind.ACT,
        actor=Actor.PATIENT,
        channel=Channel.MARKETPLACE,
        cause=None,
        address=None,
        body={"state": "intended"},
    )
    assert (two.kind, two.scenario, two.cause, two.address, two.channel) == (Kind.NOTIFICATION_TRY, "s", 1, "3", None)
    assert orjson.loads(path.read_bytes().splitlines()[1])["at"] == "2026-11-24T12:00:00+00:00"


def test_a_line_stands_in_the_file_when_it_has_a_number(tmp_path: Path) -> None:
    """Nothing is held back: another reader sees the line at once, with no file beside the journal."""
    path = tmp_path / "journal.jsonl"
    with journal_at(path) as journal:
        journal.write(Kind.LOOK, {}, actor=Actor.HARNESS)
        assert [line.n for line in read_journal(path)] == [1]
        journal.write(Kind.LOOK, {}, actor=Actor.HARNESS)
        assert [line.n for line in read_journal(path, after=1)] == [2]
        assert list(read_journal(path, after=2)) == []
    assert list(tmp_path.iterdir()) == [path]


def test_a_journal_is_continued(tmp_path: Path) -> None:
    """Opened again, by this process or another, numbers go on."""
    path = tmp_path / "journal.jsonl"
    with journal_at(path, "one") as one, journal_at(path, "two") as two:
        numbers = [journal.write(Kind.ACT, {}, actor=Actor.STAFF) for journal in (one, two, two, one, two)]
    with journal_at(path) as journal:
        numbers.append(journal.write(Kind.ACT, {}, actor=Actor.STAFF))
    assert numbers == [1, 2, 3, 4, 5, 6]
    assert [line.process for line in read_journal(path)] == ["one", "two", "two", "one", "two", "test"]


@pytest.mark.parametrize("forks", [0, 2])
def test_several_processes_write_one_journal(tmp_path: Path, forks: int) -> None:
    """No line is lost, torn or doubled, and numbers are places; also where processes fork after opening."""
    path = tmp_path / "journal.jsonl"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), f"p{n}", "120", str(forks)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(3)
    ]
    told: list[tuple[int, int, int]] = []
    with ThreadPoolExecutor() as readers:
        for output, _ in readers.map(lambda writer: writer.communicate("go\n"), writers):
            told += [(int(n), int(pid), int(i)) for n, pid, i in map(str.split, output.splitlines())]
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    lines = list(read_journal(path))
    assert [line.n for line in lines] == list(range(1, len(lines) + 1))
    acts = [line for line in lines if line.kind is Kind.ACT]
    assert len(acts) == 3 * 2**forks * 120
    assert {(line.n, line.body["pid"], line.body["i"]) for line in acts} == set(told)
    assert Counter(line.body["pid"] for line in acts).most_common()[-1][1] == 120
    ordered = [line.at for line in lines]
    assert ordered == sorted(ordered)


def test_several_threads_write_one_journal(tmp_path: Path) -> None:
    """Each gets a number of its own."""
    path = tmp_path / "journal.jsonl"
    with (
        JournalFile(path, run="r", process="p", redactor=REDACTOR, clock=SystemClock()) as journal,
        ThreadPoolExecutor(8) as threads,
    ):
        numbers = list(threads.map(lambda i: journal.write(Kind.ACT, {"i": i}, actor=Actor.STAFF), range(400)))
    assert sorted(numbers) == list(range(1, 401))
    assert {line.n: line.body["i"] for line in read_journal(path)} == dict(zip(numbers, range(400), strict=True))


@pytest.mark.parametrize("torn", [b'{"v": 1, "run"', b"x" * 3_000_000, b"\xff"])
def test_a_torn_last_line_was_never_written(tmp_path: Path, torn: bytes) -> None:
    """A reader leaves it alone, the next writer takes its number and its place."""
    path = tmp_path / "journal.jsonl"
    with journal_at(path) as journal:
        journal.write(Kind.ACT, {"i": 1}, actor=Actor.STAFF)
        with path.open("ab") as file:
            file.write(torn)
        assert [line.n for line in read_journal(path)] == [1]
        assert journal.write(Kind.ACT, {"i": 2}, actor=Actor.STAFF) == 2
    assert [line.body["i"] for line in read_journal(path)] == [1, 2]
    with path.open("ab") as file:
        file.write(torn)
    with journal_at(path) as journal:
        assert journal.write(Kind.ACT, {"i": 3}, actor=Actor.STAFF) == 3


def test_a_torn_first_line_was_never_written_either(tmp_path: Path) -> None:
    """A file with nothing but a torn line is an empty journal."""
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b'{"v":')
    assert list(read_journal(path)) == []
    with journal_at(path) as journal:
        assert journal.write(Kind.ACT, {}, actor=Actor.STAFF) == 1


def test_a_journal_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    """Reading begins before the first line is written."""
    assert list(read_journal(tmp_path / "none.jsonl")) == []


@pytest.mark.parametrize("line", ["[]", "hello", "{}", '{"v":1,"kind":"song"}'])
def test_something_else_than_a_journal_is_named(tmp_path: Path, line: str) -> None:
    """The message tells file and line, and what to do."""
    path = tmp_path / "other.jsonl"
    with journal_at(path) as journal:
        journal.write(Kind.ACT, {}, actor=Actor.STAFF)
    with path.open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(OutputUnusable, match=r"other\.jsonl, line 2, is not a line of a journal.*Point at"):
        list(read_journal(path))


def test_fields_that_are_not_known_are_ignored(tmp_path: Path) -> None:
    """A later version may say more."""
    path = tmp_path / "journal.jsonl"
    with journal_at(path) as journal:
        journal.write(Kind.ACT, {"i": 1}, actor=Actor.STAFF)
    more = {**orjson.loads(path.read_bytes()), "mood": "fine"}
    path.write_bytes(orjson.dumps(more) + b"\n")
    assert [line.body for line in read_journal(path)] == [{"i": 1}]


def test_a_journal_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """The path is named, and the option that changes it."""
    with pytest.raises(OutputUnusable, match="--output"):
        journal_at(tmp_path / "missing" / "journal.jsonl")


def test_a_closed_journal_takes_no_line(tmp_path: Path) -> None:
    """A line that comes too late is a defect of the harness, told as one; closing twice is fine."""
    journal = journal_at(tmp_path / "journal.jsonl")
    journal.close()
    journal.close()
    with pytest.raises(BrokenHarness, match="closed"):
        journal.write(Kind.ACT, {}, actor=Actor.STAFF)


def test_every_line_is_redacted(tmp_path: Path) -> None:
    """Body, calendar and scenario pass the redactor, whatever the caller did before."""
    path = tmp_path / "journal.jsonl"
    memory = MemoryJournal(redactor=REDACTOR)
    with journal_at(path) as journal:
        for one in (journal, memory):
            one.write(
                Kind.EXCHANGE,
                {"a": ["canary-secret-1"], "patient": {"name": "Zaneta", "phone": "111222333"}},
                actor=Actor.PARTNER,
                address="canary-secret-1",
                scenario="of canary-secret-1",
            )
    assert b"canary" not in path.read_bytes()
    assert b"Zaneta" not in path.read_bytes()
    (kept,) = memory.lines
    (line,) = read_journal(path)
    assert (kept.body, kept.address, kept.scenario) == (line.body, line.address, line.scenario)
    assert (line.address, line.scenario) == ("***", "of ***")


def test_a_line_that_cannot_be_written_costs_no_number(tmp_path: Path) -> None:
    """The next line follows the last one that stands."""
    path = tmp_path / "journal.jsonl"
    with journal_at(path) as journal:
        with pytest.raises(TypeError):
            journal.write(Kind.ACT, {"keys": {(1, 2): "no JSON"}}, actor=Actor.STAFF)
        assert journal.write(Kind.ACT, {}, actor=Actor.STAFF) == 1


def test_a_journal_in_memory_keeps_the_latest_lines() -> None:
    """Numbers go on; what the caller changes afterwards changes no line; without a redactor patients are masked."""
    journal = MemoryJournal(limit=2, clock=ManualClock(NOON))
    body = {"i": [0]}
    for _ in range(3):
        journal.write(Kind.LOOK, body, actor=Actor.HARNESS)
        body["i"].append(1)
    assert [(line.n, line.body) for line in journal.lines] == [(2, {"i": [0, 1]}), (3, {"i": [0, 1, 1]})]
    assert [line.n for line in journal.lines[-1:]] == [3]
    assert (len(journal.lines), journal.lines[0].at) == (2, NOON)
    journal.write(Kind.LOOK, {"patient": {"name": "Zaneta", "phone": "555222333"}}, actor=Actor.HARNESS)
    assert "Zaneta" not in str(journal.lines[-1].body)

"""A growing journal, read piece by piece, is read as if at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from harness.clock import ManualClock
from harness.recorder.journal import JournalFile, read_journal
from harness.recorder.line import Actor, Kind
from harness.recorder.redaction import Redactor
from harness.recorder.tail import JournalTail

SCENARIOS = st.sampled_from([None, "a", "ab", 'with "quotes" and ż', 'x","kind":"look'])
KINDS = st.sampled_from([Kind.ACT, Kind.LOOK])
CLOCK = ManualClock(datetime(2026, 11, 24, tzinfo=UTC))
STEP = st.one_of(
    st.tuples(st.just("write"), SCENARIOS, KINDS),
    st.tuples(st.just("mark"), st.none(), st.none()),
    st.tuples(st.just("half"), st.none(), st.none()),
)


@given(steps=st.lists(STEP, max_size=25), scenario=SCENARIOS, kind=st.none() | KINDS)
def test_what_comes_after_a_mark_is_what_was_written_since(
    steps: list[tuple[str, str | None, Kind | None]], scenario: str | None, kind: Kind | None
) -> None:
    """For every mark, of one scenario or kind or of all; half a line is no line yet."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / "journal.jsonl"
        tail, marks, whole = JournalTail(path), [0], 0
        redactor = Redactor((), patient_key=b"k" * 32, own_phone_block="604")
        with JournalFile(path, run="r", process="p", redactor=redactor, clock=CLOCK) as journal:
            for what, of, which in steps:
                if what == "write":
                    whole = journal.write(which or Kind.ACT, {"x": '"kind":"act"'}, actor=Actor.HARNESS, scenario=of)
                elif what == "half":
                    with path.open("ab") as half:
                        half.write(b'{"v":1,"scen')
                else:
                    marks.append(tail.end())
                    assert marks[-1] == whole
        every = list(read_journal(path))
        for mark in marks:
            due = [
                one.n for one in every if one.n > mark and scenario in {None, one.scenario} and kind in {None, one.kind}
            ]
            assert [one.n for one in tail.after(mark, scenario=scenario, kind=kind)] == due


def test_a_journal_that_is_not_there_yet_has_no_lines(tmp_path: Path) -> None:
    """It is looked for again each time."""
    tail = JournalTail(tmp_path / "journal.jsonl")

    assert (tail.end(), list(tail.after(0))) == (0, [])

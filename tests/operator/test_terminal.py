"""A person at the terminal: what they are shown, and what their keys mean."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from harness.clock import ManualClock
from harness.errors import OperatorGone
from harness.operator.port import NO, YES, Question, Said, Task, Who
from harness.operator.terminal import TerminalOperator, typed_lines

NOON = datetime(2026, 11, 23, 11, 0, 5, tzinfo=UTC)
TASK = Task(Who.STAFF, "Book Anna Nowak.", "add_appointment", scenario="bookings/staff#staff-book")
QUESTION = Question(Who.STAFF, "Is exactly this booked?", "appointments", ("1  A Anna",), tells=NO, example="A 10:00")


class Typing:
    """Types lines, and keeps what was shown."""

    def __init__(self, *lines: str) -> None:
        self._lines = iter(lines)
        self.out = io.StringIO()
        zone = ZoneInfo("Europe/Warsaw")
        self.operator = TerminalOperator("Ola", zone=zone, clock=ManualClock(NOON), out=self.out, read_line=self._next)

    def _next(self) -> str:
        return next(self._lines)


def test_clock_actor_words_and_keys_are_shown() -> None:
    """The clinic's local time, who must act, the instruction, and how to end it."""
    typing = Typing("")
    answer = typing.operator.do(TASK)

    shown = typing.out.getvalue()
    assert "Mon 23 Nov 12:00:05  STAFF  bookings/staff#staff-book" in shown
    assert "Book Anna Nowak." in shown
    assert "Enter done" in shown
    assert (answer.said, answer.by, answer.note) == (Said.DONE, "Ola", None)
    assert answer.at is not None


@pytest.mark.parametrize(("key", "said"), [("s", Said.SKIPPED), ("r", Said.REPEAT), ("?", Said.CANNOT_TELL)])
def test_each_key_ends_task_and_question_alike(key: str, said: Said) -> None:
    """Skip, repeat, cannot tell."""
    assert Typing(key).operator.do(TASK).said is said
    assert Typing(key).operator.look(QUESTION).said is said


def test_a_note_is_kept_with_the_answer_that_follows() -> None:
    """And another key than those there are is asked again."""
    answer = Typing("n", "the button is gone", "z", "S").operator.do(TASK)
    assert (answer.said, answer.note) == (Said.SKIPPED, "the button is gone")


def test_a_refusal_of_the_program_says_what_it_said() -> None:
    """It is an answer of the program, in its own words."""
    answer = Typing("x", "This time is taken").operator.do(TASK)
    assert (answer.said, answer.note) == (Said.REFUSED, "This time is taken")


def test_a_question_shows_its_table_and_takes_number_or_word() -> None:
    """Enter alone is no answer: nobody says yes by accident."""
    typing = Typing("", "1")
    assert typing.operator.look(QUESTION).yes
    assert "    1  A Anna" in typing.out.getvalue()
    assert "An answer is needed." in typing.out.getvalue()
    assert Typing("YES").operator.look(QUESTION).choice == YES


def test_after_a_no_the_person_says_what_there_is() -> None:
    """Line by line, up to an empty one."""
    answer = Typing("2", "A 10:00-10:30 Jan", "1", "").operator.look(QUESTION)
    assert (answer.choice, answer.seen) == (NO, ("A 10:00-10:30 Jan", "1"))


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Both ends of one."""
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue


def test_lines_are_read_as_they_come_and_the_end_of_the_terminal_is_told(pipe: tuple[int, int]) -> None:
    """Several at once, in pieces, and then nobody any more."""
    reading, writing = pipe
    next_line = typed_lines(reading)
    os.write(writing, "żółć\ntwo\r\nth".encode())
    assert [next_line(), next_line()] == ["żółć", "two"]
    os.write(writing, b"ree\n")
    os.close(writing)
    assert next_line() == "three"
    with pytest.raises(OperatorGone):
        next_line()

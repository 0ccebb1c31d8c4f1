"""Waiting: looks at once, wakes on news, gives up with the last thing seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from harness.clock import ManualClock
from harness.waiting import eventually

START = datetime(2026, 11, 23, 8, tzinfo=UTC)


@dataclass
class ScriptedNews:
    """Time passes only in waits; news comes at the instants of the script."""

    clock: ManualClock
    at: list[datetime] = field(default_factory=list)
    waits: list[timedelta] = field(default_factory=list)

    def mark(self) -> int:
        """How much there has been."""
        return sum(1 for one in self.at if one <= self.clock.now())

    def wait(self, after: int, timeout: timedelta) -> bool:
        """Time passes up to the next piece of news."""
        self.waits.append(timeout)
        end = self.clock.now() + timeout
        coming = [one for one in sorted(self.at)[after:] if one <= end]
        self.clock.set(max(coming[0], self.clock.now()) if coming else end)
        return bool(coming)


def test_what_is_true_already_costs_one_look_and_no_wait() -> None:
    """It looks at once."""
    clock = ManualClock(START)
    news = ScriptedNews(clock)

    waited = eventually(lambda: 1, lambda _: None, within=timedelta(seconds=60), news=news, clock=clock)

    assert (waited.looks, waited.objection, news.waits) == (1, None, [])


def test_it_gives_up_with_the_last_thing_seen() -> None:
    """The objection is that of the last look, made at the end of the time."""
    clock = ManualClock(START)

    waited = eventually(
        clock.now,
        lambda seen: f"saw {seen:%S}",
        within=timedelta(seconds=10),
        news=ScriptedNews(clock),
        clock=clock,
    )

    assert waited.objection == "saw 10"
    assert waited.ended_at == START + timedelta(seconds=10)


def test_news_wakes_it_long_before_the_next_look_would_be_due() -> None:
    """After news it looks within milliseconds."""
    clock = ManualClock(START)
    happened = START + timedelta(seconds=20, milliseconds=137)
    news = ScriptedNews(clock, at=[happened])

    waited = eventually(
        clock.now,
        lambda seen: None if seen >= happened else "not yet",
        within=timedelta(seconds=60),
        news=news,
        clock=clock,
    )

    assert waited.objection is None
    assert waited.ended_at == happened


def test_no_time_at_all_still_means_one_look() -> None:
    """A wait whose time is over already judges what is there."""
    clock = ManualClock(START)

    waited = eventually(lambda: 1, lambda _: "no", within=timedelta(0), news=ScriptedNews(clock), clock=clock)

    assert (waited.looks, waited.objection) == (1, "no")


def test_a_settled_partner_is_looked_at_once_more_before_it_is_judged() -> None:
    """What comes true between the look and the word "settled" is not held against it."""
    clock = ManualClock(START)
    seen = iter(["nothing", "the visit"])

    waited = eventually(
        lambda: next(seen),
        lambda one: None if one == "the visit" else "missing",
        within=timedelta(seconds=60),
        news=ScriptedNews(clock),
        clock=clock,
        settled=lambda: True,
    )

    assert waited.objection is None
    assert waited.looks == 2


@given(
    true_after=st.integers(0, 20_000),
    limit=st.integers(0, 20_000),
    news_at=st.lists(st.integers(0, 20_000), max_size=8),
)
def test_it_succeeds_exactly_if_the_thing_is_true_in_time(true_after: int, limit: int, news_at: list[int]) -> None:
    """Whatever news comes, nothing true in time is missed and nothing is waited for beyond the limit."""
    clock = ManualClock(START)
    due = START + timedelta(milliseconds=true_after)
    news = ScriptedNews(clock, at=[START + timedelta(milliseconds=one) for one in sorted(news_at)])

    waited = eventually(
        clock.now,
        lambda now: None if now >= due else "not yet",
        within=timedelta(milliseconds=limit),
        news=news,
        clock=clock,
    )

    assert (waited.objection is None) == (true_after <= limit)
    assert waited.ended_at <= START + timedelta(milliseconds=limit)

"""The bars of the picture over the nights: inside it, beside each other, and as high as what they count."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.trend import Night
from reports.trend_picture import MOST_NIGHTS, OUTCOMES, picture_of

COUNTS = st.dictionaries(st.sampled_from([*OUTCOMES, "of another version"]), st.integers(0, 300))
NIGHTS = st.lists(st.builds(Night, st.datetimes(timezones=st.just(UTC)), st.just("accepted"), COUNTS), max_size=45)


@given(NIGHTS)
def test_every_bar_stands_in_the_picture_and_on_its_own_ground(nights: list[Night]) -> None:
    """Of the last nights, the oldest first; nothing is drawn of nights without a criterion."""
    picture = picture_of(nights)

    if picture is None:
        assert not any(one.counts.get(name) for one in nights for name in OUTCOMES)
        return
    assert [one.at for one in picture.bars] == sorted(one.at for one in nights)[-MOST_NIGHTS:]
    for bar in picture.bars:
        assert picture.left <= bar.x
        assert bar.x + bar.width <= picture.width + 0.1
        assert picture.ceiling - 0.1 <= bar.top <= picture.ground
    assert all(before.x + before.width <= after.x + 0.2 for before, after in pairwise(picture.bars))


@given(NIGHTS)
def test_parts_stand_on_each_other_as_high_as_their_counts(nights: list[Night]) -> None:
    """And the highest reaches the ceiling."""
    picture = picture_of(nights)
    if picture is None:
        return
    full = picture.ground - picture.ceiling
    for bar in picture.bars:
        foot = picture.ground
        for part in bar.parts:
            assert part.height == pytest.approx(full * part.n / picture.most, abs=0.01)
            assert part.y + part.height == pytest.approx(foot, abs=0.1)
            foot = part.y
    assert min(bar.top for bar in picture.bars) == pytest.approx(picture.ceiling, abs=0.1)


def test_the_newest_night_has_its_date_written_below() -> None:
    """And of many nights as many as have room."""
    nights = [Night(datetime(2026, 11, day, tzinfo=UTC), "accepted", {"passed": 1}) for day in range(1, 29)]
    picture = picture_of(nights)

    assert picture is not None
    assert picture.bars[-1].labelled
    assert sum(bar.labelled for bar in picture.bars) == 7

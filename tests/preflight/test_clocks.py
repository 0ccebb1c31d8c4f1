"""How far another clock is from ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.preflight.clocks import SKEW, clock_line, drift
from harness.preflight.line import Status

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
FAR = timedelta(seconds=60)
OFF = st.floats(-200_000, 200_000).map(lambda seconds: timedelta(seconds=seconds))
BELOW_A_SECOND = st.floats(0, 0.999_999).map(lambda seconds: timedelta(seconds=seconds))
TRIP = st.floats(0, 10).map(lambda seconds: timedelta(seconds=seconds))


@given(off=OFF, begun=BELOW_A_SECOND, there=TRIP, back=TRIP, kept=BELOW_A_SECOND)
def test_the_true_drift_is_within_what_is_told(
    off: timedelta, begun: timedelta, there: timedelta, back: timedelta, kept: timedelta
) -> None:
    """However long the way took in either direction, and however the server rounds and keeps its date."""
    sent = NOW + begun
    answered = sent + there
    date = format_datetime((answered + off - kept).replace(microsecond=0), usegmt=True)
    told = drift(date, sent, answered + back)

    assert told is not None
    assert told.least <= off <= told.most
    line = clock_line("clock", told, FAR)
    if abs(off) <= SKEW:
        assert line.status is Status.OK
    if abs(off) <= FAR:
        assert line.status is not Status.TROUBLE
    if abs(off) > FAR + there + back + timedelta(seconds=2):
        assert line.status is Status.TROUBLE
        assert line.remedy


@pytest.mark.parametrize("date", [None, "", "yesterday", "Tue, 99 Nov 2026 09:00:00 GMT", "0", "\x00"])
def test_a_date_that_is_none(date: str | None) -> None:
    """Nothing is made of it, and nothing breaks."""
    told = drift(date, NOW, NOW)

    assert told is None
    assert clock_line("clock", told, FAR).status is Status.UNKNOWN

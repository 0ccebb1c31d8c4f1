"""One desk for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk.desks import Seat, seated
from sandbox.served import Place


@pytest.fixture(scope="module")
def seat() -> Iterator[Seat]:
    """The desk of the file's tests."""
    with seated() as one:
        yield one


@pytest.fixture
def place(seat: Seat) -> Place:
    """A calendar that no other test has, with slots tomorrow from 09:00 to 11:00."""
    made = seat.docplanner.place()
    seat.docplanner.fill(made, 1)
    return made

"""The file of known failures: read, or refused with everything that is wrong with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from harness.errors import ConfigurationError
from harness.history.known import EXAMPLE, Known, read_known

NAMES = frozenset({"DP-BOK-13", "DP-BOK-01", "bookings/confirmed#staff-confirm"})


def test_the_example_can_be_used(tmp_path: Path) -> None:
    """As it is printed."""
    file = tmp_path / "known.toml"
    file.write_text(EXAMPLE)

    assert read_known(file, NAMES) == (
        Known("DP-BOK-13", "confirmations wait for our release 4.2", date(2027, 1, 31), "https://tracker.example/1234"),
    )


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """With the number of the entry, the field, and what was seen."""
    file = tmp_path / "known.toml"
    file.write_text(
        """
        other = 1
        [[known]]
        what = "DP-BOK-31"
        reason = ""
        until = "2027-01-31"
        ticket = 7
        [[known]]
        what = "DP-BOK-01"
        reason = "so"
        until = 2027-01-31
        link = 4
        """
    )

    with pytest.raises(ConfigurationError) as refused:
        read_known(file, NAMES)

    told = str(refused.value)
    for part in (
        "other: expected nothing but [[known]]",
        "[[known]] 1, ticket: expected one of what, reason, until, link",
        "[[known]] 1, what: expected the id of a criterion or a scenario; saw 'DP-BOK-31'. Did you mean DP-BOK-",
        "[[known]] 1, reason: expected why it is borne",
        "[[known]] 1, until: expected a day such as 2027-01-31, without quotes; saw '2027-01-31'",
        "[[known]] 2, link: expected an address; saw 4",
    ):
        assert part in told


@pytest.mark.parametrize("text", ["known = 3", "[known]", "known = [1]", "x", '[[known]]\nwhat = "DP-BOK-01"'])
def test_what_is_no_list_is_refused(tmp_path: Path, text: str) -> None:
    """In plain words."""
    file = tmp_path / "known.toml"
    file.write_text(text)

    with pytest.raises(ConfigurationError):
        read_known(file, NAMES)


@given(text=some.text(max_size=60))
def test_no_text_breaks_it(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """It is read, or refused."""
    file = tmp_path_factory.mktemp("known") / "known.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        found = read_known(file, NAMES)
    except ConfigurationError:
        return
    assert found == ()

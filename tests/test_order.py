"""In which order scenarios play."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from harness.order import dealt


def test_each_worker_begins_with_its_share() -> None:
    """As pytest-xdist's ``worksteal`` divides them."""
    order = dealt(["E1", "E2", "E3"], [f"o{n}" for n in range(8)], 4)

    assert [order[:2], order[2:5], order[5:8], order[8:]] == [
        ["E1", "o0"],
        ["E2", "o1", "o2"],
        ["E3", "o3", "o4"],
        ["o5", "o6", "o7"],
    ]


def test_who_begins_with_the_first_is_given_a_second_one_last() -> None:
    """The first is what takes longest."""
    order = dealt(["E1", "E2", "E3", "E4"], ["o1", "o2"], 3)

    assert [order[:2], order[2:4], order[4:]] == [["E1", "o1"], ["E2", "o2"], ["E3", "E4"]]


@given(early=some.integers(0, 12), others=some.integers(0, 60), hands=some.integers(1, 9))
def test_nothing_is_lost_or_doubled(early: int, others: int, hands: int) -> None:
    """Every scenario once, the others in their order."""
    first, rest = [f"E{n}" for n in range(early)], [f"o{n}" for n in range(others)]

    order = dealt(first, rest, hands)

    assert sorted(order) == sorted([*first, *rest])
    assert [one for one in order if one in set(rest)] == rest


@given(early=some.integers(0, 12), others=some.integers(20, 60), hands=some.integers(1, 6))
def test_a_part_begins_with_what_is_early(early: int, others: int, hands: int) -> None:
    """In the parts that ``worksteal`` cuts."""
    order = dealt(["E"] * early, ["o"] * others, hands)
    left = list(order)
    for hand in range(hands):
        part = [left.pop(0) for _ in range(len(left) // (hands - hand))]
        rounds, over = divmod(early, hands)
        share = rounds + (hand >= hands - over if rounds % 2 else hand < over)

        assert part[:share] == ["E"] * share
        assert "E" not in part[share:]

"""What changed by a night: against the last one, the baseline, and what is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from harness.history.changes import Change, Changes, Kind, changes
from harness.history.known import Known
from harness.history.nights import Latency, Night, Shown, WorldShown
from harness.verdict.outcome import Outcome

NAMES = ("DP-BOK-01", "DP-BOK-02", "DP-MAP-01")
FIRST = datetime(2026, 11, 1, 2, tzinfo=UTC)
PASSED, FAILED, NOT_PROVEN = (
    Shown(Outcome.PASSED),
    Shown(Outcome.FAILED, scenarios=("a#b[1]",)),
    Shown(Outcome.NOT_PROVEN),
)


def night(
    number: int, shown: Mapping[str, Shown], *, version: str = "1.0", worlds: tuple[WorldShown, ...] = ()
) -> Night:
    """The night so many days after the first."""
    return Night(
        subject="ours",
        run=f"run-{number}",
        at=FIRST + timedelta(days=number),
        system="Clinic",
        version=version,
        assembly="partner",
        marketplace="znanylekarz.pl",
        profile="documented",
        delivery="push",
        verdict="accepted",
        exit_code=0,
        shown=dict(shown),
        worlds=worlds,
    )


FINE = night(0, dict.fromkeys(NAMES, PASSED))
SHOWN = some.sampled_from(
    [
        PASSED,
        FAILED,
        NOT_PROVEN,
        Shown(Outcome.NOT_APPLICABLE),
        Shown(Outcome.ATTESTED),
        replace(FAILED, decisive=False),
    ]
)
NIGHTS = some.dictionaries(some.sampled_from(NAMES), SHOWN, min_size=1)


def only(found: Changes) -> Change:
    """The one change that there is."""
    assert len(found.every) == 1, found.every
    return found.every[0]


def test_a_failure_is_a_regression_and_then_is_mended() -> None:
    """Newly failing, still failing, mended; the baseline stays what it was."""
    broken = night(1, {**FINE.shown, "DP-BOK-01": FAILED})
    first = changes(broken, [FINE], FINE, ())
    second = changes(replace(broken, run="run-2"), [FINE, broken], FINE, ())
    third = changes(night(3, FINE.shown), [FINE, broken], FINE, ())

    assert (only(first).kind, only(first).since, first.exit_code) == (Kind.NEWLY_FAILING, "the last night", 1)
    assert (only(second).kind, second.exit_code) == (Kind.STILL_FAILING, 1)
    assert (only(third).kind, third.exit_code) == (Kind.MENDED, 0)


def test_what_the_baseline_bears_is_no_regression() -> None:
    """But it is told; and one that had been mended since may not fail again."""
    borne = night(0, {**FINE.shown, "DP-BOK-01": FAILED})
    again = changes(night(2, borne.shown), [borne, night(1, borne.shown)], borne, ())
    broken = changes(night(2, borne.shown), [borne, night(1, FINE.shown)], borne, ())

    assert (only(again).kind, again.exit_code) == (Kind.STILL_FAILING, 0)
    assert (only(broken).kind, broken.exit_code) == (Kind.NEWLY_FAILING, 1)


def test_without_a_baseline_every_failure_counts() -> None:
    """The first night is not green by having nothing to be held against."""
    found = changes(night(0, {"DP-BOK-01": FAILED}), [], None, ())

    assert (only(found).kind, found.exit_code) == (Kind.NEWLY_FAILING, 1)
    assert changes(FINE, [], None, ()).exit_code == 0


def test_what_is_not_judged_any_more_leaves_the_night_unproven() -> None:
    """Nothing is green because it did not run."""
    found = changes(night(1, {"DP-BOK-01": PASSED}), [FINE], FINE, ())

    assert {(one.kind, one.what) for one in found.every} == {(Kind.GONE, "DP-BOK-02"), (Kind.GONE, "DP-MAP-01")}
    assert found.exit_code == 2


def test_what_is_new_is_told() -> None:
    """Newly covered, newly not proven."""
    before = night(0, {"DP-BOK-01": PASSED})
    covered = changes(night(1, {**before.shown, "DP-BOK-02": PASSED}), [before], before, ())
    unproven = changes(night(1, {"DP-BOK-01": NOT_PROVEN}), [before], before, ())

    assert (only(covered).kind, covered.exit_code) == (Kind.COVERED, 0)
    assert (only(unproven).kind, unproven.exit_code) == (Kind.NEWLY_NOT_PROVEN, 2)


@pytest.mark.parametrize("what", ["DP-BOK-01", "a#b", "a#b[1]"])
def test_a_known_failure_is_borne_until_its_day(what: str) -> None:
    """Itself included; then it fails the night."""
    broken = night(1, {**FINE.shown, "DP-BOK-01": FAILED})
    known = Known(what, "release 4.2", broken.at.date())
    borne = changes(broken, [FINE], FINE, [known])
    over = changes(broken, [FINE], FINE, [replace(known, until=known.until - timedelta(days=1))])

    assert (only(borne).kind, borne.exit_code) == (Kind.KNOWN, 0)
    assert {one.kind for one in over.every} == {Kind.NEWLY_FAILING, Kind.STALE}
    assert over.exit_code == 1


def test_a_known_failure_that_passes_fails_the_night() -> None:
    """It would else hide the next one."""
    found = changes(night(1, FINE.shown), [FINE], FINE, [Known("DP-BOK-01", "release 4.2", date(2027, 1, 1))])

    assert (only(found).kind, only(found).what, found.exit_code) == (Kind.STALE, "DP-BOK-01", 1)


def test_one_known_scenario_does_not_hide_another() -> None:
    """The criterion is borne where all that did not pass is listed."""
    two = Shown(Outcome.FAILED, scenarios=("a#b", "a#c"))
    found = changes(night(1, {**FINE.shown, "DP-BOK-01": two}), [FINE], FINE, [Known("a#b", "4.2", date(2027, 1, 1))])

    assert (only(found).kind, found.exit_code) == (Kind.NEWLY_FAILING, 1)


def test_flaky_has_a_rate() -> None:
    """Of nights of one version; a version that mended something is not flaky."""
    wavering = [night(n, {"DP-BOK-01": FAILED if n % 2 else PASSED}) for n in range(5)]
    released = [night(n, one.shown, version=f"1.{n}") for n, one in enumerate(wavering)]
    told = [one for one in changes(wavering[-1], wavering[:-1], wavering[0], ()).every if one.kind is Kind.FLAKY]

    assert [one.told for one in told] == ["failed in 2 of 5 nights, 40%, of one version, 1.0"]
    assert not changes(released[-1], released[:-1], released[0], ()).of(Kind.FLAKY)


@pytest.mark.parametrize(
    ("usual", "now", "slower"),
    [
        ((2.0, 2.2, 2.1), 4.0, True),
        ((2.0, 2.2, 2.1), 2.9, False),  # less than half as long again
        ((0.1, 0.1, 0.1), 0.9, False),  # less than a second more
        ((2.0, 4.0, 9.0), 8.0, False),  # it varies as much
        ((2.0, 2.0), 9.0, False),  # too few nights
    ],
)
def test_slower_is_more_than_what_varies_anyway(usual: tuple[float, ...], now: float, slower: bool) -> None:
    """With ratio and spread; it decides nothing."""

    def timed(number: int, seconds: float) -> Night:
        return night(number, {"DP-BOK-01": replace(PASSED, latency=Latency(5, seconds, seconds))})

    earlier = [timed(n, seconds) for n, seconds in enumerate(usual)]
    found = changes(timed(9, now), earlier, earlier[0], ())

    assert bool(found.of(Kind.SLOWER)) is slower
    assert found.exit_code == 0
    if slower:
        assert only(found).told == "4 s at the median, x 1.9; usually 2.1 s, give or take 0.1 s"


def test_another_world_counts_too() -> None:
    """But for what fails in it and is known, or was so in the baseline."""
    red = WorldShown("harsh", 1, "not accepted; red: DP-BOK-01", ("DP-BOK-01",))
    unproven = WorldShown("pull", 2, "not proven")
    known = [Known("DP-BOK-01", "4.2", date(2027, 1, 1))]
    bad = night(1, FINE.shown, worlds=(red, WorldShown("push", 0, "accepted")))

    assert changes(bad, [FINE], FINE, ()).exit_code == 1
    assert not changes(bad, [FINE], FINE, known).of(Kind.WORLD)
    assert changes(replace(bad, worlds=(unproven,)), [FINE], FINE, ()).exit_code == 2


def test_a_night_that_could_not_be_judged_is_not_held_against_anything() -> None:
    """Nor is a later one held against it."""
    down = replace(night(1, {}), exit_code=64, trouble="the partner system is not there", verdict="not proven")

    assert (changes(down, [FINE], FINE, ()).exit_code, changes(down, [FINE], FINE, ()).every) == (64, ())
    assert changes(night(2, {}), [FINE], FINE, ()).exit_code == 2
    assert changes(night(2, FINE.shown), [FINE, down], FINE, ()).before == "run-0"


@given(shown=NIGHTS)
def test_the_same_again_changes_nothing(shown: dict[str, Shown]) -> None:
    """Whatever it was, once it is the baseline."""
    base = night(0, shown)
    found = changes(night(1, shown), [base], base, ())

    assert found.exit_code == 0
    assert {one.kind for one in found.every} <= {Kind.STILL_FAILING}


@given(shown=NIGHTS, before=NIGHTS, data=some.data())
def test_one_failure_more_is_always_a_regression(
    shown: dict[str, Shown], before: dict[str, Shown], data: some.DataObject
) -> None:
    """Wherever the baseline passes and the night fails, and nothing is listed."""
    name = data.draw(some.sampled_from(NAMES))
    base = night(0, {**before, name: PASSED})

    assert changes(night(2, {**shown, name: FAILED}), [night(1, before)], base, ()).exit_code == 1

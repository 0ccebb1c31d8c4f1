"""How outcomes merge, and the table from which the verdict follows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.verdict.criteria import Level
from harness.verdict.outcome import Blame, Judged, Outcome, Ruling, Trouble, VerdictWord, merge, rule

PASSED, FAILED, NOT_PROVEN = Outcome.PASSED, Outcome.FAILED, Outcome.NOT_PROVEN
NOT_APPLICABLE, ATTESTED = Outcome.NOT_APPLICABLE, Outcome.ATTESTED
REQUIRED, CONDITIONAL, ADVISED = Level.REQUIRED, Level.CONDITIONAL, Level.ADVISED
ACCEPTED = Ruling(VerdictWord.ACCEPTED, 0)
REJECTED = Ruling(VerdictWord.NOT_ACCEPTED, 1)
UNPROVEN = Ruling(VerdictWord.NOT_PROVEN, 2)
GOOD = Judged(REQUIRED, PASSED)
STOPPED = Trouble(Blame.HARNESS, "stopped from outside")
USAGE = Trouble(Blame.CONFIGURATION, "a bad file", 64)
BROKEN = Trouble(Blame.HARNESS, "it failed itself", 70)

CRITERIA = st.lists(st.builds(Judged, st.sampled_from(Level), st.sampled_from(Outcome)), max_size=12)
TROUBLE = st.sampled_from([None, STOPPED, USAGE, BROKEN])
DECIDING = st.sampled_from([REQUIRED, CONDITIONAL])
SILENT = st.lists(st.builds(Judged, st.sampled_from(Level), st.just(NOT_APPLICABLE)), max_size=8)


@pytest.mark.parametrize(
    ("outcomes", "merged"),
    [
        ([], NOT_PROVEN),
        ([PASSED, PASSED], PASSED),
        ([PASSED, NOT_APPLICABLE], PASSED),
        ([NOT_APPLICABLE], NOT_APPLICABLE),
        ([PASSED, ATTESTED], ATTESTED),
        ([PASSED, NOT_PROVEN, ATTESTED], NOT_PROVEN),
        ([PASSED, NOT_PROVEN, FAILED], FAILED),
        ([NOT_APPLICABLE, NOT_PROVEN], NOT_PROVEN),
    ],
)
def test_a_criterion_ends_as_the_worst_of_its_scenarios(outcomes: list[Outcome], merged: Outcome) -> None:
    """Failed before not proven before attested before passed; what does not apply counts for nothing beside them."""
    assert merge(outcomes) is merged


@given(st.lists(st.sampled_from(Outcome)), st.randoms())
def test_the_order_of_scenarios_is_free(outcomes: list[Outcome], random: st.Random) -> None:
    """Shuffled, or told twice, they merge to the same."""
    shuffled = outcomes * 2
    random.shuffle(shuffled)
    assert merge(shuffled) is merge(outcomes)


@given(st.lists(st.sampled_from(Outcome)))
def test_nothing_is_passed_beside_what_is_not(outcomes: list[Outcome]) -> None:
    """A failed or not proven scenario is never hidden by another."""
    merged = merge(outcomes)
    assert (merged is FAILED) == (FAILED in outcomes)
    assert merged is not PASSED or not {FAILED, NOT_PROVEN, ATTESTED} & set(outcomes)


@pytest.mark.parametrize(
    ("criteria", "narrowed", "trouble", "ruling"),
    [
        ([GOOD], False, None, ACCEPTED),
        ([GOOD, Judged(CONDITIONAL, ATTESTED)], False, None, ACCEPTED),
        ([GOOD, Judged(ADVISED, FAILED), Judged(ADVISED, NOT_PROVEN)], False, None, ACCEPTED),
        ([GOOD, Judged(CONDITIONAL, NOT_APPLICABLE)], False, None, ACCEPTED),
        ([GOOD, Judged(CONDITIONAL, FAILED)], False, None, REJECTED),
        ([GOOD, Judged(REQUIRED, FAILED)], True, STOPPED, REJECTED),
        ([GOOD, Judged(REQUIRED, NOT_PROVEN)], False, None, UNPROVEN),
        ([GOOD], True, None, UNPROVEN),
        ([GOOD], False, STOPPED, UNPROVEN),
        ([], False, None, UNPROVEN),
        ([Judged(ADVISED, PASSED), Judged(CONDITIONAL, NOT_APPLICABLE)], False, None, UNPROVEN),
        ([Judged(REQUIRED, FAILED)], False, USAGE, Ruling(VerdictWord.NOT_PROVEN, 64)),
        ([Judged(REQUIRED, FAILED)], False, BROKEN, Ruling(VerdictWord.NOT_PROVEN, 70)),
    ],
)
def test_the_verdict_is_the_first_line_of_the_table_that_holds(
    criteria: list[Judged], narrowed: bool, trouble: Trouble | None, ruling: Ruling
) -> None:
    """Harness trouble, then usage, then a failure, then anything not proven; else accepted."""
    assert rule(criteria, narrowed=narrowed, trouble=trouble) == ruling


@given(CRITERIA, DECIDING, st.sampled_from([FAILED, NOT_PROVEN]), st.booleans(), TROUBLE)
def test_never_accepted_with_a_deciding_one_failed_or_not_proven(
    criteria: list[Judged], level: Level, outcome: Outcome, narrowed: bool, trouble: Trouble | None
) -> None:
    """Whatever else passed."""
    ruling = rule([*criteria, Judged(level, outcome)], narrowed=narrowed, trouble=trouble)
    assert ruling.verdict is not VerdictWord.ACCEPTED
    assert ruling.exit_code != 0


@given(CRITERIA, TROUBLE)
def test_never_accepted_when_narrowed_or_in_trouble(criteria: list[Judged], trouble: Trouble | None) -> None:
    """Not even where everything that ran passed."""
    assert rule(criteria, narrowed=True, trouble=trouble).exit_code != 0
    assert trouble is None or rule(criteria, narrowed=False, trouble=trouble).exit_code != 0


@given(SILENT, st.lists(st.builds(Judged, st.just(ADVISED), st.sampled_from(Outcome))))
def test_never_accepted_when_nothing_decided(silent: list[Judged], advised: list[Judged]) -> None:
    """Not applicable and advised criteria alone prove nothing."""
    assert rule([*silent, *advised], narrowed=False, trouble=None) == UNPROVEN


@given(CRITERIA, SILENT, st.booleans(), TROUBLE)
def test_what_does_not_apply_never_blocks(
    criteria: list[Judged], silent: list[Judged], narrowed: bool, trouble: Trouble | None
) -> None:
    """The verdict of the rest stands."""
    alone = rule(criteria, narrowed=narrowed, trouble=trouble)
    assert rule([*silent, *criteria], narrowed=narrowed, trouble=trouble) == alone


@given(CRITERIA, st.booleans(), TROUBLE)
def test_verdict_and_exit_code_say_the_same(criteria: list[Judged], narrowed: bool, trouble: Trouble | None) -> None:
    """0 is accepted, 1 not accepted, everything else not proven."""
    ruling = rule(criteria, narrowed=narrowed, trouble=trouble)
    assert ruling.verdict is {0: VerdictWord.ACCEPTED, 1: VerdictWord.NOT_ACCEPTED}.get(
        ruling.exit_code, VerdictWord.NOT_PROVEN
    )

"""The kill matrix, from what runs said."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from harness.proof.matrix import HONEST, Cell, Matrix, MeantFor, Standing, matrix_of
from harness.proof.record import matrix_record
from harness.proof.trials import Tried

CATALOGUE = ["DP-A", "DP-B", "DP-C"]
LATE = MeantFor("late", "bookings", "DP-A", "comes late", "dropped")


def tried(name: str, *red: str, trouble: str | None = None, judged: list[str] | None = None) -> Tried:
    """A run in which the criteria named were red; each has one scenario, named after it."""
    names = CATALOGUE if judged is None else judged
    outcomes = {one: "failed" if one in red else "passed" for one in names}
    return Tried(
        name,
        exit_code=1 if red else 0,
        seconds=1.0,
        outcomes=outcomes,
        reasons={one: f"{one} is wrong" for one in red},
        played={f"s-{one}": outcome for one, outcome in outcomes.items()},
        scenarios_of={one: (f"s-{one}",) for one in names},
        trouble=trouble,
    )


def matrix(defect: Tried, honest: Tried | None = None) -> Matrix:
    """The matrix of the one defect."""
    runs = {"late": defect, HONEST: honest or tried(HONEST)}
    return matrix_of([LATE], runs, catalogue=CATALOGUE, complete=CATALOGUE)


def test_a_defect_that_its_criterion_sees_is_caught() -> None:
    """Also where others are red as well."""
    made = matrix(tried("late", "DP-A", "DP-C"))

    assert made.proven
    assert [row.standing for row in made.rows] == [Standing.CAUGHT]
    assert made.rows[0].said == "DP-A is wrong"
    assert [made.rows[0].cell(one) for one in CATALOGUE] == [Cell.MEANT, Cell.CALM, Cell.ALSO]


def test_a_cause_is_named_where_its_word_begins_as_it_must() -> None:
    """Where none is known, or none is asked for, nothing is named."""
    caught = tried("late", "DP-A")
    roots = ["dropped:slot-booked", "not-sent", ""]
    named = [matrix(replace(caught, root=root)).named for root in roots]
    asked_for_none = matrix_of(
        [replace(LATE, cause="")], {"late": caught, HONEST: tried(HONEST)}, catalogue=CATALOGUE, complete=CATALOGUE
    )

    assert named == [1, 0, 0]
    assert asked_for_none.named == 0


def test_a_defect_that_others_see_is_not_proven() -> None:
    """It is caught elsewhere, and the scenario meant for it was never red."""
    made = matrix(tried("late", "DP-B"))

    assert not made.proven
    assert made.rows[0].standing is Standing.ELSEWHERE
    assert made.rows[0].cell("DP-A") is Cell.BLIND
    assert made.never_red == ("s-DP-A",)


def test_a_defect_that_nobody_sees_is_not_caught() -> None:
    """Nothing was red."""
    assert matrix(tried("late")).rows[0].standing is Standing.MISSED


def test_a_run_with_trouble_is_judged_by_nobody() -> None:
    """Whatever was red before the trouble."""
    made = matrix(tried("late", "DP-A", trouble="the stub did not start"))

    assert made.unjudged
    assert not made.proven
    assert made.rows[0].standing is Standing.UNJUDGED
    assert made.rows[0].said == "the stub did not start"


def test_an_honest_stub_that_is_accused_spoils_the_proof() -> None:
    """A criterion that is red anyway catches nothing."""
    made = matrix(tried("late", "DP-A"), honest=tried(HONEST, "DP-A"))

    assert made.accused == ("DP-A",)
    assert not made.proven


def test_red_in_the_honest_run_does_not_count_as_having_been_red() -> None:
    """A scenario must be turned red by a defect."""
    assert matrix(tried("late"), honest=tried(HONEST, "DP-A")).never_red == ("s-DP-A",)


def test_where_not_every_defect_was_tried_no_scenario_is_said_to_prove_nothing() -> None:
    """Another defect may turn it red."""
    runs = {"late": tried("late", "DP-B"), HONEST: tried(HONEST)}

    assert matrix_of([LATE], runs, catalogue=CATALOGUE, complete=()).never_red == ()


def test_nothing_tried_is_nothing_proven() -> None:
    """Never green by absence."""
    made = matrix_of([], {HONEST: tried(HONEST)}, catalogue=CATALOGUE, complete=CATALOGUE)

    assert made.unjudged
    assert not made.proven


def test_what_was_not_played_is_said_so() -> None:
    """An empty cell is not a calm one."""
    made = matrix(tried("late", "DP-A", judged=["DP-A"]))

    assert made.rows[0].cell("DP-B") is Cell.UNPLAYED
    record = matrix_record(made, whole=False, seed=1)
    assert record["defects"][0]["cells"] == {"DP-A": "meant and red"}  # type: ignore[index]


@given(st.lists(st.sets(st.sampled_from(CATALOGUE)), min_size=1, max_size=6))
def test_every_defect_stands_in_exactly_one_place(reds: list[set[str]]) -> None:
    """The counts of the record add up, and proven means that all are caught."""
    defects = [MeantFor(f"d{n}", "bookings", CATALOGUE[n % 3], "") for n in range(len(reds))]
    runs = {f"d{n}": tried(f"d{n}", *sorted(red)) for n, red in enumerate(reds)}
    made = matrix_of(defects, {**runs, HONEST: tried(HONEST)}, catalogue=CATALOGUE, complete=CATALOGUE)

    assert sum(len(made.of(standing)) for standing in Standing) == len(defects)
    if made.proven:
        assert all(one.criterion in runs[one.defect].red for one in defects)

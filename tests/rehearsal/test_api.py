"""The assembly api, rehearsed whole: the reference stub on a Docplanner that is not embedded."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from rehearsal.second import CANARY, TRIALS, Second, canaries_in, kill_while_it_plays, second
from runs import LONG

from harness.clock import ManualClock, SystemClock
from harness.safety.pacing import READS
from harness.safety.reads import Reads, kept
from harness.safety.writes import read_writes

NARROWED = 2
"""The exit code of a run that plays a selection."""
PLAYED = ("DP-BOK-04", "DP-BOK-05", "DP-SCH-01", "DP-ACT-04")


@pytest.fixture(scope="module")
def docplanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Second]:
    """One for all: no run may leave anything to the next."""
    with second(tmp_path_factory.mktemp("rehearsal")) as made:
        yield made


def test_a_run_judges_what_staff_do_and_leaves_all_as_it_was(docplanner: Second) -> None:
    """What a patient would have to do is not proven, and of somebody else's patient nothing is told anywhere."""
    before = docplanner.shown()

    run = docplanner.playing("out", *PLAYED, waits={"change_s": 6})
    out, err = run.communicate(timeout=200)

    assert run.returncode == 2, out + err
    assert "delivery pull, seed 7" in out, "a real Docplanner has no profile"
    verdict = json.loads((docplanner.directory / "out" / "verdict.json").read_text())
    assert verdict["assembly"] == "api"
    assert "token of Docplanner" in json.dumps(verdict), "it is looked at before anything is written"
    found = {one["id"]: one["outcome"] for one in verdict["criteria"] if one["id"] in PLAYED}
    assert found == {"DP-BOK-04": "passed", "DP-BOK-05": "not proven", "DP-SCH-01": "passed", "DP-ACT-04": "not proven"}
    told = json.loads((docplanner.directory / "out" / "cleanup.json").read_text())
    assert told["clean"] is True
    assert told["undone"]
    assert told["refused"] == [], "what would change a service that was there before is not begun"
    assert docplanner.shown() == before
    with closing(sqlite3.connect(docplanner.directory / ".acceptance" / "reads.sqlite")) as rows:
        counted = rows.execute("select count(*) from reads").fetchone()[0]
        used = rows.execute("select calls - remaining from told").fetchone()[0]
    assert counted == pytest.approx(used, abs=5), "each is counted, whoever makes it; the last answers may overtake"
    assert canaries_in(docplanner.directory) == []
    for value in CANARY.values():
        assert value not in out + err


def test_a_person_may_be_the_patient(docplanner: Second) -> None:
    """What patients do is then proven too, with the reference system."""
    before = docplanner.shown()
    begins = ("run", "--config", "acceptance.toml", "--no-html", "--criterion", "DP-BOK-02", "--output", "patients")
    people = ("--patients", "--operator-script", str(docplanner.person()), "--confirmed-by", "the rehearsal")

    run = docplanner.started(*begins, *people)
    out, err = run.communicate(timeout=200)

    verdict = json.loads((docplanner.directory / "patients" / "verdict.json").read_text())
    found = {one["id"]: one["outcome"] for one in verdict["criteria"] if one["id"] == "DP-BOK-02"}
    assert found == {"DP-BOK-02": "passed"}, out + err
    assert docplanner.shown() == before
    assert canaries_in(docplanner.directory) == []


@pytest.mark.parametrize("trial", range(TRIALS))
def test_a_killed_run_is_undone_by_cleaning_up(another: Second, trial: int) -> None:
    """At any moment after it has begun to play."""
    before = another.shown()
    run = another.playing(f"killed-{trial}", *PLAYED[:3])
    kill_while_it_plays(run)

    # the next run undoes it first, or somebody does
    begins = ("run", "--config", "acceptance.toml", "--no-html", "--undo-first", "--criterion", "DP-MAP-02")
    confirmed = ("--output", f"next-{trial}", "--confirmed-by", "the rehearsal")
    cleanup = another.started("cleanup", "--settle", "2") if trial % 2 else another.started(*begins, *confirmed)
    out, err = cleanup.communicate(timeout=100)

    assert cleanup.returncode == (0 if trial % 2 else NARROWED), out + err
    assert another.shown() == before
    assert canaries_in(another.directory) == []


@pytest.mark.skipif(not LONG, reason="one run may be killed before its first write; many may not all be")
def test_the_killed_runs_wrote_something(another: Second) -> None:
    """Otherwise nothing would have been shown."""
    journals = sorted((another.directory / ".acceptance" / "writes").glob("*.jsonl"))

    assert len(journals) == TRIALS
    assert sum(len(read_writes(one).intended) for one in journals) > TRIALS


@pytest.mark.skipif(not LONG, reason="the run waits until reads are free again; the night has the time")
@pytest.mark.parametrize(("free_in_s", "outcome"), [(25.0, "passed"), (2400.0, "not proven")])
def test_a_run_waits_for_reads_and_says_so(docplanner: Second, free_in_s: float, outcome: str) -> None:
    """Others made nearly all that an hour has; where that would take too long nothing is judged, and nobody blamed."""
    an_hour_ago = SystemClock().now() - READS.window
    path = docplanner.directory / ".acceptance" / "reads.sqlite"
    path.unlink(missing_ok=True)
    then = ManualClock(an_hour_ago + timedelta(seconds=free_in_s))
    with closing(Reads(path, f"{docplanner.told['client_id']} at {docplanner.url}", then)) as others:
        for _ in range(READS.calls - kept(READS)):
            others.count()

    run = docplanner.playing("waited", "DP-BOK-04", waits={"change_s": 6})
    out, err = run.communicate(timeout=200)

    verdict = json.loads((docplanner.directory / "waited" / "verdict.json").read_text())
    found = next(one for one in verdict["criteria"] if one["id"] == "DP-BOK-04")
    assert (found["outcome"], found["blame"]) == (outcome, None), out + err
    assert ("for Docplanner's limit of reads" in err) == (outcome == "passed"), err
    path.unlink()

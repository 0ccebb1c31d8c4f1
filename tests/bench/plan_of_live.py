"""What each scenario needs on a real Docplanner: from a whole live run into harness/real/plan.toml.

``python tests/bench/plan_of_live.py RUN``: the run's directory. Writes that Docplanner refused for haste do not count.
Where a file ``reads.sqlite`` is named too, which counted that run alone, reads are taken from it; else they stay.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from harness.contract.operations import OPERATIONS
from harness.recorder.journal import read_journal
from harness.recorder.line import Actor, Kind
from harness.scenarios import Scenario, read_scenarios
from harness.verdict.criteria import CRITERIA, Assembly

TARGET = Path(__file__).parents[2] / "harness" / "real" / "plan.toml"
CANNOT_BE = {"needs the embedded sandbox", "arrangement refused"}
"""Why a scenario ends there: nobody can bring it about, or the guard does not let it change what was there before."""
ONLY_THERE = {"sandbox-only", "lookalikes"}
TOO_MANY = 429
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HEAD = (
    "# What each scenario needs on a real Docplanner, measured with the reference one (tests/bench/plan_of_live.py):",
    "# writes of the system for one row, without undoing; reads of both, likewise; people: somebody acts at the",
    "# marketplace or in Docplanner's calendar; sandbox: only the embedded sandbox can bring about what it is about.",
)


def reads_of(run: Path, count: Path | None) -> Counter[str]:
    """Reads while each row was played, by its id: one is played at a time. Of the run's parts beside: by ``""``."""
    if count is None:
        kept = tomllib.loads(TARGET.read_text(encoding="utf-8"))
        return Counter({name: row.get("reads", 0) for name, row in kept.items()})
    with closing(sqlite3.connect(count)) as rows:
        made = [EPOCH + timedelta(microseconds=at) for (at,) in rows.execute("select at from reads")]
    since: dict[str, datetime] = {}
    found: Counter[str] = Counter()
    for line in read_journal(run / "journal.jsonl"):
        if line.kind is Kind.SCENARIO and line.scenario and line.body.get("state") == "finished":
            found[line.scenario] = sum(since[line.scenario] <= at <= line.at for at in made)
        elif line.scenario:
            since.setdefault(line.scenario, line.at)
    found[""] = len(made) - found.total()
    return found


def measured(run: Path, reads: Counter[str]) -> dict[str, dict[str, object]]:
    """A row a scenario: what an Outline's dearest row needs, whether people act, whether only the sandbox will do."""
    writes: Counter[str] = Counter()
    people: set[str] = set()
    sandbox: set[str] = set()
    over: set[str] = set()  # what comes later is the undoing
    for line in read_journal(run / "journal.jsonl"):
        if line.scenario is None:
            continue
        body = line.body
        if line.kind is Kind.SCENARIO and body.get("state") == "finished":
            over.add(line.scenario)
        operation = OPERATIONS.get(str(body.get("operation")))
        mine = line.kind is Kind.EXCHANGE and line.actor is Actor.PARTNER and line.scenario not in over
        if mine and operation and operation.writes:
            writes[line.scenario] += body.get("status") != TOO_MANY
        if line.kind is Kind.ATTESTATION and line.actor in {Actor.PATIENT, Actor.DOCTOR}:
            people.add(line.scenario)
        if line.kind is Kind.SCENARIO and body.get("reason") in CANNOT_BE:
            sandbox.add(line.scenario)
    table: dict[str, dict[str, object]] = {}
    for one in read_scenarios():
        rows = [f"{one.id}[{row}]" if row else one.id for row in one.rows]
        if ONLY_THERE & one.tags or not _provable(one) or (not one.afterwards and all(row in sandbox for row in rows)):
            table[one.id] = {"sandbox": True}
        else:
            acts = {"people": True} if any(row in people for row in rows) else {}
            looks = max(reads[one.id], *(reads[row] for row in rows))
            table[one.id] = {"writes": max(writes[row] for row in rows), "reads": looks, **acts}
    return table


def _provable(scenario: Scenario) -> bool:
    """Whether one of its criteria can be proven there: else it ends, or is not applicable, after all it has written."""
    return any(Assembly.LIVE in CRITERIA[one].assemblies for one in scenario.criteria)


def as_toml(table: Mapping[str, Mapping[str, object]]) -> str:
    """One line a scenario."""
    lines = [
        f"{json.dumps(name)} = {{ {', '.join(f'{key} = {json.dumps(value)}' for key, value in row.items())} }}"
        for name, row in table.items()
    ]
    return "".join(f"{line}\n" for line in (*HEAD, *lines))


if __name__ == "__main__":
    counted = reads_of(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else None)
    TARGET.write_text(as_toml(measured(Path(sys.argv[1]), counted)), encoding="utf-8")
    if sys.argv[2:]:
        sys.stdout.write(f"reads beside the scenarios: {counted['']}\n")

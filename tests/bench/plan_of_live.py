"""How many writes each scenario needs on a real Docplanner: from a whole live run into harness/real/plan.toml.

``python tests/bench/plan_of_live.py RUN``: the run's directory. Writes that Docplanner refused for haste do not count.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
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
HEAD = (
    "# What each scenario needs on a real Docplanner, measured with the reference one (tests/bench/plan_of_live.py):",
    "# writes of the system for one row, without undoing; people: somebody acts at the marketplace or in Docplanner's",
    "# calendar; sandbox: only the embedded sandbox can bring about what it is about.",
)


def measured(run: Path) -> dict[str, dict[str, object]]:
    """A row a scenario: writes of an Outline's dearest row, whether people act, whether only the sandbox will do."""
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
            table[one.id] = {"writes": max(writes[row] for row in rows), **acts}
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
    TARGET.write_text(as_toml(measured(Path(sys.argv[1]))), encoding="utf-8")

"""Whether the honest stub is ever accused: whole runs in worlds drawn at random, each with a seed of its own.

    uv run python tests/bench/no_false_alarm.py [--runs 100] [--at-once 2] [--seed 1] [--output DIRECTORY]

The first worlds are those in which any two values meet, the others are drawn from all of them. One line is printed a
run; the directory of a run that was not accepted stays, the others go. Ends with 1 where any run was not accepted.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice, repeat
from pathlib import Path

from harness.proof.worlds import World, every_world, pairwise

ROOT = Path(__file__).parents[2]
ACCEPTED = 0
FINE = {"passed", "not applicable"}


@dataclass(frozen=True, slots=True)
class Played:
    """One run: what it ended with, how long it took, and the criteria that were not passed."""

    seed: int
    world: World
    code: int
    seconds: float
    rest: dict[str, str]


def main() -> int:
    """Play them all, say how many were accepted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1, help="of the worlds; the seeds of the runs count up from it")
    parser.add_argument("--output", type=Path, default=None)
    told = parser.parse_args()
    output = told.output or Path(tempfile.mkdtemp(prefix="no-false-alarm-"))
    now = datetime.now(UTC)
    worlds = islice(_drawn(told.seed, now), told.runs)
    accepted = 0
    with ThreadPoolExecutor(told.at_once) as pool:
        for played in pool.map(_play, range(told.seed, told.seed + told.runs), worlds, repeat(now), repeat(output)):
            accepted += played.code == ACCEPTED
            print(
                f"{played.seed} {played.world.name} {played.seconds:.0f} s: {played.code} {played.rest or ''}",
                flush=True,
            )
    print(
        f"{accepted} of {told.runs} accepted; the others are in {output}"
        if accepted < told.runs
        else f"all {accepted} accepted"
    )
    return 0 if accepted == told.runs else 1


def _drawn(seed: int, now: datetime) -> Iterator[World]:
    every = list(every_world(now))
    random.Random(seed).shuffle(every)  # noqa: S311 - repeatable on purpose
    return chain(pairwise(seed, now), every)


def _play(seed: int, world: World, now: datetime, output: Path) -> Played:
    directory = output / f"{seed}_{world.name}"
    options = ("--no-html", "--seed", str(seed), "--output", str(directory), *world.arguments(now))
    command = (sys.executable, "-m", "harness.cli", "run", *options)
    began = time.monotonic()
    with (output / f"{seed}.txt").open("w") as said:
        code = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **world.environment},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            check=False,
        ).returncode
    rest = _not_passed(directory)
    if code == ACCEPTED:
        shutil.rmtree(directory)
    return Played(seed, world, code, time.monotonic() - began, rest)


def _not_passed(directory: Path) -> dict[str, str]:
    """Criteria that are neither passed nor not applicable, with their statuses."""
    try:
        verdict = json.loads((directory / "verdict.json").read_text())
    except (OSError, ValueError) as error:
        return {"verdict.json": str(error)}
    return {one["id"]: one["outcome"] for one in verdict["criteria"] if one["outcome"] not in FINE}


if __name__ == "__main__":
    sys.exit(main())

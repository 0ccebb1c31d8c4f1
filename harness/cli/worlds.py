"""``acceptance run --worlds``: the same run in many worlds, each in a process of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import typer

from harness.assembly import Base
from harness.cli.many import ManyRuns, first_line
from harness.cli.options import RunRequest, request_run
from harness.cli.output import prepare_output
from harness.clock import SystemClock
from harness.config.catalogue import TOKEN_VARIABLE
from harness.proof.trials import Trial, Trials, Tried
from harness.proof.worlds import World, every_world, pairwise
from reports.worlds_page import write_worlds_page

__all__ = ["run_worlds", "said_of", "trials_in"]

SCHEMA = "docplanner-acceptance/worlds/1"
OURS = ("worlds.json", "worlds.html", "trials")
CORES_A_RUN = 2
WORST_FIRST = (1, 70, 64, 2, 0)
"""Exit codes of runs: what failed anywhere is the first thing to know."""


def run_worlds(request: RunRequest, *, every: bool, as_json: bool, verbose: bool) -> int:
    """Play all worlds, or some in which any two values meet; print what became of each, write page and JSON.

    The worlds say delivery, marketplace, profile, begin and ids; what else was typed holds in all of them.

    Answers the worst exit code.

    Raises:
        ConfigurationError: an option cannot be used.
        OutputUnusable: the output directory holds something else.
    """
    now = SystemClock().now()
    worlds = list(every_world(now)) if every else pairwise(request.seed, now)
    output = prepare_output(request.output, OURS)
    directory = output.directory(f"worlds-{Base.draw().run}")
    at_a_time, trials = trials_in(worlds, request, now)
    progress = ManyRuns(len(trials), verbose=verbose)
    progress.say(f"playing {len(trials)} worlds, {at_a_time} at a time")

    def ended(one: Tried) -> None:
        progress.done(one.name, said_of(one), fine=one.exit_code == 0, seconds=one.seconds)

    with Trials(directory / "trials", at_a_time=at_a_time) as players:
        try:
            tried = players.play(trials, ended)
        finally:
            progress.stop()
    record = _record(worlds, tried, every=every, seed=request.seed)
    text = json.dumps(record, ensure_ascii=False, indent=2)
    (directory / "worlds.json").write_text(text + "\n", encoding="utf-8")
    page = write_worlds_page(record, directory / "worlds.html")
    typer.echo(text if as_json else "\n".join(_told(tried, directory, page)))
    codes = {one.exit_code for one in tried}
    return next((code for code in WORST_FIRST if code in codes), max(codes))


def trials_in(worlds: Sequence[World], request: RunRequest, now: datetime) -> tuple[int, list[Trial]]:
    """The run in each of the worlds, and how many of them may go on at a time.

    Raises:
        ConfigurationError: an option cannot be used.
    """
    token = request_run(replace(request, output=None)).options.partner_token
    secrets = {TOKEN_VARIABLE: token} if token else {}
    common = _arguments(request)
    # a vendor's system is there once
    at_a_time = 1 if request.partner else max(1, (os.cpu_count() or 1) // CORES_A_RUN)
    return at_a_time, [
        Trial(
            one.name,
            (*common, "--seed", str(request.seed + place), *one.arguments(now)),
            {**one.environment, **secrets},
        )
        for place, one in enumerate(worlds)
    ]


def _arguments(request: RunRequest) -> tuple[str, ...]:
    """What was typed, for the runs of the worlds."""
    several = {
        "--area": request.areas,
        "--criterion": request.criteria,
        "--wait": request.waits,
        "--defect": request.defects,
        "--setting": request.settings,
    }
    once = {
        "--partner": request.partner,
        "--partner-token-file": request.partner_token_file,
        "--jobs": request.jobs,
        "--pace": request.pace,
        "--sandbox-port": request.sandbox_port,
        "--listen": request.listen,
        "--public-url": request.public_url,
    }
    typed = [(option, value) for option, values in several.items() for value in values]
    typed += [(option, str(value)) for option, value in once.items() if value is not None]
    switches = ("--gateway",) if request.gateway else ()
    return (*(part for option, value in typed for part in (option, value)), *switches)


def said_of(tried: Tried) -> str:
    """What became of the run, in a few words."""
    if tried.trouble:
        return first_line(tried.trouble)
    unproven = [name for name, outcome in tried.outcomes.items() if outcome == "not proven"]
    told = [f"red: {', '.join(tried.red)}"] if tried.red else []
    told += [f"not proven: {', '.join(unproven)}"] if unproven else []
    return "; ".join([tried.verdict, *told])


def _record(worlds: Sequence[World], tried: Sequence[Tried], *, every: bool, seed: int) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "every": every,
        "seed": seed,
        "accepted": sum(one.exit_code == 0 for one in tried),
        "worlds": [
            {
                "name": world.name,
                **asdict(world),
                "exit_code": one.exit_code,
                "verdict": one.verdict or "not proven",
                "red": list(one.red),
                "said": said_of(one),
                "seconds": round(one.seconds, 1),
            }
            for world, one in zip(worlds, tried, strict=True)
        ],
    }


def _told(tried: Sequence[Tried], directory: Path, page: Path) -> list[str]:
    accepted = sum(one.exit_code == 0 for one in tried)
    lines = ["ACCEPTED" if accepted == len(tried) else "NOT ACCEPTED EVERYWHERE", f"{accepted} of {len(tried)} worlds"]
    lines += [f"  {one.name}: {said_of(one)}" for one in tried if one.exit_code]
    return [*lines, "", f"All of it: {directory}", f"Worlds: {page}"]

"""``acceptance prove``: every deliberate defect against the criterion meant for it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from harness.assembly import Base
from harness.cli.many import ManyRuns, first_line
from harness.cli.options import known
from harness.cli.output import prepare_output
from harness.errors import ConfigurationError
from harness.proof.matrix import HONEST, Matrix, MeantFor, Standing, matrix_of
from harness.proof.narrowing import PATIENT_WAITS, SHORT_WAITS, narrowed_to, needed_beside
from harness.proof.record import matrix_record
from harness.proof.trials import Trial, Trials, Tried
from harness.stub.defects import DEFECTS
from harness.verdict.criteria import CRITERIA
from reports.matrix_page import write_matrix_page

__all__ = ["ProofRequest", "prove"]

EXIT_PROVEN, EXIT_NOT_CAUGHT, EXIT_NOT_PROVEN = 0, 1, 2
OURS = ("matrix.json", "matrix.html", "trials", "again")


@dataclass(frozen=True, slots=True)
class ProofRequest:
    """The options of ``acceptance prove`` as they were typed."""

    defects: tuple[str, ...]
    criteria: tuple[str, ...]
    whole: bool
    """Whether the whole suite is played for each defect, instead of what can matter to it."""
    jobs: int | None
    seed: int
    output: Path | None


def prove(request: ProofRequest, *, as_json: bool, verbose: bool) -> int:
    """Play, print the matrix in words, write its page and JSON; the exit code.

    Raises:
        ConfigurationError: an option names something that does not exist.
        OutputUnusable: the output directory holds something else.
    """
    defects = _chosen(request)
    output = prepare_output(request.output, OURS)
    directory = output.directory(f"proof-{Base.draw().run}")
    at_a_time = request.jobs or max(1, os.cpu_count() or 1)
    trials = _trials(defects, request)
    progress = ManyRuns(len(trials), verbose=verbose)
    meant_for = {one.defect: one.criterion for one in defects}

    def ended(tried: Tried) -> None:
        meant = meant_for.get(tried.name)
        fine = meant in tried.red if meant else not tried.red and not tried.trouble
        said = first_line(tried.trouble) or f"red: {', '.join(tried.red) or 'nothing'}"
        progress.done(f"{meant or ''} {tried.name}".strip(), said, fine=fine, seconds=tried.seconds)

    progress.say(f"playing {len(trials)} runs, {at_a_time} at a time")
    with Trials(directory / "trials", at_a_time=at_a_time) as players:
        try:
            tried = players.play(trials, ended)
            if again := _again(tried, trials, meant_for):
                progress.say(f"playing {len(again)} once more, one at a time: they could not be judged")
                with Trials(directory / "again", at_a_time=1) as alone:
                    told = {one.name: one for one in alone.play(again, ended)}
                tried = [told.get(one.name, one) for one in tried]
        finally:
            progress.stop()
    matrix = matrix_of(
        defects,
        {one.name: one for one in tried},
        catalogue=list(CRITERIA),
        complete=_complete(defects),
    )
    record = matrix_record(matrix, whole=request.whole, seed=request.seed)
    text = json.dumps(record, ensure_ascii=False, indent=2)
    (directory / "matrix.json").write_text(text + "\n", encoding="utf-8")
    page = write_matrix_page(record, directory / "matrix.html")
    typer.echo(text if as_json else "\n".join(_told(matrix, directory, page)))
    if matrix.unjudged:
        return EXIT_NOT_PROVEN
    return EXIT_PROVEN if matrix.proven else EXIT_NOT_CAUGHT


def _chosen(request: ProofRequest) -> list[MeantFor]:
    mistakes = [*known("defect", request.defects, DEFECTS), *known("criterion", request.criteria, CRITERIA)]
    wanted, criteria = set(request.defects), set(request.criteria)
    chosen = [
        MeantFor(one.name, one.area, one.criterion, one.summary, one.cause)
        for one in DEFECTS.values()
        if not (wanted or criteria) or one.name in wanted or one.criterion in criteria
    ]
    if not chosen and not mistakes:
        mistakes.append(f"No defect is meant for {', '.join(request.criteria)}: see `acceptance defects`.")
    if mistakes:
        raise ConfigurationError("\n  ".join(["the options cannot be used:", *mistakes]))
    return chosen


def _complete(defects: Sequence[MeantFor]) -> set[str]:
    """The criteria of which every defect is chosen, and with them those that play other criteria's scenarios too."""
    chosen = {one.defect for one in defects}
    left_out = {one.criterion for one in DEFECTS.values() if one.name not in chosen}
    if any(narrowed_to(name) != ("--criterion", name) for name in left_out):
        return set()
    return {one.criterion for one in defects} - left_out


def _trials(defects: Sequence[MeantFor], request: ProofRequest) -> list[Trial]:
    """The honest run first, over everything that is played for any defect; then one for each defect."""
    common = ("--seed", str(request.seed), *SHORT_WAITS)
    narrowed = {one.criterion: () if request.whole else narrowed_to(one.criterion) for one in defects}
    together = () if () in narrowed.values() else tuple(part for options in narrowed.values() for part in options)
    trials = [Trial(HONEST, (*common, *together, "--jobs", "4"))]
    for one in defects:
        options = needed_beside(one.criterion) if request.whole else narrowed[one.criterion]
        jobs = "1" if "--criterion" in options else "4"
        trials.append(Trial(one.defect, (*common, "--defect", one.defect, *options, "--jobs", jobs)))
    return trials


def _again(tried: Sequence[Tried], trials: Sequence[Trial], meant_for: Mapping[str, str]) -> list[Trial]:
    """Those that could not be judged; each is played once more, alone and with more patience."""
    undecided = {one.name for one in tried if one.undecided(meant_for.get(one.name))}
    return [replace(one, arguments=(*one.arguments, *PATIENT_WAITS)) for one in trials if one.name in undecided]


def _told(matrix: Matrix, directory: Path, page: Path) -> list[str]:
    """The matrix in words: the verdict first, then what is not as it should be, then where to read on."""
    counts = ", ".join(f"{len(rows)} {standing}" for standing in Standing if (rows := matrix.of(standing)))
    lines = ["PROVEN" if matrix.proven else "NOT PROVEN", f"{len(matrix.rows)} deliberate defects: {counts}"]
    lines.append(f"The first likely cause is the one meant for {matrix.named} of them")
    if matrix.honest_trouble:
        lines.append(f"The honest run could not be judged: {matrix.honest_trouble}")
    if matrix.accused:
        lines.append(f"Accused although honest: {', '.join(matrix.accused)}")
    for row in matrix.rows:
        if row.standing is not Standing.CAUGHT:
            red = f"; red: {', '.join(row.red)}" if row.red else ""
            said = first_line(row.said)
            lines.append(f"  {row.standing:<16} {row.meant.criterion}  {row.meant.defect}: {said}{red}")
    if matrix.never_red:
        lines += ["", "Scenarios that no defect turned red, which so prove nothing:"]
        lines += [f"  {name}" for name in matrix.never_red]
    return [*lines, "", f"All of it: {directory}", f"Matrix: {page}"]

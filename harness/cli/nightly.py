"""``acceptance nightly``, ``baseline`` and ``history``: a run every night, and what changed since."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import typer

from harness.cli.many import ManyRuns
from harness.cli.options import RunRequest, request_run
from harness.cli.run import Played, play
from harness.cli.worlds import said_of, trials_in
from harness.clock import SystemClock
from harness.errors import ConfigurationError
from harness.history.changes import Changes, Kind, changes
from harness.history.known import EXAMPLE, Known, read_known
from harness.history.nights import Night, WorldShown, night_of
from harness.history.store import Nights
from harness.proof.trials import Trials
from harness.proof.worlds import World, pairwise
from harness.recorder.journal import read_journal
from harness.scenarios import read_scenarios
from harness.verdict.criteria import CRITERIA
from reports.build import build_all
from reports.protocol import Protocol
from reports.trend import Night as NightDrawn

__all__ = ["NightRequest", "accept_baseline", "nightly", "print_known_example", "show_baseline", "show_history"]

LONG_HISTORY = 40
LONG_HISTORIES = 20
"""Of the reference stub; another system's are not shrunk, and stay three."""
NIGHTS_DRAWN = 30
NIGHTS_HELD = 30
"""How many earlier nights are looked at."""
WORLDS_SEED = 1
TOLD = {
    Kind.KNOWN: "Known failures",
    Kind.NEWLY_FAILING: "Newly failing",
    Kind.STILL_FAILING: "Still failing",
    Kind.STALE: "Known failures that are over",
    Kind.NEWLY_NOT_PROVEN: "Not proven",
    Kind.WORLD: "Other worlds",
    Kind.GONE: "Gone",
    Kind.SLOWER: "Slower",
    Kind.FLAKY: "Flaky",
    Kind.MENDED: "Mended",
    Kind.COVERED: "Newly covered",
}
SAID = {0: "NOTHING WORSE", 1: "REGRESSION", 2: "NOT PROVEN", 64: "NOT PLAYED", 70: "THE HARNESS FAILED"}


@dataclass(frozen=True, slots=True)
class NightRequest:
    """What was typed. ``worlds`` is how many other worlds are played besides the run itself."""

    run: RunRequest
    name: str
    """Of the configuration; each has a history of its own."""
    history: Path
    known: Path | None
    worlds: int
    long: bool
    """Whether histories are as long as a night permits; false where their number or length was set."""


def nightly(request: NightRequest, *, html: bool, as_json: bool, verbose: bool) -> int:
    """Play the night, remember it, and say what changed; the exit code of :class:`Changes`.

    Raises:
        ConfigurationError: an option, the history or the known failures cannot be used; nothing was played.
    """
    known = _known(request.known)
    asked = _long(request.run) if request.long else request.run
    prepared = replace(request_run(asked), allure_history=request.history.with_suffix(".allure.jsonl"))
    with Nights(request.history) as nights:
        played = play(prepared, html=html, verbose=verbose)
        journal = tuple(read_journal(played.directory / "journal.jsonl"))
        night = night_of(played.verdict, journal, configuration=request.name)
        nights.add(night)  # whatever becomes of the worlds
        night = replace(night, worlds=tuple(_play_worlds(request, asked, played, verbose=verbose)))
        earlier = [one for one in nights.nights(night.subject, last=NIGHTS_HELD) if one.run != night.run]
        baseline = nights.baseline(night.subject)
        found = changes(night, earlier, baseline.night if baseline else None, known)
        nights.add(night)
    _draw([*earlier, night], played)
    told = {**found.as_json(), "directory": str(played.directory), "report": str(played.files.to_open)}
    text = json.dumps(told, ensure_ascii=False, indent=2)
    (played.directory / "nightly.json").write_text(text + "\n", encoding="utf-8")
    typer.echo(text if as_json else "\n".join(_told(found, played, baseline is not None)))
    return found.exit_code


def accept_baseline(history: Path, run: str | None, *, name: str | None, as_json: bool) -> None:
    """The night of ``run``, else the last one, is what later ones are held against.

    Raises:
        ConfigurationError: there is no such night, or it could not be judged.
    """
    with Nights(history) as nights:
        night = nights.accept(run or _last(nights, name).run, SystemClock().now())
    if as_json:
        typer.echo(json.dumps(_row(night), ensure_ascii=False, indent=2))
    else:
        typer.echo(f"Later nights of {night.subject} are held against {night.run}: {_counted(night)}")


def show_baseline(history: Path, *, as_json: bool) -> None:
    """What was accepted, for every configuration."""
    with Nights(history) as nights:
        there = {subject: nights.baseline(subject) for subject in nights.subjects()}
    if as_json:
        rows = {
            subject: {**_row(one.night), "accepted_at": one.accepted_at.isoformat()} if one else None
            for subject, one in there.items()
        }
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for subject, one in there.items():
        told = (
            f"{one.night.run}, accepted on {one.accepted_at:%Y-%m-%d %H:%M}: {_counted(one.night)}" if one else "none"
        )
        typer.echo(f"{subject:<24} {told}")
    if not there:
        typer.echo("No night has been played yet. `acceptance nightly` plays one.")


def show_history(history: Path, *, name: str | None, criterion: str | None, as_json: bool) -> None:
    """The nights, or one criterion over the nights.

    Raises:
        ConfigurationError: there is no night, or no such criterion.
    """
    if criterion is not None and criterion not in CRITERIA:
        message = f"There is no criterion {criterion!r}."
        raise ConfigurationError(message, hint="`acceptance criteria` lists them.")
    with Nights(history) as nights:
        found = nights.nights(name or _last(nights, None).subject)
    if not found:
        message = f"There is no night of {name} in the history."
        raise ConfigurationError(message, hint="Left out, --name is the configuration played last.")
    if as_json:
        rows = [_row(one) if criterion is None else _row_of(one, criterion) for one in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    typer.echo(f"{found[-1].subject}, {found[-1].system}")
    for one in found:
        told = f"{one.version:<10} {_counted(one)}" if criterion is None else _criterion_in(one, criterion)
        typer.echo(f"  {one.at:%Y-%m-%d %H:%M}  {one.run}  {told}")


def print_known_example() -> None:
    """A file of known failures to begin with."""
    typer.echo(EXAMPLE, nl=False)


def _known(path: Path | None) -> tuple[Known, ...]:
    if path is None:
        return ()
    scenarios = read_scenarios()
    rows = {f"{one.id}[{row}]" for one in scenarios for row in one.rows if row}
    return read_known(path, {*CRITERIA, *(one.id for one in scenarios), *rows})


def _long(request: RunRequest) -> RunRequest:
    number = request.histories if request.partner else LONG_HISTORIES
    return replace(request, histories=number, history_length=LONG_HISTORY)


def _play_worlds(request: NightRequest, asked: RunRequest, played: Played, *, verbose: bool) -> list[WorldShown]:
    """Some of the worlds in which any two values meet, others each night, so that all of them come round."""
    capabilities = set(played.verdict["partner"].get("capabilities") or ())
    if not request.worlds or played.verdict["trouble"]:
        return []
    now = SystemClock().now()
    there = [one for one in pairwise(WORLDS_SEED, now) if _possible(one, capabilities)]
    start = now.toordinal() * request.worlds % len(there)
    chosen = list(islice(cycle(there), start, start + min(request.worlds, len(there))))
    at_a_time, trials = trials_in(chosen, replace(asked, output=None), now)
    progress = ManyRuns(len(trials), verbose=verbose)
    progress.say(f"playing {len(trials)} other worlds, {at_a_time} at a time")
    with Trials(played.directory / "worlds", at_a_time=at_a_time) as players:
        try:
            tried = players.play(
                trials,
                lambda one: progress.done(one.name, said_of(one), fine=one.exit_code == 0, seconds=one.seconds),
            )
        finally:
            progress.stop()
    narrowed = bool(played.verdict["scope"])
    return [
        WorldShown(
            one.name, 0 if narrowed and not one.red and one.trouble is None else one.exit_code, said_of(one), one.red
        )
        for one in tried
    ]


def _possible(world: World, capabilities: set[str]) -> bool:
    deliveries = {"push", "pull"} if world.delivery == "both" else {world.delivery}
    return deliveries <= capabilities and (world.day == "today" or "clock" in capabilities)


def _draw(nights: Sequence[Night], played: Played) -> None:
    """The verdict page once more, with the picture of the nights."""
    drawn = tuple(NightDrawn(one.at, one.verdict, one.counts()) for one in nights[-NIGHTS_DRAWN:])
    protocol = replace(Protocol.of(played.directory), nights=drawn)
    build_all(played.directory, played.verdict, html=False, on_progress=lambda _: None, protocol=protocol)


def _told(found: Changes, played: Played, accepted: bool) -> Iterator[str]:
    night = found.night
    yield SAID[found.exit_code]
    yield f"{night.system} {night.version} ({night.subject}), {night.assembly} assembly: {_counted(night)}"
    if night.trouble:
        yield f"Trouble: {night.trouble}"
    against = [
        f"{what} {run}" for what, run in (("the last night", found.before), ("the baseline", found.baseline)) if run
    ]
    yield f"Held against {' and '.join(against)}" if against else "The first night: there is nothing to hold it against"
    for kind in Kind:
        if of_kind := found.of(kind):
            yield ""
            yield f"{TOLD[kind]}:"
            for one in of_kind:
                yield f"  {one.what}  {one.told}" + (f" [since {one.since}]" if one.since else "")
    if not found.every:
        yield "Nothing changed"
    if night.judged and not accepted:
        yield ""
        yield f"No baseline yet. Hold later nights against this one: acceptance baseline accept {night.run}"
    yield ""
    yield f"All of it: {played.directory}"
    yield f"Report: {played.files.to_open}"


def _last(nights: Nights, name: str | None) -> Night:
    subject = name or next(iter(nights.subjects()), None)
    found = nights.nights(subject, last=1) if subject else ()
    if not found:
        message = f"There is no night {f'of {name} ' if name else ''}in the history."
        raise ConfigurationError(message, hint="`acceptance nightly` plays one.")
    return found[-1]


def _counted(night: Night) -> str:
    if not night.judged:
        return f"{night.verdict} ({night.trouble or 'nothing was judged'})"
    told = ", ".join(f"{count} {outcome}" for outcome, count in night.counts().items() if count)
    others = (
        f"; {sum(one.exit_code == 0 for one in night.worlds)} of {len(night.worlds)} worlds" if night.worlds else ""
    )
    return f"{'narrowed' if night.narrowed else night.verdict}, {told}{others}"


def _criterion_in(night: Night, criterion: str) -> str:
    shown = night.shown.get(criterion)
    if shown is None:
        return "not played"
    took = f"  {shown.latency.median_s:g} s at the median, {shown.latency.p95_s:g} s at 95 %" if shown.latency else ""
    return f"{shown.outcome}{took}"


def _row(night: Night) -> dict[str, Any]:
    told = asdict(night)
    return {**told, "at": night.at.isoformat(), "counts": night.counts()}


def _row_of(night: Night, criterion: str) -> dict[str, Any]:
    shown = night.shown.get(criterion)
    return {
        "run": night.run,
        "at": night.at.isoformat(),
        "version": night.version,
        "shown": asdict(shown) if shown else None,
    }

"""After acceptance: the suite every night, and the watch over PUSH endpoints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.typed import Jobs, typed_settings
from harness.later import later
from harness.schedules.kind import Kind as ScheduledBy

if TYPE_CHECKING:
    from harness.cli.configured import configured, requested
    from harness.cli.monitor import MonitorRequest, monitor, print_example
    from harness.cli.nightly import (
        NightRequest,
        accept_baseline,
        nightly,
        print_known_example,
        show_baseline,
        show_history,
    )
    from harness.cli.schedule import ScheduleRequest, schedule
else:
    configured = later("harness.cli.configured", "configured")
    requested = later("harness.cli.configured", "requested")
    NightRequest = later("harness.cli.nightly", "NightRequest")
    accept_baseline = later("harness.cli.nightly", "accept_baseline")
    nightly = later("harness.cli.nightly", "nightly")
    print_known_example = later("harness.cli.nightly", "print_known_example")
    show_baseline = later("harness.cli.nightly", "show_baseline")
    show_history = later("harness.cli.nightly", "show_history")
    ScheduleRequest = later("harness.cli.schedule", "ScheduleRequest")
    schedule = later("harness.cli.schedule", "schedule")
    MonitorRequest = later("harness.cli.monitor", "MonitorRequest")
    monitor = later("harness.cli.monitor", "monitor")
    print_example = later("harness.cli.monitor", "print_example")

__all__ = ["commands"]

commands = typer.Typer()
baseline_app = typer.Typer(help="What later nights are held against.", no_args_is_help=True, rich_markup_mode=None)
commands.add_typer(baseline_app, name="baseline")

HISTORY = Path("acceptance-history.sqlite")
HistoryFile = Annotated[Path, typer.Option("--history", metavar="FILE", help="SQLite file that remembers the nights.")]
NameOfNights = Annotated[
    str | None, typer.Option("--name", help="Which configuration's nights. Default: the one played last.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@commands.command("nightly")
def nightly_command(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Settings. Default: acceptance.toml here, if any; none: no file."),
    ] = None,
    partner: Annotated[
        str | None, typer.Option(metavar="URL", help="The partner system to test; left out: the reference stub.")
    ] = None,
    area: Annotated[list[str] | None, typer.Option(help="Only scenarios of this area; may be repeated.")] = None,
    criterion: Annotated[
        list[str] | None, typer.Option(help="Only scenarios about this criterion; may be repeated.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of names and orders; left out: drawn and printed.")] = None,
    jobs: Jobs = 4,
    defect: Annotated[
        list[str] | None, typer.Option(help="Give the reference stub a deliberate defect: to see a night fail.")
    ] = None,
    histories: Annotated[int, typer.Option(min=1, max=500, help="Random histories. Default at night: 20.")] = 3,
    history_length: Annotated[int, typer.Option(min=3, max=60, help="The most in one. Default at night: 40.")] = 14,
    worlds: Annotated[
        int, typer.Option(min=0, metavar="N", help="How many other worlds to play too, others each night; 0 for none.")
    ] = 3,
    history: HistoryFile = HISTORY,
    known: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Failures that are borne until a date; see --example."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Name of this history. Default: the name of the settings file, else reference.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the report goes: empty, or an earlier run of ours.")
    ] = None,
    html: Annotated[bool, typer.Option("--html/--no-html", help="Make the Allure page too, with its trends.")] = True,
    example: Annotated[bool, typer.Option("--example", help="Print a file of known failures to begin with.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print nightly.json, and nothing else, to stdout.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Name every scenario as it ends.")] = False,
) -> None:
    """Run the suite for the night, remember it, and say what changed since the last night and the baseline.

    Newly failing, mended, flaky (with its rate), slower (with ratio and spread), newly covered, gone. A known failure
    that passes again, or whose date has passed, fails the night. Without a baseline every failure is a regression.

    Exit codes: 0 nothing worse, 1 a regression, 2 something not proven, 64 usage or configuration, 70 the harness.
    """
    if example:
        print_known_example()
        return
    effective = configured(config, typed_settings(context))
    request = requested(
        effective, areas=area or (), criteria=criterion or (), defects=defect or (), settings=(), waits=()
    )
    told = all(effective.settings[one].source == "default" for one in ("run.histories", "run.history_length"))
    called = name or (effective.file.stem if effective.file else "partner" if request.partner else "reference")
    asked = NightRequest(request, called, history, known, worlds, told)
    raise typer.Exit(nightly(asked, html=html, as_json=as_json, verbose=verbose))


@baseline_app.command("accept")
def baseline_accept_command(
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help="Which night; left out: the last one.")] = None,
    name: NameOfNights = None,
    history: HistoryFile = HISTORY,
    as_json: AsJson = False,
) -> None:
    """Hold later nights against this one: what fails in it is borne, what passes must go on passing."""
    accept_baseline(history, run, name=name, as_json=as_json)


@baseline_app.command("show")
def baseline_show_command(history: HistoryFile = HISTORY, as_json: AsJson = False) -> None:
    """Which night was accepted, for every configuration."""
    show_baseline(history, as_json=as_json)


@commands.command("history")
def history_command(
    criterion: Annotated[
        str | None, typer.Argument(metavar="[CRITERION]", help="One criterion over the nights, such as DP-BOK-01.")
    ] = None,
    name: NameOfNights = None,
    history: HistoryFile = HISTORY,
    as_json: AsJson = False,
) -> None:
    """List the nights, or how one criterion did in each of them."""
    show_history(history, name=name, criterion=criterion, as_json=as_json)


@commands.command("schedule")
def schedule_command(
    kind: Annotated[ScheduledBy, typer.Argument(help="What begins the night.")],
    config: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="Settings of a partner system; repeated: one job each. Default: acceptance.toml."
        ),
    ] = None,
    at: Annotated[str, typer.Option(metavar="HH:MM", help="When; CIs take it as UTC.")] = "02:30",
    directory: Annotated[
        Path, typer.Option(metavar="DIR", help="Where cron and systemd play it. Default: here.")
    ] = Path(),
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the files there, instead of printing them.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there already.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: contents by name.")] = False,
) -> None:
    """Make what plays `acceptance nightly` every night: a crontab, systemd units, a workflow of GitHub or GitLab.

    In a CI every settings file has a job, a history and a report of its own, on the CI's own machines.
    """
    schedule(ScheduleRequest(kind, config or (), at, directory, output, force), as_json=as_json)


@commands.command("monitor")
def monitor_command(
    config: Annotated[Path, typer.Option(metavar="FILE", help="What to watch and whom to tell; see --example.")] = Path(
        "monitor.toml"
    ),
    history: Annotated[
        Path, typer.Option(metavar="FILE", help="SQLite file with every ping; it survives restarts.")
    ] = HISTORY,
    page: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write a status page there after every round.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="One round, then end: for cron.")] = False,
    status: Annotated[bool, typer.Option("--status", help="Ping nothing; say how the endpoints stand.")] = False,
    example: Annotated[bool, typer.Option("--example", help="Print a settings file to begin with.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: one object, or in a watch one a ping.")] = False,
) -> None:
    """Ping PUSH endpoints every 5 minutes as Docplanner does, and tell people before and when they fail.

    Any answer below 500 counts as working. Three failures in a row send one letter, by mail or webhook; one more says
    that the endpoint works again. Without --once or --status it watches until it is stopped.

    Exit codes: 0 all work, 1 one is in alarm, 2 one fails or a letter could not be delivered, 64 configuration.
    """
    if example:
        print_example()
        return
    raise typer.Exit(monitor(MonitorRequest(config, history, page, once, status, as_json)))

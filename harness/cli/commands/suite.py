"""Playing the suite: runs, criteria, defects, reports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.typed import Jobs, typed_settings
from harness.errors import ConfigurationError
from harness.later import later
from harness.vocabulary import Delivery

if TYPE_CHECKING:
    from harness.cli.configured import configured, requested
    from harness.cli.counted import counting
    from harness.cli.criteria import print_criteria
    from harness.cli.offering import undo_first
    from harness.cli.options import request_more, request_run
    from harness.cli.parts import print_defects
    from harness.cli.people import PeopleRequest
    from harness.cli.planned import print_plan
    from harness.cli.prove import ProofRequest, prove
    from harness.cli.report import build_report
    from harness.cli.run import run
    from harness.cli.worlds import run_worlds
else:
    print_criteria = later("harness.cli.criteria", "print_criteria")
    configured = later("harness.cli.configured", "configured")
    counting = later("harness.cli.counted", "counting")
    requested = later("harness.cli.configured", "requested")
    request_more = later("harness.cli.options", "request_more")
    undo_first = later("harness.cli.offering", "undo_first")
    request_run = later("harness.cli.options", "request_run")
    PeopleRequest = later("harness.cli.people", "PeopleRequest")
    print_plan = later("harness.cli.planned", "print_plan")
    print_defects = later("harness.cli.parts", "print_defects")
    ProofRequest = later("harness.cli.prove", "ProofRequest")
    prove = later("harness.cli.prove", "prove")
    build_report = later("harness.cli.report", "build_report")
    run = later("harness.cli.run", "run")
    run_worlds = later("harness.cli.worlds", "run_worlds")

__all__ = ["commands"]

LANGUAGE = "Of the verdict page's headings and labels: en, cs, de, es, it, pl, pt, tr; auto: the marketplace's."

commands = typer.Typer()
report_app = typer.Typer(help="Work with the report of a run.", no_args_is_help=True, rich_markup_mode=None)
commands.add_typer(report_app, name="report")


@commands.command("run")
def run_command(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Settings. Default: acceptance.toml here, if any; none: no file, no variables."
        ),
    ] = None,
    area: Annotated[list[str] | None, typer.Option(help="Only scenarios of this area; may be repeated.")] = None,
    criterion: Annotated[
        list[str] | None, typer.Option(help="Only scenarios about this criterion, such as DP-BOK-01; may be repeated.")
    ] = None,
    partner: Annotated[
        str | None, typer.Option(metavar="URL", help="The partner system to test; left out: the reference stub.")
    ] = None,
    partner_token_file: Annotated[
        Path | None,
        typer.Option(help="File with the token of the partner's control contract (or set ACCEPTANCE_PARTNER_TOKEN)."),
    ] = None,
    assembly: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="On a Docplanner that is not embedded: live, your own system; api, the reference stub.",
        ),
    ] = None,
    docplanner: Annotated[
        str | None, typer.Option(metavar="URL|DOMAIN", help="With --assembly: where that Docplanner is.")
    ] = None,
    credentials_file: Annotated[
        Path | None,
        typer.Option(help="JSON with its client_id and client_secret, readable by you alone; else the environment's."),
    ] = None,
    confirmed_by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who confirms the shown clinics that may be written to.")
    ] = None,
    delivery: Annotated[
        Delivery | None, typer.Option(help="How news reaches the partner. Default: push where declared, else pull.")
    ] = None,
    marketplace: Annotated[
        str, typer.Option(metavar="DOMAIN", help="The marketplace whose language and time zone the run takes.")
    ] = "znanylekarz.pl",
    profile: Annotated[
        str, typer.Option(help="How the sandbox does what is open: documented, observed, or harsh (all at its worst).")
    ] = "documented",
    setting: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A setting of the sandbox in place of the profile's; may be repeated."),
    ] = None,
    begin: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="What time it is when the run begins; the partner must share the clock."),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of names and orders; left out: drawn and printed.")] = None,
    jobs: Jobs = 4,
    pace: Annotated[
        str,
        typer.Option(help="free, or documented: spaces what the run does so that 40 writes a minute are enough."),
    ] = "free",
    wait: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=SECONDS", help="Change a wait, such as change_s=30; may be repeated."),
    ] = None,
    defect: Annotated[
        list[str] | None, typer.Option(help="Give the reference stub a deliberate defect (see `acceptance defects`).")
    ] = None,
    sandbox_port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the sandbox; 0 for any.")] = 0,
    listen: Annotated[str, typer.Option(help="Address on which the sandbox listens.")] = "127.0.0.1",
    public_url: Annotated[
        str | None, typer.Option(metavar="URL", help="How the partner system on another host reaches the sandbox.")
    ] = None,
    gateway: Annotated[
        bool, typer.Option("--gateway", help="Put the recording gateway between the partner system and the sandbox.")
    ] = False,
    most_writes: Annotated[
        int, typer.Option(min=1, max=2400, help="On a real Docplanner: the most writes, but for undoing.")
    ] = 120,
    plan: Annotated[
        bool,
        typer.Option("--plan", help="On a real Docplanner: say how many calls and minutes it takes; play nothing."),
    ] = False,
    undo: Annotated[
        bool,
        typer.Option("--undo-first", help="On a real Docplanner: undo what a killed run left, without being asked."),
    ] = False,
    histories: Annotated[
        int, typer.Option(min=1, max=500, help="How many random histories are played; more of them at night.")
    ] = 3,
    history_length: Annotated[
        int, typer.Option(min=3, max=60, help="The most that happens in one history; the night may take 40.")
    ] = 14,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the report goes: empty, or an earlier run of ours.")
    ] = None,
    people: Annotated[
        bool, typer.Option("--people", help="A person operates the system to test: no control contract is needed.")
    ] = False,
    patients: Annotated[
        bool,
        typer.Option("--patients", help="With --assembly api: a person books at the marketplace; else nobody does."),
    ] = False,
    system: Annotated[str | None, typer.Option(help="With --people: the system's name; left out: asked.")] = None,
    system_version: Annotated[str | None, typer.Option(help="Its version; left out: asked.")] = None,
    capability: Annotated[
        list[str] | None, typer.Option(help="What it can do, such as push or breaks; may be repeated; left out: asked.")
    ] = None,
    callback_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Where it takes notifications, if it can do push.")
    ] = None,
    pull_interval: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=0, help="How often it fetches notifications, if it can.")
    ] = None,
    attested_by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who answers. Default: who is logged in on this machine.")
    ] = None,
    operator_script: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Answers in the person's place: JSON lines, or Python.")
    ] = None,
    resume: Annotated[
        str | None, typer.Option(metavar="RUN", help="Go on with a run with people that was stopped: id or directory.")
    ] = None,
    with_run: Annotated[
        str | None,
        typer.Option(
            "--with",
            metavar="RUN",
            help="On a real Docplanner: the accepted run on the embedded sandbox that proves what only there can be.",
        ),
    ] = None,
    worlds: Annotated[
        bool,
        typer.Option("--worlds", help="Run in many worlds: profiles, deliveries, marketplaces, days of clock changes."),
    ] = False,
    all_worlds: Annotated[
        bool, typer.Option("--all-worlds", help="Run in every world there is: over a thousand runs, for a night.")
    ] = False,
    language: Annotated[str, typer.Option(help=LANGUAGE)] = "en",
    html: Annotated[bool, typer.Option("--html/--no-html", help="Make the Allure page too.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print verdict.json, and nothing else, to stdout.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Name every scenario as it ends.")] = False,
) -> None:
    """Run the acceptance suite and say the verdict.

    Exit codes: 0 accepted, 1 not accepted, 2 not proven, 64 usage or configuration, 70 trouble of the harness itself.
    """
    effective = configured(config, typed_settings(context))
    request = requested(
        effective,
        areas=area or (),
        criteria=criterion or (),
        defects=defect or (),
        settings=setting or (),
        waits=wait or (),
        confirmed_by=confirmed_by,
    )
    if patients and request.assembly != "api":
        message = "--patients is for --assembly api; in live people act at the marketplace anyway."
        raise ConfigurationError(message)
    if people or patients or resume or request.assembly == "live":
        told = PeopleRequest(
            system, system_version, tuple(capability or ()), callback_url, pull_interval, operator_script, attested_by
        )
        request = replace(request, people=replace(told, operate=people or resume is not None))
    if request.people and (worlds or all_worlds):
        message = "A person plays one run at a time: leave --worlds out, or --people."
        raise ConfigurationError(message)
    if worlds or all_worlds:
        raise typer.Exit(run_worlds(request, every=all_worlds, as_json=as_json, verbose=verbose))
    prepared = request_more(request, resume) if resume else request_run(request)
    if with_run:
        prepared = counting(prepared, with_run)
    if plan:
        print_plan(prepared.options, people=prepared.people is not None, as_json=as_json)
        raise typer.Exit
    if prepared.options.real:
        undo_first(effective, unasked=undo)
    raise typer.Exit(run(prepared, html=html, as_json=as_json, verbose=verbose))


@commands.command("criteria")
def criteria_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Print the catalogue of criteria, and which scenario covers what."""
    print_criteria(as_json=as_json)


@commands.command("defects")
def defects_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """List the deliberate defects of the reference stub, with the criterion that must catch each."""
    print_defects(as_json=as_json)


@commands.command("prove")
def prove_command(
    defect: Annotated[list[str] | None, typer.Option(help="Only this defect; may be repeated.")] = None,
    criterion: Annotated[
        list[str] | None, typer.Option(help="Only defects meant for this criterion; may be repeated.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--all", help="Play the whole suite for each defect, not only what can matter to it.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=32, help="How many runs at a time. Default: one a processor.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of names and orders.")] = 1,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the matrix goes: empty, or an earlier one of ours.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print matrix.json, and nothing else, to stdout.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Name every run as it ends.")] = False,
) -> None:
    """Prove that the suite sees what it is meant to see: run it against every deliberate defect of the reference stub.

    Writes the kill matrix (defect by criterion) as a page and JSON, with the scenarios that no defect turned red.

    Exit codes: 0 every defect caught by the criterion meant for it, 1 not so, 2 some run could not be judged, 64 usage.
    """
    request = ProofRequest(tuple(defect or ()), tuple(criterion or ()), whole, jobs, seed, output)
    raise typer.Exit(prove(request, as_json=as_json, verbose=verbose))


@report_app.command("build")
def report_build_command(
    context: typer.Context,
    run_directory: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="The run's directory; left out: reports/out/latest.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Settings. Default: acceptance.toml here, if any; or none.")
    ] = None,
    language: Annotated[str, typer.Option(help=LANGUAGE)] = "en",
    held: Annotated[str | None, typer.Option(metavar="TEXT", help="When the session was held, in your words.")] = None,
    place: Annotated[str | None, typer.Option(metavar="TEXT", help="Where it was held.")] = None,
    participant: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME,ROLE,ORGANISATION", help="Who took part, with what you have; may be repeated."),
    ] = None,
    html: Annotated[bool, typer.Option("--html/--no-html", help="Make the Allure page too.")] = True,
    pdf: Annotated[bool, typer.Option("--pdf", help="Print the verdict page to verdict.pdf, with Chromium.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: the files that were made.")] = False,
) -> None:
    """Make the pages of an earlier run again, in another language, or as the protocol of the session.

    What was told of the session before stays unless it is told anew.

    Exit codes: 0 made, 1 the Allure page could not be made, 64 no such run, or no browser for --pdf.
    """
    effective = configured(config, typed_settings(context))
    raise typer.Exit(build_report(run_directory, effective, html=html, pdf=pdf, as_json=as_json))

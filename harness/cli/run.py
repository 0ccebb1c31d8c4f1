"""``acceptance run``: from the options to the verdict, with everything that was found kept whatever happens."""

from __future__ import annotations

import json
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import typer

from harness.assembly import Assembled, Base, RunOptions, assemble
from harness.cli.counted import check_same
from harness.cli.options import PreparedRun
from harness.cli.people import with_people
from harness.cli.planned import plan_of
from harness.cli.progress import Progress
from harness.cli.ready import before_the_parts, merged, once_connected, refuse
from harness.cli.summary import print_summary
from harness.clock import SystemClock
from harness.errors import BrokenHarness, HarnessError
from harness.operator.desk import OperatorDesk
from harness.preflight.line import Line
from harness.recorder.journal import JournalFile, read_journal
from harness.recorder.line import Actor, Kind
from harness.recorder.redaction import Redactor
from harness.suite import Suite, harness_version
from harness.verdict.judge import judge
from reports.build import ReportFiles, build_all, fetch_tools

__all__ = ["Played", "play", "run"]


@dataclass(frozen=True, slots=True)
class Played:
    """A run that is over: ``verdict`` is the content of verdict.json, and everything stands in ``directory``."""

    verdict: Mapping[str, Any]
    text: str
    """The same as it stands in the file."""
    files: ReportFiles
    directory: Path


def run(prepared: PreparedRun, *, html: bool, as_json: bool, verbose: bool) -> int:
    """Run the suite, print the verdict, build the report; the exit code of the verdict."""
    played = play(prepared, html=html, verbose=verbose)
    if as_json:
        typer.echo(played.text)
    else:
        print_summary(played.verdict, played.files, played.directory)
    return int(played.verdict["exit_code"])


def play(prepared: PreparedRun, *, html: bool, verbose: bool) -> Played:
    """Run the suite, judge it, and make its pages."""
    base = Base.draw() if prepared.goes_on is None else replace(Base.draw(), run=prepared.goes_on)
    directory = prepared.output.directory(base.run, keep=prepared.goes_on is not None)
    left = sum(len(one.rows) for one in prepared.options.scenarios) - len(prepared.options.played)
    progress = Progress(total=left, verbose=verbose, live=prepared.people is None)
    # Node.js and Allure may have to come over the network: meanwhile the scenarios play
    tools = threading.Thread(target=fetch_tools, kwargs={"on_progress": lambda _: None}, daemon=True)
    if html:
        tools.start()
    with tempfile.TemporaryDirectory(prefix="acceptance-") as private:
        trouble = _play(prepared, base, directory, Path(private), progress)
    journal = directory / "journal.jsonl"
    _finish_journal(journal, base, trouble)
    progress.say("judging")
    verdict = judge(read_journal(journal))
    text = json.dumps(verdict, ensure_ascii=False, indent=2)
    (directory / "verdict.json").write_text(text + "\n", encoding="utf-8")
    if html:
        progress.say("building the report")
        tools.join()
    files = build_all(
        directory,
        verdict,
        html=html,
        on_progress=progress.say,
        protocol=prepared.protocol,
        allure_history=prepared.allure_history,
    )
    progress.stop()
    prepared.output.point_latest(directory)
    return Played(verdict, text, files, directory)


def _play(
    prepared: PreparedRun, base: Base, directory: Path, private: Path, progress: Progress
) -> Mapping[str, object] | None:
    """Play everything; None, or what went wrong with the run itself."""
    options = prepared.options
    journal = directory / "journal.jsonl"
    started, checks = False, tuple[Line, ...]()
    desk: OperatorDesk | None = None
    try:
        progress.say("starting the parts")
        results = directory / "allure-results"
        with (
            Suite(options.scenarios, jobs=options.jobs, results=results, private=private) as suite,
            ExitStack() as parts,
        ):
            checks = before_the_parts(options, directory)
            refuse(checks)
            if prepared.people:
                options, desk = parts.enter_context(with_people(options, prepared.people))
            if plan := plan_of(options, people=prepared.people is not None):
                sys.stderr.write(f"{plan.words(options.most_writes)}\n")
            assembled = parts.enter_context(assemble(options, base, journal, progress.say))
            progress.say("checking what could be in the way")
            checks = merged(checks, once_connected(assembled, options))
            refuse(checks)
            _open_journal(assembled, prepared)
            if prepared.counted:
                check_same(prepared.counted, assembled.health.system)
                assembled.journal.write(Kind.RUN, prepared.counted, actor=Actor.HARNESS)
            started = True
            _note(checks, assembled.journal)
            progress.say("playing")
            suite.play(assembled.settings, on_finished=progress.finished, on_waiting=progress.say)
        if desk and desk.gone:
            return _stopped(f"nobody answered any more: {desk.gone}", prepared, base)
    except BrokenHarness as error:
        return {"blame": "harness", "reason": str(error), "exit": 70}
    except HarnessError as error:
        if not started:
            _open_unstarted(options, base, journal, prepared)
            _note(checks, _writer(journal, base))
        return {"blame": "configuration", "reason": str(error), "exit": 64}
    except KeyboardInterrupt:
        if not started:
            _open_unstarted(options, base, journal, prepared)
        reason = "interrupted by the user"
        return (
            _stopped(reason, prepared, base)
            if desk and started
            else {"blame": "configuration", "reason": reason, "exit": 2}
        )
    return None


def _stopped(reason: str, prepared: PreparedRun, base: Base) -> Mapping[str, object]:
    """A run with people that can go on."""
    told = f"{reason}; go on with: acceptance run --resume {prepared.output.chosen or base.run}"
    return {"blame": "configuration", "reason": told, "exit": 2}


def _open_journal(assembled: Assembled, prepared: PreparedRun) -> None:
    settings, health = assembled.settings, assembled.health
    partner = {
        "name": health.system.name,
        "version": health.system.version,
        "capabilities": list(health.capabilities),
        "timing": {"pull_interval_s": health.timing.pull_interval_s},
    }
    body = {
        **_common(prepared),
        "assembly": settings.assembly,
        "time_zone": settings.time_zone,
        "profile": settings.profile,
        "delivery": settings.delivery,
        "partner": partner,
        "waits": {name: getattr(settings.waits, name) for name in type(settings.waits).__dataclass_fields__},
        "people": _people(assembled, prepared),
        "plan": asdict(plan) if (plan := plan_of(prepared.options, people=prepared.people is not None)) else None,
    }
    assembled.journal.write(Kind.RUN, body, actor=Actor.HARNESS)


def _people(assembled: Assembled, prepared: PreparedRun) -> dict[str, object] | None:
    """What a run that goes on needs to know of the person's system, beside what else stands in the line."""
    if prepared.people is None:
        return None
    options, health = prepared.options, assembled.health
    return {
        "operate": prepared.people.operate,
        "callback_url": health.callback_url,
        "pull_interval_s": health.timing.pull_interval_s,
        "sandbox_port": options.sandbox_port,
        "listen": options.listen,
        "public_url": options.public_url,
    }


def _open_unstarted(options: RunOptions, base: Base, journal: Path, prepared: PreparedRun) -> None:
    """The first line of a run that never came to play, so that its verdict can be told like any other."""
    delivery = str(options.delivery) if options.delivery else None
    body = {
        **_common(prepared),
        "assembly": options.assembly,
        "time_zone": None,
        "profile": options.profile,
        "delivery": delivery,
        "partner": {"name": None, "version": None, "capabilities": [], "timing": {}},
        "waits": {},
    }
    _writer(journal, base).write(Kind.RUN, body, actor=Actor.HARNESS)


def _note(checks: Iterable[Line], journal: JournalFile) -> None:
    for one in checks:
        journal.write(Kind.CHECK, {**asdict(one), "status": str(one.status)}, actor=Actor.HARNESS)


def _common(prepared: PreparedRun) -> dict[str, object]:
    options = prepared.options
    covered: dict[str, list[str]] = {}
    for scenario in options.scenarios:
        for criterion in scenario.criteria:
            covered.setdefault(criterion, []).extend(scenario.titles)
    return {
        "state": "started" if prepared.goes_on is None else "resumed",
        "marketplace": options.marketplace,
        "seed": options.seed,
        "scope": options.scope,
        "harness": {"version": harness_version(), "python": sys.version.split()[0]},
        "settings": dict(options.changed),
        "began_as": options.begin.isoformat() if options.begin else None,
        "covered": covered,
        "jobs": options.jobs,
        "pace": options.pace,
        "defects": list(options.defects),
        "gateway": options.gateway,
    }


def _finish_journal(journal: Path, base: Base, trouble: Mapping[str, object] | None) -> None:
    body = {"state": "finished", "trouble": dict(trouble) if trouble else None}
    _writer(journal, base).write(Kind.RUN, body, actor=Actor.HARNESS)


def _writer(journal: Path, base: Base) -> JournalFile:
    redactor = Redactor((), patient_key=bytes.fromhex(base.patient_key), own_phone_block=base.phone_block)
    return JournalFile(journal, run=base.run, process="run", redactor=redactor, clock=SystemClock())

"""``acceptance monitor``."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import typer

from harness.clock import SystemClock
from harness.errors import OutputUnusable
from harness.monitor.history import History
from harness.monitor.letters import channels
from harness.monitor.settings import EXAMPLE, MonitorSettings, read_settings
from harness.monitor.status import exit_code, status_of
from harness.monitor.watch import Round, Watch
from reports.monitor_page import write_monitor_page

__all__ = ["MonitorRequest", "monitor", "print_example"]


@dataclass(frozen=True, slots=True)
class MonitorRequest:
    """The options of ``acceptance monitor`` as they were typed."""

    config: Path
    history: Path
    page: Path | None
    once: bool
    status: bool
    as_json: bool


def print_example() -> None:
    """Print a settings file to begin with."""
    typer.echo(EXAMPLE, nl=False)


def monitor(request: MonitorRequest) -> int:
    """Watch until told to stop, or once; the exit code of how the endpoints stand.

    Raises:
        ConfigurationError: the settings or the history cannot be used.
    """
    settings = read_settings(request.config)
    history = History(request.history)
    try:
        return _monitor(request, settings, history)
    finally:
        history.close()


def _monitor(request: MonitorRequest, settings: MonitorSettings, history: History) -> int:
    clock = SystemClock()

    def told() -> int:
        status = status_of(settings, history, clock.now())
        _write_page(request.page, status)
        if request.as_json:
            typer.echo(json.dumps(status, ensure_ascii=False, indent=2))
        else:
            for one in status["endpoints"]:
                typer.echo(f"{one['state']:<12} {one['name']}  {one['url']}: {one['said']}")
                if one["realtime"]:
                    typer.echo(f"{'':<12} {one['realtime']['said']}")
            for one in status["undelivered"]:
                typer.echo(f"not delivered: {one['endpoint']} {one['occasion']}, by {one['channel']}: {one['problem']}")
        return exit_code(status)

    if request.status:
        return told()
    with closing(Watch(settings, history, channels(settings), clock)) as watch:
        return _watch(request, settings, history, watch, told)


def _watch(
    request: MonitorRequest, settings: MonitorSettings, history: History, watch: Watch, told: Callable[[], int]
) -> int:
    clock = SystemClock()
    if request.once:
        watch.round()
        return told()
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    minutes = settings.interval.total_seconds() / 60
    typer.echo(f"watching {len(settings.endpoints)} endpoints every {minutes:g} min; Ctrl-C ends it", err=True)

    def seen(one: Round) -> None:
        _write_page(request.page, status_of(settings, history, clock.now()))
        _print_round(one, as_json=request.as_json)

    watch.run(lambda span: ended.wait(span.total_seconds()), seen)
    return exit_code(status_of(settings, history, clock.now()))


def _print_round(seen: Round, *, as_json: bool) -> None:
    for one in seen.watched:
        if as_json:
            line = {
                "at": one.ping.at.isoformat(),
                "endpoint": one.endpoint.name,
                "works": one.ping.works,
                "status": one.ping.status,
                "took_ms": one.ping.took_ms,
                "failures": one.standing.failures,
                "alarm": one.standing.alerted,
            }
            typer.echo(json.dumps(line))
        else:
            mark = "✓" if one.ping.works else "✗"
            said = f"HTTP {one.ping.status}" if one.ping.status else one.ping.trouble
            near = f", {one.standing.failures} in a row" if one.standing.failures else ""
            typer.echo(f"{one.ping.at:%H:%M:%S} {mark} {one.endpoint.name}: {said} in {one.ping.took_ms:.0f} ms{near}")
    for problem in seen.undelivered:
        typer.echo(f"a letter could not be delivered, and is tried again: {problem}", err=True)


def _write_page(page: Path | None, status: dict[str, object]) -> None:
    if page is None:
        return
    try:
        write_monitor_page(status, page)
    except OSError as error:
        message = f"The page {page} cannot be written ({error.strerror})."
        raise OutputUnusable(message, hint="Name a file in a directory that exists and is yours.") from error

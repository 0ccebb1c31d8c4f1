"""After acceptance: the watch over PUSH endpoints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.later import later

if TYPE_CHECKING:
    from harness.cli.monitor import MonitorRequest, monitor, print_example
else:
    MonitorRequest = later("harness.cli.monitor", "MonitorRequest")
    monitor = later("harness.cli.monitor", "monitor")
    print_example = later("harness.cli.monitor", "print_example")

__all__ = ["commands"]

commands = typer.Typer()


@commands.command("monitor")
def monitor_command(
    config: Annotated[Path, typer.Option(metavar="FILE", help="What to watch and whom to tell; see --example.")] = Path(
        "monitor.toml"
    ),
    history: Annotated[
        Path, typer.Option(metavar="FILE", help="SQLite file with every ping; it survives restarts.")
    ] = Path("acceptance-history.sqlite"),
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

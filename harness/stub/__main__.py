"""``python -m harness.stub``: the reference stub in a process of its own."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from harness.errors import ConfigurationError
from harness.stub.server import serve
from harness.stub.settings import NAME, VERSION, StubSettings

__all__ = ["main"]

TOKEN_VARIABLE = "ACCEPTANCE_PARTNER_TOKEN"  # noqa: S105 - the name of a variable
USAGE = 64
"""Exit code where the options cannot be used. Source: criteria.md, "The verdict"."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT, or until stdin closes where that is asked for; the exit code."""
    options = _parser().parse_args(arguments)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    if options.until_stdin_closes:
        threading.Thread(target=_watch_stdin, args=(stopped,), daemon=True).start()
    try:
        with serve(_settings(options)) as stub:
            told = {
                "control_url": stub.control_url,
                "callback_url": stub.callback_url,
                "name": NAME,
                "version": VERSION,
                "defects": list(options.defect),
            }
            if options.json:
                sys.stdout.write(json.dumps(told) + "\n")
            else:
                sys.stdout.write("".join(f"{name:<14} {value}\n" for name, value in told.items()))
            sys.stdout.flush()
            stopped.wait()
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    return 0


def _settings(options: argparse.Namespace) -> StubSettings:
    token = os.environ.get(TOKEN_VARIABLE) or None
    if options.token_file:
        try:
            token = options.token_file.read_text().strip()
        except OSError as error:
            message = f"The token file {options.token_file} cannot be read ({error.strerror})."
            raise ConfigurationError(message) from error
    return StubSettings(
        host=options.host,
        port=options.port,
        defects=tuple(options.defect),
        database=options.database,
        token=token,
        pull_interval_s=options.pull_interval,
        compare_interval_s=options.compare_interval,
        without=tuple(options.without),
        undeclared=tuple(options.undeclared),
    )


def _watch_stdin(stopped: threading.Event) -> None:
    while sys.stdin.buffer.read(4096):
        pass
    stopped.set()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m harness.stub", description="The reference partner system.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 for any that is free")
    parser.add_argument("--database", type=Path, metavar="PATH", help="keep the data there, over restarts")
    parser.add_argument("--defect", action="append", default=[], metavar="NAME", help="make this mistake on purpose")
    for option, told in (("--without", "lack this, and refuse it with 501"), ("--undeclared", "do this undeclared")):
        parser.add_argument(option, action="append", default=[], metavar="CAPABILITY", help=told)
    parser.add_argument("--token-file", type=Path, metavar="PATH", help="the bearer token that callers must send")
    parser.add_argument("--pull-interval", type=float, default=1.0, metavar="SECONDS", help="between two polls")
    parser.add_argument(
        "--compare-interval", type=float, default=0.0, metavar="SECONDS", help="between two comparisons; 0 for none"
    )
    parser.add_argument("--json", action="store_true", help="print the addresses as one line of JSON")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when standard input closes")
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""``python -m harness.gateway``: the gateway of a run, as :mod:`harness.gateway.process` starts it."""

from __future__ import annotations

import signal
import sys

import msgspec

from harness.clock import SystemClock
from harness.errors import ConfigurationError
from harness.gateway.process import Ready, Told
from harness.gateway.server import serve
from harness.recorder.journal import JournalFile
from harness.recorder.redaction import Redactor

__all__ = ["main"]

USAGE = 64


def main() -> int:
    """Serve what the first line of standard input says, until it closes; the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a run that is interrupted ends its parts in order
    told = msgspec.json.decode(sys.stdin.buffer.readline(), type=Told, dec_hook=lambda kind, value: kind(value))
    redactor = Redactor(told.secrets, patient_key=bytes.fromhex(told.patient_key), own_phone_block=told.phone_block)
    try:
        with (
            JournalFile(told.journal, run=told.run, process="gateway", redactor=redactor, clock=SystemClock()) as file,
            serve(told.settings, journal=file, redactor=redactor, beside_sandbox=told.beside_sandbox) as gateway,
        ):
            _say(Ready(gateway=gateway))
            while sys.stdin.buffer.read(4096):
                pass
    except ConfigurationError as error:
        _say(Ready(trouble=str(error)))
        return USAGE
    return 0


def _say(ready: Ready) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(ready) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())

"""The evidence of a run, from its directory or from its bundle."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import ConfigurationError
from harness.evidence.contents import JOURNAL, VERDICT
from harness.evidence.wrapper import Altered, unpack
from harness.recorder.journal import read_journal
from harness.recorder.line import Line

__all__ = ["Evidence"]

HINT = "Name the directory of a run, or a bundle that `acceptance bundle` made."


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a run left: ``verdict`` as in ``verdict.json``, and every line of its journal."""

    name: str
    verdict: dict[str, Any]
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, path: Path) -> Evidence:
        """The evidence in ``path``.

        Raises:
            ConfigurationError: it is neither the directory of a finished run nor a bundle.
            OutputUnusable: its journal cannot be read.
        """
        if path.is_dir():
            return cls._read(path, path)
        try:
            files = unpack(path.read_bytes())
            with tempfile.TemporaryDirectory(prefix="acceptance-") as directory:
                for name in (VERDICT, JOURNAL):
                    (Path(directory) / name).write_bytes(files[name])
                return cls._read(Path(directory), path)
        except OSError as error:
            message = f"{path} cannot be read ({error.strerror})."
            raise ConfigurationError(message, hint=HINT) from error
        except (Altered, KeyError) as error:
            message = f"{path} is no bundle: {error}."
            raise ConfigurationError(message, hint=HINT) from error

    @classmethod
    def _read(cls, directory: Path, named: Path) -> Evidence:
        try:
            verdict = json.loads((directory / VERDICT).read_bytes())
            run = str(verdict["run"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"{named} holds no {VERDICT} that can be read, so it is not a finished run."
            raise ConfigurationError(message, hint=HINT) from error
        return cls(run, verdict, tuple(read_journal(directory / JOURNAL)))

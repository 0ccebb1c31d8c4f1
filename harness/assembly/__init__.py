"""Puts a run together: the only place that picks adapters, one module an assembly."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from harness.assembly.embedded import assemble_embedded
from harness.assembly.options import Assembled, Base, RunOptions, Say
from harness.assembly.real import assemble_real

__all__ = ["Assembled", "Base", "RunOptions", "assemble"]


def assemble(options: RunOptions, base: Base, journal_path: Path, say: Say) -> AbstractContextManager[Assembled]:
    """Start everything, connect the partner system, and stop everything at the end.

    Raises:
        ConfigurationError: a port is taken, a side lacks what the options ask for, or writing is not allowed.
        PartnerError: the partner system is not there, or breaks the control contract.
        DocplannerError: the real Docplanner cannot be read.
    """
    made = assemble_real if options.real else assemble_embedded
    return made(options, base, journal_path, say)

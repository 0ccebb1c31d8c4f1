"""The command line: ``acceptance run | criteria | defects | stub | sandbox | report``."""

from __future__ import annotations

from harness.cli.app import main

__all__ = ["main"]

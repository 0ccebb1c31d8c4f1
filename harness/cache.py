"""Where things are kept that can be made again: Node.js, Allure, and the bytecode of a run's processes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["cache_directory", "keep_bytecode"]


def cache_directory() -> Path:
    """Where Node.js and Allure are kept: ``ACCEPTANCE_CACHE``, or the checkout's ``.cache``, or the user's cache."""
    named = os.environ.get("ACCEPTANCE_CACHE")
    if named:
        return Path(named)
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").is_file():
        return checkout / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "docplanner-acceptance"


def keep_bytecode() -> None:
    """From now on this process and those that it starts compile each module once, and keep the result in our cache.

    A run has eight processes of some hundred modules. Where Python is told to write no bytecode, as containers often
    tell it, each of them would compile all of it every time; kept here, nothing is written beside the sources.
    """
    if "PYTHONPYCACHEPREFIX" in os.environ:
        return
    kept = str(cache_directory() / "bytecode")
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = kept
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False

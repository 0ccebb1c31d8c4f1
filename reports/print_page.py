"""A page of ours as PDF, printed by the browser that is on the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from harness.errors import ConfigurationError, OutputUnusable

__all__ = ["VARIABLE", "browser_here", "print_page"]

VARIABLE = "CHROMIUM"
"""Names the browser to use, where it is not on the path."""
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
)
LONGEST_S = 90
INSTEAD = "Or open verdict.html in any browser and print it."


def print_page(page: Path, destination: Path) -> Path:
    """Write ``page``, a file of ours that needs nothing else, to ``destination`` as PDF.

    Raises:
        ConfigurationError: there is no browser that can.
        OutputUnusable: ``destination`` cannot be written.
    """
    browser = browser_here()
    with tempfile.TemporaryDirectory(prefix="acceptance-print-", ignore_cleanup_errors=True) as scratch:
        made = Path(scratch) / "page.pdf"
        command = [browser, *OPTIONS, f"--user-data-dir={scratch}/profile", f"--print-to-pdf={made}"]
        if sys.platform == "linux" and os.geteuid() == 0:
            command.append("--no-sandbox")  # Chromium has none for root; the page holds no script
        said = _called([*command, page.resolve().as_uri()])
        if not made.is_file() or not made.read_bytes().startswith(b"%PDF"):
            message = f"{browser} printed nothing: {said.strip()[-300:] or 'it said nothing'}."
            raise ConfigurationError(message, hint=f"Name another browser in {VARIABLE}. {INSTEAD}")
        try:
            shutil.copyfile(made, destination)
        except OSError as error:
            message = f"{destination} cannot be written ({error.strerror})."
            raise OutputUnusable(message, hint="Close it where it is open, or make room.") from error
    return destination


def browser_here() -> str:
    """The browser that ``CHROMIUM`` names, or the first of those that are known.

    Raises:
        ConfigurationError: there is none.
    """
    named = os.environ.get(VARIABLE)
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        message = (
            f"{VARIABLE} names {named}, which is no program." if named else "No Chromium, Chrome or Edge was found."
        )
        raise ConfigurationError(message, hint=f"Install one, or name it in {VARIABLE}. {INSTEAD}")
    return found


def _called(command: list[str]) -> str:
    """What it said."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return f"it was not done after {LONGEST_S} s"
    except OSError as error:
        return str(error)
    return done.stderr

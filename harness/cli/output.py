"""Where a run's report goes, and what must not be overwritten."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from harness.errors import OutputUnusable

__all__ = ["DEFAULT_OUTPUT", "Output", "prepare_output"]

DEFAULT_OUTPUT = Path("reports/out")
LATEST = "latest"
PROBE = "written"
OURS = (
    "journal.jsonl",
    "verdict.json",
    "verdict.html",
    "verdict.pdf",
    "protocol.json",
    "report.html",
    "junit.xml",
    "allure-results",
    "nightly.json",
    "cleanup.json",
    "worlds",
)


@dataclass(frozen=True, slots=True)
class Output:
    """The directory of one run; None for ``chosen`` means one named after the run below ``reports/out``."""

    chosen: Path | None
    ours: tuple[str, ...] = OURS
    """What may stand there already, and is made anew."""

    def directory(self, run: str, *, keep: bool = False) -> Path:
        """The run's directory, made and empty; with ``keep`` as it is.

        Raises:
            OutputUnusable: it cannot be written.
        """
        path = self.chosen or DEFAULT_OUTPUT / run
        try:
            path.mkdir(parents=True, exist_ok=True)
            for name in () if keep else self.ours:
                _remove(path / name)
            probe = path / PROBE
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise _unusable(path, f"cannot be written ({error.strerror})") from error
        return path.resolve()

    def point_latest(self, directory: Path) -> None:
        """Let ``reports/out/latest`` name the newest run, where the system has links."""
        if self.chosen is not None:
            return
        link = DEFAULT_OUTPUT / LATEST
        try:
            link.unlink(missing_ok=True)
            link.symlink_to(directory.name, target_is_directory=True)
        except OSError:  # a system without links: the summary names the directory anyway
            return


def prepare_output(chosen: Path | None, ours: tuple[str, ...] = OURS) -> Output:
    """Check the directory before anything is started.

    Raises:
        OutputUnusable: it is a file, cannot be written, or holds something that is not an earlier run of ours.
    """
    if chosen is not None and chosen.exists():
        if not chosen.is_dir():
            raise _unusable(chosen, "is a file")
        foreign = sorted(entry.name for entry in chosen.iterdir() if entry.name not in ours)
        if foreign:
            raise _unusable(chosen, f"holds something else ({', '.join(foreign[:3])})")
    return Output(chosen, ours)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _unusable(path: Path, why: str) -> OutputUnusable:
    message = f"The output directory {path} {why}."
    return OutputUnusable(message, hint="Name an empty directory, or one of an earlier run, with --output.")

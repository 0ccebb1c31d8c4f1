"""What the user sees while many runs go on, each in a process of its own. All on stderr."""

from __future__ import annotations

from rich.console import Console
from rich.status import Status

__all__ = ["ManyRuns", "first_line"]

EVERY = 10
"""Off a terminal, so many runs share one line of progress."""


class ManyRuns:
    """One live line on a terminal; a line for every run that is not fine, or with ``verbose`` for all."""

    def __init__(self, total: int, *, verbose: bool) -> None:
        self._total = total
        self._verbose = verbose
        self._count = 0
        self._console = Console(stderr=True, highlight=False)
        self._status = Status("starting", console=self._console)
        self._live = self._console.is_terminal
        if self._live:
            self._status.start()

    def say(self, text: str) -> None:
        """What goes on now."""
        if self._live:
            self._status.update(f"{text} …")
        else:
            self._console.print(f"{text} …", markup=False)

    def done(self, name: str, said: str, *, fine: bool, seconds: float) -> None:
        """A run has ended."""
        self._count += 1
        if self._verbose or not fine:
            self._console.print(f"{'✓' if fine else '✗'} {name}  ({said}, {seconds:.0f} s)", markup=False)
        if self._live or self._count % EVERY == 0:
            self.say(f"{self._count} of {self._total} runs")

    def stop(self) -> None:
        """Leave the terminal clean."""
        if self._live:
            self._status.stop()


def first_line(text: str | None) -> str:
    """The first line that says something."""
    return (text or "").strip().partition("\n")[0]

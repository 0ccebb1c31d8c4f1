"""What the user sees while a run goes on: on a terminal one live line, elsewhere a line now and then. All on stderr."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.status import Status

__all__ = ["Progress"]

EVERY = 10
"""Off a terminal, so many scenarios share one line of progress."""
SIGNS = {"passed": "✓", "attested": "✓", "failed": "✗", "not proven": "?", "not applicable": "–"}


class Progress:
    """Counts scenarios; ``verbose`` names every one as it ends, else only those that did not pass.

    ``live`` is False where something else is shown on the terminal.
    """

    def __init__(self, *, total: int, verbose: bool, live: bool = True) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._status = Status("starting", console=self._console)
        self._total = total
        self._verbose = verbose
        self._done = 0
        self._live = live and self._console.is_terminal
        if self._live:
            self._status.start()

    def say(self, text: str) -> None:
        """What the run is doing now."""
        if self._live:
            self._status.update(f"{text} …")
        else:
            self._console.print(f"{text} …", markup=False)

    def finished(self, scenario: Mapping[str, object]) -> None:
        """A scenario has ended."""
        self._done += 1
        outcome = str(scenario["outcome"])
        criteria = scenario.get("criteria")
        names = ", ".join(map(str, criteria)) if isinstance(criteria, list) else ""
        if self._verbose or outcome not in {"passed", "attested", "not applicable"}:
            text = f"{SIGNS.get(outcome, '?')} {names}  {scenario['name']}  ({outcome}, {scenario['seconds']} s)"
            self._console.print(text, markup=False)
        counted = f"{self._done} of {self._total} scenarios"
        if self._live:
            self._status.update(f"{counted} …")
        elif self._done % EVERY == 0 and not self._verbose:
            self._console.print(counted, markup=False)

    def stop(self) -> None:
        """Leave the terminal clean."""
        if self._live:
            self._status.stop()

"""Where the time of the scenarios went. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from harness.contract.json_value import object_of
from harness.recorder.line import Kind, Line

__all__ = ["spent_by"]

NAMED = ("waiting_s", "asking_s", "writing_s")


def spent_by(journal: Sequence[Line]) -> dict[str, float]:
    """Seconds, summed over all scenarios, which run beside each other.

    ``scenarios_s`` is all of it; ``waiting_s`` went by until the systems under test had done something, ``asking_s`` in
    calls to them, ``writing_s`` into the journal; ``computing_s`` is the rest, the harness's own.
    """
    ended = [one.body for one in journal if one.kind is Kind.SCENARIO and one.body.get("state") == "finished"]
    total = sum(_seconds(body.get("seconds")) for body in ended)
    named = {name: sum(_seconds(object_of(body.get("spent")).get(name)) for body in ended) for name in NAMED}
    rest = max(0.0, total - sum(named.values()))
    return {name: round(seconds, 3) for name, seconds in {"scenarios_s": total, **named, "computing_s": rest}.items()}


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0

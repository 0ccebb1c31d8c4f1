"""``harness/sandbox/FIDELITY.md``, written from the rows.

``python -m harness.sandbox.fidelity.page`` writes it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

from harness.sandbox.fidelity.rows import AREAS, Fidelity, Standing, absent, rows
from harness.sandbox.profiles import Behaviour

__all__ = ["PAGE", "page", "write"]

PAGE = Path(__file__).parents[1] / "FIDELITY.md"
NEVER = "not yet"
TITLES = {
    "operation": "Operations",
    "event": "Events",
    "access": "Rules: access",
    "mapping": "Rules: mapping",
    "calendars": "Rules: calendars",
    "bookings": "Rules: bookings",
    "notifications": "Rules: notifications",
    "limit": "Limits",
    "error": "Refusals",
}
WORDS = {
    Standing.DOCUMENTED: "stated in the provider's current guide, SDK or OpenAPI",
    Standing.OLD: "stated in an older version of the guide",
    Standing.SEEN: "observed by integrators on the real sandbox",
    Standing.ASSUMED: "ours, where the sources say nothing",
    Standing.OPEN: "not documented, or the texts disagree: this is the default, and nothing that a scenario asserts",
}
HEAD = """# How true the sandbox is

<!-- Written by `python -m harness.sandbox.fidelity.page` from harness/sandbox/fidelity/*.toml. Change those. -->

What the embedded sandbox does, how sure it is that Docplanner does the same, where that is from, and the test that
holds it. Sources are [behaviour.md](../contract/behaviour.md) and [openapi.yaml](../contract/openapi.yaml); tests are
below [tests/](../../tests)."""


def page() -> str:
    """The whole page; what is not emulated comes first."""
    return "\n".join([HEAD, *_missing(), *_standings(), *_settings(), *_tables(), ""])


def write() -> None:
    """Write the page where the README points."""
    PAGE.write_text(page(), encoding="utf-8")


def _missing() -> Iterator[str]:
    yield "\n## What is not emulated\n"
    yield from _table(("not here", "instead"), ((one.what, one.instead) for one in absent()))
    refused = [one for one in rows() if not one.emulated]
    if refused:
        yield "\nOf the contract:\n"
        yield from _table(
            ("id", "what", "the test that holds what the sandbox does instead"),
            ((f"`{one.id}`", one.behaviour, _tests(one)) for one in refused),
        )


def _standings() -> Iterator[str]:
    yield "\n## How sure\n"
    counted = ((one.value, WORDS[one], str(sum(row.standing is one for row in rows()))) for one in Standing)
    yield from _table(("standing", "meaning", "rows"), counted)
    compared = sum(one.compared is not None for one in rows())
    yield f"\n{len(rows())} rows, {compared} of them compared with the real sandbox."


def _settings() -> Iterator[str]:
    yield "\n## What can be set\n"
    yield "For the whole sandbox or for one calendar, over the control API.\n"
    default = Behaviour()
    yield from _table(
        ("setting", "default", "rows"),
        (
            (
                f"`{one.name}`",
                f"`{_shown(getattr(default, one.name))}`",
                ", ".join(f"`{row.id}`" for row in rows() if row.setting == one.name),
            )
            for one in fields(Behaviour)
        ),
    )


def _tables() -> Iterator[str]:
    for area in AREAS:
        yield f"\n## {TITLES[area]}\n"
        yield from _table(
            ("id", "behaviour", "standing", "source", "setting", "tests", "compared"),
            (
                (
                    f"`{one.id}`",
                    one.behaviour if one.emulated else f"(not emulated) {one.behaviour}",
                    one.standing.value,
                    one.source,
                    f"`{one.setting}`" if one.setting else "",
                    _tests(one),
                    one.compared or NEVER,
                )
                for one in rows()
                if one.area == area
            ),
        )


def _tests(row: Fidelity) -> str:
    return "<br>".join(f"`{one.removeprefix('tests/')}`" for one in row.tests)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"{one:g}" for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _table(head: tuple[str, ...], body: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for cells in body:
        yield f"| {' | '.join(one.replace('|', chr(92) + '|') for one in cells)} |"


if __name__ == "__main__":
    write()

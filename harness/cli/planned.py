"""The plan of a run on a real Docplanner: printed before it, and kept within the budget."""

from __future__ import annotations

import json
from dataclasses import asdict

import typer

from harness.assembly import RunOptions
from harness.errors import ConfigurationError
from harness.real.plan import Plan, plan_for

__all__ = ["plan_of", "print_plan", "within"]

NAMED = 5
"""How many of the dearest scenarios are named."""


def plan_of(options: RunOptions, *, people: bool) -> Plan | None:
    """That of a run on a real Docplanner, at whose marketplace ``people`` act or do not; None of any other."""
    return plan_for(options.scenarios, people=people) if options.real else None


def print_plan(options: RunOptions, *, people: bool, as_json: bool) -> None:
    """Print it.

    Raises:
        ConfigurationError: the sandbox is embedded: there is nothing to plan.
    """
    plan = plan_of(options, people=people)
    if plan is None:
        message = "--plan is for a run on a real Docplanner: on the embedded sandbox writes cost nothing."
        raise ConfigurationError(message, hint="Add --assembly live, or api.")
    if as_json:
        told = {**asdict(plan), "dearest": dict(plan.dearest), "to_undo": plan.to_undo, "minutes": plan.minutes}
        typer.echo(json.dumps({**told, "most_writes": options.most_writes}, ensure_ascii=False, indent=2))
        return
    typer.echo(plan.words(options.most_writes))
    for name, writes in plan.dearest:
        typer.echo(f"  {writes:>3}  {name}")


def within(plan: Plan, most: int) -> None:
    """Nothing where the plan keeps to ``most`` writes.

    Raises:
        ConfigurationError: it does not; names the dearest scenarios.
    """
    if plan.writes > most:
        named = ", ".join(f"{name} ({writes})" for name, writes in plan.dearest[:NAMED])
        message = f"the run would take about {plan.writes} writes to Docplanner, and may take {most}."
        hint = f"Narrow it with --area or --criterion, or allow more with --most-writes. The dearest: {named}."
        raise ConfigurationError(message, hint=hint)

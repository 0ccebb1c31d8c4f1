"""``acceptance call --list`` and ``--describe``: what can be called, and how."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

import typer

from harness.cli.call_words import Parameter, body_fields, operation_named, parameters_of
from harness.contract.catalogue import ERRORS
from harness.contract.operations import OPERATIONS, Operation
from harness.safety.guard import CONSUMING

__all__ = ["print_operation", "print_operations"]


def print_operations(*, as_json: bool) -> None:
    """Every operation by group: its id, method and path, and what it does."""
    if as_json:
        typer.echo(json.dumps([_row(one) for one in OPERATIONS.values()], indent=2))
        return
    group = ""
    for operation in sorted(OPERATIONS.values(), key=lambda one: one.tag):
        if operation.tag != group:
            group = operation.tag
            typer.echo(f"\n{group}")
        mark = "write" if _needs_write(operation) else ""
        typer.echo(f"  {operation.id:<40} {mark:<6} {operation.summary}")
    typer.echo("\nMore of one: acceptance call OPERATION --describe")


def print_operation(name: str, *, as_json: bool) -> None:
    """One operation: parameters, fields of the body, extensions, documented answers.

    Raises:
        UnknownName: there is no such operation.
    """
    operation = operation_named(name)
    parameters = [*parameters_of(operation), *body_fields(operation)]
    if as_json:
        typer.echo(json.dumps({**_row(operation), "parameters": [asdict(one) for one in parameters]}, indent=2))
        return
    typer.echo(f"{operation.id}: {operation.summary}\n\n{operation.method} {operation.template}")
    for place in ("path", "query", "body"):
        _print_parameters(place, [one for one in parameters if one.place == place])
    typer.echo("\nAnswers:")
    typer.echo(f"  {', '.join(str(one) for one in operation.success)}")
    for status, names in operation.errors.items():
        for error in names:
            typer.echo(f"  {status}  {ERRORS[error].message or error}")
    wanted = " ".join(f"{one.name}={one.example}" for one in parameters if one.required)
    write = " --write" if _needs_write(operation) else ""
    typer.echo(f"\nTry it:  acceptance call {operation.id} {wanted}{write}".replace("  ", " "))


def _print_parameters(place: str, parameters: Iterable[Parameter]) -> None:
    rows = list(parameters)
    if not rows:
        return
    typer.echo(f"\nIn the {place}:")
    for one in rows:
        told = f"one or more of {', '.join(one.allowed)}" if one.allowed else f"such as {one.example}"
        typer.echo(f"  {one.name:<34} {one.kind}{', required' if one.required else ''}; {told}")


def _row(operation: Operation) -> dict[str, object]:
    return {
        "operation": operation.id,
        "group": operation.tag,
        "method": operation.method,
        "path": operation.template,
        "summary": operation.summary,
        "writes": _needs_write(operation),
        "success": list(operation.success),
        "errors": {str(status): list(names) for status, names in operation.errors.items()},
    }


def _needs_write(operation: Operation) -> bool:
    return operation.writes or operation.id in CONSUMING

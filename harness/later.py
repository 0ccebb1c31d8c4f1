"""What is seldom used is loaded when it is: whoever asks for help does not wait for servers and invented people.

The one place of the house that imports by name.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

__all__ = ["later"]


def later(module: str, name: str) -> Callable[..., Any]:
    """Stands for ``name`` of ``module``, which is imported at the first call."""

    def stand_in(*values: object, **named: object) -> Any:  # noqa: ANN401 - whatever the real one answers
        return getattr(import_module(module), name)(*values, **named)

    return stand_in

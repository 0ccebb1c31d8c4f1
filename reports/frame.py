"""The look that all our pages share: one frame, one style sheet, no script, nothing from the network."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

__all__ = ["TURNS", "capital", "render"]


TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd")
"""Signs that turn the direction of what follows, in other people's words too; they show as replaced."""


def render(name: str, **values: object) -> str:
    """A page from the template ``name`` of ``reports/templates``; whatever is put in is escaped, and turns nothing."""
    return _pages().get_template(name).render(**values).translate(TURNS)


@cache
def _pages() -> Environment:
    pages = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {
        "capital": capital,
        "code": Markup("<code>{}</code>").format,
        "slug": lambda text: re.sub(r"[^a-z]+", "-", text.lower()).strip("-"),
    }
    return pages


def capital(text: str) -> str:
    """With a capital first, unless it begins with a name of the API, such as ``slot-booked`` or ``getBookings``."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first.islower() and first.isalpha() else text

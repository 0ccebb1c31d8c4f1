"""The look that all our pages share: one frame, one style sheet, no script, nothing from the network."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

__all__ = ["capital", "template"]


def template(name: str) -> Template:
    """The template ``name`` of ``reports/templates``; whatever is put in is escaped."""
    return _pages().get_template(name)


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

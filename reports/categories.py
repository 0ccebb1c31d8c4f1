"""How Allure sorts what did not pass into categories, by whose it is.

The patterns read the prefixes of :mod:`harness.driver.outcomes`: ``not proven (<reason>; blame <who>): ...`` and
``not applicable: ...``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["CATEGORIES", "Category", "categories_of", "category_records"]

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Category:
    """A drawer of Allure's categories: ``pattern`` must match a whole message, in Java and in JavaScript."""

    name: str
    pattern: str


def _not_proven(blame: str) -> str:
    return rf"not proven \([^)]*blame {blame}\)[\s\S]*"


def _raised(*names: str) -> str:
    return rf"(?:[\w.]+\.)?(?:{'|'.join(names)}): [\s\S]*"


CATEGORIES = (
    Category("Partner system: findings", r"DP-[A-Z]{3}-\d{2}  [\s\S]*"),
    Category(
        "Partner system: not proven",
        f"{_not_proven('partner')}|"
        f"{_raised('PartnerError', 'PartnerUnreachable', 'ContractBroken', 'PartnerRefused', 'Unsupported')}",
    ),
    Category(
        "Docplanner sandbox: not proven",
        f"{_not_proven('docplanner')}|{_raised('DocplannerError', 'DocplannerUnreachable', 'DocplannerRefused')}",
    ),
    Category(
        "Configuration: not proven",
        f"{_not_proven('configuration')}|{_raised('ConfigurationError', 'UnknownName', 'OutputUnusable', 'PortTaken')}",
    ),
    Category("Not applicable to this partner system", r"not applicable: [\s\S]*"),
    Category("Harness: its own trouble", r"[\s\S]*"),
)
"""In the order in which Allure tries them; what nobody else is to blame for is the harness's."""


def categories_of(verdict: Json) -> tuple[Category, ...]:
    """A drawer for each likely cause of the run, the root first, and then those by whose it is.

    A message tells its cause by who acts and where; causes that name the same share a drawer.
    """
    likely: dict[str, list[str]] = {}
    for cause in verdict.get("causes") or ():
        likely.setdefault(f"{cause['who']} ({cause['part']}): ", []).append(str(cause["likely"]))
    numbered = enumerate(likely.items(), start=1)
    return (
        *(
            Category(f"Likely cause {number}: {'; '.join(told)}", rf"[\s\S]*\n +next +{_escaped(place)}[\s\S]*")
            for number, (place, told) in numbered
        ),
        *CATEGORIES,
    )


def category_records(verdict: Json) -> list[dict[str, object]]:
    """The categories as Allure reads them, from ``categories.json`` (2) or its configuration (3)."""
    statuses = ["failed", "broken", "skipped"]
    return [
        {"name": category.name, "messageRegex": f"^(?:{category.pattern})$", "matchedStatuses": statuses}
        for category in categories_of(verdict)
    ]


def _escaped(text: str) -> str:
    """For Java and for JavaScript: no escape that one of them does not know."""
    return re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", text)

"""How an exception reads in a report, whose it is, and how Allure sorts it into categories.

The prefixes are those of :mod:`harness.driver.outcomes`: ``not proven (<reason>; blame <who>): ...`` and
``not applicable: ...``.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass

import pytest
from allure_commons.model2 import Status, StatusDetails

from harness.verdict.finding import Finding

__all__ = ["CATEGORIES", "Category", "category_records", "details_of", "speaks_for_itself", "status_of"]

NOT_PROVEN = "not proven ("
NOT_APPLICABLE = "not applicable: "


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


def speaks_for_itself(exception: BaseException) -> bool:
    """Whether the exception's words are for the reader as they stand, with no trace of Python beside them."""
    return isinstance(exception, Finding) or _status_of_words(str(exception)) is not None


def status_of(exception: BaseException | None) -> str:
    """Allure's word: an AssertionError failed, a skip is skipped, any other exception broke; the words may say more."""
    match exception:
        case None:
            return str(Status.PASSED)
        case AssertionError() | pytest.fail.Exception():
            ordinary = Status.FAILED
        case pytest.skip.Exception():
            ordinary = Status.SKIPPED
        case _:
            ordinary = Status.BROKEN
    return _status_of_words(str(exception)) or str(ordinary)


def details_of(exception: BaseException | None) -> StatusDetails | None:
    """The exception's words; and where it was raised, unless it speaks for itself."""
    if exception is None:
        return None
    if speaks_for_itself(exception):
        return StatusDetails(message=str(exception))
    message = f"{type(exception).__name__}: {exception}"
    return StatusDetails(message=message, trace="".join(traceback.format_tb(exception.__traceback__)))


def _status_of_words(text: str) -> str | None:
    if text.startswith(NOT_APPLICABLE):
        return str(Status.SKIPPED)
    if text.startswith(NOT_PROVEN):
        return str(Status.BROKEN)
    return None


def category_records() -> list[dict[str, object]]:
    """The categories as Allure reads them, from ``categories.json`` (2) or its configuration (3)."""
    statuses = [Status.FAILED, Status.BROKEN, Status.SKIPPED]
    return [
        {"name": category.name, "messageRegex": f"^(?:{category.pattern})$", "matchedStatuses": statuses}
        for category in CATEGORIES
    ]

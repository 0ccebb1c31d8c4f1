"""How an exception reads in a report, and which of Allure's words stands for it.

The prefixes are those of :mod:`harness.driver.outcomes`: ``not proven (<reason>; blame <who>): ...`` and
``not applicable: ...``.
"""

from __future__ import annotations

import traceback

import pytest
from allure_commons.model2 import Status, StatusDetails

from harness.verdict.finding import Finding

__all__ = ["details_of", "speaks_for_itself", "status_of"]

NOT_PROVEN = "not proven ("
NOT_APPLICABLE = "not applicable: "


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

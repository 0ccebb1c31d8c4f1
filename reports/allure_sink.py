"""Writes Allure's files: without the junk, and with everything redacted once more.

allure-pytest makes its own writer at configuration. :func:`in_place_of_allures_own` puts ours in that place beforehand,
so that nothing has to be unregistered later.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import allure_commons
import allure_pytest.plugin
import attr
from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import Globals, Status, TestResult, TestResultContainer

__all__ = ["AllureSink", "in_place_of_allures_own"]

Redact = Callable[[str], str]

UNWANTED_LABELS = frozenset({"host", "parentSuite", "suite", "subSuite", "package"})
"""The machine's name is nobody's business; the others repeat Python's modules beside the scenario's own place."""


class AllureSink(AllureFileLogger):
    """Allure's writer, redacting; a set-up that went well leaves no file.

    pytest-bdd makes a fixture of every step function, and allure-pytest a file of every fixture: nine files of ten.
    """

    def __init__(self, report_dir: str | Path, clean: bool = False, *, redact: Redact) -> None:
        super().__init__(report_dir, clean)
        self._redact = redact

    @allure_commons.hookimpl
    def report_result(self, result: TestResult) -> None:
        """Write one scenario's result."""
        seen: set[tuple[object, object]] = set()
        labels = []
        for label in result.labels:
            key = (label.name, label.value)
            if label.name not in UNWANTED_LABELS and key not in seen:
                seen.add(key)
                labels.append(label)
        result.labels = labels
        self._report_item(self._redacted(result))

    @allure_commons.hookimpl
    def report_container(self, container: TestResultContainer) -> None:
        """Write a set-up or tear-down, only where something in it went wrong."""
        if any(part.status != Status.PASSED for part in (*container.befores, *container.afters)):
            self._report_item(self._redacted(container))

    @allure_commons.hookimpl
    def report_attached_data(self, body: str | bytes, file_name: str) -> None:
        """Write an attachment."""
        super().report_attached_data(self._redacted_body(body), file_name)

    @allure_commons.hookimpl
    def report_attached_file(self, source: str | Path, file_name: str) -> None:
        """Write an attachment that is a file already."""
        try:
            text = Path(source).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            shutil.copyfile(source, self._report_dir / file_name)
            return
        super().report_attached_data(self._redact(text), file_name)

    @allure_commons.hookimpl
    def report_globals(self, globals_item: Globals) -> None:
        """Write what belongs to the run and to no scenario."""
        self._report_item(self._redacted(globals_item))

    def _redacted_body(self, body: str | bytes) -> str | bytes:
        if isinstance(body, str):
            return self._redact(body)
        try:
            return self._redact(body.decode("utf-8"))
        except UnicodeDecodeError:
            return body

    def _redacted(self, value: object) -> object:
        """``value``, its texts redacted; records are changed in place, for nobody reads them after this."""
        if isinstance(value, str):
            return self._redact(value)
        if isinstance(value, list):
            return [self._redacted(part) for part in value]
        if attr.has(type(value)):
            for field in attr.fields(type(value)):
                setattr(value, field.name, self._redacted(getattr(value, field.name)))
        return value


@contextmanager
def in_place_of_allures_own(redact: Redact) -> Iterator[None]:
    """While this holds, allure-pytest makes an :class:`AllureSink` where it would make its own writer."""

    def make(report_dir: str, clean: bool = False) -> AllureSink:
        return AllureSink(report_dir, clean, redact=redact)

    before = allure_pytest.plugin.AllureFileLogger
    allure_pytest.plugin.AllureFileLogger = make
    try:
        yield
    finally:
        allure_pytest.plugin.AllureFileLogger = before

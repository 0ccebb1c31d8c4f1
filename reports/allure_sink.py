"""Writes Allure's files: without the junk, and with everything redacted once more.

allure-pytest makes its own writer at configuration. :func:`in_place_of_allures_own` puts ours in that place beforehand,
so that nothing has to be unregistered later. Files appear under their names only when they are complete.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

import allure_commons
import allure_pytest.plugin  # type: ignore[import-untyped]
import attr
from allure_commons.model2 import Globals, Status, TestResult, TestResultContainer

if TYPE_CHECKING:
    from attr import AttrsInstance

__all__ = ["AllureSink", "in_place_of_allures_own"]

Redact = Callable[[str], str]

UNWANTED_LABELS = frozenset({"host", "thread", "framework", "language", "parentSuite", "suite", "subSuite", "package"})
"""The machine and its processes are nobody's business; the others speak of Python beside the scenario's own place."""

WENT_WRONG = frozenset({Status.FAILED, Status.BROKEN})


class AllureSink:
    """Where allure-pytest hands over results and attachments.

    A set-up that went well leaves no file: pytest-bdd makes a fixture of every step function, and allure-pytest a file
    of every fixture, which comes to nine files of ten.
    """

    def __init__(self, directory: Path, *, redact: Redact, clean: bool = False) -> None:
        self._directory = directory
        self._redact = redact
        if clean:
            shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True, exist_ok=True)

    @allure_commons.hookimpl
    def report_result(self, result: TestResult) -> None:
        """Write one scenario's result."""
        record = self._record(result)
        labels = [label for label in record.get("labels", []) if label["name"] not in UNWANTED_LABELS]
        record["labels"] = [label for i, label in enumerate(labels) if label not in labels[:i]]
        self._write_record(result.file_pattern, record)

    @allure_commons.hookimpl
    def report_container(self, container: TestResultContainer) -> None:
        """Write a set-up or tear-down, only where something in it went wrong."""
        if any(part.status in WENT_WRONG for part in (*container.befores, *container.afters)):
            self._write_record(container.file_pattern, self._record(container))

    @allure_commons.hookimpl
    def report_globals(self, globals_item: Globals) -> None:
        """Write what belongs to the run and to no scenario."""
        self._write_record(globals_item.file_pattern, self._record(globals_item))

    @allure_commons.hookimpl
    def report_attached_data(self, body: str | bytes, file_name: str) -> None:
        """Write an attachment."""
        self._write(file_name, body.encode("utf-8") if isinstance(body, str) else body)

    @allure_commons.hookimpl
    def report_attached_file(self, source: str | Path, file_name: str) -> None:
        """Write an attachment that is a file already."""
        self._write(file_name, Path(source).read_bytes())

    def _record(self, item: object) -> dict[str, list[dict[str, str]]]:
        """The item as Allure's JSON has it: redacted, without what is empty."""
        values = attr.asdict(cast("AttrsInstance", item), filter=lambda _, value: bool(value) or value is False)
        return cast("dict[str, list[dict[str, str]]]", self._redacted(values))

    def _redacted(self, value: object) -> object:
        if isinstance(value, str):
            return self._redact(value)
        if isinstance(value, dict):
            return {key: self._redacted(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self._redacted(part) for part in value]
        return value

    def _write_record(self, file_pattern: str, record: object) -> None:
        body = json.dumps(record, ensure_ascii=False).encode("utf-8")
        self._finish(file_pattern.format(prefix=uuid.uuid4()), body)

    def _write(self, file_name: str, body: bytes) -> None:
        """Redact what is text; what is not cannot be searched for secrets, and is written as it is."""
        with suppress(UnicodeDecodeError):
            body = self._redact(body.decode("utf-8")).encode("utf-8")
        self._finish(file_name, body)

    def _finish(self, file_name: str, body: bytes) -> None:
        unfinished = self._directory / f"{file_name}.tmp"
        unfinished.write_bytes(body)
        unfinished.replace(self._directory / file_name)


@contextmanager
def in_place_of_allures_own(redact: Redact) -> Iterator[None]:
    """While this holds, allure-pytest makes an :class:`AllureSink` where it would make its own writer."""

    def make(report_dir: str, clean: bool) -> AllureSink:
        return AllureSink(Path(report_dir).absolute(), redact=redact, clean=clean)

    before = allure_pytest.plugin.AllureFileLogger
    allure_pytest.plugin.AllureFileLogger = make
    try:
        yield
    finally:
        allure_pytest.plugin.AllureFileLogger = before

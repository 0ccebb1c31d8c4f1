"""The part of allure-pytest that the bridge drives, with types: allure-pytest has none."""

from __future__ import annotations

import hashlib
import uuid
from typing import Protocol, cast

import pytest
from allure_commons.model2 import TestResult, TestStepResult
from allure_commons.types import AttachmentType

from harness.clock import SystemClock

__all__ = ["Lifecycle", "attach_text", "identity", "lifecycle_of", "now_ms"]

CLOCK = SystemClock()


class Lifecycle(Protocol):
    """``allure_commons.reporter.AllureReporter``, as far as it is used. What is open last is what is written to."""

    def get_test(self, uuid: str | None) -> TestResult | None:
        """The result with this id; with None the one that is open."""
        ...

    def start_step(self, parent_uuid: str | None, uuid: str, step: TestStepResult) -> None:
        """Open a step, below the parent or below what is open."""
        ...

    def stop_step(self, uuid: str, **values: object) -> None:
        """Close a step; ``values`` are set on it."""
        ...

    def attach_data(self, uuid: str, body: str, *, name: str, attachment_type: AttachmentType) -> None:
        """Attach ``body`` to what is open."""
        ...


def lifecycle_of(config: pytest.Config) -> Lifecycle | None:
    """Allure's, where results are wanted (``--alluredir``); else None."""
    listener = config.pluginmanager.get_plugin("allure_listener")
    return cast("Lifecycle", listener.allure_logger) if listener is not None else None


def attach_text(lifecycle: Lifecycle, name: str, body: str, kind: AttachmentType = AttachmentType.TEXT) -> None:
    """Attach ``body`` under ``name`` to what is open."""
    lifecycle.attach_data(str(uuid.uuid4()), body, name=name, attachment_type=kind)


def now_ms() -> int:
    """The present instant as Allure counts it: milliseconds since 1970."""
    return round(CLOCK.now().timestamp() * 1000)


def identity(text: str) -> str:
    """What Allure's history knows a test case by: the same for the same ``text``."""
    return hashlib.md5(text.encode("utf-8"), usedforsecurity=False).hexdigest()

"""One file for the specialist: the pages of a run, what they are made of, and the sums of it all."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from harness.contract.documents import API, PARTNER, SANDBOX, contract_text
from harness.errors import ConfigurationError
from harness.evidence.contents import JOURNAL, MANIFEST, PAGE, SIGNATURE, VERDICT, Manifest, sum_of
from harness.evidence.signing import SigningKey
from harness.evidence.wrapper import pack
from harness.recorder.har import as_har
from harness.recorder.journal import read_journal
from harness.recorder.line import Kind, Line
from reports.protocol import PROTOCOL

__all__ = ["bundle_of"]

PAGES = {VERDICT: True, JOURNAL: True, PAGE: True, PROTOCOL: False, "report.html": False, "junit.xml": False}
"""The files of a run's directory, and whether a bundle cannot be without."""
LIBRARIES = ("allure-pytest", "httpx", "hypothesis", "pytest", "pytest-bdd", "schemathesis", "starlette", "uvicorn")
NOT_CONFIGURED = frozenset({"state", "harness", "partner", "covered"})
"""What a run's first line says of itself besides how it was configured."""


def bundle_of(directory: Path, *, key: SigningKey | None = None) -> tuple[bytes, dict[str, Any]]:
    """The bundle of the run in ``directory``, and its verdict. The same run gives the same bytes on the same machine.

    Raises:
        ConfigurationError: the directory is not that of a finished run.
    """
    files = _of_run(directory)
    verdict: dict[str, Any] = json.loads(files[VERDICT])
    lines = list(read_journal(directory / JOURNAL))
    told = str((verdict.get("harness") or {}).get("version"))
    files |= {
        "traffic.har": _json(as_har(lines, version=told)),
        "configuration.json": _json(_configuration(lines)),
        "versions.json": _json(_versions(verdict)),
    }
    manifest = Manifest.of(verdict, files).encoded()
    seals = {MANIFEST: manifest}
    if key is not None:
        seals[SIGNATURE] = _json(key.signature_of(manifest))
    return pack(seals | dict(sorted(files.items()))), verdict


def _of_run(directory: Path) -> dict[str, bytes]:
    missing = [name for name, needed in PAGES.items() if needed and not (directory / name).is_file()]
    if missing:
        message = f"{directory} holds no {', no '.join(missing)}, so it is not the directory of a finished run."
        raise ConfigurationError(message, hint="Name the directory of a run, or run `acceptance run` first.")
    return {name: (directory / name).read_bytes() for name in PAGES if (directory / name).is_file()}


def _configuration(lines: Iterable[Line]) -> Mapping[str, object]:
    """How the run was configured, as its first line says; secrets never stand there."""
    start = next((one.body for one in lines if one.kind is Kind.RUN and one.body.get("state") == "started"), {})
    return {name: told for name, told in start.items() if name not in NOT_CONFIGURED}


def _versions(verdict: Mapping[str, Any]) -> Mapping[str, object]:
    return {
        "harness": verdict.get("harness"),
        "partner": verdict.get("partner"),
        "bundled_with": {
            "python": platform.python_version(),
            "system": platform.system(),
            "libraries": {name: found for name in LIBRARIES if (found := _installed(name))},
        },
        "contract": {name: sum_of(contract_text(name).encode()) for name in (API, PARTNER, SANDBOX)},
    }


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _json(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"

"""What stands in a bundle: its files, and the manifest that names the sum of each."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "JOURNAL",
    "MANIFEST",
    "PAGE",
    "SCHEMA",
    "SIGNATURE",
    "VERDICT",
    "Entry",
    "Manifest",
    "ManifestUnreadable",
    "sum_of",
]

SCHEMA = "docplanner-acceptance/bundle/1"
MANIFEST = "MANIFEST.json"
SIGNATURE = "MANIFEST.sig.json"
JOURNAL = "journal.jsonl"
VERDICT = "verdict.json"
PAGE = "verdict.html"


class ManifestUnreadable(Exception):
    """The manifest is not one of a bundle of this version; the text says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a bundle; ``sha256`` in lower-case hexadecimal digits."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Every file of the bundle but the manifest and its signature.

    ``zlib`` is the version of the library that packed it: the same one packs the same bytes again.
    """

    run: str
    verdict: str
    harness: str
    zlib: str
    files: tuple[Entry, ...]

    @classmethod
    def of(cls, verdict: Mapping[str, Any], files: Mapping[str, bytes]) -> Manifest:
        """The manifest of ``files`` for the run that ``verdict`` (the content of ``verdict.json``) judges."""
        return cls(
            run=str(verdict.get("run")),
            verdict=str(verdict.get("verdict")),
            harness=str((verdict.get("harness") or {}).get("version")),
            zlib=zlib.ZLIB_RUNTIME_VERSION,
            files=tuple(Entry(name, len(data), sum_of(data)) for name, data in sorted(files.items())),
        )

    def encoded(self) -> bytes:
        """The manifest as it stands in the bundle, and as it is signed."""
        told = {
            "schema": SCHEMA,
            "run": self.run,
            "verdict": self.verdict,
            "harness": {"version": self.harness},
            "zlib": self.zlib,
            "files": [{"name": one.name, "bytes": one.bytes, "sha256": one.sha256} for one in self.files],
        }
        return json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n"

    @classmethod
    def decoded(cls, data: bytes) -> Manifest:
        """The manifest that stands as ``data`` in a bundle.

        Raises:
            ManifestUnreadable: it is none, or of another version.
        """
        try:
            told = json.loads(data)
            if told["schema"] != SCHEMA:
                message = f"it is of the form {told['schema']!r}; this version reads {SCHEMA!r}"
                raise ManifestUnreadable(message)
            files = tuple(Entry(str(one["name"]), int(one["bytes"]), str(one["sha256"])) for one in told["files"])
            return cls(
                str(told["run"]), str(told["verdict"]), str(told["harness"]["version"]), str(told["zlib"]), files
            )
        except (ValueError, KeyError, TypeError) as error:
            message = f"it cannot be read ({type(error).__name__}: {error})"
            raise ManifestUnreadable(message) from error


def sum_of(data: bytes) -> str:
    """The SHA-256 of ``data`` in lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()

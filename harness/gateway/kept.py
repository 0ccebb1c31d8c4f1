"""What of a message is kept for the journal while it passes through."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import datetime

from harness.gateway.heads import Headers, Own

__all__ = ["LONGEST", "Body", "Passed"]

LONGEST = 1024 * 1024
"""Bytes of a body that are kept, packed and unpacked: half of one would neither be JSON nor safe to redact."""
PACKED = {b"gzip": 16 + zlib.MAX_WBITS, b"x-gzip": 16 + zlib.MAX_WBITS, b"deflate": zlib.MAX_WBITS}


class Body:
    """A copy of a body, given up once it is too long."""

    def __init__(self) -> None:
        self.length = 0
        self._pieces: list[bytes] = []
        self._plain: bytes | None = None

    def add(self, piece: bytes) -> None:
        """Another piece of it has passed."""
        self.length += len(piece)
        if self.length <= LONGEST:
            self._pieces.append(bytes(piece))
        else:
            self._pieces.clear()

    def read(self, headers: Headers) -> bytes | None:
        """All of it, unpacked; None where it was too long, or packed in a way that is not known here."""
        if self.length > LONGEST:
            return None
        if self._plain is not None:
            return self._plain
        whole = b"".join(self._pieces)
        packings = [value.strip().lower() for name, value in headers if name.lower() == b"content-encoding"]
        for packing in reversed(b",".join(packings).split(b",")):
            if not whole or packing.strip() in {b"", b"identity"}:
                continue
            unpacked = _unpacked(whole, PACKED.get(packing.strip()))
            if unpacked is None:
                return None
            whole = unpacked
        self._plain = whole
        return whole


def _unpacked(packed: bytes, window: int | None) -> bytes | None:
    if window is None:
        return None
    opened = zlib.decompressobj(window)
    try:
        plain = opened.decompress(packed, LONGEST + 1)
    except zlib.error:
        return None
    return plain if opened.eof and len(plain) <= LONGEST else None


@dataclass(slots=True)
class Passed:
    """One exchange as it went through. Holds secrets: never written as it is."""

    method: str
    path: str
    """As it was asked for, with its query."""
    started_at: datetime
    request_headers: Headers
    request: Body = field(default_factory=Body)
    status: int | None = None
    """Of the far side; None where it did not answer."""
    answer_headers: Headers = field(default_factory=list)
    answer: Body = field(default_factory=Body)
    took_ms: float = 0.0
    far_ms: float = 0.0
    """From the moment that the request had gone on until the answer's head came back."""
    own: Own | None = None
    """What the gateway answered in place of the far side."""
    broken: str | None = None
    """Why the exchange did not come to its end."""

    def __repr__(self) -> str:
        return f"Passed({self.method}, status={self.status})"

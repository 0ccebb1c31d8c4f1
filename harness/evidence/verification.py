"""Whether a bundle is what it says: nothing altered, and a verdict and a page that follow from the journal.

It needs no network and no trust in who sent it. That the journal itself tells the truth it cannot say: for that the
run is repeated.
"""

from __future__ import annotations

import enum
import json
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.clock import ManualClock
from harness.errors import OutputUnusable
from harness.evidence.contents import JOURNAL, MANIFEST, PAGE, SIGNATURE, VERDICT, Manifest, ManifestUnreadable, sum_of
from harness.evidence.signing import PublicKey, Signature, SignatureUnreadable
from harness.evidence.wrapper import Altered, pack, unpack
from harness.recorder.har import as_har
from harness.recorder.journal import read_journal
from harness.suite import harness_version
from harness.verdict.judge import judge
from reports.protocol import PROTOCOL, Protocol
from reports.verdict_page import made_at, render_verdict_page

__all__ = ["Checked", "Proof", "Verification", "verify"]

ASK_AGAIN = "Ask the sender for the bundle as `acceptance bundle` wrote it."
SAME_VERSION = "Verify it with that version to be sure."
HAR = "traffic.har"


class Proof(enum.StrEnum):
    """What came of one check."""

    HOLDS = "holds"
    BROKEN = "does not hold"
    UNKNOWN = "could not tell"


@dataclass(frozen=True, slots=True)
class Checked:
    """One check: what was checked, what came of it, what was seen, and what to do where it does not hold."""

    name: str
    proof: Proof
    said: str
    next: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """Every check of a bundle, and the manifest where there is one that can be read."""

    checks: tuple[Checked, ...]
    manifest: Manifest | None

    @property
    def proof(self) -> Proof:
        """The worst of the checks."""
        return max((one.proof for one in self.checks), key=[Proof.HOLDS, Proof.UNKNOWN, Proof.BROKEN].index)


def verify(data: bytes, *, public_key: PublicKey | None = None) -> Verification:
    """Check a bundle; with ``public_key``, also that it was that key that signed it."""
    try:
        files = unpack(data)
        manifest = Manifest.decoded(files.get(MANIFEST, b""))
    except (Altered, ManifestUnreadable) as broken:
        name = f"{MANIFEST}: " if isinstance(broken, ManifestUnreadable) else ""
        return Verification((Checked("the file", Proof.BROKEN, f"{name}{broken}", ASK_AGAIN),), None)
    checks = [*_sums(files, manifest), _packed(data, files, manifest)]
    if all(one.proof is not Proof.BROKEN for one in checks):
        checks += _consequences(files, manifest)
    checks.append(_signature(files, public_key))
    return Verification(tuple(checks), manifest)


def _sums(files: Mapping[str, bytes], manifest: Manifest) -> Iterator[Checked]:
    named = {one.name: one for one in manifest.files}
    present = files.keys() - {MANIFEST, SIGNATURE}
    wrong = [f"{name} is missing" for name in sorted(named.keys() - present)]
    wrong += [f"{name} was added" for name in sorted(present - named.keys())]
    both = sorted(present & named.keys())
    wrong += [f"{name} was altered" for name in both if sum_of(files[name]) != named[name].sha256]
    wrong += [f"{name} is missing in the manifest" for name in (JOURNAL, PAGE, VERDICT) if name not in named]
    if wrong:
        yield Checked("the sums of its files", Proof.BROKEN, "; ".join(wrong), ASK_AGAIN)
    else:
        yield Checked("the sums of its files", Proof.HOLDS, f"{len(named)} files are as the manifest names them")


def _packed(data: bytes, files: Mapping[str, bytes], manifest: Manifest) -> Checked:
    name = "nothing beside the files"
    if pack(files) == data:
        return Checked(name, Proof.HOLDS, "packed again it has the same bytes")
    if manifest.zlib == zlib.ZLIB_RUNTIME_VERSION:
        return Checked(name, Proof.BROKEN, "packed again it has other bytes, though its files are the same", ASK_AGAIN)
    said = (
        f"it was packed with zlib {manifest.zlib}, this is {zlib.ZLIB_RUNTIME_VERSION}; every file's sum was compared"
    )
    return Checked(name, Proof.HOLDS, said)


def _consequences(files: Mapping[str, bytes], manifest: Manifest) -> Iterator[Checked]:
    """Whether the verdict follows from the journal, and the page and the traffic from both."""
    with tempfile.TemporaryDirectory(prefix="acceptance-") as directory:
        journal = Path(directory) / JOURNAL
        journal.write_bytes(files[JOURNAL])
        try:
            verdict = json.loads(files[VERDICT])
            again = judge(read_journal(journal))
        except (OutputUnusable, ValueError) as error:
            yield Checked("the verdict follows from the journal", Proof.BROKEN, str(error), ASK_AGAIN)
            return
        told = _where_they_differ(verdict, json.loads(json.dumps(again)))
        yield _follows("the verdict follows from the journal", told, manifest)
        yield _follows("the page follows from the verdict", _page_differs(files, verdict, journal), manifest)
        if HAR in files:
            har = as_har(read_journal(journal), version=manifest.harness)
            differs = "" if json.loads(files[HAR]) == json.loads(json.dumps(har)) else f"{HAR} shows other traffic"
            yield _follows("the traffic is that of the journal", differs, manifest)


def _follows(name: str, differs: str, manifest: Manifest) -> Checked:
    if not differs:
        return Checked(name, Proof.HOLDS, "made again it is the same")
    if manifest.harness != harness_version():
        said = f"{differs}; but version {manifest.harness} made it, and this is {harness_version()}"
        return Checked(name, Proof.UNKNOWN, said, SAME_VERSION)
    return Checked(name, Proof.BROKEN, differs, "Believe the journal, and ask the sender how this came about.")


def _where_they_differ(told: Mapping[str, Any], again: Mapping[str, Any]) -> str:
    names = sorted(name for name in {*told, *again} if told.get(name) != again.get(name))
    if not names:
        return ""
    if told.get("verdict") != again.get("verdict"):
        return f"{VERDICT} says {told.get('verdict')!r}, the journal {again.get('verdict')!r}"
    return f"{VERDICT} says something else than the journal in {', '.join(names)}"


def _page_differs(files: Mapping[str, bytes], verdict: Mapping[str, Any], journal: Path) -> str:
    text = files[PAGE].decode(errors="replace")
    made = made_at(text)
    if made is None:
        return f"{PAGE} does not say when it was made"
    protocol = Protocol.decoded(files[PROTOCOL]) if PROTOCOL in files else None
    again = render_verdict_page(verdict, journal, protocol=protocol, clock=ManualClock(made))
    return "" if again == text else f"{PAGE} shows something else than {VERDICT}"


def _signature(files: Mapping[str, bytes], wanted: PublicKey | None) -> Checked:
    broken, said = _signed(files, wanted)
    if broken:
        return Checked("the signature", Proof.BROKEN, broken, ASK_AGAIN)
    return Checked("the signature", Proof.HOLDS, said)


def _signed(files: Mapping[str, bytes], wanted: PublicKey | None) -> tuple[str, str]:
    """What is wrong with the signature, or else what is known of it."""
    if SIGNATURE not in files:
        missing = f"nobody signed it; expected {wanted.fingerprint}" if wanted else ""
        return missing, "nobody signed it, and no signature was asked for"
    try:
        signature = Signature.decoded(files[SIGNATURE])
    except SignatureUnreadable as error:
        return f"{SIGNATURE}: {error}", ""
    key = signature.key
    if not signature.fits(files[MANIFEST]):
        return f"{SIGNATURE} does not fit the manifest", ""
    if wanted is None:
        return "", f"made by the key {key.fingerprint}; whose that is the signer must tell you another way"
    other = f"made by the key {key.fingerprint}, expected {wanted.fingerprint}" if key != wanted else ""
    return other, f"made by the key that you named, {wanted.fingerprint}"

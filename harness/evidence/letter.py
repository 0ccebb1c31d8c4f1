"""The draft of a letter to the specialist: the outcome in words, and the bundle attached. A person sends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from harness.evidence.contents import sum_of

__all__ = ["letter_with"]

DECISIVE = ("required", "conditional")


def letter_with(bundle: bytes, name: str, verdict: Mapping[str, Any], *, to: str, sender: str = "") -> bytes:
    """The draft as an ``.eml`` file, which mail programs open for editing.

    ``name`` is the file name of the bundle, ``verdict`` the content of its ``verdict.json``.
    """
    letter = EmailMessage(policy=SMTP)
    letter["To"] = to
    if sender:
        letter["From"] = sender
    letter["Subject"] = f"Acceptance run of {_partner(verdict)}: {verdict.get('verdict')}"
    letter["X-Unsent"] = "1"  # mail programs open it as a draft
    letter.set_content("\n".join(_text(bundle, name, verdict)))
    letter.add_attachment(bundle, maintype="application", subtype="zip", filename=name)
    return letter.as_bytes()


def _partner(verdict: Mapping[str, Any]) -> str:
    partner = verdict.get("partner") or {}
    return " ".join(str(partner[part]) for part in ("name", "version") if partner.get(part)) or "a partner system"


def _text(bundle: bytes, name: str, verdict: Mapping[str, Any]) -> Iterator[str]:
    yield f"{_partner(verdict)}, integrated over the Docplanner Integrations API: {verdict.get('verdict')}."
    yield ""
    side = "Docplanner's sandbox" if verdict.get("assembly") in {"live", "api"} else "the harness's embedded sandbox"
    yield f"Played against {side} as {verdict.get('marketplace')}, from {verdict.get('started_at')} on."
    yield from _trouble(verdict)
    decisive = [one for one in verdict.get("criteria") or () if one.get("level") in DECISIVE]
    for level in DECISIVE:
        yield ""
        yield f"{level.capitalize()} criteria:"
        for one in decisive:
            if one.get("level") == level:
                why = f" ({one['reason']})" if one.get("reason") and one.get("outcome") != "passed" else ""
                yield f"  {one.get('outcome'):<14} {one.get('id')}  {one.get('title')}{why}"
    yield ""
    yield f"The bundle {name} is attached (SHA-256 {sum_of(bundle)})."
    yield f"To check it, without a network: acceptance verify {name}"
    yield "To read it: open verdict.html in it."


def _trouble(verdict: Mapping[str, Any]) -> Iterator[str]:
    trouble = verdict.get("trouble")
    if trouble:
        yield f"The run had trouble of its own: {trouble.get('reason')}."
    if verdict.get("scope"):
        yield "It was a narrowed run, which never says accepted."

"""What the settings say of the acceptance session, for the protocol."""

from __future__ import annotations

from dataclasses import replace

from harness.config.catalogue import BY_NAME
from harness.config.reading import Effective
from reports.language import language_for
from reports.protocol import Meeting, Participant, Protocol

__all__ = ["meeting_of", "told_anew"]

COLUMNS = BY_NAME["meeting.participants"].columns


def meeting_of(effective: Effective) -> Meeting:
    """The session as it is configured."""
    return _changed(Meeting(), effective)


def told_anew(before: Protocol, effective: Effective, marketplace: str) -> Protocol:
    """The protocol ``before``, with whatever is configured now in place of what it said."""
    meeting = _changed(before.meeting, effective)
    held = effective.settings["report.language"]
    if held.source == "default":
        return replace(before, meeting=meeting)
    return replace(before, meeting=meeting, language=language_for(str(held.value), marketplace))


def _changed(meeting: Meeting, effective: Effective) -> Meeting:
    people = effective["meeting.participants"]
    return Meeting(
        held=str(effective["meeting.held"] or meeting.held),
        place=str(effective["meeting.place"] or meeting.place),
        participants=tuple(map(_participant, people)) if isinstance(people, list) and people else meeting.participants,
    )


def _participant(told: object) -> Participant:
    """From a table of the file, or from what was typed: name, role and organisation between commas."""
    row = told if isinstance(told, dict) else dict(zip(COLUMNS, str(told).split(",", 2), strict=False))
    return Participant(**{name: str(row.get(name) or "").strip() for name in COLUMNS})

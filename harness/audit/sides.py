"""What each side shows of a clinic, in one form for both. Patients are masked before they come here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from harness.safety.estate import Place
from harness.verdict.observation import BreakSeen, OfferSeen, PeriodSeen, VisitSeen

__all__ = ["Both", "Clinic", "DocplannerSide", "Mapped", "PartnerSide", "Unread"]


@dataclass(frozen=True, slots=True)
class Mapped:
    """One thing of Docplanner that the partner system says it has mapped; ``kind`` as in its mapping."""

    kind: str
    id: str
    parent_id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class DocplannerSide:
    """One calendar as Docplanner shows it. ``services`` are address service id, dictionary id, and name."""

    enabled: bool
    services: tuple[tuple[str, str | None, str], ...]
    insurances: frozenset[str]
    visits: tuple[VisitSeen, ...]
    offers: tuple[OfferSeen, ...]
    breaks: tuple[BreakSeen, ...]


@dataclass(frozen=True, slots=True)
class PartnerSide:
    """One calendar as the partner system shows it; None is what it does not declare."""

    visits: tuple[VisitSeen, ...]
    periods: tuple[PeriodSeen, ...]
    breaks: tuple[BreakSeen, ...] | None
    services: frozenset[str] | None = None
    """Dictionary ids that the clinic offers."""
    insurances: frozenset[str] | None = None
    """Ids of providers."""


@dataclass(frozen=True, slots=True)
class Both:
    """One calendar on both sides."""

    place: Place
    docplanner: DocplannerSide
    partner: PartnerSide


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be read, so that nothing can be said of it. ``side`` is docplanner or partner."""

    what: str
    side: str
    why: str


@dataclass(frozen=True, slots=True)
class Clinic:
    """Everything that was read. Instants lie in [since, till)."""

    since: datetime
    till: datetime
    time_zone: str
    visible: tuple[Mapped, ...]
    """What Docplanner shares, in the words of the partner's mapping."""
    mapped: tuple[Mapped, ...]
    calendars: tuple[Both, ...]
    unread: tuple[Unread, ...] = ()

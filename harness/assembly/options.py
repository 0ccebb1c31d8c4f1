"""What a run is asked for, what makes it different from others, and what it is when it is ready to play."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from harness.config import RealDocplanner, RunSettings, Waits
from harness.manned import People
from harness.partner.port import Health
from harness.recorder.journal import JournalFile
from harness.scenarios import Scenario
from harness.vocabulary import Delivery

__all__ = ["Assembled", "Base", "RunOptions", "Say"]

ID_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
IDS_A_SECOND = 1000
"""How many ids lie between two runs a second apart; a run uses a few thousand."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the user asked for. The partner's token does not show in a repr."""

    scenarios: tuple[Scenario, ...]
    scope: Mapping[str, list[str]] | None
    """The selection as it stands in the verdict; None for a whole run."""
    marketplace: str = "znanylekarz.pl"
    profile: str = "documented"
    changed: Mapping[str, object] = field(default_factory=dict)
    """Settings of the sandbox in place of the profile's own."""
    begin: datetime | None = None
    """What time it is when the run begins; None for the machine's time."""
    """The sandbox's named set of values for what is open."""
    delivery: Delivery | None = None
    seed: int = 0
    jobs: int = 4
    pace: str = "free"
    waits: Waits = field(default_factory=Waits)
    partner_url: str | None = None
    partner_token: str | None = None
    defects: tuple[str, ...] = ()
    sandbox_port: int = 0
    listen: str = "127.0.0.1"
    public_url: str | None = None
    gateway: bool = False
    """Whether the partner system and the sandbox reach each other through the recording gateway alone."""
    connect_timeout_s: float = 900.0
    histories: int = 3
    history_length: int = 14
    people: People | None = None
    """Who operates the partner system, where a person does."""
    desk: str | None = field(default=None, repr=False)
    """Where other processes ask the people of the run, with a key; None where nobody is asked."""
    played: tuple[str, ...] = ()
    """Scenarios, with the row of an Outline, that an earlier part of the run has judged."""
    real: RealDocplanner | None = None
    """The Docplanner to play on in place of the embedded sandbox."""
    most_writes: int = 120
    """How many writes may be made there, but for undoing."""

    def __repr__(self) -> str:
        return f"RunOptions(marketplace={self.marketplace!r}, partner_url={self.partner_url!r}, seed={self.seed})"

    @property
    def assembly(self) -> str:
        """Which assembly the options ask for."""
        if self.real:
            return "live" if self.partner_url or self.people else "api"
        return "partner" if self.partner_url or self.people else "self"


@dataclass(frozen=True, slots=True)
class Assembled:
    """A run that is ready to play."""

    settings: RunSettings
    health: Health
    journal: JournalFile


@dataclass(frozen=True, slots=True)
class Base:
    """What makes this run's ids, people and secrets different from every other run's."""

    run: str
    id_base: int
    phone_block: str
    patient_key: str
    callback_api_key: str

    @classmethod
    def draw(cls) -> Base:
        """A new base; from the clock and the machine's randomness, not from the seed."""
        now = datetime.now(UTC)
        return cls(
            run=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
            id_base=int((now - ID_EPOCH) / timedelta(seconds=1)) * IDS_A_SECOND,
            phone_block=str(random.SystemRandom().randrange(50000, 90000)),
            patient_key=secrets.token_hex(32),
            callback_api_key=secrets.token_urlsafe(24),
        )

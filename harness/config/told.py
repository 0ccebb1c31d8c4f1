"""What a run is told, typed. Its worker processes are given it at the gate (:mod:`harness.gate`)."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RealDocplanner", "RunSettings", "Waits"]


@dataclass(frozen=True, slots=True)
class Waits:
    """How long to wait, in seconds. Source: criteria.md, "Waits"; all settable with ``--wait NAME=SECONDS``."""

    change_s: float = 60.0
    """Staff act, Docplanner shows it."""
    news_push_s: float = 60.0
    """Something happens at Docplanner, the partner shows it; by PUSH."""
    news_pull_extra_s: float = 60.0
    """The same by PULL, on top of the partner's own pull interval."""
    recovery_s: float = 300.0
    """After a 429, a 5xx, a cut connection or an outage."""
    quiet_s: float = 5.0
    """A partner without ``activity`` counts as settled after so long without an exchange."""
    settled_s: float = 0.0
    """A wait ends early where the partner's activity has said for so long that nothing is under way; 0 for never."""


@dataclass(frozen=True, slots=True)
class RealDocplanner:
    """A Docplanner that is not embedded, and who may do what there. Of secret and tester nothing shows in a repr."""

    base_url: str
    """Such as ``https://www.znanylekarz.pl``."""
    client_id: str
    client_secret: str
    facilities: tuple[str, ...]
    """Ids of those that may be written to; scenarios play at the first one."""
    phone: str
    """The tester's own: every invented patient has it."""
    email: str | None = None
    """The tester's own; None for addresses of a reserved domain."""
    nin: str | None = None
    """The tester's national number, given only where an address demands one."""
    ca_file: str | None = None
    """Certificates of an authority to trust beside the machine's own, in PEM."""
    notification_port: int | None = None
    """On which the gateway takes Docplanner's notifications; None where they go to the partner system directly."""
    callback_api_key: str | None = None
    """What a header of each notification carries; None where no key is agreed."""
    callback_api_key_header: str = "X-Api-Key"
    confirmed_by: str | None = None
    """Who confirms that the shown estate may be written to; None where that was confirmed before."""

    def __repr__(self) -> str:
        return f"RealDocplanner(base_url={self.base_url!r}, client_id={self.client_id!r})"


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Everything that a worker process needs to take part in a run. Secrets do not show in its repr."""

    run: str
    assembly: str
    marketplace: str
    time_zone: str
    locale: str
    profile: str
    clock_ahead_s: float
    """How far the clock of Docplanner and the partner system is ahead of the machine's."""
    delivery: str
    seed: int
    id_base: int
    pace_s: float
    """Seconds between two triggers of one worker; 0 for none."""
    waits: Waits
    journal: str
    only: tuple[str, ...]
    """Ids of the scenarios to run; empty for all."""
    narrowed: bool
    """Whether the run plays a selection only."""
    facilities: tuple[str, ...]
    """Ids of the clinics that the partner's API client may see from the start."""
    partner_url: str
    partner_token: str | None
    capabilities: tuple[str, ...]
    pull_interval_s: float
    client_id: str
    control_url: str
    control_token: str
    callback_api_key: str | None
    """What a header of each notification carries; None where none is pushed, or no key is agreed."""
    secrets: tuple[str, ...]
    patient_key: str
    phone_block: str
    callback_api_key_header: str = "X-Api-Key"
    mapping_read: bool = True
    """Whether the partner has read what Docplanner shares, at the beginning of the run; one that refused has not."""
    histories: int = 3
    """How many random histories are played."""
    history_length: int = 14
    """The most that happens in each of them."""
    operator: str | None = None
    """Where people are asked, with a key: who is at the partner system where it has no control contract, and who is at
    a Docplanner that is not embedded. None where nobody is asked."""
    system: tuple[str, str] = ("", "")
    """Name and version of the partner system, as its operator told them."""
    callback_url: str | None = None
    """Where it takes notifications, likewise."""
    played: tuple[str, ...] = ()
    """Scenarios, with the row of an Outline, that an earlier part of the run has judged."""
    real: RealDocplanner | None = None
    """The Docplanner on which the run plays; None for the embedded sandbox."""
    writes: str | None = None
    """The journal of what is written to a real Docplanner; None where the sandbox is embedded."""
    most_writes: int = 120
    """After so many no further scenario begins there."""

    def __repr__(self) -> str:
        return f"RunSettings(run={self.run!r}, assembly={self.assembly!r}, marketplace={self.marketplace!r})"

    def can(self, capability: str) -> bool:
        """Whether the partner declares ``capability``."""
        return capability in self.capabilities

    @property
    def pushes(self) -> bool:
        """Whether notifications are pushed in this run."""
        return self.delivery in {"push", "both"}

    @property
    def pulls(self) -> bool:
        """Whether notifications are pulled in this run."""
        return self.delivery in {"pull", "both"}

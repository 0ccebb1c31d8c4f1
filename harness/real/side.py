"""Docplanner's side of a run on a real one, as a worker has it: read, with days of its own for each scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx

from harness.client.auth import Credentials
from harness.client.calls import Endpoint
from harness.client.models import CalendarAt
from harness.clock import Clock
from harness.config import RealDocplanner, RunSettings
from harness.contract.marketplaces import MARKETPLACES
from harness.driver.outcomes import NotProven
from harness.marketplace.manual import ManualMarketplace
from harness.marketplace.port import Lease
from harness.operator.places import Places
from harness.operator.port import Operator
from harness.real.days import LeasedDays
from harness.real.manned import Manned
from harness.real.reading import DocplannerReading
from harness.real.unmanned import Unmanned
from harness.safety.guard import API_PATH, TOKEN_PATH
from harness.safety.leases import Leases, empty_days
from harness.safety.picture import Picture, Window, take
from harness.safety.reads import CountedReads, Reads
from harness.safety.session import WEEKS, reading
from harness.safety.writes import WriteJournal
from harness.trust import trusting
from harness.vocabulary import Clinic
from harness.waiting import News

__all__ = ["HOLD", "AtDocplanner", "RealSide", "counted_reads", "endpoint_of", "transport_to"]

USER_AGENT = "docplanner-acceptance"
DAYS_A_SCENARIO = 3
"""How far features count: "in 3 days"."""
GATEWAY_S = 10.0
COUNT = Path(".acceptance", "reads.sqlite")
"""Beside the journals of writes: an hour is longer than most runs."""
HOLD = timedelta(seconds=10)
"""How long one of the run's own reads may be held back: the wait that it belongs to goes on meanwhile."""


def endpoint_of(real: RealDocplanner) -> Endpoint:
    """The API there."""
    base = real.base_url.rstrip("/")
    return Endpoint(
        f"{base}{API_PATH}", Credentials(f"{base}{TOKEN_PATH}", real.client_id, real.client_secret), USER_AGENT
    )


@contextmanager
def counted_reads(real: RealDocplanner, clock: Clock) -> Iterator[Reads]:
    """The count of its reads, which all processes of all runs with that API client share."""
    with closing(Reads(COUNT, f"{real.client_id} at {real.base_url.rstrip('/')}", clock)) as reads:
        yield reads


def transport_to(
    real: RealDocplanner, reads: Reads | None = None, hold: timedelta | None = None
) -> Callable[[], httpx.BaseTransport]:
    """Makes connections to it; each goes into a guard. With ``hold`` its reads leave others theirs, and wait so long.

    Raises:
        ConfigurationError: the file of certificates cannot be used.
    """
    trust = trusting(Path(real.ca_file) if real.ca_file else None)

    def connection() -> httpx.BaseTransport:
        direct = httpx.HTTPTransport(verify=trust)
        return CountedReads(direct, reads, hold) if reads else direct

    return connection


@dataclass(frozen=True, slots=True)
class AtDocplanner:
    """Who acts there, and what tells that something happened."""

    operator: Operator
    news: News
    journal: WriteJournal
    """Keeps what they are asked for."""


class RealSide:
    """One worker's; :meth:`close` it. Without ``people`` nobody acts at Docplanner."""

    def __init__(
        self, real: RealDocplanner, settings: RunSettings, clock: Clock, people: AtDocplanner | None = None
    ) -> None:
        self._clock = clock
        self._zone = MARKETPLACES[settings.marketplace].zone
        self._phones = frozenset({real.phone})
        self._open = ExitStack()
        self.reads = self._open.enter_context(counted_reads(real, clock))
        self._api = self._open.enter_context(reading(endpoint_of(real), transport_to(real, self.reads, HOLD), clock))
        self._gateway = self._open.enter_context(
            httpx.Client(
                base_url=settings.control_url,
                headers={"Authorization": f"Bearer {settings.control_token}"},
                timeout=GATEWAY_S,
                trust_env=False,
            )
        )
        self._reading = DocplannerReading(self._api)
        self._facility = real.facilities[0]
        self._clinic: Clinic | None = None
        self._leases = 0
        self.docplanner = self._unmanned(real) if people is None else self._manned(real, people, settings)
        """The side as scenarios use it."""

    def close(self) -> None:
        """Close the connections."""
        self._open.close()

    def days(self, scenario: str) -> LeasedDays:
        """Days on which the clinic's calendars show nothing now; what is sent about them belongs to the scenario.

        Raises:
            NotProven: there are none left.
        """
        clinic = self._known()
        today = self._clock.now().astimezone(self._zone).date()
        first, last = today + timedelta(days=1), today + timedelta(weeks=WEEKS) - timedelta(days=1)
        window = Window(self._clock.now(), self._clock.now() + timedelta(weeks=WEEKS))
        places = [self._reading.place(one.id) for doctor in clinic.doctors for one in doctor.calendars]
        empty = {one: empty_days(self._picture(one, window), first, last, self._zone) for one in places}
        leased = Leases(empty).lease(places, DAYS_A_SCENARIO)
        if leased is None:
            told = f"no {DAYS_A_SCENARIO} days in a row are empty in every calendar of {clinic.name}"
            raise NotProven(told, reason="precondition unmet", blame="configuration")
        for one in places:
            self._gateway.put(f"/calendars/{one.address_id}", json={"scenario": scenario}).raise_for_status()
        return LeasedDays(leased.first, leased.days, self._zone)

    def _unmanned(self, real: RealDocplanner) -> Unmanned:
        return Unmanned(self._reading, real.client_id, self._lease)

    def _manned(self, real: RealDocplanner, people: AtDocplanner, settings: RunSettings) -> Unmanned:
        there = ManualMarketplace(
            people.operator,
            self._reading,
            Places(self._reading.clinics),
            self._zone,
            self._clock,
            people.news,
            timedelta(seconds=settings.waits.change_s),
        )
        return Manned(self._reading, real.client_id, self._lease, there, people.journal, self._clock)

    def _picture(self, at: CalendarAt, window: Window) -> Picture:
        return take(self._api, at, window, self._clock.now(), self._phones)

    def _known(self) -> Clinic:
        if self._clinic is None:
            self._clinic = self._reading.clinics([self._facility])[0]
        return self._clinic

    def _lease(self, scenario: str) -> Lease:
        del scenario
        self._leases += 1
        return Lease(self._leases, self._known())

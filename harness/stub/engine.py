"""The integration at work for one connection: what is owed is sent, what was told is handled, what differs is compared.

For each calendar one thing happens at a time: first news, then a comparison that is wanted, then what is owed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from harness.client.outcome import Done
from harness.contract.json_value import JsonObject, JsonValue, object_of
from harness.stub import inbox, mapping, outbox, schedules
from harness.stub.comparing import compare
from harness.stub.forgetful import lose_owed
from harness.stub.importing import Upstream, read_everything
from harness.stub.lanes import Lanes
from harness.stub.later import Later
from harness.stub.link import Link
from harness.stub.profiles import follow_services, refresh_profile
from harness.stub.receiving.handler import Handler
from harness.stub.receiving.letters import HANDLED, Nonsense, open_envelope
from harness.stub.receiving.pulling import drain
from harness.stub.sending.sender import Sender
from harness.stub.settings import StubSettings
from harness.stub.ticking import Ticker

__all__ = ["Activity", "Engine", "LastSync"]

LOGGER = logging.getLogger(__name__)
THREADS = 6
COMPARE_TRIES = 6
COMPARE_PAUSE_S = 1.0


@dataclass(frozen=True, slots=True)
class LastSync:
    """The synchronisation that was asked for last."""

    started_at: datetime
    finished_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """What is under way."""

    outgoing: int
    incoming: int
    syncing: bool
    last_sync: LastSync | None


class Engine:
    """Works for a connection from :meth:`start` to :meth:`stop`.

    ``link_with`` makes the connection, given what tells that a calendar has something to do.
    """

    def __init__(self, link_with: Callable[[Callable[[str], None]], Link], settings: StubSettings) -> None:
        self.lanes = Lanes(THREADS, self.work)
        self.link = link = link_with(self.lanes.flag)
        self._sender = Sender(link)
        self._handler = Handler(link)
        self._tickers: list[Ticker] = []
        if link.tenant.pulls:
            self._tickers.append(Ticker("pulling", settings.pull_interval_s, self._pull_by_itself))
        if settings.compare_interval_s:
            self._tickers.append(Ticker("comparing", settings.compare_interval_s, self._sync_by_itself))
        self._due: dict[tuple[str, str], float] = {}
        self._state = threading.Lock()
        self._wanted: dict[str, int] = {}
        """Calendars that are to be compared, and how often that failed."""
        self._missed: set[str] = set()
        """Those of them of which only what nobody listened to is wanted."""
        self._imports = 0
        self._last_sync: LastSync | None = None
        self._importing = threading.Lock()
        self._started = 0
        self._finished = (0, 0)

    # -- life -----------------------------------------------------------------------------------------------------

    @property
    def unfinished(self) -> frozenset[str]:
        """Calendars that were to be compared when the work ended."""
        with self._state:
            return frozenset(self._wanted.keys() - self._missed)

    def start(self, *, catch_up: bool = False, thorough: AbstractSet[str] | None = frozenset()) -> None:
        """Start to work; ``catch_up`` as after a time in which nothing was sent, taken or compared.

        ``thorough`` are the calendars to be compared with all that Docplanner has then; None for every one.
        """
        if catch_up and self.link.defects.on("changes-lost-at-stop"):
            lose_owed(self.link)
        with self.link.database.reading() as connection:
            tenant = self.link.tenant.id
            waiting = [*outbox.lanes(connection, tenant), *inbox.lanes(connection, tenant)]
            mapped = [one.address_id for one in mapping.every_calendar(connection, tenant)]
        if catch_up:
            self._want(mapped)
            self._missed = set() if thorough is None else {*mapped} - thorough
            threading.Thread(target=self._fetch_missed, name="catching-up", daemon=True).start()
        self.lanes.start()
        self.lanes.flag_all([*waiting, *(mapped if catch_up else [])])
        for ticker in self._tickers:
            ticker.start()

    def stop(self) -> None:
        """Finish the calls that are under way, and make no other."""
        for ticker in self._tickers:
            ticker.stop()
        self.lanes.stop()
        self.link.api.close()

    # -- what it is asked to do -----------------------------------------------------------------------------------

    def import_mapping(self) -> int:
        """Read and map everything; how many things there are. Who asks meanwhile shares the next run.

        Raises:
            Upstream: Docplanner could not be read; the mapping stays as it was.
        """
        with self._state:
            mine = self._started + 1
            self._imports += 1
        try:
            with self._importing:
                if self._finished[0] < mine:
                    with self._state:
                        self._started += 1
                        number = self._started
                    self._finished = (number, self._import())
                return self._finished[1]
        finally:
            with self._state:
                self._imports -= 1

    def sync(self, address_ids: Sequence[str] | None) -> None:
        """Read anew, then compare the calendars, all of them where none is named.

        Raises:
            Upstream: Docplanner could not be read.
        """
        with self._state:
            self._last_sync = LastSync(self.link.clock.now())
        try:
            self._refresh(address_ids)
        except Upstream as trouble:
            self._end_sync(str(trouble))
            raise
        with self.link.database.reading() as connection:
            mapped = {one.address_id for one in mapping.every_calendar(connection, self.link.tenant.id)}
        chosen = sorted(mapped if address_ids is None else mapped & set(address_ids))
        if self.link.defects.on("one-calendar-activated"):
            del chosen[1:]
        self._want(chosen)
        self.lanes.flag_all(chosen)
        if not chosen:
            self._end_sync(None)

    def pull(self) -> None:
        """Fetch the notifications that wait now.

        Raises:
            Upstream: Docplanner refused or did not answer.
        """
        drain(self.link, self.take_if_sound)

    def take(self, body: JsonValue) -> None:
        """Keep a notification and have it handled; an event without effect here is dropped.

        Raises:
            Nonsense: it is no notification.
        """
        news = open_envelope(body)
        if news.name not in HANDLED:
            return
        kept: JsonObject = {"name": news.name, "created_at": news.created_at.isoformat(), "data": news.data}
        with self.link.database.writing() as connection:
            inbox.add(connection, self.link.tenant.id, news.address_id, news.created_at, kept)
        self.lanes.flag(news.address_id)

    def take_if_sound(self, body: object) -> None:
        """Keep a notification that was pulled; nonsense is noted and dropped."""
        try:
            self.take(object_of(body) if isinstance(body, dict) else None)  # type: ignore[arg-type]
        except Nonsense as nonsense:
            LOGGER.info("a pulled notification is dropped: %s", nonsense)

    def activity(self) -> Activity:
        """What is under way."""
        with self.link.database.reading() as connection:
            owed, told = outbox.count(connection, self.link.tenant.id), inbox.count(connection, self.link.tenant.id)
        with self._state:
            return Activity(owed, told, bool(self._wanted or self._imports), self._last_sync)

    # -- the work -------------------------------------------------------------------------------------------------

    def work(self, lane: str) -> float | None:
        """One thing in a calendar; in how many seconds to look again, None for when it is flagged."""
        for what, do in (
            ("told", self._handler.handle_next),
            ("compare", self._compare),
            ("owed", self._sender.send_next),
        ):
            if self._due.get((lane, what), 0.0) > time.monotonic():
                continue
            self._due.pop((lane, what), None)
            again_in = do(lane)
            if again_in == 0:
                return 0
            if again_in is not None:
                self._due[lane, what] = time.monotonic() + again_in
        now = time.monotonic()
        waits = [at - now for (of, _), at in list(self._due.items()) if of == lane]
        return max(min(waits), 0.001) if waits else None

    def _compare(self, lane: str) -> float | None:
        with self._state:
            tries, thorough = self._wanted.get(lane), lane not in self._missed
        if tries is None:
            return None
        try:
            compare(self.link, lane, thorough=thorough)
        except Later as trouble:
            LOGGER.info("calendar %s could not be compared: %s", lane, trouble)
            if tries + 1 < COMPARE_TRIES:
                with self._state:
                    self._wanted[lane] = tries + 1
                return COMPARE_PAUSE_S * (tries + 1)
            self._compared(lane, str(trouble), thorough=thorough)
            return 0
        self._compared(lane, None, thorough=thorough)
        return 0

    def _compared(self, lane: str, error: str | None, *, thorough: bool) -> None:
        with self._state:
            if thorough or lane in self._missed:  # else more was asked for meanwhile
                self._wanted.pop(lane, None)
                self._missed.discard(lane)
            over = not self._wanted
        if over or error:
            self._end_sync(error)

    def _want(self, lanes: Sequence[str]) -> None:
        with self._state:
            self._wanted |= dict.fromkeys(lanes, 0)
            self._missed.difference_update(lanes)

    def _end_sync(self, error: str | None) -> None:
        with self._state:
            if self._last_sync:
                known = error or self._last_sync.error
                self._last_sync = LastSync(self._last_sync.started_at, self.link.clock.now(), known)

    def _refresh(self, address_ids: Sequence[str] | None) -> None:
        """Read what the calendars are made of; everything where one of them is not known."""
        with self.link.database.reading() as connection:
            found = [mapping.calendar_at(connection, self.link.tenant.id, one) for one in address_ids or ()]
        if address_ids is None or None in found:
            self.import_mapping()
            return
        for at in found:
            if at is not None:
                refresh_profile(self.link, at)

    def _import(self) -> int:
        tenant, database = self.link.tenant.id, self.link.database
        if self.link.defects.on("imported-once"):
            with database.reading() as connection:
                there = mapping.rows(connection, tenant)
            if there:
                return len(there)
        snapshot = read_everything(self.link.api, self.link.defects)
        with database.writing() as connection:
            total = mapping.store_snapshot(connection, tenant, snapshot, self.link.defects)
            found = [at.address_id for at, _ in snapshot.addresses]
            told = inbox.unpark(connection, tenant, found)
            working = schedules.calendars(connection, tenant, self.link.today())
        for address_id in working:
            follow_services(self.link, address_id)
        self.lanes.flag_all(told)
        return total

    def _pull_by_itself(self) -> None:
        try:
            self.pull()
        except Upstream as trouble:
            LOGGER.info("%s", trouble)

    def _sync_by_itself(self) -> None:
        try:
            self.sync(None)
        except Upstream as trouble:
            LOGGER.info("%s", trouble)

    def _fetch_missed(self) -> None:
        """What Docplanner could not tell while nobody listened."""
        if self.link.tenant.pulls:
            self._pull_by_itself()
        if self.link.tenant.pushed:
            released = self.link.api.notifications.release()
            if not isinstance(released, Done):
                LOGGER.info("what failed is not sent again: %s", released)

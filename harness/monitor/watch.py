"""The watch itself: every endpoint is pinged, the answer kept, and people told where it is due."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from harness.clock import Clock
from harness.monitor.history import History
from harness.monitor.letters import Send, Undelivered
from harness.monitor.rules import Ping, Standing
from harness.monitor.settings import Endpoint, MonitorSettings

__all__ = ["Round", "Watch", "Watched"]

AT_A_TIME = 16
USER_AGENT = "docplanner-acceptance monitor"
Wait = Callable[[timedelta], bool]
"""Waits so long; True where the watch is to end."""


@dataclass(frozen=True, slots=True)
class Watched:
    """One endpoint in one round."""

    endpoint: Endpoint
    ping: Ping
    standing: Standing


@dataclass(frozen=True, slots=True)
class Round:
    """What one round saw, and what could not be told to people: it is tried again in the next one."""

    at: datetime
    watched: tuple[Watched, ...]
    undelivered: tuple[str, ...]


class Watch:
    """Pings, remembers, tells. ``channels`` by name; what is told goes through all of them."""

    def __init__(self, settings: MonitorSettings, history: History, channels: Mapping[str, Send], clock: Clock) -> None:
        self._settings = settings
        self._history = history
        self._channels = channels
        self._clock = clock
        self._endpoints = {one.name: one for one in settings.endpoints}
        self._client = httpx.Client(timeout=settings.timeout.total_seconds(), trust_env=False)

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def round(self) -> Round:
        """Ping every endpoint once, at the same time, then deliver what is due."""
        at = self._clock.now()
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            pings = list(pool.map(lambda one: _ping(self._client, one, at), self._settings.endpoints))
        watched = tuple(
            Watched(endpoint, ping, self._history.note(endpoint.name, ping, tuple(self._channels)))
            for endpoint, ping in zip(self._settings.endpoints, pings, strict=True)
        )
        return Round(at, watched, self._deliver())

    def run(self, wait: Wait, seen: Callable[[Round], None]) -> None:
        """Round after round until ``wait`` says to end; one that took longer than the interval is not made up for."""
        due = self._clock.now()
        while True:
            seen(self.round())
            now = self._clock.now()
            while due <= now:
                due += self._settings.interval
            if wait(due - now):
                return

    def _deliver(self) -> tuple[str, ...]:
        """Give every waiting letter to its channel, those of one channel in their order."""
        problems: dict[str, str] = {}
        for letter in self._history.waiting():
            endpoint, send = self._endpoints.get(letter.endpoint), self._channels.get(letter.channel)
            if endpoint is None or send is None or letter.channel in problems:
                continue  # no longer configured, or the channel is down: it waits
            try:
                send(letter, endpoint)
            except Undelivered as undelivered:
                problems[letter.channel] = str(undelivered)
                self._history.tried(letter, self._clock.now(), str(undelivered))
            else:
                self._history.tried(letter, self._clock.now())
        return tuple(f"{channel}: {problem}" for channel, problem in problems.items())


def _ping(client: httpx.Client, endpoint: Endpoint, at: datetime) -> Ping:
    headers = {"User-Agent": USER_AGENT, **({endpoint.key_header: endpoint.key} if endpoint.key_header else {})}
    begun = time.perf_counter()
    status: int | None = None
    trouble = ""
    try:
        # read up to the head of the answer: that is what a ping is about, and a body may never end
        with client.stream(endpoint.method, endpoint.url, headers=headers) as answer:
            status = answer.status_code
    except httpx.TimeoutException:
        trouble = "no answer in time"
    except httpx.HTTPError as error:
        trouble = f"no answer ({type(error).__name__})"
    return Ping(at, status, round((time.perf_counter() - begun) * 1000, 1), trouble)

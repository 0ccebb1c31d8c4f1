"""Hands notifications over by PUSH: real POSTs to the partner's endpoint, in order for each calendar, with retries."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Coroutine, Iterable
from datetime import timedelta
from typing import Any

import httpx

from harness.contract.exchange_check import check_notification
from harness.contract.json_value import JsonObject
from harness.recorder.exchange import Exchange, exchange_body
from harness.recorder.journal import Journal
from harness.recorder.line import Actor, Channel, Kind
from harness.recorder.redaction import Redactor
from harness.sandbox.clients import ApiClient
from harness.sandbox.http.news import News
from harness.sandbox.notifications import BURIED, DELIVERED, Delivery, Notification
from harness.sandbox.state import State

__all__ = ["Push"]

TIMEOUT_S = 10.0
USER_AGENT = "Docplanner-sandbox"


class Push:
    """The sender. Belongs to the server's event loop."""

    def __init__(self, state: State, journal: Journal, redactor: Redactor, news: News) -> None:
        self._state = state
        self._journal = journal
        self._redactor = redactor
        self._news = news
        # A connection of its own for each try: one kept open could be closed by the partner just as it is used again.
        # No proxy of the environment stands between two programs on one machine.
        self._http = httpx.AsyncClient(
            headers={"User-Agent": USER_AGENT},
            timeout=TIMEOUT_S,
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=False,
        )
        self._waiting: dict[tuple[str, str | None], deque[Notification]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._clock_moved = asyncio.Event()
        self._pausing: dict[asyncio.Task[Any], Notification] = {}
        """Between two tries."""

    def send(self, notification: Notification) -> None:
        """Hand it over after what is under way for the same calendar; calendars do not wait for each other."""
        lane = (notification.client_id, notification.address_id)
        queue = self._waiting.get(lane)
        if queue is not None:
            queue.append(notification)
            return
        self._waiting[lane] = deque([notification])
        self._start(self._drain(lane))

    def clock_moved(self) -> None:
        """Tries that are due by the new time are made now."""
        self._clock_moved.set()
        self._clock_moved = asyncio.Event()

    def exhaust(self, found: Iterable[Notification]) -> int:
        """The tries of these are spent: what waits for its next one is buried, what waits for its first has that alone.

        How many there were.
        """
        pending = [one for one in found if one.pushing]
        for task, one in list(self._pausing.items()):
            if one in pending:
                task.cancel()
                self._over(one, BURIED)
        for one in pending:
            one.last_try = one.pushing > 0
            self._state.mailbox.note(one)
        self._news.add("notification")
        return len(pending)

    def resume(self) -> None:
        """Go on with every notification whose tries are not over, as if nothing had come in between.

        One that was never tried is sent now, others when their next try is due. A try whose answer nobody has noted is
        made again.
        """
        for one in [one for one in self._state.mailbox.every() if one.pushing]:
            tries = [each for each in one.tries if each.channel == "push"]
            for _ in range(one.pushing):
                if tries:
                    self._start(self._retry(one, len(tries), self._state.clock.now() - tries[-1].at))
                else:
                    self.send(one)

    def forget(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()
        self._waiting = {}

    async def close(self) -> None:
        """Give up what is under way, and the connections."""
        self.forget()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.aclose()

    async def post(
        self,
        client: ApiClient,
        body: bytes,
        headers: dict[str, str],
        *,
        timeout_s: float = TIMEOUT_S,
        method: str = "POST",
    ) -> Exchange:
        """One request to the partner's endpoint, with its answer or why there is none within ``timeout_s``."""
        self._state.commit()  # nobody is told what could still be lost
        url = client.callback_url or ""
        sent = {"Content-Type": "application/json", **headers}
        started, clock = self._state.clock.now(), time.perf_counter()
        status: int | None = None
        answered: tuple[tuple[str, str], ...] = ()
        content: bytes | None = None
        error: str | None = None
        try:
            async with asyncio.timeout(timeout_s):
                answer = await self._http.request(method, url, content=body, headers=sent)
            status, answered, content = answer.status_code, tuple(answer.headers.items()), answer.content
        except TimeoutError:
            error = f"no answer within {timeout_s:g} s"
        except (httpx.HTTPError, httpx.InvalidURL) as trouble:
            error = f"{type(trouble).__name__}: {trouble}".rstrip(": ")
        return Exchange(
            method=method,
            url=url,
            operation=None,
            request_headers=tuple(sent.items()),
            request_body=body,
            status=status,
            response_headers=answered,
            response_body=content,
            started_at=started,
            took_ms=(time.perf_counter() - clock) * 1000,
            error=error,
            breaches=(),
            injected=False,
        )

    @staticmethod
    def key_headers(client: ApiClient) -> dict[str, str]:
        """The API key, where one is agreed."""
        return {client.callback_api_key_header: client.callback_api_key} if client.callback_api_key else {}

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, lane: tuple[str, str | None]) -> None:
        queue = self._waiting[lane]
        try:
            while queue:
                notification = queue.popleft()
                if await self._try(notification):
                    continue
                if notification.last_try:
                    self._over(notification, BURIED)
                else:
                    self._start(self._retry(notification))
        finally:
            if self._waiting.get(lane) is queue:
                del self._waiting[lane]

    async def _retry(self, notification: Notification, made: int = 1, passed: timedelta = timedelta(0)) -> None:
        """The tries after the ``made`` first; ``passed`` since the last of them."""
        schedule = self._state.behaviour_of(notification.address_id).retry_schedule_s
        for pause in schedule[made - 1 :]:
            if notification.last_try:
                break  # they were spent before this pause began
            await self._until(notification, timedelta(seconds=pause) - passed)
            passed = timedelta(0)
            if await self._try(notification):
                return
        self._over(notification, BURIED)

    async def _until(self, notification: Notification, pause: timedelta) -> None:
        """Wait until the sandbox's clock has gone on by ``pause``, or the notification has grown so much older."""
        task = asyncio.current_task()
        due = self._state.clock.now() + notification.aged + pause
        try:
            while (left := (due - notification.aged - self._state.clock.now()).total_seconds()) > 0:
                if task is not None:
                    self._pausing[task] = notification
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._clock_moved.wait(), left)
        finally:
            if task is not None:
                self._pausing.pop(task, None)

    async def _try(self, notification: Notification) -> bool:
        client = self._state.clients[notification.client_id]
        self._state.renew(notification)
        exchange = await self.post(client, notification.body, self.key_headers(client))
        number = sum(one.channel == "push" for one in notification.tries) + 1
        notification.tries.append(
            Delivery(exchange.started_at, "push", exchange.status, round(exchange.took_ms, 1), exchange.error)
        )
        self._state.mailbox.note(notification)
        accepted = exchange.status is not None and 200 <= exchange.status < 300  # noqa: PLR2004 - any 2xx [doc]
        if accepted:
            self._over(notification, DELIVERED)
        told: JsonObject = {
            **exchange_body(exchange, self._redactor),
            "notification_id": notification.id,
            "event": notification.name,
            "channel": "push",
            "try": number,
            "breaches": list(check_notification(notification.body)),
        }
        self.record(told, notification)
        self._state.commit()
        self._news.add("notification", address_id=notification.address_id, status=exchange.status)
        return accepted

    def record(self, told: JsonObject, notification: Notification) -> None:
        """A try in the journal, under the act that led to it."""
        self._journal.write(
            Kind.NOTIFICATION_TRY,
            told,
            actor=Actor.DOCPLANNER,
            channel=Channel.NOTIFICATION,
            scenario=notification.scenario,
            cause=notification.cause,
            address=notification.address_id,
        )

    def record_exchange(self, exchange: Exchange, notification: Notification, *, injected: bool = False) -> None:
        """A message that is no notification in the journal: a question, or one that was forged."""
        body = {**exchange_body(exchange, self._redactor), "event": notification.name, "injected": injected}
        body["client_id"] = notification.client_id
        self._journal.write(
            Kind.EXCHANGE,
            body,
            actor=Actor.HARNESS if injected else Actor.DOCPLANNER,
            channel=Channel.NOTIFICATION,
            scenario=notification.scenario,
            cause=notification.cause,
            address=notification.address_id,
        )

    def _over(self, notification: Notification, state: str) -> None:
        self._state.mailbox.note(notification)
        notification.pushing = max(0, notification.pushing - 1)
        if state == DELIVERED or not notification.pushing:
            notification.state = state
        notification.last_try = notification.last_try and notification.pushing > 0

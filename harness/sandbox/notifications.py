"""Notifications: made once for each API client, handed over by PUSH or PULL. Pure.

A notification has no id at the wire; ours is for the control API. A redelivery repeats the body, ``created_at``
included [assumed]. Source: behaviour.md, "Notifications".
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from harness.contract.json_value import JsonObject
from harness.contract.limits import NOTIFICATION_DELETION_DAYS, PULL_EXPIRY_HOURS
from harness.sandbox.kept import Kept

__all__ = ["Delivery", "Mailbox", "Notification", "Queue", "State"]

State = str
HELD, PUSHING, QUEUED, DELIVERED, BURIED, DROPPED, EXPIRED = (
    "held",
    "pushing",
    "queued",
    "delivered",
    "buried",
    "dropped",
    "expired",
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One try: ``status`` None where nothing answered; a pull has none."""

    at: datetime
    channel: str
    status: int | None = None
    took_ms: float | None = None
    error: str | None = None


@dataclass(slots=True)
class Notification:
    """One piece of news for one API client. ``cause`` and ``scenario`` are those of the act that led to it."""

    id: str
    client_id: str
    name: str
    address_id: str | None
    data: JsonObject
    created_at: datetime
    body: bytes
    state: State = PUSHING
    tries: list[Delivery] = field(default_factory=list)
    cause: int | None = None
    scenario: str | None = None
    pushing: int = 0
    """PUSH deliveries whose tries are not over."""
    aged: timedelta = timedelta(0)
    """By how much it was made older than it is; its body still tells when it was made."""
    last_try: bool = False
    """Whether the next failed try by PUSH is the last one, whatever the schedule."""

    def told_by(self, cause: int | None, scenario: str | None) -> None:
        """What follows from here on follows from another act."""
        self.cause = cause or self.cause
        self.scenario = scenario or self.scenario


Queue = deque[tuple[Notification, datetime]]


class Mailbox:
    """The notifications of the sandbox, oldest first, and the PULL queue of each API client."""

    def __init__(self) -> None:
        self.notifications: Kept[Notification] = Kept()
        self.queues: Kept[Queue] = Kept()
        """What waits to be pulled, by API client, with the instant since when it waits."""
        self._just_pulled: list[Notification] = []

    def keep(self, notification: Notification) -> None:
        """Remember it."""
        self.notifications[notification.id] = notification

    def get(self, notification_id: str) -> Notification | None:
        """The notification, or None."""
        return self.notifications.get(notification_id)

    def note(self, notification: Notification) -> None:
        """It has changed since it was looked up."""
        if notification.id in self.notifications:
            self.notifications.touch(notification.id)

    def every(self, *, client_id: str | None = None, address_id: str | None = None) -> Iterator[Notification]:
        """Those of an API client, of a calendar, or all."""
        return (
            one
            for one in self.notifications.values()
            if client_id in {None, one.client_id} and address_id in {None, one.address_id}
        )

    def enqueue(self, notification: Notification, now: datetime) -> None:
        """It waits to be pulled."""
        if notification.state != PUSHING or not notification.pushing:
            notification.state = QUEUED
            self.note(notification)
        self.queues.setdefault(notification.client_id, deque()).append((notification, now))

    def pull(self, client_id: str, limit: int, now: datetime) -> list[Notification]:
        """The oldest ones, which are gone with this. [doc]: FIFO, no acknowledgement."""
        queue = self._fresh(client_id, now)
        pulled = [queue.popleft()[0] for _ in range(min(limit, len(queue)))]
        for one in pulled:
            one.tries.append(Delivery(now, "pull"))
            one.state = DELIVERED
            self.note(one)
        self._just_pulled += pulled
        return pulled

    def age(self, ids: Collection[str], by: timedelta, now: datetime) -> None:
        """These were made earlier, and have waited for longer; what is too old by then is deleted."""
        for notification_id in ids:
            one = self.notifications[notification_id]
            one.created_at -= by
            one.aged += by
        for client_id, queue in self.queues.items():
            aged = [(one, since - by if one.id in ids else since) for one, since in queue]
            self.queues[client_id] = deque(sorted(aged, key=lambda waiting: waiting[1]))
            self._fresh(client_id, now)
        self.delete_old(now)

    def delete_old(self, now: datetime) -> None:
        """What all tries failed for is gone 14 days after it was made [doc]."""
        kept = timedelta(days=NOTIFICATION_DELETION_DAYS)
        for one in self.notifications.values():
            if one.state == BURIED and now - one.created_at >= kept:
                one.state = EXPIRED
                self.note(one)

    def just_pulled(self) -> list[Notification]:
        """What was pulled since this was last asked."""
        pulled, self._just_pulled = self._just_pulled, []
        return pulled

    def waiting(self, client_id: str | None, address_id: str | None, now: datetime) -> int:
        """How many wait to be pulled."""
        clients = [client_id] if client_id else list(self.queues)
        return sum(address_id in {None, one.address_id} for client in clients for one, _ in self._fresh(client, now))

    def _fresh(self, client_id: str, now: datetime) -> Queue:
        queue = self.queues.setdefault(client_id, deque())
        expiry = timedelta(hours=PULL_EXPIRY_HOURS)
        while queue and now - queue[0][1] >= expiry:
            late, _ = queue.popleft()
            if late.state == QUEUED:  # what another channel has delivered stays delivered
                late.state = EXPIRED
                self.note(late)
        return queue

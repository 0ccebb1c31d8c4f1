"""The sender of PUSH notifications, where a moment between two of its steps matters."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from harness.clock import MovableClock, SystemClock
from harness.recorder.journal import MemoryJournal
from harness.recorder.redaction import Redactor
from harness.sandbox.http.news import News
from harness.sandbox.http.push import Push
from harness.sandbox.notifications import Notification
from harness.sandbox.settings import SandboxSettings
from harness.sandbox.state import State

NOBODY = Redactor((), patient_key=b"k" * 32, own_phone_block="500")


class Following(News):
    """News after which something is done as soon as the server is free again."""

    def __init__(self) -> None:
        super().__init__()
        self.afterwards: list[Callable[[], object]] = []

    def add(
        self, what: str, *, address_id: str | None = None, operation: str | None = None, status: int | None = None
    ) -> None:
        """Something happened."""
        super().add(what, address_id=address_id, operation=operation, status=status)
        while self.afterwards:
            asyncio.get_running_loop().call_soon(self.afterwards.pop())


async def _spent_after_the_first_try() -> tuple[str, int]:
    state = State(SandboxSettings(clinics=1, lookalike_clinics=0, ungranted_clinics=0), MovableClock(SystemClock()))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        client, news = state.first_client, Following()
        client.callback_url = f"http://127.0.0.1:{taken.getsockname()[1]}/news"
        push = Push(state, MemoryJournal(), NOBODY, news)
        one = Notification("1", client.id, "slot-booked", None, {}, state.clock.now(), b"{}", pushing=1)
        news.afterwards.append(lambda: push.exhaust([one]))
        push.send(one)
        spent = await news.after(1, 10.0)
        assert spent["last"] == 2
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await push.close()
    return one.state, len(one.tries)


def test_tries_are_spent_for_what_has_failed_this_very_moment() -> None:
    """It is buried, and does not wait a minute for a try that nobody wants any more."""
    assert asyncio.run(_spent_after_the_first_try()) == ("buried", 1)

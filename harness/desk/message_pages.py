"""Notifications: to whom, when, in which state, each try, the body; and sending them again."""

from __future__ import annotations

from typing import ClassVar

import orjson
from starlette.responses import Response

from harness.desk.asking import Asking, Problem, see
from harness.desk.room import Room
from harness.desk.words import refusal_words
from harness.sandbox.clients import ApiClient
from harness.sandbox.http.api import OPERATIONS
from harness.sandbox.http.wire import Call
from harness.sandbox.notifications import BURIED
from harness.sandbox.refusals import Refusal

__all__ = ["MessagePages"]

MOST = 50
"""Notifications on one page."""
RELEASE = "releaseNotifications"


class MessagePages(Room):
    """What the sandbox told, and whether it came through."""

    PATHS: ClassVar = {
        ("GET", "/notifications"): "notifications",
        ("POST", "/notifications/release"): "release",
        ("POST", "/notifications/{notification_id}/resend"): "resend",
    }

    async def notifications(self, asking: Asking, problem: Problem | None = None) -> Response:
        """Newest first, of one API client or calendar if asked."""
        state = self._state
        client, calendar = asking.query.get("client") or None, asking.query.get("calendar") or None
        found = list(state.mailbox.every(client_id=client, address_id=calendar))[::-1]
        skipped = int(told) if (told := asking.query.get("skip", "")).isdigit() and len(told) < 7 else 0  # noqa: PLR2004
        shown = [(one, orjson.loads(one.body)) for one in found[skipped : skipped + MOST]]
        return self._paper.page(
            asking,
            "notifications.html.j2",
            section="notifications",
            about="notification",
            problem=problem,
            shown=shown,
            total=len(found),
            skipped=skipped,
            older=skipped + MOST if skipped + MOST < len(found) else None,
            buried=sum(one.state == BURIED for one in found),
            client=client or "",
            calendar=calendar or "",
            clients=state.clients,
            calendars=self._calendars(),
        )

    async def release(self, asking: Asking) -> Response:
        """What all tries failed for is sent again: the API's own operation, with its limits."""
        try:
            client = self._client(asking)
            OPERATIONS[RELEASE](Call(self._state, self._inside.rules, client, RELEASE, {}, {}, b"", {}, ""))
        except Refusal as refusal:
            return await self.notifications(asking, Problem(refusal_words(refusal), status=refusal.status))
        except Problem as problem:
            return await self.notifications(asking, problem)
        return see("/desk/notifications?done=released")

    def _client(self, asking: Asking) -> ApiClient:
        found = self._state.clients.get(asking.text("client_id"))
        if found is None:
            raise Problem("There is no such API client.", status=404)
        return found

    async def resend(self, asking: Asking) -> Response:
        """The same body again."""
        try:
            await self._do(asking, "resend", asking.params, {})
        except Problem as problem:
            return await self.notifications(asking, problem)
        return see("/desk/notifications?done=resent")

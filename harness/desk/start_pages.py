"""The first page, the clinics, and the news that tell a page that something has changed."""

from __future__ import annotations

from typing import ClassVar

import orjson
from starlette.responses import Response

from harness.contract.json_value import array_of, object_of
from harness.desk.asking import Asking, Problem, see
from harness.desk.guard import HEADERS
from harness.desk.room import Room
from harness.sandbox.http.asked import API_PATH
from harness.sandbox.http.token import TOKEN_PATH

__all__ = ["StartPages"]

LONGEST_POLL_S = 25.0


class StartPages(Room):
    """What this is, and where to begin."""

    PATHS: ClassVar = {
        ("GET", "/"): "start",
        ("GET", "/clinics"): "clinics",
        ("POST", "/clinics/{facility_id}/grants"): "share",
        ("GET", "/news"): "news",
    }

    async def start(self, asking: Asking) -> Response:
        """What this is and what it is not, and how a system is pointed at it."""
        state = self._state
        clinics = list(state.directory.facilities.values())
        first = next(
            address for clinic in clinics for doctor in clinic.doctors.values() for address in doctor.addresses
        )
        return self._paper.page(
            asking,
            "start.html.j2",
            section="",
            api_base_url=f"{self._inside.base_url}{API_PATH}",
            token_url=f"{self._inside.base_url}{TOKEN_PATH}",
            clients=list(state.clients.values()),
            clinics=len(clinics),
            doctors=sum(len(clinic.doctors) for clinic in clinics),
            calendar=f"/desk/calendars/{first}" if first else "/desk/clinics",
        )

    async def clinics(self, asking: Asking, problem: Problem | None = None) -> Response:
        """Every clinic with its doctors and addresses, and the API clients that may see it."""
        return self._paper.page(
            asking,
            "clinics.html.j2",
            section="clinics",
            problem=problem,
            clinics=list(self._state.directory.facilities.values()),
            clients=list(self._state.clients.values()),
        )

    async def share(self, asking: Asking) -> Response:
        """An API client may see the clinic from now on, or no longer."""
        params = {**asking.params, "client_id": asking.needed("client_id", "API client")}
        ends = asking.text("act") == "unshare"
        await self._do(asking, "revokeClinic" if ends else "grantClinic", params, {})
        return see(f"/desk/clinics?done={'unshared' if ends else 'shared'}#clinic-{asking.params['facility_id']}")

    async def news(self, asking: Asking) -> Response:
        """Whether anything has happened, after the news that the query numbers, of what it is about.

        ``about`` is a calendar's address id, or kinds of news with blanks between them. Answers at once when there is
        news, else after a while.
        """
        query = asking.query
        after = int(query["after"]) if query.get("after", "").isdigit() else 0
        about = set(query.get("about", "").split())
        told = await self._inside.news.after(after, LONGEST_POLL_S)
        happened = any(
            about & {one.get("what"), one.get("address_id")} for one in map(object_of, array_of(told["items"]))
        )
        answer = orjson.dumps({"last": told["last"], "happened": happened})
        return Response(answer, headers={**HEADERS, "Content-Type": "application/json"})

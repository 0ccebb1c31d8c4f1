"""Pages about the sandbox as a whole: API clients, the clock, trouble on purpose."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from starlette.responses import Response

from harness.contract.json_value import JsonObject
from harness.desk.asking import Asking, Problem, see
from harness.desk.room import Room
from harness.sandbox.faults import EFFECTS

__all__ = ["SandboxPages"]

STEPS = (
    ("1 minute", 60),
    ("1 hour", 3600),
    ("1 day", 86_400),
    ("72 hours", 3 * 86_400),
    ("14 days", 14 * 86_400),
)
DELIVERIES = ("push", "pull", "both")


class SandboxPages(Room):
    """What belongs to no calendar."""

    PATHS: ClassVar = {
        ("GET", "/clients"): "clients",
        ("POST", "/clients/{client_id}"): "set_client",
        ("POST", "/clients/{client_id}/expire"): "expire",
        ("GET", "/clock"): "clock",
        ("POST", "/clock"): "move_clock",
        ("GET", "/faults"): "faults",
        ("POST", "/faults"): "arm",
        ("POST", "/faults/{fault_id}/end"): "end",
    }

    async def clients(self, asking: Asking, problem: Problem | None = None) -> Response:
        """Each API client without its secrets, and how news reaches it."""
        return self._paper.page(
            asking,
            "clients.html.j2",
            section="clients",
            problem=problem,
            clients=list(self._state.clients.values()),
            deliveries=DELIVERIES,
        )

    async def set_client(self, asking: Asking) -> Response:
        """How news reaches it from now on; an empty key keeps the one that is agreed."""
        body: JsonObject = {
            "delivery": asking.text("delivery"),
            "callback_url": asking.text("callback_url") or None,
            "realtime": asking.text("realtime") == "yes",
        }
        body |= {name: told for name in ("callback_api_key", "callback_api_key_header") if (told := asking.text(name))}
        try:
            _address(asking.text("callback_url"))
            await self._do(asking, "setClient", asking.params, body)
        except Problem as problem:
            form = asking.params["client_id"]
            return await self.clients(asking, Problem(problem.words, status=problem.status, form=form))
        return see("/desk/clients?done=client-changed")

    async def expire(self, asking: Asking) -> Response:
        """Every access token has ended."""
        await self._do(asking, "expireTokens", asking.params, {})
        return see("/desk/clients?done=tokens-expired")

    async def clock(self, asking: Asking, problem: Problem | None = None) -> Response:
        """What time it is here, and how to let it pass."""
        told = await self._do(asking, "getClock", {}, {})
        offset = timedelta(seconds=round(float(str(told["offset_s"]))))
        return self._paper.page(asking, "clock.html.j2", section="clock", problem=problem, offset=offset, steps=STEPS)

    async def move_clock(self, asking: Asking) -> Response:
        """On by some time, or to a time; what is due by then happens now."""
        try:
            if asking.text("now"):
                body: JsonObject = {"now": self._state.payloads.time(asking.instant("now", "New time", self._zone))}
            else:
                body = {"advance_s": asking.whole("advance_s", "Seconds") or 0}
            await self._do(asking, "moveClock", {}, body)
        except Problem as problem:
            return await self.clock(asking, problem)
        return see("/desk/clock?done=clock-moved")

    async def faults(self, asking: Asking, problem: Problem | None = None) -> Response:
        """What is armed, and a form for more."""
        return self._paper.page(
            asking,
            "faults.html.j2",
            section="faults",
            about="fault",
            problem=problem,
            armed=self._state.faults.every(),
            effects=sorted({effect for some in EFFECTS.values() for effect in some}),
            targets=[(target, f"{target}: {', '.join(sorted(some))}") for target, some in EFFECTS.items()],
            calendars=self._calendars(),
            clients=self._state.clients,
        )

    async def arm(self, asking: Asking) -> Response:
        """Trouble from now on."""
        try:
            body: JsonObject = {
                name: asking.text(name)
                for name in ("address_id", "client_id", "target", "effect", "operation", "when", "booking_id")
                if asking.text(name)
            }
            for name, label in (("status", "Status"), ("delay_s", "Seconds"), ("count", "How many")):
                if (told := asking.whole(name, label)) is not None:
                    body[name] = told
            await self._do(asking, "addFault", {}, body)
        except Problem as problem:
            return await self.faults(asking, problem)
        return see("/desk/faults?done=fault-armed")

    async def end(self, asking: Asking) -> Response:
        """It is over; what it held is sent."""
        await self._do(asking, "removeFault", asking.params, {})
        return see("/desk/faults?done=fault-ended")


def _address(url: str) -> None:
    if url and not url.startswith(("http://", "https://")):
        raise Problem("Endpoint: expected an address such as http://127.0.0.1:8400/docplanner.")

"""A calendar's profile: its services, its working time entered by hand, and whether it is enabled."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar

from starlette.responses import Response

from harness.contract.json_value import JsonObject
from harness.desk.asking import Asking, Problem, see
from harness.desk.local_time import day_of, instant_of, monday_of
from harness.desk.room import CALENDAR, Room

__all__ = ["ProfilePages"]

PROFILE = CALENDAR + "/profile"
SERVICE = PROFILE + "/{address_service_id}"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class ProfilePages(Room):
    """What the doctor keeps in the profile."""

    PATHS: ClassVar = {
        ("GET", PROFILE): "profile",
        ("POST", PROFILE + "/services"): "add_service",
        ("POST", SERVICE + "/change"): "change_service",
        ("POST", SERVICE + "/delete"): "delete_service",
        ("POST", PROFILE + "/hours"): "set_hours",
        ("POST", PROFILE + "/enabled"): "enable",
    }

    async def profile(self, asking: Asking, problem: Problem | None = None) -> Response:
        """Services, working time, and the switch."""
        address = self._address(asking)
        taken = {one.service_id for one in address.services.values()}
        today = self._now.astimezone(self._zone).date()
        return self._paper.page(
            asking,
            "profile.html.j2",
            section="clinics",
            problem=problem,
            services=list(address.services.values()),
            free=[(one.id, one.name) for one in self._state.directory.services.values() if one.id not in taken],
            monday=monday_of(day_of(asking.query.get("day"), today)),
            weekdays=WEEKDAYS,
            chosen=set(asking.typed.get("days", "0 1 2 3 4").split()),
            **self._owner(address),
        )

    async def add_service(self, asking: Asking) -> Response:
        """One of the dictionary."""
        return await self._change(asking, "addServiceAsDoctor", "add", "service-added")

    async def change_service(self, asking: Asking) -> Response:
        """Its name, price or length."""
        return await self._change(
            asking, "changeServiceAsDoctor", asking.params["address_service_id"], "service-changed"
        )

    async def delete_service(self, asking: Asking) -> Response:
        """Gone from the profile; added again it has a new id."""
        return await self._change(
            asking, "deleteServiceAsDoctor", asking.params["address_service_id"], "service-deleted", empty=True
        )

    async def _change(self, asking: Asking, operation: str, form: str, done: str, *, empty: bool = False) -> Response:
        address = self._address(asking)
        try:
            body: JsonObject = {}
            if not empty:
                body = {name: told for name in ("service_id", "name") if (told := asking.text(name))}
                minutes = asking.whole("duration", "Minutes")
                body |= {"duration": minutes} if minutes is not None else {}
                body |= {"price": asking.whole("price", "Price")} if "price" in asking.typed else {}
            await self._do(asking, operation, asking.params, body)
        except Problem as problem:
            return await self.profile(asking, Problem(problem.words, status=problem.status, form=form))
        return see(f"{self._owner(address)['here']}/profile?done={done}")

    async def set_hours(self, asking: Asking) -> Response:
        """The days chosen become exactly these hours; without hours they are empty."""
        address = self._address(asking)
        try:
            days = self._days(asking)
            spans = [self._span(asking, part) for part in ("morning", "afternoon")]
            body: JsonObject = {
                "days": [str(day) for day in days],
                "items": [
                    {
                        "start": self._state.payloads.time(self._at(day, span[0])),
                        "end": self._state.payloads.time(self._at(day, span[1])),
                        "services": [
                            {"address_service_id": one.id, "duration": one.duration}
                            for one in address.services.values()
                        ],
                    }
                    for day in days
                    for span in spans
                    if span
                ],
            }
            await self._do(asking, "setWorkingTime", asking.params, body)
        except Problem as problem:
            return await self.profile(asking, Problem(problem.words, status=problem.status, form="hours"))
        return see(f"{self._owner(address)['here']}?day={days[0]}&done=hours-set")

    async def enable(self, asking: Asking) -> Response:
        """Patients can book on the calendar, or not; visits stay."""
        address = self._address(asking)
        done = "enabled" if asking.text("act") == "enable" else "disabled"
        try:
            await self._do(asking, "changeCalendar", asking.params, {"calendar": done})
        except Problem as problem:
            return await self.profile(asking, Problem(problem.words, status=problem.status, form="calendar"))
        return see(f"{self._owner(address)['here']}?done={done}")

    def _days(self, asking: Asking) -> list[date]:
        first = monday_of(day_of(asking.text("week"), self._now.astimezone(self._zone).date()))
        days = [first + timedelta(days=int(one)) for one in asking.text("days").split() if one in set("0123456")]
        if not days:
            raise Problem("Choose a day at least.")
        return days

    @staticmethod
    def _span(asking: Asking, part: str) -> tuple[str, str] | None:
        since, till = asking.text(f"{part}_from"), asking.text(f"{part}_until")
        if bool(since) is not bool(till):
            raise Problem(f"The {part} has one end only: fill in both, or none.")
        return (since, till) if since else None

    def _at(self, day: date, hour: str) -> datetime:
        found = instant_of(f"{day}T{hour}", self._zone)
        if found is None:
            raise Problem(f"“{hour[:20]}” is no time of {day} in {self._zone.key}.")
        return found

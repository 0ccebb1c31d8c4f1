"""What reaches the endpoint of the clinic's system and is no news: pings, nonsense, events that nobody knows."""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from harness.driver.cast import Cast, DoctorName
from harness.driver.outcomes import NotApplicable, NotProven
from harness.driver.scene import Scene
from harness.marketplace.port import ApiClients
from harness.partner.port import PartnerSystem
from harness.recorder.journal import read_journal
from harness.recorder.line import Actor
from harness.verdict.checks.limits import LimitKept
from harness.verdict.checks.notifications import EndpointStands, PolledOften
from harness.verdict.observation import AnswersSeen, LimitedSeen, PollingSeen
from harness.verdict.traffic import limited_seen, pings_seen
from harness.vocabulary import Calendar

__all__ = ["AnswersSeen", "EndpointDesk"]

PINGS = ("GET", "HEAD", "POST", "PUT", "OPTIONS")
UNKNOWN = "profile-visited"


@dataclass(frozen=True, slots=True)
class EndpointDesk:
    """The endpoint under fire, and how the clinic's system keeps to limits."""

    scene: Scene
    partner: PartnerSystem
    clients: ApiClients
    cast: Callable[[], Cast]

    def unknown_event(self, doctor: DoctorName) -> AnswersSeen:
        """An event of which the guide says nothing."""
        calendar = self.cast().calendar(doctor)
        told = {"name": UNKNOWN, "created_at": self._now(), "data": self._about(calendar)}
        return self._send(calendar, "Docplanner tells of an unknown event", {"an unknown event": json.dumps(told)})

    def nonsense(self, doctor: DoctorName) -> AnswersSeen:
        """Bodies that are no notification."""
        calendar = self.cast().calendar(doctor)
        bare = {"name": "slot-booked", "created_at": self._now(), "data": self._about(calendar)}
        bodies = {
            "no JSON": '{"name": "slot-boo',
            "a list": "[]",
            "an empty object": "{}",
            "a booking without booking": json.dumps(bare),
            "a booking without data": json.dumps({"name": "slot-booked", "created_at": self._now()}),
        }
        return self._send(calendar, "Something that makes no sense reaches the clinic", bodies)

    def pings(self, doctor: DoctorName) -> AnswersSeen:
        """Pings by every method."""
        calendar = self.cast().calendar(doctor)
        self._need_push()
        return AnswersSeen(tuple((method, self._raw(calendar, "Docplanner pings", method, "")) for method in PINGS))

    def ping_in_passing(self, calendars: Sequence[Calendar]) -> None:
        """One ping at a clinic whose scenario is over, by one method or another; what is answered is judged at the end.

        Whatever becomes of it changes nothing of that scenario.
        """
        if calendars and self.scene.settings.pushes:
            method = PINGS[zlib.crc32(self.scene.scenario.encode()) % len(PINGS)]
            with contextlib.suppress(NotProven):
                self._raw(calendars[0], "Docplanner pings in passing", method, "")

    def expect_pings_answered(self) -> None:
        """Every ping of the whole run was answered below 500."""
        self._need_push()
        seen = pings_seen(list(read_journal(self.scene.lines_so_far())))
        self.scene.expect(EndpointStands(), lambda: seen, noun="notifications", direction=None)

    def expect_stands(self, doctor: DoctorName, seen: AnswersSeen) -> None:
        """Everything was answered below 500."""
        address = self.cast().calendar(doctor).id
        self.scene.expect(EndpointStands(), lambda: seen, noun="notifications", direction=None, address=address)

    def need_pull(self) -> None:
        """Only where notifications are pulled."""
        self.scene.need("pull", self._pull)
        if not self.scene.settings.pulls:
            raise NotApplicable("notifications are pushed in this run, so none waits to be pulled")

    def expect_polled(self) -> None:
        """The clinic's system pulls often enough."""
        seen = PollingSeen(self.scene.settings.pull_interval_s)
        self.scene.expect(PolledOften(), lambda: seen, noun="notifications", direction=None)

    def expect_limit_kept(self, doctor: DoctorName) -> None:
        """The clinic's system waited for the reset."""
        address = self.cast().calendar(doctor).id
        self.scene.expect(LimitKept(), lambda: self._limited(address), noun="traffic", direction=None, address=address)

    def _pull(self) -> None:
        self.scene.act(
            Actor.HARNESS, "The run asks the clinic's system to fetch its news", lambda _: self.partner.pull()
        )

    def _limited(self, address: str) -> LimitedSeen:
        return limited_seen(list(read_journal(self.scene.lines_so_far())), address)

    def _send(self, calendar: Calendar, words: str, bodies: Mapping[str, str]) -> AnswersSeen:
        self._need_push()
        return AnswersSeen(
            tuple((what, self._raw(calendar, f"{words}: {what}", "POST", body)) for what, body in bodies.items())
        )

    def _raw(self, calendar: Calendar, words: str, method: str, body: str) -> int | None:
        answer = self.scene.act(
            Actor.DOCPLANNER,
            f"{words}, {method}",
            lambda cause: self.clients.send_raw(calendar.id, method, body, cause),
            address=calendar.id,
        )
        return answer.status

    def _about(self, calendar: Calendar) -> dict[str, object]:
        ids = {"facility": calendar.facility_id, "doctor": calendar.doctor_id, "address": calendar.id}
        return {noun: {"id": str(one)} for noun, one in ids.items()}

    def _now(self) -> str:
        return self.scene.clock.now().astimezone(self.scene.days.zone).isoformat(timespec="seconds")

    def _need_push(self) -> None:
        if not self.scene.settings.pushes:
            raise NotApplicable("notifications are pulled in this run, so nothing reaches the endpoint")

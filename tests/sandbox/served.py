"""A served sandbox as tests use one: the API as a partner calls it, the control API, news, and the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import httpx

from harness.clock import Clock, MovableClock
from harness.contract.control import SANDBOX_CONTROL
from harness.recorder.journal import MemoryJournal
from harness.recorder.line import Kind, Line
from harness.sandbox.http.server import RunningSandbox, serve
from harness.sandbox.settings import SandboxSettings
from harness.sandbox.state_file import StateFile

ANNA = {"name": "Anna", "surname": "Nowak", "phone": "+48500001234", "email": None}
JSON = {"Content-Type": "application/json"}
ON_PURPOSE = "X-Bad-On-Purpose"
LONGEST_WAIT_S = 10
SMALL = SandboxSettings(slots_delay_s=0.05, own_phone_block="500")


@dataclass(frozen=True)
class Place:
    """One calendar of a clinic that a test has for itself."""

    facility_id: str
    doctor_id: str
    address_id: str
    services: tuple[str, ...]
    scenario: str
    clinic: dict[str, Any]

    @property
    def path(self) -> str:
        """The address in the API."""
        return f"/facilities/{self.facility_id}/doctors/{self.doctor_id}/addresses/{self.address_id}"

    @property
    def calendar(self) -> str:
        """The calendar in the control API."""
        return f"/calendars/{self.address_id}"


@dataclass
class Served:
    """Everything that a test may do with a sandbox."""

    sandbox: RunningSandbox
    journal: MemoryJournal
    clock: MovableClock
    http: httpx.Client
    ended_at: datetime | None = None
    token: str = ""
    places: int = 0
    controlled: set[str] = field(default_factory=set)

    # -- the API -------------------------------------------------------------------------------------------------

    def authorise(self) -> str:
        """An access token that has not ended."""
        if self.ended_at is None or self.clock.now() >= self.ended_at:
            basic = (self.sandbox.client_id, self.sandbox.client_secret)
            form = {"grant_type": "client_credentials", "scope": "integration"}
            answer = self.http.post(self.sandbox.token_url, data=form, auth=basic)
            told = answer.raise_for_status().json()
            self.token = told["access_token"]
            self.ended_at = self.clock.now() + timedelta(seconds=told["expires_in"])
        return self.token

    def api(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        bad: bool = False,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """A call as a partner makes one; ``bad`` where it breaks the contract on purpose."""
        sent = {"Authorization": f"Bearer {self.authorise() if token is None else token}", **(headers or {})}
        if bad:
            sent[ON_PURPOSE] = "yes"
        url = httpx.URL(f"{self.sandbox.api_base_url}{path}")
        return self.http.request(method, url, json=body, headers=sent)

    # -- the control API -----------------------------------------------------------------------------------------

    def control(
        self, method: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """A control call, whose answer must be by the contract."""
        sent = {"Authorization": f"Bearer {self.sandbox.control_token}", **(headers or {})}
        answer = self.http.request(method, f"{self.sandbox.control_url}{path}", json=body, headers=sent)
        found = SANDBOX_CONTROL.match(method, path.partition("?")[0])
        assert found is not None, f"{method} {path} is not in the contract"
        kind = answer.headers.get("content-type")
        told = SANDBOX_CONTROL.check_response(found.operation.id, answer.status_code, kind, answer.content)
        assert told == (), f"{method} {path} answered {answer.status_code} {answer.text}"
        self.controlled.add(found.operation.id)
        return answer

    def done(
        self, method: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """What a control call that must go well answers; empty for no body."""
        answer = self.control(method, path, body, headers=headers)
        assert answer.is_success, f"{method} {path} answered {answer.status_code} {answer.text}"
        return answer.json() if answer.content else {}

    def place(self, kind: str = "ordinary") -> Place:
        """A calendar of a new clinic, of a scenario of its own."""
        self.places += 1
        scenario = f"tests/{self.places}: zażółć"
        named = {"X-Acceptance-Scenario": f"tests%2F{self.places}: za%C5%BC%C3%B3%C5%82%C4%87"}
        made = {"kind": kind, "granted_to": [self.sandbox.client_id]}
        clinic = self.done("POST", "/clinics", made, headers=named)
        doctor = clinic["doctors"][0]
        calendar = doctor["calendars"][0]
        services = tuple(one["id"] for one in calendar["services"])
        address_id = calendar["address_id"]
        return Place(clinic["facility_id"], doctor["doctor_id"], address_id, services, scenario, clinic)

    def mark(self) -> int:
        """The number of the latest news."""
        last: int = self.done("GET", "/news")["last"]
        return last

    def wait(self, after: int, what: str, place: Place | None = None, times: int = 1) -> None:
        """Until that has happened so often after news ``after``."""
        seen = 0
        while seen < times:
            news = self.done("GET", f"/news?after={after}&timeout_s={LONGEST_WAIT_S}")
            assert news["items"], f"no {what} in {LONGEST_WAIT_S} seconds"
            after = news["last"]
            seen += sum(
                one["what"] == what and (place is None or one["address_id"] == place.address_id)
                for one in news["items"]
            )

    def settings(self, place: Place, **values: object) -> None:
        """What holds for that calendar."""
        self.done("PUT", f"{place.calendar}/settings", values)

    def advance(self, **by: float) -> None:
        """Move the sandbox's clock."""
        self.done("PUT", "/clock", {"advance_s": timedelta(**by).total_seconds()})

    # -- time ----------------------------------------------------------------------------------------------------

    def day(self, ahead: int) -> date:
        """A day of the marketplace, so many after the sandbox's today."""
        return self.clock.now().astimezone(self.sandbox.state.zone).date() + timedelta(days=ahead)

    def at(self, ahead: int, hour: str) -> str:
        """An hour of such a day, with the offset of the marketplace."""
        return datetime.fromisoformat(f"{self.day(ahead)}T{hour}").replace(tzinfo=self.sandbox.state.zone).isoformat()

    def period(self, place: Place, ahead: int, since: str = "09:00", till: str = "11:00") -> dict[str, Any]:
        """A work period of 30 minute slots, as replaceSlots takes one."""
        services = [{"address_service_id": place.services[0], "duration": 30}]
        return {"start": self.at(ahead, since), "end": self.at(ahead, till), "address_services": services}

    def fill(self, place: Place, ahead: int, since: str = "09:00", till: str = "11:00") -> None:
        """Working time that can be read at once."""
        sent = self.period(place, ahead, since, till)
        item = {"start": sent["start"], "end": sent["end"], "services": sent["address_services"]}
        self.done("PUT", f"{place.calendar}/working-time", {"days": [str(self.day(ahead))], "items": [item]})

    def book(self, place: Place, start: str, by: str = "patient", **headers: str) -> dict[str, Any]:
        """A visit, booked on the marketplace or by the doctor."""
        wanted = {"by": by, "start": start, "address_service_id": place.services[0], "patient": ANNA}
        return self.done("POST", f"{place.calendar}/visits", wanted, headers=headers)

    # -- the journal ---------------------------------------------------------------------------------------------

    def lines(self, kind: Kind, place: Place | None = None) -> list[Line]:
        """The journal's lines of a kind, about one calendar if asked."""
        found = [one for one in list(self.journal.lines) if one.kind is kind]
        return [one for one in found if place is None or one.address == place.address_id]


def breaches(line: Line) -> list[str]:
    """What an exchange breached, but for a request that was bad on purpose."""
    told = [str(one) for one in line.body["breaches"]]
    names = {str(name).lower() for name in dict(line.body["request"]["headers"])}
    if ON_PURPOSE.lower() in names:
        return [one for one in told if one.startswith(("response", "status"))]
    return told


@contextmanager
def served(
    settings: SandboxSettings = SMALL, *, beneath: Clock | None = None, file: StateFile | None = None
) -> Iterator[Served]:
    """A sandbox of small calendars, with a journal in memory; on another clock, and kept in a file, where asked."""
    clock = MovableClock(beneath)
    journal = MemoryJournal(clock=clock, sandbox_clock=clock)
    with (
        serve(settings, journal=journal, clock=clock, file=file) as sandbox,
        httpx.Client(timeout=20, trust_env=False) as http,
    ):
        yield Served(sandbox, journal, clock, http)

"""One worker process's part in a run: its connections, its journal, and a stage for each scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self, cast

import httpx

from harness.clock import MovableClock, SystemClock
from harness.config import RealDocplanner, RunSettings
from harness.contract.control import PARTNER_CONTROL, SANDBOX_CONTROL
from harness.contract.json_value import JsonValue
from harness.contract.marketplaces import MARKETPLACES
from harness.driver.attesting import Attesting
from harness.driver.cast import Cast
from harness.driver.days import Days
from harness.driver.outcomes import NotProven, unproven
from harness.driver.patience import Pause, await_limits
from harness.driver.scene import Scene
from harness.driver.stage import Stage
from harness.errors import DocplannerError, HarnessError, PartnerUnreachable
from harness.manned import People, manned
from harness.marketplace.embedded import EmbeddedMarketplace
from harness.marketplace.news import NewsFeed, NewsOfCalendars
from harness.marketplace.port import Docplanner
from harness.operator.desk import RemoteOperator
from harness.partner.http import HttpPartner
from harness.partner.port import Partner
from harness.real.plan import need_of
from harness.real.side import AtDocplanner, RealSide
from harness.recorder.exchange import Exchange, exchange_body
from harness.recorder.journal import JournalFile
from harness.recorder.line import Actor, Channel, Kind
from harness.recorder.redaction import Redactor
from harness.recorder.transport import RecordingTransport
from harness.safety.pacing import pause, spent
from harness.safety.schedules import noting
from harness.safety.writes import WriteJournal, Writes, read_writes
from harness.scenarios import Scenario
from harness.spending import Spending, SpendingJournal, SpendingNews, SpendingOperator, SpendingTransport

__all__ = ["Worker", "redactor_of"]

LIVE = "live"
WRITES_A_TRIGGER = 3
"""For so many there must be room before staff, a patient or a doctor does something."""
LONGEST_PAUSE = timedelta(minutes=15)
"""Longest that the run waits for reads: after that nobody sits there any more, and what is left is not proven."""
SECONDS_FOR_A_CALL = 30.0
"""Longest control call of a scenario; a partner's import of a large clinic is one call."""


def redactor_of(settings: RunSettings) -> Redactor:
    """What keeps the run's secrets and strangers out of its journal."""
    return Redactor(
        settings.secrets,
        patient_key=bytes.fromhex(settings.patient_key),
        own_phone_block=settings.phone_block,
    )


class Worker:
    """Use as a context manager, once a process; then :meth:`stage` once a scenario."""

    def __init__(self, settings: RunSettings, process: str) -> None:
        self.settings = settings
        self._clock = MovableClock(SystemClock())
        self._clock.advance(timedelta(seconds=settings.clock_ahead_s))
        self._began = self._clock.now()
        self._redactor = redactor_of(settings)
        self.spending = Spending()
        file = JournalFile(
            Path(settings.journal),
            run=settings.run,
            process=process,
            redactor=self._redactor,
            clock=SystemClock(),
            sandbox_clock=self._clock,
        )
        self.journal = SpendingJournal(file, self.spending)
        self._scenario: str | None = None
        self._gone: str | None = None
        self._scene: Scene | None = None
        self._closing: list[Callable[[], None]] = []
        self._news = NewsFeed(settings.control_url, token=settings.control_token)
        self._people = self._asked_at(settings.operator) if settings.operator else None
        self._writes = self._write_journal(Path(settings.writes)) if settings.writes else None
        self._real = self._real_side(settings.real) if settings.real else None
        self._docplanner: Docplanner = self._real.docplanner if self._real else self._embedded()
        partner = self._over_http() if settings.partner_url or not self._people else self._manned(self._people)
        zone = MARKETPLACES[settings.marketplace].zone
        noted = self._writes if settings.assembly == LIVE else None
        self._partner = noting(partner, noted, self._clock, zone) if noted else partner

    def __enter__(self) -> Self:
        self._news.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._news.__exit__()
        for close in self._closing:
            close()

    def redact(self, text: str) -> str:
        """The text without the run's secrets."""
        return self._redactor.text(text)

    def write(self, body: Mapping[str, object], scenario: str) -> None:
        """A scenario line in the journal."""
        self.journal.write(Kind.SCENARIO, dict(body), actor=Actor.HARNESS, scenario=scenario)

    @contextmanager
    def stage(self, scenario: Scenario, instance: str) -> Iterator[Stage]:
        """The stage of one scenario; ``instance`` is its id, with the row of an Outline.

        Raises:
            NotProven: the partner system no longer answers.
        """
        self._scenario, self._scene = instance, None
        try:
            self._still_there()
            stage = self._build(scenario, instance)
            yield stage
            stage.endpoint.ping_in_passing(stage.known_calendars())
        finally:
            self._scenario = None

    @property
    def attested_by(self) -> tuple[str, ...]:
        """By whose answers something was judged in the scenario that was played last."""
        return tuple(sorted(self._scene.attested_by)) if self._scene else ()

    def _embedded(self) -> EmbeddedMarketplace:
        settings = self.settings
        embedded = EmbeddedMarketplace(
            settings.control_url,
            token=settings.control_token,
            client_id=settings.client_id,
            transport=self._recording("sandbox"),
        )
        self._closing.append(embedded.close)
        return embedded

    def _over_http(self) -> Partner:
        partner = HttpPartner(
            self.settings.partner_url,
            token=self.settings.partner_token,
            transport=self._recording("partner"),
            timeout_s=SECONDS_FOR_A_CALL,
        )
        self._closing.append(partner.close)
        return partner

    def _asked_at(self, address: str) -> Attesting:
        """The people of the run, whose answers are kept."""
        remote = RemoteOperator(address)
        self._closing.append(remote.close)
        return Attesting(SpendingOperator(remote, self.spending), self.journal, SystemClock(), lambda: self._scenario)

    def _manned(self, people: Attesting) -> Partner:
        zone = MARKETPLACES[self.settings.marketplace].zone
        told = People.of(self.settings, people)
        return manned(told, self._docplanner, self.settings.client_id, zone, self._clock, self._ripe)

    def _real_side(self, real: RealDocplanner) -> RealSide:
        people = AtDocplanner(self._people, self._news, self._writes) if self._people and self._writes else None
        side = RealSide(real, self.settings, self._clock, people)
        self._closing.append(side.close)
        return side

    def _write_journal(self, path: Path) -> WriteJournal:
        """Where it stands what people are asked for, and what working time the partner system had."""
        journal = WriteJournal(path)
        self._closing.append(journal.close)
        return journal

    def _ripe(self) -> None:
        """Wait until a look is worth a person's while."""
        if self._scene:
            self._scene.patience.ripe()

    def _build(self, scenario: Scenario, instance: str) -> Stage:
        settings = self.settings
        kind = "lookalike" if "lookalikes" in scenario.tags else "ordinary"

        def deal() -> Cast:
            return Cast(
                self._docplanner.lease(instance, kind),
                locale=settings.locale,
                seed=f"{settings.seed}/{settings.id_base}/{instance}",
                phone_block=settings.phone_block,
                phone=settings.real.phone if settings.real else None,
                email=settings.real.email if settings.real else None,
                nin=settings.real.nin if settings.real else None,
            )

        self._scene = scene = Scene(
            scenario=instance,
            criterion=scenario.criteria[0],
            settings=settings,
            journal=self.journal,
            clock=self._clock,
            news=SpendingNews(
                NewsOfCalendars(self._news, lambda: {str(one.id) for one in stage.known_calendars()}), self.spending
            ),
            days=self._days(scenario, instance),
            idle=lambda: self._idle(stage),
            redact=self._redact_observation,
            advance=self._clock.advance,
            asked=self._asked,
            pause=self._pause,
            starved=self._starved_since(self._began if scenario.afterwards else self._clock.now()),
            answers=self._people.attested if self._people else (),
        )
        stage = Stage(scene, self._partner, self._docplanner, deal)
        return stage

    def _days(self, scenario: Scenario, instance: str) -> Days:
        if self._real and not scenario.afterwards:
            self._may_begin(scenario)
            await_limits(self._pause_of_reads, lambda body: self._note(body, instance), self._clock, self._news)
            try:
                return self._real.days(instance)
            except DocplannerError as error:
                raise unproven(error, "looking for empty days") from error
        return Days(self._clock.now(), MARKETPLACES[self.settings.marketplace].zone)

    def _may_begin(self, scenario: Scenario) -> None:
        """Nothing where the scenario can be played to its end on a real Docplanner.

        Raises:
            NotProven: it cannot; nothing was written for it.
        """
        need = need_of(scenario.id)
        if need.sandbox:
            told = "on a real Docplanner nobody can bring about what the scenario is about"
            raise NotProven(told, reason="needs the embedded sandbox", blame=None)
        if need.people and self._people is None:
            raise NotProven("nobody acts at Docplanner in this run", reason="not run", blame=None)
        most, writes = self.settings.most_writes, spent(self._written())
        if writes >= most and need.writes:
            told = f"{writes} writes to Docplanner were made, and {most} are allowed (--most-writes)"
            raise NotProven(told, reason="not run", blame="configuration")

    def _written(self) -> Writes:
        return read_writes(Path(self.settings.writes or ""))

    def _pause(self) -> Pause:
        """How long Docplanner's limits want the next act to wait; the partner system has the same API client.

        Raises:
            NotProven: there are no reads for longer than a run waits; nobody is blamed for it.
        """
        if self._real is None:
            return Pause()
        writes = Pause(pause(self._written(), WRITES_A_TRIGGER, self._clock.now()), "writes")
        return max(self._pause_of_reads(), writes, key=lambda one: one.left)

    def _pause_of_reads(self) -> Pause:
        left = self._real.reads.pause() if self._real else timedelta(0)
        if left > LONGEST_PAUSE:
            told = f"Docplanner's limit of reads leaves too few for {left.total_seconds() / 60:.0f} min more"
            raise NotProven(told, reason="not run", blame=None)
        return Pause(left, "reads")

    def _note(self, body: Mapping[str, object], scenario: str) -> None:
        self.journal.write(Kind.ACT, dict(body), actor=Actor.HARNESS, scenario=scenario)

    def _starved_since(self, began: datetime) -> Callable[[], bool]:
        """Whether Docplanner refused a read since then because none was left, whoever had made the others."""
        real = self._real
        return lambda: real is not None and real.reads.none_left_since(began)

    def _asked(self) -> timedelta:
        return self._people.asked if self._people else timedelta(0)

    def _redact_observation(self, seen: dict[str, object]) -> dict[str, object]:
        return cast("dict[str, object]", self._redactor.json(cast("JsonValue", seen)))

    def _idle(self, stage: Stage) -> bool:
        """Whether neither Docplanner nor the partner has anything under way for the scenario's calendars.

        Docplanner is asked before and after: what it has delivered is counted by the partner's activity already, and
        what the partner has just sent is counted by Docplanner.
        """
        try:
            if not self.settings.can("activity"):
                return self._delivered(stage)
            return self._delivered(stage) and self._partner.activity().idle and self._delivered(stage)
        except HarnessError:
            return False

    def _delivered(self, stage: Stage) -> bool:
        if self._real:
            return True  # it does not tell what it has under way
        for calendar in stage.cast.calendars():
            there = self._docplanner.activity(calendar.id)
            if there.pushing or there.slots_pending or (there.queued and self.settings.pulls):
                return False
        return True

    def _still_there(self) -> None:
        """Fail fast once the partner system is gone: nothing else would be learned, a minute at a time."""
        if self._gone is None:
            try:
                self._partner.health()
            except PartnerUnreachable as error:
                self._gone = str(error)
        if self._gone is not None:
            detail = f"the clinic's system stopped answering during the run. {self._gone}"
            raise NotProven(detail, reason="could not tell", blame="partner")

    def _recording(self, far_side: str) -> RecordingTransport:
        contract = PARTNER_CONTROL if far_side == "partner" else SANDBOX_CONTROL
        prefix = httpx.URL(self.settings.control_url).path if far_side == "sandbox" else ""

        def operation_of(request: httpx.Request) -> str | None:
            path = request.url.raw_path.decode().split("?")[0].removeprefix(prefix)
            found = contract.match(request.method, path)
            return found.operation.id if found else None

        return RecordingTransport(SpendingTransport(self.spending), self._record, operation_of)

    def _record(self, exchange: Exchange) -> None:
        """Journal what the run changes, and every call that failed; a look's reads stand in its ``look`` line."""
        refused = exchange.status is None or exchange.status >= httpx.codes.BAD_REQUEST
        if exchange.method == "GET" and not refused:
            return
        self.journal.write(
            Kind.EXCHANGE,
            exchange_body(exchange, self._redactor),
            actor=Actor.HARNESS,
            channel=Channel.CONTROL,
            scenario=self._scenario,
        )

"""One scenario's shared ground: acts are journalled before and after, expectations wait, look and let a check judge.

Every desk and every view of the driver stands on a :class:`Scene`; nothing else writes acts, looks and waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, TypeVar

from harness.clock import Clock
from harness.config import RunSettings
from harness.driver.days import Days
from harness.driver.ledger import Ledger
from harness.driver.outcomes import UNPROVEN, NotApplicable, NotProven, unproven
from harness.driver.patience import Patience, Pause, await_limits, let_pass
from harness.errors import DocplannerRefused, OperatorGone, PartnerRefused, Unsupported
from harness.marketplace.port import Cause
from harness.recorder.journal import Journal, read_journal
from harness.recorder.line import Actor, Channel, Kind
from harness.verdict.explain import explain
from harness.verdict.finding import Finding, Problem
from harness.verdict.observation import as_json, from_json
from harness.verdict.traffic import stopped_by_guard
from harness.vocabulary import AddressId, Calendar
from harness.waiting import News, Waited, eventually

__all__ = ["TO_DOCPLANNER", "TO_PARTNER", "Act", "Check", "Direction", "Scene"]

T = TypeVar("T")
Seen = TypeVar("Seen")
Seen_contra = TypeVar("Seen_contra", contravariant=True)

TO_PARTNER = "docplanner to partner"
TO_DOCPLANNER = "partner to docplanner"
Direction = str


class Check(Protocol[Seen_contra]):
    """A statement that can be false of what was seen."""

    def judge(self, seen: Seen_contra, /) -> Problem | None:
        """What is wrong, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did last: waits count from ``done_at``."""

    line: int
    done_at: datetime
    asked: timedelta = timedelta(0)
    """For how long persons had been asked by then."""


@dataclass(slots=True)
class Scene:
    """What the desks and views of one scenario share. ``criterion`` is the one that the scenario is about."""

    scenario: str
    criterion: str
    settings: RunSettings
    journal: Journal
    clock: Clock
    news: News
    days: Days
    idle: Callable[[], bool]
    """Whether Docplanner has delivered everything and the partner's activity, where it has one, says that nothing is
    under way; never raises."""
    redact: Callable[[dict[str, object]], dict[str, object]]
    """What the journal will keep of an observation: the check judges exactly that."""
    ledger: Ledger = field(default_factory=Ledger)
    last: Act | None = None
    advance: Callable[[timedelta], None] = lambda _: None
    """Moves ``clock`` on, and with it what every later scenario of this process takes for now."""
    marker: Callable[[Calendar], bool] = lambda _: True
    """Sends a visit on a far day and tells whether the partner shows it in time."""
    troubled: bool = False
    """True once the run made calls of the partner fail: it may take ``recovery_s`` from then on."""
    arranging: bool = False
    """True within a Given: what goes wrong there is not proven rather than failed."""
    pause: Callable[[], Pause] = Pause
    """How long the limits of a real Docplanner want the next act to wait."""
    starved: Callable[[], bool] = lambda: False
    """Whether a real Docplanner had no reads left for the run and the partner system, at some time in the scenario."""
    asked: Callable[[], timedelta] = timedelta
    """For how long persons have been asked so far."""
    answers: Sequence[str] = ()
    """Who has answered a question so far, one entry an answer."""
    seen_by: tuple[str, ...] = ()
    """Who answered what the last wait asked."""
    attested_by: set[str] = field(default_factory=set)
    """Whose answers something was judged by, other than in a Given."""
    patience: Patience = field(init=False)

    def __post_init__(self) -> None:
        self.patience = Patience(self.clock, self.news, self._quiet, self.asked)

    # -- acts -----------------------------------------------------------------------------------------------------

    def act(
        self,
        actor: Actor,
        words: str,
        do: Callable[[Cause], T],
        *,
        address: AddressId | None = None,
        details: Mapping[str, str] | None = None,
    ) -> T:
        """Do something, journalled as intended first, then as done, refused or unknown.

        Raises:
            NotProven: it was refused, or nobody knows whether it took place.
            NotApplicable: the partner system lacks the capability.
        """
        self._pace()
        body = {"words": words, **({"details": dict(details)} if details else {})}
        intended = self._write(Kind.ACT, {"state": "intended", **body}, actor=actor, address=address)
        try:
            result = do(Cause(self.scenario, intended))
        except (PartnerRefused, DocplannerRefused) as refusal:
            self._end_act("refused", body, actor, intended, address, str(refusal))
            raise self._refused(words, refusal) from refusal
        except OperatorGone:
            raise  # the run stops here, and the scenario has no end
        except UNPROVEN as error:
            self._end_act("unknown", body, actor, intended, address, str(error))
            raise unproven(error, words) from error
        done = self._end_act("done", body, actor, intended, address, None)
        self.last = Act(done, self.clock.now(), self.patience.asked())
        return result

    def need(self, capability: str, ask: Callable[[], object] | None = None) -> None:
        """Go on where the partner system declares the capability. Where it does not, ``ask`` for it all the same.

        A lack is believed once its refusal was seen: 501, says the partner control contract. What is done without being
        declared would else be judged by nobody. ``ask`` left out: nothing in that contract asks for the capability.

        Raises:
            NotApplicable: it refused as it should.
            NotProven: it did what it declares that it lacks, or refused in another way.
        """
        if self.settings.can(capability):
            return
        lack = f"the partner system does not declare the capability {capability}"
        if ask is None:
            raise NotApplicable(f"{lack}, and the control contract asks for nothing that it could refuse")
        try:
            ask()
        except NotApplicable as refused:
            raise NotApplicable(f"{lack}, and refuses it ({refused.detail})") from refused
        except NotProven as trouble:
            detail = f"{lack}, and does not refuse it with 501 unsupported: {trouble.detail}"
            told = f"{detail}; answer 501, or declare it"
            raise NotProven(told, reason=trouble.reason, blame=trouble.blame) from trouble
        detail = f"{lack}, and does it when asked; declare it, so that it is judged, or answer 501 unsupported"
        raise NotProven(detail, reason="precondition unmet", blame="partner")

    # -- expectations ---------------------------------------------------------------------------------------------

    def expect(
        self,
        check: Check[Seen],
        look: Callable[[], Seen],
        *,
        noun: str,
        direction: Direction | None,
        within: timedelta | None = None,
        address: AddressId | None = None,
        seen_by: tuple[str, ...] = (),
    ) -> Seen:
        """Wait until ``check`` has nothing against what ``look`` shows; the time counts from the last act.

        ``within`` left out is the usual wait of the direction. In a Given the trouble is not proven, else a finding.
        ``seen_by`` are persons who saw before what ``look`` shows.
        """
        limit = self.limit(direction) if within is None else within
        waited = self.watch(check, look, within=limit)
        self.seen_by += seen_by
        self._conclude(check, waited, limit, noun, direction, address)
        return waited.seen

    def watch(self, check: Check[Seen], look: Callable[[], Seen], *, within: timedelta) -> Waited[Seen, Problem]:
        """Wait as :meth:`expect` does, and tell how it ended; nothing is judged by it.

        Raises:
            NotProven: one of the sides could not be looked at.
        """
        clock, started, answers = self.patience, self.clock.now(), len(self.answers)
        since = self.last.done_at - self.last.asked if self.last else clock.now()
        left = max(within - (clock.now() - since), timedelta(0))
        early = self._settled if self.settings.waits.settled_s > 0 and self.settings.can("activity") else None
        clock.begin(left)
        judge = self._as_kept(check).judge  # what is kept of neither side may tell them apart

        def looked() -> Seen:
            clock.next_look()
            return self._as_kept(look())

        try:
            waited = eventually(looked, judge, within=left, news=self.news, clock=clock, settled=early)
        except OperatorGone:
            raise  # the run stops here, and the scenario has no end
        except UNPROVEN as error:
            raise unproven(error) from error
        self.seen_by = tuple(sorted(set(self.answers[answers:])))
        return replace(waited, started_at=started, ended_at=waited.ended_at + clock.asked())

    def limit(self, direction: Direction | None) -> timedelta:
        """The longest that a change may take in that direction, in this run."""
        waits = self.settings.waits
        least = waits.recovery_s if self.troubled else 0.0
        if direction == TO_DOCPLANNER:
            return timedelta(seconds=max(waits.change_s, least))
        if direction == TO_PARTNER:
            pulled = self.settings.pull_interval_s + waits.news_pull_extra_s
            return timedelta(seconds=max(waits.news_push_s if self.settings.pushes else pulled, least))
        return timedelta(0)

    def settle(self, calendars: Sequence[Calendar]) -> None:
        """Wait until both sides are settled: nothing is judged absent, or once only, before.

        Settled is what the partner's activity says; where it has none, when nothing was exchanged for ``quiet_s`` and a
        marker that was sent last has taken effect. Source: criteria.md, "Waits".

        Raises:
            NotProven: the partner system never came to rest.
        """
        limit = max(self.limit(TO_DOCPLANNER), self.limit(TO_PARTNER))
        if self.settings.can("activity"):
            how = "its activity says so"
            settled = self._until(self.idle, limit)
        else:
            how = f"it was quiet for {self.settings.waits.quiet_s:.0f} s, and what was sent last has arrived"
            settled = self._until(self._quiet, limit) and self.marker(calendars[0])
        told = how if settled else "it did not come to rest"
        body = {"state": "done", "words": f"The run waits until the clinic's system is settled: {told}"}
        self._write(Kind.ACT, body, actor=Actor.HARNESS, address=calendars[0].id)
        if not settled:
            detail = f"the clinic's system was still busy after {limit.total_seconds():.0f} s"
            raise NotProven(detail, reason="could not tell", blame="partner")

    def _until(self, so: Callable[[], bool], limit: timedelta) -> bool:
        waited = eventually(so, lambda yes: None if yes else "no", within=limit, news=self.news, clock=self.clock)
        return waited.objection is None

    def _quiet(self) -> bool:
        """Whether Docplanner has delivered everything, and then nothing was exchanged for ``quiet_s``."""
        mark = self.news.mark()
        return self.idle() and not self.news.wait(mark, timedelta(seconds=self.settings.waits.quiet_s))

    def lines_so_far(self) -> Path:
        """Where the run's journal is, for what is judged over the whole run."""
        return Path(self.settings.journal)

    # -- within ---------------------------------------------------------------------------------------------------

    def _conclude(
        self,
        check: Check[Seen],
        waited: Waited[Seen, Problem],
        limit: timedelta,
        noun: str,
        direction: Direction | None,
        address: AddressId | None,
    ) -> None:
        what = type(waited.seen).__name__
        shown = {"what": what, "seen": as_json(waited.seen)}
        seen = self._write(Kind.LOOK, shown, actor=Actor.HARNESS, address=address)
        problem = waited.objection
        stopped = self._stopped(whole_run=direction is None and address is None) if problem else None
        body = {
            "check": type(check).__name__,
            "args": as_json(check),
            "criterion": self.criterion,
            "limit_s": limit.total_seconds(),
            "started_at": waited.started_at.isoformat(),
            "ended_at": waited.ended_at.isoformat(),
            "looks": waited.looks,
            "look": seen,
            "outcome": "given up" if problem else "satisfied",
            "settled": waited.settled,
            "direction": direction,
            "noun": noun,
            "trigger": self.last.line if self.last else None,
            "triggered_at": self.last.done_at.isoformat() if self.last else None,
            "precondition": self.arranging or stopped is not None,
            "troubled": self.troubled,
            **({"attested_by": list(self.seen_by)} if self.seen_by else {}),
        }
        if not self.arranging:
            self.attested_by.update(self.seen_by)
        wait = self._write(Kind.WAIT, body, actor=Actor.HARNESS, address=address, cause=seen)
        if stopped is not None:
            raise stopped
        if problem is not None:
            raise self._found(problem, wait)

    def _as_kept(self, value: T) -> T:
        """An observation or a check as it will stand in the journal, so that it can be judged again from there."""
        return from_json(self.redact(as_json(value)), type(value))

    def _stopped(self, *, whole_run: bool) -> NotProven | None:
        """What the guard or a limit did not let pass, here or in the run: what lacks then is not the system's doing."""
        if self.settings.real is None:
            return None
        if self.starved():
            detail = "Docplanner's reads of this hour were used up, so the clinic's system may not have seen it"
            return NotProven(detail, reason="could not tell", blame=None)
        for line in read_journal(self.lines_so_far()):
            if stopped_by_guard(line) and (whole_run or line.scenario in {self.scenario, None}):
                found = f"{line.body.get('operation')} (line {line.n})"
                detail = f"the guard of a real Docplanner stopped what the clinic's system sent: {found}"
                return NotProven(detail, reason="arrangement refused", blame="configuration")
        return None

    def _found(self, problem: Problem, wait: int) -> Exception:
        lines = [one for one in read_journal(self.lines_so_far()) if one.scenario in {self.scenario, None}]
        this = next(one for one in lines if one.n == wait)
        text = explain(problem, criterion=self.criterion, scenario=self.scenario, wait=this, lines=lines)
        self._write(Kind.FINDING, as_json(text), actor=Actor.HARNESS, cause=wait)
        if self.arranging:
            detail = f"what the scenario needs first did not come about\n{text}"
            return NotProven(detail, reason="precondition unmet", blame="partner")
        return Finding(text)

    def _settled(self) -> bool:
        """Whether the partner has said for ``settled_s``, without news, that nothing is under way."""
        quiet = timedelta(seconds=self.settings.waits.settled_s)
        if self.last is not None and self.clock.now() - self.last.done_at < quiet:
            return False
        mark = self.news.mark()
        return self.idle() and not self.news.wait(mark, quiet) and self.idle()

    def _pace(self) -> None:
        """Space the run's own triggers, so that a partner which keeps to the documented limits can follow."""
        if self.settings.pace_s and self.last is not None:
            left = timedelta(seconds=self.settings.pace_s) - (self.clock.now() - self.last.done_at)
            let_pass(self.clock.now() + left, self.clock, self.news)
        await_limits(self.pause, lambda body: self._write(Kind.ACT, body, actor=Actor.HARNESS), self.clock, self.news)

    def _refused(self, words: str, refusal: PartnerRefused | DocplannerRefused) -> Exception:
        if isinstance(refusal, Unsupported):
            return NotApplicable(f"{words}: {refusal}")
        blame = "partner" if isinstance(refusal, PartnerRefused) or refusal.error == "denied" else "docplanner"
        return NotProven(
            f"{words}: {refusal}",
            reason="arrangement refused",
            blame="partner" if blame == "partner" else "docplanner",
        )

    def _end_act(
        self,
        state: str,
        body: Mapping[str, object],
        actor: Actor,
        intended: int,
        address: AddressId | None,
        trouble: str | None,
    ) -> int:
        ended = {"state": state, **body, **({"trouble": trouble} if trouble else {})}
        return self._write(Kind.ACT, ended, actor=actor, address=address, cause=intended)

    def _write(
        self,
        kind: Kind,
        body: Mapping[str, object],
        *,
        actor: Actor,
        address: AddressId | None = None,
        cause: int | None = None,
    ) -> int:
        channel = Channel.CONTROL if actor in {Actor.STAFF, Actor.HARNESS} else Channel.MARKETPLACE
        return self.journal.write(
            kind, dict(body), actor=actor, channel=channel, scenario=self.scenario, cause=cause, address=address
        )

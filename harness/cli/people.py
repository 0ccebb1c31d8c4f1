"""A run with a person at the partner system: who they are, what they tell of it, and how a stopped run goes on."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from harness.assembly import RunOptions
from harness.cli.output import DEFAULT_OUTPUT, Output
from harness.config import Waits
from harness.contract.json_value import JsonValue, array_of, object_of, text_of
from harness.contract.marketplaces import MARKETPLACES
from harness.errors import ConfigurationError
from harness.manned import People
from harness.operator.asking import have_seen
from harness.operator.desk import OperatorDesk
from harness.operator.port import Operator, Question, Who
from harness.operator.script import from_file
from harness.operator.terminal import TerminalOperator
from harness.recorder.journal import read_journal
from harness.recorder.line import Kind, Line
from harness.scenarios import read_scenarios, select
from harness.vocabulary import Delivery

__all__ = ["CAPABILITIES", "Earlier", "PeopleRequest", "earlier", "with_people"]

CAPABILITIES = (
    "push",
    "pull",
    "realtime",
    "breaks",
    "insurances",
    "services",
    "confirm",
    "presence",
    "move_across_addresses",
    "pause",
    "clock",
    "reset",
)
"""What a person can say that a system has. ``activity`` no person can tell; connecting is always a task."""
JUDGED = frozenset({"passed", "failed", "attested", "not applicable"})
TOLD = "tell"


@dataclass(frozen=True, slots=True)
class PeopleRequest:
    """The options about people as they were typed; None, or empty, is asked at the beginning."""

    system: str | None = None
    version: str | None = None
    capabilities: tuple[str, ...] = ()
    callback_url: str | None = None
    pull_interval_s: float | None = None
    script: Path | None = None
    attested_by: str | None = None
    operate: bool = True
    """Whether they operate the system to test; else they act at Docplanner alone."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A run that was stopped."""

    run: str
    assembly: str
    output: Output
    options: RunOptions
    people: PeopleRequest


@contextmanager
def with_people(options: RunOptions, request: PeopleRequest) -> Iterator[tuple[RunOptions, OperatorDesk]]:
    """The options with who is asked; of a system that they operate, asks what is not known of it.

    Raises:
        ConfigurationError: the script cannot be used, or an answer does not fit.
        OperatorGone: nobody answers.
    """
    operator = _operator(options, request)
    with OperatorDesk(operator) as desk:
        if not request.operate:
            yield replace(options, desk=desk.address), desk
            return
        capabilities = request.capabilities or _capabilities(operator)
        callback = request.callback_url
        if callback is None and "push" in capabilities:
            callback = _asked(operator, "callback_url", "At which address does the system take notifications?")
        people = People(
            operator,
            (
                request.system or _asked(operator, "system", "What is the name of the system?"),
                request.version or _asked(operator, "system_version", "Which version of it?"),
            ),
            capabilities,
            callback,
            request.pull_interval_s or 0.0,
        )
        yield replace(options, people=people, desk=desk.address), desk


def earlier(name: str, people: PeopleRequest) -> Earlier:
    """The stopped run of that id, or in that directory: what it was asked for, and what it has judged already.

    Raises:
        ConfigurationError: there is no such run, it was not one with people, or nothing of it is left to play.
    """
    directory = Path(name) if Path(name).is_dir() else DEFAULT_OUTPUT / name
    lines = list(read_journal(directory / "journal.jsonl"))
    start = next((one for one in lines if one.kind is Kind.RUN and one.body.get("state") == "started"), None)
    if start is None:
        message = f"{name} is no run that was begun: there is no journal in {directory}."
        raise ConfigurationError(message, hint="Name a run's id below reports/out, or its directory.")
    told = start.body
    asked = object_of(told.get("people"))
    if not asked:
        message = f"{name} was not run with --people; only such a run is stopped and gone on with."
        raise ConfigurationError(message)
    partner = object_of(told.get("partner"))
    scope = object_of(told.get("scope"))
    areas, criteria = _texts(scope.get("areas")), _texts(scope.get("criteria"))
    scenarios = select(read_scenarios(), areas=areas, criteria=criteria)
    ids = {row for one in scenarios for row in _instances(lines, one.id)}
    played = tuple(sorted(ids))
    if sum(len(one.rows) for one in scenarios) <= len(played):
        message = f"Every scenario of {name} is judged: nothing is left to play."
        raise ConfigurationError(message)
    again = {one.id for one in scenarios if one.afterwards}
    seed = told.get("seed")
    options = RunOptions(
        scenarios=scenarios,
        scope={"areas": list(areas), "criteria": list(criteria)} if scope else None,
        marketplace=text_of(told.get("marketplace")),
        profile=text_of(told.get("profile")),
        changed=dict(object_of(told.get("settings"))),
        delivery=Delivery(text_of(told.get("delivery"))),
        seed=seed if isinstance(seed, int) else 0,
        jobs=1,
        waits=Waits(**{key: float(str(value)) for key, value in object_of(told.get("waits")).items()}),
        sandbox_port=int(str(asked.get("sandbox_port") or 0)),
        listen=text_of(asked.get("listen")) or "127.0.0.1",
        public_url=text_of(asked.get("public_url")) or None,
        # what judges the whole run judges it again, once the rest is played
        played=tuple(one for one in played if one.split("[")[0] not in again),
    )
    known = PeopleRequest(
        text_of(partner.get("name")),
        text_of(partner.get("version")),
        _texts(partner.get("capabilities")),
        text_of(asked.get("callback_url")) or "",
        float(str(asked.get("pull_interval_s") or 0)),
        people.script,
        people.attested_by,
        operate=asked.get("operate") is not False,
    )
    inside = directory.resolve().parent == DEFAULT_OUTPUT.resolve()
    return Earlier(start.run, text_of(told.get("assembly")), Output(None if inside else directory), options, known)


def _operator(options: RunOptions, request: PeopleRequest) -> Operator:
    if request.script is not None:
        return from_file(request.script)
    zone = MARKETPLACES[options.marketplace].zone
    return TerminalOperator(request.attested_by or getpass.getuser(), zone=zone)


def _capabilities(operator: Operator) -> tuple[str, ...]:
    words = f"What can the system do? Name what it has of: {', '.join(CAPABILITIES)}."
    told = _lines(operator, "capabilities", words)
    named = tuple(word for line in told for word in line.replace(",", " ").split())
    if strange := sorted(set(named) - set(CAPABILITIES)):
        message = f"There is no capability {' and no '.join(strange)}."
        raise ConfigurationError(message, hint=f"There are {', '.join(CAPABILITIES)}.")
    return named


def _asked(operator: Operator, verb: str, words: str) -> str:
    told = _lines(operator, verb, words)
    if not told:
        message = f"Nothing was answered to: {words}"
        raise ConfigurationError(message)
    return told[0]


def _lines(operator: Operator, verb: str, words: str) -> Sequence[str]:
    return have_seen(operator, Question(Who.STAFF, words, verb, answers=(TOLD,), tells=TOLD)).seen


def _instances(lines: Sequence[Line], scenario: str) -> Iterator[str]:
    """The scenario's rows whose last end is a judgement."""
    last: dict[str, Mapping[str, JsonValue]] = {}
    for one in lines:
        if one.kind is Kind.SCENARIO and one.scenario and one.scenario.split("[")[0] == scenario:
            last[one.scenario] = one.body
    for name, body in last.items():
        if body.get("state") == "finished" and body.get("outcome") in JUDGED:
            yield name


def _texts(values: JsonValue) -> tuple[str, ...]:
    return tuple(str(one) for one in array_of(values))

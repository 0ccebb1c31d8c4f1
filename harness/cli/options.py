"""From what was typed to what a run needs: every mistake is named at once, with its remedy."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from harness.assembly import RunOptions
from harness.cli.output import Output, prepare_output
from harness.cli.people import CAPABILITIES, PeopleRequest, earlier
from harness.cli.planned import within
from harness.cli.real import ASSEMBLIES
from harness.config import RealDocplanner, Waits
from harness.config.secret import find_token
from harness.contract.marketplaces import MARKETPLACES
from harness.errors import ConfigurationError
from harness.later import later
from harness.real.plan import plan_for
from harness.sandbox.profiles import PROFILES
from harness.scenarios import read_scenarios, select
from harness.stub.defects import DEFECTS
from harness.verdict.criteria import CRITERIA, Area
from harness.vocabulary import Delivery
from reports.language import AUTO, ENGLISH, LANGUAGES, language_for
from reports.protocol import NOTHING_TOLD, Meeting, Protocol

__all__ = ["PACES", "PreparedRun", "RunRequest", "known", "read_token", "request_more", "request_run"]

PACES = ("free", "documented")


@dataclass(frozen=True, slots=True)
class RunRequest:
    """The options of ``acceptance run`` as they were typed."""

    areas: tuple[str, ...]
    criteria: tuple[str, ...]
    partner: str | None
    partner_token_file: Path | None
    delivery: Delivery | None
    marketplace: str
    profile: str
    settings: tuple[str, ...]
    begin: str | None
    seed: int
    jobs: int
    pace: str
    waits: tuple[str, ...]
    defects: tuple[str, ...]
    sandbox_port: int
    listen: str
    public_url: str | None
    gateway: bool
    output: Path | None
    histories: int = 3
    history_length: int = 14
    language: str = ENGLISH
    meeting: Meeting = NOTHING_TOLD.meeting
    token_keyring: str | None = None
    real: RealDocplanner | None = None
    """The Docplanner that is not embedded; None for the embedded one."""
    people: PeopleRequest | None = None
    """What was typed about the person at the partner system; None where it has a control contract."""
    most_writes: int = 120
    assembly: str | None = None
    """As it was asked for by name."""
    token_file_typed: bool = True
    """Whether the token's file was typed, and so goes before the environment."""


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """A run whose options are sound, with its output directory ready."""

    options: RunOptions
    output: Output
    protocol: Protocol = NOTHING_TOLD
    """What the verdict page says beside the verdict."""
    allure_history: Path | None = None
    """Where Allure keeps what earlier runs showed, for its trends."""
    people: PeopleRequest | None = None
    counted: Mapping[str, object] | None = None
    """What an accepted run on the embedded sandbox has proven, as the journal tells it; None for nothing."""
    goes_on: str | None = None
    """The id of the stopped run that goes on; None for a new one."""


def request_run(request: RunRequest) -> PreparedRun:
    """Check everything that was typed.

    Raises:
        ConfigurationError: names every mistake, one a line.
    """
    mistakes = [
        *known("criterion", request.criteria, CRITERIA),
        *known("area", request.areas, [str(area) for area in Area]),
        *known("marketplace", [request.marketplace], MARKETPLACES),
        *known("profile", [request.profile], PROFILES),
        *known("defect", request.defects, DEFECTS),
        *known("pace", [request.pace], PACES),
        *known("language", [request.language], [*LANGUAGES, AUTO]),
        *_address("--partner", request.partner),
        *_address("--public-url", request.public_url),
    ]
    if request.partner and request.defects:
        mistakes.append("--defect is for the reference stub; start the other system with its own defects instead.")
    mistakes += _on_a_real_docplanner(request)
    if request.people and request.people.operate:
        mistakes += _people(request, request.people)
    waits = _waits(request.waits, mistakes)
    changed = _settings(request, mistakes)
    begin = _instant(request.begin, mistakes)
    token = _token(request, mistakes)
    scenarios = read_scenarios()
    if mistakes:
        raise ConfigurationError("\n  ".join(["the options cannot be used:", *mistakes]))
    chosen = select(scenarios, areas=request.areas, criteria=request.criteria)
    narrowed = bool(request.areas or request.criteria)
    scope = {"areas": list(request.areas), "criteria": list(request.criteria)} if narrowed else None
    options = RunOptions(
        scenarios=chosen,
        scope=scope,
        marketplace=request.marketplace,
        profile=request.profile,
        changed=changed,
        begin=begin,
        delivery=request.delivery,
        seed=request.seed,
        jobs=request.jobs,
        pace=request.pace,
        waits=waits,
        partner_url=request.partner,
        partner_token=token,
        defects=request.defects,
        sandbox_port=request.sandbox_port,
        listen=request.listen,
        public_url=request.public_url,
        gateway=request.gateway,
        histories=request.histories,
        history_length=request.history_length,
        real=request.real,
        most_writes=request.most_writes,
    )
    if options.real:
        within(plan_for(chosen, people=request.people is not None), options.most_writes)
    protocol = Protocol(language_for(request.language, request.marketplace), request.meeting)
    if request.people or request.real:
        # a person plays one scenario at a time, and days of a real calendar are given to one at a time
        options = replace(options, jobs=1)
    return PreparedRun(options, prepare_output(request.output), protocol, people=request.people)


def request_more(request: RunRequest, name: str) -> PreparedRun:
    """The stopped run ``name`` goes on, as it was asked for then.

    Raises:
        ConfigurationError: there is no such run, or something was typed that it was not asked for.
    """
    if request.areas or request.criteria or request.output:
        message = "--resume goes on with the run as it was asked for: leave --area, --criterion and --output out."
        raise ConfigurationError(message)
    before = earlier(name, request.people or PeopleRequest())
    options = before.options
    if before.assembly in ASSEMBLIES or request.real:
        if before.assembly != request.assembly:
            message = f"{name} was a run of the assembly {before.assembly}, not {request.assembly or 'of that one'}."
            raise ConfigurationError(message, hint="Go on with the settings that it began with.")
        options = replace(options, real=request.real)
    if not before.people.operate and before.assembly != "api":
        mistakes: list[str] = []
        token = _token(request, mistakes)
        if mistakes or not request.partner:
            mistakes = mistakes or ["the system of that run has a control contract: say where, with --partner URL."]
            raise ConfigurationError("\n  ".join(["the options cannot be used:", *mistakes]))
        options = replace(options, partner_url=request.partner, partner_token=token)
    protocol = Protocol(language_for(request.language, options.marketplace), request.meeting)
    return PreparedRun(options, before.output, protocol, people=before.people, goes_on=before.run)


def _token(request: RunRequest, mistakes: list[str]) -> str | None:
    """That of the partner's control contract."""
    environ = {} if request.partner_token_file and request.token_file_typed else os.environ
    keyring = later("keyring", "get_password")
    found = find_token(environ, request.partner_token_file, request.token_keyring, keyring, mistakes)
    return found.value if found else None


def _on_a_real_docplanner(request: RunRequest) -> list[str]:
    """What does not go with the assembly."""
    operated = request.people is not None and request.people.operate
    if request.assembly == "api" and (request.partner or operated):
        return ["--assembly api has the reference stub as the system: leave --partner and --people out."]
    if request.assembly == "live" and not (request.partner or operated):
        return ["--assembly live is for a system of your own: name it with --partner URL, or use --people."]
    return []


def _people(request: RunRequest, people: PeopleRequest) -> list[str]:
    """What does not go with a person at the partner system."""
    mistakes = known("capability", people.capabilities, CAPABILITIES)
    if request.partner:
        mistakes.append("--people is for a system without control contract: leave --partner out, or --people.")
    if request.defects:
        mistakes.append("--defect is for the reference stub, and --people for another system.")
    if request.begin:
        mistakes.append("--begin moves the clock of both sides, and --people has a system that nobody moves.")
    return [*mistakes, *_address("--callback-url", people.callback_url)]


def known(what: str, asked: Iterable[str], names: Iterable[str]) -> list[str]:
    """A sentence for each name that does not exist, with the nearest ones."""
    there = list(names)
    mistakes = []
    for name in asked:
        if name not in there:
            near = get_close_matches(name, there, n=3, cutoff=0.5) or there[:20]
            mistakes.append(f"There is no {what} {name!r}. Did you mean {' or '.join(near)}?")
    return mistakes


def read_token(file: Path | None, mistakes: list[str]) -> str | None:
    """A token, from the file or else the environment; never from the command line."""
    found = find_token({} if file else os.environ, file, None, later("keyring", "get_password"), mistakes)
    return found.value if found else None


def _settings(request: RunRequest, mistakes: list[str]) -> dict[str, object]:
    """Settings of the sandbox, each value as JSON or else as a text."""
    changed: dict[str, object] = {}
    for word in request.settings:
        name, equals, text = word.partition("=")
        if not equals:
            mistakes.append(f"--setting takes NAME=VALUE, such as replace_reach=whole_day, not {word!r}.")
            continue
        try:
            changed[name] = json.loads(text)
        except ValueError:
            changed[name] = text
    if request.profile in PROFILES:
        try:
            PROFILES[request.profile].changed(changed)
        except ValueError as error:
            mistakes += [f"--setting {one}" for one in str(error).split("; ") if one]
    return changed


def _instant(typed: str | None, mistakes: list[str]) -> datetime | None:
    if typed is None:
        return None
    try:
        told = datetime.fromisoformat(typed)
    except ValueError:
        told = None
    if told is None or told.tzinfo is None:
        mistakes.append(f"--begin takes a time with its offset, such as 2027-03-27T12:00:00+01:00, not {typed!r}.")
        return None
    return told


def _address(option: str, url: str | None) -> list[str]:
    if url is None:
        return []
    parts = urlsplit(url)
    if parts.scheme in {"http", "https"} and parts.hostname:
        return []
    return [f"{option} takes an address such as http://127.0.0.1:8400, not {url!r}."]


def _waits(typed: Iterable[str], mistakes: list[str]) -> Waits:
    names = [one.name for one in fields(Waits)]
    values: dict[str, float] = {}
    for one in typed:
        name, _, seconds = one.partition("=")
        if name not in names:
            mistakes += known("wait", [name], names)
            continue
        try:
            values[name] = float(seconds)
        except ValueError:
            mistakes.append(f"--wait {name} takes seconds, such as {name}=30, not {seconds!r}.")
    return Waits(**values)

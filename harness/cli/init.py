"""``acceptance init``: a few questions, and an ``acceptance.toml`` with every setting."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import typer

from harness.cli.configured import DEFAULT_FILE, NAMES, unfit_settings
from harness.config.catalogue import BY_NAME, Setting
from harness.config.reading import load
from harness.config.values import Unfit, from_text, read_value
from harness.config.writing import written
from harness.errors import ConfigurationError, OutputUnusable

__all__ = ["write_first"]

REAL = "docplanner.at"
"""What is asked of a Docplanner that is not embedded is asked only where there is one."""
QUESTIONS = {
    "partner.url": "Where is the control contract of your system? (empty: the reference stub)",
    "partner.token_file": "Which file holds its token? (empty: none, or ACCEPTANCE_PARTNER_TOKEN)",
    "sandbox.marketplace": "Which marketplace?",
    "sandbox.public_url": "How does your system on another host reach this machine? (empty: it is this machine)",
    "run.delivery": "How does news reach it: push, pull or both? (empty: push where it has it)",
    REAL: "Where is Docplanner's own test environment, a marketplace or an address? (empty: none yet)",
    "docplanner.credentials_file": "Which file holds its client_id and client_secret? (empty: the environment does)",
    "docplanner.facilities": "Which clinics there may be written to, by their ids? (empty: none yet)",
    "docplanner.tester_phone": "Whose phone does every patient there have? All messages go to it. (empty: none yet)",
}


def write_first(file: Path | None, words: Iterable[str], *, yes: bool, force: bool, as_json: bool = False) -> Path:
    """Ask what is not known, and write the file.

    Raises:
        ConfigurationError: an answer does not fit; all such answers are named.
        OutputUnusable: the file is there already, or cannot be written.
    """
    target = file or DEFAULT_FILE
    if target.exists() and not force:
        message = f"{target} is there already."
        raise OutputUnusable(message, hint="Name another with --config, or replace it with --force.")
    answers = dict(_answer(word) for word in words)
    if unknown := [name for name in answers if name not in BY_NAME]:
        message = f"There is no setting {' and no '.join(unknown)}."
        raise ConfigurationError(message, hint=f"There are {', '.join(BY_NAME)}.")
    if not yes:
        _ask(answers)
    told = {BY_NAME[name].variable: text.strip() for name, text in answers.items()}
    effective = load(None, told, {}, NAMES, {"sandbox.settings": unfit_settings})
    text = written({name: held.value for name, held in effective.settings.items()})
    try:
        with target.open("w" if force else "x", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        message = f"{target} cannot be written: {error.strerror}."
        raise OutputUnusable(message, hint="Name another place with --config.") from error
    as_object = json.dumps({"file": str(target)}, ensure_ascii=False)
    typer.echo(as_object if as_json else f"Wrote {target}. Next: acceptance check, then acceptance run")
    return target


def _ask(answers: dict[str, str]) -> None:
    try:
        for name, question in QUESTIONS.items():
            there = not name.startswith("docplanner.") or name == REAL or bool(answers.get(REAL, "").strip())
            if name not in answers and there:
                answers[name] = _prompted(BY_NAME[name], question)
    except typer.Abort as ended:
        message = "The answers ended before the questions did; nothing was written."
        raise ConfigurationError(message, hint="Give them with --set, and --yes for the rest.") from ended


def _prompted(setting: Setting, question: str) -> str:
    """The answer; who sits at a terminal is asked again where it does not fit, a pipe has no second answer."""
    usual = str(setting.default or "")

    def fitting(text: str) -> str:
        try:
            if text.strip():
                read_value(setting, from_text(setting, text.strip()), NAMES.get(setting.name, ()))
        except Unfit as unfit:
            raise typer.BadParameter(f"expected {unfit}, such as {setting.example}") from unfit
        return text

    proc = fitting if sys.stdin.isatty() else None
    told: str = typer.prompt(question, default=usual, show_default=bool(usual), err=True, value_proc=proc)
    return told


def _answer(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals:
        message = f"--set takes NAME=VALUE, such as partner.url=http://127.0.0.1:8400, not {name!r}."
        raise ConfigurationError(message)
    return name, value

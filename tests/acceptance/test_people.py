"""Runs with a person at the partner system: the same scenarios, no control contract, and who attests what."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jsonschema_rs
import pytest
from clerk import NAME, clerk_at
from runs import LONG, LONGEST_S, ROOT, Ran, acceptance, run
from typer.testing import CliRunner

from harness.cli.app import app
from harness.errors import ConfigurationError
from harness.recorder.journal import read_journal
from harness.recorder.line import Kind, Line
from harness.stub.settings import StubSettings
from harness.verdict.judge import judge

SOME = ("DP-BOK-06", "DP-MAP-03", "DP-BOK-13")
BY_DAY = tuple(part for one in SOME for part in ("--criterion", one))
NOT_ACCEPTED, NOT_PROVEN = 1, 2
AGAIN = """
asked_again = []
def first(asked):
    if asked.verb == "move_appointment" and not asked_again:
        asked_again.append(asked.verb)
        return Answer(Said.REPEAT, NAME)
    if asked.verb == "confirm_appointment":
        done = clerk.answer(asked)
        return Answer(done.said, NAME, note="by the green button")
"""
UNWILLING = """
def first(asked):
    if asked.verb == "add_appointment":
        return Answer(Said.SKIPPED, NAME, note="no time")
    if asked.verb == "mapping":
        return Answer(Said.CANNOT_TELL, NAME)
"""
LEAVES = """
def first(asked):
    if len(clerk.asked) >= {most}:
        raise OperatorGone("the shift is over")
"""


@pytest.fixture(scope="module")
def operated(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A clerk at the honest stub: by day a few scenarios of each flow, by night all of them."""
    directory = tmp_path_factory.mktemp("operated")
    with clerk_at(StubSettings(), directory, script=AGAIN) as options:
        return run(directory / "out", *options, "--seed", "7", *(("--histories", "1") if LONG else BY_DAY))


def lines_of(ran: Ran, kind: Kind) -> list[Line]:
    """The journal's lines of that kind."""
    return [one for one in read_journal(ran.directory / "journal.jsonl") if one.kind is kind]


def test_what_a_person_saw_is_attested_and_what_the_api_showed_has_passed(operated: Ran) -> None:
    """By name; at night everything that the system can do, and then the verdict is accepted."""
    outcomes = operated.outcomes()
    due = {"DP-BOK-06": "passed", "DP-MAP-03": "attested", "DP-BOK-13": "attested"}
    assert {name: outcomes[name] for name in SOME} == due, operated.out
    assert operated.criterion("DP-BOK-13")["attested_by"] == [NAME]
    assert operated.criterion("DP-BOK-06")["attested_by"] == []
    assert f"Attested by {NAME}" in operated.out
    assert NAME in (operated.directory / "verdict.html").read_text()
    if LONG:
        assert operated.verdict["verdict"] == "accepted", operated.out
        assert outcomes["DP-SCH-05"] == outcomes["DP-ACT-03"] == outcomes["DP-RES-04"] == "attested"


def test_the_verdict_follows_from_the_journal_alone_and_has_its_published_form(operated: Ran) -> None:
    """Attestations included."""
    again = json.loads(json.dumps(judge(read_journal(operated.directory / "journal.jsonl"))))
    assert again == operated.verdict
    schema = json.loads((ROOT / "harness" / "verdict" / "verdict.schema.json").read_text())
    jsonschema_rs.validator_for(schema).validate(operated.verdict)


def test_the_journal_says_who_was_asked_what_and_what_they_said(operated: Ran) -> None:
    """Repeats and notes too; each belongs to its scenario."""
    told = lines_of(operated, Kind.ATTESTATION)
    moves = [(one.body["said"], one.body["words"]) for one in told if one.body["verb"] == "move_appointment"]
    assert [said for said, _ in moves].count("repeat") == 1
    assert (moves[0][0], moves[0][1]) == ("repeat", moves[1][1])
    notes = {one.body["note"] for one in told if one.body["verb"] == "confirm_appointment"}
    assert notes == {"by the green button"}
    assert all(one.body["by"] == NAME and one.scenario for one in told)
    assert any("As staff: move Piotr " in str(one.body["words"]) for one in told)


def test_no_secret_is_told_but_to_the_person(operated: Ran) -> None:
    """The task to connect shows the client secret; no file of the run does."""
    assert not [one for one in lines_of(operated, Kind.ATTESTATION) if one.body["verb"] == "connect"]
    everything = "".join(one.read_text(errors="replace") for one in operated.directory.iterdir() if one.is_file())
    assert "client secret" not in everything + operated.out + operated.err


@pytest.fixture(scope="module")
def unwilling(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A clerk who skips and cannot tell, at a stub that ignores cancellations."""
    directory = tmp_path_factory.mktemp("unwilling")
    some = [part for one in ("DP-BOK-02", "DP-BOK-04", "DP-MAP-03") for part in ("--criterion", one)]
    with clerk_at(StubSettings(defects=("cancellations-ignored",)), directory, script=UNWILLING) as options:
        return run(directory / "out", *options, *some, "--wait", "news_push_s=2")


def test_a_defect_is_seen_by_the_person_and_is_the_partners(unwilling: Ran) -> None:
    """A cancellation that the system ignores: the clerk says no, and what there is."""
    row = unwilling.criterion("DP-BOK-02")
    assert (row["outcome"], row["blame"], unwilling.code) == ("failed", "partner", NOT_ACCEPTED), unwilling.out
    assert row["findings"][0]["headline"] == "The clinic's calendar still shows a visit of Anna"
    asked = [one.body["choice"] for one in lines_of(unwilling, Kind.ATTESTATION) if one.body["verb"] == "appointments"]
    assert asked == ["yes", "no", "no"], "once the visit was there, once all was quiet, and at the end"


def test_what_is_skipped_or_cannot_be_told_is_not_proven_and_nobodys_fault(unwilling: Ran) -> None:
    """With the reason of the catalogue."""
    skipped, unknown = unwilling.criterion("DP-BOK-04"), unwilling.criterion("DP-MAP-03")
    assert (skipped["outcome"], skipped["reason"], skipped["blame"]) == ("not proven", "not run", None)
    assert (unknown["outcome"], unknown["reason"], unknown["blame"]) == ("not proven", "could not tell", None)
    assert "no time" in skipped["scenarios"][0]["reason"]


def test_a_run_that_was_stopped_goes_on(tmp_path: Path) -> None:
    """What was judged stands, the rest is played: one run, one journal."""
    with clerk_at(StubSettings(), tmp_path, script=LEAVES.format(most=5)) as options:
        stopped = run(tmp_path / "out", *options, "--criterion", "DP-BOK-01")
        assert stopped.code == NOT_PROVEN
        assert "the shift is over" in stopped.out
        assert f"acceptance run --resume {tmp_path / 'out'}" in stopped.out
        before = {one["id"]: one for one in stopped.criterion("DP-BOK-01")["scenarios"]}
        script = tmp_path / "person.py"
        script.write_text(script.read_text().replace(LEAVES.format(most=5), "\ndef first(asked): return None\n"))
        resumed = acceptance("run", "--no-html", "--resume", str(tmp_path / "out"), "--operator-script", str(script))

    again = Ran(resumed.returncode, resumed.stdout, resumed.stderr, tmp_path / "out")
    assert again.verdict["run"] == stopped.verdict["run"]
    assert again.criterion("DP-BOK-01")["outcome"] == "attested", resumed.stdout + resumed.stderr
    after = {one["id"]: one for one in again.criterion("DP-BOK-01")["scenarios"]}
    stand = {name for name, one in before.items() if one["outcome"] == "attested"}
    assert stand
    assert {name: after[name] for name in stand} == {name: before[name] for name in stand}
    runs = [one.body["state"] for one in lines_of(again, Kind.RUN)]
    assert runs == ["started", "finished", "resumed", "finished"]
    assert "nothing is left to play" in refused("--resume", str(tmp_path / "out"))


@contextmanager
def terminal(directory: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run whose person is at the terminal, with nothing connected.

    It is started where a file has the name of a module that the workers need: they must not take it for that.
    """
    (directory.parent / "allure.py").write_text("raise ImportError('not this one')\n")
    options = [
        "--people",
        "--system",
        "Praxis",
        "--system-version",
        "7",
        "--capability",
        "pull",
        "--attested-by",
        "Ola",
    ]
    options += ["--criterion", "DP-BOK-01", "--no-html", "--config", "none", "--output", str(directory)]
    heard = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "  # tests may run in the background
    )
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", f"{heard}from harness.cli import main; main()", "run", *options],
        cwd=directory.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def shown(process: subprocess.Popen[bytes], text: str) -> str:
    """What stands on the terminal up to the line with ``text``."""
    assert process.stderr is not None
    seen = ""
    for line in process.stderr:
        seen += line.decode()
        if text in line.decode():
            return seen
    pytest.fail(f"never saw {text!r}:\n{seen}")


def stopped_at(process: subprocess.Popen[bytes], prompts: tuple[str, ...]) -> str:
    """What stands on stdout where all ``prompts`` but the last were answered with Enter, and that one with Ctrl-C."""
    assert process.stdin is not None
    for number, what in enumerate(prompts, start=1):
        assert "STAFF" in shown(process, what)
        shown(process, "Enter done")
        if number < len(prompts):
            process.stdin.write(b"\n")
            process.stdin.flush()
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=LONGEST_S)
    return out.decode()


BEFORE = ("Connect the system to Docplanner", "Let the system read everything")
WITHIN = (*BEFORE, "As staff: set the working time of")


@pytest.mark.parametrize("prompts", [WITHIN, *([BEFORE] if LONG else [])])
def test_control_c_at_a_prompt_keeps_what_there_is(tmp_path: Path, prompts: tuple[str, ...]) -> None:
    """The verdict is written, nothing hangs; once it played, it says how to go on."""
    with terminal(tmp_path / "out") as process:
        out = stopped_at(process, prompts)

    assert process.returncode == NOT_PROVEN
    assert "interrupted by the user" in out
    assert ("acceptance run --resume" in out) == (prompts == WITHIN)
    verdict = json.loads((tmp_path / "out" / "verdict.json").read_text())
    row = next(one for one in verdict["criteria"] if one["id"] == "DP-BOK-01")
    assert (row["outcome"], row["reason"]) == ("not proven", "not run")


def refused(*options: str) -> str:
    """What is said of options that cannot be used."""
    done = CliRunner().invoke(app, ["run", "--config", "none", *options])
    assert isinstance(done.exception, ConfigurationError)
    return str(done.exception)


def test_what_does_not_go_together_is_told_at_once(tmp_path: Path) -> None:
    """With a control contract, defects, a clock; and a run that was none with people."""
    options = ["--partner", "http://127.0.0.1:1", "--begin", "2027-03-27T12:00:00+01:00", "--capability", "telepathy"]
    told = refused("--people", *options, "--defect", "cancellations-ignored")
    for word in ("--partner", "--defect", "--begin", "no capability 'telepathy'"):
        assert word in told
    assert "one run at a time" in refused("--people", "--worlds")
    assert "no journal" in refused("--resume", str(tmp_path))

"""A partner that is not what it should be: the right blame, the right exit code, and no secret anywhere."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
from pathlib import Path
from socket import create_server

import pytest
from acceptance.fake_partner import fake_partner
from runs import Ran, run

from harness.recorder.journal import read_journal
from harness.recorder.line import Kind

USAGE, NOT_PROVEN = 64, 2


@pytest.mark.parametrize(("behaviour", "told"), [("html", "text/html"), ("broken", "capabilities")])
def test_a_partner_that_breaks_the_contract_at_the_start_is_configuration(
    tmp_path: Path, behaviour: str, told: str
) -> None:
    """64: nothing could be judged; the message says what came and what to compare it with."""
    with fake_partner(behaviour) as fake:
        done = run(tmp_path / "out", "--partner", fake.url)

    assert done.code == USAGE
    assert done.verdict["verdict"] == "not proven"
    assert told in done.out
    assert "partner-control.yaml" in done.out
    in_the_way = [one for one in done.verdict["checks"] if one["status"] == "trouble"]
    assert [one["what"] for one in in_the_way] == ["control contract, health"]
    assert done.verdict["trouble"]["blame"] == "configuration"
    assert {one["blame"] for one in done.verdict["criteria"]} == {"configuration"}
    assert told in (done.directory / "verdict.html").read_text()


def test_everything_in_the_way_is_told_at_once_and_nothing_is_played(tmp_path: Path) -> None:
    """An endpoint at which nobody listens, and a port that is taken: configuration, and nobody is accused."""
    with fake_partner("deaf") as fake, create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run(tmp_path / "out", "--partner", fake.url, "--sandbox-port", port, "--json")

    in_the_way = {one["what"] for one in done.verdict["checks"] if one["status"] == "trouble"}
    assert in_the_way == {"port of the sandbox", "notification endpoint"}
    assert (done.code, json.loads(done.out)["exit_code"]) == (USAGE, USAGE)
    assert {one["blame"] for one in done.verdict["criteria"]} == {"configuration"}
    assert not any(one["scenarios"] or one["findings"] for one in done.verdict["criteria"])
    assert fake.connection == {}
    page = (done.directory / "verdict.html").read_text()
    assert "Is callback_url of GET /health what others reach it by" in page
    assert "Choose another port" in page


@pytest.fixture(scope="module")
def leaky(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, list[str]]:
    """A run against a partner that repeats every secret wherever it can."""
    with fake_partner("leaky") as fake:
        done = run(
            tmp_path_factory.mktemp("leaky") / "out",
            *("--partner", fake.url, "--criterion", "DP-MAP-01", "--criterion", "DP-SCH-01", "--jobs", "2"),
            environment={"ACCEPTANCE_PARTNER_TOKEN": "canary-of-the-partner"},
        )
        return done, [*fake.secrets(), "canary-of-the-partner"]


def test_no_secret_of_the_run_is_in_its_output(leaky: tuple[Ran, list[str]]) -> None:
    """Not plain, not in base64, not percent-encoded; in no file, and not on the terminal."""
    done, secrets = leaky
    assert len(secrets) == 3
    files = [one for one in done.directory.rglob("*") if one.is_file()]
    assert len(files) > 5
    everything = {str(one): one.read_bytes() for one in files}
    everything |= {"stdout": done.out.encode(), "stderr": done.err.encode()}
    forms = [form for one in secrets for form in (one.encode(), base64.b64encode(one.encode()).rstrip(b"="))]

    leaks = [(name, form) for name, content in everything.items() for form in forms if form in content]

    assert not leaks


def test_a_partner_that_refuses_everything_is_not_accepted_and_not_excused(leaky: tuple[Ran, list[str]]) -> None:
    """What could not be arranged is not proven, and the blame is the partner's."""
    done, _ = leaky

    assert done.code == NOT_PROVEN
    assert done.criterion("DP-SCH-01")["outcome"] == "not proven"
    assert done.criterion("DP-SCH-01")["blame"] == "partner"


def test_a_partner_that_dies_half_way_keeps_what_was_judged(tmp_path: Path) -> None:
    """What was found stands; the rest is not proven, with blame on the partner, and the run does not hang."""
    stub = subprocess.Popen(
        [sys.executable, "-m", "harness.stub", "--port", "0", "--json"], stdout=subprocess.PIPE, stdin=subprocess.PIPE
    )
    assert stub.stdout is not None
    url = json.loads(stub.stdout.readline())["control_url"]
    journal = tmp_path / "out" / "journal.jsonl"
    over = threading.Event()

    def kill_after_some() -> None:
        while not over.wait(0.05):
            if journal.exists():
                ended = [one for one in read_journal(journal) if one.kind is Kind.SCENARIO and "outcome" in one.body]
                if len(ended) >= 4:
                    stub.kill()
                    return

    watcher = threading.Thread(target=kill_after_some)
    watcher.start()
    done = run(tmp_path / "out", "--partner", url, "--area", "bookings", "--jobs", "1", "--wait", "change_s=3")
    over.set()
    watcher.join()
    stub.kill()
    stub.wait()
    stub.stdout.close()
    if stub.stdin:
        stub.stdin.close()

    outcomes = [one["outcome"] for row in done.verdict["criteria"] for one in row["scenarios"]]
    assert outcomes.count("passed") >= 4
    assert "not proven" in outcomes
    assert {
        row["blame"] for row in done.verdict["criteria"] if row["outcome"] == "not proven" and row["scenarios"]
    } == {"partner"}
    assert done.code == NOT_PROVEN

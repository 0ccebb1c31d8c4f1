"""``acceptance init`` and ``acceptance config``, and a run that reads what they wrote."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.cli.app import app
from harness.cli.configured import NO_FILE, configured, requested
from harness.errors import ConfigurationError, OutputUnusable

ROOT = Path(__file__).parents[2]


def typed(*words: str, answers: str = "") -> str:
    """What the command prints; its errors are raised."""
    return CliRunner().invoke(app, list(words), input=answers, catch_exceptions=False).stdout


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(*words: str) -> dict[str, dict[str, object]]:
    """What holds."""
    told: dict[str, dict[str, object]] = json.loads(typed("config", "--json", *words))["settings"]
    return told


def test_init_writes_what_was_answered(here: Path) -> None:
    """From a pipe as from a terminal; what was not asked has its default."""
    typed("init", answers="http://127.0.0.1:8400\n\ndoctoralia.es\n\npull\n\n")

    assert settings()["partner.url"] == {"value": "http://127.0.0.1:8400", "source": "acceptance.toml:7"}
    assert settings()["sandbox.marketplace"]["value"] == "doctoralia.es"
    assert settings()["run.delivery"]["value"] == "pull"
    assert settings()["run.jobs"]["value"] == 4


def test_init_asks_of_a_real_docplanner_only_where_there_is_one(here: Path) -> None:
    """Its place, the file of credentials, the clinics, and the phone; a secret never."""
    typed("init", answers="\n\n\n\n\ndoctoralia.es\nclient.json\n17 18\n+48500700700\n")

    found = {name: one["value"] for name, one in settings().items() if name.startswith("docplanner.")}
    assert found["docplanner.at"] == "doctoralia.es"
    assert found["docplanner.credentials_file"] == "client.json"
    assert found["docplanner.facilities"] == "17 18"
    assert found["docplanner.tester_phone"] == "+48500700700"


@pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
def test_who_sits_at_a_terminal_is_asked_again(here: Path) -> None:
    """Where an answer does not fit; nothing is lost that was answered before."""
    ours, theirs = os.openpty()
    os.write(ours, b"localhost\nhttp://127.0.0.1:8400\n\n\n\npoll\npull\n\n")
    asked = subprocess.run(
        [sys.executable, "-m", "harness.cli", "init"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=theirs,
        capture_output=True,
        text=True,
        check=True,
    )
    os.close(ours)
    os.close(theirs)

    assert asked.stderr.count("Error: expected ") == 2
    assert settings()["partner.url"]["value"] == "http://127.0.0.1:8400"
    assert settings()["run.delivery"]["value"] == "pull"


def test_init_names_the_file_as_json(here: Path) -> None:
    """For a machine that asks."""
    assert json.loads(typed("init", "--yes", "--json")) == {"file": "acceptance.toml"}


def test_init_replaces_nothing_unless_told(here: Path) -> None:
    """What stands there stays."""
    (here / "acceptance.toml").write_text("# mine\n")

    with pytest.raises(OutputUnusable, match="--force"):
        typed("init", "--yes")
    assert (here / "acceptance.toml").read_text() == "# mine\n"

    typed("init", "--yes", "--force", "--set", "run.jobs=2")
    assert settings()["run.jobs"]["value"] == 2


def test_init_tells_all_answers_that_do_not_fit(here: Path) -> None:
    """And writes nothing."""
    with pytest.raises(ConfigurationError) as error:
        typed("init", "--yes", "--set", "run.jobs=99", "--set", "partner.url=localhost")

    assert "run.jobs" in str(error.value)
    assert "partner.url" in str(error.value)
    assert not (here / "acceptance.toml").exists()


def test_init_without_enough_answers_writes_nothing(here: Path) -> None:
    """And says how to go on."""
    with pytest.raises(ConfigurationError, match="--yes"):
        typed("init", answers="http://127.0.0.1:8400\n")

    assert not (here / "acceptance.toml").exists()


def test_config_masks_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where it came from is told."""
    monkeypatch.setenv("ACCEPTANCE_PARTNER_TOKEN", "canary-token")

    assert settings()["partner token"] == {"value": "***", "source": "ACCEPTANCE_PARTNER_TOKEN"}
    assert "canary" not in typed("config")


def test_a_setting_of_the_sandbox_that_does_not_exist_is_told_with_its_line(here: Path) -> None:
    """As its profile would tell it."""
    (here / "acceptance.toml").write_text("[sandbox]\nsettings = { replace_rech = 'whole_day' }\n")

    with pytest.raises(ConfigurationError, match=r"acceptance\.toml:2  sandbox\.settings: .*replace_rech"):
        typed("config")


def test_a_run_reads_the_file_and_options_go_first(here: Path) -> None:
    """The file's address is asked, unless another was typed; none reads nothing."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        closed, other = (f"http://127.0.0.1:{each.getsockname()[1]}" for each in (one, two))
    typed("init", "--yes", "--set", f"partner.url={closed}")

    assert closed in typed("run", "--no-html", "--criterion", "DP-BOK-01", "--output", "a")
    assert other in typed("run", "--no-html", "--criterion", "DP-BOK-01", "--output", "b", "--partner", other)
    with pytest.raises(ConfigurationError, match="no marketplace"):
        typed("run", "--config", "none", "--marketplace", "nowhere.pl")


@pytest.mark.parametrize(
    ("typed_ones", "at_a_time"), [({}, 8), ({"partner.url": "http://127.0.0.1:8400"}, 4), ({"run.jobs": 4}, 4)]
)
def test_the_reference_clinic_bears_more_scenarios_at_a_time(typed_ones: dict[str, object], at_a_time: int) -> None:
    """A system that nobody knows is asked for less, and what was said holds."""
    told = requested(configured(NO_FILE, typed_ones), areas=(), criteria=(), defects=(), settings=(), waits=())

    assert told.jobs == at_a_time

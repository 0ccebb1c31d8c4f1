"""What begins the nights: as far as it can be checked without waiting for one."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from croniter import croniter
from hypothesis import given
from hypothesis import strategies as some

from harness.cli.app import app
from harness.schedules.kind import Kind
from harness.schedules.schedules import Told, files_for
from tests.runs import acceptance

CONFIGS = (Path("north.toml"), Path("south clinic.toml"))
SYSTEMD = shutil.which("systemd-analyze")
COMMAND = typer.main.get_command(app)
TEXTS = some.text(some.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=12)


def told(*configs: Path, at: time = time(2, 30), directory: Path = Path("/srv/our tests")) -> Told:
    """Settings of two systems, in a directory whose name wants quotes."""
    return Told(configs or CONFIGS, at, directory, Path("/opt/acceptance 1/bin/acceptance"))


def understood(words: list[str]) -> dict[str, Any]:
    """What our own program makes of a command line; nothing is run."""
    assert words[0] == "nightly"
    command = COMMAND.commands["nightly"]  # type: ignore[attr-defined]
    context = command.make_context("nightly", words[1:])
    return dict(context.params)


def cron_lines(text: str) -> Iterator[tuple[str, str]]:
    """When, and what, of each line."""
    for line in text.splitlines():
        if line and not line.startswith("#"):
            when, what = " ".join(line.split(" ")[:5]), line.split(" ", 5)[5]
            yield when, what.replace(r"\%", "%")


def test_cron_begins_every_night() -> None:
    """At the hour, for each system; the command is one that we understand."""
    lines = list(cron_lines(files_for(Kind.CRON, told())["acceptance.cron"]))

    assert len(lines) == 2
    for (when, what), config in zip(lines, CONFIGS, strict=True):
        begins = croniter(when, datetime(2026, 11, 23, 12, tzinfo=UTC))
        assert begins.get_next(datetime) == datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
        words = shlex.split(what)
        nightly = words[words.index("nightly") : words.index(">")]
        assert words[:2] == ["cd", "/srv/our tests"]
        assert words[words.index("nightly") - 1] == "/opt/acceptance 1/bin/acceptance"
        assert understood(nightly)["config"] == config


@given(config=TEXTS, directory=TEXTS, at=some.times())
def test_no_name_breaks_out_of_a_crontab(config: str, directory: str, at: time) -> None:
    """Whatever the files are called: one line each, and the shell sees the names as they are."""
    one = told(Path(config), at=at, directory=Path("/") / directory)

    [(when, what)] = cron_lines(files_for(Kind.CRON, one)["acceptance.cron"])

    assert croniter.is_valid(when)
    words = shlex.split(what)
    assert words[1] == str(one.directory)
    assert words[words.index("--config") + 1] == str(Path(config))


def test_cron_runs_in_a_shell(tmp_path: Path) -> None:
    """What it says is kept, and shown where the night failed."""
    command = tmp_path / "accept ance"
    command.write_text('#!/bin/sh\necho played "$@"\nexit 1\n')
    command.chmod(0o755)
    one = Told((Path("north 50%.toml"),), time(2, 30), tmp_path, command)

    [(_, what)] = cron_lines(files_for(Kind.CRON, one)["acceptance.cron"])
    done = subprocess.run(["/bin/sh", "-c", what], capture_output=True, text=True, check=False)

    assert done.stdout == "played nightly --config north 50%.toml\n"
    assert (tmp_path / "reports/out/nightly-north-50.log").read_text() == done.stdout


def test_units_of_systemd_are_sound(tmp_path: Path) -> None:
    """By systemd's own program where it is there, and by their form everywhere."""
    command = tmp_path / "bin dir" / "acceptance"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    files = files_for(Kind.SYSTEMD, Told(CONFIGS, time(2, 30), tmp_path, command))
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    assert set(files) == {
        f"acceptance-{one}.{unit}" for one in ("north", "south-clinic") for unit in ("service", "timer")
    }
    for config, name in zip(CONFIGS, ("north", "south-clinic"), strict=True):
        service, timer = configparser.RawConfigParser(), configparser.RawConfigParser()
        service.read_string(files[f"acceptance-{name}.service"])
        timer.read_string(files[f"acceptance-{name}.timer"])
        words = shlex.split(service["Service"]["ExecStart"])
        assert words[0] == str(command)
        assert understood(words[1:])["config"] == config
        assert timer["Timer"]["OnCalendar"] == "*-*-* 02:30:00"
    if SYSTEMD:
        units = [str(tmp_path / name) for name in files]
        verified = subprocess.run([SYSTEMD, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
        ours = [line for line in verified.stderr.splitlines() if "acceptance-" in line]
        assert not ours
        calendar = [SYSTEMD, "calendar", "*-*-* 02:30:00"]
        assert subprocess.run(calendar, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("kind", "schema"), [(Kind.GITHUB, "vendor.github-workflows"), (Kind.GITLAB, "vendor.gitlab-ci")]
)
def test_the_file_of_a_ci_is_as_the_ci_wants_it(kind: Kind, schema: str, tmp_path: Path) -> None:
    """By the CI's own published schema."""
    [(name, text)] = files_for(kind, told()).items()
    file = tmp_path / name.lstrip(".")
    file.write_text(text)

    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


def shell_lines(content: Mapping[str, Any]) -> list[str]:
    """Everything that a shell of the CI would run."""
    steps = content.get("jobs", {}).get("night", {}).get("steps", ())
    return [one["run"] for one in steps if "run" in one] + list(content.get("acceptance", {}).get("script", ()))


@pytest.mark.parametrize("kind", [Kind.GITHUB, Kind.GITLAB])
def test_a_ci_plays_each_system_with_a_history_of_its_own(kind: Kind) -> None:
    """One job each, the token by name alone, the command one that we understand."""
    [text] = files_for(kind, told()).values()
    content = yaml.safe_load(text)
    [night] = [one for one in shell_lines(content) if " nightly " in one]
    words = shlex.split(night)
    options = understood(words[words.index("nightly") :])

    if kind is Kind.GITHUB:
        job = content["jobs"]["night"]
        rows = job["strategy"]["matrix"]["include"]
        systems = [(one["name"], one["config"], one["token"]) for one in rows]
        kept = [one["with"]["path"] for one in job["steps"] if "cache" in str(one.get("uses"))]
        uploaded = next(one["with"]["path"] for one in job["steps"] if "upload" in str(one.get("uses")))
        assert croniter.is_valid(content[True]["schedule"][0]["cron"])  # YAML reads ``on`` as a truth
    else:
        job = content["acceptance"]
        systems = [(one["NAME"], one["CONFIG"], one["TOKEN_VARIABLE"]) for one in job["parallel"]["matrix"]]
        kept, uploaded = [one.rstrip("/") for one in job["cache"]["paths"]], job["artifacts"]["paths"][0]
    assert systems == [
        ("north", "north.toml", "ACCEPTANCE_TOKEN_NORTH"),
        ("south-clinic", "south clinic.toml", "ACCEPTANCE_TOKEN_SOUTH_CLINIC"),
    ]
    assert set(kept) == {str(options["history"].parent)}
    assert uploaded == str(options["output"])


@given(config=TEXTS)
def test_no_name_breaks_out_of_a_ci_file(config: str) -> None:
    """A text stays a text."""
    one = told(Path(config))
    for kind in (Kind.GITHUB, Kind.GITLAB):
        [text] = files_for(kind, one).values()
        assert json.dumps(str(Path(config)), ensure_ascii=False) in text
        assert str(Path(config)) in json.dumps(yaml.safe_load(text), ensure_ascii=False, default=str).replace(
            '\\"', '"'
        ).replace("\\\\", "\\")


def test_the_command_writes_and_does_not_overwrite(tmp_path: Path) -> None:
    """And names the whole path of the program."""
    written = acceptance("schedule", "systemd", "--config", "north.toml", "--output", str(tmp_path))
    again = acceptance("schedule", "systemd", "--config", "north.toml", "--output", str(tmp_path))
    start = re.search(r"^ExecStart=(\S+)", (tmp_path / "acceptance-north.service").read_text(), re.MULTILINE)

    assert written.returncode == 0
    assert start is not None
    assert Path(start[1]).is_absolute()
    assert (again.returncode, "there already" in again.stderr) == (64, True)


def test_every_mistake_is_told(tmp_path: Path) -> None:
    """A time that is none, two systems of one name."""
    options = ("--config", "a/x.toml", "--config", "b/x.toml", "--at", "half past two", "--output", str(tmp_path))
    done = acceptance("schedule", "github", *options)

    assert done.returncode == 64
    assert "--at takes an hour" in done.stderr
    assert "x comes twice" in done.stderr
    assert not list(tmp_path.iterdir())

"""Bad input: a clear message, the right exit code, and nothing started for nothing."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from runs import acceptance, run

USAGE = 64


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--criterion", "DP-BOK-1"], "There is no criterion 'DP-BOK-1'. Did you mean DP-BOK-1"),
        (["--area", "bookngs"], "There is no area 'bookngs'. Did you mean bookings"),
        (["--marketplace", "znanylekarz.de"], "There is no marketplace 'znanylekarz.de'. Did you mean znanylekarz.pl"),
        (["--defect", "cancelation-ignored"], "There is no defect 'cancelation-ignored'. Did you mean"),
        (["--partner", "localhost:8400"], "--partner takes an address such as http://127.0.0.1:8400"),
        (["--wait", "change=3"], "There is no wait 'change'. Did you mean change_s"),
        (["--wait", "change_s=soon"], "takes seconds"),
        (["--pace", "slow"], "There is no pace 'slow'"),
        (["--patients"], "--patients is for --assembly api"),
        (["--profile", "harsher"], "There is no profile 'harsher'. Did you mean harsh"),
        (["--partner-token-file", "no-such-file"], "The token file no-such-file cannot be read"),
    ],
)
def test_a_name_that_does_not_exist_is_told_with_the_nearest_ones(arguments: list[str], told: str) -> None:
    """Exit code 64, and one sentence on stderr."""
    done = acceptance("run", *arguments)

    assert done.returncode == USAGE
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [("run", "--paec"), ("rum",), ("run", "--jobs", "many"), ("partner",)])
def test_what_was_mistyped_is_no_word_about_the_system(words: tuple[str, ...]) -> None:
    """Exit code 64, not that of a verdict; and where the help is."""
    done = acceptance(*words)

    assert done.returncode == USAGE
    assert "Usage: acceptance" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_all_mistakes_are_told_at_once() -> None:
    """Not one at a time."""
    done = acceptance("run", "--area", "nowhere", "--criterion", "DP-XXX-01", "--marketplace", "example.com")

    assert done.returncode == USAGE
    assert all(word in done.stderr for word in ("nowhere", "DP-XXX-01", "example.com"))


def test_an_output_directory_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    """It is named, and what it holds is still there."""
    (tmp_path / "thesis.tex").write_text("ten years of work")

    done = run(tmp_path)

    assert done.code == USAGE
    assert "thesis.tex" in done.err
    assert [one.name for one in tmp_path.iterdir()] == ["thesis.tex"]


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """With the remedy."""
    file = tmp_path / "report"
    file.touch()

    done = run(file)

    assert done.code == USAGE
    assert "is a file" in done.err
    assert "--output" in done.err


def test_a_taken_port_is_configuration_and_not_the_partners_fault(tmp_path: Path) -> None:
    """The verdict says so too."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run(tmp_path / "out", "--sandbox-port", port, "--criterion", "DP-BOK-01")

    assert done.code == USAGE
    assert done.verdict["verdict"] == "not proven"
    assert port in done.out
    assert "configuration" in done.out


def test_a_partner_that_is_not_there_is_told_and_judged_not_proven(tmp_path: Path) -> None:
    """Nothing could be judged: 64, and a verdict page all the same."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"

    done = run(tmp_path / "out", "--partner", url)

    assert done.code == USAGE
    assert done.out.splitlines()[0] == "NOT PROVEN"
    assert "--partner" in done.out
    assert (done.directory / "verdict.html").is_file()
    assert set(done.outcomes().values()) == {"not proven"}


def test_reports_are_built_of_runs_alone(tmp_path: Path) -> None:
    """A directory that is not that of a run is named."""
    done = acceptance("report", "build", str(tmp_path))

    assert done.returncode == USAGE
    assert "verdict.json" in done.stderr


@pytest.mark.parametrize("command", ["run", "criteria", "defects", "stub", "sandbox", "report"])
def test_every_command_has_help(command: str) -> None:
    """That starts with what the command is for."""
    done = acceptance(command, "--help")

    assert done.returncode == 0
    assert "Usage: " in done.stdout

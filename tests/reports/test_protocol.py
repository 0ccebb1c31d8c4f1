"""What the verdict page shows beside verdict and journal: kept with the run, told anew, and never believed blindly."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs import acceptance

from reports.language import LANGUAGES
from reports.protocol import NOTHING_TOLD, Meeting, Participant, Protocol
from reports.trend import Night

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
PEOPLE = st.builds(Participant, TEXTS, TEXTS, TEXTS)
NIGHTS = st.builds(
    Night,
    st.datetimes(timezones=st.just(UTC)),
    TEXTS,
    st.dictionaries(st.sampled_from(["passed", "failed"]), st.integers(0, 60)),
)
PROTOCOLS = st.builds(
    Protocol,
    st.sampled_from(LANGUAGES),
    st.builds(Meeting, TEXTS, TEXTS, st.lists(PEOPLE, max_size=3).map(tuple)),
    st.lists(NIGHTS, max_size=3).map(tuple),
    st.dictionaries(TEXTS, TEXTS, max_size=2),
)


@given(PROTOCOLS)
def test_what_is_written_is_read_again(protocol: Protocol) -> None:
    """So the page can be made again."""
    assert Protocol.decoded(protocol.encoded()) == protocol


@given(
    st.recursive(
        st.none() | st.integers() | TEXTS,
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(["language", "meeting", "participants", "nights", "allure", "at", "counts", "name"]),
                inner,
            )
        ),
        max_leaves=8,
    )
)
def test_whatever_stands_in_the_file_gives_a_protocol(told: object) -> None:
    """The file may come from anybody."""
    found = Protocol.decoded(json.dumps(told).encode())

    assert found.language in LANGUAGES
    assert all(one.at.tzinfo for one in found.nights)


def test_a_file_that_is_no_json_tells_nothing() -> None:
    """As if there were none."""
    assert Protocol.decoded(b"\x80") == NOTHING_TOLD


@pytest.fixture(scope="module")
def run_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run leaves at least."""
    directory = tmp_path_factory.mktemp("run")
    (directory / "verdict.json").write_text(json.dumps({"verdict": "not proven", "marketplace": "jameda.de"}))
    return directory


def build(directory: Path, *options: str, config: str = "none", **environment: str) -> str:
    """What `acceptance report build` printed, without the Allure page."""
    command = ("report", "build", str(directory), "--config", config, "--no-html", *options)
    done = acceptance(*command, environment=environment)
    return f"{done.returncode} {done.stdout}{done.stderr}"


def test_the_session_is_told_by_options_and_stays(run_directory: Path, tmp_path: Path) -> None:
    """A second time without them keeps it; the file tells what was not typed."""
    config = tmp_path / "acceptance.toml"
    config.write_text('[meeting]\nplace = "Video call"\nheld = "later"\n', encoding="utf-8")

    told = build(
        run_directory, "--held", "1 December 2026", "--participant", " ,specialist,Docplanner", config=str(config)
    )
    again = build(run_directory, "--language", "auto")

    expected = Meeting("1 December 2026", "Video call", (Participant("", "specialist", "Docplanner"),))
    assert told.startswith("0 ")
    assert again.startswith("0 ")
    assert Protocol.of(run_directory).meeting == expected
    page = (run_directory / "verdict.html").read_text(encoding="utf-8")
    assert "specialist" in page
    assert '<html lang="de">' in page, "as the marketplace speaks"


def test_without_a_browser_the_remedy_is_told(run_directory: Path) -> None:
    """What was looked for, what to do, and what to do without."""
    told = build(run_directory, "--pdf", CHROMIUM="no-such-browser")

    assert told.startswith("64 ")
    assert "CHROMIUM names no-such-browser, which is no program. Install one, or name it in CHROMIUM." in told
    assert "Or open verdict.html in any browser and print it." in told
    assert (run_directory / "verdict.html").is_file()


def test_a_browser_that_prints_nothing_is_told(run_directory: Path, tmp_path: Path) -> None:
    """With what it said last."""
    broken = tmp_path / "browser"
    broken.write_text("#!/bin/sh\necho no display >&2\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)

    told = build(run_directory, "--pdf", CHROMIUM=str(broken))

    assert told.startswith("64 ")
    assert "printed nothing: no display." in told
    assert not (run_directory / "verdict.pdf").exists()


def test_a_language_that_does_not_exist_is_told(run_directory: Path) -> None:
    """With those that do."""
    told = build(run_directory, "--language", "klingon")

    assert told.startswith("64 ")
    assert "There is no language 'klingon'. Did you mean en or cs or de or es or it or pl or pt or tr or auto?" in told


def test_nights_keep_their_time() -> None:
    """With its offset."""
    at = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)

    assert Protocol.decoded(Protocol(nights=(Night(at, "accepted", {}),)).encoded()).nights[0].at == at

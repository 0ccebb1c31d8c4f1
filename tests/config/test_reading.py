"""The configuration loader: every mistake at once, and what is written is what is read."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.config.catalogue import BY_NAME, SETTINGS, Kind, Setting
from harness.config.reading import load
from harness.config.values import shown
from harness.config.writing import written
from harness.errors import ConfigurationError

NAMES = {
    "run.assembly": ("api",),
    "sandbox.marketplace": ("znanylekarz.pl", "doctoralia.es"),
    "sandbox.profile": ("documented", "harsh"),
    "run.pace": ("free", "documented"),
    "run.delivery": ("push", "pull", "both"),
    "report.language": ("en", "pl", "auto"),
}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: bool(text.strip()))
ROWS = st.dictionaries(st.sampled_from(["name", "role", "organisation"]), TEXTS, min_size=1)
SCALARS = st.one_of(TEXTS, st.booleans(), st.integers(-(2**60), 2**60))


def fitting(setting: Setting) -> st.SearchStrategy[object]:
    """Values that the setting takes."""
    by_kind: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.TEXT: TEXTS,
        Kind.PATH: TEXTS,
        Kind.ADDRESS: st.sampled_from(["http://127.0.0.1:8400", "https://clinic.example/control"]),
        Kind.INSTANT: st.just("2027-03-27T12:00:00+01:00"),
        Kind.SECONDS: st.floats(0, 1e6),
        Kind.SWITCH: st.booleans(),
        Kind.TABLE: st.dictionaries(TEXTS, SCALARS, max_size=3),
        Kind.ROWS: st.lists(ROWS, max_size=3),
        Kind.WHOLE: st.integers(int(setting.least or 0), int(setting.most or 10**9)),
    }
    return st.sampled_from(NAMES[setting.name]) if setting.kind is Kind.CHOICE else by_kind[setting.kind]


def read(text: str, environ: dict[str, str] | None = None, **typed: object) -> dict[str, tuple[object, str]]:
    """What a file of that text makes of the settings."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "acceptance.toml"
        file.write_text(text, encoding="utf-8", newline="")
        told = load(file, environ or {}, typed, NAMES).settings
        return {name: (held.value, held.source.replace(f"{folder}/", "")) for name, held in told.items()}


def mistakes_in(text: str, environ: dict[str, str] | None = None) -> list[str]:
    """The lines of the error, the first one apart."""
    with pytest.raises(ConfigurationError) as error:
        read(text, environ)
    return str(error.value).split("\n  ")[1:]


@given(st.fixed_dictionaries({}, optional={one.name: fitting(one) for one in SETTINGS}))
def test_what_is_written_is_read_again(values: dict[str, object]) -> None:
    """Each setting with its value, and those not written with their defaults."""
    held = read(written(values))

    expected = {one.name: values.get(one.name, one.default) for one in SETTINGS}
    expected["sandbox.settings"] = expected["sandbox.settings"] or None
    assert {name: value for name, (value, _) in held.items()} == expected


@given(
    st.sets(st.sampled_from([one.name for one in SETTINGS if one.kind is not Kind.TABLE]), min_size=1), st.booleans()
)
def test_every_mistake_is_told_with_its_line(wrong: set[str], also_unknown: bool) -> None:
    """However many there are: field, line, what was expected, what was seen."""
    lines = []
    for one in map(BY_NAME.__getitem__, sorted(wrong)):
        lines += [] if f"[{one.section}]" in lines else [f"[{one.section}]"]
        lines.append(f"{one.key} = [[]]")
    lines += ["[runs]", "jobs = 3"] if also_unknown else []

    told = mistakes_in("\n".join(lines))

    assert len(told) == len(wrong) + also_unknown
    for one in map(BY_NAME.__getitem__, wrong):
        mine = [line for line in told if f" {one.name}: " in line]
        assert len(mine) == 1
        number = int(mine[0].partition("  ")[0].rpartition(":")[2])
        assert lines[number - 1] == f"{one.key} = [[]]"
        assert "expected" in mine[0]
        assert "saw [[]]" in mine[0]


def test_the_later_goes_before_the_earlier() -> None:
    """Default, file, environment, command line; and each value says where it came from."""
    file = "[run]\njobs = 2\npace = 'documented'\n[sandbox]\nport = 8300\n"

    held = read(file, {"ACCEPTANCE_RUN_JOBS": "3", "ACCEPTANCE_SANDBOX_PORT": "8301"}, **{"run.jobs": 5})

    assert held["run.jobs"] == (5, "--jobs")
    assert held["sandbox.port"] == (8301, "ACCEPTANCE_SANDBOX_PORT")
    assert held["run.pace"] == ("documented", "acceptance.toml:3")
    assert held["run.histories"] == (3, "default")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "[run]\njosb = 3",
            "acceptance.toml:2  run.josb: expected a setting that exists; saw another. Did you mean run.jobs?",
        ),
        ("[sandbocks]", "Did you mean sandbox?"),
        ("run = 3", "expected a table, [run]; saw a value"),
        ("[run]\njobs = 33", "expected a whole number from 1 to 32; saw 33. Such as jobs = 4."),
        ("[run]\njobs = true", "expected a whole number from 1 to 32; saw true"),
        ("[sandbox]\nprofile = 'harh'", 'expected one of documented, harsh; saw "harh". Did you mean harsh?'),
        ("[waits]\nchange_s = nan", "expected seconds, 0 or more"),
        ("[run]\nbegin = 2027-03-27T12:00:00", "expected a time with its offset"),
        ("[run\n", "expected TOML; saw"),
    ],
)
def test_a_mistake_says_what_to_do(text: str, told: str) -> None:
    """In one line."""
    (line,) = mistakes_in(text)

    assert told in line


def test_variables_that_do_not_exist_are_told_beside_the_files_mistakes() -> None:
    """Those of other purposes are left alone."""
    told = mistakes_in(
        "[run]\njobs = 0", {"ACCEPTANCE_RUN_JOB": "3", "ACCEPTANCE_CACHE": "x", "ACCEPTANCE_RUN_SEED": "x"}
    )

    assert len(told) == 3
    assert any("Did you mean ACCEPTANCE_RUN_JOBS?" in line for line in told)


@pytest.mark.parametrize(
    "text",
    [
        "[partner]\ntoken = 'canary-secret'",
        "[partner]\npassword = 'canary-secret'",
        "[partner]\nurl = 'https://anna:canary-secret@clinic.example'",
        "[partner]\nurl = ['https://anna:canary-secret@clinic.example']",
    ],
)
def test_a_secret_in_the_wrong_place_is_not_repeated(text: str) -> None:
    """Neither in the message nor in part."""
    (line,) = mistakes_in(text)

    assert "canary" not in line
    assert "expected" in line


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("docplanner.callback_api_key", "ACCEPTANCE_CALLBACK_API_KEY"),
        ("docplanner.client_secret", "ACCEPTANCE_CLIENT_SECRET"),
        ("docplanner.tester_nin", "ACCEPTANCE_TESTER_NIN"),
        ("partner.token", "ACCEPTANCE_PARTNER_TOKEN"),
    ],
)
def test_where_a_secret_belongs_is_told(name: str, variable: str) -> None:
    """Each has a place of its own."""
    section, _, key = name.partition(".")
    (line,) = mistakes_in(f"[{section}]\n{key} = 'canary'\n")

    assert f"Set {variable} instead" in line


def test_a_long_value_is_cut() -> None:
    """So that one line stays one line."""
    assert len(shown(SETTINGS[0], "x" * 1000)) < 100


@pytest.mark.parametrize("row", ['{ nmae = "typing mistake" }', "{ name = 7 }", '"Docplanner"', "{ name = [] }"])
def test_a_row_with_another_column_or_no_text_is_told(row: str) -> None:
    """With the columns that there are, and an example."""
    (mistake,) = mistakes_in(f"[meeting]\nparticipants = [{row}]\n")

    assert "acceptance.toml:2  meeting.participants: expected a list of tables with texts, each with some of" in mistake
    assert "name, role, organisation" in mistake
    assert "integration specialist" in mistake


def test_participants_may_come_from_the_environment() -> None:
    """As JSON."""
    held = read("", {"ACCEPTANCE_MEETING_PARTICIPANTS": '[{"role": "observer"}]'})

    assert held["meeting.participants"] == ([{"role": "observer"}], "ACCEPTANCE_MEETING_PARTICIPANTS")

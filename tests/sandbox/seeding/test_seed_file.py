"""A sandbox is furnished from a file; whatever is wrong with the file is told at once, with its lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from harness.cli.app import app
from harness.clock import ManualClock, MovableClock, SystemClock
from harness.errors import ConfigurationError
from harness.recorder.journal import MemoryJournal
from harness.sandbox.http.server import serve
from harness.sandbox.seeding.furnish import checked_seed, furnish
from harness.sandbox.seeding.seed import EXAMPLE
from harness.sandbox.settings import SandboxSettings

EMPTY = SandboxSettings(clinics=0, lookalike_clinics=0, ungranted_clinics=0)
CLOCK = ManualClock(datetime(2026, 11, 23, 12, tzinfo=UTC))
LINES = EXAMPLE.read_text(encoding="utf-8").splitlines()
MISTAKES = {
    "  delivery: push ": ("  delivery: pushed ", "client.delivery: expected one of push, pull, both"),
    "  realtime: false ": ("  realtime: maybe ", "client.realtime: expected true or false"),
    "  - id: 501 ": ("  - id: first ", "clinics[1].id: expected a whole number"),
    "    grant: full ": ("    grnt: full ", "did you mean grant?"),
    "        surname: Kowalska": ("        surname: ''", "surname: expected a text"),
    "        specialization: Cardiology ": ("        specialization: Cardiologist ", "expected a known specialization"),
    "              - {name: ECG, duration: 30}": (
        "              - {name: ECG, duration: 0}",
        "duration: expected a whole",
    ),
    "              - {name: Green Shield, plans: [Basic]} ": (
        "              - {name: Green Shield, plans: [Bsic]} ",
        "did you mean Basic?",
    ),
    '              - {day: +1, from: "09:00", to: "13:00"} ': (
        '              - {day: soon, from: "09:00", to: "13:00"} ',
        "day: expected a day such as",
    ),
    '                at: "09:30"': ('                at: "half past nine"', "at: expected a time such as 09:30"),
}
"""A line of the example, what it becomes, and what is told of it."""


def written(tmp_path: Path, text: str) -> Path:
    """A seed file with that content."""
    path = tmp_path / "seed.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def told(tmp_path: Path, text: str) -> str:
    """What is wrong with it."""
    with pytest.raises(ConfigurationError) as wrong:
        checked_seed(written(tmp_path, text), EMPTY, CLOCK)
    return str(wrong.value)


def test_the_example_furnishes_a_sandbox(tmp_path: Path) -> None:
    """Over real HTTP: the clinic with the ids given, its slots without what is taken, the visit, the break."""
    seed = checked_seed(written(tmp_path, EXAMPLE.read_text(encoding="utf-8")), EMPTY, CLOCK)
    clock = MovableClock(SystemClock())
    with (
        serve(EMPTY, journal=MemoryJournal(), clock=clock, furnish=partial(furnish, seed=seed)) as sandbox,
        httpx.Client(base_url=sandbox.api_base_url, trust_env=False) as api,
    ):
        form = {"grant_type": "client_credentials", "scope": "integration"}
        basic = (sandbox.client_id, sandbox.client_secret)
        token = httpx.post(sandbox.token_url, data=form, auth=basic, trust_env=False).json()["access_token"]
        api.headers["Authorization"] = f"Bearer {token}"
        zone = sandbox.state.zone
        midnight = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        span = {"start": midnight.isoformat(), "end": (midnight + timedelta(days=1)).isoformat()}
        below = "/facilities/501/doctors/601/addresses/701"
        clinics = api.get("/facilities").json()["_items"]
        services = api.get(f"{below}/services").json()["_items"]
        slots = [one["start"][11:16] for one in api.get(f"{below}/slots", params=span).json()["_items"]]
        visits = api.get(f"{below}/bookings", params={**span, "with": "booking.patient"}).json()["_items"]
        breaks = api.get(f"{below}/breaks", params={"since": span["start"], "till": span["end"]}).json()["_items"]
        client = sandbox.state.first_client

    assert [(one["id"], one["name"]) for one in clinics] == [("501", "Clinic on the Hill")]
    assert (services[0]["id"], services[0]["name"]) == ("801", "Consultation")
    assert (slots[0], slots[-1], "09:30" in slots) == ("09:00", "12:30", False)
    assert [(one["patient"]["name"], one["start_at"][11:16], one["booked_by"]) for one in visits] == [
        ("Anna", "09:30", "user")
    ]
    assert [one["description"] for one in breaks] == ["lunch"]
    assert (client.delivery, client.callback_url) == ("push", "http://127.0.0.1:8400/docplanner/notifications")


@given(chosen=st.sets(st.sampled_from(sorted(MISTAKES)), min_size=1))
def test_every_mistake_is_told_with_its_line(tmp_path_factory: pytest.TempPathFactory, chosen: set[str]) -> None:
    """However many there are, and in the order of the file."""
    lines = list(LINES)
    due: list[tuple[int, str]] = []
    for right in chosen:
        (at,) = [number for number, line in enumerate(LINES) if line.startswith(right)]
        lines[at] = LINES[at].replace(right, MISTAKES[right][0])
        due.append((at + 1, MISTAKES[right][1]))
    found = told(tmp_path_factory.getbasetemp(), "\n".join(lines))
    problems = [line for line in found.splitlines() if line.strip().startswith("line ")]

    assert [int(one.split()[1].rstrip(":")) for one in problems] == sorted(line for line, _ in due)
    assert all(any(one.strip().startswith(f"line {line}:") and said in one for one in problems) for line, said in due)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('at: "09:30"', 'at: "12:30"'), ""),
        (
            ('at: "09:30"', 'at: "16:30"'),
            "line 38: clinics[1].doctors[1].addresses[1].visits[1]: expected what the API",
        ),
        (("day: +2", "day: +99"), "working_time[2]: expected what the API would accept, saw a refusal: 400"),
        (("id: 601", "id: 501"), "line 17: clinics[1].doctors[1]: expected an id of its own, saw '501' a second time"),
        (("services: [ECG]", "services: [EKG]"), "did you mean ECG?"),
    ],
)
def test_what_the_rules_refuse_is_told_with_its_line(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    """A visit without a slot, a day too far ahead, an id twice, a service that the address does not offer."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert change[0] in text
    text = text.replace(*change)
    if said:
        assert said in told(tmp_path, text)
    else:  # a break does not stop a patient whose slot is there: whether it does is open
        checked_seed(written(tmp_path, text), EMPTY, CLOCK)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a table, saw nothing"),
        ("[]", "expected a table, saw a list"),
        ("clinics: {}", "clinics: expected a list, saw a table"),
        ("services: [a]", "clinics: expected a list of clinics, saw nothing"),
        ("clinics:\n  - name: [", "line 2: this is no YAML"),
        ("clinics:\n  - name: a\n    name: b", "expected each field once"),
    ],
)
def test_what_is_no_seed_at_all_says_so(tmp_path: Path, text: str, said: str) -> None:
    """An empty file, a list, half of a file."""
    assert said in told(tmp_path, text)


def test_the_command_prints_the_example_and_refuses_what_it_cannot_use(tmp_path: Path) -> None:
    """Before it listens."""
    printed = CliRunner().invoke(app, ["sandbox", "--seed-file-example"])
    refused = CliRunner().invoke(app, ["sandbox", "--seed-file", str(written(tmp_path, "clinics: 1"))])
    missing = CliRunner().invoke(app, ["sandbox", "--seed-file", str(tmp_path / "none.yaml")])

    assert printed.stdout == EXAMPLE.read_text(encoding="utf-8")
    assert "line 1: clinics: expected a list, saw '1'" in str(refused.exception)
    assert "cannot be read" in str(missing.exception)

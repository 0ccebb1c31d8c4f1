"""The watch over real endpoints, with a real mail server: who is told what, and when."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from monitor.places import PASSWORD, WEBHOOK_SECRET, Place, PostOffice
from typer.testing import CliRunner

from harness.cli.app import app
from harness.clock import ManualClock
from harness.errors import ConfigurationError
from harness.monitor.history import History
from harness.monitor.letters import channels
from harness.monitor.settings import EXAMPLE, MonitorSettings, read_settings
from harness.monitor.status import exit_code, status_of
from harness.monitor.watch import Round, Watch
from reports.monitor_page import render_monitor_page

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = "key-of-the-endpoint-91"


@pytest.fixture
def endpoint() -> Iterator[Place]:
    """A PUSH endpoint."""
    with Place().serving() as place:
        yield place


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    """A mail server."""
    with PostOffice().open(tmp_path) as place:
        yield place


def settings_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endpoint: str, office: PostOffice | None, hook: str = ""
) -> Path:
    """A settings file for them."""
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    monkeypatch.setenv("ENDPOINT_KEY", KEY)
    monkeypatch.setenv("HOOK", f"{hook}/{WEBHOOK_SECRET}")
    lines = ["[[endpoint]]", 'name = "clinic"', f'url = "{endpoint}/news?token={KEY}"', "realtime = true"]
    lines += ['key_header = "X-Api-Key"', 'key_env = "ENDPOINT_KEY"']
    if office:
        lines += ["[mail]", 'host = "localhost"', f"port = {office.port}", f'ca_file = "{office.ca_file}"']
        lines += ['username = "monitor"', 'password_env = "MAIL_PASSWORD"']
        lines += ['from = "monitor@clinic.example"', 'to = ["oncall@clinic.example"]']
    if hook:
        lines += ["[webhook]", 'url_env = "HOOK"']
    path = tmp_path / "monitor.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


class Day:
    """A watch whose time passes at once."""

    def __init__(self, settings: MonitorSettings, file: Path) -> None:
        """Nothing has been pinged yet, unless the file says so."""
        self.clock = ManualClock(NOON)
        self.settings, self.history = settings, History(file)
        self.watch = Watch(settings, self.history, channels(settings), self.clock)

    def pass_by(self, rounds: int) -> list[Round]:
        """So many rounds."""
        seen: list[Round] = []

        def wait(span: timedelta) -> bool:
            self.clock.advance(span)
            return len(seen) >= rounds

        self.watch.run(wait, seen.append)
        return seen

    def status(self) -> dict[str, object]:
        """What is told of it."""
        return status_of(self.settings, self.history, self.clock.now())


def test_a_letter_comes_after_the_third_failure_and_not_after_the_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endpoint: Place, office: PostOffice
) -> None:
    """One more when it works again, and none in between; over STARTTLS, with a password."""
    day = Day(read_settings(settings_of(tmp_path, monkeypatch, endpoint.url, office)), tmp_path / "h.sqlite")
    counts = []
    for status, rounds in ((200, 2), (503, 2), (503, 1), (503, 5), (404, 1), (200, 3)):
        endpoint.status = status
        day.pass_by(rounds)
        counts.append(len(office.letters))

    assert counts == [0, 0, 1, 1, 2, 2]
    assert office.letters[0]["Subject"] == "[Docplanner endpoint] clinic fails: HTTP 503"
    assert office.letters[1]["Subject"] == "[Docplanner endpoint] clinic works again"
    assert "patients cannot book or move now" in office.letters[0].get_content()
    assert "since 2026-11-24 12:10:00 UTC" in office.letters[1].get_content()


def test_a_day_of_watching(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endpoint: Place, office: PostOffice
) -> None:
    """288 rounds, two failures at a time now and then: nobody is woken, and the figures are right."""
    day = Day(read_settings(settings_of(tmp_path, monkeypatch, endpoint.url, office)), tmp_path / "h.sqlite")
    for _ in range(24):
        endpoint.status = 200
        day.pass_by(10)
        endpoint.status = 500
        day.pass_by(2)
    status = day.status()
    seen = status["endpoints"][0]  # type: ignore[index]

    assert office.letters == []
    assert (seen["windows"]["day"]["pings"], seen["windows"]["week"]["pings"]) == (287, 288)
    assert seen["windows"]["week"]["availability"] == round(240 / 288, 5)
    assert (seen["state"], seen["failures_before_alarm"]) == ("fails", 1)
    assert seen["said"] == "2 of 3 failures: one more failure in a row, 5 min, to alarm"
    assert seen["realtime"]["denies"]
    assert exit_code(status) == 2


def test_a_restart_forgets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endpoint: Place, office: PostOffice
) -> None:
    """Two failures before it and one after it are three; the alert is not raised anew by another restart."""
    file, endpoint.status = tmp_path / "h.sqlite", 500
    config = settings_of(tmp_path, monkeypatch, endpoint.url, office)
    counts = []
    for rounds in (2, 1, 3):
        day = Day(read_settings(config), file)
        day.pass_by(rounds)
        day.history.close()
        counts.append(len(office.letters))

    assert counts == [0, 1, 1]


def test_a_letter_that_cannot_be_delivered_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endpoint: Place, office: PostOffice
) -> None:
    """It is said so meanwhile, and both letters come in their order in the end."""
    day = Day(read_settings(settings_of(tmp_path, monkeypatch, endpoint.url, office)), tmp_path / "h.sqlite")
    office.full, endpoint.status = True, 500
    seen = day.pass_by(4)
    endpoint.status = 200
    day.pass_by(1)
    waiting = day.status()["undelivered"]
    office.full = False
    day.pass_by(1)

    assert "the office is full" in seen[-1].undelivered[0]
    assert [one["occasion"] for one in waiting] == ["fails", "works again"]  # type: ignore[attr-defined]
    assert [one["Subject"].rpartition("clinic ")[2] for one in office.letters] == ["fails: HTTP 500", "works again"]
    assert day.status()["undelivered"] == []


def test_an_endpoint_that_nobody_answers_at_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer is a failure, told by webhook here; a webhook's address is a secret."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with Place().serving() as hook:
        config = settings_of(tmp_path, monkeypatch, f"http://127.0.0.1:{port}", None, hook.url)
        day = Day(read_settings(config), tmp_path / "h.sqlite")
        seen = day.pass_by(3)

        assert seen[-1].watched[0].ping.trouble == "no answer (ConnectError)"
        assert [one["occasion"] for one in hook.posted] == ["fails"]
        hook.status = 500
        day.pass_by(1)
    assert exit_code(day.status()) == 1


def test_no_secret_shows_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endpoint: Place, office: PostOffice
) -> None:
    """Not in what is printed, on the page, in letters, in the file, or in a repr; the endpoint gets its key."""
    with Place(status=500).serving() as hook:
        config = settings_of(tmp_path, monkeypatch, endpoint.url, office, hook.url)
        settings = read_settings(config)
        day = Day(settings, tmp_path / "h.sqlite")
        endpoint.status, office.full = 500, True
        said = repr(day.pass_by(4)) + repr(settings) + json.dumps(day.status())
    said += render_monitor_page(day.status()) + "".join(one.as_string() for one in office.letters)
    day.history.close()
    said += (tmp_path / "h.sqlite").read_bytes().decode("latin-1")

    assert not [one for one in (PASSWORD, KEY, WEBHOOK_SECRET) if one in said]
    assert endpoint.seen[0][2]["x-api-key"] == KEY


def test_one_round_for_cron(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endpoint: Place, office: PostOffice
) -> None:
    """The command pings once, writes the page, tells JSON, and says by its exit code how things stand."""
    config = settings_of(tmp_path, monkeypatch, endpoint.url, office)
    page = tmp_path / "status.html"
    command = ["monitor", "--config", str(config), "--history", str(tmp_path / "h.sqlite"), "--page", str(page)]
    good = CliRunner().invoke(app, [*command, "--once", "--json"])
    endpoint.status = 500
    bad = CliRunner().invoke(app, [*command, "--once"])
    status = CliRunner().invoke(app, [*command, "--status"])

    assert (good.exit_code, bad.exit_code, status.exit_code) == (0, 2, 2)
    assert json.loads(good.stdout)["endpoints"][0]["state"] == "works"
    assert "1 of 3 failures: 2 more failures in a row, 10 min, to alarm" in bad.stdout
    assert len(endpoint.seen) == 2
    assert "<h1>Failing</h1>" in page.read_text(encoding="utf-8")


def test_the_example_is_complete_and_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed to begin with can be used as it is, once the secrets are there."""
    printed = CliRunner().invoke(app, ["monitor", "--example"]).stdout
    for name in ("ACCEPTANCE_ENDPOINT_KEY", "ACCEPTANCE_SMTP_PASSWORD"):
        monkeypatch.setenv(name, "something")
    path = tmp_path / "monitor.toml"
    path.write_text(printed, encoding="utf-8")

    assert printed == EXAMPLE
    assert read_settings(path).endpoints[0].name == "production"


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    """Each with its field, what was expected and what was seen."""
    path = tmp_path / "monitor.toml"
    path.write_text(
        'interval_s = "often"\ncolour = 1\n'
        '[[endpoint]]\nname = "a"\nurl = "http://clinic.example/x"\nmethod = "PING"\nkey_header = "X"\n'
        '[[endpoint]]\nname = "a"\nurl = "https://clinic.example/x"\nrealtime = "yes"\n'
        '[mail]\nhost = "mail.example"\nsecurity = "none"\nto = "nobody"\n'
        'username = "u"\npassword_env = "MISSING_ONE"\n',
        encoding="utf-8",
    )
    with pytest.raises(ConfigurationError) as told:
        read_settings(path)

    for field in (
        "interval_s",
        "colour: no such field",
        "endpoint 1.url: http is for this machine alone",
        "endpoint 1.method",
        "endpoint 1.key_env: missing",
        "endpoint 2.name: 'a' is taken",
        "endpoint 2.realtime",
        "mail.security",
        "mail.to",
        "mail.from: missing",
        "mail.password_env: the environment has no MISSING_ONE",
    ):
        assert field in str(told.value)


def test_a_secret_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """With the command that mends it."""
    secret = tmp_path / "key"
    secret.write_text(KEY)
    secret.chmod(0o644)
    path = tmp_path / "monitor.toml"
    path.write_text(
        '[[endpoint]]\nname = "a"\nurl = "https://clinic.example"\nkey_header = "X"\nkey_file = "key"\n'
        '[webhook]\nurl = "https://hook.example"\n',
        encoding="utf-8",
    )

    with pytest.raises(ConfigurationError, match="chmod 600"):
        read_settings(path)

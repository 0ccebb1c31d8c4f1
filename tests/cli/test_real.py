"""What a run on a real Docplanner is told: credentials from one of three places, and all that is wrong at once."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.cli.configured import configured
from harness.cli.real import real_docplanner
from harness.errors import ConfigurationError

TOLD = {
    "docplanner.at": "https://localhost:9",
    "docplanner.facilities": "17 18",
    "docplanner.tester_phone": "+48500700700",
    "run.assembly": "api",
}
VARIABLES = (
    "ACCEPTANCE_CLIENT_ID",
    "ACCEPTANCE_CLIENT_SECRET",
    "ACCEPTANCE_TESTER_PHONE",
    "ACCEPTANCE_CALLBACK_API_KEY",
)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is told by the environment."""
    for one in VARIABLES:
        monkeypatch.delenv(one, raising=False)


def settings(directory: Path, **more: str) -> Path:
    """A file of settings."""
    told = {**TOLD, **{f"docplanner.{name}": value for name, value in more.items()}}
    sections: dict[str, list[str]] = {}
    for name, value in told.items():
        section, _, key = name.partition(".")
        sections.setdefault(section, []).append(f"{key} = {json.dumps(value)}")
    file = directory / "acceptance.toml"
    file.write_text("\n".join(f"[{name}]\n" + "\n".join(rows) for name, rows in sections.items()), encoding="utf-8")
    return file


def private(directory: Path, **more: str) -> Path:
    """A file of credentials that nobody else can read."""
    file = directory / "client.json"
    file.write_text(json.dumps({"client_id": "of the file", "client_secret": "a secret of the file", **more}))
    file.chmod(0o600)
    return file


def test_credentials_come_from_the_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither the environment nor a file has them."""
    kept = {("docplanner", "client_id"): "of the keyring", ("docplanner", "client_secret"): "a secret of the keyring"}
    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=lambda *asked: kept.get(asked)))

    real = real_docplanner(configured(settings(tmp_path, credentials_keyring="docplanner"), {}), "Ola")

    assert real is not None
    assert (real.client_id, real.client_secret) == ("of the keyring", "a secret of the keyring")
    assert (real.facilities, real.phone, real.confirmed_by) == (("17", "18"), "+48500700700", "Ola")


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the setting says."""
    file = settings(tmp_path, credentials_file=str(private(tmp_path)))
    of_the_file = real_docplanner(configured(file, {}), None)
    monkeypatch.setenv("ACCEPTANCE_CLIENT_ID", "of the environment")
    monkeypatch.setenv("ACCEPTANCE_CLIENT_SECRET", "a secret of the environment")

    of_the_environment = real_docplanner(configured(file, {}), None)

    assert of_the_file is not None
    assert of_the_environment is not None
    assert (of_the_file.client_id, of_the_environment.client_id) == ("of the file", "of the environment")


def test_all_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    """And nothing is told of an assembly that is not asked for."""
    file = tmp_path / "acceptance.toml"
    file.write_text('[docplanner]\nca_file = "none.pem"\n[run]\nassembly = "live"\n')

    with pytest.raises(ConfigurationError) as told:
        real_docplanner(configured(file, {}), None)

    for word in ("docplanner.at", "docplanner.facilities", "tester_phone", "none.pem", "ACCEPTANCE_CLIENT_ID"):
        assert word in str(told.value)
    assert real_docplanner(configured(settings(tmp_path), {"run.assembly": None}), None) is None


def test_the_key_of_notifications_stands_with_the_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the file or the keyring, unless the environment has another; and in no repr."""
    kept = {
        ("docplanner", "client_id"): "of the keyring",
        ("docplanner", "client_secret"): "a secret of the keyring",
        ("docplanner", "callback_api_key"): "key-of-the-keyring",
    }
    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=lambda *asked: kept.get(asked)))
    of_the_keyring = real_docplanner(configured(settings(tmp_path, credentials_keyring="docplanner"), {}), None)
    file = settings(tmp_path, credentials_file=str(private(tmp_path, callback_api_key="key-of-the-file")))
    of_the_file = real_docplanner(configured(file, {}), None)
    monkeypatch.setenv("ACCEPTANCE_CALLBACK_API_KEY", "key-of-the-environment")
    of_the_environment = real_docplanner(configured(file, {}), None)

    found = (of_the_keyring, of_the_file, of_the_environment)

    keys = [one.callback_api_key for one in found if one is not None]
    assert keys == ["key-of-the-keyring", "key-of-the-file", "key-of-the-environment"]
    assert "key-of" not in repr(found)


def test_the_testers_national_number_stands_with_the_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a real person's: in no file of settings, and in no repr."""
    file = settings(tmp_path, credentials_file=str(private(tmp_path, tester_nin="80022912345")))
    of_the_file = real_docplanner(configured(file, {}), None)
    monkeypatch.setenv("ACCEPTANCE_TESTER_NIN", "80022999999")
    of_the_environment = real_docplanner(configured(file, {}), None)
    monkeypatch.setenv("ACCEPTANCE_TESTER_NIN", " 80022999999")

    with pytest.raises(ConfigurationError, match="tester_nin"):
        real_docplanner(configured(file, {}), None)

    found = (of_the_file, of_the_environment)
    assert [one.nin for one in found if one is not None] == ["80022912345", "80022999999"]
    assert "80022" not in repr(found)


def test_what_stands_beside_the_credentials_comes_from_the_environment_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the file of credentials was typed: no option names these."""
    monkeypatch.setenv("ACCEPTANCE_CLIENT_ID", "of the environment")
    monkeypatch.setenv("ACCEPTANCE_CLIENT_SECRET", "a secret of the environment")
    monkeypatch.setenv("ACCEPTANCE_CALLBACK_API_KEY", "key-of-the-environment")
    monkeypatch.setenv("ACCEPTANCE_TESTER_NIN", "80022912345")
    typed = {"docplanner.credentials_file": str(private(tmp_path))}

    real = real_docplanner(configured(settings(tmp_path), typed), None)

    assert real is not None
    assert (real.client_id, real.callback_api_key, real.nin) == (
        "of the file",
        "key-of-the-environment",
        "80022912345",
    )


def test_what_no_header_can_carry_is_said(tmp_path: Path) -> None:
    """The key as well as its header; the key itself is not shown."""
    told = {
        "credentials_file": str(private(tmp_path, callback_api_key="zażółć\n")),
        "callback_api_key_header": "X Ours",
    }

    with pytest.raises(ConfigurationError) as seen:
        real_docplanner(configured(settings(tmp_path, **told), {}), None)

    assert "docplanner.callback_api_key_header: 'X Ours'" in str(seen.value)
    assert "callback_api_key: expected visible ASCII" in str(seen.value)
    assert "zażółć" not in str(seen.value)

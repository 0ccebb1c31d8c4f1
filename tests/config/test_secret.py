"""Where a secret may come from, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.config.secret import Secret, find_token


def no_keyring(service: str, user: str) -> object:
    """Nobody may ask it."""
    pytest.fail(f"the keyring was asked for {service} {user}")


def private(file: Path, text: str = "canary-token\n", mode: int = 0o600) -> Path:
    """A file of that mode."""
    file.write_text(text)
    file.chmod(mode)
    return file


def test_the_environment_goes_first_and_nothing_shows(tmp_path: Path) -> None:
    """Neither file nor keyring is looked at."""
    found = find_token({"ACCEPTANCE_PARTNER_TOKEN": "canary-token"}, tmp_path / "none", "praxis", no_keyring, [])

    assert found == Secret("canary-token", "ACCEPTANCE_PARTNER_TOKEN")
    assert "canary" not in repr(found)


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    """Without the blanks around it."""
    file = private(tmp_path / "token")

    assert find_token({}, file, "praxis", no_keyring, []) == Secret("canary-token", str(file))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    """The message holds the command, not the content."""
    mistakes: list[str] = []

    assert find_token({}, private(tmp_path / "token", mode=mode), None, no_keyring, mistakes) is None
    (told,) = mistakes
    assert f"chmod 600 {tmp_path / 'token'}" in told
    assert "canary" not in told


def test_the_keyring_is_asked_last() -> None:
    """For the service that was named."""
    asked = []

    def keyring(service: str, user: str) -> object:
        asked.append((service, user))
        return "canary-token"

    found = find_token({}, None, "praxis", keyring, [])

    assert found
    assert found.value == "canary-token"
    assert asked == [("praxis", "acceptance")]


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (ImportError("keyring"), "is not installed"),
        (RuntimeError("locked: canary-token"), "did not answer (RuntimeError)"),
        (None, "keyring set praxis acceptance"),
    ],
)
def test_a_keyring_without_an_answer_is_told(trouble: Exception | None, told: str) -> None:
    """With what to do, and without its own words."""

    def keyring(service: str, user: str) -> object:
        if trouble:
            raise trouble

    mistakes: list[str] = []
    assert find_token({}, None, "praxis", keyring, mistakes) is None
    (line,) = mistakes
    assert told in line
    assert "canary" not in line

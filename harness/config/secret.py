"""Secrets: from the environment, a file that nobody else can read, or the machine's keyring. Never shown."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.config.catalogue import TOKEN_VARIABLE

__all__ = ["KEYRING_USER", "Keyring", "Secret", "find_token", "from_keyring", "read_private_text"]

KEYRING_USER = "acceptance"
INSTALL = "Install it with `pip install 'docplanner-acceptance[keyring]'`, or use another source."

Keyring = Callable[[str, str], object]
"""Asks the keyring for the password of a service's user; None where it has none."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret and where it came from. Its value does not show in a repr."""

    value: str
    source: str

    def __repr__(self) -> str:
        return f"Secret(source={self.source!r})"


def find_token(
    environ: Mapping[str, str], file: Path | None, service: str | None, keyring: Keyring, mistakes: list[str]
) -> Secret | None:
    """The partner's token, the environment first, then the file, then the keyring; None where nothing was named.

    What is wrong is added to ``mistakes``.
    """
    if told := environ.get(TOKEN_VARIABLE):
        return Secret(told, TOKEN_VARIABLE)
    if file is not None:
        text = read_private_text(file, "token file", mistakes)
        return Secret(text, str(file)) if text else None
    return from_keyring(service, KEYRING_USER, keyring, TOKEN_VARIABLE, mistakes) if service else None


def from_keyring(service: str, user: str, keyring: Keyring, instead: str, mistakes: list[str]) -> Secret | None:
    """What the keyring keeps for the user of a service; ``instead`` names the variable that does without it.

    What is wrong is added to ``mistakes``.
    """
    try:
        kept = keyring(service, user)
    except ImportError:
        mistakes.append(f"A secret in the keyring needs the library keyring, which is not installed. {INSTALL}")
        return None
    except Exception as error:  # noqa: BLE001 - its backends raise what they like, and their texts may tell the secret
        mistakes.append(f"The keyring did not answer ({type(error).__name__}). Unlock it, or set {instead}.")
        return None
    if not kept:
        mistakes.append(
            f"The keyring has no password of user {user} for {service}. Store it with `keyring set {service} {user}`."
        )
        return None
    return Secret(str(kept), f"keyring {service}")


def read_private_text(file: Path, what: str, mistakes: list[str]) -> str | None:
    """The file's text without the blanks around it; only if nobody but its owner can read it."""
    try:
        mode = file.stat().st_mode
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            mistakes.append(f"The {what} {file} can be read by others. Run: chmod 600 {file}")
            return None
        text = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        mistakes.append(f"The {what} {file} cannot be read: {error.strerror}.")
        return None
    except UnicodeDecodeError:
        mistakes.append(f"The {what} {file} is not text in UTF-8.")
        return None
    if not text:
        mistakes.append(f"The {what} {file} is empty.")
    return text or None

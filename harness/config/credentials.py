"""The API client's id and secret: from the environment, a file that nobody else can read, or the machine's keyring.

Never from the command line, which other users can read, and never shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.config.secret import Keyring, from_keyring, read_private_text

__all__ = ["ID_VARIABLE", "SECRET_VARIABLE", "ApiClient", "find_credentials"]

ID_VARIABLE, SECRET_VARIABLE = "ACCEPTANCE_CLIENT_ID", "ACCEPTANCE_CLIENT_SECRET"
NAMES = ("client_id", "client_secret")
"""Keys of the file, and users under which the keyring has them."""
VARIABLES = (ID_VARIABLE, SECRET_VARIABLE)
FORM = 'It should hold {"client_id": "...", "client_secret": "..."}.'
HINT = (
    "Give them there, in a file of your own (docplanner.credentials_file), or in the keyring "
    "(docplanner.credentials_keyring)."
)


@dataclass(frozen=True, slots=True)
class ApiClient:
    """An API client and where it came from. Its secret does not show in a repr."""

    client_id: str
    client_secret: str
    source: str

    def __repr__(self) -> str:
        return f"ApiClient(client_id={self.client_id!r}, source={self.source!r})"


def find_credentials(
    environ: Mapping[str, str], file: Path | None, service: str | None, keyring: Keyring, mistakes: list[str]
) -> ApiClient | None:
    """The API client: the environment first, then the file, then the keyring; both halves from the same place.

    What is wrong or missing is added to ``mistakes``, and the answer is None.
    """
    if any(environ.get(one) for one in VARIABLES) or (file is None and service is None):
        where = f"the environment ({ID_VARIABLE}, {SECRET_VARIABLE})"
        told = [environ.get(one) for one in VARIABLES]
        return _both(told, where, HINT, ID_VARIABLE, mistakes)
    if file is not None:
        return _from_file(file, mistakes)
    return _from_keyring(str(service), keyring, mistakes)


def _from_file(file: Path, mistakes: list[str]) -> ApiClient | None:
    text = read_private_text(file, "file of credentials", mistakes)
    if text is None:
        return None
    try:
        read = json.loads(text)
    except ValueError:
        mistakes.append(f"{file} does not hold JSON. {FORM}")
        return None
    told = read if isinstance(read, dict) else {}
    return _both([told.get(one) for one in NAMES], str(file), FORM, str(file), mistakes)


def _from_keyring(service: str, keyring: Keyring, mistakes: list[str]) -> ApiClient | None:
    told: list[object] = []
    for one in NAMES:
        found = from_keyring(service, one, keyring, f"{ID_VARIABLE} and {SECRET_VARIABLE}", mistakes)
        if found is None:
            return None
        told.append(found.value)
    source = f"keyring {service}"
    return _both(told, f"the {source}", HINT, source, mistakes)


def _both(told: Sequence[object], where: str, hint: str, source: str, mistakes: list[str]) -> ApiClient | None:
    client_id, client_secret = (str(one).strip() if isinstance(one, str | int) else "" for one in told)
    missing = [name for name, one in zip(NAMES, (client_id, client_secret), strict=True) if not one]
    if missing:
        mistakes.append(f"There is no {' and no '.join(missing)} in {where}. {hint}")
        return None
    return ApiClient(client_id, client_secret, source)

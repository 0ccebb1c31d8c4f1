"""The API client's id and secret, and the key that notifications carry, where one is agreed.

From the environment, a file that nobody else can read, or the machine's keyring.

Never from the command line, which other users can read, and never shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.config.secret import Keyring, from_keyring, read_private_text

__all__ = ["CALLBACK_KEY_VARIABLE", "ID_VARIABLE", "SECRET_VARIABLE", "ApiClient", "find_credentials"]

ID_VARIABLE, SECRET_VARIABLE = "ACCEPTANCE_CLIENT_ID", "ACCEPTANCE_CLIENT_SECRET"
CALLBACK_KEY_VARIABLE = "ACCEPTANCE_CALLBACK_API_KEY"
CALLBACK_KEY = "callback_api_key"
NAMES = ("client_id", "client_secret")
"""Keys of the file, and users under which the keyring has them."""
HEADER_VALUE = re.compile(r"[\x21-\x7e]+")
VARIABLES = (ID_VARIABLE, SECRET_VARIABLE)
FORM = 'It should hold {"client_id": "...", "client_secret": "..."}.'
HINT = (
    "Give them there, in a file of your own (docplanner.credentials_file), or in the keyring "
    "(docplanner.credentials_keyring)."
)


@dataclass(frozen=True, slots=True)
class ApiClient:
    """An API client and where it came from. Its secrets do not show in a repr."""

    client_id: str
    client_secret: str
    source: str
    callback_api_key: str | None = None
    """What a header of each notification carries; None where no key is agreed."""

    def __repr__(self) -> str:
        return f"ApiClient(client_id={self.client_id!r}, source={self.source!r})"


def find_credentials(
    environ: Mapping[str, str], file: Path | None, service: str | None, keyring: Keyring, mistakes: list[str]
) -> ApiClient | None:
    """The API client: the environment first, then the file, then the keyring; both halves from the same place.

    The key that notifications carry may come with them, or from the environment, which goes before.
    What is wrong or missing is added to ``mistakes``, and the answer is None.
    """
    if any(environ.get(one) for one in VARIABLES) or (file is None and service is None):
        where = f"the environment ({ID_VARIABLE}, {SECRET_VARIABLE})"
        told = [environ.get(one) for one in VARIABLES]
        found = _both(told, where, HINT, ID_VARIABLE, mistakes)
    elif file is not None:
        found = _from_file(file, mistakes)
    else:
        found = _from_keyring(str(service), keyring, mistakes)
    key = environ.get(CALLBACK_KEY_VARIABLE) or (found.callback_api_key if found else None)
    if key and not HEADER_VALUE.fullmatch(key):
        mistakes.append(f"{CALLBACK_KEY}: expected visible ASCII characters, as a header carries them.")
        return None
    return replace(found, callback_api_key=key) if found else None


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
    found = _both([told.get(one) for one in NAMES], str(file), FORM, str(file), mistakes)
    key = told.get(CALLBACK_KEY)
    return replace(found, callback_api_key=str(key)) if found and key else found


def _from_keyring(service: str, keyring: Keyring, mistakes: list[str]) -> ApiClient | None:
    told: list[object] = []
    for one in NAMES:
        found = from_keyring(service, one, keyring, f"{ID_VARIABLE} and {SECRET_VARIABLE}", mistakes)
        if found is None:
            return None
        told.append(found.value)
    source = f"keyring {service}"
    client = _both(told, f"the {source}", HINT, source, mistakes)
    # the keyring has answered twice: that it has no such key means that none is agreed
    key = from_keyring(service, CALLBACK_KEY, keyring, CALLBACK_KEY_VARIABLE, [])
    return replace(client, callback_api_key=key.value) if client and key else client


def _both(told: Sequence[object], where: str, hint: str, source: str, mistakes: list[str]) -> ApiClient | None:
    client_id, client_secret = (str(one).strip() if isinstance(one, str | int) else "" for one in told)
    missing = [name for name, one in zip(NAMES, (client_id, client_secret), strict=True) if not one]
    if missing:
        mistakes.append(f"There is no {' and no '.join(missing)} in {where}. {hint}")
        return None
    return ApiClient(client_id, client_secret, source)

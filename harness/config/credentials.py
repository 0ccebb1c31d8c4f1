"""The API client's id and secret; with them the key that notifications carry, and the tester's national number.

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

__all__ = ["BESIDE", "ID_VARIABLE", "SECRET_VARIABLE", "ApiClient", "find_credentials"]

ID_VARIABLE, SECRET_VARIABLE = "ACCEPTANCE_CLIENT_ID", "ACCEPTANCE_CLIENT_SECRET"
BESIDE = {"callback_api_key": "ACCEPTANCE_CALLBACK_API_KEY", "tester_nin": "ACCEPTANCE_TESTER_NIN"}
"""What may stand with the credentials, and the variable that goes before."""
NAMES = ("client_id", "client_secret")
"""Keys of the file, and users under which the keyring has them."""
HEADER_VALUE = re.compile(r"[\x21-\x7e]+")
LEAST_OF_A_NIN = re.compile(r"\S(?:.{2,30}\S)")
VARIABLES = (ID_VARIABLE, SECRET_VARIABLE)
FORM = 'It should hold {"client_id": "...", "client_secret": "..."}.'
HINT = (
    "Give them there, in a file of your own (docplanner.credentials_file), or in the keyring "
    "(docplanner.credentials_keyring)."
)


@dataclass(frozen=True, slots=True)
class ApiClient:
    """An API client and where it came from. What is secret does not show in a repr."""

    client_id: str
    client_secret: str
    source: str
    callback_api_key: str | None = None
    """What a header of each notification carries; None where no key is agreed."""
    tester_nin: str | None = None
    """The tester's national number, for addresses that demand one."""

    def __repr__(self) -> str:
        return f"ApiClient(client_id={self.client_id!r}, source={self.source!r})"


def find_credentials(
    environ: Mapping[str, str],
    file: Path | None,
    service: str | None,
    keyring: Keyring,
    mistakes: list[str],
    *,
    file_first: bool = False,
) -> ApiClient | None:
    """The API client: the environment first, then the file, then the keyring; both halves from the same place.

    A file that was typed goes before (``file_first``). The key that notifications carry and the tester's number may
    stand with them; for these the environment goes before whatever was typed, since no option names them.
    What is wrong or missing is added to ``mistakes``, and the answer is None.
    """
    in_environment = any(environ.get(one) for one in VARIABLES) and not (file and file_first)
    if in_environment or (file is None and service is None):
        where = f"the environment ({ID_VARIABLE}, {SECRET_VARIABLE})"
        told = [environ.get(one) for one in VARIABLES]
        found = _both(told, where, HINT, ID_VARIABLE, mistakes)
    elif file is not None:
        found = _from_file(file, mistakes)
    else:
        found = _from_keyring(str(service), keyring, mistakes)
    if found is None:
        return None
    found = _with(found, {name: environ[variable] for name, variable in BESIDE.items() if environ.get(variable)})
    if found.callback_api_key and not HEADER_VALUE.fullmatch(found.callback_api_key):
        mistakes.append("callback_api_key: expected visible ASCII characters, as a header carries them.")
        return None
    if found.tester_nin and not LEAST_OF_A_NIN.fullmatch(found.tester_nin):
        mistakes.append("tester_nin: expected the national number as it is written there, without blanks around it.")
        return None
    return found


def _with(client: ApiClient, told: Mapping[str, str]) -> ApiClient:
    """The client, with what stands beside its credentials; what is not told there stays."""
    return replace(
        client,
        callback_api_key=told.get("callback_api_key") or client.callback_api_key,
        tester_nin=told.get("tester_nin") or client.tester_nin,
    )


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
    return _with(found, {name: str(told[name]) for name in BESIDE if told.get(name)}) if found else None


def _from_keyring(service: str, keyring: Keyring, mistakes: list[str]) -> ApiClient | None:
    told: list[object] = []
    for one in NAMES:
        found = from_keyring(service, one, keyring, f"{ID_VARIABLE} and {SECRET_VARIABLE}", mistakes)
        if found is None:
            return None
        told.append(found.value)
    source = f"keyring {service}"
    client = _both(told, f"the {source}", HINT, source, mistakes)
    # the keyring has answered twice: that it does not have these means that there are none
    beside = {name: from_keyring(service, name, keyring, variable, []) for name, variable in BESIDE.items()}
    return _with(client, {name: one.value for name, one in beside.items() if one}) if client else None


def _both(told: Sequence[object], where: str, hint: str, source: str, mistakes: list[str]) -> ApiClient | None:
    client_id, client_secret = (str(one).strip() if isinstance(one, str | int) else "" for one in told)
    missing = [name for name, one in zip(NAMES, (client_id, client_secret), strict=True) if not one]
    if missing:
        mistakes.append(f"There is no {' and no '.join(missing)} in {where}. {hint}")
        return None
    return ApiClient(client_id, client_secret, source)

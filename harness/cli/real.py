"""What the settings say of a Docplanner that is not embedded."""

from __future__ import annotations

import re

from harness.cli.call import credentials_of
from harness.cli.docplanner import text_of, told_of
from harness.config import RealDocplanner
from harness.config.reading import Effective
from harness.errors import ConfigurationError

__all__ = ["ASSEMBLIES", "real_docplanner"]

ASSEMBLIES = ("api", "live")
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
"""Source: RFC 9110, 5.6.2."""
NEEDED = {
    "docplanner.at": "where it is: an address, or a marketplace",
    "docplanner.facilities": "ids of the clinics made for tests, which may be written to",
}


def real_docplanner(effective: Effective, confirmed_by: str | None) -> RealDocplanner | None:
    """The Docplanner of the assemblies ``api`` and ``live``; None where another assembly is asked for.

    ``confirmed_by`` is typed and stands in no file: an estate that changed must be looked at again.

    Raises:
        ConfigurationError: something about it is missing; names all of it.
    """
    if (assembly := effective["run.assembly"]) not in ASSEMBLIES:
        return None
    missing = [f"{name}: {told}" for name, told in NEEDED.items() if not effective[name]]
    found = told_of(effective, missing)
    phone = next(iter(sorted(found.phones)), None)
    if not phone:
        missing.append("docplanner.tester_phone: the tester's own, which every patient of the run has")
    header = str(effective["docplanner.callback_api_key_header"])
    if not HEADER_NAME.fullmatch(header):
        missing.append(f"docplanner.callback_api_key_header: {header!r} is no name of a header, such as X-Api-Key")
    if missing or found.base is None or found.client is None:
        raise ConfigurationError("\n  ".join([f"the assembly {assembly} cannot be put together:", *missing]))
    credentials = credentials_of(found.base, found.client)
    return RealDocplanner(
        base_url=str(found.base).rstrip("/"),
        client_id=credentials.client_id,
        client_secret=credentials.client_secret,
        facilities=found.facilities,
        phone=str(phone),
        email=text_of(effective, "docplanner.tester_email"),
        nin=found.client.tester_nin,
        ca_file=text_of(effective, "docplanner.ca_file"),
        notification_port=int(str(effective["docplanner.notification_port"] or 0)) or None,
        callback_api_key=found.client.callback_api_key,
        callback_api_key_header=header,
        confirmed_by=confirmed_by,
    )

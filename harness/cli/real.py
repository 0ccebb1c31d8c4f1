"""What the settings say of a Docplanner that is not embedded."""

from __future__ import annotations

from pathlib import Path

from harness.cli.call import api_base, credentials_for
from harness.cli.call_guard import tester_phones
from harness.config import RealDocplanner
from harness.config.reading import Effective
from harness.errors import ConfigurationError

__all__ = ["ASSEMBLIES", "real_docplanner"]

ASSEMBLIES = ("api", "live")
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
    phone = effective["docplanner.tester_phone"] or next(iter(sorted(tester_phones())), None)
    if not phone:
        missing.append("docplanner.tester_phone: the tester's own, which every patient of the run has")
    if missing:
        raise ConfigurationError("\n  ".join([f"the assembly {assembly} cannot be put together. Missing:", *missing]))
    base = api_base(str(effective["docplanner.at"]))
    file = effective["docplanner.credentials_file"]
    credentials = credentials_for(base, Path(str(file)) if file else None)
    return RealDocplanner(
        base_url=str(base).rstrip("/"),
        client_id=credentials.client_id,
        client_secret=credentials.client_secret,
        facilities=tuple(str(effective["docplanner.facilities"]).split()),
        phone=str(phone),
        email=_text(effective, "docplanner.tester_email"),
        ca_file=_text(effective, "docplanner.ca_file"),
        notification_port=int(str(effective["docplanner.notification_port"] or 0)) or None,
        confirmed_by=confirmed_by,
    )


def _text(effective: Effective, name: str) -> str | None:
    value = effective[name]
    return str(value) if value else None

"""A sandbox behind a door that speaks TLS, with a certificate that only its own authority stands for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import trustme
from sandbox.served import SMALL, Place, Served, served

from harness.gateway.server import serve as gateway
from harness.gateway.settings import GatewaySettings
from harness.recorder.journal import MemoryJournal
from harness.recorder.redaction import Redactor


@dataclass(frozen=True)
class OverTls:
    """A Docplanner over TLS."""

    docplanner: Served
    place: Place
    url: str
    ca: Path


@contextmanager
def over_tls(directory: Path) -> Iterator[OverTls]:
    """One with a clinic; the authority's certificate is kept in ``directory``."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(directory / "ca.pem")
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(directory / "own.pem")
    redactor = Redactor((), patient_key=bytes(32), own_phone_block="")
    with served(replace(SMALL, clinics=1, lookalike_clinics=0)) as docplanner:
        settings = GatewaySettings(docplanner=docplanner.sandbox.base_url, certificate=directory / "own.pem")
        with gateway(settings, journal=MemoryJournal(), redactor=redactor) as door:
            url = door.base_url.replace("127.0.0.1", "localhost")
            yield OverTls(docplanner, docplanner.place(), url, directory / "ca.pem")

"""TLS to the far side is kept and verified; the gateway may have a certificate of its own."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from gateway.wires import OK, answers, ask, between

from harness.contract.json_value import object_of
from harness.errors import ConfigurationError
from harness.gateway.settings import GatewaySettings

GET = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@dataclass
class Trust:
    """An authority of our own, and files with what it says."""

    authority: trustme.CA
    file: Path

    def server(self, *names: str) -> ssl.SSLContext:
        """What a server with these names speaks with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(*names).configure_cert(context)
        return context


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    """One authority for the file."""
    authority = trustme.CA()
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(file)
    return Trust(authority, file)


def test_a_far_side_with_a_good_certificate_is_asked(trust: Trust) -> None:
    """By an authority that was named."""
    with between(answers(), scheme="https", context=trust.server("localhost"), ca=trust.file) as made:
        assert ask(made.port, GET).endswith(b"ok")
        assert str(made.line().body["url"]).startswith("https://localhost:")


@pytest.mark.parametrize(("name", "known"), [("localhost", False), ("example.com", True)])
def test_a_far_side_with_another_certificate_is_not_asked(trust: Trust, name: str, known: bool) -> None:
    """Unknown to us, or made for somebody else: no request reaches it, and nobody is blamed."""
    extra = {"ca": trust.file} if known else {}
    with between(answers(), scheme="https", context=trust.server(name), **extra) as made:
        back = ask(made.port, GET)

        assert back.startswith(b"HTTP/1.1 502 Gateway\r\n")
        assert b"X-Acceptance-Gateway: tls\r\n" in back
        assert made.far.requests == []
        assert object_of(made.line().body["gateway"])["reason"] == "tls"


def test_the_gateway_can_be_called_over_tls(trust: Trust, tmp_path: Path) -> None:
    """With a certificate of its own."""
    own = tmp_path / "own.pem"
    trust.authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(own)
    client = ssl.create_default_context(cafile=trust.file)
    with between(answers(), certificate=own) as made:
        assert made.gateway.base_url.startswith("https://")
        with (
            socket.create_connection(("127.0.0.1", made.port), timeout=10) as bare,
            client.wrap_socket(bare, server_hostname="localhost") as caller,
        ):
            caller.sendall(GET)
            back = b""
            while data := caller.recv(65536):
                back += data

    assert back.endswith(OK[-2:])


@pytest.mark.parametrize("what", ["ca", "certificate"])
def test_a_file_without_certificates_is_told_before_anything_starts(tmp_path: Path, what: str) -> None:
    """With what it should be."""
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing\n")
    settings = GatewaySettings(docplanner="https://localhost", **{what: empty})  # type: ignore[arg-type]

    with pytest.raises(ConfigurationError, match="PEM"):
        (settings.trust if what == "ca" else settings.identity)()

"""A bundle's signature: an Ed25519 key of the vendor's over the manifest, which names the sum of every file.

It says that whoever has the key made the bundle, and that nobody changed it since. It does not say whose the key is:
its fingerprint is compared over another way, such as the meeting itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
    load_ssh_private_key,
    load_ssh_public_key,
)

from harness.errors import ConfigurationError

__all__ = ["PASSPHRASE", "PublicKey", "Signature", "SignatureUnreadable", "SigningKey"]

SCHEMA = "docplanner-acceptance/signature/1"
PASSPHRASE = "ACCEPTANCE_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable
MAKE_ONE = "Make one with `ssh-keygen -t ed25519 -f acceptance-key`, or `openssl genpkey -algorithm ed25519`."
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class SignatureUnreadable(Exception):
    """What stands in place of a signature is none of this version; the text says why."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of a vendor's key, as its 32 bytes."""

    raw: bytes

    @classmethod
    def read(cls, path: Path) -> PublicKey:
        """The key in ``path``: PEM, or a line as in ``id_ed25519.pub``.

        Raises:
            ConfigurationError: it cannot be read, or is no Ed25519 public key.
        """
        data = _content(path, "public key")
        try:
            key = load_pem_public_key(data) if data.startswith(b"-----") else load_ssh_public_key(data)
        except (ValueError, UnsupportedAlgorithm) as error:
            message = f"{path} holds no public key that can be read: {error}."
            raise ConfigurationError(message) from error
        if not isinstance(key, Ed25519PublicKey):
            message = f"{path} holds a public key of another kind than Ed25519."
            raise ConfigurationError(message)
        return cls(key.public_bytes(Encoding.Raw, PublicFormat.Raw))

    @property
    def fingerprint(self) -> str:
        """As ``ssh-keygen -lf`` prints it."""
        name = b"ssh-ed25519"
        wire = len(name).to_bytes(4, "big") + name + len(self.raw).to_bytes(4, "big") + self.raw
        return "SHA256:" + base64.b64encode(hashlib.sha256(wire).digest()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature, and the key that is said to have made it."""

    key: PublicKey
    signature: bytes

    @classmethod
    def decoded(cls, data: bytes) -> Signature:
        """The signature that stands as ``data`` in a bundle.

        Raises:
            SignatureUnreadable: it is none of this version.
        """
        try:
            told = json.loads(data)
            if (told["schema"], told["algorithm"]) != (SCHEMA, "Ed25519"):
                message = f"it is of another form than {SCHEMA}"
                raise SignatureUnreadable(message)
            raw, signature = (base64.b64decode(told[name], validate=True) for name in ("public_key", "signature"))
            Ed25519PublicKey.from_public_bytes(raw)
        except (ValueError, KeyError, TypeError) as error:
            message = f"it cannot be read ({type(error).__name__}: {error})"
            raise SignatureUnreadable(message) from error
        return cls(PublicKey(raw), signature)

    def fits(self, data: bytes) -> bool:
        """Whether the key signed ``data``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key.raw).verify(self.signature, data)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A vendor's key."""

    key: Ed25519PrivateKey

    @classmethod
    def read(cls, path: Path) -> SigningKey:
        """The key in ``path``, PEM or OpenSSH; its passphrase, if any, is in ``ACCEPTANCE_KEY_PASSPHRASE``.

        Raises:
            ConfigurationError: it cannot be read, others can read it too, or it is no Ed25519 key.
        """
        data = _content(path, "key")
        if os.name == "posix" and path.stat().st_mode & OTHERS:
            message = f"{path} can be read by others than you."
            raise ConfigurationError(message, hint=f"Run `chmod 600 {path}` first.")
        phrase = os.environ.get(PASSPHRASE, "").encode() or None
        try:
            load = load_ssh_private_key if b"OPENSSH PRIVATE KEY" in data else load_pem_private_key
            key = load(data, phrase)
        except TypeError as error:
            message = f"{path} is locked with a passphrase, or is not though one was given."
            raise ConfigurationError(message, hint=f"Set {PASSPHRASE}, or unset it.") from error
        except (ValueError, UnsupportedAlgorithm) as error:
            message = f"{path} holds no key that can be read, or its passphrase is another."
            raise ConfigurationError(message, hint=MAKE_ONE) from error
        if not isinstance(key, Ed25519PrivateKey):
            message = f"{path} holds a key of another kind than Ed25519."
            raise ConfigurationError(message, hint=MAKE_ONE)
        return cls(key)

    @property
    def public(self) -> PublicKey:
        """The half that others may know."""
        return PublicKey(self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def signature_of(self, data: bytes) -> dict[str, str]:
        """The signature of ``data`` as it stands in a bundle."""
        return {
            "schema": SCHEMA,
            "algorithm": "Ed25519",
            "public_key": base64.b64encode(self.public.raw).decode(),
            "signature": base64.b64encode(self.key.sign(data)).decode(),
        }


def _content(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"the {what} {path} cannot be read ({error.strerror})."
        raise ConfigurationError(message, hint=MAKE_ONE) from error

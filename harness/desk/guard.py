"""Who may use the desk: a person at this machine who has the link that was printed, and no other page of the browser.

The link holds a token for as long as the sandbox runs. It is exchanged for a signed session cookie that no script reads
and no other site sends. Every form carries a token of its session. A name that points at this machine (DNS rebinding),
a request from elsewhere, and a request that another page made are refused before anything is looked at.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

__all__ = ["FORM_TOKEN", "HEADERS", "POLICY", "Guard"]

FORM_TOKEN = "form_token"  # noqa: S105 - the name of a form's field
HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
"""Names of this machine, whatever the port: a port may be forwarded."""
HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Of every answer. With ``no-referrer`` browsers would send forms with the origin "null"."""
POLICY = (
    "default-src 'none'; style-src 'self' 'nonce-{nonce}'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing from elsewhere, no script that stands in a page, and styles in a page by its nonce alone."""


class Guard:
    """Tokens of one start of the sandbox; nothing is stored, and nothing outlives it."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)
        self._key = secrets.token_bytes(32)

    def __repr__(self) -> str:
        return "Guard()"

    @staticmethod
    def objection(request: Request) -> str | None:
        """Why the request is not even looked at, in words; None where it may go on."""
        hosts = request.headers.getlist("host")
        host = hosts[0] if len(hosts) == 1 else ""
        if _hostname(host) not in HOSTS:
            return "The desk answers under the name of this machine alone: 127.0.0.1 or localhost."
        if not _is_loopback(request.client.host if request.client else ""):
            return "The desk is for people at this machine: open it there, or forward the port to yours."
        fetched_from = request.headers.get("sec-fetch-site", "none")
        foreign = fetched_from not in {"same-origin", "none"}
        if request.method not in {"GET", "HEAD"}:
            origin = request.headers.get("origin", "")
            if foreign or urlsplit(origin).netloc != host:
                return "A form of the desk is sent from the desk alone."
        elif foreign and request.headers.get("sec-fetch-mode") != "navigate":
            return "Another page asked for this."
        return None

    def admits(self, token: str) -> bool:
        """Whether ``token`` is the one of the link."""
        return hmac.compare_digest(token.strip().encode(), self.token.encode())

    def begin(self, request: Request, response: Response) -> None:
        """The browser has a session from now on."""
        number = secrets.token_urlsafe(18)
        response.set_cookie(
            _cookie(request),
            f"{number}.{self._signed('session', number)}",
            path="/desk",
            httponly=True,
            samesite="strict",
        )

    def session(self, request: Request) -> str | None:
        """The session of the browser; None where it has none that began since the sandbox was started."""
        number, _, signature = request.cookies.get(_cookie(request), "").partition(".")
        return number if number and _equal(signature, self._signed("session", number)) else None

    def form_token(self, session: str) -> str:
        """What every form of the session carries."""
        return self._signed("form", session)

    def is_own_form(self, session: str, token: str) -> bool:
        """Whether a form was made for that session."""
        return _equal(token, self.form_token(session))

    def _signed(self, what: str, number: str) -> str:
        return hmac.new(self._key, f"{what}:{number}".encode(), hashlib.sha256).hexdigest()


def _cookie(request: Request) -> str:
    """A name for each port: browsers send a cookie to every port of a host."""
    return f"desk_{request.url.port or 80}"


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _equal(told: str, expected: str) -> bool:
    return hmac.compare_digest(told.encode(), expected.encode())

"""The recording gateway before a run: it listens, and what goes through it reaches both far sides.

Only what nobody is told by: the API is asked without a token, the notification endpoint is pinged.
"""

from __future__ import annotations

import ssl

import httpx

from harness.errors import HarnessError
from harness.gateway.server import serve
from harness.gateway.settings import GatewaySettings
from harness.preflight.line import Line, Status
from harness.recorder.journal import MemoryJournal
from harness.recorder.redaction import Redactor

__all__ = ["gateway_lines"]

TIMEOUT_S = 10.0
OWN_ANSWER = "x-acceptance-gateway"
"""The header of what the gateway answers itself, because the far side did not."""


def gateway_lines(settings: GatewaySettings, redactor: Redactor) -> tuple[Line, ...]:
    """It is started for as long as the check takes, on the ports that a run will use."""
    try:
        with (
            serve(settings, journal=MemoryJournal(), redactor=redactor) as gateway,
            httpx.Client(timeout=TIMEOUT_S, trust_env=False, verify=_anybody()) as http,
        ):
            lines = [
                Line("gateway", Status.OK, f"listens on {gateway.base_url}"),
                _through(http, "GET", f"{gateway.api_base_url}/facilities", "gateway to Docplanner"),
            ]
            if gateway.notification_url:
                lines.append(_through(http, "POST", gateway.notification_url, "gateway to the endpoint"))
            return tuple(lines)
    except HarnessError as error:
        remedy = getattr(error, "hint", "") or "See the gateway's settings."
        return (Line("gateway", Status.TROUBLE, error.args[0] if error.args else str(error), remedy),)


def _anybody() -> ssl.SSLContext:
    """For calls to ourselves, which carry nothing: whose name our certificate has is for the others to verify."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _through(http: httpx.Client, method: str, url: str, what: str) -> Line:
    try:
        answer = http.request(method, url)
    except httpx.HTTPError as error:
        return Line(what, Status.TROUBLE, f"no answer ({type(error).__name__})", "Is the public address the gateway's?")
    if OWN_ANSWER in answer.headers:
        remedy = "Is the far side's address right, does it answer, and is its certificate trusted (--ca)?"
        return Line(what, Status.TROUBLE, f"not reached: {answer.status_code} of the gateway's own", remedy)
    return Line(what, Status.OK, f"reached: {answer.status_code}")

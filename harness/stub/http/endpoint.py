"""The endpoint that takes notifications and answers real-time questions.

News is stored and answered at once; it is handled afterwards. Any other method is a ping of the monitor: it is answered
below 500 and has no effect. Source: behaviour.md, "Notifications" and "Endpoint monitoring".
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from threading import Event

import orjson

from harness.contract.json_value import JsonValue
from harness.stub.http.control import Answer
from harness.stub.questions import Denial, answer
from harness.stub.receiving.letters import BLOCKING, HANDLED, Envelope, Nonsense, open_envelope
from harness.stub.system import ClinicSystem

__all__ = ["PATH", "take"]

PATH = "/docplanner/notifications"
SLOW_S = 6.0
"""Longer than Docplanner waits."""
PINGING = frozenset({"GET", "HEAD", "OPTIONS"})
TOLD = {
    Denial.TAKEN: "the time is taken",
    Denial.BLOCKED: "the time is blocked",
    Denial.NOT_OFFERED: "the time is outside working hours",
    Denial.NO_SUCH_CALENDAR: "there is no such calendar",
}


def take(system: ClinicSystem, method: str, headers: Mapping[str, str], content: bytes) -> Answer:
    """Answer whatever is sent to the endpoint."""
    if not system.active:
        return _refusal(503, "not_allowed", "the integration is switched off")
    if system.defects.on("pings-fall-over") and method != "POST":
        return _refusal(500, "invalid", "internal error")
    if method in PINGING:
        return Answer(204)
    if method != "POST":
        return _refusal(405, "not_allowed", "notifications are sent with POST")
    if not _key_fits(system, headers):
        return _refusal(401, "unauthorized", "the API key is missing or wrong")
    return _told(system, content)


def _told(system: ClinicSystem, content: bytes) -> Answer:
    try:
        body: JsonValue = orjson.loads(content)
        news = open_envelope(body)
        if news.name in BLOCKING:
            return _decide(system, news)
        if system.tenant is None:
            return _refusal(404, "unmapped", "Docplanner is not connected")
        system.engine.take(body)
    except orjson.JSONDecodeError:
        status = 500 if system.defects.on("nonsense-falls-over") else 400
        return _refusal(status, "invalid", "the body is no JSON")
    except Nonsense as nonsense:
        return _refusal(400, "invalid", str(nonsense))
    return _refusal(500, "invalid", "internal error") if _falls_over(system, news) else Answer(204)


def _falls_over(system: ClinicSystem, news: Envelope) -> bool:
    """Whether making the answer fails, as in a careless system."""
    if system.defects.on("unknown-events-fall-over") and news.name not in HANDLED:
        return True
    return system.defects.on("endpoint-fails") and news.name == "booking-canceled"


def _decide(system: ClinicSystem, question: Envelope) -> Answer:
    denial = answer(system.engine.link, question) if system.tenant else Denial.NO_SUCH_CALENDAR
    if system.defects.on("slow-approvals"):
        Event().wait(SLOW_S)
    if denial is None or system.defects.on("always-approved"):
        return Answer(204)
    if system.defects.on("denial-without-code"):
        return Answer(409, {"message": TOLD[denial]})
    return Answer(409, {"error_code": int(denial), "message": TOLD[denial]})


def _key_fits(system: ClinicSystem, headers: Mapping[str, str]) -> bool:
    tenant = system.tenant
    if tenant is None or tenant.callback_api_key is None or system.defects.on("any-key-accepted"):
        return True
    sent = headers.get(tenant.callback_api_key_header.casefold(), "")
    return secrets.compare_digest(sent.encode(), tenant.callback_api_key.encode())


def _refusal(status: int, error: str, message: str) -> Answer:
    return Answer(status, {"error": error, "message": message})

"""The endpoint for notifications: silent, falling over, refusing, or believing anybody."""

from __future__ import annotations

from urllib.parse import urlsplit

from harness.contract.json_value import text_of
from harness.recorder.line import Channel, Kind
from harness.verdict.causes.clue import Clue, Who
from harness.verdict.checks.notifications import EndpointStands, ForgedRefused, NewsAccepted
from harness.verdict.evidence import SUCCESS, Evidence, answer_of, cited, event_of, named, operation_of, status_of

__all__ = ["falls_over_nonsense", "not_accepted", "unguarded"]

SERVER_ERROR = 500
FORBIDDEN = frozenset({401, 403})
PART = "endpoint for notifications"


def not_accepted(evidence: Evidence) -> Clue | None:
    """The last try of a notification was not answered 2xx, by no doing of the run."""
    told = [
        one
        for one in (*(evidence.before if evidence.check == NewsAccepted.__name__ else ()), *evidence.told)
        if one.kind is Kind.NOTIFICATION_TRY and one.body.get("channel") == "push" and not one.body.get("injected")
    ]
    if not (evidence.inward or evidence.check == NewsAccepted.__name__) or not told:
        return None
    bad = [one for one in told if status_of(one) not in SUCCESS]
    if not bad or (evidence.inward and bad[-1] is not told[-1]):
        return None
    last = bad[-1]
    status, lines = status_of(last), tuple(one.n for one in bad[-4:])
    if status is None:
        return Clue(
            "endpoint-silent",
            "the endpoint for notifications does not answer",
            Who.OPERATOR,
            PART,
            f"{event_of(last)} was sent to {_place(text_of(last.body.get('url')))} and nothing answered "
            f"({named(bad)}); look at whether it can be reached from the machine of the sandbox, then at whether it "
            "answers before it works",
            lines,
        )
    if status in FORBIDDEN:
        return Clue(
            "endpoint-key",
            "the endpoint refuses Docplanner's notifications for their key",
            Who.OPERATOR,
            PART,
            f"{event_of(last)} was answered {answer_of(last)}{cited(bad)}; look at whether both sides hold the same "
            "API key",
            lines,
        )
    if status >= SERVER_ERROR:
        return Clue(
            "endpoint-falls-over",
            "the endpoint answers notifications with a server error",
            Who.VENDOR,
            PART,
            f"{event_of(last)} was answered {answer_of(last)}{cited(bad)}; look at the endpoint's log at that time",
            lines,
            f"for {event_of(last)}",
        )
    return Clue(
        "endpoint-refuses",
        "the endpoint refuses notifications",
        Who.VENDOR,
        PART,
        f"{event_of(last)} was answered {answer_of(last)}{cited(bad)}; look at what the endpoint expects of it",
        lines,
        f"for {event_of(last)}",
    )


def falls_over_nonsense(evidence: Evidence) -> Clue | None:
    """Something that is no notification got a server error, or no answer."""
    if evidence.check != EndpointStands.__name__:
        return None
    sent = [
        one
        for one in (*evidence.before, *evidence.since)
        if one.kind is Kind.EXCHANGE and operation_of(one) == "sendRaw"
    ]
    return Clue(
        "endpoint-nonsense",
        "the endpoint falls over what it does not expect",
        Who.VENDOR,
        PART,
        f"it answered {evidence.problem.observed}{cited(sent)}; look at where it reads the body, before anything "
        "about it is known",
        tuple(one.n for one in sent[-4:]),
    )


def unguarded(evidence: Evidence) -> Clue | None:
    """A notification whose key was wrong or missing was not refused."""
    if evidence.check != ForgedRefused.__name__:
        return None
    forged = [one for one in evidence.since if one.kind is Kind.EXCHANGE and one.channel is Channel.NOTIFICATION]
    return Clue(
        "endpoint-unguarded",
        "the endpoint does not compare the key that was agreed",
        Who.VENDOR,
        PART,
        f"a notification without the right key was answered {evidence.problem.observed}{cited(forged)}; compare the "
        "agreed key before anything else is done with a notification",
        tuple(one.n for one in forged),
    )


def _place(url: str) -> str:
    """Host and path alone: what stands behind the question mark may be private."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "its address"
    return f"{parts.scheme}://{parts.netloc}{parts.path}" if parts.netloc else "its address"

"""The endpoint for notifications: silent, falling over, refusing, or believing anybody."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from harness.contract.json_value import text_of
from harness.recorder.line import Channel, Kind, Line
from harness.verdict.causes.clue import Clue, Who
from harness.verdict.checks.notifications import EndpointStands, ForgedRefused, NewsAccepted
from harness.verdict.evidence import SUCCESS, Evidence, answer_of, cited, event_of, operation_of, status_of
from harness.verdict.observation import AnswersSeen, ForgedAnswerSeen

__all__ = ["falls_over_nonsense", "not_accepted", "silent", "unguarded"]

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
        return silent(f"{event_of(last)} was sent to {_place(text_of(last.body.get('url')))}", bad)
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
    seen = evidence.as_seen(AnswersSeen)
    if evidence.check != EndpointStands.__name__ or seen is None:
        return None
    sent = [
        one
        for one in (*evidence.before, *evidence.since)
        if one.kind is Kind.EXCHANGE and operation_of(one) in {"sendRaw", "ping"}
    ]
    if all(status is None for _, status in seen.answers):
        return silent(f"{len(seen.answers)} requests were sent", sent)
    bad = [(what, status) for what, status in seen.answers if status is None or status >= SERVER_ERROR]
    what, status = bad[0] if bad else ("what was sent", None)
    more = f", and {len(bad) - 1} more" if len(bad) > 1 else ""
    return Clue(
        "endpoint-nonsense",
        "the endpoint falls over what it does not expect",
        Who.VENDOR,
        PART,
        f"{what} was answered {status or 'not at all'}{more}{cited(sent)}; look at where the endpoint reads method and "
        "body, before anything about them is known",
        tuple(one.n for one in sent[-4:]),
    )


def unguarded(evidence: Evidence) -> Clue | None:
    """A notification whose key was wrong or missing was not refused."""
    seen = evidence.as_seen(ForgedAnswerSeen)
    if evidence.check != ForgedRefused.__name__ or seen is None:
        return None
    forged = [one for one in evidence.since if one.kind is Kind.EXCHANGE and one.channel is Channel.NOTIFICATION]
    if seen.status is None:
        return silent("a notification was sent", forged)
    return Clue(
        "endpoint-unguarded",
        "the endpoint does not compare the key that was agreed",
        Who.VENDOR,
        PART,
        f"a notification with a {seen.key} key was answered {seen.status}{cited(forged)}; compare the agreed key "
        "before anything else is done with a notification",
        tuple(one.n for one in forged),
    )


def silent(what: str, lines: Sequence[Line]) -> Clue:
    """Nothing answers at the endpoint's address."""
    return Clue(
        "endpoint-silent",
        "the endpoint for notifications does not answer",
        Who.OPERATOR,
        PART,
        f"{what} and nothing answered{cited(lines)}; look at whether the endpoint can be reached from the machine of "
        "the sandbox, then at whether it answers before it works",
        tuple(one.n for one in lines[-4:]),
    )


def _place(url: str) -> str:
    """Host and path alone: what stands behind the question mark may be private."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "its address"
    return f"{parts.scheme}://{parts.netloc}{parts.path}" if parts.netloc else "its address"

"""Access tokens: not renewed, not kept, refused; and a system that never called at all."""

from __future__ import annotations

from harness.recorder.line import Channel, Kind
from harness.verdict.causes.clue import Clue, Who
from harness.verdict.evidence import SUCCESS, Evidence, answer_of, cited, named, operation_of, status_of

__all__ = ["credentials_refused", "never_called", "not_kept", "not_renewed"]

UNAUTHORISED = 401
PART = "access tokens"


def never_called(evidence: Evidence) -> Clue | None:
    """Nothing at all came from the partner system in this run, not even for a token."""
    if evidence.was_called or not (evidence.inward or evidence.outward):
        return None
    if any(one.kind is Kind.NOTIFICATION_TRY for one in (*evidence.before, *evidence.since)):
        return None
    return Clue(
        "never-called",
        "the clinic's system has not called Docplanner at all in this run",
        Who.OPERATOR,
        "addresses and credentials",
        f"no token call and no API call of the clinic's system stands in the journal up to line {evidence.wait.n}; "
        "look at whether it was given the sandbox's address and credentials of this run",
    )


def credentials_refused(evidence: Evidence) -> Clue | None:
    """The token service refused the last time that it was asked, and nothing was called with success after it."""
    asked = evidence.token_calls
    if not asked or status_of(asked[-1]) in {None, *SUCCESS}:
        return None
    if any(one.n > asked[-1].n and status_of(one) in SUCCESS for one in evidence.partner_lines):
        return None
    return Clue(
        "credentials",
        "the token service refuses the clinic's system",
        Who.OPERATOR,
        "credentials",
        f"the token service answered {answer_of(asked[-1])} (line {asked[-1].n}); look at whether the clinic's system "
        "has the client id and secret of this run",
        (asked[-1].n,),
    )


def not_renewed(evidence: Evidence) -> Clue | None:
    """A call was refused with 401, the last one too, and no token was fetched since."""
    calls = sorted((*evidence.calls, *evidence.other_calls), key=lambda one: one.n)
    refused = [one for one in calls if status_of(one) == UNAUTHORISED]
    if not refused or calls[-1] is not refused[-1]:
        return None
    if any(one.n > refused[0].n for one in evidence.token_calls):
        return None
    last = refused[-1]
    return Clue(
        "token-not-renewed",
        "a token that was refused is used on: no new one is fetched after a 401",
        Who.VENDOR,
        PART,
        f"{operation_of(last)} was answered {answer_of(last)}{cited(refused)} and no token was fetched after that; "
        "look at what a 401 sets off: a new token, and the same call once more",
        tuple(one.n for one in refused[-4:]),
    )


def not_kept(evidence: Evidence) -> Clue | None:
    """More tokens were fetched than a run needs."""
    if evidence.check != "TokensReused":
        return None
    asked = evidence.token_calls
    return Clue(
        "tokens-not-kept",
        "access tokens are fetched again while the old ones are good",
        Who.VENDOR,
        PART,
        f"{evidence.problem.observed}, the last in {named(asked)}; look at where the token is kept: one for the whole "
        "system, until expires_in has passed",
        tuple(one.n for one in asked[-4:] if one.channel is Channel.TOKEN),
    )

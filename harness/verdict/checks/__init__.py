"""Every check by its name, so that a judgement can be made again from the journal.

A check is a frozen value: what must be so. ``judge`` says what is wrong with an observation, or None. No I/O.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, get_type_hints

from harness.verdict.checks.access import TokensReused
from harness.verdict.checks.activation import CalendarsEqual
from harness.verdict.checks.breaks import BreakGone, BreakShown
from harness.verdict.checks.confirmed import VisitConfirmed
from harness.verdict.checks.histories import HistoryEndsEqual
from harness.verdict.checks.limits import LimitKept
from harness.verdict.checks.mapping import InsurancesMapped, ResourcesMapped, ServiceReplaced, ServicesMapped
from harness.verdict.checks.methods import MethodsUsed
from harness.verdict.checks.notifications import EndpointStands, ForgedRefused, NewsAccepted, PolledOften
from harness.verdict.checks.offers import BookableTime, TimeNotOffered, TimeOffered
from harness.verdict.checks.presence import PresenceShown
from harness.verdict.checks.profile import ProfilePopulated
from harness.verdict.checks.questions import AnsweredInTime, DenialReadable, QuestionAnswered
from harness.verdict.checks.schedule import WorkingTimeSent
from harness.verdict.checks.timing import ChangesInTime
from harness.verdict.checks.visits import OneVisitAt, StaffVisitYielded, VisitGone, VisitIdKnown, VisitShown
from harness.verdict.finding import Problem
from harness.verdict.observation import from_json

__all__ = ["CHECKS", "judge_again"]

CHECKS: Mapping[str, type[Any]] = MappingProxyType(
    {
        check.__name__: check
        for check in (
            AnsweredInTime,
            BookableTime,
            BreakGone,
            BreakShown,
            CalendarsEqual,
            ChangesInTime,
            DenialReadable,
            EndpointStands,
            ForgedRefused,
            HistoryEndsEqual,
            InsurancesMapped,
            LimitKept,
            MethodsUsed,
            NewsAccepted,
            OneVisitAt,
            PolledOften,
            PresenceShown,
            ProfilePopulated,
            QuestionAnswered,
            ResourcesMapped,
            ServiceReplaced,
            ServicesMapped,
            StaffVisitYielded,
            TimeNotOffered,
            TimeOffered,
            TokensReused,
            VisitConfirmed,
            VisitGone,
            VisitIdKnown,
            VisitShown,
            WorkingTimeSent,
        )
    }
)


def judge_again(name: str, arguments: Mapping[str, object], seen: Mapping[str, object]) -> Problem | None:
    """What the check says of the observation, both as they stand in the journal.

    Raises:
        KeyError: there is no such check.
        msgspec.ValidationError: the values are not those of the check or of what it observes.
    """
    kind = CHECKS[name]
    observed = get_type_hints(kind.judge)["seen"]
    problem: Problem | None = from_json(arguments, kind).judge(from_json(seen, observed))
    return problem

"""What is likely behind a finding. Each rule is a pure function from the evidence to a clue, or nothing.

The rules are asked in order, the deepest causes first; the first that answers is believed. A rule answers only where
the journal holds what it tells. Explaining changes no outcome.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from harness.verdict.causes import (
    blocked,
    calendars,
    differences,
    endpoint,
    histories,
    limits,
    mapping,
    news,
    questions,
    reading,
    sending,
    times,
    tokens,
    whole_run,
    working_time,
)
from harness.verdict.causes.clue import Clue, Who
from harness.verdict.causes.unknown import unknown
from harness.verdict.evidence import Evidence

__all__ = ["RULES", "Clue", "Rule", "Who", "likely"]

Rule: TypeAlias = Callable[[Evidence], Clue | None]

RULES: tuple[Rule, ...] = (
    tokens.not_kept,
    whole_run.methods,
    whole_run.late,
    whole_run.polling,
    limits.ignored,
    questions.answered,
    endpoint.unguarded,
    endpoint.falls_over_nonsense,
    tokens.never_called,
    tokens.credentials_refused,
    tokens.not_renewed,
    endpoint.not_accepted,
    mapping.resources,
    mapping.services,
    mapping.service_replaced,
    mapping.insurances,
    calendars.stored_elsewhere,
    calendars.sent_elsewhere,
    calendars.strange_service,
    times.visit_off,
    times.working_time_off,
    times.both_off,
    limits.given_up,
    histories.given_up_for_haste,
    histories.slow_given_up,
    histories.late_news_dropped,
    histories.lost_at_stop,
    reading.calendar_left_out,
    differences.doubled,
    reading.pages,
    reading.never_listed,
    reading.kept_by_comparing,
    news.cancelled_wrongly,
    reading.listed_and_not_taken,
    differences.told_and_dropped,
    differences.unsent,
    blocked.differently,
    differences.breaks_unsent,
    news.doubled,
    news.old_news,
    news.echo_revives,
    news.taken_time,
    news.changed_on_the_way,
    news.dropped,
    reading.not_asked,
    sending.warning_missing,
    sending.repeated_blindly,
    sending.lost_answer,
    sending.told_otherwise,
    sending.old_id,
    sending.half_told,
    sending.refused,
    working_time.cleared,
    working_time.as_sent,
    sending.not_sent,
)


def likely(evidence: Evidence) -> Clue:
    """The first clue that a rule has; what is known of nothing has a clue without a cause."""
    return next((clue for rule in RULES if (clue := rule(evidence)) is not None), None) or unknown(evidence)

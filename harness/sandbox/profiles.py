"""Values for what behaviour.md leaves open, each with how sure the line is, and the named sets of them.

A setting holds for the whole sandbox, and where it concerns a calendar it can be another one for that calendar alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Annotated, Literal

from msgspec import Meta

from harness.sandbox.allowed import read_values

__all__ = ["OF_THE_WHOLE", "PROFILES", "Behaviour"]

Seconds = Annotated[float, Meta(ge=0, le=31_622_400)]
"""Up to a leap year."""
Lifetime = Annotated[float, Meta(ge=1, le=31_622_400)]
Answering = Annotated[float, Meta(ge=0.05, le=60)]
Schedule = Annotated[tuple[Seconds, ...], Meta(max_length=10)]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the sandbox behaves where nobody knows for sure. Times in seconds, on the sandbox's clock."""

    profile: Literal["documented", "observed", "harsh"] = "documented"
    """The named set that it began as."""

    # -- Access ---------------------------------------------------------------------------------------------------
    token_lifetime_s: Lifetime = 3600.0
    """What ``expires_in`` says [doc]: texts say both 3600 and 24 hours."""
    token_early_s: Seconds = 0.0
    """How long before ``expires_in`` has passed a token ends: a 401 can come earlier [seen]."""
    expired_token_body: Literal["message", "no_credentials", "oauth", "empty"] = "message"  # noqa: S105 - a word
    """The body for an expired token [open]: a message of its own, the one for no credentials, OAuth's words, none."""
    numeric_ids: bool = False
    """Ids as JSON numbers, as some samples show [doc]."""
    numeric_phones: bool = False
    """Phones of patients as JSON numbers, as some samples show [doc]."""
    text_durations: bool = False
    """Durations as JSON strings, as some samples show [doc]."""

    # -- Calendars ------------------------------------------------------------------------------------------------
    slots_delay_s: Seconds = 0.2
    """Between the 201 of replaceSlots and the change being readable [seen]: within seconds."""
    replace_reach: Literal["range", "whole_day"] = "range"
    """What replaceSlots overrides [open]: the ranges alone, or the whole day of each."""
    overlapping_ranges: Literal["later_wins", "earlier_wins", "refused"] = "later_wins"
    """Ranges of one replaceSlots that overlap [open]: which of the two counts, or 400."""
    service_spans_periods: bool = False
    """Whether a long service may begin in one period and end in an adjoining one [open]."""
    period_day: Literal["marketplace", "as_sent"] = "marketplace"
    """In which time zone a period stays within one day [assumed]: the marketplace's, or the offset that was sent."""
    period_may_end_at_midnight: bool = True
    """Whether a period may end at 24:00 [open]."""
    same_payload: Literal["identical_to_last", "any_within_window"] = "identical_to_last"
    """A slots write is the same as the last one of its address, or as any of the last three minutes, even where others
    came in between [open]. Other content is never the same."""
    list_range: Literal["starts_in", "overlaps"] = "starts_in"
    """Which slots and bookings a list's range holds [assumed]."""
    break_list_range: Literal["overlaps", "starts_in"] = "overlaps"
    """Which breaks a list's range holds [assumed]."""
    empty_list: Literal["ok", "not_found"] = "ok"
    """A list with nothing to show [open]: 200 without items, or 404."""
    empty_day_deletion: Literal["ok", "not_found"] = "ok"
    """deleteSlots on an empty day [assumed]: 204, or 404."""
    update_cancels_bookings: bool = False
    """Whether replaceSlots cancels visits that lose their working time [open]. Nobody has seen it: in no named set."""
    calendar_update_enables: bool = True
    """Whether replaceSlots enables a disabled calendar [open]."""
    break_enables: bool = False
    """Whether a break enables a disabled calendar [open]."""
    breaks_hide_slots: bool = True
    """Whether getSlots takes breaks out [open]."""

    # -- Bookings -------------------------------------------------------------------------------------------------
    booking_needs_slot: bool = True
    """Whether bookSlot needs a free slot [open]."""
    visit_length: Literal["grid", "offered", "any"] = "grid"
    """How long a visit may last [open]: any multiple of the grid, the durations offered, any minutes that are free."""
    taken_move_status: Literal[400, 404, 409, 422] = 400
    """The HTTP status of a move to a time that is not free [open]."""
    moved_names_address: Literal["new", "old"] = "new"
    """Which address booking-moved names when the address changes [open]."""
    echo_own_actions: bool = False
    """Whether a partner's own API calls are told to it [open]."""

    # -- Notifications --------------------------------------------------------------------------------------------
    retry_schedule_s: Schedule = (60.0, 300.0, 900.0)
    """Before each further PUSH try [open]: none, (300, 600) or (60, 300, 900) in official texts."""
    redelivery_created_at: Literal["same", "renewed"] = "same"
    """Whether a redelivery repeats ``created_at`` [assumed]."""
    release_reach: Literal["buried", "undelivered"] = "buried"
    """What releaseNotifications sends [assumed]: what all tries failed for, or also what is still being tried."""
    realtime_answer_s: Answering = 5.0
    """How long the partner has to answer a real-time question [old]."""

    def changed(self, values: Mapping[str, object]) -> Behaviour:
        """With the values named; the others stay. ``profile`` begins anew from that set, the others come on top.

        Raises:
            ValueError: names every setting that does not exist or cannot be so, with what is allowed.
        """
        clean, mistakes = read_values(Behaviour, values)
        if mistakes:
            message = "; ".join(mistakes)
            raise ValueError(message)
        begun = PROFILES[clean["profile"]] if "profile" in clean else self
        made = replace(begun, **clean)
        if made.token_early_s >= made.token_lifetime_s:
            message = f"token_early_s: expected less than token_lifetime_s, which is {made.token_lifetime_s:g}"
            raise ValueError(message)
        return made

    @property
    def differs(self) -> tuple[str, ...]:
        """The settings that are not those of the named set."""
        begun = PROFILES[self.profile]
        return tuple(one.name for one in fields(self) if getattr(self, one.name) != getattr(begun, one.name))


PROFILES: Mapping[str, Behaviour] = {
    "documented": Behaviour(),
    "observed": Behaviour(
        profile="observed",
        token_early_s=600.0,
        slots_delay_s=2.0,
        replace_reach="whole_day",
    ),
    "harsh": Behaviour(
        profile="harsh",
        token_lifetime_s=120.0,
        token_early_s=60.0,
        expired_token_body="empty",  # noqa: S106 - a word
        numeric_ids=True,
        numeric_phones=True,
        text_durations=True,
        slots_delay_s=4.0,
        replace_reach="whole_day",
        overlapping_ranges="refused",
        period_day="as_sent",
        period_may_end_at_midnight=False,
        same_payload="any_within_window",
        list_range="overlaps",
        break_list_range="starts_in",
        empty_list="not_found",
        empty_day_deletion="not_found",
        calendar_update_enables=False,
        break_enables=True,
        breaks_hide_slots=False,
        visit_length="offered",
        taken_move_status=409,
        moved_names_address="old",
        echo_own_actions=True,
        retry_schedule_s=(),
        redelivery_created_at="renewed",
        release_reach="undelivered",
    ),
}
"""The named sets. ``documented``: what the guide says, and the mildest where it says nothing. ``observed``: with what
integrators saw on the sandbox. ``harsh``: everything allowed at its worst, all at once."""

OF_THE_WHOLE = frozenset({"token_lifetime_s", "token_early_s", "expired_token_body", "release_reach"})
"""Settings of the API client's access and queue, which no calendar can have for itself."""

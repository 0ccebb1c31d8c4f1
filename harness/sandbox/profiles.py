"""Values for what the documentation leaves open, each with the place in behaviour.md that says so."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

__all__ = ["Behaviour", "documented"]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the sandbox behaves where nobody knows for sure. Times in seconds, on the sandbox's clock."""

    slots_delay_s: float = 0.2
    """Between the 201 of replaceSlots and the change being readable. [seen]: within seconds."""
    replace_reach: str = "range"
    """``range`` or ``whole_day`` [open]."""
    breaks_hide_slots: bool = True
    """Whether getSlots takes breaks out [open]."""
    echo_own_actions: bool = False
    """Whether a partner's own API calls are told to it [open]."""
    retry_schedule_s: tuple[float, ...] = (60.0, 300.0, 900.0)
    """Before each further PUSH try. [open]: none, two or three tries in official texts."""
    booking_needs_slot: bool = True
    """Whether bookSlot needs a free slot [open]."""
    token_lifetime_s: float = 3600.0
    """[doc]: texts say both 3600 and 24 hours."""
    same_payload: str = "identical_to_last"
    """A slots write is the same as the last one of its address, or as any of the last three minutes
    (``any_within_window``), even where others came in between [open]. Other content is never the same."""
    empty_list: str = "ok"
    """An empty list of slots: ``ok`` (200) or ``not_found`` (404) [open]."""
    moved_names_address: str = "new"
    """Which address booking-moved names when the address changes: ``old`` or ``new`` [open]."""
    numeric_ids: bool = False
    """Ids as JSON numbers, as some samples show [doc]."""
    calendar_update_enables: bool = True
    """Whether replaceSlots enables a disabled calendar [open]."""

    def changed(self, values: dict[str, object]) -> Behaviour:
        """With the values named; the others stay.

        Raises:
            ValueError: names every setting that does not exist, or whose value is of another kind.
        """
        mistakes = []
        known = {one.name: getattr(self, one.name) for one in fields(self)}
        clean: dict[str, object] = {}
        for name, value in values.items():
            if name not in known:
                mistakes.append(f"there is no setting {name}")
            elif isinstance(known[name], tuple) and isinstance(value, list):
                clean[name] = tuple(float(one) for one in value)
            elif isinstance(known[name], bool) is not isinstance(value, bool):
                mistakes.append(f"{name} is of another kind")
            else:
                clean[name] = value
        if mistakes:
            message = "; ".join(mistakes)
            raise ValueError(message)
        return replace(self, **clean)  # type: ignore[arg-type]


def documented(slots_delay_s: float) -> Behaviour:
    """The default set: documented where anything is, the mildest elsewhere."""
    return Behaviour(slots_delay_s=slots_delay_s)

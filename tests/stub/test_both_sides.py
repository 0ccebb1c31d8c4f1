"""The stub against the embedded sandbox: whatever everybody does, and whatever fails, both calendars end equal."""

from __future__ import annotations

import pytest
from stub.both_sides import both_sides

HARSH = {
    "replace_reach": "whole_day",
    "breaks_hide_slots": False,
    "echo_own_actions": True,
    "numeric_ids": True,
    "empty_list": "not_found",
    "moved_names_address": "old",
    "calendar_update_enables": False,
    "booking_needs_slot": False,
}
"""The other value of what is not documented, as far as one integration can be right under all of them at once."""
ACTS = 22


@pytest.mark.parametrize(
    ("seed", "settings"),
    [(1, {}), (2, HARSH), (3, {"delivery": "pull"}), (4, {"delivery": "both", **HARSH})],
    ids=["documented", "harsh", "pulled", "harsh, by both ways"],
)
def test_both_calendars_end_equal(seed: int, settings: dict[str, str]) -> None:
    """No visit lost, none doubled, no ghost slot, and nothing shown as synchronised that is not."""
    with both_sides(seed, **settings) as here:
        here.anything(ACTS, troubled=True)
        for fault in here.docplanner.done("GET", "/faults")["items"]:
            here.docplanner.done("DELETE", f"/faults/{fault['fault_id']}")
        here.settle()

        assert here.differences() == {}


def test_an_import_of_many_clinics_maps_everything_once() -> None:
    """Every address of every clinic that is shared, and its services."""
    with both_sides(1) as here:
        for _ in range(6):
            here.docplanner.place("lookalike")
        here.stub.system.engine.import_mapping()
        clinics = here.docplanner.done("GET", "/estate")["clinics"]
        shared = [one for one in clinics if here.docplanner.sandbox.client_id in one["granted_to"]]
        addresses = {
            one["address_id"] for clinic in shared for doctor in clinic["doctors"] for one in doctor["calendars"]
        }

        assert here.mapped("address") == addresses
        assert here.mapped("facility") == {one["facility_id"] for one in shared}

"""Workers: one at a time in a calendar, several calendars side by side."""

from __future__ import annotations

import threading
from collections import Counter

from harness.stub import lanes as module
from harness.stub.lanes import Lanes

LONG_S = 10.0


def test_one_worker_at_a_time_is_in_a_lane() -> None:
    """However often it is flagged, and every flag is followed by a look."""
    inside: Counter[str] = Counter()
    crowded: list[str] = []
    looks: Counter[str] = Counter()
    enough = threading.Event()

    def work(lane: str) -> float | None:
        inside[lane] += 1
        if inside[lane] > 1:
            crowded.append(lane)
        looks[lane] += 1
        if sum(looks.values()) > 400:
            enough.set()
        inside[lane] -= 1
        return 0 if looks[lane] % 3 else None

    lanes = Lanes(4, work)
    lanes.start()
    while not enough.is_set():
        lanes.flag_all(["a", "b", "c"])
    lanes.stop()

    assert crowded == []
    assert set(looks) == {"a", "b", "c"}


def test_a_lane_that_waits_keeps_no_other_waiting() -> None:
    """With a single worker, while another lane wants to be looked at in an hour."""
    done = threading.Event()

    def work(lane: str) -> float | None:
        if lane == "patient":
            done.set()
            return None
        return 3600.0

    lanes = Lanes(1, work)
    lanes.start()
    lanes.flag("slow")
    lanes.flag("patient")

    assert done.wait(LONG_S)
    lanes.stop()


def test_a_lane_is_looked_at_again_when_it_asked_to() -> None:
    """Without another flag."""
    looks: list[str] = []
    again = threading.Event()

    def work(lane: str) -> float | None:
        looks.append(lane)
        if len(looks) == 2:
            again.set()
            return None
        return 0.01

    lanes = Lanes(1, work)
    lanes.start()
    lanes.flag("a")

    assert again.wait(LONG_S)
    lanes.stop()
    assert looks == ["a", "a"]


def test_an_accident_in_a_lane_is_survived_and_tried_again(monkeypatch) -> None:  # noqa: ANN001 - pytest's
    """One bad row must not stop the clinic."""
    monkeypatch.setattr(module, "AFTER_ACCIDENT_S", 0.01)
    tries: list[str] = []
    recovered = threading.Event()

    def work(lane: str) -> float | None:
        tries.append(lane)
        if len(tries) == 1:
            message = "an accident"
            raise RuntimeError(message)
        recovered.set()
        return None

    lanes = Lanes(1, work)
    lanes.start()
    lanes.flag("a")

    assert recovered.wait(LONG_S)
    lanes.stop()

"""Where every endpoint stands, and how it did: for people and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from harness.contract.limits import PING_FAILURES_BEFORE_ALERT
from harness.monitor.history import History
from harness.monitor.rules import Ping, Standing
from harness.monitor.settings import Endpoint, MonitorSettings

__all__ = ["SCHEMA", "exit_code", "status_of"]

SCHEMA = "docplanner-acceptance/monitor/1"
WINDOWS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
WORKS, NEAR, ALARM, UNKNOWN = "works", "fails", "alarm", "never pinged"
EXIT_CODES = {WORKS: 0, ALARM: 1, NEAR: 2, UNKNOWN: 2}


def status_of(settings: MonitorSettings, history: History, now: datetime) -> dict[str, Any]:
    """Every endpoint with its standing, availability and latency; latencies in milliseconds, shares from 0 to 1."""
    waiting = history.waiting()
    return {
        "schema": SCHEMA,
        "at": now.isoformat(),
        "interval_s": settings.interval.total_seconds(),
        "endpoints": [_endpoint(one, settings, history, now) for one in settings.endpoints],
        "undelivered": [
            {
                "endpoint": one.endpoint,
                "occasion": str(one.occasion),
                "channel": one.channel,
                "tries": one.tries,
                "problem": one.problem,
            }
            for one in waiting
        ],
    }


def exit_code(status: dict[str, Any]) -> int:
    """0 where all work, 1 where one is in alarm, 2 where one fails short of that or a letter could not be delivered."""
    codes = {EXIT_CODES[one["state"]] for one in status["endpoints"]}
    if status["undelivered"]:
        codes.add(2)
    return 1 if 1 in codes else max(codes, default=0)


def _endpoint(endpoint: Endpoint, settings: MonitorSettings, history: History, now: datetime) -> dict[str, Any]:
    standing = history.standing(endpoint.name)
    pings = history.pings(endpoint.name, now - max(WINDOWS.values()))
    last = pings[-1] if pings else None
    return {
        "name": endpoint.name,
        "url": endpoint.shown,
        "state": UNKNOWN if last is None else ALARM if standing.alerted else WORKS if last.works else NEAR,
        "said": _said(standing, last, settings),
        "failures": standing.failures,
        "failures_before_alarm": standing.left,
        "failing_since": standing.failing_since.isoformat() if standing.failing_since else None,
        "last": None
        if last is None
        else {"at": last.at.isoformat(), "status": last.status, "took_ms": last.took_ms, "trouble": last.trouble},
        "realtime": _realtime(endpoint, pings),
        "windows": {name: _window([one for one in pings if one.at > now - back]) for name, back in WINDOWS.items()},
    }


def _said(standing: Standing, last: Ping | None, settings: MonitorSettings) -> str:
    if last is None:
        return "it was not pinged yet"
    if standing.alerted:
        return f"it failed {standing.failures} times in a row; the alert was raised"
    if standing.failures:
        minutes = standing.left * settings.interval.total_seconds() / 60
        left = "one more failure" if standing.left == 1 else f"{standing.left} more failures"
        so_far = f"{standing.failures} of {PING_FAILURES_BEFORE_ALERT} failures"
        return f"{so_far}: {left} in a row, {minutes:g} min, to alarm"
    return "far from alarm"


def _realtime(endpoint: Endpoint, pings: Sequence[Ping]) -> dict[str, Any] | None:
    """Whether the blocking notifications would keep patients from booking, and since when."""
    if not endpoint.realtime:
        return None
    since: datetime | None = None
    for one in pings:
        since = (since or one.at) if one.denies else None
    times = sum(one.denies for one in pings)
    return {
        "denies": since is not None,
        "since": since.isoformat() if since else None,
        "times": times,
        "said": "slot-booking and booking-moving would be denied now: patients cannot book or move"
        if since
        else "patients can book and move"
        if pings
        else "not known yet",
    }


def _window(pings: Sequence[Ping]) -> dict[str, Any]:
    took = sorted(one.took_ms for one in pings if one.status is not None)
    return {
        "pings": len(pings),
        "availability": round(sum(one.works for one in pings) / len(pings), 5) if pings else None,
        "p50_ms": took[len(took) // 2] if took else None,
        "p95_ms": took[min(len(took) * 95 // 100, len(took) - 1)] if took else None,
    }

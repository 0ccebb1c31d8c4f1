"""Numbers of the contract, each with its unit and source; and the waits and windows of criteria.md, which are ours."""

from __future__ import annotations

__all__ = [
    "CHANGE_S",
    "DEFAULT_PAGE_SIZE",
    "DEFAULT_PULL",
    "LOWEST_FAILING_STATUS",
    "MAX_PULL",
    "MAX_REDELIVERIES",
    "MAX_SLOTS_RANGE_DAYS",
    "MAX_WEEKS_AHEAD",
    "MIN_PERIOD_MINUTES",
    "NEWS_PULL_EXTRA_S",
    "NEWS_PUSH_S",
    "NOTIFICATION_DELETION_DAYS",
    "PING_FAILURES_BEFORE_ALERT",
    "PING_INTERVAL_S",
    "PULL_EXPIRY_HOURS",
    "QUIET_S",
    "READS_PER_HOUR",
    "REALTIME_ANSWER_S",
    "RECOVERY_S",
    "RELEASE_INTERVAL_S",
    "RETRY_SCHEDULES_S",
    "SAME_PAYLOAD_WINDOW_S",
    "TOKENS_PER_RUN",
    "TOKEN_LIFETIME_LONGEST_S",
    "TOKEN_LIFETIME_S",
    "WINDOW_DAYS",
    "WRITES_AFTER_LIMIT",
    "WRITES_PER_HOUR",
    "WRITES_PER_MINUTE",
]

# fmt: off
# Traffic of one API client
READS_PER_HOUR = 8000  # GET requests an hour; behaviour.md "Access", limits
WRITES_PER_MINUTE = 40  # POST, PUT, PATCH and DELETE requests a minute; behaviour.md "Access", limits
WRITES_PER_HOUR = 2400  # POST, PUT, PATCH and DELETE requests an hour; behaviour.md "Access", limits
TOKEN_LIFETIME_S = 3600  # seconds, as `expires_in` says by default; behaviour.md "Access", lifetime
TOKEN_LIFETIME_LONGEST_S = 86_400  # seconds (24 hours), the other official text; behaviour.md "Access", lifetime

# Lists
DEFAULT_PAGE_SIZE = 100  # bookings a page where `page` is sent without `limit`; behaviour.md "Access", getBookings
MAX_SLOTS_RANGE_DAYS = 180  # days, longest range of getSlots; behaviour.md "Calendars"
MAX_PULL = 100  # notifications in one pullMultipleNotification; behaviour.md "Notifications"
DEFAULT_PULL = 1  # notifications where `limit` is left out; openapi.yaml, parameter pullLimit

# Calendars
MAX_WEEKS_AHEAD = 12  # weeks from now, latest end of a work period; behaviour.md "Calendars"
MIN_PERIOD_MINUTES = 1  # minutes, shortest work period; behaviour.md "Calendars"
SAME_PAYLOAD_WINDOW_S = 180  # seconds in which the same slots payload is ignored with 201; behaviour.md "Calendars"

# Notifications
PULL_EXPIRY_HOURS = 72  # hours until an unpulled notification is deleted; behaviour.md "Notifications"
NOTIFICATION_DELETION_DAYS = 14  # days after creation, what still failed is deleted; behaviour.md "Notifications"
RELEASE_INTERVAL_S = 3600  # seconds between two releaseNotifications; behaviour.md "Notifications"
REALTIME_ANSWER_S = 5.0  # seconds to answer a real-time check; behaviour.md "Notifications"
MAX_REDELIVERIES = 3  # further tries of a PUSH notification at most; behaviour.md "Notifications"
RETRY_SCHEDULES_S: tuple[tuple[int, ...], ...] = ((), (300, 600), (60, 300, 900))  # seconds; "Notifications"

# Monitoring of PUSH endpoints
PING_INTERVAL_S = 300  # seconds between two pings; behaviour.md "Endpoint monitoring"
PING_FAILURES_BEFORE_ALERT = 3  # failures in a row; behaviour.md "Endpoint monitoring"
LOWEST_FAILING_STATUS = 500  # HTTP status, any answer below counts as working; behaviour.md "Endpoint monitoring"

# Waits and windows of a run
CHANGE_S = 60.0  # seconds, staff act and Docplanner shows it; criteria.md "Waits"
NEWS_PUSH_S = 60.0  # seconds, something happens at Docplanner and the partner shows it, by PUSH; criteria.md "Waits"
NEWS_PULL_EXTRA_S = 60.0  # seconds on top of the partner's pull interval, by PULL; criteria.md "Waits"
RECOVERY_S = 300.0  # seconds after 429, 5xx, a cut or an outage; criteria.md "Waits"
QUIET_S = 5.0  # seconds without an exchange, a partner without activity counts as settled; criteria.md "Waits"
WINDOW_DAYS = 28  # days from the next local midnight, in which calendars are compared; criteria.md

# What a partner may do
TOKENS_PER_RUN = 5  # access tokens in a run, plus one for each expiry; criteria.md DP-ACC-01
WRITES_AFTER_LIMIT = 2  # writes at most between a 429 and its reset; criteria.md DP-RES-01
# fmt: on

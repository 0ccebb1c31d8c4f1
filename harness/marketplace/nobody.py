"""What no person can do at Docplanner: messages of all kinds, trouble, access, limits and clocks.

It stands where the embedded sandbox does not: each method says so, and the scenario is not proven.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NoReturn

from harness.errors import NeedsSandbox
from harness.marketplace.port import (
    AnswerThere,
    Cause,
    ForgedAnswer,
    LimitsThere,
    NotificationThere,
    SandboxActivity,
    Trouble,
)
from harness.vocabulary import AddressId, Visit

__all__ = ["Nobody"]


class Nobody:
    """The ports :class:`~harness.marketplace.port.ApiClients` and :class:`~harness.marketplace.port.TimeThere`.

    Raises from every method:
        NeedsSandbox: only the embedded sandbox can do that.
    """

    # -- the API clients ------------------------------------------------------------------------------------------

    def notifications(self, address: AddressId) -> tuple[NotificationThere, ...]:
        """Notifications about the calendar."""
        _cannot("list what was notified", address)

    def resend(self, notification_id: str, channel: str | None, cause: Cause) -> None:
        """The same message once more."""
        _cannot("send a notification again", notification_id, channel, cause)

    def send_forged(self, visit: Visit, key: str, cause: Cause) -> ForgedAnswer:
        """A message about a visit that does not exist."""
        _cannot("forge a notification", visit, key, cause)

    def send_raw(self, address: AddressId, method: str, body: str, cause: Cause) -> ForgedAnswer:
        """Whatever body to the partner's endpoint."""
        _cannot("send anything but notifications", address, method, body, cause)

    def ask(self, visit: Visit, cause: Cause, *, moving: str | None = None) -> AnswerThere:
        """A real-time question."""
        _cannot("ask a real-time question and tell how it was answered", visit, cause, moving)

    def trouble(self, trouble: Trouble, cause: Cause) -> str:
        """Arm trouble."""
        _cannot("make trouble on the way", trouble, cause)

    def end_trouble(self, trouble_id: str, cause: Cause) -> None:
        """End trouble."""
        _cannot("make trouble on the way", trouble_id, cause)

    def activity(self, address: AddressId | None = None) -> SandboxActivity:
        """What is still under way."""
        _cannot("tell what Docplanner has under way", address)

    def expire_tokens(self, cause: Cause) -> None:
        """Every access token of the partner ends now."""
        _cannot("end an access token", cause)

    # -- time -----------------------------------------------------------------------------------------------------

    def pass_by(self, by: timedelta, cause: Cause) -> None:
        """Move the clock on."""
        _cannot("move the clock", by, cause)

    def age(self, address: AddressId | None, by: timedelta, cause: Cause) -> int:
        """Messages are so much older."""
        _cannot("let notifications grow old", address, by, cause)

    def exhaust_retries(self, address: AddressId | None, cause: Cause) -> int:
        """All tries are spent."""
        _cannot("spend the tries of notifications", address, cause)

    def end_same_payload(self, address: AddressId, cause: Cause) -> None:
        """The calendar's next update is a new one."""
        _cannot("forget the last update of a calendar", address, cause)

    def limit(self, limits: LimitsThere, cause: Cause) -> None:
        """Other limits for the partner."""
        _cannot("change limits", limits, cause)

    def behave(self, address: AddressId | None, settings: Mapping[str, object], cause: Cause) -> None:
        """Change settings for what is open."""
        _cannot("change how Docplanner behaves", address, settings, cause)


def _cannot(what: str, *_: object) -> NoReturn:
    message = f"No person can {what}: only the embedded sandbox can."
    raise NeedsSandbox(message)

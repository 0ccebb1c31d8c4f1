"""Time at the embedded sandbox: moved for a partner that shares its clock, reached by other means for others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote

import msgspec

from harness.marketplace.control import SandboxControl
from harness.marketplace.port import Cause, LimitsThere
from harness.vocabulary import AddressId

__all__ = ["EmbeddedTime"]


class _Counted(msgspec.Struct, frozen=True):
    count: int


class EmbeddedTime:
    """How time passes there; ``client_id`` is the partner's API client."""

    def __init__(self, control: SandboxControl, client_id: str) -> None:
        self._call = control.call
        self._client_id = client_id

    def pass_by(self, by: timedelta, cause: Cause) -> None:
        """Move the clock on: for partners that share it."""
        self._call("PUT", "/clock", {"advance_s": by.total_seconds()}, cause=cause)

    def age(self, address: AddressId | None, by: timedelta, cause: Cause) -> int:
        """Messages about the calendar, or all of the partner's, are so much older; how many there are."""
        body = {**self._chosen(address), "seconds": by.total_seconds()}
        return msgspec.json.decode(self._call("POST", "/notifications/age", body, cause=cause), type=_Counted).count

    def exhaust_retries(self, address: AddressId | None, cause: Cause) -> int:
        """All tries of messages that are still pushed are spent; how many messages there were."""
        answer = self._call("POST", "/notifications/exhaust", self._chosen(address), cause=cause)
        return msgspec.json.decode(answer, type=_Counted).count

    def end_same_payload(self, address: AddressId, cause: Cause) -> None:
        """The calendar's next update is a new one, whatever it holds."""
        self._call("DELETE", f"/calendars/{quote(address, safe='')}/same-payload", cause=cause)

    def limit(self, limits: LimitsThere, cause: Cause) -> None:
        """Other limits for the partner from now on."""
        told = {
            name: value for name in LimitsThere.__dataclass_fields__ if (value := getattr(limits, name)) is not None
        }
        self._call("PUT", f"/clients/{quote(self._client_id, safe='')}", {"limits": told}, cause=cause)

    def behave(self, address: AddressId | None, settings: Mapping[str, object], cause: Cause) -> None:
        """Change settings for what is open, in the calendar or everywhere; a ``profile`` among them begins anew."""
        path = f"/calendars/{quote(address, safe='')}/settings" if address else "/settings"
        self._call("PUT", path, settings, cause=cause)

    def _chosen(self, address: AddressId | None) -> dict[str, object]:
        return {"client_id": self._client_id, **({"address_id": address} if address else {})}

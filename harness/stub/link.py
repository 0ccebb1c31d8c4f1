"""The connection to Docplanner that is in force, and all that work for it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update

from harness.client.api import DocplannerApi
from harness.clock import Clock
from harness.stub.database import Database
from harness.stub.defects import Defects
from harness.stub.tables import tenants

__all__ = ["Link", "Tenant", "current_tenant", "store_tenant"]


@dataclass(frozen=True, slots=True)
class Tenant:
    """A connection as it was given. Its secrets do not show in a repr."""

    id: int
    api_base_url: str
    token_url: str
    client_id: str
    client_secret: str
    delivery: str
    time_zone: str
    callback_api_key: str | None
    callback_api_key_header: str

    def __repr__(self) -> str:
        return f"Tenant(id={self.id}, api_base_url={self.api_base_url!r}, client_id={self.client_id!r})"

    @property
    def pulls(self) -> bool:
        """Whether notifications wait to be pulled."""
        return self.delivery in {"pull", "both"}

    @property
    def pushed(self) -> bool:
        """Whether notifications are sent to the endpoint."""
        return self.delivery in {"push", "both"}


@dataclass(frozen=True, slots=True)
class Link:
    """What is needed to work for a tenant. ``flag`` tells the workers that a calendar has something to do."""

    tenant: Tenant
    api: DocplannerApi
    database: Database
    clock: Clock
    defects: Defects
    flag: Callable[[str], None]

    @property
    def zone(self) -> ZoneInfo:
        """The marketplace's zone: days of schedules are days there."""
        return ZoneInfo(self.tenant.time_zone)

    def local(self, at: datetime) -> datetime:
        """The instant with the offset that the marketplace has then."""
        return at.astimezone(self.zone)

    def day_of(self, at: datetime) -> date:
        """The day of the marketplace's zone on which the instant lies."""
        return self.local(at).date()

    def midnight(self, day: date) -> datetime:
        """The instant at which a day begins there."""
        return datetime.combine(day, time(), self.zone)

    def hours_from_midnight(self, at: datetime) -> datetime:
        """Another instant on days when clocks change: so long after midnight as the clock on the wall would say."""
        wall = self.local(at)
        start = self.midnight(wall.date()).astimezone(UTC)
        return (start + timedelta(hours=wall.hour, minutes=wall.minute)).astimezone(self.zone)

    def with_offset_of_today(self, at: datetime) -> datetime:
        """Another instant where clocks change in between: the time on the wall then, with the offset that holds now."""
        return self.local(at).replace(tzinfo=timezone(self.local(self.clock.now()).utcoffset() or timedelta(0)))

    def today(self) -> date:
        """The day that it is there."""
        return self.day_of(self.clock.now())

    def around(self, start: datetime, end: datetime) -> tuple[datetime, datetime]:
        """The whole days on which a span lies: a list by start shows what overlaps it."""
        return self.midnight(self.day_of(start)), self.midnight(self.day_of(end) + timedelta(days=1))


def current_tenant(connection: Connection) -> Tenant | None:
    """The tenant that is connected, if one is."""
    row = connection.execute(select(tenants).where(tenants.c.current)).mappings().first()
    if row is None:
        return None
    return Tenant(**{name: value for name, value in row.items() if name != "current"})


def store_tenant(connection: Connection, values: dict[str, object]) -> Tenant:
    """Make the connection the current one; the same address and client id is the same tenant."""
    connection.execute(update(tenants).values(current=False))
    same = (tenants.c.api_base_url == values["api_base_url"]) & (tenants.c.client_id == values["client_id"])
    known = connection.execute(select(tenants.c.id).where(same)).scalar()
    if known is None:
        connection.execute(insert(tenants).values(**values, current=True))
    else:
        connection.execute(update(tenants).where(tenants.c.id == known).values(**values, current=True))
    tenant = current_tenant(connection)
    if tenant is None:
        message = "a tenant that was just stored is not there"
        raise AssertionError(message)
    return tenant

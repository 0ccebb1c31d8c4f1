"""The stub's own database. Instants are stored as UTC; days are days of the connection's time zone.

Everything belongs to a tenant: another address or client id of Docplanner shows nothing of this one.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
)

__all__ = [
    "appointments",
    "booking_ids",
    "breaks",
    "days",
    "inbox",
    "mapped",
    "metadata",
    "offers",
    "outgoing",
    "periods",
    "tenants",
]


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored as milliseconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's
        """As it is stored."""
        return None if value is None else round(value.timestamp() * 1000)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - likewise
        """As it is read."""
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


metadata = MetaData()

tenants = Table(
    "tenants",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("api_base_url", String, nullable=False),
    Column("client_id", String, nullable=False),
    Column("token_url", String, nullable=False),
    Column("client_secret", String, nullable=False),
    Column("delivery", String, nullable=False),
    Column("time_zone", String, nullable=False),
    Column("callback_api_key", String),
    Column("callback_api_key_header", String, nullable=False),
    Column("current", Boolean, nullable=False),
)

mapped = Table(
    "mapped",
    metadata,
    Column("tenant", Integer, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("docplanner_id", String, primary_key=True),
    Column("parent_id", String, primary_key=True),  # empty for a facility
    Column("partner_id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("gone", Boolean, nullable=False, default=False),
    Column("facility_id", String),
    Column("online_only", Boolean),
    Column("service_id", String),
    Column("minutes", Integer),
    Column("price", Integer),
)

periods = Table(
    "periods",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("tenant", Integer, nullable=False),
    Column("address_id", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("start", Instant, nullable=False),
    Column("end", Instant, nullable=False),
    Column("services", JSON, nullable=False),
    Column("insurance_accepted", String),
    Column("insurance_provider_ids", JSON(none_as_null=True)),
    Index("periods_of_day", "tenant", "address_id", "day"),
)

days = Table(
    "days",
    metadata,
    Column("tenant", Integer, primary_key=True),
    Column("address_id", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("sent_version", Integer, nullable=False, default=0),
    Column("accepted_at", Instant),
    Column("sent", JSON(none_as_null=True)),
    Column("problem", String),
)

appointments = Table(
    "appointments",
    metadata,
    Column("id", String, primary_key=True),
    Column("tenant", Integer, nullable=False),
    Column("address_id", String, nullable=False),
    Column("start", Instant, nullable=False),
    Column("end", Instant, nullable=False),
    Column("address_service_id", String),
    Column("patient", JSON, nullable=False),
    Column("comment", String),
    Column("status", String, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("presence", String),
    Column("origin", String, nullable=False),
    Column("sync_state", String, nullable=False),
    Column("sync_message", String),
    Column("booking_id", String),
    Column("live", Boolean, nullable=False),  # whether booking_id is booked at Docplanner
    Column("uncertain", Boolean, nullable=False),  # whether a write was sent whose end is not known
    Column("sent_address_id", String),
    Column("sent_start", Instant),
    Column("sent_end", Instant),
    Column("sent_service_id", String),
    Column("sent_confirmed", Boolean, nullable=False),
    Column("sent_presence", String),
    Index("appointments_by_time", "tenant", "address_id", "start"),
    Index("appointments_by_booking", "tenant", "booking_id"),
)

booking_ids = Table(
    "booking_ids",
    metadata,
    Column("tenant", Integer, primary_key=True),
    Column("booking_id", String, primary_key=True),
    Column("appointment_id", String),
    Column("dead", Boolean, nullable=False),  # cancelled, or moved away from: it never lives again
)

breaks = Table(
    "breaks",
    metadata,
    Column("id", String, primary_key=True),
    Column("tenant", Integer, nullable=False),
    Column("address_id", String, nullable=False),
    Column("since", Instant, nullable=False),
    Column("till", Instant, nullable=False),
    Column("description", String),
    Column("origin", String, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("break_id", String),
    Column("live", Boolean, nullable=False),
    Column("uncertain", Boolean, nullable=False),
    Column("sent_since", Instant),
    Column("sent_till", Instant),
    Column("problem", String),
    Index("breaks_by_time", "tenant", "address_id", "since"),
    Index("breaks_by_id", "tenant", "break_id"),
)

offers = Table(
    "offers",
    metadata,
    Column("tenant", Integer, primary_key=True),
    Column("address_id", String, primary_key=True),
    Column("services", JSON, nullable=False),
    Column("insurance_provider_ids", JSON, nullable=False),
)

outgoing = Table(
    "outgoing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("tenant", Integer, nullable=False),
    Column("address_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("ref", String, nullable=False),
    Index("outgoing_by_address", "tenant", "address_id", "id"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("tenant", Integer, nullable=False),
    Column("address_id", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("body", JSON, nullable=False),
    Column("parked", Boolean, nullable=False),  # until its address is mapped
    Index("inbox_by_address", "tenant", "address_id", "created_at"),
)

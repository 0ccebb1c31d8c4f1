"""Services and insurances of one address: read again, and followed where they have new ids."""

from __future__ import annotations

from harness.client.models import CalendarAt
from harness.stub import mapping, outbox, schedules
from harness.stub.importing import Upstream, read_profile
from harness.stub.link import Link

__all__ = ["follow_services", "refresh_profile"]


def refresh_profile(link: Link, at: CalendarAt) -> bool:
    """Read services and insurances again; whether working time was rewritten for services with new ids.

    Where Docplanner cannot be read, or the integration is switched off, everything stays as it is.
    """
    if link.api.closed:
        return False
    try:
        services, insurances = read_profile(link.api, at, link.defects)
    except Upstream:
        return False
    with link.database.writing() as connection:
        mapping.store_profile(connection, link.tenant.id, at, services, insurances, link.defects)
    return follow_services(link, at.address_id)


def follow_services(link: Link, address_id: str) -> bool:
    """Write services with new ids into the working time that is to come; whether there were any."""
    tenant = link.tenant.id
    today = link.today()
    with link.database.writing() as connection:
        used = schedules.services_used(connection, tenant, address_id, today)
        successors = {
            old: new
            for old in used
            if (new := mapping.current_service(connection, tenant, address_id, old)) is not None and new != old
        }
        if not successors:
            return False
        changed = schedules.replace_service(connection, tenant, address_id, successors, today)
        if changed:
            outbox.add(connection, tenant, address_id, outbox.Owed.DAYS)
    link.flag(address_id)
    return bool(changed)

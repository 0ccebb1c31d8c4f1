"""The clinic's software as a whole: its database, its clock, and the connection that is in force."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx

from harness.client.api import DocplannerApi
from harness.client.auth import ClientCredentials, Credentials
from harness.client.calls import Calls, Endpoint
from harness.clock import MovableClock
from harness.stub import blocks, inbox, mapping, offers, outbox, schedules, visits
from harness.stub.database import Database
from harness.stub.defects import Defects
from harness.stub.engine import Engine
from harness.stub.impatience import SlowTakenForRefused
from harness.stub.limits_ignored import Hammering, HasteTakenForDone, LimitTakenForRefusal
from harness.stub.link import Link, Tenant, current_tenant, store_tenant
from harness.stub.refusals import conflict
from harness.stub.settings import NAME, VERSION, StubSettings

__all__ = ["ClinicSystem"]

FORGETTING = tuple(room.forget for room in (visits, blocks, schedules, offers, inbox, outbox, mapping))


class ClinicSystem:
    """Holds at most one connection to Docplanner at a time. Safe for threads.

    ``transport`` is what calls to Docplanner go through; None for real connections.
    """

    def __init__(self, settings: StubSettings, transport: httpx.BaseTransport | None = None) -> None:
        self.settings = settings
        self._transport = transport
        self.defects = Defects(settings.defects)
        self.clock = MovableClock()
        self.active = True
        self._folder = None if settings.database else tempfile.TemporaryDirectory(prefix="reference-clinic-")
        path = settings.database or Path(self._folder.name if self._folder else ".") / "clinic.sqlite"
        self.database = Database(path)
        self._changing = threading.RLock()
        self._engine: Engine | None = None

    def start(self) -> None:
        """Go on with the connection of the last time, if there was one."""
        with self.database.reading() as connection:
            tenant = current_tenant(connection)
        if tenant:
            self._connect(tenant, catch_up=True)

    def stop(self) -> None:
        """Finish what is under way and close everything."""
        with self._changing:
            self._disconnect()
        self.database.close()
        if self._folder:
            self._folder.cleanup()

    # -- the connection -------------------------------------------------------------------------------------------

    @property
    def engine(self) -> Engine:
        """The integration at work.

        Raises:
            Refusal: nothing is connected yet.
        """
        engine = self._engine
        if engine is None:
            message = "Docplanner is not connected: PUT /connection first."
            raise conflict(message)
        return engine

    @property
    def working(self) -> Engine:
        """The integration at work, for what calls Docplanner.

        Raises:
            Refusal: nothing is connected, or the integration is switched off.
        """
        engine = self.engine
        if not self.active:
            message = "The integration is switched off: PUT /integration first."
            raise conflict(message)
        return engine

    @property
    def tenant(self) -> Tenant | None:
        """Whose notifications the endpoint takes."""
        engine = self._engine
        return engine.link.tenant if engine else None

    def connect(self, values: dict[str, object]) -> None:
        """Docplanner is there now, with these credentials. Another address or client id is another tenant."""
        with self._changing:
            self._disconnect()
            with self.database.writing() as connection:
                tenant = store_tenant(connection, values)
            self._connect(tenant, catch_up=False)

    def set_active(self, active: bool) -> None:
        """Switch the integration off, which ends when its calls have ended, or on as after a restart."""
        with self._changing:
            if active == self.active:
                return
            self.active = active
            tenant = self.tenant
            if tenant and active:
                self._connect(tenant, catch_up=True, thorough=self.engine.unfinished)
            elif tenant:
                self.engine.stop()

    def reset(self) -> None:
        """Forget what belongs to the tenant; the connection stays."""
        with self._changing:
            tenant = self.tenant
            if tenant is None:
                return
            if self.active:
                self.engine.stop()
            with self.database.writing() as connection:
                for forget in FORGETTING:
                    forget(connection, tenant.id)
            if self.active:
                self._connect(tenant, catch_up=False)

    def set_clock(self, now: datetime) -> None:
        """It is ``now``, and time goes on from there."""
        self.clock.set(now)

    # -- within ---------------------------------------------------------------------------------------------------

    def _disconnect(self) -> None:
        if self._engine and self.active:
            self._engine.stop()
        self._engine = None

    def _connect(self, tenant: Tenant, *, catch_up: bool, thorough: frozenset[str] | None = None) -> None:
        def link_with(flag: Callable[[str], None]) -> Link:
            return Link(tenant, self._api(tenant), self.database, self.clock, self.defects, flag)

        self._engine = Engine(link_with, self.settings)
        if self.active:
            self._engine.start(catch_up=catch_up, thorough=thorough)

    def _api(self, tenant: Tenant) -> DocplannerApi:
        credentials = Credentials(tenant.token_url, tenant.client_id, tenant.client_secret)
        auth = ClientCredentials(
            credentials,
            self.clock,
            kept=not self.defects.on("token-for-every-request"),
            renewed=not self.defects.on("token-never-renewed"),
        )
        endpoint = Endpoint(tenant.api_base_url, credentials, f"{NAME}/{VERSION}", self.settings.http_timeout_s)
        transport = Hammering(self._transport) if self.defects.on("limit-ignored") else self._transport
        if self.defects.on("limit-taken-for-refusal"):
            transport = LimitTakenForRefusal(transport)
        if self.defects.on("haste-taken-for-done"):
            transport = HasteTakenForDone(transport)
        if self.defects.on("slow-answers-taken-for-refusals"):
            transport = SlowTakenForRefused(transport)
        return DocplannerApi(Calls(endpoint, clock=self.clock, transport=transport, auth=auth))

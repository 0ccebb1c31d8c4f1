"""The control API's handlers on the sandbox as a whole: settings, clock, news, clinics, API clients."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from harness.contract.json_value import JsonObject, array_of, text_of
from harness.recorder.journal import Journal
from harness.recorder.line import Actor, Channel, Kind
from harness.recorder.redaction import Redactor
from harness.sandbox.clients import ApiClient
from harness.sandbox.directory import Facility
from harness.sandbox.http.alarm import Alarm
from harness.sandbox.http.control_desk import Asked, Denied, Desk, Reply, moment
from harness.sandbox.http.control_views import behaviour_json, client_json, clinic_json, settings_of_client
from harness.sandbox.profiles import OF_THE_WHOLE, Behaviour

__all__ = ["EstateDesk"]

HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")

LONGEST_POLL_S = 30.0
NO_MOVE = timedelta(seconds=1)
"""A time told in whole seconds can be so much before the present one; that is no move."""
YEARS = range(1971, 2200)
"""In which the clock can be: beyond them, somewhere, a calendar has no more dates."""
LONGEST_STEP_S = 3600 * 24 * 366 * 200
"""More than that many seconds leave those years in any case."""


class EstateDesk(Desk):
    """The sandbox as a whole."""

    journal: Journal
    redactor: Redactor
    alarm: Alarm
    version: str

    async def on_sandbox_health(self, asked: Asked) -> Reply:
        """Alive, and what time it is."""
        del asked
        marketplace = self._state.marketplace
        return 200, {
            "status": "ok",
            "version": self.version,
            "now": self._state.payloads.time(self._clock.now()),
            "marketplace": marketplace.domain,
            "time_zone": marketplace.time_zone,
        }

    async def on_reset_sandbox(self, asked: Asked) -> Reply:
        """Forget everything but the API clients."""
        del asked
        self._push.forget()
        self.alarm.forget()
        self._state.reset()
        return 204, None

    async def on_get_settings(self, asked: Asked) -> Reply:
        """What holds where a calendar has nothing of its own."""
        del asked
        return 200, behaviour_json(self._state.behaviour)

    async def on_set_settings(self, asked: Asked) -> Reply:
        """Change what is named."""
        self._state.behaviour = _changed(self._state.behaviour, asked.body)
        return 204, None

    async def on_get_calendar_settings(self, asked: Asked) -> Reply:
        """What holds for the calendar."""
        return 200, behaviour_json(self._state.behaviour_of(self._address(asked).id))

    async def on_set_calendar_settings(self, asked: Asked) -> Reply:
        """Change what is named, for this calendar alone."""
        address = self._address(asked)
        own = self._state.behaviour_of(address.id)
        if strange := sorted(
            name for name in OF_THE_WHOLE & asked.body.keys() if asked.body[name] != getattr(own, name)
        ):
            told = f"{', '.join(strange)}: no calendar has that for itself; set it with PUT /settings."
            raise Denied(422, "invalid", told)
        self._state.calendar(address.id).behaviour = _changed(own, asked.body)
        return 204, None

    async def on_forget_calendar_settings(self, asked: Asked) -> Reply:
        """The calendar is as the whole sandbox again."""
        address = self._address(asked)
        self._state.calendar(address.id).behaviour = None
        return 204, None

    async def on_get_clock(self, asked: Asked) -> Reply:
        """What time it is, and how far from the machine's."""
        del asked
        return 200, {
            "now": self._state.payloads.time(self._clock.now()),
            "offset_s": self._clock.offset.total_seconds(),
        }

    async def on_move_clock(self, asked: Asked) -> Reply:
        """Set it, or move on; never back."""
        if asked.body.get("now") is not None:
            wanted = _sensible(moment(asked.body["now"], "now"), "now")
            by = wanted - self._clock.now()
            if by > timedelta(0):
                self._clock.set(wanted)
            elif by < -NO_MOVE:
                raise _backwards("now", by)
        elif isinstance(step := asked.body.get("advance_s"), int | float):
            by = timedelta(seconds=max(-LONGEST_STEP_S, min(step, LONGEST_STEP_S)))
            _sensible(self._clock.now() + by, "advance_s")
            if by < timedelta(0):
                raise _backwards("advance_s", by)
            self._clock.advance(by)
        else:
            raise Denied(422, "invalid", "Name now or advance_s.")
        told: JsonObject = {"offset_s": self._clock.offset.total_seconds()}
        self.journal.write(Kind.CLOCK, told, actor=Actor.HARNESS, channel=Channel.CONTROL, cause=asked.cause.line)
        self.alarm.clock_moved()
        self._push.clock_moved()
        self._news.add("clock")
        return 204, None

    async def on_get_news(self, asked: Asked) -> Reply:
        """What happened since, waiting for it if asked."""
        query = asked.request.query_params
        try:
            after, timeout = int(query.get("after", "0")), float(query.get("timeout_s", "0"))
        except ValueError as error:
            raise Denied(422, "invalid", "after and timeout_s are numbers.") from error
        about = query.getlist("address_id") or None
        return 200, await self._news.after(after, min(timeout, LONGEST_POLL_S), about)

    async def on_get_sandbox_activity(self, asked: Asked) -> Reply:
        """What is still under way."""
        query = asked.request.query_params
        client_id, address_id = query.get("client_id"), query.get("address_id")
        held = [one for fault in self._state.faults.every() for one in fault.held]
        found = list(self._state.mailbox.every(client_id=client_id, address_id=address_id))
        calendars = [address_id] if address_id else list(self._state.calendars)
        return 200, {
            "pushing": sum(one.pushing for one in found),
            "queued": self._state.mailbox.waiting(client_id, address_id, self._clock.now()),
            "held": sum(one.id in held for one in found),
            "slots_pending": sum(len(self._state.calendar(one).pending) for one in calendars),
        }

    # -- clinics and API clients ----------------------------------------------------------------------------------

    async def on_get_estate(self, asked: Asked) -> Reply:
        """Every clinic."""
        del asked
        directory = self._state.directory
        return 200, {"clinics": [clinic_json(one, directory) for one in directory.facilities.values()]}

    async def on_add_clinic(self, asked: Asked) -> Reply:
        """A new clinic joins; its traffic belongs to the scenario that asked."""
        granted = {text_of(one) for one in array_of(asked.body.get("granted_to"))}
        facility = self._state.estate.add(text_of(asked.body.get("kind")) or "ordinary", granted)
        if asked.cause.scenario:
            self._state.assign(facility, asked.cause.scenario)
        return 201, clinic_json(facility, self._state.directory)

    async def on_grant_clinic(self, asked: Asked) -> Reply:
        """The API client may see it."""
        facility, client = self._facility(asked), self._client(asked)
        facility.granted_to.add(client.id)
        change = facility.read_only.add if asked.body.get("calendars") == "read" else facility.read_only.discard
        change(client.id)
        return 204, None

    async def on_revoke_clinic(self, asked: Asked) -> Reply:
        """The API client may see it no longer."""
        self._facility(asked).granted_to.discard(self._client(asked).id)
        return 204, None

    async def on_lease(self, asked: Asked) -> Reply:
        """A clinic that no scenario has had yet."""
        kind = text_of(asked.body.get("kind")) or "ordinary"
        state = self._state
        for facility in state.directory.shared_with(state.first_client.id):
            if facility.kind == kind and facility.id not in state.leased:
                state.leased.add(facility.id)
                state.leases += 1
                state.assign(facility, text_of(asked.body.get("scenario")))
                return 201, {"number": state.leases, "clinic": clinic_json(facility, state.directory)}
        raise Denied(409, "exhausted", f"No {kind} clinic is left: start the sandbox with more.")

    async def on_get_clients(self, asked: Asked) -> Reply:
        """Without their secrets."""
        del asked
        return 200, {"items": [client_json(one) for one in self._state.clients.values()]}

    async def on_add_client(self, asked: Asked) -> Reply:
        """With credentials of its own."""
        _need_sendable(asked.body)
        client = self._state.add_client(text_of(asked.body.get("name")) or "partner")
        self.redactor.add_secret(client.secret)
        self._configure(client, asked.body)
        return 201, {**client_json(client), "client_secret": client.secret}

    async def on_set_client(self, asked: Asked) -> Reply:
        """Change what is named."""
        self._configure(self._client(asked), asked.body)
        return 204, None

    async def on_expire_tokens(self, asked: Asked) -> Reply:
        """Every token of the client has ended."""
        self._client(asked).tokens.clear()
        return 204, None

    async def on_end_same_payload(self, asked: Asked) -> Reply:
        """The next update of the calendar is a new one, whatever it holds."""
        self._state.calendar(self._address(asked).id).recent_writes.clear()
        return 204, None

    def _configure(self, client: ApiClient, values: JsonObject) -> None:
        _need_sendable(values)
        if key := text_of(values.get("callback_api_key")):
            self.redactor.add_secret(key)
        settings_of_client(client, values)

    def _facility(self, asked: Asked) -> Facility:
        found = self._state.directory.facilities.get(asked.params["facility_id"])
        if found is None:
            raise Denied(404, "not_found", "There is no such clinic.")
        return found

    def _client(self, asked: Asked) -> ApiClient:
        found = self._state.clients.get(asked.params["client_id"])
        if found is None:
            raise Denied(404, "not_found", "There is no such API client.")
        return found


def _sensible(wanted: datetime, name: str) -> datetime:
    """An instant from which a calendar can go on: weeks ahead of it must still be dates."""
    if wanted.year not in YEARS:
        raise Denied(422, "invalid", f"{name}: expected a time in the years from {YEARS[0]} to {YEARS[-1]}.")
    return wanted


def _backwards(name: str, by: timedelta) -> Denied:
    told = f"{name}: the clock goes forwards alone, this would be {-by.total_seconds():g} s back. Start a sandbox anew."
    return Denied(422, "invalid", told)


def _changed(behaviour: Behaviour, values: JsonObject) -> Behaviour:
    try:
        return behaviour.changed({name: value for name, value in values.items() if name != "differs"})
    except ValueError as error:
        raise Denied(422, "invalid", str(error)) from error


def _need_sendable(values: JsonObject) -> None:
    """The agreed key and the name of its header must be such as HTTP can carry."""
    key, header = text_of(values.get("callback_api_key")), values.get("callback_api_key_header", "X")
    if not (key.isascii() and key.isprintable() and key == key.strip()):
        raise Denied(422, "invalid", "callback_api_key: expected printable ASCII, as a header carries it.")
    if not HEADER_NAME.fullmatch(text_of(header)):
        raise Denied(422, "invalid", "callback_api_key_header: expected the name of a header, such as X-Api-Key.")

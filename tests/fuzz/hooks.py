"""Loaded by Schemathesis in its own process: puts ids that exist into requests, and counts what was answered.

Only what was generated as a good request is changed, and not all of that: what Schemathesis made wrong on purpose stays
wrong, and one good request in eight goes out as it was drawn.
"""

from __future__ import annotations

import json
import os
import random
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import schemathesis
from fuzz.known import Known
from schemathesis.core.parameters import ParameterLocation

TARGET = json.loads(os.environ["FUZZ_TARGET"])
TALLY = Path(os.environ["FUZZ_TALLY"]).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115 - until the process ends
CHANCE = random.Random(TARGET["seed"])  # noqa: S311 - repeatable on purpose
KNOWN = Known(ZoneInfo(TARGET["zone"]), date.fromisoformat(TARGET["today"]), CHANCE)
AS_DRAWN = 1 / 8
TIMES = {"start", "since", "now"}
RANGES = (("start", "end"), ("since", "till"), ("from", "to"))
ALWAYS = "from=2000-01-01T00:00:00%2B00:00&to=2199-01-01T00:00:00%2B00:00"
UNSUPPORTED = 501
TOLD = ("callback_url", "api_base_url", "token_url", "client_id", "client_secret", "delivery", "granted_to")
"""Fields of bodies whose values the runner knows."""
PERSON = {"name": "Anna", "surname": "Nowak", "phone": "+48500001234", "email": None}


def read_calendars() -> None:
    """Every calendar that there is, as the sandbox's control API tells it."""
    KNOWN.forget()
    headers = {"Authorization": f"Bearer {TARGET['control_token']}"}
    estate = httpx.get(f"{TARGET['control_url']}/estate", headers=headers, trust_env=False).json()
    for clinic in estate["clinics"]:
        if TARGET["client_id"] not in clinic["granted_to"]:
            continue
        for doctor in clinic["doctors"]:
            for calendar in doctor["calendars"]:
                address_id = calendar["address_id"]
                place = {"facility_id": clinic["facility_id"], "doctor_id": doctor["doctor_id"]}
                KNOWN.calendars.append({**place, "address_id": address_id})
                for service in calendar["services"]:
                    KNOWN.remember(address_id, "address_service_id", service["id"])
                    KNOWN.remember("", "service_id", service["service_id"])
                for what in ("visits", "breaks"):
                    told = httpx.get(
                        f"{TARGET['control_url']}/calendars/{address_id}/{what}?{ALWAYS}",
                        headers=headers,
                        trust_env=False,
                    )
                    KNOWN.learn(what, address_id, told.json())
                for insurance in calendar["insurances"]:
                    KNOWN.remember("", "insurance_provider_id", insurance["id"])
    KNOWN.remember("", "client_id", TARGET["client_id"])


read_calendars()


@schemathesis.hook
def before_call(context: object, case: Any, kwargs: dict[str, Any]) -> None:
    """Ids and times that mean something, where the request was drawn as a good one."""
    meta = case.meta
    if meta is None or CHANCE.random() < AS_DRAWN:
        return
    chained = str(meta.phase.name) == "stateful" and case._override is not None
    if case.path_parameters and not meta.is_negative_at(ParameterLocation.PATH):
        drawn = dict(case.path_parameters)
        if not (chained and drawn.get("address_id") in {one["address_id"] for one in KNOWN.calendars}):
            case.path_parameters = KNOWN.parameters(drawn)
    if case.query and not meta.is_negative_at(ParameterLocation.QUERY):
        case.query = in_time(dict(case.query))
    if isinstance(case.body, dict) and not meta.is_negative_at(ParameterLocation.BODY):
        case.body = sensible(dict(case.body), str((case.path_parameters or {}).get("address_id", "")))
    if case.query and "timeout_s" in case.query:
        case.query = {**case.query, "timeout_s": 0}


def in_time(values: dict[str, Any]) -> dict[str, Any]:
    """Ranges of a query or a body, and single moments."""
    for since, till in RANGES:
        if since in values and till in values:
            values[since], values[till] = KNOWN.range()
    for name in TIMES & set(values):
        if not any(name == since and till in values for since, till in RANGES):
            values[name] = KNOWN.moment()
    return values


def sensible(body: dict[str, Any], calendar: str) -> dict[str, Any]:
    """A body whose services, times, lengths and patients could be meant."""
    body = in_time(body)
    fixed = {"patient": PERSON, "scenario": "fuzz", **{name: TARGET[name] for name in TOLD if name in TARGET}}
    body |= {name: value for name, value in fixed.items() if name in body}
    for name in set(body) & {"address_service_id", "service_id", "insurance_provider_id", "booking_id", "fault_id"}:
        body[name] = KNOWN.id_of(name, calendar, body[name])
    if "address_id" in body and KNOWN.calendars:
        body["address_id"] = CHANCE.choice((calendar, CHANCE.choice(KNOWN.calendars)["address_id"]))
    if "duration" in body:
        body["duration"] = CHANCE.choice((15, 30, 60))
    for name in ("slots", "items", "periods"):
        if isinstance(body.get(name), list):
            body[name] = [period(dict(one), calendar) for one in body[name] if isinstance(one, dict)][:3]
    if "days" in body:
        starts = [str(one.get("start", ""))[:10] for name in ("items", "periods") for one in body.get(name, ())]
        body["days"] = sorted({one for one in starts if one}) or [str(KNOWN.day())]
    if "advance_s" in body:
        body["advance_s"] = CHANCE.choice((0, 1, 60))
    return body


def period(one: dict[str, Any], calendar: str) -> dict[str, Any]:
    """A work period within one day."""
    day, hour = KNOWN.day(), CHANCE.randrange(8, 17)
    one["start"], one["end"] = (f"{day}T{at:02}:00:00{KNOWN.moment()[-6:]}" for at in (hour, hour + 2))
    for name in ("address_services", "services"):
        if isinstance(one.get(name), list):
            service = KNOWN.id_of("address_service_id", calendar, "1")
            one[name] = [{"address_service_id": service, "duration": 30}]
    for name in ("insurance_providers", "insurance_provider_ids"):
        one.pop(name, None)
    one.pop("insurance_accepted", None)
    return one


@schemathesis.hook
def filter_failure(context: object, failure: Any, case: Any, response: Any) -> bool:
    """501 is a documented answer for what a side does not have; every other 5xx is a failure."""
    return bool(response.status_code != UNSUPPORTED or "Server error" not in failure.title)


@schemathesis.hook
def after_call(context: object, case: Any, response: Any) -> None:
    """One line of the tally; and what the answer teaches."""
    definition = case.operation.definition.raw
    operation_id = str(definition.get("operationId"))
    phase = case.meta.phase.name if case.meta else "other"
    sent = {"operation": operation_id, "method": str(case.method), "phase": str(phase), "status": response.status_code}
    TALLY.write(json.dumps(sent) + "\n")
    if response.status_code in {200, 201}:
        try:
            told = response.json()
        except ValueError:
            told = None
        KNOWN.learn(operation_id, str((case.path_parameters or {}).get("address_id", "")), told)
    last = str(case.path).rpartition("/")[2].strip("{}")
    if str(case.method).upper() == "DELETE" and response.status_code == 204 and last != "booking_id":
        KNOWN.lose({str((case.path_parameters or {}).get(last))})
    if operation_id == "resetSandbox" and response.status_code == 204:
        read_calendars()

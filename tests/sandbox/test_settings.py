"""Settings over the control API: what holds, which named set, what differs, and every mistake at once."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sandbox.served import Place, Served

from harness.contract.documents import SANDBOX, document
from harness.contract.json_value import object_of
from harness.sandbox.allowed import schema_of
from harness.sandbox.profiles import PROFILES, Behaviour

DOCUMENTED = PROFILES["documented"]


def test_each_named_set_knows_its_name_and_differs_in_nothing() -> None:
    """And the default is the documented one."""
    assert {name: (one.profile, one.differs) for name, one in PROFILES.items()} == {
        name: (name, ()) for name in ("documented", "observed", "harsh")
    }
    assert Behaviour() == DOCUMENTED


def test_the_harsh_set_takes_what_is_open_elsewhere_than_the_documented_one() -> None:
    """Every word and every switch but those whose other value is milder."""
    names = {one.name for one in fields(Behaviour)}
    same = {one for one in names if getattr(PROFILES["harsh"], one) == getattr(DOCUMENTED, one)}

    assert same == {"booking_needs_slot", "service_spans_periods", "realtime_answer_s", "update_cancels_bookings"}


def test_a_setting_shows_as_a_difference_until_a_set_is_taken_anew() -> None:
    """A set begins anew; what is named with it comes on top."""
    changed = PROFILES["observed"].changed({"empty_list": "not_found", "slots_delay_s": 3})
    assert (changed.profile, changed.differs) == ("observed", ("slots_delay_s", "empty_list"))

    assert changed.changed({"profile": "observed"}) == PROFILES["observed"]
    harsh = changed.changed({"profile": "harsh", "slots_delay_s": 1})
    assert (harsh.profile, harsh.differs, harsh.slots_delay_s) == ("harsh", ("slots_delay_s",), 1.0)


@given(st.sampled_from(sorted(PROFILES)), st.data())
def test_a_behaviour_survives_being_written_as_json(name: str, data: st.DataObject) -> None:
    """Every set, with every value that is allowed."""
    schema = schema_of(Behaviour)
    flags = [one for one, told in schema.items() if told.get("type") == "boolean"]
    values: dict[str, object] = {one: data.draw(st.booleans()) for one in flags}
    values |= {one: data.draw(st.sampled_from(told["enum"])) for one, told in schema.items() if "enum" in told}
    behaviour = PROFILES[name].changed(values)

    assert Behaviour(**orjson.loads(orjson.dumps(asdict(behaviour)))) == replace(
        behaviour,
        retry_schedule_s=list(behaviour.retry_schedule_s),  # type: ignore[arg-type]
    )
    assert DOCUMENTED.changed(orjson.loads(orjson.dumps(asdict(behaviour)))) == behaviour


MISTAKES: dict[str, Any] = {
    "slots_delay_s": -1,
    "replace_reach": "week",
    "echo_own_actions": 1,
    "retry_schedule_s": [60, -1],
    "taken_move_status": 500,
    "numeric_ids": "yes",
    "token_lifetime_s": 0,
    "no_such_setting": True,
}


def test_every_mistake_is_named_at_once_with_what_is_allowed() -> None:
    """By the name of the setting."""
    with pytest.raises(ValueError, match="slots_delay_s") as caught:
        DOCUMENTED.changed(MISTAKES)

    message = str(caught.value)
    assert [one for one in MISTAKES if f"{one}: " not in message] == []
    for part in ("range or whole_day", "true or false", "a number from 0 to", "400 or 404 or 409 or 422"):
        assert part in message


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "5", None])
def test_what_is_no_number_of_seconds_is_refused(value: object) -> None:
    """Also what a file may hold and JSON may not."""
    with pytest.raises(ValueError, match="slots_delay_s: expected a number"):
        DOCUMENTED.changed({"slots_delay_s": value})


def test_a_token_must_live_for_a_while() -> None:
    """One that ends before it begins would be of no use."""
    with pytest.raises(ValueError, match="token_early_s: expected less than token_lifetime_s"):
        DOCUMENTED.changed({"token_early_s": 3600})


def test_the_contract_allows_what_the_sandbox_allows() -> None:
    """Word by word and number by number."""
    schemas = object_of(object_of(document(SANDBOX)["components"])["schemas"])
    told = object_of(object_of(schemas["Settings"])["properties"])
    kept = ("enum", "minimum", "maximum", "items")

    for name, allowed in schema_of(Behaviour).items():
        mine = {key: sorted(value) if key == "enum" else value for key, value in allowed.items() if key in kept}
        theirs = {key: sorted(value) if key == "enum" else value for key, value in told[name].items() if key in kept}  # type: ignore[union-attr, type-var, arg-type]
        assert theirs == mine, name


def test_mistakes_over_the_control_api_change_nothing(docplanner: Served, place: Place) -> None:
    """422, each mistake by name; the sandbox and the calendar stay as they were."""
    for path in ("/settings", f"{place.calendar}/settings"):
        before = docplanner.done("GET", path)
        answer = docplanner.control("PUT", path, {**MISTAKES, "empty_list": "not_found"})
        assert answer.status_code == 422
        assert [one for one in MISTAKES if one not in answer.json()["message"]] == []
        assert docplanner.done("GET", path) == before


def test_a_calendar_takes_a_named_set_and_gives_it_back(docplanner: Served, place: Place) -> None:
    """What was shown can be sent again; the other calendars stay; forgotten, it is as the sandbox again."""
    docplanner.settings(place, profile="harsh", slots_delay_s=0)
    held = docplanner.done("GET", f"{place.calendar}/settings")
    assert (held["profile"], held["differs"], held["replace_reach"]) == ("harsh", ["slots_delay_s"], "whole_day")
    assert docplanner.done("GET", "/settings")["profile"] == "documented"
    docplanner.done("PUT", f"{place.calendar}/settings", held)
    assert docplanner.done("GET", f"{place.calendar}/settings") == held

    docplanner.done("DELETE", f"{place.calendar}/settings")
    assert docplanner.done("GET", f"{place.calendar}/settings") == docplanner.done("GET", "/settings")


def test_what_no_calendar_can_have_for_itself_is_refused_there(docplanner: Served, place: Place) -> None:
    """Tokens belong to an API client, whose calendars are many; the message says where to set it."""
    answer = docplanner.control("PUT", f"{place.calendar}/settings", {"token_lifetime_s": 5, "numeric_ids": True})

    assert answer.status_code == 422
    assert "token_lifetime_s" in answer.json()["message"]
    assert "PUT /settings" in answer.json()["message"]
    assert docplanner.done("GET", f"{place.calendar}/settings")["numeric_ids"] is False


def test_the_sandbox_takes_a_named_set_and_a_reset_forgets_it(docplanner: Served) -> None:
    """GET names the set and what differs from it."""
    docplanner.done("PUT", "/settings", {"profile": "observed", "empty_list": "not_found"})
    held = docplanner.done("GET", "/settings")
    assert (held["profile"], held["differs"]) == ("observed", ["empty_list"])

    docplanner.done("PUT", "/settings", {"profile": "documented", "slots_delay_s": 0.05})
    assert docplanner.done("GET", "/settings")["differs"] == ["slots_delay_s"]

"""Events, errors, marketplaces and limits agree with the files that state them."""

from __future__ import annotations

import re

import pytest

from harness.contract import limits
from harness.contract.catalogue import ERRORS
from harness.contract.documents import API, contract_text, document, resolved
from harness.contract.events import EVENTS
from harness.contract.marketplaces import MARKETPLACES, Marketplace
from harness.contract.operations import OPERATIONS
from harness.errors import BrokenHarness

ROW = re.compile(r"^\| ([a-z.]+) \| ([A-Z]{2}) \| (\S+) \| (\S+) \|$", re.MULTILINE)


def test_the_marketplaces_are_those_of_behaviour_and_of_the_servers() -> None:
    """Table, server enum and behaviour.md name the same thirteen marketplaces with the same facts."""
    rows = [Marketplace(*found) for found in ROW.findall(contract_text("behaviour.md"))]
    assert rows == list(MARKETPLACES.values())
    assert document(API)["servers"][0]["variables"]["domain"]["enum"] == list(MARKETPLACES)
    assert len(MARKETPLACES) == 13


def test_every_marketplace_has_a_time_zone() -> None:
    """The named zone exists."""
    assert {str(one.zone) for one in MARKETPLACES.values()} == {one.time_zone for one in MARKETPLACES.values()}


def test_events_are_those_of_the_notification_schema() -> None:
    """Every event that a notification may name has its entry, and its schema allows that name alone."""
    schemas = document(API)["components"]["schemas"]
    assert list(EVENTS) == schemas["Notification"]["properties"]["name"]["enum"]
    assert all(schemas[one.schema]["properties"]["name"]["enum"] == [one.name] for one in EVENTS.values())


def test_two_events_wait_for_an_answer() -> None:
    """Only the real-time checks block what the patient does."""
    assert {one.name for one in EVENTS.values() if one.blocking} == {"slot-booking", "booking-moving"}
    assert all(one.when for one in EVENTS.values())


def test_every_error_is_listed_by_an_operation() -> None:
    """No error of the catalogue is without a status, and no operation lists one that the catalogue lacks."""
    assert len(ERRORS) == 66
    assert all(one.statuses for one in ERRORS.values())
    named = {name for operation in OPERATIONS.values() for names in operation.errors.values() for name in names}
    assert named == set(ERRORS)


def test_the_body_of_an_error_is_the_callers_own() -> None:
    """Changing a body that the catalogue gave changes no later one."""
    body = ERRORS["SlotsTooFar"].body()
    assert body["message"] == "Invalid arguments"
    body["errors"].clear()
    assert ERRORS["SlotsTooFar"].body()["errors"] == {
        "slots[1].end": ["End date should be less than or equal to 15.05.2021, 11:45."]
    }
    assert ERRORS["ObjectNotFound"].body() == {"errors": [], "message": "Object not found"}


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (limits.READS_PER_HOUR, "GET {} an hour"),
        (limits.WRITES_PER_MINUTE, "POST/PUT/PATCH/DELETE {} a minute"),
        (limits.WRITES_PER_HOUR, "a minute and {} an hour"),
        (limits.TOKEN_LIFETIME_S, "`expires_in` {}"),
        (limits.TOKEN_LIFETIME_LONGEST_S // 3600, "both {} hours"),
        (limits.DEFAULT_PAGE_SIZE, "`limit` {} by default"),
        (limits.MAX_SLOTS_RANGE_DAYS, "at most {} days of range"),
        (limits.MAX_WEEKS_AHEAD, "at most {} weeks ahead"),
        (limits.MIN_PERIOD_MINUTES, "at least {} minute,"),
        (limits.SAME_PAYLOAD_WINDOW_S // 60, "for {} minutes afterwards"),
        (limits.MAX_PULL, "up to {} (`/notifications/multiple`)"),
        (limits.PULL_EXPIRY_HOURS, "not pulled in {} hours"),
        (limits.NOTIFICATION_DELETION_DAYS, "deleted {} days after creation"),
        (int(limits.REALTIME_ANSWER_S), "answer within {} seconds"),
        (limits.MAX_REDELIVERIES, "survive 0 to {} redeliveries"),
        (limits.PING_INTERVAL_S // 60, "pinged every {} minutes"),
        (limits.PING_FAILURES_BEFORE_ALERT, "After {} consecutive failures"),
    ],
)
def test_a_limit_is_what_behaviour_says(number: int, sentence: str) -> None:
    """The number stands in behaviour.md in the words from which it was taken."""
    assert sentence.format(number) in contract_text("behaviour.md")


def test_the_retry_schedules_are_the_official_ones() -> None:
    """None, after 5 and 10 minutes, or after 1, 5 and 15 minutes."""
    assert "none · after 5 and 10 minutes · after 1, 5 and 15 minutes" in contract_text("behaviour.md")
    assert limits.RETRY_SCHEDULES_S == ((), (5 * 60, 10 * 60), (60, 5 * 60, 15 * 60))
    assert max(map(len, limits.RETRY_SCHEDULES_S)) == limits.MAX_REDELIVERIES


def test_the_pull_limit_is_that_of_its_parameter() -> None:
    """A pull takes one notification unless asked for more, and never more than the parameter allows."""
    schema = document(API)["components"]["parameters"]["pullLimit"]["schema"]
    assert (schema["default"], schema["maximum"]) == (limits.DEFAULT_PULL, limits.MAX_PULL)


def test_every_limit_is_public() -> None:
    """Whatever is a constant there is exported."""
    assert limits.__all__ == sorted(name for name in vars(limits) if name.isupper())


def test_a_reference_to_nothing_is_our_own_mistake() -> None:
    """A contract that refers to what it does not hold is reported as a defect of the harness."""
    with pytest.raises(BrokenHarness, match="#/components/schemas/Nothing"):
        resolved(document(API), {"$ref": "#/components/schemas/Nothing"})

"""Working time goes to Docplanner in whole days, whatever the reach of an update there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stub.clinics import TOMORROW, ZONE, Clinic, clinic
from stub.docplanner import Docplanner, Json, failing

from harness.contract.exchange_check import check_request
from harness.stub import schedules
from harness.stub.refusals import Refusal
from harness.stub.schedules import Period
from harness.stub.staff import schedule

DAY = TOMORROW.date()
VISITS = (("9", 30),)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A local time."""
    return datetime.combine(day, time(hour, minute), ZONE)


def enter(here: Clinic, day: date, *spans: tuple[int, int]) -> None:
    """Staff set the working time of a day, in whole hours, and it is sent."""
    periods = [Period(at(day, start), at(day, end), VISITS) for start, end in spans]
    schedule.set_days(here.link, "31", [day], periods)
    here.settle()


def sent(here: Clinic) -> list[list[Json]]:
    """The ranges of each replaceSlots."""
    return [body["slots"] for body in here.docplanner.made("PUT", "/slots")]


def offered(slots: list[Json], *, reach: str, before: set[datetime] | None = None) -> set[datetime]:
    """The minutes that Docplanner offers afterwards, by either reading of what a range overrides."""
    minutes = set(before or set())
    for one in slots:
        start, end = datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"])
        if reach == "whole_day":
            minutes = {at_ for at_ in minutes if at_.astimezone(ZONE).date() != start.date()}
    for one in slots:
        start, end = datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"])
        span = {start.astimezone(UTC) + timedelta(minutes=n) for n in range(int((end - start).total_seconds() // 60))}
        minutes = minutes | span if one["address_services"] else minutes - span
    return minutes


def working(here: Clinic, day: date) -> set[datetime]:
    """The minutes that staff entered."""
    with here.link.database.reading() as connection:
        found = schedules.of_day(connection, here.link.tenant.id, "31", day)
    return {
        one.start + timedelta(minutes=n)
        for one in found
        for n in range(int((one.end - one.start).total_seconds() // 60))
    }


@pytest.mark.parametrize("reach", ["range", "whole_day"])
def test_a_changed_day_comes_out_right_whatever_the_reach(reach: str) -> None:
    """The afternoon changes: what is kept is sent again, what is given up is cleared."""
    with clinic() as here:
        enter(here, DAY, (9, 12), (14, 16))
        enter(here, DAY, (9, 12), (15, 18))

        first, second = sent(here)
        assert offered(second, reach=reach, before=offered(first, reach=reach)) == working(here, DAY)


def test_what_is_sent_is_as_the_contract_wants_it() -> None:
    """Every body is checked against openapi.yaml, and no range leaves its day or ends at midnight."""
    with clinic() as here:
        enter(here, DAY, (0, 3), (9, 12))

        for _, _, body in [one for one in here.docplanner.calls if one[0] == "PUT"]:
            assert check_request("replaceSlots", {}, httpx.Request("PUT", "http://x", json=body).content) == ()
        days = {datetime.fromisoformat(one[edge]).date() for one in sent(here)[0] for edge in ("start", "end")}
        assert days == {DAY}


def test_an_emptied_day_is_deleted() -> None:
    """Explicitly: nothing else would clear it."""
    with clinic() as here:
        enter(here, DAY, (9, 12))
        enter(here, DAY)

        assert [path for method, path, _ in here.docplanner.calls if method == "DELETE"] == [
            f"facilities/1/doctors/2/addresses/31/slots/{DAY.isoformat()}"
        ]


def test_other_days_are_not_touched() -> None:
    """One day changes, one day is sent."""
    with clinic() as here:
        enter(here, DAY, (9, 12))
        enter(here, DAY + timedelta(days=1), (9, 12))

        assert {datetime.fromisoformat(one["start"]).date() for one in sent(here)[1]} == {DAY + timedelta(days=1)}


@settings(deadline=None, max_examples=12)
@given(hours=st.lists(st.integers(7, 12), min_size=3, max_size=6))
def test_no_payload_is_sent_twice_within_the_window(hours: list[int]) -> None:
    """Docplanner ignores what it takes for a repetition: a schedule that comes back is sent in another division."""
    with clinic() as here:
        for hour in hours:
            enter(here, DAY, (hour, hour + 2))

        payloads = [str(one) for one in sent(here)]
        assert len(payloads) == len(set(payloads)) == len(hours)
        assert offered(sent(here)[-1], reach="range") == working(here, DAY)


@pytest.mark.parametrize("status", [429, 503, None])
def test_an_update_that_is_not_accepted_is_sent_again(status: int | None) -> None:
    """Refused for now, or lost: what was entered is there in the end."""
    with clinic(docplanner=Docplanner(trouble=failing("PUT .*slots", times=2, happens=False, status=status))) as here:
        enter(here, DAY, (9, 12))

        assert len(sent(here)) == 3
        assert here.system.engine.activity().outgoing == 0


def test_one_day_that_is_refused_keeps_no_other_away() -> None:
    """Days are sent one by one where together they are refused."""

    def refuses_long_days(_: str, path: str, __: object) -> httpx.Response | None:
        body = here.docplanner.calls[-1][2]
        long = any("T20:00" in one["end"] and one["address_services"] for one in body.get("slots", []))
        return httpx.Response(400, json={"errors": [], "message": "Invalid arguments"}) if long else None

    with clinic() as here:
        here.docplanner.trouble = refuses_long_days
        days = [DAY, DAY + timedelta(days=1)]
        periods = [Period(at(days[0], 9), at(days[0], 20), VISITS), Period(at(days[1], 9), at(days[1], 12), VISITS)]
        schedule.set_days(here.link, "31", days, periods)
        here.settle()

        with here.link.database.reading() as connection:
            accepted = [schedules.accepted_at(connection, here.link.tenant.id, "31", day) for day in days]
        assert accepted[0] is None
        assert accepted[1] is not None


def test_a_service_with_a_new_id_is_followed() -> None:
    """A day is refused for an old service id: the profile is read again and the day sent with the new one."""
    with clinic() as here:
        here.docplanner.services["31"] = [{"id": "99", "name": "Visit", "service_id": "5", "duration": 30}]

        def knows(_: str, path: str, __: object) -> httpx.Response | None:
            if not path.endswith("/slots") or "'9'" not in str(here.docplanner.calls[-1][2]):
                return None
            return httpx.Response(400, json={"errors": [], "message": "Address service does not exist"})

        here.docplanner.trouble = knows
        enter(here, DAY, (9, 12))

        assert [one["address_services"] for one in sent(here)[-1] if one["address_services"]] == [
            [{"address_service_id": "99", "duration": 30}]
        ]


def test_a_service_that_is_new_can_be_used_at_once() -> None:
    """The doctor added it a moment ago: the profile is read before staff are refused."""
    with clinic() as here:
        here.docplanner.services["31"].append({"id": "77", "name": "New", "service_id": "8", "duration": 15})
        schedule.set_days(here.link, "31", [DAY], [Period(at(DAY, 9), at(DAY, 12), (("77", 15),))])
        here.settle()

        assert "77" in str(sent(here))


def test_a_day_beyond_twelve_weeks_waits() -> None:
    """It is not sent before Docplanner takes it; the days before it are."""
    with clinic() as here:
        far = DAY + timedelta(weeks=13)
        enter(here, far, (9, 12))

        assert sent(here) == []


@pytest.mark.parametrize(
    ("days", "spans", "told"),
    [
        ([DAY], [(at(DAY, 9), at(DAY, 12)), (at(DAY, 11), at(DAY, 13))], "overlap"),
        ([DAY], [(at(DAY, 12), at(DAY, 12))], "ends before"),
        ([DAY], [(at(DAY + timedelta(days=1), 9), at(DAY + timedelta(days=1), 12))], "not among the days"),
        ([DAY], [(at(DAY, 22), at(DAY + timedelta(days=1), 6))], "night"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(
    days: list[date], spans: list[tuple[datetime, datetime]], told: str
) -> None:
    """422, in words; nothing of it is stored."""
    with clinic() as here:
        with pytest.raises(Refusal, match=told) as refused:
            schedule.set_days(here.link, "31", days, [Period(start, end, VISITS) for start, end in spans])

        assert (refused.value.status, refused.value.error) == (422, "invalid")
        assert working(here, DAY) == set()

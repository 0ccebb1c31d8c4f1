"""Import, activation, notifications that are pulled, and going on after the link was down."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from stub.clinics import TOMORROW, Clinic, clinic
from stub.docplanner import Docplanner, failing

from harness.stub import mapping
from harness.stub.importing import Upstream
from harness.stub.refusals import Refusal
from harness.stub.staff import breaks, visits

HOUR = timedelta(hours=1)


def test_both_calendars_are_equal_after_a_synchronisation() -> None:
    """Visits and breaks of both sides cross over, though no news of them ever came; again, nothing changes."""
    docplanner = Docplanner()
    docplanner.book(TOMORROW)
    moved = docplanner.move(docplanner.book(TOMORROW + HOUR), TOMORROW + 2 * HOUR)
    docplanner.cancel(docplanner.book(TOMORROW + 4 * HOUR))
    docplanner.block(TOMORROW + 8 * HOUR, TOMORROW + 9 * HOUR)
    with clinic(docplanner=docplanner) as here:
        here.book(TOMORROW + 6 * HOUR)
        for _ in range(2):
            here.system.engine.sync(["31"])
            here.settle()

            assert here.booked() == docplanner.booked()
            assert moved in {one[2] for one in here.booked()}
            held = breaks.listed(here.link, "31", TOMORROW, TOMORROW + timedelta(days=1))
            assert [one.break_id for one in held] == list(docplanner.breaks)
        last = here.system.engine.activity().last_sync
        assert last is not None
        assert (last.finished_at is not None, last.error) == (True, None)


def test_lost_news_is_made_up_for_by_a_synchronisation() -> None:
    """Cancelled and moved behind the clinic's back."""
    with clinic() as here:
        first, second = here.docplanner.book(TOMORROW), here.docplanner.book(TOMORROW + HOUR)
        here.tell()
        here.docplanner.cancel(first, told=False)
        here.docplanner.move(second, TOMORROW + 3 * HOUR, told=False)
        here.system.engine.sync(None)
        here.settle()

        assert here.booked() == here.docplanner.booked()
        assert len(here.booked()) == 1


def test_a_booking_that_a_list_lacks_is_not_cancelled() -> None:
    """Absence is no proof."""
    with clinic() as here:
        here.docplanner.book(TOMORROW)
        here.tell()
        here.docplanner.trouble = lambda method, path, _: (
            httpx.Response(200, json={"_items": []}) if path.endswith("/bookings") else None
        )
        here.system.engine.sync(["31"])
        here.settle()

        assert len(here.booked()) == 1


def test_calendars_are_compared_every_so_often() -> None:
    """Where that is wanted: what no news told is there by itself."""
    with clinic(compare_interval_s=0.05) as here:
        here.docplanner.book(TOMORROW)
        here.until(lambda: len(here.booked()) == 1)

        assert here.booked() == here.docplanner.booked()


def test_news_of_a_calendar_that_is_not_mapped_waits_for_the_import() -> None:
    """And keeps nobody waiting meanwhile."""
    with clinic() as here:
        here.docplanner.services["33"] = [{"id": "39", "name": "Visit"}]
        here.docplanner.book(TOMORROW, address="33")
        here.tell()
        with pytest.raises(Refusal, match="33"):
            here.visits("33")
        here.system.engine.import_mapping()
        here.settle()

        assert here.booked() == here.docplanner.booked()


def test_a_refresh_keeps_ids_and_marks_what_is_gone() -> None:
    """Nothing is mapped a second time."""
    with clinic() as here:
        before = _mapped(here)
        here.docplanner.services["31"].pop()
        del here.docplanner.services["32"]
        here.system.engine.import_mapping()
        after = _mapped(here)

        assert {key: partner for key, (partner, _) in after.items()} == {
            key: partner for key, (partner, _) in before.items()
        }
        assert {key for key, (_, gone) in after.items() if gone} == {
            ("service", "10"),
            ("address", "32"),
            ("service", "19"),
        }


def test_an_import_that_cannot_read_changes_nothing() -> None:
    """Half of what was read would look like the rest being gone."""
    with clinic() as here:
        before = _mapped(here)
        here.docplanner.trouble = failing("addresses/32/services", times=9, happens=False)
        with pytest.raises(Upstream, match="503"):
            here.system.engine.import_mapping()

        assert _mapped(here) == before


def test_notifications_are_pulled_until_none_waits() -> None:
    """More than fit into one call."""
    with clinic(delivery="pull") as here:
        for number in range(230):
            here.docplanner.book(TOMORROW + number * HOUR)
        here.docplanner.waiting = list(here.docplanner.news)
        here.until(lambda: not here.docplanner.waiting)
        here.settle()

        assert here.booked() == here.docplanner.booked()


def test_nothing_is_called_while_the_integration_is_off_and_everything_caught_up_afterwards() -> None:
    """Staff go on working meanwhile."""
    with clinic() as here:
        mine = here.book()
        here.settle()
        here.system.set_active(False)
        calls = len(here.docplanner.calls)
        visits.cancel(here.link, "31", mine.id)
        other = here.book(TOMORROW + HOUR)
        lost = here.docplanner.book(TOMORROW + 3 * HOUR)
        with pytest.raises(Refusal, match="switched off"):
            _ = here.system.working
        assert len(here.docplanner.calls) == calls
        here.system.set_active(True)
        here.settle()

        assert here.booked() == here.docplanner.booked()
        assert {visits.one(here.link, "31", other.id).booking_id, lost} == {one[2] for one in here.booked()}


def test_after_a_time_off_only_what_others_may_have_done_is_read_where_nothing_is_owed() -> None:
    """Bookings and breaks; a calendar that owes something is compared with all that Docplanner has."""
    with clinic() as here:
        here.system.set_active(False)
        here.docplanner.block(TOMORROW + 8 * HOUR, TOMORROW + 9 * HOUR)
        owed = here.book(address="32")
        before = len(here.docplanner.calls)
        here.system.set_active(True)
        here.settle()

        read = {
            path.partition("addresses/")[2] for method, path, _ in here.docplanner.calls[before:] if method == "GET"
        }
        assert {one for one in read if one.startswith("31")} == {"31/bookings", "31/breaks"}
        assert {"32/bookings", "32/breaks", "32/calendar", "32/slots"} <= read
        assert [one.break_id for one in breaks.listed(here.link, "31", TOMORROW, TOMORROW + 9 * HOUR)] == list(
            here.docplanner.breaks
        )
        assert visits.one(here.link, "32", owed.id).booking_id


def test_a_comparison_that_a_stop_ended_is_made_in_full_afterwards() -> None:
    """Staff who asked for it are not told that it was done by half."""
    with clinic() as here:
        here.docplanner.trouble = failing("addresses/31/bookings", times=9, happens=False)
        here.system.engine.sync(["31"])
        here.until(lambda: any(path.endswith("31/bookings") for _, path, _ in here.docplanner.calls))
        here.system.set_active(False)
        here.docplanner.trouble = lambda *_: None
        before = len(here.docplanner.calls)
        here.system.set_active(True)
        here.settle()

        read = [path for method, path, _ in here.docplanner.calls[before:] if method == "GET"]
        assert [path for path in read if path.endswith("/slots")] == ["facilities/1/doctors/2/addresses/31/slots"]


def test_another_client_id_is_another_tenant() -> None:
    """What belonged to the old one is no longer shown, and is there again when it comes back."""
    with clinic() as here:
        here.book()
        here.settle()
        old = here.link.tenant
        values = {name: getattr(old, name) for name in old.__dataclass_fields__ if name != "id"}
        here.system.connect(values | {"client_id": "another"})
        assert _mapped(here) == {}
        here.system.connect(values)

        assert len(here.booked()) == 1


def test_a_reset_forgets_all_but_the_connection() -> None:
    """The next import maps anew."""
    with clinic() as here:
        here.book()
        here.settle()
        here.system.reset()
        assert _mapped(here) == {}
        here.system.engine.import_mapping()

        assert here.booked() == []


def _mapped(here: Clinic) -> dict[tuple[str, str], tuple[str, bool]]:
    with here.link.database.reading() as connection:
        rows = mapping.rows(connection, here.link.tenant.id)
    return {(one.kind, one.docplanner_id): (one.partner_id, one.gone) for one in rows}

"""What the documentation leaves to us, at its borders."""

from __future__ import annotations

from urllib.parse import quote

from sandbox.served import Place, Served


def items(docplanner: Served, place: Place, what: str, since: str, till: str) -> list[str]:
    """When the things of a list begin."""
    names = ("since", "till") if what == "breaks" else ("start", "end")
    query = "&".join(f"{name}={quote(docplanner.at(2, at))}" for name, at in zip(names, (since, till), strict=True))
    told = docplanner.api("GET", f"{place.path}/{what}?{query}").json()["_items"]
    return [str(one.get("start", one.get("start_at", one.get("since"))))[11:16] for one in told]


def test_what_begins_or_overlaps_is_listed(docplanner: Served, place: Place) -> None:
    """Slots and bookings that begin from the first instant to just before the second; breaks that overlap."""
    docplanner.fill(place, 2)
    docplanner.book(place, docplanner.at(2, "09:30"))
    blocked = {"since": docplanner.at(2, "12:00"), "till": docplanner.at(2, "13:00")}
    docplanner.done("POST", f"{place.calendar}/breaks", blocked)

    assert items(docplanner, place, "slots", "09:00", "10:30") == ["09:00", "10:00"]
    assert items(docplanner, place, "slots", "09:01", "10:31") == ["10:00", "10:30"]
    assert items(docplanner, place, "bookings", "09:30", "09:31") == ["09:30"]
    assert items(docplanner, place, "bookings", "09:00", "09:30") == []
    assert items(docplanner, place, "bookings", "09:31", "10:00") == []
    assert items(docplanner, place, "breaks", "12:59", "14:00") == ["12:00"]
    assert items(docplanner, place, "breaks", "11:00", "12:01") == ["12:00"]
    assert items(docplanner, place, "breaks", "13:00", "14:00") == []
    assert items(docplanner, place, "breaks", "11:00", "12:00") == []


def test_a_deleted_service_is_offered_no_longer(docplanner: Served, place: Place) -> None:
    """Its slots are gone from lists; the work periods are still what was sent."""
    docplanner.fill(place, 2)
    assert docplanner.api("DELETE", f"{place.path}/services/{place.services[0]}").status_code == 204

    assert items(docplanner, place, "slots", "09:00", "11:00") == []
    span = f"from={quote(docplanner.at(2, '00:00'))}&to={quote(docplanner.at(3, '00:00'))}"
    assert docplanner.done("GET", f"{place.calendar}/offers?{span}")["items"] == []
    (period,) = docplanner.done("GET", f"{place.calendar}/working-time?{span}")["items"]
    assert period["services"][0]["address_service_id"] == place.services[0]

"""Whatever comes over the wire, the sandbox answers in its own words and goes on."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from sandbox.served import ANNA, Place, Served

from harness.contract.json_value import JsonValue

HUGE = 10**30


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/bookings?start={day}&end={day}&page=%C2%B2", None),
        ("GET", f"/bookings?start={{day}}&end={{day}}&page=1&limit={HUGE}", None),
        ("GET", f"/bookings?start={{day}}&end={{day}}&page={'9' * 5000}", None),
        ("GET", "/bookings?start=0001-01-01T00:00:00%2B14:00&end={day}", None),
        ("GET", "/slots?start={day}&end=9999-12-31T23:59:59-12:00", None),
        ("GET", "/slots?start=2026-11-24T09:00:00%2B25:00&end={day}", None),
        ("GET", "/breaks?since={day}", None),
        ("DELETE", "/slots/2026-02-30", None),
        ("POST", "/slots/{day}/book", {"address_service_id": "{service}", "duration": HUGE, "patient": ANNA}),
        ("POST", "/slots/{day}/book", {"address_service_id": "{service}", "duration": True, "patient": ANNA}),
        ("POST", "/slots/{day}/book", {"address_service_id": ["{service}"], "duration": 30, "patient": ANNA}),
        ("POST", "/slots/{day}/book", {"address_service_id": "{service}", "duration": 30, "patient": "Anna"}),
        ("POST", "/slots/9999-12-31T23:59:59-12:00/book", {"address_service_id": "{service}", "duration": 30}),
        ("POST", "/slots/tomorrow/book", {}),
        ("POST", "/slots/{day}/book", [1, 2]),
        ("PUT", "/slots", {"slots": "all"}),
        ("PUT", "/slots", {"slots": [7]}),
        ("PUT", "/slots", {"slots": [{"start": "{day}", "end": "{day}", "address_services": 7}]}),
        ("PUT", "/slots", {"slots": [{"start": "{day}", "end": "9999-12-31T23:59:59-12:00"}]}),
        ("POST", "/breaks", {"since": 1, "till": None}),
        ("POST", "/bookings/1/move", {"start": "{day}"}),
        ("PATCH", "/services/{service}", {"price": "free"}),
        ("POST", "/services", {"service_id": {}}),
        ("POST", "/insurance-providers", {"insurance_provider_id": None}),
    ],
)
def test_nonsense_is_refused_with_a_status_of_its_own(
    docplanner: Served, place: Place, method: str, path: str, body: JsonValue
) -> None:
    """An error below 500 with a message, and the calendar goes on answering."""
    docplanner.fill(place, 2)
    day = docplanner.at(2, "09:00")

    def filled(value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            return {name: filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [filled(one) for one in value]
        return value.format(day=day, service=place.services[0]) if isinstance(value, str) else value

    where = path.format(day=quote(day), service=place.services[0])
    answer = docplanner.api(method, f"{place.path}{where}", filled(body), bad=True)

    assert answer.status_code < 500, answer.text
    if answer.status_code != 200:
        assert answer.json()["message"]
    assert docplanner.api("GET", place.path).status_code == 200


@pytest.mark.parametrize("raw", [b"{", b"\xff\xfe", b"[1]", b"7"])
def test_a_body_that_is_no_json_object_is_malformed(docplanner: Served, place: Place, raw: bytes) -> None:
    """400."""
    headers = {"Authorization": f"Bearer {docplanner.authorise()}", "X-Bad-On-Purpose": "yes"}
    url = f"{docplanner.sandbox.api_base_url}{place.path}/breaks"

    assert docplanner.http.post(url, content=raw, headers=headers).status_code == 400


@pytest.mark.parametrize(
    ("headers", "raw"),
    [
        ({"Authorization": "Basic ###"}, b"grant_type=client_credentials"),
        ({"Authorization": "Basic /////w=="}, b"grant_type=client_credentials"),
        ({"Content-Type": "multipart/form-data"}, b"no boundary"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--y\r\n\r\n"),
        ({"Content-Type": "application/json"}, b"{}"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"\xff=\xfe&%zz"),
    ],
)
def test_nonsense_gets_no_token(docplanner: Served, headers: dict[str, str], raw: bytes) -> None:
    """A refusal in OAuth's form."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = docplanner.http.post(docplanner.sandbox.token_url, content=raw, headers={**form, **headers})

    assert answer.status_code in {400, 401}
    assert answer.json()["error"]

"""Nobody uses the desk but a person at this machine who has its link, and no other page of the browser."""

from __future__ import annotations

import httpx
import pytest
from desk.desks import Seat
from sandbox.served import Place


def test_without_the_link_nothing_is_seen(seat: Seat) -> None:
    """A browser without a session is asked to log in, whatever it asks for."""
    for path in ("/", "/clinics", "/news", "/no-such-page"):
        answer = httpx.get(f"{seat.base}/desk{path}", trust_env=False)

        assert answer.status_code == 401
        assert "Open the link" in answer.text
        assert seat.docplanner.sandbox.client_id not in answer.text


def test_a_wrong_token_opens_nothing(seat: Seat) -> None:
    """And no session begins."""
    answer = httpx.get(f"{seat.base}/desk/login?token=wrong", trust_env=False)

    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_the_session_is_for_this_site_alone_and_for_no_script(seat: Seat) -> None:
    """The cookie says so, and is signed."""
    cookie = httpx.get(seat.link, trust_env=False).headers["set-cookie"]
    forged = httpx.get(f"{seat.base}/desk/", headers={"Cookie": f"{cookie.partition('=')[0]}=me.{'0' * 64}"})

    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert forged.status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "", "localhost@evil.example"])
def test_another_name_for_this_machine_is_refused(seat: Seat, host: str) -> None:
    """DNS rebinding leads nowhere."""
    assert seat.get("/clinics", Host=host).status_code in {400, 403}


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:1", "null", ""])
def test_a_form_of_another_page_is_refused(seat: Seat, place: Place, origin: str) -> None:
    """Even with the token of the session."""
    sent = {"form_token": seat.form_token(), "since": "2030-01-01T09:00", "till": "2030-01-01T10:00"}
    path = f"{seat.base}/desk{place.calendar}/breaks"

    answer = seat.http.post(path, data=sent, headers={"Origin": origin} if origin else {})

    assert answer.status_code == 403


def test_a_form_without_the_session_s_token_is_refused(seat: Seat, place: Place) -> None:
    """Also from the right place."""
    sent = {"since": "2030-01-01T09:00", "till": "2030-01-01T10:00"}

    answer = seat.http.post(f"{seat.base}/desk{place.calendar}/breaks", data=sent, headers={"Origin": seat.base})

    assert answer.status_code == 403


def test_another_page_of_the_browser_can_read_nothing(seat: Seat) -> None:
    """Neither by fetch nor in a frame; a link is followed."""
    fetched = seat.get("/clinics", **{"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"})
    followed = seat.get("/clinics", **{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})

    assert fetched.status_code == 403
    assert followed.status_code == 200
    assert "access-control-allow-origin" not in followed.headers
    assert "frame-ancestors 'none'" in followed.headers["content-security-policy"]
    assert "unsafe-inline" not in followed.headers["content-security-policy"]


def test_the_secret_stands_on_no_page(seat: Seat, place: Place) -> None:
    """Nor does the token of the link."""
    sandbox = seat.docplanner.sandbox
    for path in ("/", "/clinics", place.calendar):
        page = seat.page(path)

        assert sandbox.client_secret not in page
        assert sandbox.control_token not in page
        assert seat.link.partition("token=")[2] not in page

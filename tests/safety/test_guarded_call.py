"""``acceptance call`` has no guard of its own: it goes through the one that everything goes through."""

from __future__ import annotations

import httpx
import pytest
from typer.testing import CliRunner

from harness.cli.app import app
from harness.errors import ConfigurationError

PLACE = ["doctor_id=202", "address_id=303", "date=2026-11-25"]


@pytest.fixture(autouse=True)
def nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials are at hand; whatever reaches the wire fails the test."""
    monkeypatch.setenv("ACCEPTANCE_CLIENT_ID", "client")
    monkeypatch.setenv("ACCEPTANCE_CLIENT_SECRET", "secret-1234")
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda *_: pytest.fail("something was sent"))


def call(*arguments: str) -> None:
    """The command as it is typed, at a real marketplace."""
    CliRunner().invoke(app, ["call", *arguments, "--at", "znanylekarz.pl"], catch_exceptions=False)


@pytest.mark.parametrize(
    "facility", ["999", "101/../999", "101%2F..%2F999", "..", "101;x", "101?x=", "101#", "0101", " 101", "１０１"]
)
def test_no_spelling_of_a_facility_is_another_one(facility: str) -> None:
    """Also where the same trick stands on the allow-list."""
    for allowed in ("101", facility if facility not in {"999", "0101"} else "101"):
        with pytest.raises(ConfigurationError):
            call("deleteSlots", f"facility_id={facility}", *PLACE, "--write", "--allow-facility", allowed)


@pytest.mark.parametrize("address", ["../../../../999/doctors/9/addresses/9", "303/../999", "..", "%2e%2e", "3 03"])
def test_no_spelling_of_an_address_leads_out_of_the_facility(address: str) -> None:
    """The whole path is judged, not the facility alone."""
    parts = ["facility_id=101", "doctor_id=202", f"address_id={address}", "date=2026-11-25"]
    with pytest.raises(ConfigurationError):
        call("deleteSlots", *parts, "--write", "--allow-facility", "101")


@pytest.mark.parametrize("operation", ["removeAddressIntegration", "releaseNotifications", "pullNotification"])
def test_what_cannot_be_taken_back_is_not_called_at_a_marketplace(operation: str) -> None:
    """Whatever is allowed."""
    parts = ["facility_id=101", *PLACE[:2]] if operation.startswith("remove") else []
    with pytest.raises(ConfigurationError, match="embedded sandbox alone"):
        call(operation, *parts, "--write", "--allow-facility", "101")


def test_a_facility_that_was_named_is_written_to() -> None:
    """So what is refused above is refused for what it is."""
    with pytest.raises(pytest.fail.Exception, match="something was sent"):
        call("deleteSlots", "facility_id=101", *PLACE, "--write", "--allow-facility", "101")

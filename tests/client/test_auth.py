"""Access tokens: kept until they end, fetched once, renewed once."""

from __future__ import annotations

from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs

import httpx
import pytest
from client.docplanner import CREDENTIALS, NOW, FarSide, api

from harness.client.auth import ClientCredentials
from harness.client.outcome import Done, Refused, Unknown
from harness.clock import ManualClock


def test_a_token_serves_many_calls() -> None:
    """The second call asks for none."""
    far_side = FarSide()
    docplanner = api(far_side)

    for _ in range(5):
        assert docplanner.directory.facilities() == Done(())

    assert far_side.tokens == 1
    assert far_side.bearers == ["canary-token-1"] * 5


def test_a_token_is_fetched_once_for_many_threads() -> None:
    """Threads that start together wait for the one token."""
    far_side = FarSide()
    docplanner = api(far_side)

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(lambda _: docplanner.directory.facilities(), range(64)))

    assert outcomes == [Done(())] * 64
    assert far_side.tokens == 1


def test_the_token_service_is_asked_with_basic_and_a_form() -> None:
    """As the documentation says: client id and secret as Basic, grant and scope as a form."""
    seen: list[httpx.Request] = []

    def far_side(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"access_token": "t", "expires_in": 60, "_items": []})

    api(far_side).directory.facilities()

    assert b64decode(seen[0].headers["Authorization"].removeprefix("Basic ")) == b"client:canary-secret"
    assert parse_qs(seen[0].content.decode()) == {"grant_type": ["client_credentials"], "scope": ["integration"]}


@pytest.mark.parametrize("life_s", [20, 3600, 86400])
def test_a_token_is_given_up_shortly_before_its_end(life_s: int) -> None:
    """Its life is what expires_in says, whatever that is."""
    far_side, clock = FarSide(life_s=life_s), ManualClock(NOW)
    docplanner = api(far_side, clock=clock)
    docplanner.directory.facilities()

    clock.advance(timedelta(seconds=life_s * 0.85))
    docplanner.directory.facilities()
    kept = far_side.tokens
    clock.advance(timedelta(seconds=life_s * 0.15))
    docplanner.directory.facilities()

    assert (kept, far_side.tokens) == (1, 2)


@pytest.mark.parametrize("method", ["read", "write"])
def test_a_token_that_ended_early_is_renewed_and_the_call_repeated(method: str) -> None:
    """A 401 was not carried out, so also a write is sent again: once."""
    far_side = FarSide(respond=lambda _: httpx.Response(200, json={"_items": []}), refused_tokens={"canary-token-1"})
    docplanner = api(far_side)

    outcome = docplanner.directory.facilities() if method == "read" else docplanner.notifications.release()

    assert isinstance(outcome, Done)
    assert far_side.tokens == 2
    assert far_side.bearers == ["canary-token-1", "canary-token-2"]


def test_a_client_that_may_no_longer_call_is_told_after_one_renewal() -> None:
    """A second 401 is handed on; there is no loop."""
    far_side = FarSide(refused_tokens={f"canary-token-{number}" for number in range(1, 9)})

    outcome = api(far_side).directory.facilities()

    assert isinstance(outcome, Refused)
    assert outcome.status == 401
    assert far_side.tokens == 2


def test_a_refused_token_of_many_threads_is_renewed_once() -> None:
    """Whoever comes second uses the token that the first one fetched."""
    far_side = FarSide(refused_tokens={"canary-token-1"})
    docplanner = api(far_side)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: docplanner.directory.facilities(), range(32)))

    assert outcomes == [Done(())] * 32
    assert far_side.tokens == 2


@pytest.mark.parametrize("status", [400, 401, 503])
def test_without_a_token_nobody_knows_more_than_before(status: int) -> None:
    """The call was not sent; the reason names the token service and no secret."""
    outcome = api(lambda _: httpx.Response(status, json={"error": "invalid_client"})).directory.facilities()

    assert isinstance(outcome, Unknown)
    assert f"answered {status}" in outcome.reason
    assert "canary" not in outcome.reason


def test_secrets_are_in_no_repr() -> None:
    """Neither of the credentials nor of what holds them."""
    auth = ClientCredentials(CREDENTIALS, ManualClock(NOW))

    assert "canary" not in repr(CREDENTIALS) + repr(auth) + str(CREDENTIALS)
    assert "'client'" in repr(CREDENTIALS)


def test_a_careless_client_fetches_a_token_for_each_call() -> None:
    """The mistake that the reference stub makes on purpose."""
    far_side = FarSide()
    auth = ClientCredentials(CREDENTIALS, ManualClock(NOW), kept=False)
    http = httpx.Client(transport=httpx.MockTransport(far_side), auth=auth)

    for _ in range(3):
        http.get("https://docplanner.test/api/v3/integration/facilities")

    assert far_side.tokens == 3


def test_a_careless_client_takes_a_401_for_an_answer() -> None:
    """The other mistake: no new token before the old one's time is over."""
    far_side = FarSide(refused_tokens={"canary-token-1"})
    auth = ClientCredentials(CREDENTIALS, ManualClock(NOW), renewed=False)
    http = httpx.Client(transport=httpx.MockTransport(far_side), auth=auth)

    assert http.get("https://docplanner.test/api/v3/integration/facilities").status_code == 401
    assert far_side.tokens == 1

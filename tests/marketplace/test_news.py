"""News of the sandbox, as those hear it who wait for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from harness.marketplace.news import NewsFeed, NewsOfCalendars
from tests.sandbox.served import Place, Served, served

SHORT = timedelta(seconds=0.05)
LONG = timedelta(seconds=10)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Served]:
    """The sandbox of the file's tests."""
    with served() as running:
        yield running


@pytest.fixture
def feed(sandbox: Served) -> Iterator[NewsFeed]:
    """A feed that has heard of all so far."""
    with NewsFeed(sandbox.sandbox.control_url, token=sandbox.sandbox.control_token) as news:
        news.wait(sandbox.mark(), timedelta(0))
        yield news


@pytest.fixture
def places(sandbox: Served) -> tuple[Place, Place]:
    """Two clinics that no other test has."""
    return sandbox.place(), sandbox.place()


def test_who_waits_is_woken_by_news_of_their_calendars_alone(
    sandbox: Served, feed: NewsFeed, places: tuple[Place, Place]
) -> None:
    """The others' news is neither told nor waited for, and counts as heard."""
    mine, other = places
    calendars = NewsOfCalendars(feed, lambda: [mine.address_id])
    before = calendars.mark()
    sandbox.api("GET", other.path)

    assert not calendars.wait(before, SHORT)
    assert feed.wait(before, SHORT)
    assert calendars.mark() == sandbox.mark() > before

    sandbox.api("GET", mine.path)
    assert calendars.wait(before, SHORT)
    assert not calendars.wait(calendars.mark(), SHORT)


def test_who_waits_for_no_calendar_hears_nothing(sandbox: Served, feed: NewsFeed, places: tuple[Place, Place]) -> None:
    """A scenario without a clinic is woken by nobody."""
    sandbox.api("GET", places[0].path)

    assert not NewsOfCalendars(feed, list).wait(0, SHORT)


def test_a_kind_of_news_is_waited_for_from_the_beginning(
    sandbox: Served, feed: NewsFeed, places: tuple[Place, Place]
) -> None:
    """What has happened already counts; what never comes is given up."""
    sandbox.api("GET", places[0].path)

    assert feed.wait_for("exchange", LONG)
    assert not feed.wait_for("ping", SHORT)


def test_a_sandbox_that_is_gone_tells_nothing() -> None:
    """The wait lasts as long as it may, and no error comes of it."""
    with served() as gone:
        url, token = gone.sandbox.control_url, gone.sandbox.control_token
    with NewsFeed(url, token=token) as news:
        assert not news.wait(0, SHORT)
        assert news.mark() == 0

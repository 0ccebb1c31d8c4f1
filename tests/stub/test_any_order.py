"""News may come late, twice and in any order: the clinic's calendar ends as Docplanner's."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stub.clinics import CONNECTION, TOMORROW
from stub.docplanner import Docplanner

from harness.client.api import DocplannerApi
from harness.client.auth import Credentials
from harness.client.calls import Calls, Endpoint
from harness.clock import SystemClock
from harness.contract.json_value import JsonObject
from harness.stub import blocks, inbox, mapping, visits
from harness.stub.database import Database
from harness.stub.defects import Defects
from harness.stub.importing import read_everything
from harness.stub.link import Link, store_tenant
from harness.stub.receiving.handler import Handler
from harness.stub.receiving.letters import open_envelope

TENANTS = itertools.count(1000)
HOUR = timedelta(hours=1)


@dataclass
class Reader:
    """The receiving side alone, without threads: news is handled when it is delivered."""

    link: Link
    docplanner: Docplanner
    handler: Handler = field(init=False)

    def __post_init__(self) -> None:
        self.handler = Handler(self.link)

    def deliver(self, news: JsonObject) -> None:
        """The clinic is told, and handles what it was told."""
        envelope = open_envelope(news)
        with self.link.database.writing() as connection:
            inbox.add(connection, self.link.tenant.id, envelope.address_id, envelope.created_at, news)
        while self.handler.handle_next(envelope.address_id) is not None:
            pass

    def booked(self) -> list[tuple[str, str]]:
        """Address and booking id of every visit that takes place, at the time that Docplanner has."""
        since, till = TOMORROW - timedelta(days=9), TOMORROW + timedelta(days=9)
        found = []
        with self.link.database.reading() as connection:
            for address in self.docplanner.services:
                held = visits.starting_in(connection, self.link.tenant.id, address, since, till)
                found += [(address, one.start, str(one.booking_id)) for one in held if one.booked]
        return sorted((address, self.link.local(at).isoformat(timespec="seconds"), one) for address, at, one in found)

    def blocked(self) -> list[tuple[str, str]]:
        """Docplanner's id and beginning of all blocked time."""
        with self.link.database.reading() as connection:
            held = blocks.overlapping(
                connection, self.link.tenant.id, "31", TOMORROW - timedelta(days=9), TOMORROW + timedelta(days=9)
            )
        return sorted((str(one.break_id), self.link.local(one.since).isoformat(timespec="seconds")) for one in held)


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """One database for all examples: each has a tenant of its own."""
    with TemporaryDirectory() as folder:
        opened = Database(Path(folder) / "clinic.sqlite")
        yield opened
        opened.close()


def reader(database: Database) -> Reader:
    """A clinic of its own that has read what Docplanner shares."""
    docplanner = Docplanner()
    credentials = Credentials(str(CONNECTION["token_url"]), "client", "secret")
    endpoint = Endpoint(str(CONNECTION["api_base_url"]), credentials, "test")
    api = DocplannerApi(Calls(endpoint, clock=SystemClock(), transport=httpx.MockTransport(docplanner)))
    with database.writing() as connection:
        tenant = replace(store_tenant(connection, dict(CONNECTION)), id=next(TENANTS))
        mapping.store_snapshot(connection, tenant.id, read_everything(api, Defects()), Defects())
    return Reader(Link(tenant, api, database, SystemClock(), Defects(), lambda _: None), docplanner)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["book", "move", "move", "move away", "cancel", "block", "move block", "free"]),
        st.integers(0, 7),
    ),
    max_size=9,
)


def act(docplanner: Docplanner, what: str, number: int) -> None:
    """One thing that a patient or the doctor does, where it is possible."""
    start = TOMORROW + number * HOUR
    booked = [key for key, one in docplanner.bookings.items() if one["status"] == "booked"]
    blocked = list(docplanner.breaks)
    deeds: dict[str, Callable[[], object]] = {
        "book": lambda: docplanner.book(start),
        "move": lambda: booked and docplanner.move(booked[number % len(booked)], start),
        "move away": lambda: booked and docplanner.move(booked[number % len(booked)], start, address="32"),
        "cancel": lambda: booked and docplanner.cancel(booked[number % len(booked)]),
        "block": lambda: docplanner.block(start, start + HOUR),
        "move block": lambda: blocked and docplanner.block(start, start + HOUR, blocked[number % len(blocked)]),
        "free": lambda: blocked and docplanner.free(blocked[number % len(blocked)]),
    }
    deeds[what]()


@settings(deadline=None)  # the machine may be busy
@given(acts=ACTS, data=st.data())
def test_any_order_and_repetition_ends_in_the_same_calendar(
    database: Database, acts: list, data: st.DataObject
) -> None:
    """Some news comes between the acts, the rest afterwards, all of it at least once, in any order."""
    clinic = reader(database)
    docplanner = clinic.docplanner
    for what, number in acts:
        act(docplanner, what, number)
        prompt = data.draw(st.booleans())
        old = data.draw(st.lists(st.sampled_from(docplanner.news), max_size=2)) if docplanner.news else []
        for news in [*(docplanner.news[-1:] if prompt else []), *old]:
            clinic.deliver(news)
    for news in data.draw(st.permutations(docplanner.news + docplanner.news[::2])):
        clinic.deliver(news)

    assert clinic.booked() == docplanner.booked()
    assert clinic.blocked() == sorted((key, one["since"]) for key, one in docplanner.breaks.items())


@settings(deadline=None)  # the machine may be busy
@given(acts=ACTS, kept=st.sets(st.integers(0, 8)), data=st.data())
def test_lost_news_makes_no_visit_that_is_not_there(
    database: Database, acts: list, kept: set[int], data: st.DataObject
) -> None:
    """Whatever part of the news arrives after all is done: what the clinic takes in is as Docplanner has it."""
    clinic = reader(database)
    docplanner = clinic.docplanner
    for what, number in acts:
        act(docplanner, what, number)
    arriving = [news for number, news in enumerate(docplanner.news) if number in kept]
    for news in data.draw(st.permutations(arriving)):
        clinic.deliver(news)

    assert set(clinic.booked()) <= set(docplanner.booked())
    assert len(clinic.booked()) == len(set(clinic.booked()))


def test_a_chain_of_moves_told_backwards_is_one_visit(database: Database) -> None:
    """The worst order: the last move first, the booking last."""
    clinic = reader(database)
    booking = clinic.docplanner.book(TOMORROW)
    for number in range(1, 5):
        booking = clinic.docplanner.move(booking, TOMORROW + number * HOUR)
    for news in reversed(clinic.docplanner.news):
        clinic.deliver(news)

    assert clinic.booked() == clinic.docplanner.booked()
    assert [one[2] for one in clinic.booked()] == [booking]


def test_a_move_to_another_address_is_found_whichever_is_named(database: Database) -> None:
    """Which address the news names is not documented."""
    for named in ("31", "32"):
        clinic = reader(database)
        booking = clinic.docplanner.book(TOMORROW)
        clinic.deliver(clinic.docplanner.news[0])
        clinic.docplanner.move(booking, TOMORROW + HOUR, address="32")
        news = clinic.docplanner.news[1]
        news["data"]["address"]["id"] = named
        clinic.deliver(news)

        assert clinic.booked() == clinic.docplanner.booked()

"""How journal lines read."""

from __future__ import annotations

import pytest

from harness.recorder.journal import MemoryJournal
from harness.recorder.line import Actor, Channel, Kind
from reports.line_text import text_of, title_of

EXCHANGE = {"method": "POST", "url": "http://h/x", "operation": "bookSlot", "status": 201, "took_ms": 81.3}


@pytest.mark.parametrize(
    ("kind", "body", "actor", "channel", "title"),
    [
        (Kind.EXCHANGE, EXCHANGE, Actor.PARTNER, Channel.API, "bookSlot 201 (81 ms)  partner → Docplanner"),
        (
            Kind.EXCHANGE,
            EXCHANGE | {"status": None, "operation": None},
            Actor.PARTNER,
            Channel.TOKEN,
            "POST http://h/x no answer (81 ms)  partner → Docplanner",
        ),
        (
            Kind.EXCHANGE,
            EXCHANGE | {"operation": "addAppointment"},
            Actor.HARNESS,
            Channel.CONTROL,
            "addAppointment 201 (81 ms)  harness → partner",
        ),
        (
            Kind.EXCHANGE,
            EXCHANGE | {"operation": "bookVisit"},
            Actor.HARNESS,
            Channel.CONTROL,
            "bookVisit 201 (81 ms)  harness → sandbox",
        ),
        (
            Kind.NOTIFICATION_TRY,
            {"event": "slot-booked", "try": 2, "status": 500, "took_ms": 12},
            Actor.DOCPLANNER,
            Channel.NOTIFICATION,
            "slot-booked 500 (12 ms), try 2  Docplanner → partner",
        ),
        (Kind.ACT, {"state": "done", "words": "Anna books"}, Actor.PATIENT, None, "Anna books: done"),
        (Kind.LOOK, {"side": "partner", "what": "CalendarSeen"}, Actor.HARNESS, None, "look at partner: CalendarSeen"),
        (Kind.FAULT, {"state": "fired"}, Actor.HARNESS, None, "fault fired"),
        (Kind.CLOCK, {}, Actor.HARNESS, None, "clock"),
    ],
)
def test_a_line_has_a_title_in_a_few_words(
    kind: Kind, body: dict[str, object], actor: Actor, channel: Channel | None, title: str
) -> None:
    """What, with what answer, from whom to whom, and where it stands."""
    journal = MemoryJournal()
    journal.write(kind, body, actor=actor, channel=channel)

    assert title_of(journal.lines[0]) == f"{title}, journal line 1"


def test_an_exchange_is_a_trace_and_a_curl_command() -> None:
    """Both, one below the other."""
    journal = MemoryJournal()
    journal.write(Kind.EXCHANGE, EXCHANGE, actor=Actor.PARTNER, channel=Channel.API)

    text = text_of(journal.lines[0])

    assert text.index("POST http://h/x") < text.index("curl ")


def test_other_lines_are_their_fields_without_the_empty_ones() -> None:
    """Records stand below their names."""
    journal = MemoryJournal()
    journal.write(Kind.LOOK, {"side": "partner", "seen": {"visits": []}, "hint": None}, actor=Actor.HARNESS)

    assert text_of(journal.lines[0]) == 'side  partner\nseen\n{\n  "visits": []\n}\n'

"""Reading at Docplanner: bookings that are never listed, pages that are not asked for, calendars left out."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qs

from harness.contract.json_value import array_of, object_of, text_of
from harness.recorder.line import Line, query_in
from harness.verdict.causes.clue import Clue, Who
from harness.verdict.checks.activation import CalendarsEqual
from harness.verdict.checks.visits import VisitGone, VisitShown
from harness.verdict.evidence import (
    SUCCESS,
    Evidence,
    cited,
    event_of,
    instant_of,
    json_answer,
    named,
    operation_of,
    status_of,
)
from harness.verdict.observation import CalendarSeen, CalendarsSeen, VisitSeen
from harness.verdict.people import resembles

__all__ = ["calendar_left_out", "listed_and_not_taken", "never_listed", "not_asked", "pages"]

PART, COMPARING = "reading of bookings", "comparing of bookings"
PAGES = "of a list with pages only some are taken over"
LOST = "what no news told is not found by comparing"


def pages(evidence: Evidence) -> Clue | None:
    """A list had more pages than were asked for, and visits are missing."""
    if not _wants_bookings(evidence):
        return None
    for one in reversed(_lists(evidence)):
        answer = json_answer(one)
        page, of = answer.get("page"), answer.get("pages")
        if not isinstance(page, int) or not isinstance(of, int) or page >= of:
            continue
        rest = [each for each in _lists(evidence) if each.n > one.n and _range(each) == _range(one)]
        if any(json_answer(each).get("page") != page for each in rest):
            continue
        return Clue(
            "pages",
            PAGES,
            Who.VENDOR,
            PART,
            f"getBookings answered page {page} of {of} (line {one.n}) and the next page was never asked for; look at "
            "whether the list is read to its last page",
            (one.n,),
        )
    return None


def calendar_left_out(evidence: Evidence) -> Clue | None:
    """Calendars were to be activated or compared, and this one was never called about."""
    if evidence.deed != "sync" or evidence.check != CalendarsEqual.__name__:
        return None
    address = evidence.wait.address
    others = [one for one in evidence.calls if one.address != address and operation_of(one) in OF_ACTIVATION]
    if any(one.address == address and operation_of(one) in OF_ACTIVATION for one in evidence.calls) or not others:
        return None
    return Clue(
        "calendar-left-out",
        "of several calendars only some are activated or compared",
        Who.VENDOR,
        "activation",
        f"calls for address {others[-1].address} followed{cited(others)} and none for address {address}; look at "
        "whether every calendar is gone through",
        tuple(one.n for one in others[-2:]),
    )


OF_ACTIVATION = frozenset({"getBookings", "replaceSlots", "deleteSlots", "getSlots", "getCalendarBreaks"})


def never_listed(evidence: Evidence) -> Clue | None:
    """Docplanner has visits that the clinic lacks, and was not asked for its bookings since."""
    return None if not _lacks_bookings(evidence) or _lists(evidence) else _not_read(evidence)


def _not_read(evidence: Evidence) -> Clue:
    return Clue(
        "bookings-not-read",
        "bookings that are at Docplanner already are not read",
        Who.VENDOR,
        PART,
        f"no getBookings for address {evidence.wait.address} followed the act in line "
        f"{evidence.act.n if evidence.act else evidence.wait.n}; look at whether activation and comparison read the "
        "bookings",
        lacks=("getBookings",),
    )


def kept_by_comparing(evidence: Evidence) -> Clue | None:
    """After a comparison the clinic still shows what is over at Docplanner."""
    lists, over = _lists(evidence), evidence.problem.headline
    if evidence.deed != "sync" or not evidence.inward or evidence.told or not lists:
        return None
    check, seen = evidence.as_check(VisitShown), evidence.as_seen(CalendarSeen)
    if check is not None and seen is not None:
        theirs = [one for one in seen.visits if one.booked and resembles(one.patient, check.patient)]
        if all(one.start == check.start for one in theirs):
            return None
    elif evidence.check != VisitGone.__name__:
        return None
    return Clue(
        "lost-news-not-found",
        LOST,
        Who.VENDOR,
        COMPARING,
        f"getBookings was answered{cited(lists)} and then {over[:1].lower()}{over[1:]}; look at whether the "
        "comparison looks at visits that are over, as well as at booked ones",
        tuple(one.n for one in lists[-4:]),
    )


def listed_and_not_taken(evidence: Evidence) -> Clue | None:
    """Docplanner listed bookings after the act, the clinic's calendar lacks one, and no news of it was accepted."""
    lists = _lists(evidence)
    if not _lacks_bookings(evidence) or not lists:
        return None
    ids = {id_ for each in lists for id_ in _ids(each)}
    seen = evidence.as_seen(CalendarsSeen)
    if seen is not None:
        have = {one.booking_id for one in seen.partner.visits}
        lost = [one for one in seen.docplanner.visits if one.booked and one.id not in have]
        listed = {one.id for one in lost} & ids
        if lost and (clue := _out_of_range(evidence, lost)):
            return clue
        if not listed:
            return None
        lists = [each for each in lists if _ids(each)]
        first = [each for each in lists if listed & _ids(each)]
        page = json_answer(first[0]).get("page")
        if isinstance(page, int) and page > 1:
            return Clue(
                "pages",
                PAGES,
                Who.VENDOR,
                PART,
                f"what is missing stands on page {page} of getBookings{cited(first)} and what stands on page 1 is "
                "there; look at what becomes of the pages after the first",
                tuple(one.n for one in first[-4:]),
            )
    return Clue(
        "listed-not-taken",
        "bookings that a list holds are not taken over",
        Who.VENDOR,
        COMPARING,
        f"getBookings answered with {len(ids)} bookings{cited(lists)} and the clinic's calendar lacks one that "
        "Docplanner has; look at what the comparison does with a booking that it does not know",
        tuple(one.n for one in lists[-4:]),
    )


def _out_of_range(evidence: Evidence, lost: list[VisitSeen]) -> Clue | None:
    """The longest list since was asked for a range in which the visits are not."""
    ranges = [(ends, one) for one in _lists(evidence) if (ends := _ends(one)) is not None]
    if not ranges:
        return None
    (since, till), line = max(ranges, key=lambda each: each[0][1] - each[0][0])
    if any(since <= one.start < till for one in lost):
        return None
    return Clue(
        "range",
        "the comparison leaves out days on which visits are missing",
        Who.VENDOR,
        COMPARING,
        f"getBookings was asked for {since:%a %d %b} to {till:%a %d %b} (line {line.n}) and what is missing is on "
        f"{lost[0].start:%a %d %b}; look at which days the comparison covers",
        (line.n,),
    )


def not_asked(evidence: Evidence) -> Clue | None:
    """No news came, by the run's doing or not, and the clinic's system did not ask either."""
    if not evidence.inward or evidence.told or evidence.wait.body.get("noun") not in {"visits", "breaks"}:
        return None
    if evidence.by_staff and evidence.deed != "sync":
        return None  # staff's own act needs no news
    lost = [one for one in evidence.faults if text_of(one.body.get("effect")) in {"drop", "hold"}]
    pulled = [one for one in evidence.other_calls if operation_of(one).startswith("pull")]
    reads = evidence.reads
    if evidence.deed == "sync" and not _lists(evidence):
        return _not_read(evidence)
    if evidence.deed == "sync" or lost:
        what = f"called {operation_of(reads[-1])}{cited(reads)}" if reads else "made no call about this calendar"
        return Clue(
            "lost-news-not-found",
            LOST,
            Who.VENDOR,
            COMPARING,
            f"news of it did not get through{_in_lines(lost)}; the clinic's system {what} and its calendar is as it "
            "was; look at what the comparison with getBookings covers",
            tuple(one.n for one in (*lost[-2:], *reads[-4:])),
        )
    if pulled:
        return Clue(
            "pulled-not-taken",
            "news waits at Docplanner and is not taken out",
            Who.VENDOR,
            "pulling of notifications",
            f"the clinic's system pulled{cited(pulled)} and took nothing about this calendar; look at whether the "
            "queue is drained",
            tuple(one.n for one in pulled[-4:]),
        )
    return Clue(
        "no-news",
        "no news reaches the clinic's system, and it asks for none",
        Who.OPERATOR,
        "delivery of notifications",
        f"no try of a notification and no pull stands in the journal from line "
        f"{evidence.since[0].n if evidence.since else evidence.wait.n} to line {evidence.wait.n}; look at the run's "
        "delivery (push or pull), the endpoint's address and the interval of polling; where all of that is right, ask "
        f"{Who.DOCPLANNER}",
        tuple(one.n for one in evidence.since[:1]),
    )


def _wants_bookings(evidence: Evidence) -> bool:
    return evidence.check in {"VisitShown", "VisitGone", "CalendarsEqual", "HistoryEndsEqual"}


def _lacks_bookings(evidence: Evidence) -> bool:
    """Whether Docplanner has booked visits that the clinic's calendar lacks, after an activation or a comparison."""
    if evidence.deed not in {"sync", "importMapping"}:
        return False
    seen = evidence.as_seen(CalendarsSeen)
    if seen is None:
        check, shown = evidence.as_check(VisitShown), evidence.as_seen(CalendarSeen)
        if check is None or shown is None or not evidence.inward:
            return False
        return not any(one.booked and resembles(one.patient, check.patient) for one in shown.visits)
    mine = {(one.start, one.patient) for one in seen.partner.visits if one.booked}
    return any(one.booked and (one.start, one.patient) not in mine for one in seen.docplanner.visits)


def _lists(evidence: Evidence) -> list[Line]:
    address = evidence.wait.address
    return [
        one
        for one in evidence.calls
        if operation_of(one) == "getBookings" and status_of(one) in SUCCESS and address in {None, one.address}
    ]


def _range(line: Line) -> tuple[object, ...]:
    """What a list was asked for, whatever the page."""
    try:
        asked = parse_qs(query_in(text_of(line.body.get("url"))))
    except ValueError:
        return ()
    return (line.address, *asked.get("start", []), *asked.get("end", []))


def _ends(line: Line) -> tuple[datetime, datetime] | None:
    """The range that a list was asked for."""
    ends = [instant_of(str(one)) for one in _range(line)[1:3]]
    since, till = ends if len(ends) == 2 else (None, None)  # noqa: PLR2004 - a start and an end
    return (since, till) if since and till else None


def _ids(line: Line) -> set[str]:
    return {text_of(object_of(one).get("id")) for one in array_of(json_answer(line).get("_items"))}


def _in_lines(lines: list[Line]) -> str:
    return (
        f" ({event_of(lines[-1])}: {named(lines)})"
        if lines and lines[-1].body.get("event")
        else (f"{cited(lines)}" if lines else "")
    )

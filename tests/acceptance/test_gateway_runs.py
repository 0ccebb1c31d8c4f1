"""A run through the recording gateway comes to the same as one without."""

from __future__ import annotations

import pytest
from runs import LONG, Ran, run

from harness.recorder.journal import read_journal
from harness.recorder.line import Kind, Line
from harness.verdict.traffic import breaches, methods_seen, partner_calls, tokens_seen

SOME = ["DP-BOK-01", "DP-RES-02"]
NARROW = [part for name in SOME for part in ("--criterion", name)]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Through the gateway: what lends itself to trouble in between; at night everything."""
    return run(tmp_path_factory.mktemp("gateway") / "out", "--gateway", "--seed", "7", *([] if LONG else NARROW))


def through_gateway(lines: list[Line]) -> list[Line]:
    """What the gateway wrote."""
    return [one for one in lines if one.process == "gateway"]


def test_the_honest_stub_passes_through_the_gateway_as_without(ran: Ran) -> None:
    """Every criterion that was played has passed; at night the verdict is accepted."""
    if LONG:
        assert ran.code == 0, ran.out
        assert ran.criterion("DP-API-01")["outcome"] == "passed"
    outcomes = ran.outcomes()

    assert {name: outcomes[name] for name in SOME} == dict.fromkeys(SOME, "passed"), ran.out


def test_everything_went_through_the_gateway_and_is_told_once(ran: Ran) -> None:
    """As many exchanges as the sandbox saw; methods are judged from them, the rest from what the sandbox knows."""
    lines = list(read_journal(ran.directory / "journal.jsonl"))
    seen = through_gateway(lines)
    rest = [one for one in lines if one not in seen]

    assert len(list(partner_calls(lines))) == len(list(partner_calls(rest))) > 0
    assert sum(one.channel == "api" for one in seen) == len(list(partner_calls(rest)))
    assert tokens_seen(lines) == tokens_seen(rest)
    assert breaches(lines) == breaches(rest)
    only = [one for one in lines if one in seen or one.kind is Kind.RUN]
    assert methods_seen(lines, ()).uses == methods_seen(only, ()).uses


def test_no_secret_and_no_cut_of_the_sandbox_is_taken_for_anybodys_answer(ran: Ran) -> None:
    """Where the sandbox cut a connection, the gateway answered in its own name, and wrote that nobody did."""
    seen = through_gateway(list(read_journal(ran.directory / "journal.jsonl")))
    own = [one for one in seen if one.body["gateway"]["answered"]]  # type: ignore[index, call-overload]

    assert own
    assert all(one.body["status"] is None and one.body["breaches"] == [] for one in own)
    headers = [one.body["request"]["headers"] for one in seen]  # type: ignore[index, call-overload]
    credentials = {header[name] for header in headers for name in ("authorization", "x-api-key") if name in header}
    assert credentials <= {"Bearer ***", "Basic ***", "***"}

"""What a run prints: the likely causes first, each finding once, and what shares a cause in a line of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.cli.summary import print_summary
from reports.build import ReportFiles

FILES = ReportFiles(Path("verdict.html"), Path("junit.xml"), None, None)
SPENT = {"scenarios_s": 0.0}


def finding(criterion: str, cause: str | None) -> dict[str, Any]:
    """A finding in five lines."""
    words = {name: f"{name} of {criterion}" for name in ("headline", "expected", "observed", "evidence", "next")}
    return {"criterion": criterion, **words, "cause": cause}


def cause(word: str, *fails: str, **more: list[str]) -> dict[str, Any]:
    """A cause as verdict.json tells it."""
    reach = {"fails": list(fails), "holds_up": [], "may_follow": [], **more}
    return {"cause": word, "likely": f"it is {word}", "next": f"next of {fails[0]}", **reach}


def printed(capsys: pytest.CaptureFixture[str], causes: list[dict[str, Any]], *findings: dict[str, Any]) -> str:
    """The summary of a run with these."""
    rows = [
        {"id": one["criterion"], "title": "t", "outcome": "failed", "reason": None, "scenarios": [], "findings": [one]}
        for one in findings
    ]
    top = dict.fromkeys(("assembly", "marketplace", "delivery", "profile", "seed"), "x")
    verdict = {"verdict": "not accepted", "partner": {}, "criteria": rows, "causes": causes}
    print_summary({**top, **verdict, "spent": SPENT}, FILES, Path("out"))
    return capsys.readouterr().out


def test_the_root_comes_before_the_criteria(capsys: pytest.CaptureFixture[str]) -> None:
    """With the number of criteria that it reaches, and who acts."""
    out = printed(capsys, [cause("a", "DP-BOK-01", holds_up=["DP-BOK-02"])], finding("DP-BOK-01", "a"))

    assert (
        "Likely cause:\n"
        "  1. it is a\n"
        "     fails 1            DP-BOK-01\n"
        "     holds up 1         DP-BOK-02\n"
        "     next               next of DP-BOK-01\n"
        "\n"
        "Criteria: 1 failed\n"
    ) in out


def test_findings_of_one_cause_stand_together(capsys: pytest.CaptureFixture[str]) -> None:
    """The one that shows it best in five lines, the others in one each."""
    findings = [finding(name, "a") for name in ("DP-BOK-01", "DP-BOK-02")]
    out = printed(capsys, [cause("a", "DP-BOK-02", "DP-BOK-01")], *findings)

    assert "DP-BOK-02  headline of DP-BOK-02 (cause 1)\n  expected  expected of DP-BOK-02\n" in out
    assert "  likewise  DP-BOK-01  headline of DP-BOK-01: observed of DP-BOK-01\n" in out
    assert "expected of DP-BOK-01" not in out


def test_a_finding_without_a_cause_is_told_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    """And says where it may come from."""
    findings = [finding("DP-BOK-01", "a"), finding("DP-API-01", "methods"), finding("DP-SCH-01", None)]
    out = printed(capsys, [cause("a", "DP-BOK-01", may_follow=["DP-API-01"])], *findings)

    assert "DP-API-01  headline of DP-API-01\n" in out
    assert "  next      next of DP-API-01\n  perhaps   a consequence of cause 1\n" in out
    assert "DP-SCH-01  headline of DP-SCH-01\n" in out
    assert out.count("perhaps") == 1


def test_what_was_in_the_way_is_told_and_not_buried(capsys: pytest.CaptureFixture[str]) -> None:
    """The worst first, each with what to do; what was well is not told, and 53 criteria that nobody played neither."""
    row = {"id": "DP-X", "title": "t", "outcome": "not proven", "reason": "not run", "scenarios": [], "findings": []}
    top = dict.fromkeys(("assembly", "marketplace", "delivery", "profile", "seed"), "x")
    checks = [
        {"what": "Python", "status": "ok", "seen": "3.11", "remedy": ""},
        {"what": "clock", "status": "warning", "seen": "+9 s", "remedy": "Set it."},
        {"what": "system", "status": "trouble", "seen": "no answer", "remedy": "Start it."},
    ]
    trouble = {"blame": "configuration", "reason": "Nothing was played. In the way: system."}
    verdict = {"verdict": "not proven", "partner": {}, "criteria": [row] * 53, "causes": [], "trouble": trouble}
    print_summary({**top, **verdict, "checks": checks, "spent": SPENT}, FILES, Path("out"))
    out = capsys.readouterr().out

    assert (
        "Trouble (configuration): Nothing was played. In the way: system.\n"
        "\n"
        "Checked before the first scenario:\n"
        "  trouble         system: no answer\n"
        "                  next: Start it.\n"
        "  warning         clock: +9 s\n"
        "                  next: Set it.\n"
        "\n"
        "Criteria: none of 53 was judged: nothing was played\n"
    ) in out
    assert "Python" not in out
    assert "DP-X" not in out

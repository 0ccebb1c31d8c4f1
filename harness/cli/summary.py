"""The verdict in plain words on stdout: the first line is the verdict, the last says where the report is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from reports.build import ReportFiles
from reports.causes import by_cause, followed_by, number_of, reach
from reports.checks import checks_to_tell
from reports.verdict_words import PURPOSES, shares_of_time

__all__ = ["print_summary"]


def print_summary(verdict: Mapping[str, Any], files: ReportFiles, directory: Path) -> None:
    """Print what was judged, what was found, and where to read on."""
    lines = [str(verdict["verdict"]).upper()]
    partner = verdict["partner"]
    system = " ".join(str(part) for part in (partner.get("name"), partner.get("version")) if part) or "unknown"
    lines.append(
        f"{system} in the {verdict['assembly']} assembly, {verdict['marketplace']}, delivery {verdict['delivery']}, "
        + (f"profile {verdict['profile']}, " if verdict["profile"] else "")
        + f"seed {verdict['seed']}"
    )
    if verdict.get("scope"):
        lines.append("A narrowed run never says accepted: run without --area and --criterion for that.")
    if trouble := verdict.get("trouble"):
        lines += ["", f"Trouble ({trouble['blame']}): {trouble['reason']}"]
    lines += _checks(checks_to_tell(verdict))
    lines += _causes(verdict["causes"])
    lines += _criteria(verdict)
    if names := sorted({name for one in verdict["criteria"] for name in one.get("attested_by", ())}):
        count = sum(bool(one.get("attested_by")) for one in verdict["criteria"])
        lines.append(f"Attested by {', '.join(names)}: something of {count} criteria, as they saw it")
    if runs := sorted({one["counted_from"] for one in verdict["criteria"] if one.get("counted_from")}):
        count = sum(bool(one.get("counted_from")) for one in verdict["criteria"])
        lines.append(f"From run {', '.join(runs)} on the embedded sandbox: {count} criteria, which need it")
    if shares := shares_of_time(verdict["spent"]):
        told = ", ".join(f"{share} % {PURPOSES[purpose]}" for share, purpose in shares)
        lines.append(f"Time in scenarios: {verdict['spent']['scenarios_s']:.0f} s: {told}")
    lines += _findings(verdict)
    if files.without_report:
        lines += ["", f"No Allure page: {files.without_report}"]
    lines += ["", f"All of it: {directory}", f"Report: {files.to_open}"]
    typer.echo("\n".join(lines))


def _checks(told: Sequence[Mapping[str, str]]) -> list[str]:
    """What was not well before the first scenario, with what to do."""
    if not told:
        return []
    lines = ["", "Checked before the first scenario:"]
    for one in told:
        lines.append(f"  {one['status']:<15} {one['what']}: {one['seen']}")
        lines += [f"  {'':<15} next: {one['remedy']}"] if one["remedy"] else []
    return lines


def _criteria(verdict: Mapping[str, Any]) -> list[str]:
    narrowed = bool(verdict.get("scope"))
    judged = [
        one for one in verdict["criteria"] if not (narrowed and one["reason"] == "not run" and not one["scenarios"])
    ]
    if verdict.get("trouble") and all(one["reason"] == "not run" for one in verdict["criteria"]):
        return ["", f"Criteria: none of {len(verdict['criteria'])} was judged: nothing was played"]
    counts = Counter(str(one["outcome"]) for one in judged)
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())
    lines = ["", f"Criteria: {told or 'none judged'}"]
    lines += [
        f"  {one['outcome']:<15} {one['id']}  {one['title']}{_why(one, verdict['causes'])}"
        for one in judged
        if one["outcome"] != "passed"
    ]
    return lines


def _why(criterion: Mapping[str, Any], causes: Sequence[Mapping[str, Any]]) -> str:
    held = [f"cause {number}" for number, cause in enumerate(causes, start=1) if criterion["id"] in cause["holds_up"]]
    reasons = [*([str(criterion["reason"])] if criterion.get("reason") else []), *held]
    return f" ({'; '.join(reasons)})" if reasons else ""


def _causes(causes: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is likely behind the findings, the root first."""
    if not causes:
        return []
    lines = ["", "Likely causes, the root first:" if len(causes) > 1 else "Likely cause:"]
    for number, cause in enumerate(causes, start=1):
        lines.append(f"  {number}. {cause['likely']}")
        lines += [f"     {f'{name} {len(ids)}':<18} {', '.join(ids)}" for name, ids in reach(cause) if ids]
        lines.append(f"     {'next':<18} {cause['next']}")
    return lines


def _findings(verdict: Mapping[str, Any]) -> list[str]:
    """Of each cause the first finding in five lines and the others by name; then those that stand for themselves."""
    every = [finding for one in verdict["criteria"] for finding in one.get("findings", ())]
    causes = verdict["causes"]
    lines: list[str] = []
    for alike in by_cause(every, causes):
        first, *others = alike
        number = number_of(first, causes)
        lines += ["", f"{first['criterion']}  {first['headline']}" + (f" (cause {number})" if number else "")]
        lines += [f"  {name:<9} {first[name]}" for name in ("expected", "observed", "evidence", "next")]
        if root := followed_by(first, causes):
            lines.append(f"  perhaps   a consequence of cause {root}")
        lines += [f"  likewise  {one['criterion']}  {one['headline']}: {one['observed']}" for one in others]
    return lines

"""The verdict in plain words on stdout: the first line is the verdict, the last says where the report is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import typer

from reports.build import ReportFiles
from reports.verdict_words import shares_of_time

__all__ = ["print_summary"]


def print_summary(verdict: Mapping[str, Any], files: ReportFiles, directory: Path) -> None:
    """Print what was judged, what was found, and where to read on."""
    lines = [str(verdict["verdict"]).upper()]
    partner = verdict["partner"]
    system = " ".join(str(part) for part in (partner.get("name"), partner.get("version")) if part) or "unknown"
    lines.append(
        f"{system} in the {verdict['assembly']} assembly, {verdict['marketplace']}, "
        f"delivery {verdict['delivery']}, profile {verdict['profile']}, seed {verdict['seed']}"
    )
    if verdict.get("scope"):
        lines.append("A narrowed run never says accepted: run without --area and --criterion for that.")
    if trouble := verdict.get("trouble"):
        lines += ["", f"Trouble ({trouble['blame']}): {trouble['reason']}"]
    if planned := verdict["planned"]:
        lines += ["", f"Planned, without a scenario in this version: {len(planned)} ({', '.join(planned)})"]
    lines += _criteria(verdict)
    if shares := shares_of_time(verdict["spent"]):
        told = ", ".join(f"{share} % {purpose}" for share, purpose in shares)
        lines.append(f"Time in scenarios: {verdict['spent']['scenarios_s']:.0f} s: {told}")
    for finding in _findings(verdict["criteria"]):
        lines += [
            "",
            f"{finding['criterion']}  {finding['headline']}",
            *(f"  {name:<9} {finding[name]}" for name in ("expected", "observed", "evidence", "next")),
        ]
    if files.without_report:
        lines += ["", f"No Allure page: {files.without_report}"]
    lines += ["", f"All of it: {directory}", f"Report: {files.to_open}"]
    typer.echo("\n".join(lines))


def _criteria(verdict: Mapping[str, Any]) -> list[str]:
    narrowed = bool(verdict.get("scope"))
    judged = [
        one
        for one in verdict["criteria"]
        if one["outcome"] != "planned" and not (narrowed and one["reason"] == "not run" and not one["scenarios"])
    ]
    counts = Counter(str(one["outcome"]) for one in judged)
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())
    lines = ["", f"Criteria: {told or 'none judged'}"]
    lines += [
        f"  {one['outcome']:<15} {one['id']}  {one['title']}" + (f" ({one['reason']})" if one.get("reason") else "")
        for one in judged
        if one["outcome"] != "passed"
    ]
    return lines


def _findings(criteria: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [finding for one in criteria for finding in one.get("findings", ())]

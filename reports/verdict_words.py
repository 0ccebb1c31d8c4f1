"""The sentences of the verdict page: what the verdict means, and what it does not."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from reports.frame import capital
from reports.language import Language
from reports.verdict_record import CriterionResult, VerdictRecord

__all__ = ["PURPOSES", "english", "limits_of_proof", "next_of_run", "sentence", "shares_of_time"]

PURPOSES = {
    "waiting_s": "waiting for the systems",
    "asking_s": "calls to them",
    "writing_s": "the journal",
    "computing_s": "the harness itself",
}
"""In words what the time in scenarios goes into."""
DECISIVE = frozenset({"required", "conditional"})


def sentence(record: VerdictRecord, language: Language) -> Markup:
    """The verdict in one plain sentence or two; whatever the run told is set apart from them."""
    who = Markup("<bdi>{}</bdi>").format(capital(record.partner_name)) if record.partner_name else None
    who = who or language.say("sentence.the_partner")
    failed = _decisive(record, "failed")
    unproven = _decisive(record, "not proven")
    passed = _decisive(record, "passed") + _decisive(record, "attested")
    if record.verdict == "accepted":
        return language.say("sentence.accepted", len(passed), who=who)
    if record.verdict == "not accepted":
        told = [language.say("sentence.not_accepted", len(failed), who=who)]
        told += [language.say("sentence.more_unproven", len(unproven))] if unproven else []
        return Markup(" ").join(told)
    if record.reason:
        return language.say("sentence.troubled", reason=english(record.reason.rstrip("."), language))
    if record.scope:
        return language.say("sentence.narrowed", scope=english(record.scope, language))
    if not record.criteria or not (passed or failed or unproven):
        return language.say("sentence.nothing")
    left = language.say("sentence.unproven", len(unproven))
    return Markup(" ").join([left, language.say("sentence.met", len(passed))])


def next_of_run(record: VerdictRecord) -> str:
    """What the reader does now, by its name in the catalogue; empty where the verdict needs nothing."""
    if record.causes:
        return "causes"
    if record.findings:
        return "findings"
    if record.verdict == "accepted":
        return ""
    return "narrowed" if record.scope else "unproven"


def limits_of_proof(record: VerdictRecord, language: Language) -> list[Markup]:
    """What a reader might wrongly take from this page."""
    limits = []
    if record.assembly in {"self", "api"}:
        limits.append(language.say("limits.stub"))
    if record.assembly in {"self", "partner"}:
        limits.append(language.say("limits.embedded", profile=record.profile or "documented"))
    return [*limits, *(language.say(f"limits.{name}") for name in ("sample", "scope", "session"))]


def english(text: object, language: Language) -> Markup:
    """``text`` as the run told it, marked as English on a page that is not."""
    if language.code == "en":
        return Markup("<bdi>{}</bdi>").format(text)
    return Markup('<bdi lang="en">{}</bdi>').format(text)


def shares_of_time(spent: Mapping[str, float]) -> list[tuple[int, str]]:
    """Per cent of the time in scenarios, and the purpose that it went into; nothing where none was spent."""
    total = spent.get("scenarios_s", 0.0)
    return [(round(100 * spent.get(name, 0.0) / total), name) for name in PURPOSES] if total else []


def _decisive(record: VerdictRecord, outcome: str) -> list[CriterionResult]:
    return [part for part in record.criteria if part.outcome == outcome and part.level in DECISIVE]

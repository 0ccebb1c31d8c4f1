"""Checks of the mapping: everything that is shared has its counterpart, and nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from harness.verdict.finding import Problem
from harness.verdict.observation import InsuranceSeen, MappedThing, MappingSeen

__all__ = ["InsurancesMapped", "ResourcesMapped", "ServiceReplaced", "ServicesMapped"]

SHOWN = 4


@dataclass(frozen=True, slots=True)
class ResourcesMapped:
    """Every facility, doctor and address is mapped once, below the right parent; nothing else but what is permitted."""

    facilities: tuple[str, ...]
    doctors: tuple[tuple[str, str], ...]
    """Doctor id and facility id."""
    addresses: tuple[tuple[str, str], ...]
    """Address id and doctor id."""
    permitted: tuple[str, ...] = ()
    """Ids that may be mapped or not, such as clinics that joined meanwhile."""

    def judge(self, seen: MappingSeen) -> Problem | None:
        """None where the mapping is whole."""
        due: dict[str, list[tuple[str, str | None]]] = {
            "facility": [(one, None) for one in self.facilities],
            "doctor": list(self.doctors),
            "address": list(self.addresses),
        }
        for kind, wanted in due.items():
            if problem := self._of_kind(kind, wanted, [one for one in seen.things if one.kind == kind]):
                return problem
        for kind in ("doctor", "address"):
            shared = _shared([one for one in seen.things if one.kind == kind])
            if shared:
                return Problem(
                    f"Several {_plural(kind)} share one counterpart",
                    f"every {kind} with a partner id of its own",
                    f"{_plural(kind)} {_listed(shared)} have the same partner id",
                    "look-alikes were merged: map by Docplanner's id, never by name",
                )
        return None

    def _of_kind(self, kind: str, wanted: list[tuple[str, str | None]], there: list[MappedThing]) -> Problem | None:
        expected = f"all {len(wanted)} {_plural(kind)} that are shared, each once"
        ids = Counter(one.docplanner_id for one in there)
        # a doctor may work at several facilities: once for each parent is once
        due = Counter(one for one, _ in wanted)
        missing = [one for one in due if one not in ids]
        if missing:
            observed = f"{len(missing)} missing: {_listed(missing)}"
            return Problem(f"Not every {kind} has a counterpart", expected, observed)
        if strange := sorted(set(ids) - set(due) - set(self.permitted)):
            observed = f"{len(strange)} more: {_listed(strange)}"
            return Problem(f"{_one(kind)} is mapped that is not shared", expected, observed)
        if double := sorted(one for one, count in due.items() if ids[one] > count):
            return Problem(f"{_one(kind)} is mapped more than once", expected, f"more than once: {_listed(double)}")
        parents = {(one.docplanner_id, one.parent_id) for one in there}
        wrong = [one for one, parent in wanted if parent is not None and (one, parent) not in parents]
        if wrong:
            observed = f"another parent: {_listed(wrong)}"
            return Problem(f"{_one(kind)} is mapped below the wrong parent", expected, observed)
        return None


@dataclass(frozen=True, slots=True)
class ServicesMapped:
    """The services mapped below the address are exactly its own, by address service id."""

    address_id: str
    service_ids: tuple[str, ...]

    def judge(self, seen: MappingSeen) -> Problem | None:
        """None where they are."""
        there = [one.docplanner_id for one in seen.things if one.kind == "service" and one.parent_id == self.address_id]
        missing, strange = sorted(set(self.service_ids) - set(there)), sorted(set(there) - set(self.service_ids))
        if not missing and not strange and len(there) == len(set(there)):
            return None
        told = [f"missing {_listed(missing)}"] if missing else []
        told += [f"too many {_listed(strange)}"] if strange else []
        return Problem(
            f"The services of address {self.address_id} are not mapped as they are",
            f"services {_listed(self.service_ids)} of address {self.address_id}",
            "; ".join(told) or "one of them twice",
            "a service belongs to one address: map it by address service id, not by its name or dictionary id",
        )


@dataclass(frozen=True, slots=True)
class ServiceReplaced:
    """A service that was added again is mapped under its new id; the old one is gone."""

    address_id: str
    old: str
    new: str

    def judge(self, seen: MappingSeen) -> Problem | None:
        """None where only the new id is mapped."""
        there = {one.docplanner_id for one in seen.things if one.kind == "service" and one.parent_id == self.address_id}
        if self.new in there and self.old not in there:
            return None
        told = ["the new id missing"] if self.new not in there else []
        told += ["the old id still there"] if self.old in there else []
        return Problem(
            "A service that was added again is not mapped anew",
            f"service {self.new} of address {self.address_id} mapped, {self.old} gone",
            " and ".join(told),
            "a service that is added again has a new address service id: read services again at each import",
        )


@dataclass(frozen=True, slots=True)
class InsurancesMapped:
    """Every insurance provider of the address is mapped, with its plans."""

    address_id: str
    providers: tuple[InsuranceSeen, ...]

    def judge(self, seen: MappingSeen) -> Problem | None:
        """None where they are; whether a provider hangs below its address is free."""
        mapped: dict[str, set[str]] = defaultdict(set)
        for one in seen.things:
            mapped[one.kind].add(one.docplanner_id)
        lost = [one.provider_id for one in self.providers if one.provider_id not in mapped["insurance_provider"]]
        plans = {plan for one in self.providers for plan in one.plan_ids} - mapped["insurance_plan"]
        if not lost and not plans:
            return None
        told = [f"providers {_listed(lost)} missing"] if lost else []
        told += [f"plans {_listed(sorted(plans))} missing"] if plans else []
        return Problem(
            f"The insurances of address {self.address_id} are not mapped",
            f"{len(self.providers)} providers with their plans",
            "; ".join(told),
        )


def _plural(kind: str) -> str:
    return {"facility": "clinics", "doctor": "doctors", "address": "addresses"}.get(kind, kind)


def _one(kind: str) -> str:
    return "An address" if kind == "address" else f"A {kind}"


def _listed(ids: Iterable[str]) -> str:
    known = list(ids)
    rest = len(known) - SHOWN
    return ", ".join(known[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _shared(things: list[MappedThing]) -> list[str]:
    """Docplanner ids whose partner id belongs to another Docplanner id too."""
    owners: dict[str, set[str]] = defaultdict(set)
    for one in things:
        owners[one.partner_id].add(one.docplanner_id)
    return sorted(id_ for ids in owners.values() if len(ids) > 1 for id_ in ids)

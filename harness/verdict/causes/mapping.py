"""The mapping: what Docplanner told and the import did not take over, and what it was never asked for."""

from __future__ import annotations

from collections.abc import Iterator

from harness.contract.json_value import array_of, object_of, text_of
from harness.recorder.line import Line
from harness.verdict.causes.clue import Clue, Who
from harness.verdict.checks.mapping import InsurancesMapped, ResourcesMapped, ServiceReplaced, ServicesMapped
from harness.verdict.evidence import SUCCESS, Evidence, cited, json_answer, named, operation_of, status_of
from harness.verdict.observation import MappingSeen

__all__ = ["insurances", "resources", "service_replaced", "services"]

PART = "import of the mapping"
LISTS = {
    "facility": ("getFacilities",),
    "doctor": ("getDoctors", "getFacility"),
    "address": ("getAddresses", "getDoctor"),
}


def resources(evidence: Evidence) -> Clue | None:
    """A facility, doctor or address without its counterpart: was it told, or never asked for?"""
    check, seen = evidence.as_check(ResourcesMapped), evidence.as_seen(MappingSeen)
    if check is None or seen is None:
        return None
    due = {
        "facility": set(check.facilities),
        "doctor": {one for one, _ in check.doctors},
        "address": {one for one, _ in check.addresses},
    }
    for kind, ids in due.items():
        there = {one.docplanner_id for one in seen.things if one.kind == kind}
        if missing := sorted(ids - there):
            return _missing(evidence, kind, missing[0])
    return Clue(
        "mapping-mixed",
        "what Docplanner shares is mapped otherwise than it is",
        Who.VENDOR,
        PART,
        f"{evidence.problem.observed}; look at what the import takes for the key: only Docplanner's ids tell "
        "look-alikes apart",
    )


def _missing(evidence: Evidence, kind: str, id_: str) -> Clue:
    asked = [one for one in evidence.partner_lines if operation_of(one) in LISTS[kind]]
    holding = [one for one in asked if id_ in _ids(one)]
    if holding:
        last = holding[-1]
        return Clue(
            f"mapping-left-out:{kind}",
            f"the import leaves out some of what Docplanner shares: an {kind}"
            if kind == "address"
            else f"the import leaves out some of what Docplanner shares: a {kind}",
            Who.VENDOR,
            PART,
            f"Docplanner named {kind} {id_} in its answer to {operation_of(last)} (line {last.n}) and the mapping "
            "lacks it; look at what the import filters out",
            (last.n,),
        )
    since = [one for one in evidence.other_calls if operation_of(one) in LISTS[kind]]
    what = f"asked for it in {named(since)}" if since else f"not called {LISTS[kind][0]} since the import was asked for"
    return Clue(
        "mapping-not-read",
        "the import does not read again what Docplanner shares",
        Who.VENDOR,
        PART,
        f"the clinic's system has {what}, and no answer named {kind} {id_}; look at whether an import asks Docplanner "
        "or answers from what it has",
        tuple(one.n for one in since[-4:]),
    )


def services(evidence: Evidence) -> Clue | None:
    """The services of an address are mapped by something else than their address service ids."""
    check, seen = evidence.as_check(ServicesMapped), evidence.as_seen(MappingSeen)
    if check is None or seen is None:
        return None
    mapped = [one for one in seen.things if one.kind == "service"]
    there = {one.docplanner_id for one in mapped if one.parent_id == check.address_id}
    missing, strange = sorted(set(check.service_ids) - there), sorted(there - set(check.service_ids))
    told = [one for one in _about(evidence, check.address_id) if set(missing) <= set(_ids(one))]
    if not _about(evidence, check.address_id):
        return _never_asked(evidence, "getAddressServices", "the services of every address")
    lines = tuple(one.n for one in told[-1:])
    where = f"answer to getAddressServices{cited(told[-1:])}" if told else "answers"
    if strange:
        return Clue(
            "services-copied",
            "services of one address are taken for those of another",
            Who.VENDOR,
            PART,
            f"address {check.address_id} has {strange[0]}, which is not among its services in Docplanner's {where}; "
            "look at whether services are read for each address",
            lines,
        )
    names = {_name_in(one, id_) for one in told for id_ in missing}
    by_name = bool(names & {one.name for one in mapped if one.name})
    why = "another address has a service of that name, and its own is mapped" if by_name else "they were told"
    return Clue(
        "services-by-name" if by_name else "services-left-out",
        "services are told apart by their names instead of their address service ids"
        if by_name
        else "some services of an address are left out",
        Who.VENDOR,
        PART,
        f"Docplanner named {', '.join(missing[:3]) or 'them'} in its {where}, {why}; map each service by its address "
        "service id",
        lines,
    )


def service_replaced(evidence: Evidence) -> Clue | None:
    """A service was added again, and its old id was kept."""
    check = evidence.as_check(ServiceReplaced)
    if check is None:
        return None
    told = [one for one in _about(evidence, check.address_id) if check.new in _ids(one)]
    if not told:
        asked = "its services were not read since"
        lines: tuple[int, ...] = ()
    else:
        asked = f"Docplanner named the new id {check.new} in its answer to getAddressServices (line {told[-1].n})"
        lines = (told[-1].n,)
    return Clue(
        "service-id-kept",
        "a service that was deleted and added again goes on under its old id",
        Who.VENDOR,
        PART,
        f"{asked}, and the mapping has {evidence.problem.observed}; look at what a refresh recognises services by",
        lines,
    )


def insurances(evidence: Evidence) -> Clue | None:
    """Insurance providers or plans are missing."""
    check = evidence.as_check(InsurancesMapped)
    if check is None:
        return None
    operation = "getAddressInsuranceProviders"
    told = [one for one in evidence.partner_lines if operation_of(one) == operation and one.address == check.address_id]
    if not told:
        return _never_asked(evidence, operation, "insurance providers")
    return Clue(
        "insurances-left-out",
        "insurance providers or plans that Docplanner names are not mapped",
        Who.VENDOR,
        PART,
        f"Docplanner answered {operation} (line {told[-1].n}) and the mapping lacks what it named; look at what the "
        "import stores of it",
        (told[-1].n,),
    )


def _never_asked(evidence: Evidence, operation: str, what: str) -> Clue:
    return Clue(
        f"not-read:{operation}",
        f"{operation} is never called",
        Who.VENDOR,
        PART,
        f"no call of {operation} for this address stands in the journal up to line {evidence.wait.n}; look at whether "
        f"the import reads {what}",
        lacks=(operation,),
    )


def _about(evidence: Evidence, address: str) -> list[Line]:
    return [
        one
        for one in evidence.partner_lines
        if operation_of(one) == "getAddressServices" and one.address == address and status_of(one) in SUCCESS
    ]


def _ids(line: Line) -> set[str]:
    return {id_ for id_, _ in _items(line)}


def _name_in(line: Line, id_: str) -> str:
    return next((name for each, name in _items(line) if each == id_), "")


def _items(line: Line) -> Iterator[tuple[str, str]]:
    """Ids and names of the list that was answered."""
    for one in array_of(json_answer(line).get("_items")):
        item = object_of(one)
        yield str(item.get("id")), text_of(item.get("name"))

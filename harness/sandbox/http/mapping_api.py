"""The operations of the API by which everything is mapped: facilities, doctors, addresses, services, insurances."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from harness.contract.json_value import JsonValue, array_of, object_of
from harness.sandbox.directory import AddressService
from harness.sandbox.http.wire import Answer, Call, instant
from harness.sandbox.payloads import items
from harness.sandbox.refusals import Refusal, invalid, refuse

__all__ = ["MAPPING_OPERATIONS", "ages_of"]

HIGHEST_PRICE = 10**9
SUPPORTS = frozenset({"private", "insurance", "private_and_insurance"})


def get_facilities(call: Call) -> Answer:
    """Facilities granted to the API client."""
    payloads = call.state.payloads
    return Answer(200, items(payloads.facility(one) for one in call.state.directory.shared_with(call.client.id)))


def get_facility(call: Call) -> Answer:
    """One facility."""
    return Answer(200, call.state.payloads.facility(call.facility(), call.extensions))


def get_doctors(call: Call) -> Answer:
    """Doctors of a facility."""
    payloads = call.state.payloads
    return Answer(200, items(payloads.doctor(one, call.extensions) for one in call.facility().doctors.values()))


def get_doctor(call: Call) -> Answer:
    """One doctor."""
    return Answer(200, call.state.payloads.doctor(call.doctor(), call.extensions))


def get_addresses(call: Call) -> Answer:
    """Addresses of a doctor."""
    payloads = call.state.payloads
    return Answer(200, items(payloads.address(one, call.extensions) for one in call.doctor().addresses.values()))


def get_address(call: Call) -> Answer:
    """One address."""
    return Answer(200, call.state.payloads.address(call.address(), call.extensions))


def update_address(call: Call) -> Answer:
    """Change the insurance support of an address."""
    address = call.editable()
    support = call.body.get("insurance_support", address.insurance_support)
    if not isinstance(support, str) or support not in SUPPORTS:
        raise invalid(f"insurance_support: expected one of {', '.join(sorted(SUPPORTS))}")
    address.insurance_support = support
    return Answer(200, call.state.payloads.address(address, frozenset({"address.insurance_support"})))


def get_services(call: Call) -> Answer:
    """The dictionary of services; of one specialization, or diagnostics alone, where asked [assumed]."""
    wanted = call.query.get("specialization_id")
    diagnostics = "services.only_diagnostics" in call.extensions
    found = (
        one
        for one in call.state.directory.services.values()
        if wanted in {None, *one.specializations} and (one.diagnostic or not diagnostics)
    )
    return Answer(200, items({"id": one.id, "name": one.name} for one in found))


def get_address_services(call: Call) -> Answer:
    """Services of the address; with ``start`` those of the slot that starts then, as long as they take there [doc]."""
    address, payloads = call.address(), call.state.payloads
    if "start" not in call.query:
        services = address.services.values()
        return Answer(200, items(payloads.service(one, call.extensions) for one in services))
    start = instant(call.query["start"], "start")
    offers = call.rules.free_slots(address, start, start + timedelta(minutes=1))
    return Answer(
        200,
        items(
            payloads.service(address.services[one.address_service_id], call.extensions) | {"duration": one.duration}
            for one in offers
            if one.start == start
        ),
    )


def get_address_service(call: Call) -> Answer:
    """One service of the address."""
    return Answer(200, call.state.payloads.service(_service(call), call.extensions))


def add_address_service(call: Call) -> Answer:
    """A dictionary service for the address; Location names it."""
    address = call.address()
    values = _changes(call)
    duration = values.pop("duration", None)
    minutes = duration if isinstance(duration, int) else 30
    made = call.rules.add_service(address, call.text("service_id"), minutes, call.cause, **values)
    path = f"/facilities/{address.facility_id}/doctors/{address.doctor_id}/addresses/{address.id}/services/{made.id}"
    return Answer(201, call.state.payloads.service(made), {"Location": f"{call.base_url}{path}"})


def update_address_service(call: Call) -> Answer:
    """Change what is named."""
    changed = call.rules.change_service(call.address(), _service(call), _changes(call), call.cause)
    return Answer(200, call.state.payloads.service(changed))


def delete_address_service(call: Call) -> Answer:
    """The address offers it no longer."""
    call.rules.delete_service(call.address(), _service(call), call.cause)
    return Answer(204)


def get_insurance_providers(call: Call) -> Answer:
    """The dictionary of insurance providers."""
    known = call.state.directory.insurances.values()
    return Answer(200, items({"insurance_provider_id": one.id, "name": one.name} for one in known))


def get_insurance_plans(call: Call) -> Answer:
    """The plans of a provider."""
    provider = call.state.directory.insurances.get(call.params["insurance_provider_id"])
    if provider is None:
        raise refuse("ObjectNotFound", 404)
    return Answer(200, items({"insurance_plan_id": plan, "name": name} for plan, name in provider.plans))


def get_address_insurances(call: Call) -> Answer:
    """Providers accepted at the address, with plans."""
    return Answer(200, call.state.payloads.insurances(call.address()))


def add_address_insurance(call: Call) -> Answer:
    """Add a provider to the address."""
    address = call.address()
    provider_id, plans = _insurance(call)
    if provider_id in address.insurances:
        raise refuse("InsuranceAlreadyAssigned", 400)
    call.rules.addresses.assign(address, provider_id, plans)
    return Answer(204)


def put_address_insurance(call: Call) -> Answer:
    """Add the provider or replace its plans."""
    address = call.address()
    provider_id, plans = _insurance(call)
    call.rules.addresses.assign(address, provider_id, plans)
    return Answer(204)


def delete_address_insurance(call: Call) -> Answer:
    """Remove a provider from the address."""
    call.rules.addresses.unassign(call.address(), call.params["insurance_provider_id"])
    return Answer(204)


def remove_integration(call: Call) -> Answer:
    """DocplannerPMS clients only: the address is no longer integrated; it is not deleted [doc]."""
    address = call.address()
    if not call.client.docplanner_pms:
        raise refuse("FeatureNotAuthorized", 403)
    address.integrated = False
    return Answer(202)


def _service(call: Call) -> AddressService:
    return call.state.directory.service_of(call.address(), call.params["address_service_id"])


def _insurance(call: Call) -> tuple[str, tuple[str, ...]]:
    provider = call.state.directory.insurances.get(call.text("insurance_provider_id"))
    if provider is None:
        raise refuse("InsuranceProviderNotFromDictionary", 404)
    plans = tuple(str(object_of(one).get("insurance_plan_id")) for one in array_of(call.body.get("insurance_plans")))
    return provider.id, plans


def _changes(call: Call) -> dict[str, object]:
    """The fields of an address service that a body changes."""
    body, values = call.body, dict[str, object]()
    if "price" in body:
        values["price"] = _price(body["price"])
    for name in ("is_price_from", "is_visible"):
        if isinstance(body.get(name), bool):
            values[name] = body[name]
    for name in ("description", "custom_name"):
        if name in body:
            values[name] = call.words(name)
    if "allowed_patients" in body:
        values["allowed_patients"] = ages_of(body["allowed_patients"])
    if (duration := call.minutes("default_duration")) is not None:
        values["duration"] = duration
    return values


def ages_of(value: JsonValue) -> tuple[int | None, int | None] | None:
    """The least and the greatest age, in years."""
    if value is None:
        return None
    least, greatest = (object_of(value).get(name) for name in ("minimum_age", "maximum_age"))
    if not all(one is None or (isinstance(one, int) and not isinstance(one, bool)) for one in (least, greatest)):
        raise invalid("allowed_patients: expected minimum_age and maximum_age in years, or null")
    return least, greatest  # type: ignore[return-value]


def _price(value: JsonValue) -> int | None:
    """The integer part; decimals are cut off [doc]."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= HIGHEST_PRICE:
        raise _bad_price()
    return int(value)


def _bad_price() -> Refusal:
    return refuse("InvalidPrice", 400)


MAPPING_OPERATIONS: Mapping[str, Callable[[Call], Answer]] = {
    "getFacilities": get_facilities,
    "getFacility": get_facility,
    "getDoctors": get_doctors,
    "getDoctor": get_doctor,
    "getAddresses": get_addresses,
    "getAddress": get_address,
    "updateAddress": update_address,
    "removeAddressIntegration": remove_integration,
    "getServices": get_services,
    "getAddressServices": get_address_services,
    "addAddressService": add_address_service,
    "getAddressService": get_address_service,
    "updateAddressService": update_address_service,
    "deleteAddressService": delete_address_service,
    "getInsuranceProviders": get_insurance_providers,
    "getInsurancePlans": get_insurance_plans,
    "getAddressInsuranceProviders": get_address_insurances,
    "addAddressInsuranceProvider": add_address_insurance,
    "updateOrCreateAddressInsuranceProvider": put_address_insurance,
    "deleteAddressInsuranceProvider": delete_address_insurance,
}

"""The operations of the API by which everything is mapped: facilities, doctors, addresses, services, insurances."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harness.contract.json_value import JsonValue, array_of, object_of
from harness.sandbox.directory import AddressService
from harness.sandbox.http.wire import Answer, Call
from harness.sandbox.payloads import items
from harness.sandbox.refusals import Refusal, invalid, refuse

__all__ = ["MAPPING_OPERATIONS"]

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
    address = call.address()
    support = call.body.get("insurance_support", address.insurance_support)
    if not isinstance(support, str) or support not in SUPPORTS:
        raise invalid(f"insurance_support: expected one of {', '.join(sorted(SUPPORTS))}")
    address.insurance_support = support
    return Answer(200, call.state.payloads.address(address, frozenset({"address.insurance_support"})))


def get_services(call: Call) -> Answer:
    """The dictionary of services."""
    return Answer(200, items({"id": one.id, "name": one.name} for one in call.state.directory.services.values()))


def get_address_services(call: Call) -> Answer:
    """Services of the address."""
    services = call.address().services.values()
    return Answer(200, items(call.state.payloads.service(one, call.extensions) for one in services))


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
    address.insurances[provider_id] = plans
    return Answer(204)


def put_address_insurance(call: Call) -> Answer:
    """Add the provider or replace its plans."""
    address = call.address()
    provider_id, plans = _insurance(call)
    address.insurances[provider_id] = plans
    return Answer(204)


def delete_address_insurance(call: Call) -> Answer:
    """Remove a provider from the address."""
    address = call.address()
    provider_id = call.params["insurance_provider_id"]
    if provider_id not in call.state.directory.insurances:
        raise refuse("InsuranceProviderNotFromDictionary", 404)
    if address.insurances.pop(provider_id, None) is None:
        raise refuse("InsuranceNotAssigned", 400)
    return Answer(204)


def remove_integration(call: Call) -> Answer:
    """DocplannerPMS clients only, which this sandbox has none of."""
    call.address()
    raise refuse("FeatureNotAuthorized", 403)


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
    if (duration := call.minutes("default_duration")) is not None:
        values["duration"] = duration
    return values


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

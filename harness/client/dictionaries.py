"""What exists at Docplanner apart from any clinic: services, insurance providers and their plans."""

from __future__ import annotations

from dataclasses import dataclass

from harness.client.calls import Calls
from harness.client.models import InsurancePlan, InsuranceProvider, Service
from harness.client.outcome import Outcome
from harness.client.reading import items_of, read_insurance_plan, read_insurance_provider, read_service

__all__ = ["Dictionaries"]


@dataclass(frozen=True, slots=True)
class Dictionaries:
    """The marketplace's own lists."""

    calls: Calls

    def services(self) -> Outcome[tuple[Service, ...]]:
        """Every service that an address can offer (getServices)."""
        return self.calls.send("GET", ("services",), lambda answer: items_of(answer.json, read_service))

    def insurances(self) -> Outcome[tuple[InsuranceProvider, ...]]:
        """Every insurance provider, without its plans (getInsuranceProviders)."""
        path = ("insurance-providers",)
        return self.calls.send("GET", path, lambda answer: items_of(answer.json, read_insurance_provider))

    def plans(self, provider_id: str) -> Outcome[tuple[InsurancePlan, ...]]:
        """The plans of a provider (getInsurancePlans)."""
        path = ("insurance-providers", provider_id, "plans")
        return self.calls.send("GET", path, lambda answer: items_of(answer.json, read_insurance_plan))

"""The thirteen marketplaces. Source: openapi.yaml, server enum; behaviour.md, "Marketplaces"."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

__all__ = ["MARKETPLACES", "Marketplace", "is_docplanner"]


@dataclass(frozen=True, slots=True)
class Marketplace:
    """A country's Docplanner site; all times of its calendars are meant in its zone."""

    domain: str
    country: str
    """ISO 3166 code of two letters."""
    time_zone: str
    """IANA name."""
    locale: str

    @property
    def zone(self) -> ZoneInfo:
        """The time zone, ready for use."""
        return ZoneInfo(self.time_zone)


_TABLE = (
    Marketplace("doctoraliar.com", "AR", "America/Argentina/Buenos_Aires", "es_AR"),
    Marketplace("doctoralia.com.br", "BR", "America/Sao_Paulo", "pt_BR"),
    Marketplace("doctoralia.cl", "CL", "America/Santiago", "es_CL"),
    Marketplace("doctoralia.co", "CO", "America/Bogota", "es_CO"),
    Marketplace("znamylekar.cz", "CZ", "Europe/Prague", "cs_CZ"),
    Marketplace("doctoralia.es", "ES", "Europe/Madrid", "es_ES"),
    Marketplace("miodottore.it", "IT", "Europe/Rome", "it_IT"),
    Marketplace("doctoralia.mx", "MX", "America/Mexico_City", "es_MX"),
    Marketplace("doctoralia.pe", "PE", "America/Lima", "es_ES"),
    Marketplace("doctoralia.com.pt", "PT", "Europe/Lisbon", "pt_PT"),
    Marketplace("doktortakvimi.com", "TR", "Europe/Istanbul", "tr_TR"),
    Marketplace("znanylekarz.pl", "PL", "Europe/Warsaw", "pl_PL"),
    Marketplace("jameda.de", "DE", "Europe/Berlin", "de_DE"),
)

# A table here rather than a read of the contract: the command line offers the domains at every start. A test holds the
# table, the contract's enum and behaviour.md together.
MARKETPLACES: dict[str, Marketplace] = {marketplace.domain: marketplace for marketplace in _TABLE}
"""Every marketplace by its domain."""


def is_docplanner(host: str) -> bool:
    """Whether the host is a marketplace's own, in any spelling."""
    plain = host.lower().rstrip(".")
    return any(plain == domain or plain.endswith(f".{domain}") for domain in MARKETPLACES)

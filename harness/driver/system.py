"""The clinic's system as a whole: what it has mapped, and its activation."""

from __future__ import annotations

from dataclasses import dataclass

from harness.driver.scene import TO_PARTNER, Scene
from harness.marketplace.port import Estate
from harness.partner.port import PartnerSystem
from harness.recorder.line import Actor
from harness.verdict.checks.mapping import InsurancesMapped, ResourcesMapped, ServiceReplaced, ServicesMapped
from harness.verdict.observation import InsuranceSeen, MappedThing, MappingSeen
from harness.vocabulary import Calendar, Clinic, Service

__all__ = ["SystemDesk"]


@dataclass(frozen=True, slots=True)
class SystemDesk:
    """Mapping and activation of the partner system."""

    scene: Scene
    partner: PartnerSystem
    estate: Estate
    client_id: str

    def refresh_mapping(self) -> None:
        """The clinic's system reads what Docplanner shares with it."""
        self.scene.act(
            Actor.STAFF,
            "The clinic's system reads what Docplanner shares with it",
            lambda _: self.partner.import_mapping(),
        )

    def note_mapping_read(self) -> None:
        """Say in the journal what this scenario builds on: the reading that the run asked for at its start.

        Where it was refused then, it is asked for again.

        Raises:
            NotProven: it is refused now too.
        """
        if not self.scene.settings.mapping_read:
            self.refresh_mapping()
            return
        words = "The clinic's system read what Docplanner shares with it when the run began"
        self.scene.act(Actor.STAFF, words, lambda _: None)

    def activate(self, calendars: tuple[Calendar, ...]) -> None:
        """The calendars are activated: a full synchronisation."""
        self.scene.act(
            Actor.STAFF,
            "The clinic's system activates the calendars",
            lambda _: self.partner.sync([calendar.id for calendar in calendars]),
            address=calendars[0].id,
        )

    def compare(self, calendars: tuple[Calendar, ...]) -> None:
        """The system's own periodic comparison, now. Source: partner-control.yaml, sync."""
        self.scene.act(
            Actor.STAFF,
            "The clinic's system compares the calendars with Docplanner's",
            lambda _: self.partner.sync([calendar.id for calendar in calendars]),
            address=calendars[0].id,
        )

    def stop(self) -> None:
        """The integration is switched off; staff go on. Source: partner-control.yaml, setIntegration."""
        self.scene.act(Actor.HARNESS, "The clinic's system is stopped", lambda _: self.partner.set_active(False))

    def start(self) -> None:
        """It goes on as after a restart."""
        self.scene.act(Actor.HARNESS, "The clinic's system is started again", lambda _: self.partner.set_active(True))

    def join(self, kind: str = "ordinary", *, shared: bool = True) -> Clinic:
        """A new clinic joins Docplanner, shared with the clinic's system or not yet."""
        granted = [self.client_id] if shared else []
        return self.scene.act(
            Actor.DOCPLANNER,
            "A new clinic joins Docplanner",
            lambda cause: self.estate.add_clinic(kind, granted, cause),
        )

    def share(self, clinic: Clinic) -> None:
        """The clinic is shared with the clinic's system from now on."""
        self.scene.act(
            Actor.DOCPLANNER,
            "The clinic is shared with the clinic's system",
            lambda cause: self.estate.grant(clinic, self.client_id, cause),
        )

    def add_again(self, calendar: Calendar, service: Service) -> Service:
        """The doctor deletes a service from the profile and adds it again: it has a new id."""

        def delete_and_add() -> Service:
            self.scene.act(
                Actor.DOCTOR,
                f"The doctor deletes the service {service.name}",
                lambda cause: self.estate.delete_service(calendar, service, cause),
                address=calendar.id,
            )
            return self.scene.act(
                Actor.DOCTOR,
                f"The doctor adds the service {service.name} again",
                lambda cause: self.estate.add_service(calendar, service.service_id, service.minutes, cause),
                address=calendar.id,
            )

        return delete_and_add()

    def expect_everything_mapped(self) -> None:
        """Every clinic, doctor and address that is shared has a counterpart, and nothing else has."""
        clinics = [clinic for clinic, granted in self.estate.estate() if self.client_id in granted]
        due = [clinic for clinic in clinics if clinic.id in self.scene.settings.facilities]
        joined = [clinic for clinic in clinics if clinic.id not in self.scene.settings.facilities]
        self._expect_resources(due, joined)

    def expect_clinic_mapped(self, clinic: Clinic) -> None:
        """The clinic, its doctors and its addresses have counterparts."""
        clinics = [clinic for clinic, granted in self.estate.estate() if self.client_id in granted]
        self._expect_resources([clinic], [one for one in clinics if one.id != clinic.id])

    def expect_services_mapped(self, calendars: tuple[Calendar, ...]) -> None:
        """The services of each calendar are mapped by their address service ids, address by address."""
        for calendar in calendars:
            offered = tuple(service.id for service in self.estate.services(calendar.id))
            self.scene.expect(
                ServicesMapped(calendar.id, offered),
                self._mapping,
                noun="mapping",
                direction=TO_PARTNER,
                address=calendar.id,
            )

    def expect_insurances_mapped(self, calendars: tuple[Calendar, ...]) -> None:
        """The insurance providers and plans of each calendar are mapped."""
        self.scene.need("insurances")
        for calendar in calendars:
            providers = tuple(InsuranceSeen(calendar.id, one.id, one.plan_ids) for one in calendar.insurances)
            self.scene.expect(
                InsurancesMapped(calendar.id, providers),
                self._mapping,
                noun="mapping",
                direction=TO_PARTNER,
                address=calendar.id,
            )

    def expect_service_replaced(self, calendar: Calendar, old: Service, new: Service) -> None:
        """The new id of the service is mapped, the old one no longer."""
        self.scene.expect(
            ServiceReplaced(calendar.id, old.id, new.id),
            self._mapping,
            noun="mapping",
            direction=TO_PARTNER,
            address=calendar.id,
        )

    def _expect_resources(self, due: list[Clinic], permitted: list[Clinic]) -> None:
        doctors = [(doctor, clinic) for clinic in due for doctor in clinic.doctors]
        check = ResourcesMapped(
            facilities=tuple(clinic.id for clinic in due),
            doctors=tuple((doctor.id, clinic.id) for doctor, clinic in doctors),
            addresses=tuple((calendar.id, doctor.id) for doctor, _ in doctors for calendar in doctor.calendars),
            permitted=tuple(
                sorted(
                    {clinic.id for clinic in permitted}
                    | {doctor.id for clinic in permitted for doctor in clinic.doctors}
                    | {one.id for clinic in permitted for doctor in clinic.doctors for one in doctor.calendars}
                )
            ),
        )
        self.scene.expect(check, self._mapping, noun="mapping", direction=TO_PARTNER)

    def _mapping(self) -> MappingSeen:
        rows = self.partner.mapping()
        return MappingSeen(
            tuple(
                MappedThing(row.kind, row.docplanner_id, row.partner_id, row.parent_id, row.name)
                for row in rows
                if row.status == "mapped"
            )
        )

"""What must be seen: every expectation that a step may state, of the clinic's side and of Docplanner's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from harness.driver.cast import Cast, DoctorName
from harness.driver.clinic import ClinicView
from harness.driver.days import Days, Moment
from harness.driver.docplanner import DocplannerView
from harness.driver.messages import Forgery, MessagesDesk
from harness.driver.system import SystemDesk
from harness.driver.whole_run import WholeRun
from harness.vocabulary import Break, Calendar, Clinic, Service, Visit

__all__ = ["Expectations"]


@dataclass(frozen=True, slots=True)
class Expectations:
    """Each waits, looks, and lets a check judge; what is wrong is a finding."""

    _cast: Callable[[], Cast]
    _days: Days
    _clinic: ClinicView
    _docplanner: DocplannerView
    _messages: MessagesDesk
    _system: SystemDesk
    whole_run: WholeRun

    def _every(self) -> tuple[Calendar, ...]:
        return self._cast().calendars()

    def _at(self, moment: Moment) -> datetime:
        return self._days.at(moment)

    # -- what the clinic must show --------------------------------------------------------------------------------

    def in_clinic(self, visit: Visit) -> None:
        """In time the clinic's calendar shows the visit."""
        self._clinic.expect_visit(visit, self._every())

    def still_in_clinic(self, visit: Visit) -> None:
        """Once all is settled, the clinic's calendar shows the visit exactly once."""
        self._clinic.expect_still_one(visit, self._every())

    def id_known(self, visit: Visit) -> None:
        """Once all is settled, the clinic's system knows the visit as Docplanner's."""
        self._clinic.expect_id_known(visit, self._every())

    def not_in_clinic(self, patient: str, doctor: DoctorName) -> None:
        """In time the clinic's calendar shows no visit of the patient."""
        self._clinic.expect_no_visit(self._cast().patient(patient), self._cast().calendar(doctor), self._every())

    def never_in_clinic(self, patient: str, doctor: DoctorName) -> None:
        """Once all is settled, the clinic's calendar shows no visit of the patient."""
        self._clinic.expect_never(self._cast().patient(patient), self._cast().calendar(doctor), self._every())

    def yielded(self, patient: str, doctor: DoctorName, moment: Moment) -> None:
        """Staff's visit is withdrawn, or kept and marked as a conflict."""
        self._clinic.expect_yielded(self._cast().patient(patient), self._at(moment), self._cast().calendar(doctor))

    def break_in_clinic(self, blocked: Break) -> None:
        """In time the clinic's calendar shows the time as blocked."""
        self._clinic.expect_break(blocked)

    def no_break_in_clinic(self, blocked: Break) -> None:
        """In time the clinic's calendar shows the time as free."""
        self._clinic.expect_no_break(blocked)

    def everything_mapped(self) -> None:
        """Everything that is shared is mapped, and nothing else."""
        self._system.expect_everything_mapped()

    def clinic_mapped(self, clinic: Clinic) -> None:
        """The clinic with all its doctors and addresses is mapped."""
        self._system.expect_clinic_mapped(clinic)

    def services_mapped(self) -> None:
        """The services of every calendar of the scenario are mapped."""
        self._system.expect_services_mapped(self._every())

    def insurances_mapped(self) -> None:
        """The insurances of every calendar of the scenario are mapped."""
        self._system.expect_insurances_mapped(self._every())

    def service_replaced(self, doctor: DoctorName, new: Service) -> None:
        """The doctor's first service is mapped by its new id alone."""
        calendar = self._cast().calendar(doctor)
        self._system.expect_service_replaced(calendar, self._cast().service(calendar), new)

    def forgery_refused(self, forgery: Forgery) -> None:
        """The forged message was refused."""
        self._messages.expect_refused(forgery)

    def news_accepted(self, doctor: DoctorName) -> None:
        """The clinic's system accepted everything that it was told about the calendar."""
        self._messages.expect_accepted(self._cast().calendar(doctor))

    # -- what Docplanner must show --------------------------------------------------------------------------------

    def at_docplanner(self, visit: Visit) -> None:
        """In time Docplanner shows the visit."""
        self._docplanner.expect_visit(visit, self._every())

    def not_at_docplanner(self, patient: str, doctor: DoctorName) -> None:
        """In time Docplanner shows no visit of the patient."""
        self._docplanner.expect_no_visit(self._cast().patient(patient), self._cast().calendar(doctor), self._every())

    def one_visit_at(self, visit: Visit) -> None:
        """Exactly one visit takes that time at Docplanner."""
        self._docplanner.expect_one_visit_at(visit)

    def offered(self, doctor: DoctorName, moment: Moment) -> None:
        """In time patients can book that time."""
        calendar = self._cast().calendar(doctor)
        self._docplanner.expect_offered(calendar, self._at(moment), self._cast().service(calendar))

    def not_offered(self, visit: Visit) -> None:
        """In time patients can no longer book the time of the visit."""
        self._docplanner.expect_not_offered(visit.calendar, visit.start, visit.end)

    def working_time(self, doctor: DoctorName) -> None:
        """In time Docplanner has exactly the working time that staff entered."""
        self._docplanner.expect_working_time(self._cast().calendar(doctor))

    def still_working_time(self, doctor: DoctorName) -> None:
        """Once all has come to rest, Docplanner has exactly the working time that staff entered."""
        self._docplanner.expect_still_working_time(self._cast().calendar(doctor))

    def bookable_time(self, doctor: DoctorName) -> None:
        """In time patients can book exactly the working time that is not blocked."""
        self._docplanner.expect_bookable_time(self._cast().calendar(doctor))

    def equal(self) -> None:
        """In time both sides show the same in every calendar of the clinic."""
        self._docplanner.expect_equal(self._every())

"""The stage on which one scenario plays: everything that a step may call.

A step names people and times; the stage turns them into a clinic of the scenario's own, its calendars, and instants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time

from harness.driver.cast import Cast, DoctorName
from harness.driver.clinic import ClinicView
from harness.driver.confirming import ConfirmingDesk
from harness.driver.days import Day, Hours, Moment
from harness.driver.docplanner import DocplannerView
from harness.driver.endpoint import EndpointDesk
from harness.driver.expectations import Expectations
from harness.driver.histories.round import Round
from harness.driver.hours import HoursDesk
from harness.driver.marker import Marker
from harness.driver.messages import Forgery, MessagesDesk
from harness.driver.people import MarketplaceDesk
from harness.driver.presence import PresenceDesk
from harness.driver.questions import QuestionsDesk
from harness.driver.scene import Scene
from harness.driver.staff import StaffDesk
from harness.driver.system import SystemDesk
from harness.driver.timing import TimeDesk
from harness.driver.troubles import TroubleDesk
from harness.driver.views import Views
from harness.driver.whole_run import WholeRun
from harness.marketplace.port import Docplanner
from harness.partner.port import Partner
from harness.vocabulary import Break, Calendar, Clinic, Patient, Service, Visit

__all__ = ["Stage"]

REGULARS = ("Maria", "Jan", "Ewa", "Adam")
VISITS_A_DAY = 12


class Stage:
    """One scenario's clinic, people, desks and expectations. ``kind`` is the kind of clinic that it is given."""

    def __init__(self, scene: Scene, partner: Partner, docplanner: Docplanner, deal: Callable[[], Cast]) -> None:
        views = Views(scene, partner, docplanner)
        self._scene = scene
        self._deal = deal
        self._dealt: Cast | None = None
        self._staff = StaffDesk(scene, partner)
        self._patients = MarketplaceDesk(scene, docplanner, "patient")
        self._doctors = MarketplaceDesk(scene, docplanner, "doctor")
        self._clinic = ClinicView(scene, views)
        self._docplanner = DocplannerView(scene, views)
        self._messages = MessagesDesk(scene, docplanner)
        self.system = SystemDesk(scene, partner, docplanner, scene.settings.client_id)
        self.questions = QuestionsDesk(scene, docplanner, lambda: self.cast)
        self.troubles = TroubleDesk(scene, docplanner, docplanner.time, lambda: self.cast)
        self.hours = HoursDesk(scene, self._staff, self._docplanner, docplanner, lambda: self.cast)
        self.endpoint = EndpointDesk(scene, partner, docplanner, lambda: self.cast)
        self.confirming = ConfirmingDesk(scene, self._staff, docplanner, views, lambda: self.cast)
        self.presence = PresenceDesk(scene, self._staff, self._doctors, docplanner, views, lambda: self.cast)
        self.time = TimeDesk(scene, partner, docplanner.time)
        scene.marker = Marker(scene, self._doctors, self._clinic, lambda: self.cast).arrives
        self.expect = Expectations(
            lambda: self.cast,
            scene.days,
            self._clinic,
            self._docplanner,
            self._messages,
            self.system,
            WholeRun(scene),
        )
        people = (self._staff, self._patients, self._doctors)
        self.histories = Round(
            scene, views, *people, docplanner, self.time, self.system, self._next_cast, power=self.system
        )

    # -- people and times -----------------------------------------------------------------------------------------

    @property
    def cast(self) -> Cast:
        """The clinic and the people of this scenario, dealt when first asked for."""
        if self._dealt is None:
            self._dealt = self._deal()
        return self._dealt

    def known_calendars(self) -> tuple[Calendar, ...]:
        """The calendars of the scenario's clinic; none before it was dealt one."""
        return self._dealt.calendars() if self._dealt else ()

    def _next_cast(self) -> Cast:
        """Another clinic with people of its own: the scenario plays there from now on."""
        self._dealt = self._deal()
        return self._dealt

    def _every(self) -> tuple[Calendar, ...]:
        return self.cast.calendars()

    def _at(self, moment: Moment) -> datetime:
        return self._scene.days.at(moment)

    def _span(self, hours: Hours) -> tuple[datetime, datetime]:
        return self._scene.days.spans(hours)[0]

    def _wanted(self, patient: str, doctor: DoctorName, moment: Moment) -> tuple[Calendar, Patient, datetime, Service]:
        """Where, for whom, when and for what a visit is booked."""
        calendar = self.cast.calendar(doctor)
        return calendar, self.cast.patient(patient, calendar), self._at(moment), self.cast.service(calendar)

    def _across(self, visit: Visit, doctor: DoctorName, moment: Moment) -> Visit:
        calendar = self.cast.calendar(doctor)
        to = self.cast.across(visit, calendar, self._at(moment))
        self._scene.need("move_across_addresses", lambda: self._staff.move_across(visit, to))
        return to

    @contextmanager
    def _arranging(self) -> Iterator[None]:
        """What goes wrong within is not proven rather than failed."""
        self._scene.arranging = True
        try:
            yield
        finally:
            self._scene.arranging = False

    # -- what is so when the scenario begins ----------------------------------------------------------------------

    def given_offer(self, doctor: DoctorName, hours: Hours) -> None:
        """The doctor works then, and patients can book it."""
        with self._arranging():
            self.staff_set_working_time(doctor, hours)
            calendar = self.cast.calendar(doctor)
            self._docplanner.expect_offered(calendar, self._span(hours)[0], self.cast.service(calendar))

    def given_visit(self, patient: str, doctor: DoctorName, moment: Moment) -> Visit:
        """The patient booked a visit on the marketplace, and the clinic knows it."""
        with self._arranging():
            visit = self.patient_books(patient, doctor, moment)
            self._clinic.expect_visit(visit, self._every())
        return visit

    def given_staff_visit(self, patient: str, doctor: DoctorName, moment: Moment) -> Visit:
        """Staff booked a visit, and Docplanner knows it."""
        with self._arranging():
            visit = self.staff_book(patient, doctor, moment)
            return self._docplanner.expect_visit(visit, self._every())

    def given_doctor_visit(self, patient: str, doctor: DoctorName, moment: Moment) -> Visit:
        """The doctor booked a visit at Docplanner, and the clinic knows it."""
        with self._arranging():
            visit = self.doctor_books(patient, doctor, moment)
            self._clinic.expect_visit(visit, self._every())
        return visit

    def given_begun_visit(self, patient: str, doctor: DoctorName) -> Visit:
        """The doctor booked a visit that has just begun, and the clinic knows it."""
        with self._arranging():
            visit = self.presence.begun(patient, doctor)
            self._clinic.expect_visit(visit, self._every())
        return visit

    def given_moved_visit(self, visit: Visit, moment: Moment) -> Visit:
        """The patient moved the visit, and the clinic knows it."""
        with self._arranging():
            moved = self._patients.move(visit, self._at(moment))
            self._clinic.expect_visit(moved, self._every())
        return moved

    def given_cancelled_visit(self, visit: Visit) -> Visit:
        """The patient cancelled the visit, and the clinic knows it."""
        with self._arranging():
            self._patients.cancel(visit)
            self._clinic.expect_no_visit(visit.patient, visit.calendar, self._every())
        return visit

    def given_staff_break(self, doctor: DoctorName, hours: Hours) -> Break:
        """Staff blocked the time, and patients cannot book it."""
        with self._arranging():
            blocked = self.staff_block(doctor, hours)
            self._docplanner.expect_bookable_time(blocked.calendar)
        return blocked

    def given_doctor_break(self, doctor: DoctorName, hours: Hours) -> Break:
        """The doctor blocked the time at Docplanner, and the clinic knows it."""
        with self._arranging():
            blocked = self.doctor_blocks(doctor, hours)
            self._clinic.expect_break(blocked)
        return blocked

    def given_news_held(self, doctor: DoctorName) -> str:
        """News about the calendar is held back."""
        with self._arranging():
            return self._messages.hold(self.cast.calendar(doctor))

    def given_mapping_read(self) -> None:
        """The clinic's system has read everything that is shared with it."""
        with self._arranging():
            self.system.refresh_mapping()

    def given_earlier_visit(self, patient: str, doctor: DoctorName, moment: Moment) -> None:
        """The doctor booked a visit at Docplanner before the clinic's system knew the doctor."""
        with self._arranging():
            self.doctor_books(patient, doctor, moment)

    def given_entered_working_time(self, doctor: DoctorName, hours: Hours) -> None:
        """Staff entered working time, and what follows from it has come to rest; it is not looked at."""
        with self._arranging():
            self.staff_set_working_time(doctor, hours)
            self._scene.settle([self.cast.calendar(doctor)])

    def given_entered_visit(self, patient: str, doctor: DoctorName, moment: Moment) -> None:
        """Staff entered a visit; Docplanner is not looked at."""
        with self._arranging():
            self.staff_book(patient, doctor, moment)

    def given_entered_break(self, doctor: DoctorName, hours: Hours) -> None:
        """Staff entered a break, where the clinic's system knows breaks; Docplanner is not looked at."""
        if self._scene.settings.can("breaks"):
            with self._arranging():
                self.staff_block(doctor, hours)

    def given_service_added_again(self, doctor: DoctorName) -> Service:
        """The doctor deleted the first service and added it again; the clinic's system has read that."""
        with self._arranging():
            renewed = self.doctor_adds_service_again(doctor)
            self.system.refresh_mapping()
        return renewed

    def given_many_visits(self, count: int, doctor: DoctorName, day: Day) -> None:
        """The doctor booked so many visits at Docplanner, from that day on."""
        with self._arranging():
            self.doctor_books_many(count, doctor, day)

    # -- patients -------------------------------------------------------------------------------------------------

    def patient_books(self, patient: str, doctor: DoctorName, moment: Moment) -> Visit:
        """A patient takes an offered slot."""
        return self._patients.book(*self._wanted(patient, doctor, moment))

    def patient_moves(self, visit: Visit, moment: Moment) -> Visit:
        """The patient moves the visit."""
        return self._patients.move(visit, self._at(moment))

    def patient_cancels(self, visit: Visit) -> Visit:
        """The patient cancels the visit."""
        return self._patients.cancel(visit)

    # -- doctors --------------------------------------------------------------------------------------------------

    def doctor_books(self, patient: str, doctor: DoctorName, moment: Moment) -> Visit:
        """The doctor books a patient in the Docplanner calendar."""
        return self._doctors.book(*self._wanted(patient, doctor, moment))

    def doctor_books_many(self, count: int, doctor: DoctorName, day: Day) -> None:
        """The doctor books so many visits, a dozen a day from ``day`` on."""
        calendar = self.cast.calendar(doctor)
        service = self.cast.service(calendar)
        for number in range(count):
            on, place = divmod(number, VISITS_A_DAY)
            start = self._at(Moment(Day(day.offset + on), time(7 + place)))
            self._doctors.book(calendar, self.cast.patient(REGULARS[number % len(REGULARS)], calendar), start, service)

    def doctor_moves_across(self, visit: Visit, doctor: DoctorName, moment: Moment) -> Visit:
        """The doctor moves the visit to another doctor's calendar."""
        return self._doctors.move_across(visit, self._across(visit, doctor, moment))

    def doctor_moves(self, visit: Visit, moment: Moment) -> Visit:
        """The doctor moves the visit."""
        return self._doctors.move(visit, self._at(moment))

    def doctor_cancels(self, visit: Visit) -> Visit:
        """The doctor cancels the visit."""
        return self._doctors.cancel(visit)

    def doctor_blocks(self, doctor: DoctorName, hours: Hours) -> Break:
        """The doctor blocks time in the Docplanner calendar."""
        self._staff.need_breaks(self.cast.calendar(doctor), *self._span(hours))
        return self._doctors.block(self.cast.calendar(doctor), *self._span(hours))

    def doctor_moves_block(self, blocked: Break, hours: Hours) -> Break:
        """The doctor moves the blocked time."""
        return self._doctors.move_block(blocked, *self._span(hours))

    def doctor_frees(self, blocked: Break) -> None:
        """The doctor frees the blocked time."""
        self._doctors.free(blocked)

    def doctor_adds_service_again(self, doctor: DoctorName) -> Service:
        """The doctor deletes the first service of the profile and adds it again."""
        calendar = self.cast.calendar(doctor)
        return self.system.add_again(calendar, self.cast.service(calendar))

    # -- staff ----------------------------------------------------------------------------------------------------

    def staff_set_working_time(self, doctor: DoctorName, hours: Hours, service: Service | None = None) -> None:
        """Staff enter the working time of a day; ``service`` left out is the first one."""
        calendar = self.cast.calendar(doctor)
        self._staff.set_working_time(calendar, hours, (service or self.cast.service(calendar),))

    def staff_add_working_time(self, doctor: DoctorName, hours: Hours) -> None:
        """Staff add working time for the calendar's second service, beside what the day has."""
        calendar = self.cast.calendar(doctor)
        self._staff.add_working_time(calendar, hours, (calendar.services[1],))

    def staff_empty_day(self, doctor: DoctorName, day: Day) -> None:
        """Staff empty a day."""
        self._staff.empty_day(self.cast.calendar(doctor), day)

    def staff_book(self, patient: str, doctor: DoctorName, moment: Moment) -> Visit:
        """Staff book a visit."""
        return self._staff.book(*self._wanted(patient, doctor, moment))

    def staff_try_to_book(self, patient: str, doctor: DoctorName, moment: Moment) -> None:
        """Staff book a time that a patient has just taken."""
        self._staff.try_to_book(*self._wanted(patient, doctor, moment))

    def staff_move(self, visit: Visit, moment: Moment) -> Visit:
        """Staff move a visit."""
        return self._staff.move(visit, self._at(moment))

    def staff_move_across(self, visit: Visit, doctor: DoctorName, moment: Moment) -> Visit:
        """Staff move a visit to another doctor's calendar."""
        return self._staff.move_across(visit, self._across(visit, doctor, moment))

    def staff_cancel(self, visit: Visit) -> Visit:
        """Staff cancel a visit."""
        return self._staff.cancel(visit)

    def staff_block(self, doctor: DoctorName, hours: Hours) -> Break:
        """Staff block time."""
        return self._staff.block(self.cast.calendar(doctor), *self._span(hours))

    def staff_move_block(self, blocked: Break, hours: Hours) -> Break:
        """Staff move the blocked time."""
        return self._staff.move_block(blocked, *self._span(hours))

    def staff_free(self, blocked: Break) -> None:
        """Staff free the blocked time."""
        self._staff.free(blocked)

    # -- the clinic's system --------------------------------------------------------------------------------------

    def read_mapping(self) -> None:
        """The clinic's system reads what Docplanner shares with it."""
        self.system.refresh_mapping()

    def clinic_joins(self) -> Clinic:
        """A new clinic is shared with the clinic's system; the scenario plays there from now on."""
        with self._arranging():
            self.cast.clinic = self.system.join()
        return self.cast.clinic

    def clinic_opens(self) -> Clinic:
        """A clinic works with Docplanner and not yet with the clinic's system; the scenario plays there from now on."""
        with self._arranging():
            self.cast.clinic = self.system.join(shared=False)
        return self.cast.clinic

    def clinic_is_shared(self, clinic: Clinic) -> None:
        """The clinic is shared with the clinic's system."""
        with self._arranging():
            self.system.share(clinic)

    def compare(self) -> None:
        """The clinic's system compares every calendar of the clinic with Docplanner's."""
        self.system.compare(self._every())

    def activate(self) -> None:
        """The clinic's system activates every calendar of the clinic."""
        self.system.activate(self._every())

    # -- messages -------------------------------------------------------------------------------------------------

    def say_again(self, visit: Visit, event: str) -> None:
        """The clinic is told of something once more."""
        self._messages.say_again(visit.calendar, event)

    def say_twice(self, doctor: DoctorName) -> None:
        """The next news about the doctor's calendar comes twice."""
        self._messages.say_twice(self.cast.calendar(doctor))

    def let_go(self, doctor: DoctorName, held: str) -> None:
        """The news that was held back goes out."""
        self._messages.let_go(self.cast.calendar(doctor), held)

    def forge(self, patient: str, doctor: DoctorName, moment: Moment, key: str) -> Forgery:
        """A stranger sends news of a visit that does not exist."""
        calendar = self.cast.calendar(doctor)
        service = self.cast.service(calendar)
        return self._messages.forge(calendar, self.cast.patient(patient, calendar), self._at(moment), service, key)

    def expire_access(self) -> None:
        """The clinic's access ends before its time."""
        self._messages.expire_access()

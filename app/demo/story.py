"""The demonstration program: three fiscal years told by the verbs people use, at the times at which they would.

Always the same for the same day. It ends today: rounds are as far as their calendar is, some visits are in Japan now,
and one more round is open, so that whoever tries the system out can apply.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

from sqlalchemy import select

from app.applications import proposing, release, release_clock, service, submission
from app.applications.models import Application, Outcome
from app.calls import prerequisite_service as prerequisites
from app.calls import queries as calls
from app.calls import service as rules
from app.calls.models import Call, Course, CourseCode
from app.core import clock, transaction
from app.core.authz import Role
from app.core.db import db
from app.demo import (
    afterwards,
    boards,
    cast,
    checking,
    files,
    inside,
    letters,
    open_round,
    panel,
    places,
    plans,
    readers,
    screening,
)
from app.demo.cast import texts
from app.demo.stays import Stays, Team, at
from app.directory.models import HostInstitution, InstitutionKind, SendingOrganization
from app.insight import service as insight
from app.invitees.models import Category
from app.reviews import criteria_service
from app.visits import service as visits
from app.visits.models import Visit, VisitState

YEARS = 3
PLANS = {"1": 16, "2": 15, "3": 11, "D": 2}
ALIKE = 9  # a plan of the open round that is its neighbour once more
WITH_FILES = 7  # every so many plans come with files
AWAITING = 3  # the plan of the open round that awaits the sign-off of the first host's approver
STEPS = YEARS * sum(PLANS.values()) + 15
CATEGORIES = [Category.UNDERGRADUATE] * 4 + [Category.MASTER] * 3 + [Category.HIGH_SCHOOL] * 2 + [Category.DOCTOR]
COURSES = [CourseCode.A] * 5 + [CourseCode.B] * 2 + [CourseCode.C] * 4

Progress = Callable[[], None]


class Stage:
    """Organizations and people between whom the story happens."""

    def __init__(self) -> None:
        for model, rows, columns in (
            (HostInstitution, places.rows("hosts"), places.host_columns),
            (SendingOrganization, places.rows("sending"), places.sending_columns),
        ):
            db.session.add_all([model(**{k: v for k, v in columns(row).items() if k != "side"}) for row in rows])
        db.session.flush()
        self.hosts = list(db.session.scalars(select(HostInstitution).order_by(HostInstitution.id)))
        self.partners = list(db.session.scalars(select(SendingOrganization).order_by(SendingOrganization.id)))
        home = next(host for host in self.hosts if host.name_en == "Kyoto University")
        self.hosts.remove(home)
        self.hosts.insert(0, home)
        self.jst = cast.engage_jst()
        self.staff = cast.engage_hosts(self.hosts)

    def team(self, host_id: int) -> Team:
        """Who acts for a host's visits."""
        editor, approver = self.staff[host_id]
        return Team(editor, approver, self.jst[Role.COORDINATOR])


def lay_foundations() -> Stage:
    """Rules, rounds, organizations and people: what also a large program stands on."""
    rules.seed_rules()
    prerequisites.seed()
    criteria_service.seed()
    stage = Stage()
    needed = clock.fiscal_year(clock.today() + timedelta(days=120))
    while (latest := calls.latest_year() or needed) < needed:
        rules.copy_year(stage.jst[Role.COORDINATOR], latest)
        rules.publish_year(stage.jst[Role.COORDINATOR], latest + 1)
        panel.take_over_criteria(stage.jst[Role.COORDINATOR], latest + 1)
    return stage


def build(progress: Progress) -> None:
    """Tell the whole story; every round and its visits are stored before the next begins."""
    Story(progress).tell()


class Story:
    """Three fiscal years, round by round."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.chance = random.Random(20140401)
        self.today = clock.today()
        self.stays = Stays(self.chance, self.today)
        self.number = 0

    def tell(self) -> None:
        with transaction.unit_of_work():
            self.stage = lay_foundations()
        now = clock.fiscal_year(self.today)
        for year in range(now - YEARS + 1, now + 1):
            for call in calls.rounds(year):
                self._round(call)
        with transaction.unit_of_work():
            self._open_round()
        with transaction.unit_of_work():
            actors = readers.Cast(self.stage.jst[Role.COORDINATOR], self.stage.jst[Role.REVIEWER])
            readers.enter(actors)
            panel.convene(actors.coordinator)
            readers.give_out(actors)
        with transaction.unit_of_work():
            afterwards.come_back(self.chance, self.stage.jst[Role.COORDINATOR], self.today)
            afterwards.ask_to_register()
            cast.show_an_alumna()
            screening.compare(self.stage.jst[Role.SCREENING_OFFICER], self.today)
            boards.lay_out()
            letters.write(self.stage.jst[Role.COORDINATOR])
            checking.begin()
            insight.refresh(clock.now())
            afterwards.settle()

    def _round(self, call: Call) -> None:
        """One round, as far as its calendar is."""
        if clock.now() < call.closes_at:
            return
        with transaction.unit_of_work():
            written = [self._submitted(call) for _ in range(PLANS.get(call.label, 0))]
        with transaction.unit_of_work():
            self._decide(call, [plan for plan in written if plan is not None])
        for visit in db.session.scalars(select(Visit).join(Application).where(Application.call_id == call.id)).all():
            with transaction.unit_of_work():
                self._visit(visit)

    def _idea(self, call: Call) -> plans.Idea:
        self.number += 1
        offered = {link.course.code: link.course for link in call.courses}
        wanted = self.chance.choice(COURSES)
        course = offered.get(wanted) or offered[sorted(offered)[0]]
        return plans.Idea(
            call=call,
            course=course,
            host=self._host(course),
            partners=self._partners(course),
            category=self._category(course),
            starts_on=self._first_day(call, course),
            number=self.number,
        )

    def _host(self, course: Course) -> HostInstitution:
        """The first host more often than the others: it is the one the sign-in page lets you be."""
        if self.number % 6 == 1:
            return self.stage.hosts[0]
        hosts = self.stage.hosts[1:]
        if course.code is CourseCode.B:
            hosts = [host for host in hosts if host.kind is InstitutionKind.UNIVERSITY]
        return hosts[self.number % len(hosts)]

    def _partners(self, course: Course) -> tuple[SendingOrganization, ...]:
        partners = self.stage.partners
        if course.code is CourseCode.D:
            partners = [partner for partner in partners if partner.country in ("IN", "KE", "GH", "ZA", "ET", "EG")]
            partners = [partner for partner in partners if "School" not in partner.name_en]
        return tuple(self.chance.sample(partners, 2 if course.code is CourseCode.C else 1))

    def _category(self, course: Course) -> Category:
        category = self.chance.choice(CATEGORIES)
        adult = course.code in (CourseCode.B, CourseCode.D)
        return Category.MASTER if adult and category is Category.HIGH_SCHOOL else category

    def _first_day(self, call: Call, course: Course) -> date:
        last = call.visits_until - timedelta(days=plans.STAY[course.code])
        return call.visits_from + timedelta(days=self.chance.randrange(max(1, (last - call.visits_from).days)))

    def _submitted(self, call: Call) -> Application | None:
        """A plan written and submitted some days before the round closes; a few stay drafts for ever."""
        idea = self._idea(call)
        editor, approver = self.stage.staff[idea.host.id]
        span = max(2, (call.closes_at - call.opens_at).days)
        begun = call.closes_at - timedelta(days=self.chance.randrange(1, span), hours=self.chance.randrange(1, 8))
        with clock.pretending(max(begun, call.opens_at + timedelta(minutes=5))):
            if self.number % 41 == 0:
                plans.begin(editor, idea)
                self.progress()
                return None
            application = plans.write(editor, idea, self.chance)
            if self.number % WITH_FILES == 0:
                files.attach(editor, application, number=self.number)
        sent = max(begun, call.closes_at - timedelta(minutes=self.chance.randrange(1, 60 * 48)))
        with clock.pretending(sent):
            submission.submit(approver, application)
        self.progress()
        return application

    def _decide(self, call: Call, written: list[Application]) -> None:
        """Check, decide and release, as far as the day of notice has come."""
        coordinator, decider = self.stage.jst[Role.COORDINATOR], self.stage.jst[Role.DECISION_MAKER]
        checked = clock.in_tokyo(call.closes_at).date() + timedelta(days=10)
        released = call.notice_on <= self.today
        if checked > self.today:
            return
        waiting = [] if released else written[-8:]
        for index, application in enumerate(written):
            if application in waiting[:2]:
                continue
            with clock.pretending(at(checked)):
                if index == 3:
                    service.transition(
                        self.stage.staff[application.host_institution_id][1],
                        application,
                        "withdraw",
                        comment=texts()["withdraw_reason"],
                    )
                    continue
                service.transition(coordinator, application, "start_review")
            if application in waiting:
                continue
            with clock.pretending(at(min(call.notice_on - timedelta(days=6), self.today))):
                self._one_decision(application, index)
        if released:
            with clock.pretending(at(call.notice_on)):
                release.release(decider, call)

    def _one_decision(self, application: Application, index: int) -> None:
        """A coordinator proposes, the decision-maker approves."""
        said, outcome, message = texts(), Outcome.ADOPTED, ""
        if index % 7 == 5:
            outcome, message = Outcome.DECLINED, said["declined_message"]
        elif index == 9 and self.number % 2:
            outcome, message = Outcome.RESERVE, said["reserve_message"]
        coordinator, decider = self.stage.jst[Role.COORDINATOR], self.stage.jst[Role.DECISION_MAKER]
        place = 1 if outcome is Outcome.RESERVE else None
        made = proposing.propose(coordinator, application, outcome=outcome, position=place, message=message)
        db.session.flush()
        proposing.approve(decider, made)

    def _visit(self, visit: Visit) -> None:
        team = self.stage.team(visit.host_institution_id)
        if visit.id % 19 == 7 and visit.state is VisitState.PLANNED and visit.starts_on is not None:
            with clock.pretending(at(min(visit.starts_on - timedelta(days=50), self.today))):
                visits.transition(team.approver, visit, "cancel", comment=texts()["cancel_reason"])
            return
        group = visit.application.people[0]
        self.stays.play(visit, team, group.category or Category.UNDERGRADUATE)

    def _open_round(self) -> None:
        """A round that is open now: drafts at every stage, some submitted, one returned."""
        call = open_round.begin(self.today)
        release_clock.set_minute(self.stage.jst[Role.DECISION_MAKER], call, clock.tokyo(call.notice_on, time(10)))
        host = self.stage.hosts[0]
        coordinator = self.stage.jst[Role.COORDINATOR]
        last: plans.Idea | None = None
        for index in range(11):
            idea = self._idea(call) if index != ALIKE or last is None else last
            last = idea
            if index == AWAITING:
                idea = replace(idea, host=host)
            if (partner := screening.partner_of(index)) is not None:
                idea = replace(idea, partners=(partner, *idea.partners[1:]))
            editor, approver = self.stage.staff[idea.host.id]
            with clock.pretending(clock.now() - timedelta(days=max(9 - index, 1), hours=index)):
                if index in (0, 1):
                    plans.begin(editor, idea)
                    continue
                application = plans.write(editor, idea, self.chance)
                files.attach(editor, application, number=self.number)
                if index == AWAITING:
                    inside.await_sign_off(editor, approver, application)
                if index % 2 == 0:
                    plans.declare_partner(editor, application)
            if index >= 4:
                submission.submit(approver, application)
            if application.submitted_at is not None and (index == 7 or idea.host is host):
                due = self.today + timedelta(days=7)
                service.send_back(coordinator, application, reason=texts()["return_reason"], due_on=due)
            self.progress()

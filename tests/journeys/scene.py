"""`python -m tests.journeys.scene WHICH`: what would take a journey an hour of pressing, by the verbs people use.

`scored`: a closed round whose plans were read and scored, ready for the panel. The demonstration has such a round on
most days of the year, but not on all. Here its hosts write, submit and have passed on eight plans in the round that has
just closed; three experts of the register have scored each. What else came in is passed on too, what was not corrected
in time is withdrawn, what screening has not cleared is cleared.

`waiting`: a closed round where beside the plans of the demonstration some wait about which nothing is found.
"""

import random
import sys
from datetime import timedelta

from sqlalchemy import select

from app import create_app
from app.accounts.models import RoleGrant, User
from app.applications import plan_service, service, submission
from app.applications.models import Application, ApplicationState
from app.calls.models import Call, CourseCode
from app.checking import sheets
from app.core import clock, transaction
from app.core.authz import Actor, Role
from app.core.db import db
from app.demo import cast, plans
from app.directory.models import HostInstitution, SendingOrganization
from app.invitees.models import Category
from app.reviews.models import Reviewer
from app.reviews.scoring_models import ReviewPlan
from app.reviews.vocabulary import ReviewerState
from app.screening import service as screening
from app.screening.models import ScreeningCase
from app.screening.vocabulary import CaseState
from config import from_environment
from tests.factories.reviews import make_assignment, make_review

ROUND = "4"
HOST = "Kyoto University"
PLANS, READERS = 8, 3
#: What the plans are about of which nothing is found: unlike every other, and with their partner's form.
FAULTLESS = (
    ("雪氷に覆われた湖の音を聴く", "Listening to frozen lakes", "氷の割れる音から湖の熱の出入りを知る方法を学ぶ。"),
    ("和紙の繊維を電子顕微鏡で見る", "Washi fibres under the microscope", "楮と三椏の紙を漉き、繊維の並びを観察する。"),
    ("渡り鳥の道を衛星でたどる", "Following migratory birds", "小型の発信器を設計し、送られてくる位置を地図に描く。"),
)
COUNTRIES = ("KE", "IN", "VN", "TH", "GH", "ID", "PH", "BD", "LK", "EG")
FOR_PANEL = "計画は具体的で、日程にも無理がない。"
FOR_APPLICANT = "帰国後の交流をどのように続けるかを、もう少し詳しく知りたい。"


def waiting() -> None:
    """Plans about which nothing is found, submitted before the round closed and compared with the others."""
    call = _round()
    chance = random.Random(20260802)
    with clock.pretending(call.closes_at - timedelta(hours=1)):
        for number, about in enumerate(FAULTLESS, 3):
            _written(call, number, _hosts()[number], chance, about)
    sheets.compare_waiting()


def scored() -> None:
    """A round that was read, in one transaction."""
    call = _round()
    coordinator = _of_jst(Role.COORDINATOR)
    chance = random.Random(20260801)
    with clock.pretending(call.closes_at - timedelta(days=1)):
        written = [_written(call, number, host, chance) for number, host in enumerate(_hosts())]
    for plan in db.session.scalars(select(Application).where(Application.call_id == call.id)).all():
        if plan.state in (ApplicationState.SUBMITTED, ApplicationState.RETURNED):
            _onward(coordinator, plan)
    _cleared(call)
    end = clock.now() - timedelta(days=1)
    db.session.add(ReviewPlan(call_id=call.id, per_plan=READERS, scoring_from=call.closes_at, scoring_until=end))
    for worth, plan in enumerate(written):
        _scored(plan, 5 - worth // 2)


def _round() -> Call:
    return db.session.scalars(select(Call).where(Call.label == ROUND)).one()


def _of_jst(role: Role) -> Actor:
    return cast.actor(db.session.scalars(select(User).where(User.demo_note == role.value)).one())


def _hosts() -> list[HostInstitution]:
    """The host whose approver stands on the sign-in page in the third place, and others."""
    others = select(HostInstitution).where(HostInstitution.name_en != HOST).order_by(HostInstitution.id)
    known = select(RoleGrant.institution_id).where(RoleGrant.role == Role.HOST_APPROVER)
    found = list(db.session.scalars(others.where(HostInstitution.id.in_(known)).limit(PLANS - 1)))
    own = db.session.scalars(select(HostInstitution).where(HostInstitution.name_en == HOST)).one()
    return [*found[:2], own, *found[2:]]


def _staff(host: HostInstitution, role: Role) -> Actor:
    query = select(User).join(User.grants).where(RoleGrant.role == role, RoleGrant.institution_id == host.id)
    return cast.actor(db.session.scalars(query.order_by(User.id)).first())  # type: ignore[arg-type]


def _written(
    call: Call, number: int, host: HostInstitution, chance: random.Random, about: tuple[str, str, str] | None = None
) -> Application:
    """A plan for eight people from one partner, submitted."""
    courses = [link.course for link in call.courses if link.course.code in (CourseCode.A, CourseCode.C)]
    partners = select(SendingOrganization).where(SendingOrganization.country == COUNTRIES[number % len(COUNTRIES)])
    idea = plans.Idea(
        call=call,
        course=courses[number % len(courses)],
        host=host,
        partners=(db.session.scalars(partners.order_by(SendingOrganization.id)).first() or _anybody(number),),
        category=Category.UNDERGRADUATE if number % 2 else Category.MASTER,
        starts_on=call.visits_from + timedelta(days=3 * number),
        number=number,
    )
    editor = _staff(host, Role.HOST_EDITOR)
    plan = plans.write(editor, idea, chance)
    if about is not None:
        theme_ja, theme_en, purpose = about
        own = {"purpose": purpose, "principal_email": f"own{number}@example.ac.jp"}
        plan_service.save_overview(editor, plan, theme_ja=theme_ja, theme_en=theme_en, **own)
        plans.declare_partner(editor, plan)
    submission.submit(_staff(host, Role.HOST_APPROVER), plan)
    return plan


def _anybody(number: int) -> SendingOrganization:
    query = select(SendingOrganization).where(SendingOrganization.country.in_(COUNTRIES))
    return list(db.session.scalars(query.order_by(SendingOrganization.id)))[number]


def _onward(coordinator: Actor, plan: Application) -> None:
    if plan.state is ApplicationState.SUBMITTED:
        service.transition(coordinator, plan, "start_review")
    else:
        approver = _staff(plan.host_institution, Role.HOST_APPROVER)
        service.transition(approver, plan, "withdraw", comment=cast.texts()["withdraw_reason"])


def _cleared(call: Call) -> None:
    """What screening has still to examine is cleared: what is adopted can be released."""
    officer = _of_jst(Role.SCREENING_OFFICER)
    cases = select(ScreeningCase).join(Application, Application.id == ScreeningCase.application_id)
    for case in db.session.scalars(
        cases.where(Application.call_id == call.id, ScreeningCase.state == CaseState.EXAMINE)
    ):
        screening.judge(officer, case, "clear", reason="照合の結果、別の機関である。", version=case.version)


def _scored(plan: Application, worth: int) -> None:
    """Three experts agree on what it is worth, give or take a mark."""
    query = select(Reviewer).where(Reviewer.state == ReviewerState.ACTIVE, Reviewer.user_id.is_not(None))
    for shift, expert in enumerate(db.session.scalars(query.order_by(Reviewer.id).limit(READERS)), -1):
        review = make_review(
            make_assignment(plan, expert),
            mark=min(max(worth + shift, 1), 5),
            for_panel=FOR_PANEL,
            for_applicant=FOR_APPLICANT,
        )
        for score in review.scores:
            score.comment = ""


if __name__ == "__main__":
    with create_app(from_environment()).app_context(), transaction.unit_of_work():
        {"waiting": waiting, "scored": scored}[sys.argv[1]]()

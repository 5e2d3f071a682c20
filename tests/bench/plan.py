"""A plan of the size the goals speak of: 8 people, 7 days, 2 partners, 20 entries, 12 costs. Prints its public id.

Run by `pages.py` on a program that was just built: a plan of the demonstration's host is begun and filled in by the
same verbs as its pages use.
"""

from datetime import time, timedelta

from sqlalchemy import select

from app.accounts.models import User
from app.applications import plan_service, service
from app.applications.models import Application
from app.applications.vocabulary import ActivityKind, BudgetKind, ParticipantRole
from app.calls.models import Call, CallCourse, Course
from app.core import clock, transaction
from app.core.db import db
from app.demo import cast
from app.directory.models import HostInstitution
from app.invitees.models import Category
from wsgi import app

DAYS, ENTRIES, COSTS = 7, 20, 12
KINDS = (ActivityKind.SPECIAL_LECTURE, ActivityKind.PEER_EXCHANGE, ActivityKind.CULTURE)
CONTACT = {"contact_name": "Office", "contact_email": "io@example.org", "prior_notification": ""}
GROUPS = ((Category.DOCTOR, ParticipantRole.INVITEE, 3), (Category.FACULTY, ParticipantRole.SUPERVISOR, 1))


def main() -> None:
    with app.test_request_context(), transaction.unit_of_work():
        editor = db.session.scalars(select(User).where(User.demo_note == "host_editor")).one()
        print(fill(editor).public_id)


def fill(editor: User) -> Application:
    """A new plan of the editor's institution in a round of its own, filled in."""
    actor = cast.actor(editor)
    host = db.session.get_one(HostInstitution, actor.institution_ids()[0])
    course = db.session.scalars(select(Course).where(Course.rules.any()).order_by(Course.id.desc())).first()
    assert course is not None
    plan = service.start(actor, call=_round(course), course=course, host=host)
    partners = [
        {"id": "", "organization": f"University {name}", "choice": "", "country": country, **CONTACT}
        for name, country in (("Meru", "NP"), ("Toba", "ID"))
    ]
    plan_service.save_partners(actor, plan, partners)
    first = clock.today() + timedelta(days=120)
    plan_service.save_itinerary(
        actor,
        plan,
        [_entry(number) for number in range(ENTRIES)],
        starts_on=first,
        ends_on=first + timedelta(days=DAYS - 1),
        airport_distance_km=90,
    )
    groups = [
        {"partner": str(partner.id), "category": category, "role": role, "number": number, "first_visit": True}
        for partner in plan.partners
        for category, role, number in GROUPS
    ]
    plan_service.save_people(actor, plan, groups)
    plan_service.save_budget(actor, plan, [_cost(number) for number in range(COSTS)])
    return plan


def _round(course: Course) -> Call:
    """A round open for that course alone."""
    now, today = clock.now(), clock.today()
    call = Call(
        fiscal_year=course.fiscal_year,
        label="bench",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=30),
        notice_on=today + timedelta(days=60),
        visits_from=today + timedelta(days=90),
        visits_until=today + timedelta(days=300),
        courses=[CallCourse(course_id=course.id)],
    )
    db.session.add(call)
    db.session.flush()
    return call


def _entry(number: int) -> dict[str, object]:
    return {
        "day": 1 + number * DAYS // ENTRIES,
        "starts_at": time(9 + number % 3 * 3),
        "ends_at": time(11 + number % 3 * 3),
        "kind": KINDS[number % 3],
        "title": f"測定と討論 {number}",
        "venue": "講義室",
        "leader": "佐々木 健",
    }


def _cost(number: int) -> dict[str, object]:
    kind = list(BudgetKind)[number % len(BudgetKind)]
    return {
        "kind": kind,
        "description": f"費目 {number}",
        "quantity": 8,
        "unit_price": 1000 + number,
        "rate_key": "",
    }


if __name__ == "__main__":
    main()

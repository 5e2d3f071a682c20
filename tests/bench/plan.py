"""A plan of the size the goals speak of: 8 people, 7 days, 2 partners, 20 entries, 12 costs. Prints its public id.

Run by `pages.py` on a program that was just built: a draft of the demonstration's host is filled in by the same verbs
as its pages use.
"""

from datetime import time, timedelta

from sqlalchemy import func, select

from app.accounts.models import User
from app.applications import plan_service
from app.applications.models import Application, ApplicationPartner, ApplicationState
from app.applications.vocabulary import ActivityKind, BudgetKind, ParticipantRole
from app.core import transaction
from app.core.db import db
from app.demo import cast
from app.invitees.models import Category
from wsgi import app

DAYS, ENTRIES, COSTS = 7, 20, 12
KINDS = (ActivityKind.SPECIAL_LECTURE, ActivityKind.PEER_EXCHANGE, ActivityKind.CULTURE)
GROUPS = ((Category.DOCTOR, ParticipantRole.INVITEE, 3), (Category.FACULTY, ParticipantRole.SUPERVISOR, 1))


def main() -> None:
    with app.test_request_context(), transaction.unit_of_work():
        editor = db.session.scalars(select(User).where(User.demo_note == "host_editor")).one()
        print(fill(editor).public_id)


def fill(editor: User) -> Application:
    """Fill in a plan of the editor's institution that is being corrected, and has two partners."""
    actor = cast.actor(editor)
    partners = select(func.count()).where(ApplicationPartner.application_id == Application.id).scalar_subquery()
    plan = db.session.scalars(
        select(Application)
        .where(Application.host_institution_id.in_(actor.institution_ids()))
        .where(Application.state.in_((ApplicationState.DRAFT, ApplicationState.RETURNED)), partners == 2)
    ).first()
    if plan is None:
        raise SystemExit("The demonstration's host has no open plan with two partners.")
    assert plan.starts_on is not None
    plan_service.save_itinerary(
        actor,
        plan,
        [_entry(number) for number in range(ENTRIES)],
        starts_on=plan.starts_on,
        ends_on=plan.starts_on + timedelta(days=DAYS - 1),
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

"""What visits ask of people: dates, roster, confirmation, consent of guardians, arrivals."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from app.core import clock
from app.core.agenda import Task
from app.core.authz import Actor
from app.core.i18n import localized
from app.visits import queries, year_queries
from app.visits.models import VisitState
from app.visits.workflow import ADULT_AGE

#: Visas take weeks after the list of applicants is complete; the embassies' papers name four to eight.
ROSTER_DAYS_BEFORE = 45
#: How long before the day of entry a visit should stand. To be confirmed with JST.
CONFIRM_DAYS_BEFORE = 14
CONSENT_DAYS_BEFORE = 14
ARRIVING_WITHIN_DAYS = 7


def tasks(actor: Actor) -> list[Task]:
    """What waits for this person in visits, not sorted. A fixed number of queries."""
    found: list[Task] = []
    if actor.may("visit:schedule"):
        found += _of_hosts(actor)
    if actor.may("report:accept"):
        found += _arrivals(actor)
    return found


def _of_hosts(actor: Actor) -> list[Task]:
    rows = queries.waiting(actor, "visit:schedule", (VisitState.PLANNED, VisitState.CONFIRMED))
    missing = _missing_consents(rows)
    found: list[Task] = []
    for row in rows:
        found += _of_visit(actor, row, missing.get(row.id, 0))
    return found


def _of_visit(actor: Actor, row: Any, missing: int) -> list[Task]:
    about = f"{row.reference} {localized(row.theme_ja, row.theme_en)}".strip()
    values = {"visit_id": row.public_id}
    found: list[Task] = []
    if row.starts_on is None:
        return [Task(_("Set the dates of the visit"), about, "visits.dates", values)]
    if not row.people:
        found.append(
            Task(_("Enter the roster"), about, "visits.show", values, due=_before(row.starts_on, ROSTER_DAYS_BEFORE))
        )
    if missing:
        label = _("Get the guardians' consent")
        due = _before(row.starts_on, CONSENT_DAYS_BEFORE)
        found.append(Task(label, about, "visits.show", values, due=due, count=missing))
    if row.state is VisitState.PLANNED and row.people and actor.may("visit:confirm"):
        due = _before(row.starts_on, CONFIRM_DAYS_BEFORE)
        found.append(Task(_("Confirm the visit"), about, "visits.show", values, due=due))
    return found


def _before(day: date, days: int) -> date:
    return day - timedelta(days=days)


def _missing_consents(rows: Any) -> dict[int, int]:
    """How many people under age on the day of entry lack a guardian's consent, by visit."""
    born_after = clock.today().replace(day=1) - timedelta(days=366 * (ADULT_AGE + 1))
    found: dict[int, int] = {}
    for visit_id, starts_on, born in queries.young_without_consent([row.id for row in rows], born_after=born_after):
        if starts_on is not None and clock.age_on(born, starts_on) < ADULT_AGE:
            found[visit_id] = found.get(visit_id, 0) + 1
    return found


def _arrivals(actor: Actor) -> list[Task]:
    """The groups that arrive within a week, as one line for coordinators."""
    coming = year_queries.arriving(actor, clock.today(), days=ARRIVING_WITHIN_DAYS, limit=200)
    if not coming:
        return []
    about = ", ".join(localized(row.host_ja, row.host_en) for row in coming[:3]) + (" …" if len(coming) > 3 else "")
    return [Task(_("Groups arriving within a week"), about, "visits.board", {}, count=len(coming))]

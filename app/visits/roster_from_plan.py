"""The people an adopted plan names become the roster of its visit, by the same matching and saving as a roster's file.

Whoever is named without what a roster needs (birth, nationality, sex, category) stays with the plan alone, to be
entered on the roster once it is known; a missing passport holds nobody back. Passport numbers move: the plan's own
copy is deleted, so that each stands in one place.
"""

from typing import Any

from app.applications import named_keeping
from app.applications.models import PlannedPerson
from app.core import audit, events
from app.core.authz import SYSTEM
from app.core.db import db
from app.core.errors import DomainError
from app.invitees.roster.draft import Parsed, RosterRow
from app.visits.events import RosterChanged, VisitPlanned
from app.visits.models import Visit
from app.visits.people_service import Newcomer
from app.visits.roster_matching import Match, newcomer_of, plan_of
from app.visits.roster_saving import save

LATER = frozenset({"passport_number", "passport_expiry"})  # may follow once the roster stands
TEXTS = ("surname", "given_names", "native_name", "katakana", "nationality", "email", "affiliation", "diet")


def take_over(fact: VisitPlanned) -> int:
    """Put the people of the plan on the visit's roster; returns how many. Hears `VisitPlanned`; acts as the system.

    A person that cannot be saved never holds up the release of results: it stays with the plan.
    """
    visit = fact.visit
    people = {person.public_id: person for person in visit.application.named}
    if not people:
        return 0
    db.session.flush()
    rows = [_row(person, number) for number, person in enumerate(people.values(), 1)]
    made = plan_of([(row, _newcomer(row, people[row.key])) for row in rows], visit)
    taken = [match for match in made.matches if match.newcomer is not None and _save(visit, match)]
    for match in taken:
        named_keeping.forget_number(people[match.row.key])
    db.session.flush()
    changes: audit.Changes = {"new": [None, len(taken)], "open": [None, len(people) - len(taken)]}
    audit.record(SYSTEM, "roster:from-plan", visit, changes=changes)
    events.publish(RosterChanged(visit, SYSTEM))
    return len(taken)


def _row(person: PlannedPerson, number: int) -> RosterRow:
    """A person of the plan as the reader of rosters would have read them."""
    values: dict[str, Any] = {
        **{name: getattr(person, name) for name in TEXTS},
        "sex": person.sex.value if person.sex else None,
        "date_of_birth": person.date_of_birth.isoformat() if person.date_of_birth else None,
        "category": person.category.value if person.category else None,
        "role": person.role.value,
        "first_visit": person.first_visit,
        "passport_number": named_keeping.opened(person),
        "passport_expiry": person.passport_expires_on.isoformat() if person.passport_expires_on else None,
    }
    if not values["affiliation"] and person.partner is not None:
        values["affiliation"] = person.partner.name
    if not values["given_names"]:
        # A person with one name has it as given name on rosters.
        values["given_names"], values["surname"] = values["surname"], ""
    parsed = {name: Parsed(value) for name, value in values.items()}
    return RosterRow(person.public_id, 0, number, parsed, reason=person.previous_visit_reason)


def _newcomer(row: RosterRow, person: PlannedPerson) -> Newcomer | None:
    newcomer = newcomer_of(row, optional=LATER)
    if newcomer is not None and person.partner is not None:
        newcomer.part["sending_organization_id"] = person.partner.organization_id
    return newcomer


def _save(visit: Visit, match: Match) -> bool:
    try:
        with db.session.begin_nested():
            part = save(SYSTEM, visit, match)
            part.position = match.row.row_number
    except DomainError:
        return False
    return True

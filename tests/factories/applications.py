"""Exchange plans: complete ones keep the rules of course A of their year; every state can be had."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from app.applications import snapshot
from app.applications.indexing import refresh
from app.applications.models import (
    ActivityKind,
    Application,
    ApplicationPartner,
    ApplicationState,
    BudgetKind,
    BudgetLine,
    Decision,
    ItineraryItem,
    Outcome,
    ParticipantRole,
    PlannedPeople,
)
from app.calls.models import Call, Course
from app.core import clock, counters
from app.core.db import db
from app.directory.models import HostInstitution, SendingOrganization
from app.invitees.models import Category
from tests.factories.accounts import make_user
from tests.factories.calls import make_call
from tests.factories.directory import make_host, make_sending

S = ApplicationState
OUTCOMES = {
    S.DECIDED: Outcome.ADOPTED,
    S.ADOPTED: Outcome.ADOPTED,
    S.COMPLETED: Outcome.ADOPTED,
    S.RESERVE: Outcome.RESERVE,
    S.DECLINED: Outcome.DECLINED,
}
SAFETY = {
    "crisis_name": "Hanako Yamada",
    "crisis_phone": "+81 75-000-0000",
    "crisis_plan": "A member of staff is with the group at all hours.",
    "insurance": "Overseas travel insurance, medical costs without limit",
    "has_system": "yes",
    "is_classified": "yes",
    "partners_are_checked": "yes",
    "export_responsible": "Taro Sato",
    "form1_on": "2025-04-01",
    "pledge": False,
    "form2_on": "",
}


def make_application(
    state: ApplicationState | str = S.DRAFT,
    *,
    complete: bool = True,
    call: Call | None = None,
    course: Course | None = None,
    host: HostInstitution | None = None,
    partners: Iterable[SendingOrganization] | None = None,
    outcome: Outcome | str | None = None,
    **fields: Any,
) -> Application:
    """A plan in any state. `complete`: one that keeps every rule of course A; otherwise only what `fields` say.

    In a state beyond the draft it has a number, a snapshot and, where JST has decided, a decision (`outcome`).
    """
    state = S(state)
    if call is None:
        call = make_call(courses=[course]) if course is not None else make_call()
    application = Application(
        call=call,
        course=course or call.courses[0].course,
        host_institution=host or make_host(),
        theme_ja="",
        theme_en="Measuring a river basin",
    )
    if complete:
        _fill(application, list(partners) if partners is not None else [make_sending()])
    for name, value in fields.items():
        setattr(application, name, value)
    refresh(application)
    db.session.add(application)
    db.session.flush()
    if state is not S.DRAFT:
        _move(application, state, Outcome(outcome) if outcome else OUTCOMES.get(state))
    return application


def _fill(application: Application, partners: list[SendingOrganization]) -> None:
    entry = max(application.call.visits_from, date(application.call.fiscal_year, 7, 25))
    application.theme_ja = ""
    application.field_of_science = "environment"
    application.purpose = "Students measure the water of a river and learn how to protect it."
    application.expected_results = "Mixed teams continue online after the return."
    application.online_if_impossible = True
    application.principal_name, application.principal_email = "Taro Sato", "taro.sato@example.ac.jp"
    application.principal_department = "Faculty of Engineering"
    application.administrative_name, application.administrative_email = "Jun Ito", "jun.ito@example.ac.jp"
    application.administrative_phone = "075-000-0000"
    application.starts_on, application.ends_on = entry, entry + timedelta(days=6)
    application.airport_distance_km = 60
    application.safety = {**SAFETY, "form1_on": (clock.today() - timedelta(days=30)).isoformat()}
    application.partners = [
        ApplicationPartner(
            organization=organization,
            contact_name="Dr. Sita Sharma",
            contact_email="sita@example.org",
            prior_notification="CN-2025-1" if organization.country == "CN" else "",
            position=position,
        )
        for position, organization in enumerate(partners)
    ]
    application.itinerary = [
        ItineraryItem(day=1, kind=ActivityKind.ARRIVAL, title="Arrival", position=0),
        ItineraryItem(day=2, kind=ActivityKind.SPECIAL_LECTURE, title="Rivers of Japan", position=1),
        ItineraryItem(day=3, kind=ActivityKind.SPECIAL_PROGRAM, title="Sampling on the lake", position=2),
        ItineraryItem(day=4, kind=ActivityKind.SPECIAL_LECTURE, title="Analysis", position=3),
        ItineraryItem(day=5, kind=ActivityKind.PEER_EXCHANGE, title="Seminar with students", position=4),
        ItineraryItem(day=6, kind=ActivityKind.CULTURE, title="Kyoto", position=5),
        ItineraryItem(day=7, kind=ActivityKind.DEPARTURE, title="Departure", position=6),
    ]
    first = application.partners[0] if application.partners else None
    application.people = [
        PlannedPeople(
            partner=first,
            category=Category.UNDERGRADUATE,
            role=ParticipantRole.INVITEE,
            number=7,
            first_visit=True,
            position=0,
        ),
        PlannedPeople(
            partner=first,
            category=Category.FACULTY,
            role=ParticipantRole.SUPERVISOR,
            number=1,
            first_visit=False,
            position=1,
        ),
    ]
    application.budget = [
        BudgetLine(
            kind=BudgetKind.INTERNATIONAL_TRAVEL, description="Flights", quantity=8, unit_price=90_000, position=0
        ),
        BudgetLine(kind=BudgetKind.DOMESTIC_TRAVEL, description="Lodging", quantity=48, unit_price=8_000, position=1),
        BudgetLine(
            kind=BudgetKind.GENERAL_ADMINISTRATION,
            description="Administration",
            quantity=1,
            unit_price=100_000,
            position=2,
        ),
    ]


def _move(application: Application, state: ApplicationState, outcome: Outcome | None) -> None:
    """Put a plan into a state as the verbs would have left it, without mails and audit entries."""
    now = clock.now()
    if state is not S.WITHDRAWN:
        year = application.call.fiscal_year
        application.reference = f"{year}-{counters.next_number(f'application:{year}'):04d}"
        application.submitted_at = now
        snapshot.freeze(application)
    if state is S.RETURNED:
        application.return_reason = "The budget does not add up."
        application.return_due_on = clock.today() + timedelta(days=7)
    if outcome is not None:
        application.decided_at = now
        decider = make_user("decision_maker")
        db.session.add(Decision(application=application, outcome=outcome, decided_by_id=decider.id))
        if state is not S.DECIDED:
            application.released_at = now
    application.state = state
    refresh(application)
    db.session.flush()

"""Visits in every state, with the adopted plan they came from."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from app.applications.models import ActivityKind, Application, ApplicationState, ParticipantRole
from app.calls import seed_data
from app.calls.models import Call
from app.core import clock
from app.core.db import db
from app.directory.models import HostInstitution
from app.invitees import service as invitees
from app.invitees.models import Category, Invitee
from app.visits.models import Participation, ScheduleItem, Visit, VisitState
from tests.factories.calls import make_call, make_course
from tests.factories.directory import make_host
from tests.factories.invitees import make_invitee

_numbers = count(1)
OVER = (VisitState.REPORTED, VisitState.COMPLETED)


def make_plan(
    host: HostInstitution | None = None, *, fiscal_year: int | None = None, call: Call | None = None, **fields: Any
) -> Application:
    """An adopted plan of course A in a round that has been released; visits all through its fiscal year."""
    number = next(_numbers)
    year = fiscal_year or clock.fiscal_year(clock.today())
    known = max(item for item in seed_data.fiscal_years() if item <= year)
    course = fields.pop("course", None) or make_course("A", known)
    first, last = clock.fiscal_year_range(year)
    at = clock.tokyo(first, time(9))
    values: dict[str, Any] = {
        "reference": f"P{number:06d}",
        "state": ApplicationState.ADOPTED,
        "call": call
        or make_call(
            f"v{number}",
            year,
            courses=[course],
            opens_at=at,
            closes_at=at + timedelta(days=20),
            visits_from=first,
            visits_until=last,
            released_at=at + timedelta(days=60),
        ),
        "course": course,
        "host_institution": host or make_host(),
        "theme_ja": "水と暮らし",
        "theme_en": "Water and life",
        "principal_name": "Hanako Yamazaki",
        "administrative_name": "Taro Suzuki",
        "administrative_phone": "075-000-0000",
        "submitted_at": at + timedelta(days=10),
        "decided_at": at + timedelta(days=50),
        "released_at": at + timedelta(days=60),
    }
    plan = Application(**{**values, **fields})
    db.session.add(plan)
    db.session.flush()
    return plan


def _usual_entry(state: VisitState) -> date:
    """A day of entry that fits the state today."""
    if state is VisitState.IN_PROGRESS:
        return clock.today() - timedelta(days=2)
    return clock.today() + (timedelta(days=-40) if state in OVER else timedelta(days=30))


def make_visit(
    state: VisitState | str = VisitState.PLANNED,
    *,
    host: HostInstitution | None = None,
    people: int = 0,
    plan: Application | None = None,
    **fields: Any,
) -> Visit:
    """A visit of seven days; from «confirmed» on it has all that confirmation asks for (two people unless said)."""
    state = VisitState(state)
    is_complete = state not in (VisitState.PLANNED, VisitState.CANCELLED)
    starts_on = fields.pop("starts_on", _usual_entry(state))
    ends_on = fields.pop("ends_on", starts_on + timedelta(days=6) if starts_on else None)
    year = fields.pop("fiscal_year", clock.fiscal_year(starts_on or clock.today()))
    plan = plan or make_plan(host, fiscal_year=year, starts_on=starts_on, ends_on=ends_on)
    values: dict[str, Any] = {
        "application": plan,
        "host_institution": plan.host_institution,
        "course": plan.course,
        "fiscal_year": year,
        "state": state,
        "reference": f"V{year}-{9000 + next(_numbers)}",
        "theme_ja": plan.theme_ja,
        "theme_en": plan.theme_en,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "contact_name": "Taro Suzuki",
        "contact_phone": "075-000-0000",
    }
    if is_complete:
        values |= {
            "insurance": "Sample Insurance, medical costs",
            "lodging": "Sample Inn, Kyoto",
            "confirmed_at": _at(),
        }
    if state is VisitState.COMPLETED:
        values["completed_at"] = _at()
    visit = Visit(**{**values, **fields})
    db.session.add(visit)
    db.session.flush()
    if is_complete:
        fill_schedule(visit)
    for _number in range(people or (2 if is_complete else 0)):
        make_participation(visit, took_part=True if state in OVER else None)
    return visit


def _at() -> datetime:
    return clock.now()


def fill_schedule(visit: Visit) -> None:
    """A line on every day of the stay."""
    assert visit.starts_on is not None and visit.ends_on is not None
    for number in range(clock.stay_days(visit.starts_on, visit.ends_on)):
        visit.schedule.append(
            ScheduleItem(
                on=visit.starts_on + timedelta(days=number),
                starts_at=time(9, 30),
                ends_at=time(11),
                kind=ActivityKind.SPECIAL_LECTURE,
                title=f"Lecture {number + 1}",
                venue="Room 1",
                leader="Hanako Yamazaki",
                position=1,
            )
        )
    db.session.flush()


def make_participation(visit: Visit, invitee: Invitee | None = None, **fields: Any) -> Participation:
    """A person's part in a visit; the person is known to the visit's host."""
    invitee = invitee or make_invitee(passport=f"NP{1000000 + next(_numbers)}", fiscal_year=visit.fiscal_year)
    values: dict[str, Any] = {
        "visit": visit,
        "invitee": invitee,
        "role": ParticipantRole.INVITEE,
        "category": Category.UNDERGRADUATE,
        "affiliation": "Sample Campus",
        "position": len(visit.participations) + 1,
    }
    part = Participation(**{**values, **fields})
    db.session.add(part)
    invitees.known_to(invitee, visit.host_institution_id)
    db.session.flush()
    return part

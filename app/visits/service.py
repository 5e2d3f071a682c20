"""Verbs on visits: making one of an adopted plan, its dates and details, its life, its calendar address."""

import secrets
from datetime import date, timedelta
from typing import Any

from app.applications import service as applications
from app.applications.events import ApplicationAdopted
from app.applications.models import Application
from app.core import audit, authz, clock, counters, crypto, events
from app.core.authz import SYSTEM, Actor
from app.core.db import db, new_public_id
from app.core.errors import Refused, Stale, TransitionNotAllowed
from app.visits import period, queries
from app.visits.events import VisitCompleted, VisitPlanned
from app.visits.models import ScheduleItem, Visit, VisitState
from app.visits.workflow import VISIT

CALENDAR_TOKEN_BYTES = 32  # 256 bits: the address is the key
DETAILS = ("lodging", "contact_name", "contact_phone", "insurance")


def plan_from_adoption(fact: ApplicationAdopted) -> Visit:
    """Make the visit of an adopted plan: number, days, theme, contact and itinerary come from the plan.

    Hears `ApplicationAdopted`. Safe to repeat: a plan has one visit. Acts as the system, whoever released the results.
    """
    application = fact.application
    found = queries.of_application(application.id)
    if found is not None:
        return found
    authz.require_role(SYSTEM, "visit:create")
    year = application.call.fiscal_year
    visit = Visit(
        public_id=new_public_id(),
        application=application,
        host_institution_id=application.host_institution_id,
        course_id=application.course_id,
        fiscal_year=year,
        reference=f"V{year}-{counters.next_number(f'visit:{year}'):04d}",
        theme_ja=application.theme_ja,
        theme_en=application.theme_en,
        starts_on=application.starts_on,
        ends_on=application.ends_on,
        contact_name=application.administrative_name or application.principal_name,
        contact_phone=application.administrative_phone,
    )
    db.session.add(visit)
    _take_over_itinerary(visit, application)
    audit.record(SYSTEM, "visit:create", visit, to_state=str(visit.state))
    events.publish(VisitPlanned(visit))
    return visit


def _take_over_itinerary(visit: Visit, application: Application) -> None:
    """The plan counts days from the day of entry; the schedule of stay names real ones."""
    if visit.starts_on is None:
        return
    for position, planned in enumerate(application.itinerary, 1):
        visit.schedule.append(
            ScheduleItem(
                on=visit.starts_on + timedelta(days=planned.day - 1),
                starts_at=planned.starts_at,
                ends_at=planned.ends_at,
                kind=planned.kind,
                title=planned.title,
                venue=planned.venue,
                leader=planned.leader,
                position=position,
            )
        )


def require_editable(actor: Actor, visit: Visit, permission: str) -> None:
    """Refuse what is not allowed (403) or comes too late, because the visit is over or cancelled (409)."""
    authz.require(actor, permission, visit)
    if not VISIT.is_editable(visit):
        raise TransitionNotAllowed()


def check_version(row: Any, version: int | None) -> None:
    """Refuse with 409 if the row moved on since the reader saw it. `None` makes no claim."""
    if version is not None and version != row.version:
        raise Stale()


def schedule_changed(visit: Visit) -> None:
    """Let calendars that follow the visit notice a change."""
    visit.calendar_sequence += 1


def set_dates(
    actor: Actor, visit: Visit, *, starts_on: date | None, ends_on: date | None, version: int | None = None
) -> period.Reading:
    """Set the day of entry and the day of exit, or take both away (postponed); the schedule moves along.

    Returns what is to be said about the days (hints). Raises: Forbidden; TransitionNotAllowed once the visit is
    confirmed; Stale; Refused with the problems by field (window of the round, length of the course).
    """
    authz.require(actor, "visit:schedule", visit)
    check_version(visit, version)
    if visit.state is not VisitState.PLANNED:
        raise TransitionNotAllowed()
    reading = period.read(visit, starts_on, ends_on)
    if reading.refusals:
        raise Refused(reading.refusals)
    if starts_on is not None:
        _move_schedule(visit, starts_on)
    visit.starts_on, visit.ends_on = starts_on, ends_on
    changes = audit.changes_of(visit)
    if changes:
        schedule_changed(visit)
        audit.record(actor, "visit:set-dates", visit, changes=changes)
    return reading


def _move_schedule(visit: Visit, starts_on: date) -> None:
    """Keep every line on its day counted from the day of entry. A schedule without one begins with its first line."""
    if not visit.schedule:
        visit.starts_on = starts_on
        _take_over_itinerary(visit, visit.application)
        return
    began = visit.starts_on or min(item.on for item in visit.schedule)
    if starts_on == began:
        return
    for item in visit.schedule:
        item.on += starts_on - began


def describe(actor: Actor, visit: Visit, *, version: int | None = None, **fields: str) -> None:
    """Change lodging, contact and insurance. Raises: Forbidden, Stale, TransitionNotAllowed."""
    require_editable(actor, visit, "visit:schedule")
    check_version(visit, version)
    for name in DETAILS:
        if name in fields:
            setattr(visit, name, fields[name] or "")
    changes = audit.changes_of(visit)
    if changes:
        audit.record(actor, "visit:describe", visit, changes=changes)


def transition(actor: Actor, visit: Visit, verb: str, *, comment: str = "") -> None:
    """Do a verb of the workflow that pages offer. Raises what `Workflow.fire` raises.

    Verbs that belong to another page (the report) or to the system are not for here.
    """
    if verb not in VISIT or VISIT[verb].hidden:
        raise TransitionNotAllowed()
    VISIT.fire(visit, verb, actor, comment)


def hand_in_report(actor: Actor, visit: Visit) -> None:
    """The host has handed in the report (fired by `closing`). Raises: Forbidden, GuardsFailed, TransitionNotAllowed."""
    VISIT.fire(visit, "report", actor)


def return_report(actor: Actor, visit: Visit, *, comment: str) -> None:
    """The report goes back to the host with a reason (fired by `closing`)."""
    VISIT.fire(visit, "return_report", actor, comment)


def complete(actor: Actor, visit: Visit) -> None:
    """The report is accepted: the visit is completed, its plan with it, and whoever listens hears of it."""
    VISIT.fire(visit, "complete", actor)
    applications.complete(visit.application)
    events.publish(VisitCompleted(visit, actor))


def advance_by_calendar() -> int:
    """Begin every confirmed visit whose day of entry has come (Tokyo). For the daily job; returns how many."""
    due = queries.due_to_begin(clock.today())
    for visit in due:
        VISIT.fire(visit, "arrive", SYSTEM)
    return len(due)


def open_calendar(actor: Actor, visit: Visit) -> str:
    """A new secret address for the visit's calendar; the former one stops working. Returns the token, only once."""
    authz.require(actor, "visit:schedule", visit)
    token = secrets.token_urlsafe(CALENDAR_TOKEN_BYTES)
    visit.calendar_token_hash = crypto.token_hash(token)
    audit.record(actor, "visit:open-calendar", visit)
    return token


def close_calendar(actor: Actor, visit: Visit) -> None:
    """Let the calendar's address stop working."""
    authz.require(actor, "visit:schedule", visit)
    visit.calendar_token_hash = None
    audit.record(actor, "visit:close-calendar", visit)

"""The life of a visit: planned → confirmed → in progress → reported → completed; cancelled while yet to come."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.models import ParticipantRole
from app.core import clock, outbox
from app.core.i18n import day
from app.core.workflow import Effect, Firing, State, Transition, Workflow, stamp
from app.visits import itinerary
from app.visits.models import Participation, Visit, VisitState
from app.visits.queries import staff_to_tell

S = VisitState
ADULT_AGE = 18


def has_dates(visit: Visit) -> Any:
    """Day of entry and day of exit are set."""
    return None if visit.starts_on and visit.ends_on else _("Set the day of entry and the day of exit.")


def has_people(visit: Visit) -> Any:
    """Somebody comes, and at least one of them is an invitee."""
    invited = [part for part in visit.participations if part.role is ParticipantRole.INVITEE]
    return None if invited else _("Enter the roster: nobody is on it yet.")


def has_insurance(visit: Visit) -> Any:
    """The host has named the insurance of the group (guidelines, safety)."""
    return None if visit.insurance else _("Name the insurance that covers the group.")


def has_contact(visit: Visit) -> Any:
    """Somebody can be reached during the stay."""
    return None if visit.contact_name and visit.contact_phone else _("Name a contact person with a telephone number.")


def has_schedule(visit: Visit) -> Any:
    """The schedule of stay says something about every day (Foreign Ministry's pattern: as detailed as possible)."""
    if not visit.schedule:
        return _("Write the schedule of stay.")
    empty = itinerary.empty_days(visit)
    if not empty:
        return None
    return _("The schedule says nothing about: %(days)s.", days=_days(empty))


def schedule_is_within_the_stay(visit: Visit) -> Any:
    """No line of the schedule stands before the day of entry or after the day of exit."""
    outside = sorted({item.on for item in itinerary.items_outside(visit)})
    return _("The schedule has entries outside the stay: %(days)s.", days=_days(outside)) if outside else None


def _days(days: list[date], most: int = 5) -> str:
    return ", ".join(day(on) for on in days[:most]) + (" …" if len(days) > most else "")


def _was_minor(part: Participation, on: date) -> bool:
    born = part.invitee.date_of_birth
    return born is not None and clock.age_on(born, on) < ADULT_AGE


def minors_have_consent(visit: Visit) -> Any:
    """For everybody under 18 on the day of entry the guardian's consent is at hand."""
    if visit.starts_on is None:
        return None
    missing = [
        part.invitee.passport_name
        for part in visit.participations
        if _was_minor(part, visit.starts_on) and part.guardian_consent_on is None
    ]
    return [_("Guardian's consent is missing for %(name)s.", name=name) for name in missing]


def passports_outlast_the_stay(visit: Visit) -> Any:
    """Every passport is valid on the day of exit."""
    if visit.ends_on is None:
        return None
    short = [
        part.invitee.passport_name
        for part in visit.participations
        if part.invitee.passport
        and part.invitee.passport.expires_on
        and part.invitee.passport.expires_on < visit.ends_on
    ]
    return [_("The passport of %(name)s ends before the stay does.", name=name) for name in short]


def has_begun(visit: Visit) -> Any:
    """The day of entry has come (Tokyo)."""
    if visit.starts_on is not None and clock.today() >= visit.starts_on:
        return None
    return _("The visit has not begun yet.")


def has_ended(visit: Visit) -> Any:
    """The day of exit is over or today (Tokyo)."""
    if visit.ends_on is not None and clock.today() >= visit.ends_on:
        return None
    return _("The visit has not ended yet.")


def mail_host(template: str) -> Effect:
    """Tell the host's staff, each in their own language."""

    def effect(firing: Firing) -> None:
        for user in staff_to_tell(firing.subject):
            outbox.enqueue(template, user, subject_of=firing.subject, visit=firing.subject, comment=firing.comment)

    effect.__qualname__ = f"mail_host({template})"
    return effect


def raise_calendar_sequence(firing: Firing) -> None:
    """Calendars that follow the visit take over the new status (RFC 5545, SEQUENCE)."""
    firing.subject.calendar_sequence += 1


def settle_attendance(firing: Firing) -> None:
    """With the report it is settled who took part: all who were not marked as absent."""
    for part in firing.subject.participations:
        if part.took_part is None:
            part.took_part = True


VISIT = Workflow(
    name="visit",
    initial=S.PLANNED,
    states={
        S.PLANNED: State(_l("Being planned"), editable=True),
        S.CONFIRMED: State(_l("Confirmed"), tone="info", editable=True),
        S.IN_PROGRESS: State(_l("In Japan now"), tone="success", editable=True),
        S.REPORTED: State(_l("Report submitted"), tone="info"),
        S.COMPLETED: State(_l("Completed"), tone="success", final=True),
        S.CANCELLED: State(_l("Cancelled"), tone="danger"),
    },
    transitions=(
        Transition(
            "confirm",
            _l("Confirm the visit"),
            (S.PLANNED,),
            S.CONFIRMED,
            "visit:confirm",
            guards=(
                has_dates,
                has_people,
                has_schedule,
                schedule_is_within_the_stay,
                has_insurance,
                has_contact,
                minors_have_consent,
                passports_outlast_the_stay,
            ),
            effects=(stamp("confirmed_at"), raise_calendar_sequence, mail_host("visit_confirmed")),
            done=_l("The visit is confirmed."),
        ),
        Transition(
            "reopen",
            _l("Change the plan again"),
            (S.CONFIRMED,),
            S.PLANNED,
            "visit:confirm",
            comment_required=True,
            tone="secondary",
            effects=(raise_calendar_sequence,),
            done=_l("The visit is open for planning again."),
        ),
        Transition(
            "begin",
            _l("The group has arrived"),
            (S.CONFIRMED,),
            S.IN_PROGRESS,
            "visit:confirm",
            guards=(has_begun,),
            done=_l("The visit is under way."),
        ),
        Transition(
            "arrive",
            _l("Begin on the day of entry"),
            (S.CONFIRMED,),
            S.IN_PROGRESS,
            "visit:advance",
            guards=(has_begun,),
            hidden=True,
        ),
        Transition(
            "report",
            _l("Hand in the report"),
            (S.IN_PROGRESS,),
            S.REPORTED,
            "report:submit",
            guards=(has_ended,),
            effects=(settle_attendance,),
            hidden=True,
        ),
        Transition(
            "return_report",
            _l("Return the report"),
            (S.REPORTED,),
            S.IN_PROGRESS,
            "report:accept",
            comment_required=True,
            hidden=True,
        ),
        Transition(
            "complete",
            _l("Accept the report"),
            (S.REPORTED,),
            S.COMPLETED,
            "report:accept",
            effects=(stamp("completed_at"),),
            hidden=True,
        ),
        Transition(
            "cancel",
            _l("Cancel the visit"),
            (S.PLANNED, S.CONFIRMED),
            S.CANCELLED,
            "visit:cancel",
            comment_required=True,
            tone="danger",
            effects=(raise_calendar_sequence, mail_host("visit_cancelled")),
            done=_l("The visit is cancelled."),
        ),
        Transition(
            "call_off",
            _l("Called off: the plan is no longer adopted"),
            (S.PLANNED, S.CONFIRMED),
            S.CANCELLED,
            "visit:follow-decision",
            effects=(raise_calendar_sequence,),
            hidden=True,
        ),
        Transition(
            "take_up",
            _l("Taken up again: the plan is adopted after all"),
            (S.CANCELLED,),
            S.PLANNED,
            "visit:follow-decision",
            effects=(raise_calendar_sequence,),
            hidden=True,
        ),
    ),
)

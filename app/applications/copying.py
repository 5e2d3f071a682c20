"""A new plan begun from an earlier one of the same institution: everything but what every round asks for anew."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from app.applications import document, export_forms, indexing, snapshot
from app.applications.models import (
    Application,
    ApplicationOrigin,
    ApplicationPartner,
    ApplicationState,
    BudgetLine,
    ItineraryItem,
    PlannedPeople,
)
from app.applications.service import begin
from app.calls.models import Call, Course
from app.core import audit, authz, clock
from app.core.authz import Actor
from app.core.db import db
from app.core.i18n import day
from app.export_control import answers

S = ApplicationState
UNDECIDED = frozenset({S.SUBMITTED, S.RETURNED, S.UNDER_REVIEW, S.DECIDED})
FORMS = (
    ("form1_on", answers.report_until, answers.REPORT_ORIGIN),
    ("form2_on", answers.pledge_until, answers.PLEDGE_ORIGIN),
)  # export-control forms: their day, until when they are valid, where they come from
WEEK = 7


def copy(actor: Actor, origin: Application, *, call: Call, course: Course) -> Application:
    """Begin a plan from an earlier one, in a round that is open now. The origin stays as it is.

    Copied are all sections. Not copied: numbers of prior notifications (each round anew), days of export-control forms
    that ended; days outside the round's days for visits are moved.
    Raises: Forbidden unless the actor writes plans for the institution of the origin and may read it; Refused when the
    round is not open or does not take the course.
    """
    authz.require(actor, "application:view", origin)
    made = begin(actor, call=call, course=course, host=origin.host_institution)
    for name in snapshot.OVERVIEW:
        setattr(made, name, getattr(origin, name))
    made.airport_distance_km = origin.airport_distance_km
    made.starts_on, made.ends_on = moved(origin.starts_on, origin.ends_on, call)
    made.safety = {**kept_answers(origin.safety or {}, clock.today()), **made.safety}
    copy_rows(origin, made)
    export_forms.fill_in(made, made.partners)
    made.origin = ApplicationOrigin(copied_from=origin)
    indexing.refresh(made)
    db.session.add(made)
    audit.record(
        actor,
        "application:create",
        made,
        to_state=str(made.state or S.DRAFT),
        changes={"copied_from": ["", origin.reference or origin.public_id]},
    )
    return made


def moved(starts_on: date | None, ends_on: date | None, call: Call) -> tuple[date | None, date | None]:
    """The days of a stay in a round: as they are if they lie in its days for visits.

    Otherwise the stay keeps its length and begins on the same day of the week, as early as the round allows.
    """
    first, last = call.visits_from, call.visits_until
    known = [value for value in (starts_on, ends_on) if value is not None]
    if not known or all(first <= value <= last for value in known):
        return starts_on, ends_on
    begins = first + timedelta(days=(known[0].weekday() - first.weekday()) % WEEK)
    shift = begins - known[0]
    return (
        starts_on + shift if starts_on is not None else None,
        ends_on + shift if ends_on is not None else None,
    )


def kept_answers(safety: dict[str, Any], today: date) -> dict[str, Any]:
    """The answers on safety without the days of forms that are no longer valid."""
    kept = dict(safety)
    for name, until, origin in FORMS:
        last = until(kept)
        if last is not None and last < today:
            kept = {key: value for key, value in kept.items() if key not in origin} | {name: ""}
    return kept


def copy_rows(origin: Application, made: Application) -> None:
    """Partners, itinerary, people and costs of one plan into another that has none."""
    partners = {
        id(partner): ApplicationPartner(
            organization=partner.organization,
            **_values(partner, "typed_name", "country", "contact_name", "contact_email", "position"),
        )
        for partner in origin.partners
    }
    made.partners = list(partners.values())
    made.itinerary = [
        ItineraryItem(**_values(item, "day", "starts_at", "ends_at", "kind", "title", "venue", "leader", "position"))
        for item in origin.itinerary
    ]
    made.people = [
        PlannedPeople(
            partner=partners.get(id(group.partner)) if group.partner is not None else None,
            **_values(group, "category", "role", "number", "first_visit", "position"),
        )
        for group in origin.people
    ]
    made.budget = [
        BudgetLine(**_values(line, "kind", "description", "quantity", "unit_price", "rate_key", "position"))
        for line in origin.budget
    ]


def _values(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def is_entered_elsewhere(origin: Application, call: Call | None = None) -> bool:
    """Whether JST has the plan and the host has no result of it yet, in another round than `call` (any, if not given).

    The same plan may not be entered in several rounds; a reworked one may (call for applications, rounds).
    """
    return origin.state in UNDECIDED and (call is None or origin.call_id != call.id)


def entered_elsewhere(origin: Application) -> str:
    """The warning about a plan that is entered in a round and has no result yet."""
    return _(
        "The plan it comes from is entered in %(round)s and has no result yet. The same plan may not be entered in "
        "several rounds: rework it before you submit it again.",
        round=document.call_name(origin),
    )


@dataclass(frozen=True, slots=True)
class Hint:
    """Something to look at again in a copied plan, and the section where it stands ("" for the plan as a whole)."""

    section: str
    text: str


def hints(application: Application) -> list[Hint]:
    """What to look at again in a plan begun from another one: it becomes shorter as the gaps are filled."""
    origin = application.copied_from
    if origin is None or origin.host_institution_id != application.host_institution_id:
        return []  # a plan that was moved away since is no longer the institution's to know of
    found = []
    if is_entered_elsewhere(origin, application.call):
        found.append(Hint("", entered_elsewhere(origin)))
    if origin.course.code is not application.course.code:
        found.append(Hint("", _("The course is another one: see which of its rules the plan does not keep yet.")))
    if application.starts_on is not None and origin.starts_on not in (None, application.starts_on):
        text = _(
            "The days have moved; entry was on %(before)s. Check them, and what depends on them.",
            before=day(origin.starts_on),
        )
        found.append(Hint("itinerary", text))
    found += _missing_numbers(origin, application) + _missing_days(origin, application)
    return found


def _missing_numbers(origin: Application, application: Application) -> list[Hint]:
    notified = {partner.name for partner in origin.partners if partner.prior_notification}
    return [
        Hint("partners", _("Enter the number of this round's prior notification: %(name)s", name=partner.name))
        for partner in application.partners
        if partner.name in notified and not partner.prior_notification
    ]


def _missing_days(origin: Application, application: Application) -> list[Hint]:
    labels = {"form1_on": _("Date of form 1"), "form2_on": _("Date of form 2")}
    before, now = origin.safety or {}, application.safety or {}
    return [
        Hint("safety", _("An export-control form is no longer valid. Enter anew: %(field)s", field=labels[name]))
        for name, _until, _origin in FORMS
        if before.get(name) and not now.get(name)
    ]

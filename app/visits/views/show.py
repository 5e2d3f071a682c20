"""The page of a visit, its dates, its details, its verbs."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.applications.queries import sees_contacts
from app.core import audit, outbox
from app.core.errors import GuardsFailed, NotFound, Refused, Stale, TransitionNotAllowed
from app.core.forms import CommentForm, CreatingForm
from app.core.i18n import day, fiscal_year_label, language, number
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, done, load, may, permission_required, render_form
from app.directory import countries
from app.visits import dossier, itinerary, papers, period, queries, service
from app.visits.forms import DatesForm, DetailsForm
from app.visits.models import Visit, VisitState
from app.visits.views.blueprint import bp
from app.visits.views.shared import columns, editable_visit_for, stale_form, visit_for
from app.visits.workflow import VISIT


@bp.get("/visits/<string:visit_id>")
@permission_required("visit:view")
def show(visit_id: str) -> Answer:
    visit = visit_for(visit_id, "visit:view")
    actor = current_actor()
    may_schedule = may("visit:schedule", visit)
    is_editable = VISIT.is_editable(visit)
    return render_template(
        "visits/show.html",
        visit=visit,
        state=VISIT.states[visit.state],
        facts=_facts(visit, with_phone=sees_contacts(actor)),
        offers=VISIT.offers(visit, actor),
        days=itinerary.days_of(visit),
        reading=period.read(visit, visit.starts_on, visit.ends_on) if may_schedule and is_editable else None,
        roster=queries.roster(actor, visit) if actor.may("invitee:view") else None,
        masked=papers.masked,
        country_name=lambda code: countries.name(code, language()),
        may_schedule=may_schedule and is_editable,
        may_date=may_schedule and visit.state is VisitState.PLANNED,
        may_edit_people=may("invitee:edit", visit) and is_editable,
        may_take_numbers=may("roster:export-passports", visit),
        mails=outbox.mails_of(visit) if may("mail:view") else [],
        history=audit.timeline(visit),
        states=VisitState,
        now_form=CreatingForm(),
    )


def _facts(visit: Visit, *, with_phone: bool) -> list[tuple[str, str]]:
    plan, phone = visit.application, visit.contact_phone if with_phone else ""
    partners = "\n".join(partner.name for partner in plan.partners)
    return [
        (_("Period of stay"), dossier.stay(visit.starts_on, visit.ends_on)),
        (_("Host institution"), visit.host_institution.name),
        (_("Course"), papers.course_name(visit)),
        (_("Fiscal year"), fiscal_year_label(visit.fiscal_year)),
        (_("Sending organizations"), partners),
        (_("Person in charge of the exchange"), plan.principal_name),
        (_("People"), number(len(visit.participations))),
        (_("Lodging"), visit.lodging),
        (_("Contact person during the stay"), " ".join(filter(None, (visit.contact_name, phone)))),
        (_("Insurance of the group"), visit.insurance),
    ]


@bp.route("/visits/<string:visit_id>/dates", methods=["GET", "POST"])
@permission_required("visit:schedule")
def dates(visit_id: str) -> Answer:
    visit = editable_visit_for(visit_id, "visit:schedule")
    if visit.state is not VisitState.PLANNED:
        raise TransitionNotAllowed()
    form = DatesForm(obj=visit)
    if form.validate_on_submit():
        try:
            reading = service.set_dates(current_actor(), visit, version=form.read_version(), **form.payload())
        except Stale:
            return stale_form("visits/dates.html", form, columns(form, visit), visit.version, **_around(visit, form))
        except Refused as refusal:
            blame(form, refusal)
        else:
            for hint in reading.hints:
                flash(hint, "notice")
            return done(_("The dates are saved."), ".show", visit_id=visit.public_id)
    return render_form("visits/dates.html", form, **_around(visit, form))


def _around(visit: Visit, form: DatesForm) -> dict[str, Any]:
    """What stands beside the dates: the window of the round, the rules, the host's other visits, holidays."""
    call = visit.application.call
    return {
        "visit": visit,
        "window": (day(call.visits_from), day(call.visits_until)),
        "reading": period.read(visit, form.starts_on.data, form.ends_on.data),
        "others": period.others(visit),
        "free": period.holidays_between(call.visits_from, call.visits_until),
    }


@bp.route("/visits/<string:visit_id>/details", methods=["GET", "POST"])
@permission_required("visit:schedule")
def details(visit_id: str) -> Answer:
    visit = editable_visit_for(visit_id, "visit:schedule")
    form = DetailsForm(obj=visit)
    if not form.validate_on_submit():
        return render_form("visits/details.html", form, visit=visit)
    try:
        service.describe(current_actor(), visit, version=form.read_version(), **form.payload())
    except Stale:
        return stale_form("visits/details.html", form, columns(form, visit), visit.version, visit=visit)
    return done(_("The details are saved."), ".show", visit_id=visit.public_id)


@bp.route("/visits/<string:visit_id>/<string:verb>", methods=["GET", "POST"])
@permission_required("visit:view")
def transition(visit_id: str, verb: str) -> Answer:
    visit = load(Visit, visit_id, "visit:view", *queries.FOR_PAGE)
    actor, form = current_actor(), CommentForm()
    offer = next((offer for offer in VISIT.offers(visit, actor) if offer.verb == verb), None)
    if request.method == "GET":
        if offer is None:
            raise NotFound()
        return render_form("visits/transition.html", form, visit=visit, offer=offer)

    def fire() -> str:
        service.transition(actor, visit, verb, comment=form.comment.data or "")
        flash(VISIT[verb].done or _("Done."), "success")
        return url_for(".show", visit_id=visit.public_id)

    try:
        return redirect(once(form.key.data or "", actor.id, fire))
    except GuardsFailed as refusal:
        blame(form, refusal)
        return render_form("visits/transition.html", form, visit=visit, offer=offer)

"""One plan under its formal check: the plan, what was found beside it, and its outcome. Then the next one."""

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.applications import budget_facts, contents
from app.applications import queries as plans
from app.applications.models import Application
from app.applications.views import budget
from app.applications.views.shared import as_known
from app.applications.vocabulary import SECTION_LABELS
from app.applications.workflow import APPLICATION
from app.calls.models import round_title
from app.checking import claims, page, queries, queue_queries, reasons, service
from app.checking.blueprint import bp
from app.checking.forms import LiftForm, OutcomeForm
from app.checking.meeting import Met
from app.checking.views.queue import filters_given
from app.checking.vocabulary import OUTCOME_TONES, Outcome
from app.core.errors import Refused
from app.core.i18n import exact_moment, language
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, done, load, permission_required, render_form


def plan_for(application_id: str) -> Application:
    """The plan with all its page reads."""
    application: Application = load(Application, application_id, "application:check", *plans.FOR_PAGE)
    return application


@bp.route("/<string:application_id>", methods=["GET", "POST"])
@permission_required("application:check")
def show(application_id: str) -> Answer:
    application = plan_for(application_id)
    form = OutcomeForm()
    form.offer_clauses(page.clause_choices(application, service.clauses_of(application), language()))
    if request.method == "GET":
        form.due_on.data = service.usual_due_day()
        form.comment.data = _("Please correct the sections named below.")
        if application.state is plans.S.SUBMITTED:
            claims.be_there_afterwards(current_actor(), application)
        return _render(application, form)
    kind, _colon, place = request.form.get("act", "").partition(":")
    if place in form.places():
        return _use(application, form, place) if kind == "use" else _keep(application, form, place)
    return _decide(application, form)


def _decide(application: Application, form: OutcomeForm) -> Answer:
    """Record the outcome and go on to the next plan; what was typed stays when that cannot be."""
    if not form.validate_on_submit():
        return _render(application, form, status=422)
    actor = current_actor()

    def make() -> str:
        flash(_record(application, form), "success")
        return _onward(application)

    try:
        return redirect(once(form.key.data or "", actor.id, make))
    except Met as met:
        return _render(application, form, status=409, met=met)
    except Refused as refusal:
        blame(form, refusal)
        return _render(application, form, status=422)


def _record(application: Application, form: OutcomeForm) -> str:
    """Do what was chosen; returns the sentence that says so."""
    actor, outcome = current_actor(), Outcome(form.outcome.data)
    if outcome is Outcome.PASSED:
        service.pass_on(actor, application, form.seen)
    elif outcome is Outcome.RETURNED:
        said = {"reason": form.comment.data or "", "due_on": form.due_on.data, "sections": form.sections()}
        service.send_back(actor, application, form.seen, **said)
    else:
        reason = {"reason_ja": form.reason_ja.data or "", "reason_en": form.reason_en.data or ""}
        service.find_inadmissible(actor, application, form.seen, rules=form.rules.data or [], **reason)
    return _("%(reference)s: %(outcome)s", reference=application.reference, outcome=outcome.label)


def _onward(application: Application) -> str:
    """The next plan nobody else works on, or the queue when none is left."""
    filters = filters_given()
    after = queue_queries.neighbours(current_actor(), application, filters).free
    if after is None:
        return url_for(".index", **filters.arguments())
    return url_for(".show", application_id=after, **filters.arguments())


def _use(application: Application, form: OutcomeForm, place: str) -> Answer:
    """The page again with a kept reason put where it was asked for. Stores nothing."""
    chosen = request.form.get(f"pick_{place}", "")
    reason = next((one for one in reasons.listed(application.course.code) if one.public_id == chosen), None)
    if reason is not None:
        form.put(place, reason)
    return _render(application, form)


def _keep(application: Application, form: OutcomeForm, place: str) -> Answer:
    """Keep what stands at a place among the reasons; the page again with everything typed."""
    try:
        reasons.keep(
            current_actor(), form.kept_words(place), course=application.course.code, section=form.places()[place]
        )
    except Refused as refusal:
        form.form_errors.extend(refusal.problems)
        return _render(application, form, status=422)
    return _render(application, form, kept=True)


def _render(
    application: Application, form: OutcomeForm, *, status: int = 200, met: Met | None = None, **more: Any
) -> Answer:
    actor, filters = current_actor(), filters_given()
    known = as_known(application)
    found = page.of(actor, application, filters, known)
    if request.method == "GET" or met is not None:  # otherwise the form still says what its writer saw
        form.saw(application.version, found.holder.mark if found.holder is not None else "")
    money = budget_facts.of(known)
    answer = render_template(
        "checking/show.html",
        application=application,
        theme=known.theme,
        form=form,
        page=found,
        met=met,
        taken=[(plan, holder) for plan, holder in claims.taken_from(actor) if plan is not application],
        filters=filters,
        here=filters.arguments(),
        contents=contents.of(known, with_contacts=plans.sees_contacts(actor)),
        money=budget.stored_box(known, money),
        sections=SECTION_LABELS,
        states=APPLICATION.states,
        round_title=round_title,
        outcome_tones=OUTCOME_TONES,
        **more,
    )
    return answer if status == 200 else (answer, status)


@bp.post("/<string:application_id>/here")
@permission_required("application:check")
def here(application_id: str) -> Response:
    """A sign of life of an open page; says who took the plan over, if somebody did."""
    actor, application = current_actor(), plan_for(application_id)
    if application.state is plans.S.SUBMITTED:
        claims.be_there(actor, application)
    holder = claims.others(actor, application)
    told = holder is not None and holder.took_it_from_reader
    text = (
        _("%(who)s took this plan over on %(when)s.", who=holder.name, when=exact_moment(holder.since))
        if holder
        else ""
    )
    return jsonify(text=text if told else "")


@bp.post("/<string:application_id>/take-over")
@permission_required("application:check")
def take_over(application_id: str) -> Answer:
    application = plan_for(application_id)
    claims.take_over(current_actor(), application)
    return redirect(url_for(".show", application_id=application.public_id, **filters_given().arguments()))


@bp.route("/<string:application_id>/lift", methods=["GET", "POST"])
@permission_required("application:check")
def lift(application_id: str) -> Answer:
    """Take back the mark of a plan that was found inadmissible by mistake."""
    application = plan_for(application_id)
    mark = queries.mark_of(application)
    if mark is None:
        return redirect(url_for(".show", application_id=application.public_id))
    form = LiftForm()
    if not form.validate_on_submit():
        return render_form("checking/lift.html", form, application=application, mark=mark)
    service.lift(current_actor(), application, reason=form.comment.data or "")
    return done(_("The mark is taken back. Experts may read the plan."), ".show", application_id=application.public_id)

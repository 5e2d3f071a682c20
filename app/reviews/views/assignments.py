"""Who reads what, as JST arranges it: the rounds, one round, one plan and its readers."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.applications.models import Application
from app.calls import queries as calls
from app.calls.models import Call, round_title
from app.core import clock
from app.core.errors import GuardsFailed, NotFound, Refused
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, done, load, permission_required, render_form
from app.reviews import assigning_queries, assigning_service, conflicts, register_queries, standing
from app.reviews.assigning_forms import AddForm, DeclareForForm, SendForm, TakeBackForm
from app.reviews.assignment_workflow import REVIEW_ASSIGNMENT
from app.reviews.models import ReviewAssignment, Reviewer
from app.reviews.views.blueprint import bp
from app.reviews.vocabulary import AssignmentState

USUAL_TIME = timedelta(days=14)


def _call(call_id: str) -> Call:
    found = calls.call(current_actor(), call_id)
    if found is None:
        raise NotFound()
    return found


@bp.get("/assignment")
@permission_required("review:assign")
def assignment_rounds() -> Answer:
    """Rounds whose plans are under review."""
    return render_template("reviews/assignment_rounds.html", rounds=assigning_queries.rounds(), round_title=round_title)


@bp.get("/rounds/<string:call_id>/assignment")
@permission_required("review:assign")
def assignment(call_id: str) -> Answer:
    """One round: the numbers, the last proposal, every plan with its readers."""
    call = _call(call_id)
    return render_template(
        "reviews/assignment.html",
        call=call,
        round=standing.of_round(call),
        form=ConfirmForm(),
        states=REVIEW_ASSIGNMENT.states,
    )


@bp.post("/rounds/<string:call_id>/assignment/propose")
@permission_required("review:assign")
def propose(call_id: str) -> Answer:
    """Fill the empty places, or begin the proposal again."""
    return _propose(call_id, afresh=False)


@bp.post("/rounds/<string:call_id>/assignment/propose-afresh")
@permission_required("review:assign")
def propose_afresh(call_id: str) -> Answer:
    """Drop what is proposed and not sent, and propose anew."""
    return _propose(call_id, afresh=True)


def _propose(call_id: str, *, afresh: bool) -> Answer:
    call, form = _call(call_id), ConfirmForm()
    page = url_for(".assignment", call_id=call.public_id)
    if not form.validate_on_submit():
        return redirect(page)
    key = form.key.data or ""

    def make() -> str:
        assigning_service.propose(current_actor(), call, afresh=afresh, key=key)
        return page

    try:
        return redirect(once(key, current_actor().id, make))
    except GuardsFailed as refusal:
        flash(" ".join(map(str, refusal.problems)), "notice")
        return redirect(page)


@bp.route("/rounds/<string:call_id>/assignment/send", methods=["GET", "POST"])
@permission_required("review:assign")
def send_assignments(call_id: str) -> Answer:
    """Who is asked for how many plans, until when; then the mails go out."""
    call = _call(call_id)
    form = SendForm(data={"due_on": _usual_due_day(call)})
    page = {"call": call, "experts": standing.to_be_asked(call)}
    if not form.validate_on_submit():
        return render_form("reviews/send.html", form, **page)
    key = form.key.data or ""

    def make() -> str:
        sent = assigning_service.send(current_actor(), call, due_on=form.due_on.data, key=key)
        flash(_sent(sent), "success")
        return url_for(".assignment", call_id=call.public_id)

    try:
        return redirect(once(key, current_actor().id, make))
    except (GuardsFailed, Refused) as refusal:
        blame(form, refusal)
        return render_form("reviews/send.html", form, **page)


def _sent(sent: assigning_service.Sent) -> str:
    if sent.job is not None:
        return _("The mails are being written. This page says how far they are.")
    return ngettext(
        "The expert is asked for %(num)s review.", "The experts are asked for %(num)s reviews.", sent.readings
    )


def _usual_due_day(call: Call) -> Any:
    """The last day on which a score counts, where the round says so."""
    plan = assigning_queries.review_plan(call)
    if plan is None:
        return clock.today() + USUAL_TIME
    return clock.in_tokyo(plan.scoring_until - timedelta(seconds=1)).date()


def _plan(call_id: str, application_id: str) -> Application:
    """A plan of the round that JST knows. Raises: NotFound for others."""
    found: Application = load(Application, application_id, "application:review")
    if found.call.public_id != call_id:
        raise NotFound()
    return found


def _readers_page(application: Application, form: AddForm, declaring: DeclareForForm, status: int = 200) -> Answer:
    candidates = standing.candidates(application)
    declaring.reviewer.choices = [("", ""), *((row.public_id, row.name) for row in standing.undeclared(application))]
    page = render_template(
        "reviews/readers.html",
        application=application,
        call=application.call,
        readers=assigning_queries.of_plan(application),
        conflicts=assigning_queries.conflicts_of(application),
        candidates=candidates,
        wanted=assigning_queries.per_plan(application.call),
        states=REVIEW_ASSIGNMENT.states,
        why=standing.reason_of,
        form=form,
        declaring=declaring,
    )
    return page, status


@bp.route("/rounds/<string:call_id>/plans/<string:application_id>/readers", methods=["GET", "POST"])
@permission_required("review:assign")
def readers(call_id: str, application_id: str) -> Answer:
    """One plan: who reads it, who may not, who could; one more reader is proposed here."""
    application = _plan(call_id, application_id)
    form = AddForm()
    if not form.validate_on_submit():
        return _readers_page(application, form, DeclareForForm(formdata=None), 422 if form.is_submitted() else 200)
    try:
        chosen = load(Reviewer, form.reviewer.data, "reviewer:view", *register_queries.FOR_PAGE)
        assigning_service.add(current_actor(), application, chosen)
    except Refused as refusal:
        blame(form, refusal)
        return _readers_page(application, form, DeclareForForm(formdata=None), 422)
    return done(
        _("%(name)s is proposed. The mail goes out when you send the proposals of the round.", name=chosen.name),
        ".readers",
        call_id=call_id,
        application_id=application_id,
    )


@bp.post("/rounds/<string:call_id>/plans/<string:application_id>/conflicts")
@permission_required("review:assign")
def declare_for(call_id: str, application_id: str) -> Answer:
    """JST declares a conflict of an expert with this plan."""
    application = _plan(call_id, application_id)
    form = DeclareForForm()
    if not form.validate_on_submit():
        return _readers_page(application, AddForm(formdata=None), form, 422)
    try:
        chosen = load(Reviewer, form.reviewer.data, "reviewer:view")
        conflicts.declare_for(current_actor(), chosen, application, note=form.note.data or "")
    except Refused as refusal:
        blame(form, refusal)
        return _readers_page(application, AddForm(formdata=None), form, 422)
    return done(
        _("The conflict is on record. The plan no longer exists for %(name)s.", name=chosen.name),
        ".readers",
        call_id=call_id,
        application_id=application_id,
    )


@bp.post("/assignments/<string:assignment_id>/drop")
@permission_required("review:assign")
def drop_assignment(assignment_id: str) -> Answer:
    """Take a proposal off again; nobody was told."""
    found: ReviewAssignment = load(ReviewAssignment, assignment_id, "review:assign")
    where: dict[str, Any] = {"call_id": found.call.public_id, "application_id": found.application.public_id}
    if ConfirmForm().validate_on_submit():
        assigning_service.drop(current_actor(), found)
        return done(_("The proposal is taken off."), ".readers", **where)
    return redirect(url_for(".readers", **where))


@bp.route("/assignments/<string:assignment_id>/take-back", methods=["GET", "POST"])
@permission_required("review:assign")
def take_back(assignment_id: str) -> Answer:
    """Take a plan back from an expert who was asked or is reading."""
    found: ReviewAssignment = load(ReviewAssignment, assignment_id, "review:assign", *assigning_queries.FOR_ANSWER)
    where: dict[str, Any] = {"call_id": found.call.public_id, "application_id": found.application.public_id}
    if found.state not in (AssignmentState.SENT, AssignmentState.ACCEPTED):
        return redirect(url_for(".readers", **where))
    form = TakeBackForm()
    if not form.validate_on_submit():
        return render_form("reviews/take_back.html", form, assignment=found, where=where)
    assigning_service.take_back(current_actor(), found, form.reason.data or "")
    return done(_("The plan is taken back; the expert has been told."), ".readers", **where)

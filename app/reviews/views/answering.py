"""What experts answer: whether they read a plan, and conflicts of interest, then or later.

Before the answer every list shows the plan's title alone. The page that asks for conflicts names host and partners too,
because nobody can declare a conflict with institutions unnamed; nothing else is seen.
"""

from flask import current_app, redirect, render_template, url_for
from flask_babel import gettext as _

from app.core.errors import NotFound, Refused
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, done, load, may, permission_required, render_form
from app.reviews import assigning_queries, assigning_service, conflicts
from app.reviews.assigning_forms import AnswerForm, DeclareForm
from app.reviews.models import ReviewAssignment
from app.reviews.views.blueprint import bp
from app.reviews.vocabulary import AssignmentState

DESK = "reviews.mine"  # where an expert finds what is being read


@bp.get("/requests")
@permission_required("review:write")
def requests() -> Answer:
    """The plans an expert has been asked to read and has not answered yet."""
    desk = url_for(DESK) if DESK in current_app.view_functions else None
    return render_template("reviews/requests.html", asked=assigning_queries.asked(current_actor()), desk=desk)


def _load(assignment_id: str, permission: str) -> ReviewAssignment:
    found: ReviewAssignment = load(ReviewAssignment, assignment_id, permission, *assigning_queries.FOR_ANSWER)
    return found


@bp.route("/assignments/<string:assignment_id>/answer", methods=["GET", "POST"])
@permission_required("review:write")
def answer(assignment_id: str) -> Answer:
    """Title, host, partners; then: read it, a conflict, or no."""
    found = _load(assignment_id, "review:write")
    if found.state is not AssignmentState.SENT:
        return redirect(url_for(".requests"))
    form = AnswerForm()
    if not form.validate_on_submit():
        return render_form("reviews/answer.html", form, assignment=found)

    def make() -> str:
        _take(form, found)
        return _next()

    try:
        return redirect(once(form.key.data or "", current_actor().id, make))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("reviews/answer.html", form, assignment=found)


def _take(form: AnswerForm, found: ReviewAssignment) -> None:
    """Do what was answered. Raises: Refused where a reason is missing."""
    note = (form.note.data or "").strip()
    if form.answer.data == "accept":
        assigning_service.accept(current_actor(), found)
    elif not note:
        raise Refused({"note": [_("Say in a few words why you do not read this plan.")]})
    elif form.answer.data == "conflict":
        conflicts.declare_own(current_actor(), found, note=note)
    else:
        assigning_service.decline(current_actor(), found, note)


def _next() -> str:
    """The next plan that waits for an answer, or the list, which then says that none is left."""
    waiting = assigning_queries.asked(current_actor())
    return url_for(".answer", assignment_id=waiting[0].public_id) if waiting else url_for(".requests")


@bp.route("/assignments/<string:assignment_id>/conflict", methods=["GET", "POST"])
@permission_required("conflict:declare")
def declare_conflict(assignment_id: str) -> Answer:
    """A conflict that comes to mind later: the plan is out of sight at once."""
    found = _load(assignment_id, "conflict:declare")
    if found.state is AssignmentState.PROPOSED:
        raise NotFound()
    form = DeclareForm()
    if not form.validate_on_submit():
        return render_form("reviews/declare.html", form, assignment=found)
    try:
        conflicts.declare_own(current_actor(), found, note=form.note.data or "")
    except Refused as refusal:
        blame(form, refusal)
        return render_form("reviews/declare.html", form, assignment=found)
    onward = ".requests" if may("review:write") else ".assignment_rounds"
    return done(_("Thank you. The plan is closed to you now, and JST has been told."), onward)


@bp.route("/assignments/<string:assignment_id>/give-back", methods=["GET", "POST"])
@permission_required("review:write")
def give_back(assignment_id: str) -> Answer:
    """An expert who began to read finds no time after all."""
    found = _load(assignment_id, "review:write")
    if found.state is not AssignmentState.ACCEPTED:
        return redirect(url_for(".requests"))
    form = DeclareForm()
    form.note.label.text = _("Why you give the plan back")
    if not form.validate_on_submit():
        return render_form("reviews/give_back.html", form, assignment=found)
    assigning_service.decline(current_actor(), found, form.note.data or "")
    return done(_("The plan is given back, and JST has been told."), ".requests")

"""The register of experts: list, one expert, entering and changing, inviting, and what experts say of themselves."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.applications.vocabulary import FIELD_LABELS, FieldOfScience
from app.calls.models import round_title
from app.core import audit, conflict
from app.core.errors import GuardsFailed, NotFound, Refused, Stale
from app.core.forms import CommentForm, ConfirmForm
from app.core.i18n import language
from app.core.idempotency import once
from app.core.lists import page as lists
from app.core.lists.views import take
from app.core.outbox import mails_of
from app.core.web import (
    Answer,
    blame,
    current_actor,
    done,
    load,
    may,
    permission_required,
    render_form,
    step_up_required,
)
from app.reviews import register_queries, register_service
from app.reviews.lists import EXPERTS
from app.reviews.models import Reviewer
from app.reviews.register_forms import OwnForm, ReviewerForm, of_entry
from app.reviews.register_workflow import REVIEWER
from app.reviews.views.blueprint import bp
from app.reviews.vocabulary import ASSIGNMENT_LABELS


@bp.get("/reviewers")
@permission_required("reviewer:view")
def register() -> Answer:
    return lists.answer(EXPERTS, "reviews/register.html", _beside)


def _beside(page: lists.ListPage) -> dict[str, Any]:
    return {
        "fields": register_queries.fields_of([row.id for row in page.rows]),
        "field_labels": {field.value: label for field, label in FIELD_LABELS.items()},
        "states": REVIEWER.states,
    }


@bp.route("/reviewers/export", methods=["GET", "POST"])
@permission_required("reviewer:edit")
@step_up_required
def export_register() -> Any:
    """The filtered register as a file, after the password was proved anew, with a reason that stays on record."""
    return take(EXPERTS)


@bp.route("/reviewers/new", methods=["GET", "POST"])
@permission_required("reviewer:edit")
def new_reviewer() -> Answer:
    form = ReviewerForm(data={"languages": ["ja", "en"], "capacity": 15, "locale": language()})
    if not form.validate_on_submit():
        return render_form("reviews/reviewer_form.html", form)

    def make() -> str:
        made = register_service.create(current_actor(), **form.values())
        flash(_("The expert is in the register. Conflicts with the open plans were looked for."), "success")
        return url_for(".reviewer", reviewer_id=made.public_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, make))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("reviews/reviewer_form.html", form)


def _load(reviewer_id: str, permission: str) -> Reviewer:
    found: Reviewer = load(Reviewer, reviewer_id, permission, *register_queries.FOR_PAGE)
    return found


@bp.get("/reviewers/<string:reviewer_id>")
@permission_required("reviewer:view")
def reviewer(reviewer_id: str) -> Answer:
    actor, found = current_actor(), _load(reviewer_id, "reviewer:view")
    return render_template(
        "reviews/reviewer.html",
        reviewer=found,
        fields=[FieldOfScience(row.field_of_science).label for row in found.fields],
        state=REVIEWER.states[found.state],
        offers=REVIEWER.offers(found, actor),
        address=lambda verb: url_for(".move_reviewer", reviewer_id=found.public_id, verb=verb),
        rounds=register_queries.rounds_of(found),
        round_title=round_title,
        absences=[row.call.title for row in found.absences],
        conflicts=register_queries.conflicts_of(actor, found),
        assignment_labels=ASSIGNMENT_LABELS,
        mails=mails_of(found)[:20] if may("reviewer:edit") else [],
        history=audit.timeline(found, limit=20) if may("reviewer:edit") else [],
        form=ConfirmForm(),
    )


@bp.route("/reviewers/<string:reviewer_id>/edit", methods=["GET", "POST"])
@permission_required("reviewer:edit")
def edit_reviewer(reviewer_id: str) -> Answer:
    found = _load(reviewer_id, "reviewer:edit")
    form = ReviewerForm(obj=found, data=of_entry(found))
    if not form.validate_on_submit():
        return render_form("reviews/reviewer_form.html", form, reviewer=found)
    try:
        with conflict.noticed():
            register_service.update(current_actor(), found, version=form.read_version(), **form.values())
    except Refused as refusal:
        blame(form, refusal)
        return render_form("reviews/reviewer_form.html", form, reviewer=found)
    except Stale:
        found = _load(reviewer_id, "reviewer:edit")
        stored = {name: getattr(found, name, None) for name in form._fields} | of_entry(found)
        theirs = conflict.differences(form, stored, found.version)
        page = render_template("reviews/reviewer_form.html", form=form, reviewer=found, theirs=theirs, stale=True)
        return page, Stale.status
    return done(_("The entry is saved."), ".reviewer", reviewer_id=reviewer_id)


@bp.post("/reviewers/<string:reviewer_id>/invite")
@permission_required("reviewer:edit")
def invite_reviewer(reviewer_id: str) -> Answer:
    """An invitation by mail, or one more."""
    found, form = _load(reviewer_id, "reviewer:edit"), ConfirmForm()
    if not form.validate_on_submit():
        return redirect(url_for(".reviewer", reviewer_id=reviewer_id))

    def make() -> str:
        register_service.invite(current_actor(), found)
        flash(_("The invitation is on its way. It is good for 48 hours."), "success")
        return url_for(".reviewer", reviewer_id=reviewer_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, make))
    except Refused as refusal:
        flash(" ".join(map(str, refusal.problems)), "notice")
        return redirect(url_for(".reviewer", reviewer_id=reviewer_id))


@bp.route("/reviewers/<string:reviewer_id>/<string:verb>", methods=["GET", "POST"])
@permission_required("reviewer:edit")
def move_reviewer(reviewer_id: str, verb: str) -> Answer:
    """Rest, resume, end the term, take back: one page each."""
    found = _load(reviewer_id, "reviewer:edit")
    if verb not in REVIEWER or REVIEWER[verb].hidden:
        raise NotFound()
    form, page = CommentForm(), {"reviewer": found, "verb": REVIEWER[verb]}
    if not form.validate_on_submit():
        return render_form("reviews/move_reviewer.html", form, **page)
    try:
        register_service.transition(current_actor(), found, verb, form.comment.data or "")
    except GuardsFailed as refusal:
        blame(form, refusal)
        return render_form("reviews/move_reviewer.html", form, **page)
    return done(str(REVIEWER[verb].done), ".reviewer", reviewer_id=reviewer_id)


@bp.route("/my-entry", methods=["GET", "POST"])
@permission_required("reviewer:edit-own")
def my_entry() -> Answer:
    """Experts say what they judge, how much, and for which rounds they have no time."""
    own = register_queries.own(current_actor())
    if own is None:
        raise NotFound()
    offered = register_queries.coming_rounds()
    absent = [row.call.public_id for row in own.absences]
    form = OwnForm(data={**of_entry(own), "absent": absent})
    form.absent.choices = [(call.public_id, call.title) for call in offered]
    page = {"reviewer": own}
    if not form.validate_on_submit():
        return render_form("reviews/my_entry.html", form, **page)
    try:
        register_service.say_of_oneself(
            current_actor(),
            own,
            version=form.read_version(),
            absent=[call for call in offered if call.public_id in (form.absent.data or ())],
            offered=offered,
            **form.reading(),
        )
    except Refused as refusal:
        blame(form, refusal)
        return render_form("reviews/my_entry.html", form, **page)
    except Stale:
        theirs = conflict.differences(form, {**of_entry(own), "absent": absent}, own.version)
        return render_template("reviews/my_entry.html", form=form, theirs=theirs, stale=True, **page), Stale.status
    return done(_("Thank you. What you said is saved."), ".my_entry")

"""The discussion of a plan: for its experts, by number; for JST, with every review by name."""

from collections.abc import Callable
from typing import Any

from flask import flash, url_for
from flask_babel import gettext as _

from app.applications.models import Application
from app.core.errors import NotFound
from app.core.idempotency import once
from app.core.web import Answer, current_actor, load, permission_required, redirect, render_form
from app.reviews import discussion, reading, scoring_queries
from app.reviews.assignment_workflow import REVIEW_ASSIGNMENT
from app.reviews.scoring_forms import PostForm
from app.reviews.views.blueprint import bp
from app.reviews.views.desk import reading_for
from app.reviews.views.unsaved import shows_what_was_typed


@bp.route("/mine/<string:assignment_id>/discussion", methods=["GET", "POST"])
@permission_required("review:view-own")
@shows_what_was_typed(lambda _here: PostForm())
def discuss(assignment_id: str) -> Answer:
    """The other experts' marks and what was said, once the own review is in; POST adds a contribution."""
    actor, assignment = current_actor(), reading_for(assignment_id, "review:view-own")
    form = PostForm()
    talk = discussion.for_expert(actor, assignment)
    page = {"assignment": assignment, "application": assignment.application, "talk": talk}
    here = url_for(".discuss", assignment_id=assignment_id)
    if not form.validate_on_submit():
        return render_form("reviews/discussion.html", form, **page)
    return _said(form, here, lambda: discussion.post(actor, assignment, text=form.text.data or ""))


def _said(form: PostForm, here: str, post: Callable[[], Any]) -> Answer:
    def make() -> str:
        post()
        flash(_("Your contribution is sent."), "success")
        return here

    return redirect(once(form.key.data or "", current_actor().id, make))


@bp.route("/plans/<string:application_id>", methods=["GET", "POST"])
@permission_required("review:view")
@shows_what_was_typed(lambda _here: PostForm())
def plan_reviews(application_id: str) -> Answer:
    """Every review of a plan that was handed in, by name, those set aside apart; and the discussion."""
    actor = current_actor()
    application: Application = load(Application, application_id, "application:view", *scoring_queries.FOR_REVIEWS)
    if not reading.is_readable(application):
        raise NotFound()
    form = PostForm()
    page = {
        "application": application,
        "talk": discussion.for_staff(actor, application),
        "aside": discussion.set_aside(actor, application),
        "assignments": scoring_queries.assignments_of(application.id),
        "states": REVIEW_ASSIGNMENT.states,
    }
    here = url_for(".plan_reviews", application_id=application_id)
    if not form.validate_on_submit():
        return render_form("reviews/plan_reviews.html", form, **page)
    return _said(form, here, lambda: discussion.post_as_jst(actor, application, text=form.text.data or ""))

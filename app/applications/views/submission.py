"""Submitting in two steps, and the receipt."""

from flask import redirect, render_template, url_for

from app.accounts import queries as accounts
from app.applications import document, panel, receipts, sign_off, sign_off_queries, submission
from app.applications.models import Application, ApplicationState
from app.applications.sign_off_forms import SeenForm
from app.applications.views import budget
from app.applications.views.blueprint import bp
from app.applications.views.shared import SECTIONS, application_for, as_known, contents, time_left
from app.core.errors import GuardsFailed, NotFound, TransitionNotAllowed
from app.core.idempotency import once
from app.core.web import Answer, current_actor, permission_required


@bp.route("/<string:application_id>/submit", methods=["GET", "POST"])
@permission_required("application:submit")
def submit(application_id: str) -> Answer:
    """First everything to be read once more with what is in the way; then, by POST, the submission itself.

    A second click, and a POST for a plan already received, lead to the same receipt.
    """
    application = application_for(application_id, "application:submit")
    form = SeenForm()
    if not form.validate_on_submit():
        return _check(application, form, 422 if form.is_submitted() else 200)

    def send() -> str:
        if not submission.is_received(application):
            submission.submit(current_actor(), application, seen=form.content.data)
        return url_for(".receipt", application_id=application.public_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, send))
    except GuardsFailed:
        return _check(application, form, GuardsFailed.status)
    except sign_off.ReadsOtherwise:
        return _check(application, form, sign_off.ReadsOtherwise.status)


def _check(application: Application, form: SeenForm, status: int) -> tuple[str, int]:
    if application.state not in (ApplicationState.DRAFT, ApplicationState.RETURNED):
        raise TransitionNotAllowed()
    standing = sign_off_queries.standing(application)
    form.content.data = standing.digest
    page = render_template(
        "applications/submit.html",
        application=application,
        form=form,
        sections=SECTIONS,
        panel=panel.of(application),
        problems=submission.problems(application),
        place_of=panel.place_of,
        contents=contents(application),
        time_left=time_left(application),
        money=budget.stored_box(application),
        standing=standing,
        refused=status == GuardsFailed.status,
        reads_otherwise=status == sign_off.ReadsOtherwise.status,
    )
    return page, status


@bp.get("/<string:application_id>/receipt")
@permission_required("application:view")
def receipt(application_id: str) -> Answer:
    application = as_known(application_for(application_id, "application:view"))
    if application.submitted_at is None:
        raise NotFound()
    return render_template(
        "applications/receipt.html",
        application=application,
        call_name=document.call_name(application),
        submitted_by=name_of_submitter(application),
        signed_off_by=name_of_signer(application),
        receipts=receipts.of(application),
    )


def name_of_submitter(application: Application) -> str:
    """Who submitted the plan; "" where that is not known."""
    return accounts.person(application.submitted_by_id).name if application.submitted_by_id is not None else ""


def name_of_signer(application: Application) -> str:
    """Who signed off the plan as it was submitted; "" for submissions before sign-offs were kept."""
    used = sign_off_queries.of_submission(application, application.submitted_at)
    return used.answered_by.name if used is not None and used.answered_by is not None else ""

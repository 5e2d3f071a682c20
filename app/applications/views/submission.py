"""Submitting in two steps, and the receipt."""

from flask import redirect, render_template, url_for

from app.accounts import queries as accounts
from app.applications import document, panel, receipts, submission
from app.applications.models import Application, ApplicationState
from app.applications.views import budget
from app.applications.views.blueprint import bp
from app.applications.views.shared import SECTIONS, application_for, as_known, contents, time_left
from app.core.errors import GuardsFailed, NotFound, TransitionNotAllowed
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, current_actor, permission_required


@bp.route("/<string:application_id>/submit", methods=["GET", "POST"])
@permission_required("application:submit")
def submit(application_id: str) -> Answer:
    """First everything to be read once more with what is in the way; then, by POST, the submission itself.

    A second click, and a POST for a plan already received, lead to the same receipt.
    """
    application = application_for(application_id, "application:submit")
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _check(application, form, 422 if form.is_submitted() else 200)

    def send() -> str:
        if not submission.is_received(application):
            submission.submit(current_actor(), application)
        return url_for(".receipt", application_id=application.public_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, send))
    except GuardsFailed:
        return _check(application, form, 422)


def _check(application: Application, form: ConfirmForm, status: int) -> tuple[str, int]:
    if application.state not in (ApplicationState.DRAFT, ApplicationState.RETURNED):
        raise TransitionNotAllowed()
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
        refused=status != 200,
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
        receipts=receipts.of(application),
    )


def name_of_submitter(application: Application) -> str:
    """Who submitted the plan; "" where that is not known."""
    return accounts.person(application.submitted_by_id).name if application.submitted_by_id is not None else ""

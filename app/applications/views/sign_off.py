"""The sign-off inside a host institution: the editor's request, the approver's page, the way back."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.applications import comment_queries, panel, plan_service, sign_off_queries, sign_off_review
from app.applications import sign_off as service
from app.applications.models import Application
from app.applications.sign_off_forms import AskForm, SeenForm, SendBackForm
from app.applications.views import budget
from app.applications.views.blueprint import bp
from app.applications.views.shared import SECTIONS, application_for, contents, time_left
from app.core.errors import GuardsFailed, Refused, TransitionNotAllowed
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, done, permission_required, render_form


def _open(application_id: str, permission: str) -> Application:
    """The plan, if it can be signed off now. Raises: NotFound; TransitionNotAllowed."""
    application = application_for(application_id, permission)
    closed = plan_service.why_closed(application)
    if closed is not None:
        raise TransitionNotAllowed(closed)
    return application


@bp.route("/<string:application_id>/sign-off/request", methods=["GET", "POST"])
@permission_required("application:request-sign-off")
def request_sign_off(application_id: str) -> Answer:
    """The editor says that the plan is ready; the page also shows a request that waits."""
    application, form = _open(application_id, "application:request-sign-off"), AskForm()
    if not form.validate_on_submit():
        return _request_page(application, form)

    def ask() -> str:
        service.request(current_actor(), application, note=form.note.data or "")
        flash(_("The approvers have been asked to sign off the plan."), "success")
        return url_for(".show", application_id=application.public_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, ask))
    except GuardsFailed:
        return _request_page(application, form)


def _request_page(application: Application, form: AskForm) -> Answer:
    return render_form(
        "applications/sign_off_request.html",
        form,
        application=application,
        standing=sign_off_queries.standing(application),
        problems=service.obstacles(application),
        place_of=panel.place_of,
        approvers=service.approvers_of(application),
        time_left=time_left(application),
        open_comments=sum(comment_queries.count_open(application).values()),
    )


@bp.post("/<string:application_id>/sign-off/take-back")
@permission_required("application:request-sign-off")
def take_back_sign_off(application_id: str) -> Answer:
    application = _open(application_id, "application:request-sign-off")
    if not ConfirmForm().validate_on_submit():
        return _request_page(application, AskForm())
    service.take_back(current_actor(), application)
    return done(_("The request is taken back."), ".show", application_id=application.public_id)


@bp.route("/<string:application_id>/sign-off", methods=["GET", "POST"])
@permission_required("application:sign-off")
def sign_off(application_id: str) -> Answer:
    """Everything an approver needs to decide; by POST the sign-off, which may lead on to the submission."""
    application, form = _open(application_id, "application:sign-off"), SeenForm()
    if not form.validate_on_submit():
        return _review(application, form, 422 if form.is_submitted() else 200)

    def sign() -> str:
        service.sign(current_actor(), application, seen=form.content.data)
        flash(_("The plan is signed off."), "success")
        following = ".submit" if request.form.get("do") == "submit" else ".show"
        return url_for(following, application_id=application.public_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, sign))
    except GuardsFailed:
        return _review(application, form, GuardsFailed.status)
    except service.ReadsOtherwise:
        return _review(application, form, service.ReadsOtherwise.status)


def _review(application: Application, form: SeenForm, status: int) -> tuple[str, int]:
    standing = sign_off_queries.standing(application)
    form.content.data = standing.digest
    page = render_template(
        "applications/sign_off.html",
        application=application,
        form=form,
        standing=standing,
        sections=SECTIONS,
        panel=panel.of(application),
        problems=service.obstacles(application),
        place_of=panel.place_of,
        comparisons=sign_off_review.comparisons(application, standing),
        threads=[thread for thread in comment_queries.threads(application) if thread.is_open],
        contents=contents(application),
        time_left=time_left(application),
        money=budget.stored_box(application),
        reads_otherwise=status == service.ReadsOtherwise.status,
    )
    return page, status


@bp.route("/<string:application_id>/sign-off/send-back", methods=["GET", "POST"])
@permission_required("application:sign-off")
def send_back_plan(application_id: str) -> Answer:
    """Instead of signing: back to the editor, with a reason."""
    application, form = _open(application_id, "application:sign-off"), SendBackForm()
    page = {"application": application, "standing": sign_off_queries.standing(application)}
    if not form.validate_on_submit():
        return render_form("applications/sign_off_send_back.html", form, **page)

    def send() -> str:
        service.send_back(current_actor(), application, reason=form.comment.data or "")
        flash(_("The plan is sent back; the editor has been told."), "success")
        return url_for(".show", application_id=application.public_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, send))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("applications/sign_off_send_back.html", form, **page)

"""The files of a plan: a page of their own for the host, and the download for everybody who may read them."""

from flask import Response, redirect, url_for
from flask_babel import gettext as _

from app.applications import comment_queries, file_keeping, file_queries, file_scanning, file_service, plan_service
from app.applications.file_forms import ACCEPT, PlanFileForm
from app.applications.file_model import SCAN_TONES, PlanFile
from app.applications.models import Application
from app.applications.views.blueprint import bp
from app.applications.views.shared import SECTIONS, application_for
from app.core import downloads
from app.core.errors import NotFound, Refused, TransitionNotAllowed
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, done, load, may, permission_required, render_form

PATH = "/<string:application_id>/files"
PERMISSION = "application:edit"
DOWNLOAD = "attachment:view"


@bp.route(PATH, methods=["GET", "POST"])
@permission_required(PERMISSION)
def files(application_id: str) -> Answer:
    """What is attached, with what stands in its way; and the form for one more."""
    application = application_for(application_id, PERMISSION)
    form = PlanFileForm()
    if form.validate_on_submit():
        _require_open(application)

        def add() -> str:
            file_service.add(current_actor(), application, form.upload())
            return url_for(".files", application_id=application.public_id)

        try:
            return redirect(once(form.key.data or "", current_actor().id, add))
        except Refused as refusal:
            blame(form, refusal)
    closed = plan_service.why_closed(application)
    return render_form(
        "applications/files.html",
        form,
        application=application,
        closed=closed,
        may_edit=closed is None,
        sections=SECTIONS,
        attached=application.files,
        removed=file_queries.removed(application),
        room=file_keeping.MOST_FILES - len(application.files),
        open_comments=sum(comment_queries.count_open(application).values()),
        may_read_mails=may("mail:view", application),
        **_words(),
    )


@bp.route(f"{PATH}/<string:file_id>/replace", methods=["GET", "POST"])
@permission_required(PERMISSION)
def replace_file(application_id: str, file_id: str) -> Answer:
    application = _open_plan(application_id)
    old = file_service.file_of(application, file_id)
    form = PlanFileForm(data={"kind": old.kind, "note": old.note})
    if form.validate_on_submit():

        def replace() -> str:
            file_service.replace(current_actor(), application, file_id, form.upload())
            return url_for(".files", application_id=application.public_id)

        try:
            return redirect(once(form.key.data or "", current_actor().id, replace))
        except Refused as refusal:
            blame(form, refusal)
    return render_form("applications/file_replace.html", form, application=application, old=old, **_words())


@bp.route(f"{PATH}/<string:file_id>/remove", methods=["GET", "POST"])
@permission_required(PERMISSION)
def remove_file(application_id: str, file_id: str) -> Answer:
    application = _open_plan(application_id)
    file = file_service.file_of(application, file_id)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_form("applications/file_remove.html", form, application=application, file=file)
    file_service.remove(current_actor(), application, file_id)
    return done(_("The file is taken out of the plan."), ".files", application_id=application.public_id)


@bp.get(f"{PATH}/<string:file_id>")
@permission_required(DOWNLOAD)
def plan_file(application_id: str, file_id: str) -> Response:
    """The bytes of a clean file: to the host of the plan as it stands, to JST as it was submitted last."""
    application: Application = load(Application, application_id, DOWNLOAD)
    file: PlanFile = load(PlanFile, file_id, DOWNLOAD)
    if file.application_id != application.id:
        raise NotFound()
    return downloads.of(file.stored)


def _words() -> dict[str, object]:
    return {"accept": ACCEPT, "tones": SCAN_TONES, "why_not_clean": file_scanning.why_not_clean}


def _open_plan(application_id: str) -> Application:
    application = application_for(application_id, PERMISSION)
    _require_open(application)
    return application


def _require_open(application: Application) -> None:
    closed = plan_service.why_closed(application)
    if closed is not None:
        raise TransitionNotAllowed(closed)

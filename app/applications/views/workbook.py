"""The plan as a workbook: out, and back in by way of a page that shows what would change."""

from io import BytesIO

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from app.applications import panel, plan_service, queries, workbook_queries, workbook_service
from app.applications.models import Application
from app.applications.views.blueprint import bp
from app.applications.views.shared import SECTIONS, application_for, as_known
from app.applications.workbook.layout import label_of
from app.applications.workbook_forms import SaveWorkbookForm, WorkbookForm
from app.core.errors import GuardsFailed, NotFound, Refused, Stale, TransitionNotAllowed
from app.core.file_formats import Format
from app.core.idempotency import once
from app.core.storage import StoredFile
from app.core.web import Answer, blame, current_actor, permission_required, render_form


@bp.get("/<string:application_id>/plan.xlsx")
@permission_required("application:view")
def workbook(application_id: str) -> Response:
    application = as_known(application_for(application_id, "application:view"))
    content = workbook_service.export(application, with_contacts=queries.sees_contacts(current_actor()))
    name = f"{application.reference or 'draft'}-plan.xlsx"
    return send_file(BytesIO(content), Format.XLSX.value, as_attachment=True, download_name=name)


def _open_plan(application_id: str) -> Application:
    """The plan, while it can be edited. Raises: NotFound, TransitionNotAllowed."""
    application = application_for(application_id, "application:edit")
    closed = plan_service.why_closed(application)
    if closed is not None:
        raise TransitionNotAllowed(closed)
    return application


@bp.route("/<string:application_id>/workbook", methods=["GET", "POST"])
@permission_required("application:edit")
def upload_workbook(application_id: str) -> Answer:
    application = _open_plan(application_id)
    actor, form = current_actor(), WorkbookForm()
    if form.validate_on_submit():
        sent = form.file.data

        def take() -> str:
            stored = workbook_service.upload(actor, application, data=sent.stream.read(), filename=sent.filename or "")
            return _address(application, stored)

        try:
            return redirect(once(form.key.data or "", actor.id, take))
        except Refused as refusal:
            blame(form, refusal)
    return render_form(
        "applications/workbook_upload.html", form, application=application, days=workbook_service.KEPT_DAYS
    )


@bp.route("/<string:application_id>/workbook/<string:upload_id>", methods=["GET", "POST"])
@permission_required("application:edit")
def compare_workbook(application_id: str, upload_id: str) -> Answer:
    """What would change; then, by POST, the change itself. A second click leads to the same plan."""
    application = _open_plan(application_id)
    actor, form = current_actor(), SaveWorkbookForm()

    def save() -> str:
        stored = _stored(application, upload_id)
        sections = workbook_service.confirm(actor, application, stored, version=form.read_version())
        names = _(", ").join(str(SECTIONS[section]) for section in sections)
        flash(_("The workbook is saved in the plan: %(sections)s.", sections=names), "success")
        return url_for(".show", application_id=application.public_id)

    if request.method == "GET":
        return _page(application, _stored(application, upload_id))
    try:
        return redirect(once(form.key.data or "", actor.id, save))
    except Stale:
        return _page(application, _stored(application, upload_id), stale=True), Stale.status
    except GuardsFailed:
        return _page(application, _stored(application, upload_id)), GuardsFailed.status


@bp.post("/<string:application_id>/workbook/<string:upload_id>/discard")
@permission_required("application:edit")
def discard_workbook(application_id: str, upload_id: str) -> Answer:
    """Give up what was uploaded; a second click leads to the same plan."""
    application = application_for(application_id, "application:edit")
    actor, form = current_actor(), SaveWorkbookForm()

    def discard() -> str:
        workbook_service.discard(actor, application, _stored(application, upload_id))
        flash(_("The uploaded workbook is discarded. Nothing was changed in the plan."), "success")
        return url_for(".show", application_id=application.public_id)

    return redirect(once(form.key.data or "", actor.id, discard))


def _stored(application: Application, upload_id: str) -> StoredFile:
    stored = workbook_queries.workbook_of(application, upload_id)
    if stored is None:
        raise NotFound()
    return stored


def _address(application: Application, stored: StoredFile) -> str:
    return url_for(".compare_workbook", application_id=application.public_id, upload_id=stored.public_id)


def _page(application: Application, stored: StoredFile, *, stale: bool = False) -> str:
    """The differences with the plan as it stands now, and what the rules would say; the form takes over its version."""
    look = workbook_service.look(application, stored)
    return render_template(
        "applications/workbook_compare.html",
        application=application,
        stored=stored,
        look=look,
        panel=panel.of(look.plan) if look.plan is not None else None,
        sections=SECTIONS,
        label_of=label_of,
        form=SaveWorkbookForm(formdata=None, version=str(application.version)),
        stale=stale,
    )

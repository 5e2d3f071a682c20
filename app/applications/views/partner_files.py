"""The files of a partner's own part, behind its link: the own ones and nobody else's."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.applications import file_keeping, file_scanning, partner_files, partner_filling, partner_service
from app.applications.file_forms import ACCEPT, PlanFileForm
from app.applications.file_model import SCAN_TONES, PlanFile
from app.applications.partner_models import PartnerLink
from app.applications.views.partner import bp, link_of_reader, private
from app.core import downloads
from app.core.errors import NotFound, Refused, TransitionNotAllowed
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, blame, public, render_form


@bp.route("/files", methods=["GET", "POST"])
@public
@private
def files() -> Answer:
    link = link_of_reader()
    form = PlanFileForm()
    if form.validate_on_submit():
        return _take_in(link, form, None)
    return _page(link, form, None, 200 if request.method == "GET" else 422)


@bp.route("/files/<string:file_id>/replace", methods=["GET", "POST"])
@public
@private
def replace_own_file(file_id: str) -> Answer:
    link = _open_link()
    old = partner_files.file_of(link, file_id)
    form = PlanFileForm(data={"kind": old.kind, "note": old.note})
    if form.validate_on_submit():
        return _take_in(link, form, old)
    return _page(link, form, old, 200 if request.method == "GET" else 422)


@bp.route("/files/<string:file_id>/remove", methods=["GET", "POST"])
@public
@private
def remove_own_file(file_id: str) -> Answer:
    link = _open_link()
    file = partner_files.file_of(link, file_id)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_form("partner/file_remove.html", form, file=file, plan=_plan())
    partner_files.remove(link, file)
    flash(_("The file is taken out of your part."), "success")
    return redirect(url_for(".files", plan=_plan()))


@bp.get("/files/<string:file_id>")
@public
@private
def own_file(file_id: str) -> Response:
    """The bytes of one of the own files, once it is clean."""
    file = partner_files.file_of(link_of_reader(), file_id)
    if not file.is_clean:
        raise NotFound()
    return downloads.of(file.stored)


def _take_in(link: PartnerLink, form: PlanFileForm, old: PlanFile | None) -> Answer:
    _require_open(link)

    def add() -> str:
        partner_files.add(link, form.upload(), instead_of=old)
        flash(_("The file is attached."), "success")
        return url_for(".files", plan=_plan())

    try:
        return redirect(once(form.key.data or "", None, add))
    except Refused as refusal:
        blame(form, refusal)
        return _page(link, form, old, Refused.status)


def _page(link: PartnerLink, form: PlanFileForm, old: PlanFile | None, status: int) -> tuple[str, int]:
    application = link.partner.application
    attached = partner_files.of(link)
    page = render_template(
        "partner/files.html",
        form=form,
        application=application,
        partner=link.partner,
        old=old,
        attached=attached,
        room=file_keeping.MOST_OF_PARTNER - len(attached),
        closed=partner_filling.is_closed(link),
        contact=partner_service.contact_of(application),
        plan=_plan(),
        accept=ACCEPT,
        tones=SCAN_TONES,
        why_not_clean=file_scanning.why_not_clean,
    )
    return page, status


def _plan() -> str | None:
    return request.args.get("plan")


def _open_link() -> PartnerLink:
    link = link_of_reader()
    _require_open(link)
    return link


def _require_open(link: PartnerLink) -> None:
    """Raises: TransitionNotAllowed once the plan is handed in."""
    if partner_filling.is_closed(link):
        raise TransitionNotAllowed(_("The plan has been handed in or its time is over."))

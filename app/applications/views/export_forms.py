"""The export-control forms of a plan: as a paper, and a partner's given by the host on its behalf."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.applications import export_document, partner_declaring, plan_service
from app.applications.models import Application, ApplicationPartner
from app.applications.views.blueprint import bp
from app.applications.views.papers import chosen_language, pdf
from app.applications.views.shared import application_for, as_known
from app.core import clock
from app.core.errors import NotFound, Refused, Stale, TransitionNotAllowed
from app.core.web import Answer, blame, current_actor, permission_required
from app.export_control.forms import DeclarationForm


@bp.get("/<string:application_id>/export-forms.pdf")
@permission_required("application:view")
def export_forms_pdf(application_id: str) -> Response:
    """Forms 1 and 2 of the host and of its partners, as the plan holds them."""
    application = as_known(application_for(application_id, "application:view"))
    tongue = chosen_language()
    content = export_document.forms_pdf(application, language=tongue, at=clock.now())
    if content is None:
        raise NotFound()
    return pdf(content, f"{application.reference or 'draft'}-export-forms-{tongue}.pdf")


@bp.route("/<string:application_id>/partner-forms", methods=["GET", "POST"])
@permission_required("application:edit")
def partner_forms(application_id: str) -> Answer:
    """Give the forms of the partner named in the address, on its behalf."""
    application = application_for(application_id, "application:edit")
    closed = plan_service.why_closed(application)
    if closed is not None:
        raise TransitionNotAllowed(closed)
    partner = partner_declaring.partner_named(application, request.args.get("partner", ""))
    form = DeclarationForm(of_host=False, data=partner_declaring.stored(partner))
    if not form.validate_on_submit():
        return _page(application, partner, form, 200 if request.method == "GET" else 422)
    try:
        partner_declaring.give_for(
            current_actor(),
            partner,
            form.answers(),
            seen=form.seen.data or "",
            responsible=form.responsible.data or "",
            dated_on=form.dated_on.data,
        )
    except Refused as refusal:
        blame(form, refusal)
        return _page(application, partner, form, 422)
    except Stale:
        form.seen.data = partner_declaring.stored(partner)["seen"]
        return _page(application, partner, form, Stale.status, stale=True)
    flash(_("The forms of the partner are kept."), "success")
    return redirect(url_for(".edit", application_id=application.public_id, section="partners", _anchor="own-parts"))


def _page(
    application: Application, partner: ApplicationPartner, form: DeclarationForm, status: int, **context: Any
) -> tuple[str, int]:
    page = render_template(
        "applications/partner_forms.html",
        application=application,
        partner=partner,
        form=form,
        forms=export_document.summary(partner.export_control or {}),
        **context,
    )
    return page, status

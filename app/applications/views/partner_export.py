"""The partner's sub-page for its export-control forms: given by its link, in its own words, as a paper too."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from app.applications import export_document, partner_declaring, partner_filling, partner_links, partner_service
from app.applications.partner_links import PartnerLink
from app.applications.views.papers import chosen_language, pdf
from app.applications.views.partner import bp, held_browser, private
from app.core import clock
from app.core.errors import NotFound, Refused, Stale
from app.core.web import Answer, blame, public
from app.documents import papers
from app.export_control.forms import DeclarationForm


@bp.route("/export-forms", methods=["GET", "POST"])
@public
@private
def export_forms() -> Answer:
    """Forms 1 and 2 of the partner: read, and given until the plan is handed in."""
    name = request.args.get("plan")
    link = partner_links.held(held_browser(), name, changing=request.method == "POST")
    form = DeclarationForm(of_host=False, data=partner_declaring.stored(link.partner))
    if partner_filling.is_closed(link):
        return _page(link, form, 200 if request.method == "GET" else 409)
    if not form.validate_on_submit():
        return _page(link, form, 200 if request.method == "GET" else 422)
    try:
        partner_declaring.receive(
            link,
            form.answers(),
            seen=form.seen.data or "",
            responsible=form.responsible.data or "",
            dated_on=form.dated_on.data,
        )
    except Refused as refusal:
        blame(form, refusal)
        return _page(link, form, 422)
    except Stale:
        form.seen.data = partner_declaring.stored(link.partner)["seen"]
        return _page(link, form, Stale.status, stale=True)
    flash(_("Your forms are kept. Your partner in Japan uses them for this exchange."), "success")
    return redirect(url_for(".export_forms", plan=name))


@bp.get("/export-forms.pdf")
@public
@private
def export_forms_pdf() -> Answer:
    """The partner's own forms as a paper, in English unless Japanese is asked for."""
    link = partner_links.held(held_browser(), request.args.get("plan"))
    tongue = chosen_language()
    with force_locale(tongue):
        forms = export_document.forms_of(link.partner.application, link.partner)
    if not forms:
        raise NotFound()
    return pdf(papers.export_forms(forms, language=tongue, at=clock.now()), f"export-forms-{tongue}.pdf")


def _page(link: PartnerLink, form: DeclarationForm, status: int, **context: Any) -> tuple[str, int]:
    page = render_template(
        "partner/export_forms.html",
        application=link.partner.application,
        partner=link.partner,
        link=link,
        form=form,
        forms=export_document.summary(link.partner.export_control or {}),
        closed=partner_filling.is_closed(link),
        contact=partner_service.contact_of(link.partner.application),
        **context,
    )
    return page, status

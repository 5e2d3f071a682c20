"""The plan and its receipt as PDF, in either language."""

from io import BytesIO

from flask import Response, request, send_file

from app.applications import document, queries, receipts
from app.applications.views.blueprint import bp
from app.applications.views.receipts import link_to
from app.applications.views.shared import application_for, as_known
from app.applications.views.submission import name_of_signer, name_of_submitter
from app.core import clock
from app.core.errors import NotFound
from app.core.i18n import LANGUAGES, language
from app.core.web import current_actor, permission_required


def chosen_language() -> document.Language:
    """The language asked for in the address, otherwise the reader's."""
    asked = request.args.get("language", "")
    return "en" if (asked if asked in LANGUAGES else language()) == "en" else "ja"


def pdf(content: bytes, name: str) -> Response:
    """A paper to be kept under that name."""
    return send_file(BytesIO(content), "application/pdf", as_attachment=True, download_name=name)


@bp.get("/<string:application_id>/plan.pdf")
@permission_required("application:view")
def plan_pdf(application_id: str) -> Response:
    application = as_known(application_for(application_id, "application:view"))
    tongue = chosen_language()
    content = document.plan_pdf(
        application, language=tongue, with_contacts=queries.sees_contacts(current_actor()), at=clock.now()
    )
    return pdf(content, f"{application.reference or 'draft'}-plan-{tongue}.pdf")


@bp.get("/<string:application_id>/receipt.pdf")
@permission_required("application:view")
def receipt_pdf(application_id: str) -> Response:
    application = as_known(application_for(application_id, "application:view"))
    if application.submitted_at is None:
        raise NotFound()
    tongue = chosen_language()
    signed = receipts.of(application)
    content = document.receipt_pdf(
        application,
        language=tongue,
        submitted_by=name_of_submitter(application),
        signed_off_by=name_of_signer(application),
        verification_url=link_to(signed[0].code) if signed else "",
    )
    return pdf(content, f"{application.reference}-receipt-{tongue}.pdf")

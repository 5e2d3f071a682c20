"""The papers of a visit as PDF, made for each request and kept nowhere."""

from typing import cast

from flask import Response, request

from app.applications.queries import sees_contacts
from app.core.errors import Refused
from app.core.i18n import LANGUAGES, language
from app.core.web import (
    Answer,
    blame,
    current_actor,
    permission_required,
    render_form,
    step_up_required,
)
from app.documents.papers import Language
from app.visits import papers, people_service, queries
from app.visits.forms import PassportsForm
from app.visits.views.blueprint import bp
from app.visits.views.shared import visit_for


def _language() -> Language:
    asked = request.args.get("lang", "")
    return cast(Language, asked if asked in LANGUAGES else language())


def _pdf(content: bytes, name: str) -> Response:
    """A download that no cache keeps."""
    return Response(
        content,
        mimetype="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.pdf"',
            "Cache-Control": "no-store, private",
        },
    )


@bp.get("/visits/<string:visit_id>/schedule.pdf")
@permission_required("visit:view")
def schedule_pdf(visit_id: str) -> Answer:
    visit, tongue = visit_for(visit_id, "visit:view"), _language()
    roster = queries.roster(current_actor(), visit)
    content = papers.schedule(visit, roster, tongue, with_addresses=sees_contacts(current_actor()))
    return _pdf(content, f"{visit.reference}-schedule-{tongue}")


@bp.get("/visits/<string:visit_id>/participants.pdf")
@permission_required("invitee:view")
def participants_pdf(visit_id: str) -> Answer:
    visit, tongue = visit_for(visit_id, "invitee:view"), _language()
    roster = queries.roster(current_actor(), visit)
    return _pdf(papers.participants(visit, roster, tongue), f"{visit.reference}-participants-{tongue}")


@bp.route("/visits/<string:visit_id>/participants-with-passports", methods=["GET", "POST"])
@permission_required("roster:export-passports")
@step_up_required
def passports_pdf(visit_id: str) -> Answer:
    visit, actor = visit_for(visit_id, "roster:export-passports"), current_actor()
    form = PassportsForm(lang=language())
    if form.validate_on_submit():
        tongue = cast(Language, form.lang.data)
        try:
            numbers = people_service.passport_numbers(actor, visit, reason=form.reason.data or "")
        except Refused as refusal:
            blame(form, refusal)
        else:
            content = papers.participants(visit, queries.roster(actor, visit), tongue, numbers)
            return _pdf(content, f"{visit.reference}-participants-passports-{tongue}")
    return render_form("visits/passports.html", form, visit=visit)

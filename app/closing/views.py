"""Pages of reports and certificates, and the public page that verifies one."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from flask import Blueprint, Response, current_app, redirect, render_template, request, send_file, url_for

from app.closing import certificate as papers
from app.closing import queries, service
from app.closing.forms import NameCheckForm, ReportForm
from app.closing.lists import REPORTS
from app.closing.models import REPORT_DUE, Certificate, VisitReport
from app.closing.workflow import REPORT
from app.core import audit, clock, limits
from app.core.errors import GuardsFailed, NotFound, Stale
from app.core.forms import CommentForm
from app.core.i18n import LANGUAGES, language
from app.core.idempotency import once
from app.core.lists import page as lists
from app.core.web import (
    Answer,
    blame,
    current_actor,
    done,
    load,
    may,
    permission_required,
    public,
    render_form,
)
from app.visits.models import Visit, VisitState

bp = Blueprint("closing", __name__)  # reports and certificates have addresses of their own

VERIFICATIONS_PER_HOUR = 120  # from one address: a careers office checks a pile, nobody walks through the codes
NAME_CHECKS_PER_HOUR = 20


@bp.get("/reports")
@permission_required("report:view")
def index() -> Answer:
    more = {"states": REPORT.states, "due_after": REPORT_DUE}
    return lists.answer(REPORTS, "closing/index.html", lambda _page: more)


def _report(visit: Visit) -> VisitReport:
    """The report of a visit already loaded for the reader. Raises: NotFound where none was begun."""
    report = queries.report_of(visit)
    if report is None:
        raise NotFound()
    return report


@bp.get("/reports/<string:visit_id>")
@permission_required("report:view")
def show(visit_id: str) -> Answer:
    visit = load(Visit, visit_id, "report:view", *queries.FOR_PAGE)
    report = queries.report_of(visit)
    actor = current_actor()
    may_edit = may("report:edit", visit) and (report is None or REPORT.is_editable(report))
    return render_template(
        "closing/show.html",
        visit=visit,
        report=report,
        state=REPORT.states[report.state] if report else None,
        may_edit=may_edit and visit.state is VisitState.IN_PROGRESS,
        due_on=report.due_on if report else (visit.ends_on + REPORT_DUE if visit.ends_on else None),
        offers=REPORT.offers(report, actor) if report else [],
        certificates={item.participation_id: item for item in queries.certificates_of_visit(actor, visit)},
        history=audit.timeline(report) if report else [],
    )


@bp.route("/reports/<string:visit_id>/edit", methods=["GET", "POST"])
@permission_required("report:edit")
def edit(visit_id: str) -> Answer:
    visit = load(Visit, visit_id, "report:edit", *queries.FOR_PAGE)
    report = queries.report_of(visit)
    form = ReportForm(visit.participations, obj=report)
    context: dict[str, Any] = {"visit": visit, "report": report}
    if not form.validate_on_submit():
        return render_form("closing/edit.html", form, **context)

    def save() -> str:
        fields = form.payload()
        present = fields.pop("present") or []
        service.save(current_actor(), visit, version=form.read_version(), present=present, **fields)
        return url_for(".show", visit_id=visit.public_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, save))
    except Stale:
        return render_template("closing/edit.html", form=form, theirs=report, **context), Stale.status


@bp.route("/reports/<string:visit_id>/<string:verb>", methods=["GET", "POST"])
@permission_required("report:view")
def transition(visit_id: str, verb: str) -> Answer:
    visit = load(Visit, visit_id, "report:view", *queries.FOR_PAGE)
    report = _report(visit)
    if verb not in REPORT:
        raise NotFound()
    form = CommentForm()
    context = {"visit": visit, "report": report, "verb": REPORT[verb]}
    if not form.validate_on_submit():
        return render_form("closing/transition.html", form, **context)
    try:
        service.transition(current_actor(), report, verb, form.comment.data or "")
    except GuardsFailed as refusal:
        blame(form, refusal)
        return render_form("closing/transition.html", form, **context)
    return done(str(REPORT[verb].done), ".show", visit_id=visit.public_id)


def _chosen_language() -> papers.Language:
    asked = request.args.get("language", "")
    return "en" if (asked if asked in LANGUAGES else language()) == "en" else "ja"


def _link_to(code: str) -> str:
    """The address printed on paper comes from the settings, never from the Host header."""
    return urljoin(current_app.config["BASE_URL"] + "/", url_for(".verify", code=code, _external=False).lstrip("/"))


@bp.get("/certificates/<string:certificate_id>/pdf")
@permission_required("certificate:view")
def certificate(certificate_id: str) -> Response:
    found = load(Certificate, certificate_id, "certificate:view", *queries.FOR_PRINT)
    content = papers.pdf(found, language=_chosen_language(), link_to=_link_to)
    return send_file(BytesIO(content), "application/pdf", as_attachment=True, download_name=f"{found.number}.pdf")


@bp.get("/reports/<string:visit_id>/certificates.zip")
@permission_required("report:view")
def bundle(visit_id: str) -> Response:
    """For those who look after the visit; whoever merely took part downloads the own certificate."""
    visit = load(Visit, visit_id, "report:view")
    found = queries.certificates_of_visit(current_actor(), visit)
    if not found:
        raise NotFound()
    content = papers.bundle(found, language=_chosen_language(), link_to=_link_to)
    name = f"{visit.reference}-certificates.zip"
    return send_file(BytesIO(content), "application/zip", as_attachment=True, download_name=name)


@bp.route("/certificates/<string:code>", methods=["GET", "POST"])
@public
def verify(code: str) -> Answer:
    """Whether a certificate is real, without saying whose it is: only whether a name that somebody reads on it fits."""
    address = request.remote_addr or ""
    limits.hit("certificate:verify", address, VERIFICATIONS_PER_HOUR, timedelta(hours=1))
    found = queries.by_code(code.lower())
    if found is None:
        return render_template("closing/unknown.html"), NotFound.status
    form = NameCheckForm()
    context = {
        "certificate": found,
        "visit": found.participation.visit,
        "issued_on": clock.in_tokyo(found.issued_at).date(),
    }
    if not form.validate_on_submit():
        return render_form("closing/verify.html", form, **context)
    limits.hit("certificate:name", f"{address} {found.code}", NAME_CHECKS_PER_HOUR, timedelta(hours=1))
    fits = papers.is_holder(found, form.name.data or "")
    return render_template("closing/verify.html", form=form, fits=fits, **context)

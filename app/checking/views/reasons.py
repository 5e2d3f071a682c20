"""The reasons that come again: all of them, one to edit, retiring."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.applications.vocabulary import SECTION_LABELS
from app.checking import reasons
from app.checking.blueprint import bp
from app.checking.forms import ReasonForm
from app.checking.models import CheckReason
from app.core import conflict
from app.core.errors import Refused, Stale
from app.core.forms import ConfirmForm
from app.core.web import Answer, blame, current_actor, done, load, permission_required, render_form


@bp.get("/reasons")
@permission_required("application:check")
def reasons_kept() -> Answer:
    found = reasons.listed(with_retired="retired" in request.args)
    return render_template("checking/reasons.html", reasons=found, sections=SECTION_LABELS, form=ConfirmForm())


@bp.route("/reasons/new", methods=["GET", "POST"])
@permission_required("application:check")
def new_reason() -> Answer:
    form = ReasonForm()
    if not form.validate_on_submit():
        return render_form("checking/reason.html", form, reason=None, theirs=None)
    try:
        reasons.save(current_actor(), None, **form.said())
    except Refused as refusal:
        blame(form, refusal)
        return render_form("checking/reason.html", form, reason=None, theirs=None)
    return done(_("The reason is kept."), ".reasons_kept")


@bp.route("/reasons/<string:reason_id>", methods=["GET", "POST"])
@permission_required("application:check")
def edit_reason(reason_id: str) -> Answer:
    reason: CheckReason = load(CheckReason, reason_id, "application:check")
    stored = {**{name: getattr(reason, name) for name in reasons.FIELDS}, "course": reason.course or ""}
    form = ReasonForm(data=stored if request.method == "GET" else None)
    if request.method == "GET":
        form.version.data = str(reason.version)
    if not form.validate_on_submit():
        return render_form("checking/reason.html", form, reason=reason, theirs=None)
    try:
        with conflict.noticed():
            reasons.save(current_actor(), reason, version=form.read_version(), **form.said())
    except Stale:
        theirs = conflict.differences(form, stored, reason.version)
        return render_template("checking/reason.html", form=form, reason=reason, theirs=theirs), 409
    except Refused as refusal:
        blame(form, refusal)
        return render_form("checking/reason.html", form, reason=reason, theirs=None)
    return done(_("The reason is changed."), ".reasons_kept")


@bp.post("/reasons/<string:reason_id>/retire")
@permission_required("application:check")
def retire_reason(reason_id: str) -> Answer:
    """Offered no more, or once more."""
    reason: CheckReason = load(CheckReason, reason_id, "application:check")
    reasons.retire(current_actor(), reason, again=reason.retired_at is not None)
    return redirect(url_for(".reasons_kept", retired=request.args.get("retired")))

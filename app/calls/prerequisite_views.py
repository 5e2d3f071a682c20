"""Pages on the steps around a visit: the list everybody who works with the rules reads, and the form of one."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from app.calls import places, prerequisite_queries, prerequisite_service, prerequisites
from app.calls.prerequisite_forms import PrerequisiteForm
from app.calls.prerequisite_model import Prerequisite
from app.calls.views import bp
from app.calls.vocabulary import COURSES
from app.core import audit, conflict
from app.core.errors import Refused, Stale
from app.core.web import Answer, blame, current_actor, done, load, permission_required, render_form


@bp.get("/steps")
@permission_required("rules:view")
def steps() -> Answer:
    return render_template(
        "calls/steps.html",
        rows=prerequisite_queries.everything(),
        rule_in_words=prerequisites.rule_in_words,
        country_words=places.shown,
        course_names=COURSES,
    )


@bp.route("/steps/<string:prerequisite_id>/edit", methods=["GET", "POST"])
@permission_required("rules:edit")
def edit_step(prerequisite_id: str) -> Answer:
    row: Prerequisite = load(Prerequisite, prerequisite_id, "rules:edit")
    form = PrerequisiteForm(row)
    page: dict[str, Any] = {
        "row": row,
        "proof": prerequisites.PROOF_LABELS.get(row.proof),
        "history": audit.timeline(row, limit=20),
    }
    if not form.validate_on_submit():
        return render_form("calls/step.html", form, **page)
    try:
        prerequisite_service.update(current_actor(), row, version=form.read_version(), **form.payload())
    except Refused as refusal:
        blame(form, refusal)
        return render_form("calls/step.html", form, **page)
    except Stale:
        theirs = conflict.differences(form, form.stored(row), row.version)
        return render_template("calls/step.html", form=form, theirs=theirs, stale=True, **page), Stale.status
    return done(_("The step is saved."), ".steps")

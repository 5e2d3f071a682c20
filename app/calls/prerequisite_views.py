"""Pages on the steps around a visit: the list for everybody who works with the rules; change, add, remove, history."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from app.calls import places, prerequisite_queries, prerequisites, queries, row_history, row_queries, usage
from app.calls import prerequisite_service as service
from app.calls.blueprint import bp
from app.calls.prerequisite_forms import NewPrerequisiteForm, PrerequisiteForm, RemovePrerequisiteForm
from app.calls.prerequisite_model import Prerequisite
from app.calls.preview import FEWEST_SHOWN
from app.calls.vocabulary import COURSES
from app.core import audit, conflict
from app.core.errors import NotFound, Refused, Stale
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, done, load, permission_required, redirect, render_form


def _row(prerequisite_id: str) -> Prerequisite:
    """A step; one that was removed is there no more."""
    found: Prerequisite = load(Prerequisite, prerequisite_id, "rules:edit")
    if found.removed_at is not None:
        raise NotFound()
    return found


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
    row = _row(prerequisite_id)
    form = PrerequisiteForm(row)
    page: dict[str, Any] = {
        "row": row,
        "proof": prerequisites.PROOF_LABELS.get(row.proof),
        "history": audit.timeline(row, limit=20),
    }
    if not form.validate_on_submit():
        return render_form("calls/step.html", form, **page)
    if "preview" in request.form:
        page["now"] = usage.of(row)
        planned = service.drafted(like=row, fiscal_year=row.fiscal_year, **form.payload())
        return _weighed("calls/step.html", form, planned, page)
    try:
        service.update(current_actor(), row, version=form.read_version(), **form.payload())
    except Refused as refusal:
        blame(form, refusal)
        return render_form("calls/step.html", form, **page)
    except Stale:
        theirs = conflict.differences(form, form.stored(row), row.version)
        return render_template("calls/step.html", form=form, theirs=theirs, stale=True, **page), Stale.status
    return done(_("The step is saved."), ".steps")


@bp.route("/steps/new", methods=["GET", "POST"])
@permission_required("rules:edit")
def add_step() -> Answer:
    """`like` in the address: the step of every year that counts in a different way in one."""
    asked, actor = request.args.get("like", ""), current_actor()
    like = _row(asked) if asked else None
    form = NewPrerequisiteForm(queries.fiscal_years(actor), like)
    page: dict[str, Any] = {"like": like}
    if not form.validate_on_submit():
        return render_form("calls/step_new.html", form, **page)
    if "preview" in request.form:
        return _weighed("calls/step_new.html", form, service.drafted(like=like, **form.payload()), page)

    def make() -> str:
        service.add(actor, like=like, **form.payload())
        flash(_("The step is added."), "success")
        return url_for(".steps")

    try:
        return redirect(once(form.key.data or "", actor.id, make))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("calls/step_new.html", form, **page)


@bp.route("/steps/<string:prerequisite_id>/remove", methods=["GET", "POST"])
@permission_required("rules:edit")
def remove_step(prerequisite_id: str) -> Answer:
    row = _row(prerequisite_id)
    form = RemovePrerequisiteForm(row)
    page: dict[str, Any] = {"row": row, "use": usage.of(row), "fewest": FEWEST_SHOWN}
    if not form.validate_on_submit():
        return render_form("calls/step_remove.html", form, **page)
    try:
        service.remove(current_actor(), row, version=form.read_version(), **form.payload())
    except Refused as refusal:
        blame(form, refusal)
        return render_form("calls/step_remove.html", form, **page)
    except Stale:
        conflict.differences(form, {}, row.version)
        return render_template("calls/step_remove.html", form=form, stale=True, **page), Stale.status
    return done(_("The step is removed."), ".steps")


@bp.get("/steps/history")
@permission_required("rules:edit")
def step_history() -> Answer:
    """What became of the steps around a visit, removed ones too."""
    return render_template(
        "calls/row_history.html",
        title=_("History of the steps around a visit"),
        back=(_("Steps around a visit"), url_for(".steps")),
        listing=row_queries.of_steps(request.args, request.path),
        names={row.id: (row.title, _address(row)) for row in prerequisite_queries.ever()},
        lines=row_history.lines,
    )


def _address(row: Prerequisite) -> str | None:
    return url_for(".edit_step", prerequisite_id=row.public_id) if row.removed_at is None else None


def _weighed(template: str, form: Any, planned: Prerequisite, page: dict[str, Any]) -> Answer:
    """The page again with the number of checklists the step would stand on; nothing is stored."""
    return render_template(template, form=form, use=usage.of(planned), fewest=FEWEST_SHOWN, **page)

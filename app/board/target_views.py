"""Pages of a fiscal year's targets: read, set, change, take away."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.board import drawing, queries, target_service
from app.board.forms import NewTargetForm, TargetForm
from app.board.measures import label
from app.board.models import BoardTarget
from app.board.views import EDIT, VIEW, bp
from app.core.errors import Refused, Stale
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, done, load, may, permission_required, render_form


@bp.get("/targets/<int:year>")
@permission_required(VIEW)
def targets(year: int) -> Answer:
    rows = queries.targets(year)
    return render_template(
        "board/targets.html",
        year=year,
        targets=[(row, label(row.measure), drawing.said(row.measure, row.goal)) for row in rows],
        earlier=not rows and bool(queries.targets_before(year)),
        may_edit=may(EDIT),
        form=ConfirmForm(),
    )


@bp.route("/targets/<int:year>/new", methods=["GET", "POST"])
@permission_required(EDIT)
def add_target(year: int) -> Answer:
    form = NewTargetForm()
    form.offer()
    if not form.validate_on_submit():
        return render_form("board/target_new.html", form, year=year)

    def make() -> str:
        target_service.add(current_actor(), year, **form.payload())
        flash(_("The target is set."), "success")
        return url_for(".targets", year=year)

    try:
        return redirect(once(form.key.data or "", current_actor().id, make))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("board/target_new.html", form, year=year)


@bp.post("/targets/<int:year>/take-over")
@permission_required(EDIT)
def take_over_targets(year: int) -> Answer:
    """Begin with the targets of the latest earlier year."""
    try:
        made = target_service.take_over(current_actor(), year)
    except Refused as refusal:
        flash(str(refusal.problems[0]), "notice")
        return redirect(url_for(".targets", year=year))
    told = ngettext("%(num)s target is taken over.", "%(num)s targets are taken over.", made)
    return done(told, ".targets", year=year)


@bp.route("/target/<string:target_id>", methods=["GET", "POST"])
@permission_required(EDIT)
def edit_target(target_id: str) -> Answer:
    target: BoardTarget = load(BoardTarget, target_id, EDIT)
    form = TargetForm(obj=target)
    page = {"target": target, "name": label(target.measure)}
    if not form.validate_on_submit():
        return render_form("board/target.html", form, **page)
    try:
        target_service.change(current_actor(), target, version=form.read_version(), **form.payload())
    except Stale:
        form.version.raw_data, form.version.data = None, str(target.version)
        return render_template("board/target.html", form=form, stale=True, **page), Stale.status
    return done(_("The target is set."), ".targets", year=target.fiscal_year)


@bp.route("/target/<string:target_id>/remove", methods=["GET", "POST"])
@permission_required(EDIT)
def remove_target(target_id: str) -> Answer:
    target: BoardTarget = load(BoardTarget, target_id, EDIT)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_form("board/target_remove.html", form, target=target, name=label(target.measure))
    year = target.fiscal_year
    target_service.remove(current_actor(), target)
    return done(_("The target is taken away."), ".targets", year=year)

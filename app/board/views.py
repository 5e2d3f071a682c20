"""Pages of the panel's board: rounds, versions, the board itself, conditions of a plan, the history of moves."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.board import drawing, queries, service
from app.board.forms import BeginForm, BoardForm, ConditionsForm, ReasonForm, Typed, typed
from app.board.models import BoardVersion
from app.board.panel import Board, Line, Wish, build, remaining
from app.calls import queries as calls
from app.calls.models import Call, round_title
from app.core import carrying
from app.core.errors import NotFound, Refused, Stale
from app.core.idempotency import once
from app.core.transaction import only_reads
from app.core.web import Answer, blame, current_actor, done, load, may, permission_required, render_form

bp = Blueprint("board", __name__, url_prefix="/boards")
VIEW, EDIT = "board:view", "board:edit"
HTTP_UNPROCESSABLE = 422


def round_of(call_id: str) -> Call:
    """The round, if it exists for the reader. Raises: NotFound."""
    found = calls.call(current_actor(), call_id)
    if found is None:
        raise NotFound()
    return found


def version_of(board_id: str, permission: str) -> BoardVersion:
    """A board, if it exists for the reader. Raises: NotFound."""
    found: BoardVersion = load(BoardVersion, board_id, permission)
    return found


@bp.get("")
@permission_required(VIEW)
def index() -> Answer:
    return render_template("board/index.html", rounds=queries.rounds(), round_title=round_title)


@bp.get("/<string:call_id>")
@permission_required(VIEW)
def versions(call_id: str) -> Answer:
    """The boards kept for a round."""
    call = round_of(call_id)
    kept = queries.versions(call)
    return render_template("board/versions.html", call=call, versions=kept, names=queries.names_of(kept))


@bp.route("/<string:call_id>/new", methods=["GET", "POST"])
@permission_required(EDIT)
def begin(call_id: str) -> Answer:
    call = round_of(call_id)
    kept = queries.versions(call)
    form = BeginForm(data={"budget_line": kept[0].budget_line if kept else remaining(call)})
    form.offer([(version.public_id, version.name) for version in kept])
    if not form.validate_on_submit():
        return render_form("board/begin.html", form, call=call)

    def make() -> str:
        copy_of = queries.version_of(call, form.based_on.data or "")
        name, line = form.name.data or "", form.budget_line.data or 0
        made = service.begin(current_actor(), call, name=name, budget_line=line, copy_of=copy_of)
        return url_for(".show", board_id=made.public_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, make))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("board/begin.html", form, call=call)


def _page(form: BoardForm, board: Board, **more: Any) -> str:
    version = board.version
    return render_template(
        "board/show.html",
        form=form,
        board=board,
        version=version,
        call=version.call,
        drawn=drawing.draw(current_actor(), board),
        words=drawing,
        may_edit=may(EDIT),
        moves=queries.moves(version, limit=8),
        **more,
    )


@bp.get("/versions/<string:board_id>")
@permission_required(VIEW)
def show(board_id: str) -> Answer:
    version = version_of(board_id, VIEW)
    form = BoardForm(data={"version": str(version.version), "line": version.budget_line})
    if carrying.sent("line") is None:
        return _page(form, build(version))
    names = [f"{what}-{plan}" for plan in queries.ids(version.call) for what in ("mark", "to")]
    _said, wish, _seen = _sent(version, form, {name: carrying.sent(name) or "" for name in names})
    return _page(form, build(version, wish))


def _sent(version: BoardVersion, form: BoardForm, fields: Mapping[str, str]) -> tuple[Typed, Wish, int]:
    """What was typed, what of it is a change, and the version of the board it was typed on."""
    said = typed(fields, queries.ids(version.call))
    seen = form.read_version() or version.version
    return said, service.touched(version, seen, marks=said.marks, to=said.to, line=form.line.data), seen


@bp.post("/versions/<string:board_id>/preview")
@permission_required(VIEW)
@only_reads
def preview(board_id: str) -> Answer:
    """The board as it would be: for browsers without scripts. Nothing is stored."""
    version = version_of(board_id, VIEW)
    form = BoardForm()
    if not form.validate():
        return _page(form, build(version)), HTTP_UNPROCESSABLE
    step = request.form.get("step", "")
    if step.removeprefix("-").isdecimal() and form.line.data is not None:
        form.line.data = max(form.line.data + int(step), 0)
        form.line.raw_data = None
    said, wish, _seen = _sent(version, form, request.form)
    form.form_errors.extend(said.problems)
    page = _page(form, build(version, wish), previewed=True)
    return (page, HTTP_UNPROCESSABLE) if said.problems else page


@bp.post("/versions/<string:board_id>")
@permission_required(EDIT)
def save(board_id: str) -> Answer:
    version = version_of(board_id, EDIT)
    form = BoardForm()
    if not form.validate():
        said = typed(request.form, queries.ids(version.call))
        return _page(form, build(version, Wish(said.marks, said.to))), HTTP_UNPROCESSABLE
    said, wish, seen = _sent(version, form, request.form)
    if said.problems:
        form.form_errors.extend(said.problems)
        return _page(form, build(version, wish)), HTTP_UNPROCESSABLE
    try:
        made = service.move(current_actor(), version, wish, seen=seen, reason=form.reason.data or "")
    except Refused as refusal:
        blame(form, refusal)
        return _page(form, build(version, wish)), HTTP_UNPROCESSABLE
    except Stale:
        version = version_of(board_id, EDIT)
        form.version.raw_data, form.version.data = None, str(version.version)
        since = queries.moves(version, after=seen)
        return _page(form, build(version, wish), stale=True, since=since), Stale.status
    flash(ngettext("%(num)s move is stored.", "%(num)s moves are stored.", made), "success")
    return redirect(url_for(".show", board_id=version.public_id))


def _line_of(board: Board, application_id: str) -> Line:
    found = next((line for line in board.lines if line.public_id == application_id), None)
    if found is None:
        raise NotFound()
    return found


@bp.get("/versions/<string:board_id>/plans/<string:application_id>")
@permission_required(VIEW)
def plan(board_id: str, application_id: str) -> Answer:
    """A plan on a board: its conditions, and what became of it there."""
    version = version_of(board_id, VIEW)
    board = build(version)
    line = _line_of(board, application_id)
    held = {name: getattr(line.place, name, None) for name in service.CONDITIONS}
    form = ConditionsForm(data={"version": str(version.version), **held})
    return _plan_page(form, board, line)


@bp.post("/versions/<string:board_id>/plans/<string:application_id>")
@permission_required(EDIT)
def set_conditions(board_id: str, application_id: str) -> Answer:
    version = version_of(board_id, EDIT)
    board = build(version)
    line = _line_of(board, application_id)
    form = ConditionsForm()
    if not form.validate():
        return _plan_page(form, board, line), HTTP_UNPROCESSABLE
    try:
        service.set_conditions(current_actor(), version, line.id, seen=form.read_version(), **form.payload())
    except Refused as refusal:
        blame(form, refusal)
        return _plan_page(form, board, line), HTTP_UNPROCESSABLE
    except Stale:
        version = version_of(board_id, EDIT)
        since = queries.moves(version, after=form.read_version() or 0)
        form.version.raw_data, form.version.data = None, str(version.version)
        board = build(version)
        return _plan_page(form, board, _line_of(board, application_id), stale=True, since=since), Stale.status
    return done(_("The conditions are stored."), ".show", board_id=version.public_id, _anchor=f"plan-{line.public_id}")


def _plan_page(form: ConditionsForm, board: Board, line: Line, **more: Any) -> str:
    moves = queries.moves(board.version, plan=line.id)
    return render_template(
        "board/plan.html",
        form=form,
        board=board,
        version=board.version,
        line=line,
        drawn=drawing.draw(current_actor(), board),
        words=drawing,
        moves=moves,
        may_edit=may(EDIT),
        **more,
    )


@bp.route("/versions/<string:board_id>/panels", methods=["GET", "POST"])
@permission_required(EDIT)
def make_panels(board_id: str) -> Answer:
    version = version_of(board_id, EDIT)
    form = ReasonForm(obj=version)
    page = {"version": version, "call": version.call, "present": queries.panels(version.call), "words": drawing}
    if not form.validate_on_submit():
        return render_form("board/panels.html", form, **page)
    try:
        service.make_panels(current_actor(), version, seen=form.read_version(), reason=form.reason.data or "")
    except Refused as refusal:
        blame(form, refusal)
        return render_form("board/panels.html", form, **page)
    except Stale:
        version = version_of(board_id, EDIT)
        since = queries.moves(version, after=form.read_version() or 0)
        form.version.raw_data, form.version.data = None, str(version.version)
        return render_template("board/panels.html", form=form, stale=True, since=since, **page), Stale.status
    return done(_("This is the panel's board now."), ".show", board_id=version.public_id)


@bp.get("/versions/<string:board_id>/moves")
@permission_required(VIEW)
def moves(board_id: str) -> Answer:
    """Every move on a board, the newest first."""
    version = version_of(board_id, VIEW)
    return render_template(
        "board/moves.html", version=version, call=version.call, moves=queries.moves(version), words=drawing
    )

"""The pages all lists share: saving views, acting on many entries, taking the list away, how far a task is."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import authz, storage
from app.core.background_job import JobState
from app.core.errors import GuardsFailed, NotFound, Refused
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.lists import acting, saving, selecting, taking
from app.core.lists.description import Act, Export, ListOf, find
from app.core.lists.forms import CSV, XLSX, TakeForm, ViewForm
from app.core.lists.models import Outcome
from app.core.lists.page import address
from app.core.web import Answer, blame, current_actor, done, render_form, signed_in, step_up_required

bp = Blueprint("lists", __name__)

LOOK_AGAIN_SECONDS = 3
SHOWN = 200  # entries of each kind that a page names one by one


def _list(name: str) -> ListOf:
    """The list of that name, if the reader may open it. Raises: NotFound, Forbidden."""
    of = find(name)
    if of is None:
        raise NotFound()
    authz.require_role(current_actor(), of.permission)
    return of


def _act(of: ListOf, name: str) -> Act:
    act = of.act(name)
    if act is None:
        raise NotFound()
    authz.require_role(current_actor(), act.permission)
    return act


@bp.route("/lists/<string:list_name>/views", methods=["GET", "POST"])
@signed_in
def views(list_name: str) -> Answer:
    """One's own views of a list: use, share, delete, begin with; and saving the filters given in the address."""
    of, actor, form = _list(list_name), current_actor(), ViewForm()
    place = of.place_in(request.args)
    kept = {name: value for name, value in of.known(actor, request.args.to_dict()).items() if name not in place}
    page = {
        "of": of,
        "kept": kept,
        "place": place,
        "address": address,
        "views": saving.views_of(actor, of),
        "plain": ConfirmForm(formdata=None),
    }
    if not form.validate_on_submit():
        return render_form("lists/views.html", form, **page)

    def make() -> str:
        saving.save(actor, of, form.name.data or "", kept, is_default=bool(form.is_default.data))
        flash(_("The view is saved."), "success")
        return address(of, {**kept, **place})

    try:
        return redirect(once(form.key.data or "", actor.id, make))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("lists/views.html", form, **page)


@bp.post("/lists/<string:list_name>/views/<string:view_id>/delete")
@signed_in
def delete_view(list_name: str, view_id: str) -> Answer:
    of = _list(list_name)
    saving.delete(current_actor(), saving.own(current_actor(), of, view_id))
    return done(_("The view is deleted."), ".views", list_name=of.name, **of.place_in(request.args))


@bp.post("/lists/<string:list_name>/views/<string:view_id>/begin-with")
@signed_in
def begin_with_view(list_name: str, view_id: str) -> Answer:
    """Have the list begin with this view; asked of the one it begins with, it begins with none."""
    of, actor = _list(list_name), current_actor()
    saving.toggle_default(actor, of, saving.own(actor, of, view_id))
    return done(_("The list begins as you wish."), ".views", list_name=of.name, **of.place_in(request.args))


@bp.route("/lists/<string:list_name>/acts/<string:act_name>", methods=["GET", "POST"])
@signed_in
def act(list_name: str, act_name: str) -> Answer:
    """What would become of the entries meant, and doing it."""
    of, actor = _list(list_name), current_actor()
    chosen_act = _act(of, act_name)
    wanted = selecting.chosen(of, actor, request.args)
    form = chosen_act.form()
    if form.validate_on_submit():
        try:
            return redirect(once(form.key.data or "", actor.id, lambda: _begun(of, chosen_act, wanted, form)))
        except GuardsFailed as refusal:
            blame(form, refusal)
    found = selecting.candidates(of, chosen_act, actor, wanted)
    doable = [entry for entry in found if not entry.obstacle]
    return render_form(
        "lists/act.html",
        form,
        of=of,
        act=chosen_act,
        too_many=len(found) > selecting.MOST,
        most=selecting.MOST,
        doable=doable,
        others=[entry for entry in found if entry.obstacle],
        looked_at=selecting.mark(found),
        back=address(of, wanted.arguments),
        shown=SHOWN,
    )


def _begun(of: ListOf, chosen_act: Act, wanted: selecting.Chosen, form: Any) -> str:
    inputs = form.payload()
    words = (str(inputs[name]) for name in ("comment", "reason") if inputs.get(name))
    looked_at = request.form.get("looked_at", "")
    task = acting.begin(current_actor(), of, chosen_act, wanted, inputs, comment=next(words, ""), looked_at=looked_at)
    return url_for("lists.task", task_id=task.public_id)


@bp.get("/list-tasks/<string:task_id>")
@signed_in
def task(task_id: str) -> Answer:
    """How far a task is and what became of each entry; while it runs the page comes again by itself."""
    found = acting.own_task(current_actor(), task_id)
    of = find(found.list_name)
    if of is None:
        raise NotFound()
    job = acting.job_of(found)
    has_failed = job is not None and job.state is JobState.FAILED
    is_over = found.finished_at is not None or has_failed
    counts = acting.tally(found)
    return render_template(
        "lists/task.html",
        task=found,
        of=of,
        act=of.act(found.act_name),
        job=job,
        has_failed=has_failed,
        is_over=is_over,
        look_again=LOOK_AGAIN_SECONDS,
        counts=counts,
        settled=sum(counts.values()) - counts.get(Outcome.WAITING, 0),
        skipped=acting.items_of(found, Outcome.SKIPPED, SHOWN) if is_over else [],
        failed=acting.items_of(found, Outcome.FAILED, SHOWN) if is_over else [],
        did=acting.items_of(found, Outcome.DONE, SHOWN) if is_over else [],
        file=taking.file_of(found) if found.act_name == taking.ACT else None,
        back=address(of, found.arguments),
    )


@bp.get("/list-tasks/<string:task_id>/file")
@signed_in
def task_file(task_id: str) -> Answer:
    """The file a task has made, for whoever asked for it and may still have it."""
    found = acting.own_task(current_actor(), task_id)
    of, stored = find(found.list_name), taking.file_of(found)
    if of is None or of.export is None or stored is None:
        raise NotFound()
    authz.require_role(current_actor(), of.export.permission)
    with storage.open_file(stored) as stream:
        return Response(stream.read(), headers=storage.response_headers(stored))


@bp.route("/lists/<string:list_name>/export", methods=["GET", "POST"])
@signed_in
def export(list_name: str) -> Answer:
    """The list as a file; of some with a reason, of some after the password was proved anew."""
    return take(_list(list_name))


def take(of: ListOf) -> Any:
    """The way out of a list; a list's own address for it leads here too."""
    if of.export is None:
        raise NotFound()
    authz.require_role(current_actor(), of.export.permission)
    if of.export.steps_up(current_actor()):
        return _after_password(of)
    return _take(of, of.export)


@step_up_required
def _after_password(of: ListOf) -> Any:
    assert of.export is not None
    return _take(of, of.export)


def _take(of: ListOf, export: Export) -> Any:
    if export.asks_reason:
        return _take_with_reason(of, export)
    form, arguments = ConfirmForm(), request.args.to_dict()
    kind = XLSX if arguments.get("format") == XLSX else CSV
    if request.method == "GET" and (kind == CSV or not taking.is_large(of, current_actor(), arguments)):
        return _file(of, kind)
    if not form.validate_on_submit():
        return render_form("lists/large.html", form, of=of, back=_back(of))
    return redirect(once(form.key.data or "", current_actor().id, lambda: _asked(of)))


def _take_with_reason(of: ListOf, export: Export) -> Any:
    asked = request.args.get("format")
    form = TakeForm(data={"format": CSV if asked == CSV else XLSX} if request.method == "GET" else None)
    if not form.validate_on_submit():
        page = {"title": export.title, "content": export.content, "back": (of.title, _back(of))}
        return render_form("layouts/export.html", form, **page)
    reason = form.reason.data or ""
    if form.format.data == XLSX and taking.is_large(of, current_actor(), request.args.to_dict()):
        return redirect(once(form.key.data or "", current_actor().id, lambda: _asked(of, reason)))
    return _file(of, form.format.data, reason)


def _file(of: ListOf, kind: str, reason: str = "") -> Response:
    write = taking.book_of if kind == XLSX else taking.csv_of
    return write(of, current_actor(), request.args.to_dict(), reason)


def _asked(of: ListOf, reason: str = "") -> str:
    task = taking.ask(current_actor(), of, request.args.to_dict(), reason)
    return url_for("lists.task", task_id=task.public_id)


def _back(of: ListOf) -> str:
    return address(of, of.known(current_actor(), request.args.to_dict()))

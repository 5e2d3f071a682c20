"""Pages on editions of the foreign user list: all of them, uploading one, what it changes, taking it into use."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.core import audit
from app.core.errors import Refused, Stale, TransitionNotAllowed
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, load, permission_required, render_form
from app.screening import editions, queries
from app.screening.blueprint import bp
from app.screening.forms import EditionForm, UseForm
from app.screening.models import ListEdition
from app.screening.vocabulary import EditionState

SHOWN_PROBLEMS = 50


@bp.get("/editions")
@permission_required("userlist:import")
def edition_index() -> Answer:
    return render_template("screening/editions.html", editions=queries.editions(), current=queries.current_edition())


@bp.route("/editions/new", methods=["GET", "POST"])
@permission_required("userlist:import")
def upload() -> Answer:
    """Upload and check a file; what cannot be read of it is listed cell by cell, and nothing is kept."""
    form, actor = EditionForm(), current_actor()
    if not form.validate_on_submit():
        return render_form("screening/upload.html", form)
    file = form.file.data
    sent = editions.Upload(file.stream.read(), file.filename or "", form.dated_on.data, form.in_force_on.data)

    def take() -> str:
        return url_for(".edition", edition_id=editions.upload(actor, sent).public_id)

    try:
        return redirect(once(form.key.data or "", actor.id, take))
    except editions.Unreadable as refusal:
        cells = refusal.cells
        return render_form("screening/upload.html", form, cells=cells[:SHOWN_PROBLEMS], number=len(cells))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("screening/upload.html", form)


@bp.get("/editions/<string:edition_id>")
@permission_required("userlist:import")
def edition(edition_id: str) -> Answer:
    return _page(_load(edition_id))


def _load(edition_id: str) -> ListEdition:
    found: ListEdition = load(ListEdition, edition_id, "userlist:import", *queries.EDITION_FOR_PAGE)
    return found


def _page(found: ListEdition, *, is_stale: bool = False) -> str:
    return render_template(
        "screening/edition.html",
        edition=found,
        differences=found.differences,
        form=UseForm(formdata=None, version=str(found.version)),
        giving_up=ConfirmForm(formdata=None),
        job=editions.job_of(found),
        is_current=queries.current_edition() is found,
        waits=found.state is EditionState.CHECKED,
        is_stale=is_stale,
        entries=audit.timeline(found),
    )


@bp.post("/editions/<string:edition_id>/import")
@permission_required("userlist:import")
def use_edition(edition_id: str) -> Answer:
    found, form = _load(edition_id), UseForm()
    if not form.validate_on_submit():
        return _page(found), 422
    try:
        editions.take_into_use(current_actor(), found, version=form.read_version())
    except (Stale, TransitionNotAllowed):
        return _page(found, is_stale=True), Stale.status
    flash(_("The import has begun. It goes on by itself; this page says how far it is."), "notice")
    return redirect(url_for(".edition", edition_id=found.public_id))


@bp.post("/editions/<string:edition_id>/give-up")
@permission_required("userlist:import")
def give_up_edition(edition_id: str) -> Answer:
    found = _load(edition_id)
    if not ConfirmForm().validate_on_submit():
        return _page(found), 422
    editions.give_up(current_actor(), found)
    flash(_("The edition is given up. It is not used, and stays on record."), "success")
    return redirect(url_for(".edition_index"))

"""Pages of returns to Japan: reporting one, the list, confirming one."""

from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.alumni import queries, revisits
from app.alumni.blueprint import bp
from app.alumni.forms import RevisitForm
from app.alumni.lists import RETURNS
from app.alumni.models import AlumnusState, Revisit, RevisitKind
from app.alumni.workflow import REVISIT
from app.core import audit
from app.core.errors import GuardsFailed, NotFound, Refused, Stale
from app.core.forms import CommentForm
from app.core.i18n import language
from app.core.idempotency import once
from app.core.lists import page as lists
from app.core.lists.views import take
from app.core.web import (
    Answer,
    blame,
    current_actor,
    done,
    load,
    may,
    permission_required,
    render_form,
    step_up_required,
)
from app.directory import countries


def _values(form: RevisitForm) -> dict[str, Any]:
    return {
        "kind": RevisitKind(form.kind.data),
        "starts_on": form.starts_on.data,
        "ends_on": form.ends_on.data,
        "note": form.note.data or "",
    }


def _asked(form: RevisitForm) -> revisits.Place | None:
    """Where the person came back to; None when the form must first ask which institution is meant."""
    where = revisits.place(form.institution.data or "", form.chosen.data or "")
    if where.offers:
        form.ask(where)
        return None
    return where


@bp.route("/me/returns/new", methods=["GET", "POST"])
@permission_required("revisit:report")
def report() -> Answer:
    actor = current_actor()
    alumnus = queries.own(actor)
    if alumnus is None or alumnus.state is AlumnusState.LEFT:
        raise NotFound()
    form = RevisitForm()
    context: dict[str, Any] = {"revisit": None}
    if not form.validate_on_submit() or (where := _asked(form)) is None:
        return render_form("alumni/revisit_form.html", form, **context)

    def make() -> str:
        revisits.report(actor, alumnus, where=where, **_values(form))
        return url_for(".me", _anchor="returns")

    try:
        return redirect(once(form.key.data or "", actor.id, make))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("alumni/revisit_form.html", form, **context)


@bp.route("/me/returns/<string:revisit_id>", methods=["GET", "POST"])
@permission_required("revisit:report")
def edit_revisit(revisit_id: str) -> Answer:
    revisit = load(Revisit, revisit_id, "revisit:report", *queries.FOR_PAGE)
    if not REVISIT.is_editable(revisit):
        return redirect(url_for(".me", _anchor="returns"))
    form = RevisitForm(
        data={
            "kind": revisit.kind.value,
            "institution": revisit.institution.name if revisit.institution else revisit.institution_name,
            "chosen": "" if revisit.institution else revisits.AS_TYPED,
            "starts_on": revisit.starts_on,
            "ends_on": revisit.ends_on,
            "note": revisit.note,
            "version": revisit.version,
        }
    )
    context: dict[str, Any] = {"revisit": revisit}
    if not form.validate_on_submit() or (where := _asked(form)) is None:
        return render_form("alumni/revisit_form.html", form, **context)
    try:
        revisits.change(current_actor(), revisit, where=where, version=form.read_version(), **_values(form))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("alumni/revisit_form.html", form, **context)
    except Stale:
        return render_template("alumni/revisit_form.html", form=form, theirs=revisit, **context), Stale.status
    return done(_("Your report is changed."), ".me", _anchor="returns")


@bp.get("/institutions")
@permission_required("revisit:report")
def institutions() -> Response:
    """Names of institutions in Japan for the field that asks where somebody came back to."""
    text = request.args.get("q", "").strip()[:100]
    found = queries.institutions_like(text) if text else []
    return jsonify(results=[{"name": item.name, "detail": item.city} for item in found])


@bp.get("/revisits", endpoint="revisits")
@permission_required("revisit:view")
def index() -> Answer:
    more = {"states": REVISIT.states, "countries": countries.names(language())}
    return lists.answer(RETURNS, "alumni/revisits.html", lambda _page: more)


@bp.route("/revisits/export", methods=["GET", "POST"])
@permission_required("revisit:export")
@step_up_required
def export_revisits() -> Any:
    return take(RETURNS)


@bp.get("/revisits/<string:revisit_id>")
@permission_required("revisit:view")
def revisit(revisit_id: str) -> Answer:
    found = load(Revisit, revisit_id, "revisit:view", *queries.FOR_PAGE)
    return render_template(
        "alumni/revisit.html",
        revisit=found,
        invitee=found.alumnus.invitee,
        knows_person=may("invitee:view", found.alumnus.invitee),
        visits=queries.visits_of(found.invitee_id),
        state=REVISIT.states[found.state],
        offers=REVISIT.offers(found, current_actor()),
        history=audit.timeline(found),
    )


@bp.route("/revisits/<string:revisit_id>/<string:verb>", methods=["GET", "POST"])
@permission_required("revisit:view")
def transition(revisit_id: str, verb: str) -> Answer:
    found = load(Revisit, revisit_id, "revisit:view", *queries.FOR_PAGE)
    if verb not in REVISIT:
        raise NotFound()
    form = CommentForm()
    context = {"revisit": found, "invitee": found.alumnus.invitee, "verb": REVISIT[verb]}
    if not form.validate_on_submit():
        return render_form("alumni/transition.html", form, **context)
    try:
        revisits.transition(current_actor(), found, verb, form.comment.data or "")
    except GuardsFailed as refusal:
        blame(form, refusal)
        return render_form("alumni/transition.html", form, **context)
    return done(str(REVISIT[verb].done), ".revisit", revisit_id=found.public_id)

"""A person's own pages: what is known of me, who may see it, my returns to Japan."""

from datetime import timedelta
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from app.alumni import directory_views, queries, revisit_views, service
from app.alumni.blueprint import bp
from app.alumni.forms import LeaveForm, NameForm, ProfileForm, visibility_form
from app.alumni.models import Alumnus, AlumnusState, Audience
from app.alumni.profile import FIELDS, audience_of, facts
from app.alumni.workflow import ALUMNUS, REVISIT
from app.closing import queries as closing
from app.core import limits
from app.core.errors import NotFound, Stale
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, current_actor, done, permission_required, render_form

__all__ = ["bp", "directory_views", "revisit_views"]

NAME_REQUESTS_PER_DAY = 5


def _mine() -> Alumnus:
    """The profile of who acts. Raises: NotFound for people who have none."""
    alumnus = queries.own(current_actor())
    if alumnus is None:
        raise NotFound()
    return alumnus


def _member() -> Alumnus:
    """As `_mine`, for pages that are closed to those who left."""
    alumnus = _mine()
    if alumnus.state is AlumnusState.LEFT:
        raise NotFound()
    return alumnus


@bp.get("/me")
@permission_required("alumnus:view-own")
def me() -> Answer:
    alumnus = _mine()
    known = dict(facts(alumnus, Audience.ONLY_ME))
    return render_template(
        "alumni/me.html",
        alumnus=alumnus,
        invitee=alumnus.invitee,
        left=alumnus.state is AlumnusState.LEFT,
        state=ALUMNUS.states[alumnus.state],
        rows=[(label, known.get(label, ""), audience_of(alumnus, field).label) for field, label in FIELDS.items()],
        visits=queries.visits_of(alumnus.invitee_id),
        certificates=closing.certificates_of_person(current_actor(), alumnus.invitee_id),
        asks=service.asks_to_confirm(alumnus),
        revisits=[(revisit, REVISIT.states[revisit.state]) for revisit in alumnus.revisits],
        form=ConfirmForm(),
    )


@bp.route("/me/edit", methods=["GET", "POST"])
@permission_required("alumnus:edit")
def edit() -> Answer:
    alumnus = _member()
    form = ProfileForm(obj=alumnus)
    if not form.validate_on_submit():
        return render_form("alumni/edit.html", form)
    try:
        service.edit(current_actor(), alumnus, version=form.read_version(), **form.payload())
    except Stale:
        theirs = facts(alumnus, Audience.ONLY_ME)
        return render_template("alumni/edit.html", form=form, theirs=theirs), Stale.status
    return done(_("Your profile is saved."), ".me")


@bp.route("/me/visibility", methods=["GET", "POST"])
@permission_required("alumnus:edit")
def visibility() -> Answer:
    alumnus = _member()
    form = visibility_form(alumnus)
    context: dict[str, Any] = {
        "fields": FIELDS,
        "alumnus": alumnus,
        "shown": facts(alumnus, Audience.ALUMNI),
        "to_host": facts(alumnus, Audience.MY_HOST),
    }
    if not form.validate_on_submit():
        return render_form("alumni/visibility.html", form, **context)
    try:
        service.choose_visibility(
            current_actor(),
            alumnus,
            listed=bool(form.listed.data),
            visibility=form.chosen(),
            version=form.read_version(),
        )
    except Stale:
        return render_template("alumni/visibility.html", form=form, stale=True, **context), Stale.status
    return done(_("Your choice is saved. Below you see what others see."), ".visibility", _anchor="preview")


@bp.post("/me/confirm")
@permission_required("alumnus:edit")
def confirm() -> Answer:
    alumnus = _member()
    if not ConfirmForm().validate_on_submit():
        return redirect(url_for(".me"))
    service.confirm(current_actor(), alumnus)
    return done(_("Thank you. We will ask again in a year."), ".me")


@bp.route("/me/name", methods=["GET", "POST"])
@permission_required("alumnus:edit")
def name() -> Answer:
    alumnus, actor = _member(), current_actor()
    form = NameForm()
    if not form.validate_on_submit():
        return render_form("alumni/name.html", form, invitee=alumnus.invitee)
    limits.hit("alumni:name", str(actor.id), NAME_REQUESTS_PER_DAY, timedelta(days=1))

    def ask() -> str:
        service.ask_for_name_correction(actor, alumnus, wanted=form.wanted.data or "")
        return url_for(".me")

    once(form.key.data or "", actor.id, ask)
    return done(_("Your request has gone to JST. A coordinator will look at it."), ".me")


@bp.route("/me/leave", methods=["GET", "POST"])
@permission_required("alumnus:edit")
def leave() -> Answer:
    alumnus = _member()
    form = LeaveForm()
    if not form.validate_on_submit():
        return render_form("alumni/leave.html", form)
    service.leave(current_actor(), alumnus)
    return done(str(ALUMNUS["leave"].done), ".me")

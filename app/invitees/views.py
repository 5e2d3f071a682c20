"""Pages on persons."""

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from app.core import audit, conflict, dossier
from app.core.errors import Refused, Stale
from app.core.i18n import label_of, language
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
from app.invitees import lists as lists_of_people
from app.invitees import queries, service
from app.invitees.forms import InviteeForm, PassportForm, RevealForm
from app.invitees.models import Invitee

bp = Blueprint("invitees", __name__, url_prefix="/invitees")


@bp.get("")
@permission_required("invitee:view")
def index() -> Answer:
    personal = lists_of_people.knows_persons(current_actor())
    more = {
        "personal": personal,
        "names": dict(countries.choices(language())) if personal else {},
        "categories": lists_of_people.categories(),
    }
    return lists.answer(lists_of_people.INVITEES, "invitees/index.html", lambda _page: more)


@bp.route("/export", methods=["GET", "POST"])
@permission_required("invitee:export")
@step_up_required
def export() -> Any:
    """The filtered list as a file, after the password was proved anew, with a reason that stays in the audit log."""
    return take(lists_of_people.INVITEES)


@bp.get("/<string:invitee_id>")
@permission_required("invitee:view")
def show(invitee_id: str) -> Answer:
    invitee = load(Invitee, invitee_id, "invitee:view", queries.WITH_PASSPORT)
    personal = may("invitee:view-personal", invitee)
    return render_template(
        "invitees/show.html",
        invitee=invitee,
        personal=personal,
        rows=_known(invitee, personal=personal),
        sections=dossier.sections(current_actor(), invitee),
        history=audit.timeline(invitee, limit=20) if personal else [],
        may_edit=may("invitee:edit", invitee),
        may_reveal=invitee.passport is not None and may("passport:reveal", invitee),
    )


def _known(invitee: Invitee, *, personal: bool) -> list[tuple[str, str]]:
    """What is known of a person, as label and value; without the permission for personal data only the basics."""
    rows = [
        (_("Name in the person's own script"), invitee.native_name),
        (_("Katakana"), invitee.katakana),
        (_("Category"), str(label_of(invitee.category))),
        (_("Affiliation"), invitee.affiliation),
    ]
    if personal:
        passport = invitee.passport
        rows += [
            (_("Nationality (country or region)"), countries.name(invitee.nationality, language())),
            (_("Sex, as in the passport"), str(label_of(invitee.sex))),
            (_("Date of birth"), invitee.date_of_birth.isoformat() if invitee.date_of_birth else ""),
            (_("E-mail"), invitee.email),
            (_("Passport"), f"••••{passport.last_signs}" if passport else ""),
            (_("Passport valid until"), passport.expires_on.isoformat() if passport and passport.expires_on else ""),
        ]
    return [(label, value) for label, value in rows if value]


@bp.route("/<string:invitee_id>/edit", methods=["GET", "POST"])
@permission_required("invitee:edit")
def edit(invitee_id: str) -> Answer:
    invitee = load(Invitee, invitee_id, "invitee:edit")
    form = InviteeForm(obj=invitee)
    if not form.validate_on_submit():
        return render_form("invitees/edit.html", form, invitee=invitee)
    try:
        service.update(current_actor(), invitee, version=form.read_version(), **form.payload())
    except Refused as refusal:
        blame(form, refusal)
        return render_form("invitees/edit.html", form, invitee=invitee)
    except Stale:
        stored = {name: getattr(invitee, name) for name in form.payload()}
        theirs = conflict.differences(form, stored, invitee.version)
        page = render_template("invitees/edit.html", form=form, invitee=invitee, theirs=theirs, stale=True)
        return page, Stale.status
    return done(_("The person's data is saved."), ".show", invitee_id=invitee.public_id)


@bp.route("/<string:invitee_id>/passport/new", methods=["GET", "POST"])
@permission_required("passport:write")
def passport_entry(invitee_id: str) -> Answer:
    invitee = load(Invitee, invitee_id, "passport:write")
    form = PassportForm()
    if form.validate_on_submit():
        try:
            service.write_passport(
                current_actor(), invitee, number=form.number.data or "", expires_on=form.expires_on.data
            )
        except Refused as refusal:
            blame(form, refusal)
        else:
            return done(_("The passport is stored, encrypted."), ".show", invitee_id=invitee.public_id)
    return render_form("invitees/passport_entry.html", form, invitee=invitee)


@bp.route("/<string:invitee_id>/passport", methods=["GET", "POST"])
@permission_required("passport:reveal")
@step_up_required
def passport(invitee_id: str) -> Answer:
    invitee = load(Invitee, invitee_id, "passport:reveal")
    form = RevealForm()
    if not form.validate_on_submit():
        return render_form("invitees/passport.html", form, invitee=invitee, number=None)
    number = service.reveal_passport(current_actor(), invitee, reason=form.reason.data or "")
    return render_template("invitees/passport.html", form=form, invitee=invitee, number=number)

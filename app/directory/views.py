"""Pages on organizations, and those on which a stranger asks that an institution takes part."""

import enum
from typing import Any, TypeVar

from flask import Blueprint, Response, flash, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from app.core import audit, conflict, dossier
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
    public,
    redirect,
    render_form,
)
from app.directory import countries, prefectures, queries, service
from app.directory.forms import OrganizationForm, RegistrationForm, SendingForm
from app.directory.lists import ORGANIZATIONS, SIDES
from app.directory.models import KIND_LABELS, Organization, Side
from app.directory.workflow import ORGANIZATION

bp = Blueprint("directory", __name__, url_prefix="/organizations")

SCHEMES = {"ror": "ROR", "isni": "ISNI", "wikidata": "Wikidata", "grid": "GRID", "fundref": "Crossref Funder ID"}
Word = TypeVar("Word", bound=enum.StrEnum)


def _word(kind: type[Word], name: str) -> Word | None:
    """A filter's value, if it is one."""
    try:
        return kind(request.args.get(name, ""))
    except ValueError:
        return None


@bp.get("")
@permission_required("organization:view")
def index() -> Answer:
    return lists.answer(ORGANIZATIONS, "directory/index.html", _beside)


def _beside(page: lists.ListPage) -> dict[str, Any]:
    """What the list shows besides its rows: names of places, and near spellings where nothing was found."""
    text = page.given["text"]
    return {
        "guesses": queries.did_you_mean(current_actor(), text, page.given["side"]) if text and not page.rows else [],
        "names": countries.names(language()),
        "prefecture_names": dict(prefectures.choices(language())),
        "kinds": KIND_LABELS,
        "states": ORGANIZATION.states,
    }


@bp.route("/export", methods=["GET", "POST"])
@permission_required("organization:view")
def export() -> Any:
    return take(ORGANIZATIONS)


@bp.get("/suggest")
@permission_required("organization:view")
def suggest() -> Response:
    found = queries.suggest(request.args.get("q", "")[:100], _word(Side, "side"), 10)
    return jsonify([serialize(suggestion) for suggestion in found])


def serialize(suggestion: queries.Suggestion) -> dict[str, Any]:
    """A suggestion as JSON."""
    return {
        "id": suggestion.public_id,
        "name": suggestion.name,
        "other_name": suggestion.other_name,
        "place": ", ".join(filter(None, (suggestion.city, countries.name(suggestion.country, language())))),
        "country": suggestion.country,
        "guess": suggestion.is_guess,
    }


@bp.get("/suggest-hosts")
@public
def suggest_hosts() -> Response:
    found = queries.suggest_hosts(request.args.get("q", "")[:100], 10)
    return jsonify([serialize(suggestion) for suggestion in found])


@bp.get("/register")
@public
def register() -> Answer:
    text = request.args.get("q", "").strip()[:100]
    found = queries.suggest_hosts(text, 15) if text else []
    return render_template("directory/register.html", text=text, found=found, states=ORGANIZATION.states)


@bp.route("/register/details", methods=["GET", "POST"])
@public
def register_details() -> Answer:
    chosen = request.values.get("institution", "")
    institution = queries.requestable_host(chosen) if chosen else None
    if chosen and institution is None:
        raise NotFound()
    form = RegistrationForm(institution)
    if not form.validate_on_submit():
        return render_form("directory/register_details.html", form, institution=institution)

    def ask() -> str:
        asked = form.payload()
        request_of = service.Request(
            asked.pop("contact_name"), asked.pop("contact_email"), language(), asked.pop("note") or ""
        )
        service.request_registration(request_of, client=request.remote_addr or "", **asked)
        return url_for(".registered")

    try:
        return redirect(once(form.key.data or "", None, ask))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("directory/register_details.html", form, institution=institution)


@bp.get("/register/received")
@public
def registered() -> Answer:
    return render_template("directory/registered.html")


@bp.route("/new", methods=["GET", "POST"])
@permission_required("institution:approve")
def create() -> Answer:
    form = SendingForm()
    if not form.validate_on_submit():
        return render_form("directory/new.html", form)

    def make() -> str:
        made = service.create_sending(current_actor(), **form.payload())
        return url_for(".show", organization_id=made.public_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, make))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("directory/new.html", form)


@bp.get("/<string:organization_id>")
@permission_required("organization:view")
def show(organization_id: str) -> Answer:
    actor = current_actor()
    organization = load(Organization, organization_id, "organization:view", *queries.of_page())
    insider = may("institution:approve")
    return render_template(
        "directory/show.html",
        organization=organization,
        state=ORGANIZATION.states[organization.state],
        place=countries.name(organization.country, language()),
        prefecture=prefectures.name(organization.prefecture, language()) if organization.prefecture else "",
        sides=SIDES,
        numbers=[(SCHEMES.get(number.scheme, number.scheme), number.value) for number in organization.external_ids],
        address=lambda name: url_for(".transition", organization_id=organization.public_id, verb=name),
        children=queries.children(actor, organization),
        predecessors=queries.predecessors(actor, organization),
        sections=dossier.sections(actor, organization),
        offers=ORGANIZATION.offers(organization, actor),
        may_edit=may("organization:edit", organization),
        insider=insider,
        history=audit.timeline(organization, limit=20) if insider else [],
    )


@bp.route("/<string:organization_id>/edit", methods=["GET", "POST"])
@permission_required("organization:edit")
def edit(organization_id: str) -> Answer:
    organization = load(Organization, organization_id, "organization:edit", *queries.of_page())
    form = OrganizationForm(organization)
    if not form.validate_on_submit():
        return render_form("directory/edit.html", form, organization=organization)
    try:
        service.update(current_actor(), organization, version=form.read_version(), **form.payload())
    except Refused as refusal:
        blame(form, refusal)
        return render_form("directory/edit.html", form, organization=organization)
    except Stale:
        theirs = conflict.differences(form, form.stored(organization), organization.version)
        page = render_template("directory/edit.html", form=form, organization=organization, theirs=theirs, stale=True)
        return page, Stale.status
    return done(_("The organization's data is saved."), ".show", organization_id=organization.public_id)


@bp.route("/<string:organization_id>/<string:verb>", methods=["GET", "POST"])
@permission_required("institution:approve")
def transition(organization_id: str, verb: str) -> Answer:
    organization = load(Organization, organization_id, "institution:approve")
    if verb not in ORGANIZATION or ORGANIZATION[verb].hidden:
        raise NotFound()
    move, form = ORGANIZATION[verb], CommentForm()
    page = {"organization": organization, "move": move}
    if not form.validate_on_submit():
        return render_form("directory/transition.html", form, **page)

    def fire() -> str:
        service.transition(current_actor(), organization, verb, form.comment.data or "")
        flash(str(move.done), "success")
        return url_for(".show", organization_id=organization.public_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, fire))
    except (GuardsFailed, Refused) as refusal:
        blame(form, refusal)
        return render_form("directory/transition.html", form, **page)

"""Pages on forms 1 and 2: which an institution has, one of them, its paper, and giving it anew."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import audit, clock
from app.core.errors import NotFound, Refused, Stale
from app.core.i18n import LANGUAGES, language
from app.core.lists import page as lists
from app.core.web import Answer, blame, current_actor, done, load, may, permission_required
from app.directory.models import HostInstitution
from app.documents import papers
from app.export_control import declaring, paper, queries, service
from app.export_control.forms import DeclarationForm
from app.export_control.lists import DECLARATIONS, sees_hosts
from app.export_control.models import Declaration
from app.export_control.parties import HOST, Party

bp = Blueprint("export_control", __name__, url_prefix="/export-control")


@bp.get("")
@permission_required("declaration:view")
def index() -> Answer:
    """The forms the reader may know; those in use unless others are asked for."""
    more = {"sees_hosts": sees_hosts(current_actor())}
    return lists.answer(DECLARATIONS, "export_control/index.html", lambda _page: more)


@bp.get("/<string:declaration_id>")
@permission_required("declaration:view")
def show(declaration_id: str) -> Answer:
    declaration = _load(declaration_id, "declaration:view")
    return render_template(
        "export_control/show.html",
        declaration=declaration,
        form=paper.of_declaration(declaration)[0],
        history=queries.history(declaration),
        entries=audit.timeline(declaration),
        may_renew=may("declaration:edit", declaration) and declaration.superseded_at is None,
    )


@bp.get("/<string:declaration_id>/form.pdf")
@permission_required("declaration:view")
def form_pdf(declaration_id: str) -> Response:
    declaration = _load(declaration_id, "declaration:view")
    asked = request.args.get("language", "")
    tongue = "en" if (asked if asked in LANGUAGES else language()) == "en" else "ja"
    with force_locale(tongue):
        forms = paper.of_declaration(declaration)
    content = papers.export_forms(forms, language=tongue, at=clock.now())  # type: ignore[arg-type]
    name = f"{declaration.kind.value.replace('_', '-')}-{declaration.dated_on}-{tongue}.pdf"
    return send_file(BytesIO(content), "application/pdf", as_attachment=True, download_name=name)


@bp.route("/new", methods=["GET", "POST"])
@permission_required("declaration:edit")
def create() -> Answer:
    """Give the forms of one's own institution; of several, of the one named."""
    actor = current_actor()
    held = declaring.own_institutions(actor)
    asked = request.args.get("institution")
    institution = next((one for one in held if one.public_id == asked), held[0] if held and not asked else None)
    if institution is None:
        raise NotFound()
    return _give(institution, HOST, institutions=held)


@bp.route("/<string:declaration_id>/renew", methods=["GET", "POST"])
@permission_required("declaration:edit")
def renew(declaration_id: str) -> Answer:
    """Correct a form, or give it anew, with its answers as a start; of a partner, on its behalf."""
    declaration = _load(declaration_id, "declaration:edit")
    if declaration.superseded_at is not None:
        return redirect(url_for(".show", declaration_id=declaration.public_id))
    party = Party(declaration.party, declaration.party_name, declaration.organization_id)
    return _give(declaration.institution, party, given_for=declaration.given_for)


def _load(declaration_id: str, permission: str) -> Declaration:
    declaration: Declaration = load(Declaration, declaration_id, permission, *queries.FOR_PAGE)
    return declaration


def _give(institution: HostInstitution, party: Party, **context: Any) -> Answer:
    of_host = party.key == HOST.key
    form = DeclarationForm(of_host=of_host, data=declaring.stored(institution.id, party))
    page = {"institution": institution, "of_host": of_host, **context}
    if not form.validate_on_submit():
        return render_template("export_control/give.html", form=form, **page), 422 if form.is_submitted() else 200
    try:
        service.check_used(institution.id, party, form.seen.data or "")
        declaring.give(
            current_actor(),
            institution,
            party,
            form.answers(),
            responsible=form.responsible.data or "",
            dated_on=form.dated_on.data,
        )
    except Refused as refusal:
        blame(form, refusal)
        return render_template("export_control/give.html", form=form, **page), 422
    except Stale:
        form.seen.data = form.seen.raw_data = None
        now_used = declaring.stored(institution.id, party)
        form.seen.data = now_used["seen"]
        return render_template("export_control/give.html", form=form, now_used=now_used, **page), Stale.status
    return done(_("The forms are kept. Every plan that is not handed in yet uses them."), ".index")

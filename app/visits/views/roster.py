"""The roster's way from a file into a visit: upload, one page of questions and people, saving."""

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from app.core.errors import DomainError, Refused, Stale
from app.core.exporting import stream_csv
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, done, may, permission_required
from app.invitees import roster_pages
from app.invitees.roster.draft import FIELDS
from app.invitees.roster.findings import FIELD_LABELS
from app.invitees.roster_controls import said_by
from app.invitees.roster_forms import ColumnsForm, RosterForm, UploadForm
from app.invitees.roster_pages import Frame
from app.visits import roster_matching, roster_queries, roster_saving, roster_service
from app.visits.models import RosterImport, RosterImportState, Visit
from app.visits.roster_service import PERMISSION
from app.visits.views.blueprint import bp
from app.visits.views.shared import editable_visit_for, row_of, visit_for

PATH = "/visits/<string:visit_id>/roster"


@bp.route(PATH, methods=["GET", "POST"])
@permission_required(PERMISSION)
def roster_upload(visit_id: str) -> Answer:
    visit = editable_visit_for(visit_id, PERMISSION)
    form = UploadForm()
    if form.validate_on_submit():
        upload = form.file.data

        def start() -> str:
            made = roster_service.start(
                current_actor(), visit, data=upload.stream.read(), filename=upload.filename or ""
            )
            return url_for(".roster_import", visit_id=visit.public_id, import_id=made.public_id)

        try:
            return redirect(once(form.key.data or "", current_actor().id, start))
        except Refused as refusal:
            blame(form, refusal)
    waiting = [(found, _address(visit, found)) for found in roster_queries.open_imports(visit)]
    return roster_pages.render_refused("roster_upload.html", form, _frame(visit), waiting=waiting)


@bp.get(f"{PATH}/template.csv")
@permission_required(PERMISSION)
def roster_template(visit_id: str) -> Response:
    visit = visit_for(visit_id, PERMISSION)
    header = [FIELD_LABELS[name] for name in FIELDS]
    return stream_csv(f"{_('roster')}-{visit.reference}.csv", header, [])


@bp.get(f"{PATH}/<string:import_id>")
@permission_required(PERMISSION)
def roster_import(visit_id: str, import_id: str) -> Answer:
    visit, found = _load(visit_id, import_id)
    if found.state is not RosterImportState.OPEN:
        return roster_pages.render("roster_ended.html", _frame(visit, found), found=found, states=RosterImportState)
    return _page(visit, found)


@bp.post(f"{PATH}/<string:import_id>")
@permission_required(PERMISSION)
def answer_roster(visit_id: str, import_id: str) -> Answer:
    visit, found = _load(visit_id, import_id)
    form = RosterForm()
    try:
        _answer(found, form)
    except Stale:
        return _page(visit, found, stale=True)
    return redirect(_address(visit, found))


@bp.post(f"{PATH}/<string:import_id>/save")
@permission_required(PERMISSION)
def save_roster(visit_id: str, import_id: str) -> Answer:
    visit, found = _load(visit_id, import_id)
    actor, form = current_actor(), RosterForm()

    def save() -> str:
        if _answer(found, form):
            flash(_("Your last answers are kept. Look at the list once more, then save it."), "notice")
            return _address(visit, found)
        roster_saving.confirm(actor, found, version=form.read_version(), fingerprint=form.fingerprint.data or None)
        flash(_("The roster is saved. The file and all that was read from it are deleted."), "success")
        return url_for(".show", visit_id=visit.public_id, _anchor="people")

    try:
        return redirect(once(form.key.data or "", actor.id, save))
    except Stale:
        return _page(visit, found, stale=True)
    except DomainError as refusal:
        if refusal.status != 422:
            raise
        return _page(visit, found, refused=refusal)


@bp.post(f"{PATH}/<string:import_id>/columns")
@permission_required(PERMISSION)
def map_roster(visit_id: str, import_id: str) -> Answer:
    visit, found = _load(visit_id, import_id)
    form, draft = ColumnsForm(), roster_service.draft_of(found)
    if draft is None or not form.validate_on_submit():
        return _page(visit, found, columns=form)
    mapping = form.read(request.form, draft)
    if mapping is None:
        return _page(visit, found, columns=form)
    try:
        roster_service.map_columns(current_actor(), found, mapping=mapping, version=form.read_version())
    except Stale:
        return _page(visit, found, stale=True)
    return done(
        _("The file is read again with these columns."), ".roster_import", visit_id=visit_id, import_id=import_id
    )


@bp.post(f"{PATH}/<string:import_id>/encoding")
@permission_required(PERMISSION)
def choose_encoding(visit_id: str, import_id: str) -> Answer:
    visit, found = _load(visit_id, import_id)
    form = roster_pages.encoding_form(found)
    if form.validate_on_submit():
        try:
            roster_service.choose_encoding(
                current_actor(), found, encoding=form.encoding.data, version=form.read_version()
            )
            return redirect(_address(visit, found))
        except Refused as refusal:
            blame(form, refusal)
    return roster_pages.encoding_page(_frame(visit, found), found, form, hides=_hides_numbers(found))


@bp.route(f"{PATH}/<string:import_id>/abandon", methods=["GET", "POST"])
@permission_required(PERMISSION)
def abandon_roster(visit_id: str, import_id: str) -> Answer:
    visit, found = _load(visit_id, import_id)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return roster_pages.render_refused("roster_abandon.html", form, _frame(visit, found), found=found)
    roster_service.abandon(current_actor(), found)
    return done(_("The file is deleted. The visit is as it was."), ".show", visit_id=visit.public_id)


def _load(visit_id: str, import_id: str) -> tuple[Visit, RosterImport]:
    visit = visit_for(visit_id, PERMISSION)
    return visit, row_of(visit, RosterImport, import_id, PERMISSION)


def _address(visit: Visit, found: RosterImport) -> str:
    return url_for(".roster_import", visit_id=visit.public_id, import_id=found.public_id)


def _hides_numbers(found: RosterImport) -> bool:
    """Passport numbers are shown to whoever typed them, and to nobody else before they are stored."""
    return found.created_by_id != current_actor().id or not may("passport:write", found.visit)


def _answer(found: RosterImport, form: RosterForm) -> bool:
    """Keep what the form says; whether that was anything new."""
    draft = roster_service.draft_of(found)
    if draft is None:
        return False
    before = roster_service.said_of(found)
    said = said_by(request.form, draft, before, hides_numbers=_hides_numbers(found))
    return roster_service.answer(current_actor(), found, said=said, version=form.read_version())


def _page(
    visit: Visit,
    found: RosterImport,
    *,
    stale: bool = False,
    refused: DomainError | None = None,
    columns: ColumnsForm | None = None,
) -> Answer:
    draft, hides = roster_service.draft_of(found), _hides_numbers(found)
    frame = _frame(visit, found)
    if draft is None:
        return roster_pages.encoding_page(frame, found, roster_pages.encoding_form(found), hides=hides)
    made = roster_matching.plan(draft, visit)
    return roster_pages.page(frame, found, draft, made, hides=hides, stale=stale, refused=refused, columns=columns)


def _frame(visit: Visit, found: RosterImport | None = None) -> Frame:
    place = {"visit_id": visit.public_id, **({"import_id": found.public_id} if found is not None else {})}
    is_dated = visit.starts_on and visit.ends_on
    return Frame(
        owner=visit.reference,
        above="visits/_above.html",
        place=place,
        stays=_("The visit stays as it is."),
        missing=_("On the roster, but not in this file"),
        back=_("To the visit"),
        people=url_for(".show", visit_id=visit.public_id, _anchor="people"),
        dates=None if is_dated else url_for(".dates", visit_id=visit.public_id),
        undated=_("The visit has no dates yet. Ages and passports can only be checked once the dates are set."),
        context={"visit": visit},
    )

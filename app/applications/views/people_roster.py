"""The people of a plan from a roster's file: upload, one page of questions and people, saving."""

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from app.applications import named_roster
from app.applications.models import Application
from app.applications.named_models import PlanRoster, RosterImportState
from app.applications.views.blueprint import bp
from app.applications.views.people import PATH as PEOPLE
from app.applications.views.people import open_plan
from app.applications.views.shared import application_for
from app.core.errors import DomainError, NotFound, Refused, Stale
from app.core.exporting import stream_csv
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, done, load, permission_required
from app.invitees import roster_pages, roster_reading
from app.invitees.roster.draft import FIELDS
from app.invitees.roster.findings import FIELD_LABELS
from app.invitees.roster_controls import said_by
from app.invitees.roster_forms import ColumnsForm, RosterForm, UploadForm
from app.invitees.roster_pages import Frame

PERMISSION = named_roster.PERMISSION
PATH = f"{PEOPLE}/roster"


@bp.route(PATH, methods=["GET", "POST"])
@permission_required(PERMISSION)
def roster_upload(application_id: str) -> Answer:
    application = open_plan(application_id)
    form = UploadForm()
    if form.validate_on_submit():
        upload = form.file.data

        def start() -> str:
            data, name = upload.stream.read(), upload.filename or ""
            return _address(named_roster.start(current_actor(), application, data=data, filename=name))

        try:
            return redirect(once(form.key.data or "", current_actor().id, start))
        except Refused as refusal:
            blame(form, refusal)
    waiting = [(found, _address(found)) for found in named_roster.open_imports(application)]
    return roster_pages.render_refused("roster_upload.html", form, _frame(application), waiting=waiting)


@bp.get(f"{PATH}/template.csv")
@permission_required(PERMISSION)
def roster_template(application_id: str) -> Response:
    application_for(application_id, PERMISSION)
    return stream_csv(f"{_('roster')}.csv", [FIELD_LABELS[name] for name in FIELDS], [])


@bp.get(f"{PATH}/<string:roster_id>")
@permission_required(PERMISSION)
def roster_import(application_id: str, roster_id: str) -> Answer:
    found = _load(application_id, roster_id)
    if found.state is not RosterImportState.OPEN:
        frame = _frame(found.application, found)
        return roster_pages.render("roster_ended.html", frame, found=found, states=RosterImportState)
    return _page(found)


@bp.post(f"{PATH}/<string:roster_id>")
@permission_required(PERMISSION)
def answer_roster(application_id: str, roster_id: str) -> Answer:
    found = _load(application_id, roster_id)
    try:
        _answer(found, RosterForm())
    except Stale:
        return _page(found, stale=True)
    return redirect(_address(found))


@bp.post(f"{PATH}/<string:roster_id>/save")
@permission_required(PERMISSION)
def save_roster(application_id: str, roster_id: str) -> Answer:
    found = _load(application_id, roster_id)
    actor, form = current_actor(), RosterForm()

    def save() -> str:
        if _answer(found, form):
            flash(_("Your last answers are kept. Look at the list once more, then save it."), "notice")
            return _address(found)
        named_roster.confirm(actor, found, version=form.read_version(), fingerprint=form.fingerprint.data or None)
        flash(_("The people are saved. The file and all that was read from it are deleted."), "success")
        return url_for(".people", application_id=application_id)

    try:
        return redirect(once(form.key.data or "", actor.id, save))
    except Stale:
        return _page(found, stale=True)
    except DomainError as refusal:
        if refusal.status != 422:
            raise
        return _page(found, refused=refusal)


@bp.post(f"{PATH}/<string:roster_id>/columns")
@permission_required(PERMISSION)
def map_roster(application_id: str, roster_id: str) -> Answer:
    found = _load(application_id, roster_id)
    form, draft = ColumnsForm(), named_roster.draft_of(found)
    if draft is None or not form.validate_on_submit():
        return _page(found, columns=form)
    mapping = form.read(request.form, draft)
    if mapping is None:
        return _page(found, columns=form)
    try:
        named_roster.map_columns(current_actor(), found, mapping=mapping, version=form.read_version())
    except Stale:
        return _page(found, stale=True)
    flash(_("The file is read again with these columns."), "success")
    return redirect(_address(found))


@bp.post(f"{PATH}/<string:roster_id>/encoding")
@permission_required(PERMISSION)
def choose_encoding(application_id: str, roster_id: str) -> Answer:
    found = _load(application_id, roster_id)
    form = roster_pages.encoding_form(found)
    if form.validate_on_submit():
        try:
            named_roster.choose_encoding(
                current_actor(), found, encoding=form.encoding.data, version=form.read_version()
            )
            return redirect(_address(found))
        except Refused as refusal:
            blame(form, refusal)
    return roster_pages.encoding_page(_frame(found.application, found), found, form, hides=_hides_numbers(found))


@bp.route(f"{PATH}/<string:roster_id>/abandon", methods=["GET", "POST"])
@permission_required(PERMISSION)
def abandon_roster(application_id: str, roster_id: str) -> Answer:
    found = _load(application_id, roster_id)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return roster_pages.render_refused("roster_abandon.html", form, _frame(found.application, found), found=found)
    named_roster.abandon(current_actor(), found)
    return done(_("The file is deleted. The plan is as it was."), ".people", application_id=application_id)


def _load(application_id: str, roster_id: str) -> PlanRoster:
    """The file of this very plan. Raises: NotFound."""
    application = application_for(application_id, PERMISSION)
    found: PlanRoster = load(PlanRoster, roster_id, PERMISSION)
    if found.application_id != application.id:
        raise NotFound()
    return found


def _address(found: PlanRoster) -> str:
    return url_for(".roster_import", application_id=found.application.public_id, roster_id=found.public_id)


def _hides_numbers(found: PlanRoster) -> bool:
    """Passport numbers are shown to whoever typed them, and to nobody else before they are stored."""
    return found.created_by_id != current_actor().id


def _answer(found: PlanRoster, form: RosterForm) -> bool:
    """Keep what the form says; whether that was anything new."""
    draft = named_roster.draft_of(found)
    if draft is None:
        return False
    before = roster_reading.said_of(found)
    said = said_by(request.form, draft, before, hides_numbers=_hides_numbers(found))
    return named_roster.answer(current_actor(), found, said=said, version=form.read_version())


def _page(
    found: PlanRoster,
    *,
    stale: bool = False,
    refused: DomainError | None = None,
    columns: ColumnsForm | None = None,
) -> Answer:
    draft, hides = named_roster.draft_of(found), _hides_numbers(found)
    frame = _frame(found.application, found)
    if draft is None:
        return roster_pages.encoding_page(frame, found, roster_pages.encoding_form(found), hides=hides)
    made = named_roster.plan(draft, found.application)
    return roster_pages.page(frame, found, draft, made, hides=hides, stale=stale, refused=refused, columns=columns)


def _frame(application: Application, found: PlanRoster | None = None) -> Frame:
    is_dated = application.starts_on and application.ends_on
    return Frame(
        owner=application.reference or "",
        above="applications/_people_above.html",
        place={"application_id": application.public_id, **({"roster_id": found.public_id} if found else {})},
        stays=_("The plan stays as it is."),
        missing=_("In the plan, but not in this file"),
        back=_("People by name"),
        people=url_for(".people", application_id=application.public_id),
        dates=None if is_dated else url_for(".edit", application_id=application.public_id, section="itinerary"),
        undated=_("The plan has no dates yet. Ages and passports can only be checked once the dates are set."),
        context={"application": application},
    )

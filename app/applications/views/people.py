"""The people of a plan by name: the host names, changes, removes and answers; JST reads what was submitted."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.applications import named_counts, named_forms, named_service, panel, plan_service, queries
from app.applications.models import Application
from app.applications.named_forms import MatchForm, NamedEditForm, NamedForm
from app.applications.named_models import PlannedPerson
from app.applications.views.blueprint import bp
from app.applications.views.shared import SECTIONS, application_for, as_known, sees_draft
from app.core import conflict
from app.core.errors import NotFound, Refused, Stale, TransitionNotAllowed
from app.core.forms import ConfirmForm
from app.core.i18n import language
from app.core.idempotency import once
from app.core.web import (
    Answer,
    blame,
    current_actor,
    done,
    error_page,
    may,
    permission_required,
    render_form,
    step_up_required,
)
from app.directory import countries
from app.invitees.forms import RevealForm

PATH = "/<string:application_id>/people"
PERMISSION = named_service.PERMISSION
PERSONAL = "invitee:view-personal"


@bp.get(PATH)
@permission_required(PERSONAL)
def people(application_id: str) -> Answer:
    """Who is named, beside the numbers. JST sees the people of the last submission, never those of a draft."""
    stored = application_for(application_id, "application:view")
    if not may(PERSONAL, stored):
        raise NotFound()
    application = as_known(stored)
    closed = plan_service.why_closed(stored)
    may_edit = sees_draft(stored)
    lines = named_counts.lines(application)
    return render_template(
        "applications/people.html",
        application=application,
        closed=closed if may_edit else None,
        may_edit=may_edit and closed is None,
        people=application.named,
        entered=queries.entered_by(stored) if may_edit else {},
        lines=lines,
        number=sum(line.number for line in lines),
        panel=panel.of(application) if may_edit else panel.frozen(stored),
        sections=SECTIONS,
        form=ConfirmForm(),
        country_name=lambda code: countries.name(code, language()) if code else "",
        may_reveal=_may_reveal(stored),
    )


@bp.route(f"{PATH}/new", methods=["GET", "POST"])
@permission_required(PERMISSION)
def name_person(application_id: str) -> Answer:
    application = open_plan(application_id)
    form = NamedForm()
    form.offer(application.partners)
    if form.validate_on_submit():

        def add() -> str:
            named_service.add(current_actor(), application, **form.fields(application.partners))
            again = request.form.get("do") == "another"
            return url_for(".name_person" if again else ".people", application_id=application.public_id)

        try:
            return redirect(once(form.key.data or "", current_actor().id, add))
        except Refused as refusal:
            blame(form, refusal)
    return render_form("applications/person.html", form, application=application, person=None)


@bp.route(f"{PATH}/<string:named_id>", methods=["GET", "POST"])
@permission_required(PERMISSION)
def change_person(application_id: str, named_id: str) -> Answer:
    application = open_plan(application_id)
    person = _person(application, named_id)
    stored = named_forms.stored(person)
    form = NamedEditForm(data={**stored, "version": str(person.version)})
    form.offer(application.partners)
    around: dict[str, Any] = {"application": application, "person": person}
    if form.validate_on_submit():
        try:
            fields = form.fields(application.partners)
            named_service.change(current_actor(), person, version=form.read_version(), **fields)
        except Stale:
            theirs = conflict.differences(form, stored, person.version)
            return render_template("applications/person.html", form=form, theirs=theirs, stale=True, **around), 409
        except Refused as refusal:
            blame(form, refusal)
        else:
            return done(_("The person's data is saved."), ".people", application_id=application.public_id)
    return render_form("applications/person.html", form, **around)


@bp.route(f"{PATH}/<string:named_id>/remove", methods=["GET", "POST"])
@permission_required(PERMISSION)
def unname_person(application_id: str, named_id: str) -> Answer:
    application = open_plan(application_id)
    person = _person(application, named_id)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_form("applications/person_remove.html", form, application=application, person=person)
    named_service.remove(current_actor(), person)
    return done(_("The person is taken out of the plan."), ".people", application_id=application.public_id)


@bp.route(f"{PATH}/<string:named_id>/match", methods=["GET", "POST"])
@permission_required(PERMISSION)
def answer_match(application_id: str, named_id: str) -> Answer:
    application = open_plan(application_id)
    person = _person(application, named_id)
    answered = {True: "yes", False: "no"}.get(person.invited_before) if person.invited_before is not None else None
    stored = {"is_same": answered, "reason": person.match_reason}
    form = MatchForm(data={**stored, "version": str(person.version)})
    around: dict[str, Any] = {"application": application, "person": person}
    if form.validate_on_submit():
        is_same, reason = form.is_same.data == "yes", form.reason.data or ""
        try:
            named_service.answer_match(
                current_actor(), person, is_same=is_same, reason=reason, version=form.read_version()
            )
        except Stale:
            theirs = conflict.differences(form, stored, person.version)
            page = render_template("applications/person_match.html", form=form, theirs=theirs, stale=True, **around)
            return page, Stale.status
        except Refused as refusal:
            blame(form, refusal)
        else:
            return done(_("Your answer is kept."), ".people", application_id=application.public_id)
    return render_form("applications/person_match.html", form, **around)


@bp.post(f"{PATH}/numbers")
@permission_required(PERMISSION)
def take_numbers(application_id: str) -> Answer:
    """Let the numbers of the plan follow the names."""
    application = open_plan(application_id)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return error_page(422, problems=[sentence for _field, sentence in form.problems()])
    named_service.take_numbers(current_actor(), application)
    return done(_("The numbers are those of the people named."), ".people", application_id=application.public_id)


@bp.route(f"{PATH}/<string:named_id>/passport", methods=["GET", "POST"])
@permission_required("passport:reveal")
@step_up_required
def reveal_planned_passport(application_id: str, named_id: str) -> Answer:
    """A passport number in full, with a reason that stays in the audit log."""
    application = application_for(application_id, "application:view")
    if not _may_reveal(application):
        raise NotFound()
    person = _person(application, named_id)
    if not person.sealed_number:
        raise NotFound()
    form = RevealForm()
    number = None
    if form.validate_on_submit():
        number = named_service.reveal_number(current_actor(), person, reason=form.reason.data or "")
        return render_template("applications/person_passport.html", form=form, person=person, number=number)
    return render_form("applications/person_passport.html", form, person=person, number=number)


def _may_reveal(application: Application) -> bool:
    """Whether the reader may ask for passport numbers: JST not while the plan is a draft again."""
    is_draft_again = application.state in queries.AFTER_A_DRAFT and not sees_draft(application)
    return may("passport:reveal", application) and not is_draft_again


def open_plan(application_id: str) -> Application:
    """The plan whose people are named. Raises: NotFound; TransitionNotAllowed when it cannot be edited now."""
    application = application_for(application_id, PERMISSION)
    closed = plan_service.why_closed(application)
    if closed is not None:
        raise TransitionNotAllowed(closed)
    return application


def _person(application: Application, named_id: str) -> PlannedPerson:
    """A person of this very plan. Raises: NotFound."""
    found = next((person for person in application.named if person.public_id == named_id), None)
    if found is None:
        raise NotFound()
    return found

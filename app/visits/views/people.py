"""The people of a visit: put on the roster by hand, changed, taken off, and who came."""

from flask import redirect, url_for
from flask_babel import gettext as _

from app.core.errors import Refused, Stale, TransitionNotAllowed
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, done, permission_required, render_form
from app.visits import people_service, queries
from app.visits.forms import AttendanceForm, PartForm, PersonForm
from app.visits.models import Participation, VisitState
from app.visits.views.blueprint import bp
from app.visits.views.shared import columns, editable_visit_for, row_of, stale_form

PERMISSION = "invitee:edit"
PART_FIELDS = ("role", "category", "affiliation", "previous_visit_reason", "diet", "guardian_consent_on")


@bp.route("/visits/<string:visit_id>/people/new", methods=["GET", "POST"])
@permission_required(PERMISSION)
def add_person(visit_id: str) -> Answer:
    visit = editable_visit_for(visit_id, PERMISSION)
    form = PersonForm()
    form.offer(visit.application.partners)
    if form.validate_on_submit():

        def add() -> str:
            people_service.add(current_actor(), visit, form.newcomer())
            return url_for(".show", visit_id=visit.public_id, _anchor="people")

        try:
            return redirect(once(form.key.data or "", current_actor().id, add))
        except Refused as refusal:
            blame(form, refusal)
    return render_form("visits/person.html", form, visit=visit, part=None)


@bp.route("/visits/<string:visit_id>/people/<string:part_id>", methods=["GET", "POST"])
@permission_required(PERMISSION)
def edit_person(visit_id: str, part_id: str) -> Answer:
    visit = editable_visit_for(visit_id, PERMISSION)
    part = row_of(visit, Participation, part_id, PERMISSION)
    organization = part.sending_organization
    said = {
        "first_visit": "yes" if part.first_visit else "no",
        "sending_organization": organization.public_id if organization else "",
    }
    form = PartForm(data={name: getattr(part, name) for name in PART_FIELDS} | said | {"version": part.version})
    form.offer(visit.application.partners)
    around = {"visit": visit, "part": part}
    if form.validate_on_submit():
        try:
            people_service.change(current_actor(), part, version=form.read_version(), **form.part())
        except Stale:
            return stale_form("visits/person.html", form, columns(form, part) | said, part.version, **around)
        except Refused as refusal:
            blame(form, refusal)
        else:
            return done(_("The entry on the roster is saved."), ".show", visit_id=visit.public_id, _anchor="people")
    return render_form("visits/person.html", form, **around)


@bp.route("/visits/<string:visit_id>/people/<string:part_id>/remove", methods=["GET", "POST"])
@permission_required(PERMISSION)
def remove_person(visit_id: str, part_id: str) -> Answer:
    visit = editable_visit_for(visit_id, PERMISSION)
    part = row_of(visit, Participation, part_id, PERMISSION)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_form("visits/person_remove.html", form, visit=visit, part=part)
    people_service.remove(current_actor(), part)
    return done(_("The person is taken off the roster."), ".show", visit_id=visit.public_id, _anchor="people")


@bp.route("/visits/<string:visit_id>/attendance", methods=["GET", "POST"])
@permission_required(PERMISSION)
def attendance(visit_id: str) -> Answer:
    visit = editable_visit_for(visit_id, PERMISSION)
    if visit.state is not VisitState.IN_PROGRESS:
        raise TransitionNotAllowed()
    rows = queries.roster(current_actor(), visit)
    form = AttendanceForm(present=[row.public_id for row in rows if row.took_part is not False])
    form.present.choices = [
        (row.public_id, ", ".join(part for part in (row.surname, row.given_names) if part)) for row in rows
    ]
    if not form.validate_on_submit():
        return render_form("visits/attendance.html", form, visit=visit)
    people_service.record_attendance(current_actor(), visit, present=form.present.data or ())
    return done(_("Attendance is recorded."), ".show", visit_id=visit.public_id, _anchor="people")

"""Beginning a plan, and its sections: each a page and a form of its own, saved whole, complete or not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.applications import panel, plan_service, queries, row_forms, service
from app.applications import section_forms as forms
from app.applications.forms import StartForm
from app.applications.models import Application
from app.applications.views import budget
from app.applications.views.blueprint import bp
from app.applications.views.comparing import differences
from app.applications.views.shared import SECTIONS, application_for, contents
from app.calls import queries as calls
from app.core import clock
from app.core.authz import Actor
from app.core.errors import NotFound, Refused, Stale, TransitionNotAllowed
from app.core.forms import VersionedForm
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, permission_required, render_form
from app.directory import queries as directory
from app.directory.models import Side

Save = Callable[[Actor, Application, Any, int | None], None]
UNLINKED_ASKED = 5  # partners not found in the directory for which near names are looked up


@dataclass(frozen=True)
class Section:
    """How a section is edited: its form, what is stored now, and the verb that saves it."""

    form: type[VersionedForm]
    stored: Callable[[Application], dict[str, Any]]
    save: Save


def _fields(*names: str) -> Callable[[Application], dict[str, Any]]:
    return lambda application: {name: getattr(application, name) for name in names}


def _rows(attribute: str, *names: str) -> Callable[[Application], dict[str, Any]]:
    def stored(application: Application) -> dict[str, Any]:
        return {"rows": [{name: getattr(row, name) for name in names} for row in getattr(application, attribute)]}

    return stored


def _stored_partners(application: Application) -> dict[str, Any]:
    return {
        "rows": [
            {
                "id": str(partner.id),
                "organization": partner.name,
                "country": partner.organization.country if partner.organization else partner.country,
                "contact_name": partner.contact_name,
                "contact_email": partner.contact_email,
                "prior_notification": partner.prior_notification,
            }
            for partner in application.partners
        ]
    }


def _stored_people(application: Application) -> dict[str, Any]:
    return {
        "rows": [
            {
                "partner": str(group.partner_id) if group.partner_id else "",
                "category": group.category,
                "role": group.role,
                "number": group.number,
                "first_visit": group.first_visit,
            }
            for group in application.people
        ]
    }


def _stored_itinerary(application: Application) -> dict[str, Any]:
    days = _fields("starts_on", "ends_on", "airport_distance_km")(application)
    return days | _rows("itinerary", "day", "starts_at", "ends_at", "kind", "title", "venue", "leader")(application)


def _stored_safety(application: Application) -> dict[str, Any]:
    kept = {name: forms.dated(name, value) for name, value in (application.safety or {}).items()}
    return kept | {"online_if_impossible": application.online_if_impossible}


def _save_itinerary(actor: Actor, application: Application, form: Any, version: int | None) -> None:
    plan_service.save_itinerary(
        actor,
        application,
        form.rows_payload(),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        airport_distance_km=form.airport_distance_km.data,
        version=version,
    )


EDITED: dict[str, Section] = {
    "overview": Section(
        forms.OverviewForm,
        _fields(
            "theme_ja",
            "theme_en",
            "field_of_science",
            "purpose",
            "expected_results",
            "principal_name",
            "principal_department",
            "principal_email",
            "administrative_name",
            "administrative_email",
            "administrative_phone",
        ),
        lambda actor, plan, form, version: plan_service.save_overview(actor, plan, version=version, **form.payload()),
    ),
    "partners": Section(
        row_forms.PartnersForm,
        _stored_partners,
        lambda actor, plan, form, version: plan_service.save_partners(
            actor, plan, form.rows_payload(), version=version
        ),
    ),
    "itinerary": Section(row_forms.ItineraryForm, _stored_itinerary, _save_itinerary),
    "people": Section(
        row_forms.PeopleForm,
        _stored_people,
        lambda actor, plan, form, version: plan_service.save_people(actor, plan, form.rows_payload(), version=version),
    ),
    "budget": Section(
        row_forms.BudgetForm,
        _rows("budget", "kind", "description", "quantity", "unit_price", "rate_key"),
        lambda actor, plan, form, version: plan_service.save_budget(actor, plan, form.rows_payload(), version=version),
    ),
    "safety": Section(
        forms.SafetyForm,
        _stored_safety,
        lambda actor, plan, form, version: plan_service.save_safety(actor, plan, version=version, **form.payload()),
    ),
}


@bp.route("/new", methods=["GET", "POST"])
@permission_required("application:create")
def new() -> Answer:
    actor = current_actor()
    hosts = queries.institutions(actor.institution_ids("application:create"))
    rounds = calls.open_calls(clock.now())
    form = StartForm()
    form.offer(hosts, rounds)
    page = {"hosts": hosts, "rounds": rounds}
    if not form.validate_on_submit():
        return render_form("applications/new.html", form, **page)

    def start() -> str:
        call_id, _dot, course_id = str(form.course.data).partition(".")
        call = next(call for call in rounds if call.public_id == call_id)
        course = next(link.course for link in call.courses if link.course.public_id == course_id)
        host = next(host for host in hosts if host.public_id == form.host.data)
        made = service.start(actor, call=call, course=course, host=host)
        return url_for(".edit", application_id=made.public_id, section="overview")

    try:
        return redirect(once(form.key.data or "", actor.id, start))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("applications/new.html", form, **page)


@bp.route("/<string:application_id>/edit/<string:section>", methods=["GET", "POST"])
@permission_required("application:edit")
def edit(application_id: str, section: str) -> Answer:
    if section not in EDITED:
        raise NotFound()
    application = application_for(application_id, "application:edit")
    closed = plan_service.why_closed(application)
    if closed is not None:
        raise TransitionNotAllowed(closed)
    form = _form(section, application)
    if request.method == "GET":
        return _page(section, application, form)
    done = _rearrange(form, request.form.get("do", "save"))
    if done == "propose" and section == "budget":
        budget.propose(form)
    if not form.validate_on_submit():
        return _page(section, application, form, 422)
    try:
        EDITED[section].save(current_actor(), application, form, form.read_version())
    except Refused as refusal:
        blame(form, refusal)
        return _page(section, application, form, 422)
    except Stale:
        theirs = differences(form, _form(section, application, submitted=False), application.version)
        return _page(section, application, form, Stale.status, theirs=theirs, stale=True)
    if done == "propose" and section == "budget":
        budget.say(form)
    return _onward(section, application, done)


def _form(section: str, application: Application, *, submitted: bool = True) -> Any:
    """The form of a section: as sent in a POST, otherwise as stored, with empty rows where they were asked for."""
    edited = EDITED[section]
    data = edited.stored(application) | {"version": str(application.version)}
    form: Any = edited.form(data=data) if submitted else edited.form(formdata=None, data=data)
    if "rows" in form._fields and request.method == "GET":
        asked = request.args.get("blank", "0")
        wanted = min(int(asked), 10) if asked.isdecimal() else 0
        for _number in range(max(wanted, 0 if form.rows.entries else 1)):
            form.rows.append_entry()
    if section == "people":
        form.offer(application.partners)
    if section == "budget":
        budget.offer(application, form)
    return form


def _rearrange(form: Any, done: str) -> str:
    """Take a row away or move it before anything is checked or saved. Returns what kind of button was pressed."""
    verb, _dash, number = done.partition("-")
    if verb not in ("remove", "up", "down") or "rows" not in form._fields or not number.isdecimal():
        return verb
    entries, place = form.rows.entries, int(number)
    if place >= len(entries):
        return verb
    if verb == "remove":
        entries.pop(place)
    elif "day" in entries[place].form._fields:
        _move_by_a_day(entries[place].form.day, -1 if verb == "up" else 1)
    else:
        other = place - 1 if verb == "up" else place + 1
        if 0 <= other < len(entries):
            entries[place], entries[other] = entries[other], entries[place]
    return verb


def _move_by_a_day(day: Any, step: int) -> None:
    day.data = max((day.data or 1) + step, 1)
    day.raw_data = [str(day.data)]


def _onward(section: str, application: Application, done: str) -> Answer:
    """Where a saved section leads: on, or back to it with one more empty row."""
    names = list(EDITED)
    values: dict[str, Any] = {"application_id": application.public_id, "section": section}
    if done == "continue":
        following = names.index(section) + 1
        if following == len(names):
            return redirect(url_for(".show", application_id=application.public_id))
        return redirect(url_for(".edit", **values | {"section": names[following]}))
    if done == "add":
        return redirect(url_for(".edit", **values, blank=1, _anchor="last"))
    if done in ("remove", "up", "down", "propose"):
        return redirect(url_for(".edit", **values, _anchor="rows"))
    flash(_("The section is saved."), "success")
    return redirect(url_for(".edit", **values))


def _page(section: str, application: Application, form: Any, status: int = 200, **context: Any) -> tuple[str, int]:
    """The page of a section. What is not saved yet is not judged: the panel speaks of the stored plan."""
    if section == "partners":
        _offer_directory(application, form)
    page = render_template(
        f"applications/edit_{section}.html",
        application=application,
        form=form,
        section=section,
        sections=SECTIONS,
        panel=panel.of(application),
        contents=contents(application),
        money=budget.stored_box(application, form.money) if section == "budget" else None,
        **context,
    )
    return page, status


def _offer_directory(application: Application, form: Any) -> None:
    """For partners typed but not found in the directory: the names that come closest, to choose from."""
    linked = {str(partner.id) for partner in application.partners if partner.organization is not None}
    asked = 0
    for row in form.rows:
        text = row.form.organization.data
        if not text or row.form.id.data in linked or asked == UNLINKED_ASKED:
            continue
        asked += 1
        found = directory.suggest(text, Side.SENDING, 6)
        row.form.offer(found)

"""The sections of a plan: each a page and a form of its own, saved whole, complete or not."""

from collections.abc import Collection
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.applications import (
    comment_queries,
    day_view,
    loading,
    meter_drawing,
    panel,
    partner_service,
    plan_service,
    row_forms,
    steps,
    typed,
)
from app.applications.models import Application
from app.applications.parked_model import ParkedText
from app.applications.views import budget, editing, meanwhile, parking, safety
from app.applications.views.blueprint import bp
from app.applications.views.comparing import differences
from app.applications.views.editing import EDITED, form_of
from app.applications.views.shared import SECTIONS, application_for, contents, corrections, time_left
from app.core import conflict
from app.core.errors import NotFound, Refused, Stale, TransitionNotAllowed
from app.core.transaction import only_reads
from app.core.web import Answer, blame, current_actor, permission_required
from app.directory import queries as directory
from app.directory.models import Side

UNLINKED_ASKED = 5  # partners not found in the directory for which near names are looked up


@bp.route("/<string:application_id>/edit/<string:section>", methods=["GET", "POST"])
@permission_required("application:edit")
def edit(application_id: str, section: str) -> Answer:
    application = _open(application_id, section)
    if request.method == "GET":
        return _opened(section, application)
    form = _form(section, application)
    done = _rearrange(form, request.form.get("do", "save"))
    if done == "propose" and section == "budget":
        budget.propose(form)
    if not form.validate_on_submit():
        return _page(section, application, form, 422)
    try:
        edited = EDITED[section]
        version = meanwhile.version_read(section, application, form)
        with conflict.noticed():
            edited.save(current_actor(), application, version=version, **edited.values(form))
    except Refused as refusal:
        blame(form, refusal)
        return _page(section, application, form, 422)
    except Stale:
        theirs = differences(form, _form(section, application, submitted=False), application.version)
        return _page(section, application, form, Stale.status, theirs=theirs, stale=True)
    parking.forget(application)
    if done == "propose" and section == "budget":
        budget.say(form)
    return _onward(section, application, done)


@bp.post("/<string:application_id>/edit/<string:section>/panel")
@permission_required("application:edit")
@only_reads
def typed_panel(application_id: str, section: str) -> Answer:
    """The panel of the plan with a section as it is being typed, as a piece of a page. Stores nothing."""
    application = _open(application_id, section, editing.beside(section))
    plan = typed.over(application, section, editing.typed(section, application))
    found = panel.of(plan)
    return render_template(
        "applications/typed_panel.html",
        application=application,
        section=section,
        panel=found,
        days=meter_drawing.drawn(panel.meter_of(plan, found.known)) if section == "itinerary" else None,
    )


def _open(application_id: str, section: str, parts: Collection[str] = tuple(loading.PARTS)) -> Application:
    """The plan of which a section is edited, with these parts of it.

    Raises: NotFound; TransitionNotAllowed when it cannot be edited now.
    """
    if section not in EDITED:
        raise NotFound()
    application = application_for(application_id, "application:edit", parts=parts)
    closed = plan_service.why_closed(application)
    if closed is not None:
        raise TransitionNotAllowed(closed)
    return application


def _opened(section: str, application: Application) -> Answer:
    """The page of a section as it is stored, or filled with what was typed and not saved."""
    held = parking.take_up(section, application)
    form = _form(section, application)
    if section == "safety" and held is None:
        safety.take_over(application, form)
    if held is None or not parking.is_outdated(held, section, application):
        return _page(section, application, form, restored=held)
    theirs = differences(form, _form(section, application, submitted=False), application.version)
    return _page(section, application, form, restored=held, theirs=theirs, stale=True)


def _form(section: str, application: Application, *, submitted: bool = True) -> Any:
    """The form of a section as its page draws it; that of the budget knows the guide rates."""
    form = form_of(section, application, submitted=submitted)
    if section == "budget":
        budget.offer(application, form)
    return form


def _rearrange(form: Any, done: str) -> str:
    """Take a row away, move or copy it before anything is checked or saved. Returns what kind of button was pressed."""
    verb, _dash, number = done.partition("-")
    if verb not in ("remove", "up", "down", "copy") or "rows" not in form._fields or not number.isdecimal():
        return verb
    entries, place = form.rows.entries, int(number)
    if place >= len(entries):
        return verb
    if verb == "remove":
        entries.pop(place)
    elif verb == "copy":
        row_forms.copy_row(form.rows, place)
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
        day = request.form["do"].partition("-")[2]
        return redirect(url_for(".edit", **values, blank=1, day=day or None, _anchor="last"))
    if done in ("remove", "up", "down", "copy", "propose"):
        return redirect(url_for(".edit", **values, _anchor="rows"))
    flash(_("The section is saved."), "success")
    return redirect(url_for(".edit", **values))


def _page(
    section: str,
    application: Application,
    form: Any,
    status: int = 200,
    restored: ParkedText | None = None,
    **context: Any,
) -> tuple[str, int]:
    """The page of a section. What is not saved yet is not judged: the panel speaks of the stored plan."""
    if section == "partners":
        _offer_directory(application, form)
        context["own_parts"] = partner_service.parts_of(application)
    if section == "itinerary":
        context |= _days_of(application, form)
    money = form.money if section == "budget" else None
    if section == "safety":
        context |= safety.context(application, form)
    page = render_template(
        f"applications/edit_{section}.html",
        application=application,
        form=form,
        section=section,
        sections=SECTIONS,
        panel=panel.of(application, money.rates if money else None),
        beside=parking.beside(section, application, status, restored),
        checklist=steps.of(application),
        contents=contents(application),
        time_left=time_left(application),
        corrections=corrections(application),
        threads=comment_queries.threads(application, section),
        money=budget.stored_box(application, money) if money else None,
        **context,
    )
    return page, status


def _days_of(application: Application, form: Any) -> dict[str, Any]:
    """The days of the stay: drawn, as stored; and those of the form with its entries."""
    meter = panel.meter_of(application)
    rows = [row.form for row in form.rows]
    allowed = meter.allowed if meter is not None else None
    by_day = day_view.of(rows, form.starts_on.data, form.ends_on.data, allowed)
    return {"days": meter_drawing.drawn(meter), "by_day": by_day}


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

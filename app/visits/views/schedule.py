"""The schedule of stay, written day by day."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.errors import Refused, Stale
from app.core.forms import CreatingForm
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, done, permission_required, render_form
from app.visits import itinerary, schedule_service
from app.visits.forms import DayForm, ItemEditForm, ItemForm
from app.visits.models import ScheduleItem, Visit
from app.visits.views.blueprint import bp
from app.visits.views.shared import columns, editable_visit_for, row_of, stale_form

PERMISSION = "visit:schedule"


def _days(visit: Visit) -> list[Any]:
    return [day.on for day in itinerary.days_of(visit) if not day.is_outside]


@bp.get("/visits/<string:visit_id>/schedule")
@permission_required(PERMISSION)
def schedule(visit_id: str) -> Answer:
    visit = editable_visit_for(visit_id, PERMISSION)
    days = itinerary.days_of(visit)
    form = DayForm(formdata=None)
    form.offer([day.on for day in days if day.items], _days(visit))
    return render_template("visits/schedule.html", visit=visit, days=days, form=form, now_form=CreatingForm())


@bp.route("/visits/<string:visit_id>/schedule/new", methods=["GET", "POST"])
@permission_required(PERMISSION)
def add_item(visit_id: str) -> Answer:
    visit = editable_visit_for(visit_id, PERMISSION)
    form = ItemForm(data={"on": request.args.get("on")} if request.args.get("on") in _iso(visit) else None)
    form.offer(_days(visit))
    if form.validate_on_submit():

        def add() -> str:
            item = schedule_service.add(current_actor(), visit, **form.payload())
            return url_for(".schedule", visit_id=visit.public_id, _anchor=f"day-{item.on.isoformat()}")

        try:
            return redirect(once(form.key.data or "", current_actor().id, add))
        except Refused as refusal:
            blame(form, refusal)
    return render_form("visits/schedule_item.html", form, visit=visit, item=None)


def _iso(visit: Visit) -> set[str]:
    return {on.isoformat() for on in _days(visit)}


@bp.route("/visits/<string:visit_id>/schedule/<string:item_id>", methods=["GET", "POST"])
@permission_required(PERMISSION)
def edit_item(visit_id: str, item_id: str) -> Answer:
    visit = editable_visit_for(visit_id, PERMISSION)
    item = row_of(visit, ScheduleItem, item_id, PERMISSION)
    form = ItemEditForm(obj=item)
    form.offer(sorted({*_days(visit), item.on}))
    around = {"visit": visit, "item": item}
    if form.validate_on_submit():
        try:
            schedule_service.change(current_actor(), item, version=form.read_version(), **form.payload())
        except Stale:
            return stale_form("visits/schedule_item.html", form, columns(form, item), item.version, **around)
        except Refused as refusal:
            blame(form, refusal)
        else:
            anchor = f"day-{item.on.isoformat()}"
            return done(_("The entry is saved."), ".schedule", visit_id=visit.public_id, _anchor=anchor)
    return render_form("visits/schedule_item.html", form, **around)


@bp.post("/visits/<string:visit_id>/schedule/<string:item_id>/remove")
@permission_required(PERMISSION)
def remove_item(visit_id: str, item_id: str) -> Answer:
    visit = editable_visit_for(visit_id, PERMISSION)
    item = row_of(visit, ScheduleItem, item_id, PERMISSION)
    anchor = f"day-{item.on.isoformat()}"
    schedule_service.remove(current_actor(), item)
    return done(_("The entry is taken off the schedule."), ".schedule", visit_id=visit.public_id, _anchor=anchor)


@bp.post("/visits/<string:visit_id>/schedule/<string:item_id>/shift")
@permission_required(PERMISSION)
def shift_item(visit_id: str, item_id: str) -> Answer:
    visit = editable_visit_for(visit_id, PERMISSION)
    item = row_of(visit, ScheduleItem, item_id, PERMISSION)
    schedule_service.shift(current_actor(), item, earlier=request.form.get("direction") == "up")
    anchor = f"day-{item.on.isoformat()}"
    return redirect(url_for(".schedule", visit_id=visit.public_id, _anchor=anchor))


@bp.post("/visits/<string:visit_id>/schedule/day")
@permission_required(PERMISSION)
def repeat_day(visit_id: str) -> Answer:
    visit = editable_visit_for(visit_id, PERMISSION)
    days = itinerary.days_of(visit)
    form = DayForm()
    form.offer([day.on for day in days if day.items], _days(visit))
    if form.validate_on_submit():
        source, target, move = form.source.data, form.target.data, form.how.data == "move"

        def repeat() -> str:
            schedule_service.repeat_day(current_actor(), visit, source=source, target=target, move=move)
            return url_for(".schedule", visit_id=visit.public_id, _anchor=f"day-{target.isoformat()}")

        try:
            return redirect(once(form.key.data or "", current_actor().id, repeat))
        except Refused as refusal:
            blame(form, refusal)
    return render_form("visits/schedule.html", form, visit=visit, days=days, now_form=CreatingForm(formdata=None))

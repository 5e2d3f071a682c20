"""Pages on the guide rates of a fiscal year: read them, change one."""

from flask import render_template
from flask_babel import gettext as _

from app.calls import places, queries, rate_queries, rate_service
from app.calls.blueprint import bp
from app.calls.rate_forms import RateForm
from app.calls.rate_models import UnitRate
from app.calls.vocabulary import COSTS
from app.core import audit, conflict
from app.core.errors import NotFound, Refused, Stale
from app.core.web import Answer, blame, current_actor, done, load, permission_required, render_form


@bp.get("/years/<int:year>/rates")
@permission_required("rules:view")
def rates(year: int) -> Answer:
    """The guide rates and ceilings of a fiscal year the reader may know."""
    courses = queries.courses(year, current_actor())
    if not courses:
        raise NotFound()
    return render_template(
        "calls/rates.html",
        year=year,
        rates=rate_queries.rates(year),
        kinds=COSTS,
        place=places.name,
        is_draft=all(course.is_draft for course in courses),
    )


@bp.route("/rates/<string:rate_id>/edit", methods=["GET", "POST"])
@permission_required("rules:edit")
def edit_rate(rate_id: str) -> Answer:
    rate: UnitRate = load(UnitRate, rate_id, "rules:edit")
    form = RateForm(rate, queries.courses(rate.fiscal_year, current_actor()))
    page = {"rate": rate, "kinds": COSTS, "history": audit.timeline(rate, limit=20)}
    if not form.validate_on_submit():
        return render_form("calls/rate.html", form, **page)
    try:
        rate_service.update_rate(current_actor(), rate, version=form.read_version(), **form.payload())
    except Refused as refusal:
        blame(form, refusal)
        return render_form("calls/rate.html", form, **page)
    except Stale:
        theirs = conflict.differences(form, form.stored(rate), rate.version)
        return render_template("calls/rate.html", form=form, theirs=theirs, stale=True, **page), Stale.status
    return done(_("The guide rate is saved."), ".rates", year=rate.fiscal_year)

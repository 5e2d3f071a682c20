"""Pages on the guide rates of a fiscal year: read, change, add, offer no longer or again, begin a year, history."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.calls import places, queries, rate_queries, rate_service, row_history, row_queries, usage
from app.calls.blueprint import bp
from app.calls.models import Course
from app.calls.preview import FEWEST_SHOWN
from app.calls.rate_forms import NewRateForm, RateForm, RateReasonForm, TakeOverForm
from app.calls.rate_models import UnitRate
from app.calls.vocabulary import COSTS
from app.core import audit, conflict
from app.core.errors import NotFound, Refused, Stale
from app.core.i18n import fiscal_year_label
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, done, load, permission_required, redirect, render_form


def _courses(year: int) -> list[Course]:
    """The courses of a year the reader may know. Raises: NotFound for a year without any."""
    found = queries.courses(year, current_actor())
    if not found:
        raise NotFound()
    return found


@bp.get("/years/<int:year>/rates")
@permission_required("rules:view")
def rates(year: int) -> Answer:
    """The guide rates and ceilings of a fiscal year the reader may know; those no longer offered for who keeps them."""
    courses = _courses(year)
    everything = rate_queries.everything(year)
    return render_template(
        "calls/rates.html",
        year=year,
        rates=[rate for rate in everything if rate.is_offered],
        withdrawn=[rate for rate in everything if not rate.is_offered],
        earlier=bool(rate_queries.years_before(year)),
        kinds=COSTS,
        place=places.name,
        is_draft=all(course.is_draft for course in courses),
    )


@bp.route("/rates/<string:rate_id>/edit", methods=["GET", "POST"])
@permission_required("rules:edit")
def edit_rate(rate_id: str) -> Answer:
    rate: UnitRate = load(UnitRate, rate_id, "rules:edit")
    form = RateForm(rate, queries.courses(rate.fiscal_year, current_actor()))
    page = {
        "rate": rate,
        "kinds": COSTS,
        "history": audit.timeline(rate, limit=20),
        "use": usage.of(rate),
        "fewest": FEWEST_SHOWN,
    }
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


@bp.route("/years/<int:year>/rates/new", methods=["GET", "POST"])
@permission_required("rules:edit")
def add_rate(year: int) -> Answer:
    """`like` in the address: a rate of the year that the new one stands in for elsewhere."""
    courses, held = _courses(year), rate_queries.rates(year)
    asked = request.args.get("like", "")
    form = NewRateForm(held, courses, next((rate for rate in held if rate.public_id == asked), None))
    if not form.validate_on_submit():
        return render_form("calls/rate_new.html", form, year=year)

    def make() -> str:
        rate_service.add_rate(current_actor(), year, **form.payload())
        flash(_("The guide rate is added."), "success")
        return url_for(".rates", year=year)

    return _made("calls/rate_new.html", form, year, make)


@bp.route("/years/<int:year>/rates/take-over", methods=["GET", "POST"])
@permission_required("rules:edit")
def take_over_rates(year: int) -> Answer:
    """Begin the rates of a year from those of an earlier one."""
    _courses(year)
    form = TakeOverForm(rate_queries.years_before(year))
    if not form.validate_on_submit():
        return render_form("calls/rates_take_over.html", form, year=year)

    def make() -> str:
        entered = rate_service.take_over(current_actor(), year=year, **form.payload())
        flash(ngettext("%(num)s guide rate is entered.", "%(num)s guide rates are entered.", entered), "success")
        return url_for(".rates", year=year)

    return _made("calls/rates_take_over.html", form, year, make)


def _made(template: str, form: Any, year: int, make: Callable[[], str]) -> Answer:
    """Where something entered once leads, or the form again with what is in the way."""
    try:
        return redirect(once(form.key.data or "", current_actor().id, make))
    except Refused as refusal:
        blame(form, refusal)
        return render_form(template, form, year=year)


@bp.route("/rates/<string:rate_id>/withdraw", methods=["GET", "POST"])
@permission_required("rules:edit")
def withdraw_rate(rate_id: str) -> Answer:
    return _turn(rate_id, rate_service.withdraw_rate, _("The guide rate is no longer offered."))


@bp.route("/rates/<string:rate_id>/offer", methods=["GET", "POST"])
@permission_required("rules:edit")
def offer_rate(rate_id: str) -> Answer:
    return _turn(rate_id, rate_service.offer_rate, _("The guide rate is offered again."))


def _turn(rate_id: str, verb: Callable[..., None], told: str) -> Answer:
    """Offer a rate no longer or again: a page with what hangs on it, and a reason."""
    rate: UnitRate = load(UnitRate, rate_id, "rules:edit")
    form = RateReasonForm(rate)
    page = {"rate": rate, "kinds": COSTS, "use": usage.of(rate), "fewest": FEWEST_SHOWN}
    if not form.validate_on_submit():
        return render_form("calls/rate_turn.html", form, **page)
    try:
        verb(current_actor(), rate, version=form.read_version(), **form.payload())
    except Refused as refusal:
        blame(form, refusal)
        return render_form("calls/rate_turn.html", form, **page)
    except Stale:
        conflict.differences(form, {}, rate.version)
        return render_template("calls/rate_turn.html", form=form, stale=True, **page), Stale.status
    return done(told, ".rates", year=rate.fiscal_year)


def _named(rate: UnitRate) -> str:
    """A rate with where people come from: rates that stand in for each other mostly have one name."""
    return f"{rate.label} ({', '.join(map(places.name, rate.origins))})" if rate.origins else rate.label


@bp.get("/years/<int:year>/rates/history")
@permission_required("rules:edit")
def rate_history(year: int) -> Answer:
    """What became of the guide rates of a fiscal year: who did what when, before and after, and why."""
    _courses(year)
    return render_template(
        "calls/row_history.html",
        title=_("History of the guide rates of %(year)s", year=fiscal_year_label(year)),
        back=(_("Guide rates and ceilings of %(year)s", year=fiscal_year_label(year)), url_for(".rates", year=year)),
        listing=row_queries.of_rates(year, request.args, request.path),
        names={
            rate.id: (_named(rate), url_for(".edit_rate", rate_id=rate.public_id))
            for rate in rate_queries.everything(year)
        },
        lines=row_history.lines,
    )

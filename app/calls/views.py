"""Pages on rounds, courses and fiscal years."""

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.calls import extension, extension_queries, queries, service, timing
from app.calls.blueprint import bp
from app.calls.forms import CallForm
from app.calls.models import Call, Course
from app.core import audit, clock, conflict
from app.core.errors import NotFound, Refused, Stale
from app.core.forms import ConfirmForm
from app.core.i18n import fiscal_year_label
from app.core.idempotency import once
from app.core.web import (
    Answer,
    actor_or_none,
    blame,
    current_actor,
    done,
    load,
    permission_required,
    public,
    redirect,
    render_form,
)


def _call(public_id: str) -> Call:
    found = queries.call(actor_or_none(), public_id)
    if found is None:
        raise NotFound()
    return found


def _course(public_id: str) -> Course:
    found = queries.course(actor_or_none(), public_id)
    if found is None:
        raise NotFound()
    return found


@bp.get("/public", endpoint="public")
@public
def public_page() -> Answer:
    now = clock.now()
    return render_template(
        "calls/public.html",
        groups=(
            (timing.Phase.OPEN, queries.open_calls(now)),
            (timing.Phase.UPCOMING, queries.coming_calls(now)),
            (timing.Phase.CLOSED, queries.closed_calls(now)),
        ),
        timing=timing,
        now=now,
    )


@bp.get("")
@permission_required("rules:view")
def index() -> Answer:
    actor, now = current_actor(), clock.now()
    years = queries.fiscal_years(actor)
    asked = request.args.get("year", "")
    current = clock.fiscal_year(clock.today())
    default = current if current in years else (years[0] if years else current)
    year = int(asked) if asked.isdecimal() and int(asked) in years else default
    courses = queries.courses(year, actor)
    return render_template(
        "calls/index.html",
        years=years,
        year=year,
        calls=queries.rounds(year, actor),
        courses=courses,
        may_copy=bool(years) and year == queries.latest_year(),
        is_draft=any(course.is_draft for course in courses),
        timing=timing,
        now=now,
    )


@bp.get("/<string:call_id>")
@permission_required("rules:view")
def show(call_id: str) -> Answer:
    call, actor, now = _call(call_id), current_actor(), clock.now()
    decides = actor.may("call:extend") or actor.may("call:approve-extension")
    pending = extension_queries.pending(call) if decides else None
    return render_template(
        "calls/show.html",
        call=call,
        timing=timing,
        now=now,
        history=audit.timeline(call, limit=20),
        pending=pending,
        pending_expired=pending is not None and extension.has_expired(pending, now),
        new_closing=extension.new_closing(call, pending.minutes) if pending else None,
        can_extend=extension.can_extend(call, now),
    )


@bp.get("/courses/<string:course_id>")
@public
def course(course_id: str) -> Answer:
    return course_page(_course(course_id))


def course_page(found: Course, *, stale: bool = False) -> str:
    """The page of a course; `stale`: an order of its rules was sent that is outdated."""
    actor = actor_or_none()
    return render_template(
        "calls/course.html",
        course=found,
        years=queries.other_years(actor, found),
        calls=queries.rounds_of_course(actor, found),
        now=clock.now(),
        timing=timing,
        stale=stale,
    )


@bp.route("/<string:call_id>/edit", methods=["GET", "POST"])
@permission_required("call:edit")
def edit(call_id: str) -> Answer:
    call = load(Call, call_id, "call:edit")
    form = CallForm(call, queries.courses(call.fiscal_year, current_actor()))
    page = {"call": call, "has_opened": timing.phase(call, clock.now()) in (timing.Phase.OPEN, timing.Phase.CLOSED)}
    if not form.validate_on_submit():
        return render_form("calls/edit.html", form, **page)
    try:
        service.update_call(current_actor(), call, version=form.read_version(), **form.payload())
    except Refused as refusal:
        blame(form, refusal)
        return render_form("calls/edit.html", form, **page)
    except Stale:
        theirs = conflict.differences(form, form.stored(call), call.version)
        return render_template("calls/edit.html", form=form, theirs=theirs, stale=True, **page), Stale.status
    return done(_("The round is saved."), ".show", call_id=call.public_id)


@bp.route("/years/<int:year>/copy", methods=["GET", "POST"])
@permission_required("rules:edit")
def copy_year(year: int) -> Answer:
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_form("calls/copy.html", form, year=year, courses=queries.courses(year, current_actor()))
    try:
        address = once(
            form.key.data or "",
            current_actor().id,
            lambda: url_for(".index", year=service.copy_year(current_actor(), year)),
        )
    except Refused as refusal:
        blame(form, refusal)
        return render_form("calls/copy.html", form, year=year, courses=queries.courses(year, current_actor()))
    return redirect(address)


@bp.route("/years/<int:year>/publish", methods=["GET", "POST"])
@permission_required("call:edit")
def publish_year(year: int) -> Answer:
    form = ConfirmForm()
    page = {"year": year, "calls": queries.rounds(year, current_actor())}
    if not form.validate_on_submit():
        return render_form("calls/publish.html", form, **page)
    try:
        service.publish_year(current_actor(), year)
    except Refused as refusal:
        blame(form, refusal)
        return render_form("calls/publish.html", form, **page)
    return done(_("%(year)s is published.", year=fiscal_year_label(year)), ".index", year=year)

"""Pages on the criteria of review: of a year, of a course, change one, add one, take one away, begin from a year."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.calls import queries as calls
from app.calls.models import Course
from app.core import audit, conflict
from app.core.errors import NotFound, Refused, Stale
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, done, permission_required, redirect, render_form
from app.reviews import criteria_history, criteria_queries, criteria_service
from app.reviews.criteria_forms import (
    MARKS,
    BeginCriteriaForm,
    CriterionForm,
    NewCriterionForm,
    RemoveCriterionForm,
    stored,
)
from app.reviews.scoring_models import Criterion
from app.reviews.views.blueprint import bp


def _course(public_id: str) -> Course:
    found = calls.course(current_actor(), public_id)
    if found is None:
        raise NotFound()
    return found


def _criterion(course: Course, key: str) -> Criterion:
    found = criteria_queries.by_key(course.id, key)
    if found is None:
        raise NotFound()
    return found


@bp.get("/criteria")
@permission_required("criteria:view")
def criteria() -> Answer:
    """The criteria and weights of a fiscal year, course by course; `year` in the address, the newest otherwise."""
    actor = current_actor()
    years = calls.fiscal_years(actor)
    asked = request.args.get("year", "")
    year = next((known for known in years if str(known) == asked), max(years, default=None))
    courses = calls.courses(year, actor) if year is not None else []
    return render_template(
        "reviews/criteria.html",
        years=years,
        year=year,
        courses=courses,
        held=criteria_queries.of_courses([course.id for course in courses]),
    )


@bp.get("/courses/<string:course_id>/criteria")
@permission_required("criteria:view")
def criteria_of_course(course_id: str) -> Answer:
    """The criteria of a course with what each mark means."""
    course = _course(course_id)
    held = criteria_queries.of_course(course.id)
    return render_template(
        "reviews/criteria_course.html",
        course=course,
        criteria=held,
        total=sum(criterion.weight for criterion in held),
        marks=MARKS,
        is_open=criteria_service.is_open(course),
        earlier=criteria_queries.earlier(course),
    )


@bp.route("/courses/<string:course_id>/criteria/new", methods=["GET", "POST"])
@permission_required("criteria:edit")
def add_criterion(course_id: str) -> Answer:
    course, form = _course(course_id), NewCriterionForm()
    page = {"course": course, "marks": MARKS}
    if not form.validate_on_submit():
        return render_form("reviews/criterion_new.html", form, **page)

    def make() -> str:
        criteria_service.add(current_actor(), course, **form.payload())
        flash(_("The criterion is added."), "success")
        return url_for(".criteria_of_course", course_id=course_id)

    return _made("reviews/criterion_new.html", form, page, make)


@bp.route("/courses/<string:course_id>/criteria/begin", methods=["GET", "POST"])
@permission_required("criteria:edit")
def begin_criteria(course_id: str) -> Answer:
    """Begin from an earlier year; last year's stands first."""
    course = _course(course_id)
    known = {earlier.fiscal_year: earlier for earlier in criteria_queries.earlier(course)}
    form = BeginCriteriaForm(list(known))
    if not form.validate_on_submit():
        return render_form("reviews/criteria_begin.html", form, course=course)

    def make() -> str:
        entered = criteria_service.begin_from(current_actor(), course, known[form.from_year.data])
        flash(ngettext("%(num)s criterion is entered.", "%(num)s criteria are entered.", entered), "success")
        return url_for(".criteria_of_course", course_id=course_id)

    return _made("reviews/criteria_begin.html", form, {"course": course}, make)


def _made(template: str, form: Any, page: dict[str, Any], make: Callable[[], str]) -> Answer:
    try:
        return redirect(once(form.key.data or "", current_actor().id, make))
    except Refused as refusal:
        blame(form, refusal)
        return render_form(template, form, **page)


@bp.route("/courses/<string:course_id>/criteria/<string:criterion_key>", methods=["GET", "POST"])
@permission_required("criteria:edit")
def edit_criterion(course_id: str, criterion_key: str) -> Answer:
    course = _course(course_id)
    criterion = _criterion(course, criterion_key)
    form = CriterionForm(criterion)
    page = {
        "course": course,
        "criterion": criterion,
        "marks": MARKS,
        "is_open": criteria_service.is_open(course),
        "history": audit.timeline(criterion, limit=20),
    }
    if not form.validate_on_submit():
        return render_form("reviews/criterion.html", form, **page)
    try:
        criteria_service.change(current_actor(), criterion, version=form.read_version(), **form.payload())
    except Refused as refusal:
        blame(form, refusal)
        return render_form("reviews/criterion.html", form, **page)
    except Stale:
        theirs = conflict.differences(form, stored(criterion), criterion.version)
        return render_template("reviews/criterion.html", form=form, theirs=theirs, stale=True, **page), Stale.status
    return done(_("The criterion is saved."), ".criteria_of_course", course_id=course_id)


@bp.route("/courses/<string:course_id>/criteria/<string:criterion_key>/remove", methods=["GET", "POST"])
@permission_required("criteria:edit")
def remove_criterion(course_id: str, criterion_key: str) -> Answer:
    course = _course(course_id)
    criterion = _criterion(course, criterion_key)
    form = RemoveCriterionForm(criterion)
    page = {"course": course, "criterion": criterion}
    if not form.validate_on_submit():
        return render_form("reviews/criterion_remove.html", form, **page)
    try:
        criteria_service.remove(current_actor(), criterion, version=form.read_version())
    except Refused as refusal:
        form.form_errors.extend(refusal.problems)
        return render_form("reviews/criterion_remove.html", form, **page)
    except Stale:
        conflict.differences(form, {}, criterion.version)
        return render_template("reviews/criterion_remove.html", form=form, stale=True, **page), Stale.status
    return done(_("The criterion is removed."), ".criteria_of_course", course_id=course_id)


@bp.get("/courses/<string:course_id>/criteria/history")
@permission_required("criteria:edit")
def criteria_history_page(course_id: str) -> Answer:
    """What became of the criteria of a course: who did what when, before and after."""
    course = _course(course_id)
    held = criteria_queries.of_course(course.id)
    return render_template(
        "reviews/criteria_history.html",
        course=course,
        listing=criteria_queries.changes(course, request.args, request.path),
        names={criterion.id: criterion.label for criterion in held},
        lines=criteria_history.lines,
    )

"""Pages on the rules of a course: add, change, remove, each with a preview; and what became of a year's rules."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from app.calls import history, queries, rule_service, wording
from app.calls.blueprint import bp
from app.calls.check import Check
from app.calls.checks import CHECKS
from app.calls.models import Course, Rule
from app.calls.preview import FEWEST_SHOWN, Tally
from app.calls.rule_forms import MoveRuleForm, RemoveRuleForm, new_rule_form, rule_form
from app.calls.views import course_page
from app.core import audit, conflict
from app.core.errors import NotFound, Refused, Stale
from app.core.idempotency import once
from app.core.web import (
    Answer,
    blame,
    current_actor,
    done,
    load,
    permission_required,
    redirect,
    render_form,
)


def _rule(public_id: str) -> Rule:
    """A rule of a course; one that was removed is there no more."""
    found: Rule = load(Rule, public_id, "rules:edit", *queries.rule_with_course())
    if found.removed_at is not None:
        raise NotFound()
    return found


def _course(public_id: str) -> Course:
    found = queries.course(current_actor(), public_id)
    if found is None:
        raise NotFound()
    return found


def _wants_preview() -> bool:
    return "preview" in request.form


def _previewed(template: str, form: Any, page: dict[str, Any], weigh: Callable[[], Tally]) -> Answer:
    """The page again with what the change would do; nothing is stored."""
    try:
        tally = weigh()
    except Refused as refusal:
        blame(form, refusal)
        return render_form(template, form, **page)
    return render_template(template, form=form, tally=tally, fewest=FEWEST_SHOWN, **page)


def _sentences(check: Check | None, form: Any) -> dict[str, str]:
    """The sentences as they will read, by language."""
    texts = {"ja": form.text_ja.data or "", "en": form.text_en.data or ""}
    return {locale: wording.fill(text, check, form.limit(), locale) for locale, text in texts.items()}


@bp.route("/rules/<string:rule_id>/edit", methods=["GET", "POST"])
@permission_required("rules:edit")
def edit_rule(rule_id: str) -> Answer:
    rule, actor = _rule(rule_id), current_actor()
    form = rule_form(rule)
    page: dict[str, Any] = {"rule": rule, "history": audit.timeline(rule, limit=20)}
    if not form.validate_on_submit():
        return render_form("calls/rule.html", form, **page)
    if _wants_preview():
        page["sentences"] = _sentences(rule.check, form)
        weigh = lambda: rule_service.preview_change(actor, rule, **form.payload())  # noqa: E731
        return _previewed("calls/rule.html", form, page, weigh)
    try:
        rule_service.update_rule(actor, rule, version=form.read_version(), **form.payload())
    except Refused as refusal:
        blame(form, refusal)
        return render_form("calls/rule.html", form, **page)
    except Stale:
        theirs = conflict.differences(form, form.stored(rule), rule.version)
        return render_template("calls/rule.html", form=form, theirs=theirs, stale=True, **page), Stale.status
    return done(_("The rule is saved."), ".course", course_id=rule.course.public_id)


@bp.route("/rules/<string:rule_id>/remove", methods=["GET", "POST"])
@permission_required("rules:edit")
def remove_rule(rule_id: str) -> Answer:
    rule, actor = _rule(rule_id), current_actor()
    form, course = RemoveRuleForm(rule), rule.course
    page: dict[str, Any] = {"rule": rule}
    if not form.validate_on_submit():
        return render_form("calls/rule_remove.html", form, **page)
    if _wants_preview():
        return _previewed("calls/rule_remove.html", form, page, lambda: rule_service.preview_removal(actor, rule))
    try:
        rule_service.remove_rule(actor, rule, version=form.read_version(), **form.payload())
    except Refused as refusal:
        blame(form, refusal)
        return render_form("calls/rule_remove.html", form, **page)
    except Stale:
        conflict.differences(form, {}, rule.version)
        return render_template("calls/rule_remove.html", form=form, stale=True, **page), Stale.status
    return done(_("The rule is removed."), ".course", course_id=course.public_id)


@bp.post("/rules/<string:rule_id>/move")
@permission_required("rules:edit")
def move_rule(rule_id: str) -> Answer:
    """A button beside a rule; the page comes back at that rule, with the place it has now."""
    rule, form = _rule(rule_id), MoveRuleForm()
    course = rule.course
    if not form.validate():
        raise Refused({name: found for name, found in form.errors.items() if isinstance(found, list)})
    try:
        place = rule_service.move_rule(
            current_actor(), rule, course_version=form.read_version(), up=form.direction.data == "up"
        )
    except Stale:
        return course_page(course, stale=True), Stale.status
    total = len(course.rules)
    flash(
        _(
            "“%(rule)s” is number %(place)s of %(total)s now.",
            rule=CHECKS[rule.check_name].label,
            place=place,
            total=total,
        ),
        "success",
    )
    return redirect(url_for(".course", course_id=course.public_id, _anchor=f"rule-{rule.public_id}"))


@bp.route("/courses/<string:course_id>/rules/new", methods=["GET", "POST"])
@permission_required("rules:edit")
def add_rule(course_id: str) -> Answer:
    course, actor = _course(course_id), current_actor()
    used = {rule.check_name for rule in course.rules}
    check = CHECKS.get(request.args.get("check", ""))
    if check is None or (request.method == "GET" and check.name in used):
        return _choice_of_check(course, used)
    form = new_rule_form(check)
    page: dict[str, Any] = {"course": course, "check": check}
    if not form.validate_on_submit():
        return render_form("calls/rule_new.html", form, **page)
    given = form.payload()
    if _wants_preview():
        page["sentences"] = _sentences(check, form)
        weigh = lambda: rule_service.preview_addition(actor, course, check.name, **given)  # noqa: E731
        return _previewed("calls/rule_new.html", form, page, weigh)

    def make() -> str:
        rule_service.add_rule(actor, course, check.name, **given)
        flash(_("The rule is added."), "success")
        return url_for(".course", course_id=course.public_id)

    try:
        return redirect(once(form.key.data or "", actor.id, make))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("calls/rule_new.html", form, **page)


def _choice_of_check(course: Course, used: set[str]) -> Answer:
    """The checks of the catalogue that the course does not use yet."""
    free = [check for check in CHECKS.values() if check.name not in used]
    page = render_template("calls/rule_choice.html", course=course, checks=free)
    return page if request.method == "GET" else (page, 422)


@bp.get("/years/<int:year>/history")
@permission_required("rules:edit")
def rule_history(year: int) -> Answer:
    """What became of the rules of a fiscal year: who did what when, before and after, and why."""
    courses = {course.id: course for course in queries.courses(year, current_actor())}
    if not courses:
        raise NotFound()
    return render_template(
        "calls/history.html",
        year=year,
        listing=queries.rule_events(year, request.args, request.path),
        rules=queries.rules_of_year(year),
        courses=courses,
        checks=CHECKS,
        lines=history.lines,
    )

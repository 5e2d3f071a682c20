"""The published rules for programs: `GET /api/rules`, as JSON, open to everybody like the pages of the courses."""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_babel import force_locale
from flask_babel import gettext as _

from app.calls import queries, rules
from app.calls.check import Stage
from app.calls.checks import CHECKS
from app.calls.models import Call, Course, CourseCode, Rule
from app.core import clock
from app.core.errors import NotFound, Refused
from app.core.i18n import LANGUAGES
from app.core.refusals import answers_json
from app.core.web import public

bp = Blueprint("api", __name__, url_prefix="/api")


@bp.get("/rules", endpoint="rules")
@answers_json
@public
def published_rules() -> Response:
    """The rules of a fiscal year (the newest, if none is asked for), of one course or round if these are named."""
    years = queries.fiscal_years()
    year, code, label = _year(years), _course(), request.args.get("round", "")
    calls = [call for call in queries.rounds(year) if label in ("", call.label)]
    offered = {link.course_id for call in calls for link in call.courses}
    courses = [
        course
        for course in queries.courses_with_rules(year)
        if code in (None, course.code) and (not label or course.id in offered)
    ]
    if not courses or (label and not calls):
        raise NotFound()
    return jsonify(
        fiscal_year=year,
        fiscal_years=years,
        rounds=[_round(call) for call in calls],
        courses=[_course_told(course, calls) for course in courses],
    )


def _year(years: list[int]) -> int:
    asked = request.args.get("year", "")
    if asked and not (asked.isdecimal() and len(asked) == 4):
        raise Refused({"year": [_("Send a fiscal year such as 2026.")]})
    if not years or (asked and int(asked) not in years):
        raise NotFound()
    return int(asked) if asked else years[0]


def _course() -> CourseCode | None:
    asked = request.args.get("course", "")
    if asked and asked not in list(CourseCode):
        raise Refused({"course": [_("Send one of these: %(codes)s", codes=", ".join(CourseCode))]})
    return CourseCode(asked) if asked else None


def _round(call: Call) -> dict[str, Any]:
    return {
        "round": call.label,
        "opens_at": clock.in_tokyo(call.opens_at).isoformat(),
        "closes_at": clock.in_tokyo(call.closes_at).isoformat(),
        "notice_on": call.notice_on.isoformat(),
        "visits_from": call.visits_from.isoformat(),
        "visits_until": call.visits_until.isoformat(),
        "courses": [link.course.code.value for link in call.courses if not link.course.is_draft],
    }


def _course_told(course: Course, calls: list[Call]) -> dict[str, Any]:
    return {
        "course": course.code.value,
        "name": {"ja": course.name_ja, "en": course.name_en},
        "rounds": [call.label for call in calls if any(link.course_id == course.id for link in call.courses)],
        "rules_version": rules.version_of(course),
        "rules": [_rule(rule) for rule in course.rules if rule.check_name in CHECKS],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    check = CHECKS[rule.check_name]
    label = {}
    for locale in LANGUAGES:
        with force_locale(locale):
            label[locale] = str(check.label)
    return {
        "rule": rule.public_id,
        "version": rule.version,
        "check": rule.check_name,
        "severity": rule.severity.value,
        "section": check.section,
        "field": check.field,
        "awaits_people": check.stage is Stage.PEOPLE,
        "limit": rule.limit,
        "label": label,
        "clause": {"ja": rule.clause_ja, "en": rule.clause_en},
        "text": {locale: rule.sentence(locale) for locale in LANGUAGES},
        "to_be_confirmed": rule.to_confirm,
    }

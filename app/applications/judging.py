"""Plans judged for programs: a question in JSON, and what the rules say, in both languages, with clause and place."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from app.applications import facts, panel, plan_json, snapshot, stated
from app.applications.facts import Obstacle
from app.applications.models import Application
from app.applications.typed import Plan
from app.applications.workbook.plain import Plain
from app.applications.workbook.plain import of as plan_of
from app.calls import queries, rules
from app.calls.models import Course, CourseCode, Severity
from app.calls.rules import keeps_from_submitting
from app.calls.vocabulary import HOST_KINDS
from app.core import clock
from app.core.errors import Refused
from app.core.i18n import LANGUAGES

ASKED = ("fiscal_year", "course", "round", "host_kind", "plan")
OUTCOMES = {True: "holds", False: "fails", None: "open"}
WORDS = ("label", "message", "clause", "text")


def asked(sent: Any) -> Plan:
    """The plan somebody asks about: fiscal year, course, round (if it is known), kind of host, and what the plan says.

    Raises: Refused with what cannot be read, or is not known here, by its place.
    """
    if not isinstance(sent, dict):
        raise Refused({"": [_("Send one object.")]})
    problems: dict[str, list[str]] = {
        name[:60]: [_("Not known here. Known: %(names)s", names=", ".join(ASKED))] for name in sent if name not in ASKED
    }
    course = _course(sent, problems)
    label, call = sent.get("round"), None
    if course is not None and label is not None:
        call = queries.round_offering(course, label) if isinstance(label, str) else None
        if call is None:
            problems["round"] = [_("This course is not offered in such a round. Send a round such as “1”, or null.")]
    host_kind = sent.get("host_kind") or ""
    if host_kind not in ("", *HOST_KINDS):
        problems["host_kind"] = [_("Send one of these: %(codes)s", codes=", ".join(HOST_KINDS))]
    plain_plan = _plan(sent.get("plan"), problems)
    if problems or course is None or plain_plan is None:
        raise Refused(problems)
    return stated.alone(plain_plan, course=course, call=call, host_kind=host_kind)


def _course(sent: Mapping[str, Any], problems: dict[str, list[str]]) -> Course | None:
    year, code = sent.get("fiscal_year"), sent.get("course")
    if not isinstance(year, int) or isinstance(year, bool):
        problems["fiscal_year"] = [_("Send a fiscal year such as 2026.")]
    if code not in list(CourseCode):
        problems["course"] = [_("Send one of these: %(codes)s", codes=", ".join(CourseCode))]
    if not isinstance(year, int) or not isinstance(code, str) or {"fiscal_year", "course"} & set(problems):
        return None
    course = queries.course_of(year, CourseCode(code)) if 2000 <= year < 2100 else None
    if course is None or course.is_draft:
        problems["course"] = [_("There is no such course in that fiscal year.")]
        return None
    return course


def _plan(sent: Any, problems: dict[str, list[str]]) -> Plain | None:
    try:
        return plan_json.read(sent)
    except Refused as refusal:
        problems.update({name: list(found) for name, found in refusal.fields.items()})
        return None


def question(application: Application, *, with_contacts: bool) -> dict[str, Any]:
    """A stored plan as a question: what `asked` reads the same plan out of. Without contacts these are left out."""
    return {
        "fiscal_year": application.call.fiscal_year,
        "course": application.course.code.value,
        "round": application.call.label,
        "host_kind": application.host_institution.kind.value,
        "plan": plan_json.write(plan_of(application), with_contacts=with_contacts),
    }


def of(plan: Plan) -> dict[str, Any]:
    """A plan judged now, stored or not: the verdicts of every rule of its course, and what it does not say yet."""
    missing = {}
    for locale in LANGUAGES:
        with force_locale(locale):
            missing[locale] = facts.missing_essentials(plan)
    found = _answer(snapshot.verdicts_in_both(plan), missing)
    return {
        "judged_at": clock.in_tokyo(facts.instant()).isoformat(),
        "rules_version": rules.version_of(plan.course),
        **found,
    }


def of_stored(application: Application) -> dict[str, Any]:
    """A stored plan judged now; once it is submitted, with the verdicts frozen then (`rules_version` is not told)."""
    if not panel.is_frozen(application):
        return of(application)
    assert application.submitted_at is not None
    found = _answer(application.verdicts or [], {locale: [] for locale in LANGUAGES})
    at = clock.in_tokyo(application.submitted_at).isoformat()
    return {"judged_at": at, "rules_version": None, **found, "can_be_submitted": False}


def _answer(verdicts: Sequence[Mapping[str, Any]], missing: Mapping[str, Sequence[Obstacle]]) -> dict[str, Any]:
    told = [_verdict(verdict) for verdict in verdicts]
    return {
        "can_be_submitted": not missing["en"] and not any(verdict["stops"] for verdict in told),
        "holding": sum(verdict["outcome"] == "holds" for verdict in told),
        "total": len(told),
        "verdicts": told,
        "missing": [
            {"section": ja.section, "field": ja.field, "text": {"ja": ja.text, "en": en.text}}
            for ja, en in zip(missing["ja"], missing["en"], strict=True)
        ],
    }


def _verdict(kept: Mapping[str, Any]) -> dict[str, Any]:
    severity, awaits = Severity(kept["severity"]), bool(kept.get("awaits_people"))
    return {
        "rule": kept["rule"],
        "version": kept.get("version"),
        "check": kept["check_name"],
        "outcome": OUTCOMES[kept["holds"]],
        "severity": severity.value,
        "stops": keeps_from_submitting(severity, kept["holds"], awaits),
        "awaits_people": awaits,
        "section": kept["section"],
        "field": kept["field"],
        "measured": kept["measured"],
        "limit": kept["limit"],
        **{name: {locale: kept.get(f"{name}_{locale}", "") for locale in LANGUAGES} for name in WORDS},
    }

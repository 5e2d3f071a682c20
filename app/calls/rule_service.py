"""Verbs on the rules of a course: add one, change, move, remove it; and what that would do, before it is done."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import case, update

from app.calls import preview, queries, wording
from app.calls.check import Check
from app.calls.checks import CHECKS, read_limit
from app.calls.models import Course, Rule, Severity
from app.calls.preview import Change, Tally, Terms
from app.core import audit, authz, clock
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import NotFound, Refused, Stale

TEXTS = ("text_ja", "text_en")
KEPT = ("limit", "severity", "clause_ja", "clause_en", *TEXTS, "to_confirm")


def add_rule(
    actor: Actor,
    course: Course,
    check_name: str,
    *,
    limit: dict[str, Any],
    severity: str,
    reason: str = "",
    **fields: Any,
) -> Rule:
    """Have a course look at a check it does not use yet; for a published year only with a reason.

    `limit` holds the check's parameters, `fields` clause, sentence and `to_confirm`. The rule comes last in its course.
    Raises: Forbidden, NotFound (no such check), Refused (by field name `limit_<parameter>`; the course has the check).
    """
    authz.require_role(actor, "rules:edit")
    check = _check(check_name)
    cleaned, problems = _terms(check, limit, fields)
    queries.hold_rules(course)  # two coordinators at once: the second one is told, not thrown out
    if any(rule.check_name == check_name for rule in course.rules):
        problems[""] = [_("This course already has a rule of this kind.")]
    _refuse(problems, course, reason)
    rule = queries.removed_rule(course, check_name)
    if rule is None:
        rule = Rule(check_name=check_name)
        course.rules.append(rule)
    rule.position = max((other.position for other in course.rules if other is not rule), default=0) + 1
    rule.limit, rule.severity, rule.removed_at = cleaned, Severity(severity), None
    _set(rule, fields)
    changes = {name: [None, audit.plain(getattr(rule, name))] for name in KEPT}
    audit.record(actor, "rule:add", rule, comment=reason.strip(), changes=changes)
    db.session.expire(course, ["rules"])
    return rule


def update_rule(
    actor: Actor, rule: Rule, *, version: int | None, limit: dict[str, Any], reason: str = "", **fields: Any
) -> None:
    """Change a rule's numbers, severity, clause or sentence; for a published year only with a reason.

    `limit` holds the check's parameters. Raises: Forbidden, Stale, Refused (by field name `limit_<parameter>`).
    """
    authz.require_role(actor, "rules:edit")
    _require_present(rule, version)
    cleaned, problems = _terms(CHECKS[rule.check_name], limit, fields)
    _refuse(problems, rule.course, reason)
    rule.limit = cleaned
    rule.severity = Severity(fields.pop("severity"))
    _set(rule, fields)
    changes = audit.changes_of(rule)
    audit.record(actor, "rule:edit", rule, comment=reason.strip(), changes=changes)


def remove_rule(actor: Actor, rule: Rule, *, version: int | None, reason: str = "") -> None:
    """Take a rule out of its course; for a published year only with a reason.

    Its row stays for the history. Plans already submitted keep the verdicts frozen with them. Raises: Forbidden, Stale,
    Refused.
    """
    authz.require_role(actor, "rules:edit")
    _require_present(rule, version)
    _refuse({}, rule.course, reason)
    changes = {name: [audit.plain(getattr(rule, name)), None] for name in KEPT}
    rule.removed_at = clock.now()
    audit.record(actor, "rule:remove", rule, comment=reason.strip(), changes=changes)
    db.session.expire(rule.course, ["rules"])


def move_rule(actor: Actor, rule: Rule, *, course_version: int | None, up: bool) -> int:
    """Set a rule one place up or down in its course, for drafts and published years alike: it asks what it asked.

    `course_version`: of the course when its reader saw the order. Returns the place, counted from 1; at either end the
    rule stays where it is. Raises: Forbidden, Stale (removed, or somebody else changed the order meanwhile).
    """
    authz.require_role(actor, "rules:edit")
    course = rule.course
    queries.hold_rules(course)
    db.session.refresh(course, ["version"])
    if rule.removed_at is not None or course_version != course.version:
        raise Stale()
    order = [other.id for other in course.rules]
    before = order.index(rule.id)
    after = before - 1 if up else before + 1
    if not 0 <= after < len(order):
        return before + 1
    order.insert(after, order.pop(before))
    places = case(dict(zip(order, range(1, len(order) + 1), strict=True)), value=Rule.id)
    # The order is the course's: whoever is editing a rule meanwhile is not turned away for it.
    db.session.execute(update(Rule).where(Rule.id.in_(order)).values(position=places, updated_at=Rule.updated_at))
    course.updated_at = clock.now()
    audit.record(actor, "rule:move", rule, changes={"position": [before + 1, after + 1]})
    db.session.expire(course, ["rules"])
    return after + 1


def preview_addition(
    actor: Actor, course: Course, check_name: str, *, limit: dict[str, Any], severity: str, **fields: Any
) -> Tally:
    """What a further rule would do to the plans being written. Raises: Forbidden, NotFound, Refused (by field)."""
    authz.require_role(actor, "rules:edit")
    return _weigh(course, _check(check_name), None, limit, severity, fields)


def preview_change(actor: Actor, rule: Rule, *, limit: dict[str, Any], severity: str, **fields: Any) -> Tally:
    """What a change of a rule would do to the plans being written. Raises: Forbidden, Refused (by field)."""
    authz.require_role(actor, "rules:edit")
    return _weigh(rule.course, CHECKS[rule.check_name], Terms(rule.limit, rule.severity), limit, severity, fields)


def preview_removal(actor: Actor, rule: Rule) -> Tally:
    """What the removal of a rule would do to the plans being written. Raises: Forbidden."""
    authz.require_role(actor, "rules:edit")
    return preview.weigh(rule.course, Change(rule.check_name, Terms(rule.limit, rule.severity), None))


def _weigh(
    course: Course, check: Check, before: Terms | None, limit: dict[str, Any], severity: str, fields: dict[str, Any]
) -> Tally:
    cleaned, problems = _terms(check, limit, fields)
    if problems:
        raise Refused(problems)
    return preview.weigh(course, Change(check.name, before, Terms(cleaned, Severity(severity))))


def _check(check_name: str) -> Check:
    check = CHECKS.get(check_name)
    if check is None:
        raise NotFound()
    return check


def _require_present(rule: Rule, version: int | None) -> None:
    if rule.removed_at is not None or version != rule.version:
        raise Stale()


def _terms(check: Check, limit: dict[str, Any], fields: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """(the limit as it may be stored, problems by field): of the numbers, and of places in the sentences."""
    cleaned, wrong = read_limit(check, limit)
    problems = {f"limit_{name}": sentences for name, sentences in wrong.items()}
    for name in TEXTS:
        if unknown := wording.unknown_places(fields[name], check):
            problems[name] = [_("Nothing is known to set in here: %(places)s", places=", ".join(unknown))]
    return cleaned, problems


def _refuse(problems: dict[str, list[str]], course: Course, reason: str) -> None:
    if not course.is_draft and not reason.strip():
        problems["reason"] = [_("This fiscal year is published: give the reason for the change.")]
    if problems:
        raise Refused(problems)


def _set(rule: Rule, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(rule, name, value)

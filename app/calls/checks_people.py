"""Checks on people: how many, who, how old, whether for the first time."""

from collections import Counter
from datetime import date

from flask_babel import gettext as _

from app.calls.check import Finding, Limit
from app.calls.facts import PlanFacts
from app.calls.vocabulary import CATEGORIES
from app.core import clock


def head_count(facts: PlanFacts, limit: Limit) -> Finding:
    """Invitees and supervisors together; course C allows more when they come from several organizations."""
    usual, several = int(limit["max_people"]), limit.get("max_people_several")
    allowed = int(several) if several and facts.organizations > 1 else usual
    if not facts.people:
        return Finding(None, _("Enter how many people are to come (at most %(limit)s).", limit=allowed), limit=allowed)
    count = facts.head_count
    figures = {"count": count, "limit": allowed}
    if count <= allowed:
        return Finding(True, _("%(count)s people; %(limit)s are allowed.", **figures), count, allowed)
    if several and allowed == usual:
        message = _(
            "%(count)s people; at most %(limit)s from one organization, %(several)s from several.",
            several=several,
            **figures,
        )
        return Finding(False, message, count, allowed)
    return Finding(False, _("%(count)s people; at most %(limit)s are allowed.", **figures), count, allowed)


def supervisors_per_organization(facts: PlanFacts, limit: Limit) -> Finding:
    """Supervisors of each sending organization."""
    allowed = int(limit["max_per_organization"])
    if not facts.people:
        return Finding(None, _("Enter who is to come."), limit=allowed)
    by_partner: Counter[int | None] = Counter()
    for group in facts.supervisors:
        by_partner[group.partner] += group.number
    # Where the plan does not say whose supervisor somebody is, as many as there are partners may be.
    unnamed = by_partner.pop(None, 0)
    total = unnamed + sum(by_partner.values())
    most = max(by_partner.values(), default=0)
    holds = most <= allowed and total <= allowed * max(facts.organizations, 1)
    figures = {"count": total, "organizations": max(facts.organizations, 1), "limit": allowed}
    if holds:
        return Finding(
            True, _("Supervisors: %(count)s; %(limit)s per organization are allowed.", **figures), total, allowed
        )
    message = _(
        "Supervisors: %(count)s from %(organizations)s organization(s); at most %(limit)s per organization.", **figures
    )
    return Finding(False, message, max(most, total), allowed)


def age_is_allowed(born: date, entry: date, limit: Limit) -> bool:
    """Whether somebody born on that day is young enough at entry (`inclusive`: "40 or under", otherwise "below 40")."""
    age = clock.age_on(born, entry)
    return age <= int(limit["max_age"]) if limit.get("inclusive", True) else age < int(limit["max_age"])


def age_limit(facts: PlanFacts, limit: Limit) -> Finding:
    """Everybody of the categories named is young enough on the day of entry; supervisors have no limit."""
    max_age = int(limit["max_age"])
    words = {"limit": max_age}
    bound = _("%(limit)s or under", **words) if limit.get("inclusive", True) else _("below %(limit)s", **words)
    concerned = set(limit.get("categories") or CATEGORIES)
    people = [group for group in facts.invitees if group.category in concerned]
    if not people and facts.invitees:
        return Finding(True, _("No invitee has an age limit."), limit=max_age)
    known = [group for group in people if group.born is not None]
    if facts.starts_on is None or not known:
        return Finding(
            None, _("Age on the day of entry (%(bound)s) is checked once names are known.", bound=bound), limit=max_age
        )
    entry = facts.starts_on
    ages = {group: clock.age_on(group.born, entry) for group in known if group.born}
    too_old = [group for group in ages if group.born and not age_is_allowed(group.born, entry, limit)]
    oldest = max(ages.values())
    if not too_old:
        return _old_enough(bound, len(known), sum(group.number for group in people), oldest, max_age)
    who = ", ".join(f"{group.name or '?'} ({ages[group]})" for group in too_old[:5])
    message = _("Not %(bound)s on the day of entry: %(who)s", bound=bound, who=who)
    return Finding(False, message, oldest, max_age)


def _old_enough(bound: str, known: int, people: int, oldest: int, max_age: int) -> Finding:
    """Nobody of whom the birth is known is too old; whether the rest are is told later."""
    if known == people:
        return Finding(True, _("All are %(bound)s on the day of entry.", bound=bound), oldest, max_age)
    message = _(
        "%(known)s of %(count)s are %(bound)s on the day of entry; the others are checked once their births are known.",
        known=known,
        count=people,
        bound=bound,
    )
    return Finding(None, message, oldest, max_age)


def allowed_categories(facts: PlanFacts, limit: Limit) -> Finding:
    """Every invitee is of a category the course takes; supervisors may be anybody."""
    allowed = list(limit["categories"])
    if not facts.invitees:
        return Finding(None, _("Enter who is to come."), limit=allowed)
    if not all(group.category for group in facts.invitees):
        return Finding(None, _("Say of everybody what they do."), limit=allowed)
    others = dict.fromkeys(group.category for group in facts.invitees if group.category not in allowed)
    if not others:
        return Finding(True, _("All invitees may take part in this course."), limit=allowed)
    named = ", ".join(str(CATEGORIES.get(category, category)) for category in others)
    return Finding(False, _("Not for this course: %(categories)s", categories=named), list(others), allowed)


def first_visit(facts: PlanFacts, _limit: Limit) -> Finding:
    """Invitees come to Japan for the first time, in principle; supervisors may have been."""
    if not facts.invitees:
        return Finding(None, _("Enter who is to come."), limit=0)
    again = sum(group.number for group in facts.invitees if not group.first_visit)
    if again:
        message = _("%(count)s of the invitees have been to Japan before: give the reason in the plan.", count=again)
        return Finding(False, message, again, 0)
    return Finding(True, _("All invitees come to Japan for the first time."), 0, 0)

"""What the rules of a course and the days of a stay demand of the people of a roster, as its reader wants it."""

from collections.abc import Iterable
from datetime import date

from app.calls.models import Course, Severity
from app.invitees.roster.draft import RosterRules


def rules_for(
    course: Course,
    entry: date | None,
    leaving: date | None,
    affiliations: Iterable[str],
    optional: frozenset[str] = frozenset(),
) -> RosterRules:
    """The demands: ages on the day of entry, passports to the day of exit (`leaving`), categories, first visits.

    The numbers come from the rules of the course (guidelines, chapter on invitees), never from here. `affiliations`
    are the sending organizations of the plan; `optional` are fields a person may be without.
    """
    by_name = {rule.check_name: rule for rule in course.rules}
    age, categories = by_name.get("age_limit"), by_name.get("allowed_categories")
    max_age = None
    if age is not None:
        # "below 40" is the same as "39 or under": ages are whole years.
        max_age = int(age.limit["max_age"]) - (0 if age.limit.get("inclusive", True) else 1)
    binding = categories is not None and categories.severity is Severity.BLOCKS
    return RosterRules(
        entry=entry,
        exit=leaving,
        max_age=max_age,
        first_visit_wanted="first_visit" in by_name,
        categories=frozenset(categories.limit["categories"]) if categories is not None and binding else None,
        affiliations=tuple(name for name in affiliations if name),
        optional=optional,
    )

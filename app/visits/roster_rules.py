"""What the rules of the course and the days of the visit demand of the people of a roster, as its reader wants it."""

from app.calls.models import Severity
from app.invitees.roster.draft import RosterRules
from app.visits.models import Visit


def rules_of(visit: Visit) -> RosterRules:
    """The demands of a visit: ages on the day of entry, passports to the day of exit, categories, first visits.

    The numbers come from the rules of the course (guidelines, chapter on invitees), never from here.
    """
    by_name = {rule.check_name: rule for rule in visit.course.rules}
    age, categories = by_name.get("age_limit"), by_name.get("allowed_categories")
    max_age = None
    if age is not None:
        # "below 40" is the same as "39 or under": ages are whole years.
        max_age = int(age.limit["max_age"]) - (0 if age.limit.get("inclusive", True) else 1)
    binding = categories is not None and categories.severity is Severity.BLOCKS
    return RosterRules(
        entry=visit.starts_on,
        exit=visit.ends_on,
        max_age=max_age,
        first_visit_wanted="first_visit" in by_name,
        categories=frozenset(categories.limit["categories"]) if categories is not None and binding else None,
        affiliations=tuple(partner.name for partner in visit.application.partners if partner.name),
    )

"""What a visit demands of the people of a roster."""

from app.invitees.roster.draft import RosterRules
from app.invitees.roster_rules import rules_for
from app.visits.models import Visit


def rules_of(visit: Visit) -> RosterRules:
    """The demands of a visit: by the rules of its course and its days, with the sending side of its plan."""
    named = [partner.name for partner in visit.application.partners]
    return rules_for(visit.course, visit.starts_on, visit.ends_on, named)

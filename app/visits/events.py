"""Facts that visits announce."""

from dataclasses import dataclass

from app.core.authz import Actor
from app.visits.models import Visit


@dataclass(frozen=True)
class VisitCompleted:
    """The report of a visit was accepted: those who took part get a certificate and become alumni."""

    visit: Visit
    actor: Actor


@dataclass(frozen=True)
class RosterChanged:
    """People were added to or taken off the roster of a visit."""

    visit: Visit
    actor: Actor


@dataclass(frozen=True)
class VisitPlanned:
    """A visit was made of an adopted plan: the people the plan names become its roster."""

    visit: Visit

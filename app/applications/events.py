"""What applications announce: later stations of the programme listen."""

from dataclasses import dataclass

from app.applications.models import Application, Outcome
from app.core.authz import Actor


@dataclass(frozen=True, slots=True)
class ApplicationAdopted:
    """A plan was adopted and its host has been told: by the release of a round, or later from the waiting list."""

    application: Application
    actor: Actor


@dataclass(frozen=True, slots=True)
class DecisionChanged:
    """A result the host knew was replaced by another one, for a reason JST keeps; the host has been told."""

    application: Application
    actor: Actor
    was: Outcome
    now: Outcome
    reason: str

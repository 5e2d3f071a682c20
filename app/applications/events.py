"""What applications announce: later stations of the programme listen."""

from dataclasses import dataclass

from app.applications.models import Application
from app.core.authz import Actor


@dataclass(frozen=True, slots=True)
class ApplicationAdopted:
    """A plan was adopted and its host has been told: by the release of a round, or later from the waiting list."""

    application: Application
    actor: Actor

"""What the directory has to do for people: registrations that wait."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from app.core.agenda import Task
from app.core.authz import Actor
from app.directory import queries

DAYS_TO_ANSWER = timedelta(days=7)


def tasks(actor: Actor) -> list[Task]:
    """Registrations waiting for a decision, for those who may decide; a week is given for each."""
    if not actor.may("institution:approve"):
        return []
    return [
        Task(
            _l("Decide on a registration"),
            organization.name,
            "directory.show",
            {"organization_id": organization.public_id},
            due=organization.updated_at + DAYS_TO_ANSWER,
        )
        for organization in queries.waiting()
    ]

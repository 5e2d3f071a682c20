"""What forms 1 and 2 ask of people: to be renewed before they end."""

from flask_babel import gettext as _

from app.core.agenda import Task
from app.core.authz import Actor
from app.export_control import queries


def tasks(actor: Actor) -> list[Task]:
    """The forms of the actor's own institutions that end soon or have ended. One query."""
    if not actor.may("declaration:edit"):
        return []
    return [
        Task(
            _("Renew: %(form)s", form=declaration.kind.label),
            declaration.institution.name,
            "export_control.renew",
            {"declaration_id": declaration.public_id},
            due=declaration.valid_until,
        )
        for declaration in queries.to_renew(actor)
    ]

"""What screening asks: officers examine, a second person looks at a proposal, hosts do what they are asked."""

from flask_babel import gettext as _

from app.core.agenda import Task
from app.core.authz import Actor
from app.core.i18n import localized
from app.screening import queries


def tasks(actor: Actor) -> list[Task]:
    """One query for each hat that has something to do here."""
    found: list[Task] = []
    if actor.may("screening:examine"):
        found += _to_examine()
    if actor.may("screening:lift"):
        found += [
            Task(_("Look at a proposal to lift a hold"), row.reference, "screening.lift", {"case_id": row.public_id})
            for row in queries.to_lift(without=actor.id)
        ]
    hosts = actor.institution_ids("application:edit")
    if hosts:
        found += [
            Task(
                _("Action needed: security export control"),
                f"{row.reference} {localized(row.theme_ja, row.theme_en)}".strip(),
                "applications.show",
                {"application_id": row.public_id},
            )
            for row in queries.asked_of_hosts(hosts)
        ]
    return found


def _to_examine() -> list[Task]:
    number, _since = queries.first_waiting()
    if not number:
        return []
    return [Task(_("Examine what resembles the foreign user list"), "", "screening.index", count=number)]

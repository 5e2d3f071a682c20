"""What reports ask of people: hosts hand them in, JST checks them."""

from flask_babel import lazy_gettext as _l

from app.closing import queries
from app.closing.models import REPORT_DUE, ReportState
from app.core.agenda import Task
from app.core.authz import Actor
from app.core.i18n import localized


def tasks(actor: Actor) -> list[Task]:
    """Reports to write and reports to check, as the actor's roles allow."""
    found: list[Task] = []
    if actor.may("report:edit"):
        found += [
            Task(
                _l("Correct the report") if row.report_state is ReportState.RETURNED else _l("Hand in the report"),
                f"{row.reference} {localized(row.theme_ja, row.theme_en)}",
                "closing.show",
                {"visit_id": row.public_id},
                due=row.due_on or row.ends_on + REPORT_DUE,
            )
            for row in queries.waiting_for_host(actor)
        ]
    if actor.may("report:accept"):
        found += [
            Task(
                _l("Check the report"),
                f"{row.reference} {localized(row.theme_ja, row.theme_en)}",
                "closing.show",
                {"visit_id": row.public_id},
            )
            for row in queries.waiting_for_jst(actor)
        ]
    return found

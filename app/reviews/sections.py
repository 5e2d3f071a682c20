"""What the page of a plan says of its readers: to those of JST who look after reviews and decide, to nobody else.

Hosts, screening, auditors and experts never learn from it who reads a plan, nor that anybody does. Somebody of JST who
has a conflict of interest with the plan does not either (authorization contract, rows 32 to 35).
"""

from flask_babel import gettext as _
from flask_babel import ngettext

from app.applications.models import Application, ApplicationState
from app.core import i18n
from app.core.authz import Actor
from app.core.dossier import Cell, Link, Section
from app.reviews import assigning_queries, blindness, reading
from app.reviews.blindness import Closed
from app.reviews.models import ReviewAssignment
from app.reviews.vocabulary import OPEN_ASSIGNMENTS


def readers_of_application(actor: Actor, application: Application) -> Section | None:
    """Who reads the plan and how far each is, with ways to the expert and to the reviews. At most three queries."""
    if not actor.may("review:view") or not reading.is_readable(application):
        return None
    if blindness.closed_to(actor).get(application.id) is Closed.CONFLICT:
        return None
    given = [held for held in assigning_queries.of_plan(application) if held.state in OPEN_ASSIGNMENTS]
    rows = [_row(application, held) for held in given]
    if actor.may("review:assign") and application.state is ApplicationState.UNDER_REVIEW:
        rows += _empty(application, len(given))
    return Section(_("Readers"), (_("Expert"), _("State"), _("Due on")), rows, _("Nobody reads this plan yet."))


def _row(application: Application, held: ReviewAssignment) -> tuple[Cell, ...]:
    expert = Link(held.reviewer.name, "reviews.reviewer", {"reviewer_id": held.reviewer.public_id})
    reviews = Link(str(held.state.label), "reviews.plan_reviews", {"application_id": application.public_id})
    return expert, reviews, i18n.day(held.due_on) if held.due_on else "–"


def _empty(application: Application, given: int) -> list[tuple[Cell, ...]]:
    """A way to fill the places that have no reader."""
    missing = assigning_queries.per_plan(application.call) - given
    if missing <= 0:
        return []
    where = {"call_id": application.call.public_id, "application_id": application.public_id}
    words = ngettext("%(num)s place is empty", "%(num)s places are empty", missing)
    return [(Link(words, "reviews.readers", where), "–", "–")]

"""What the review says to the applicant: the texts experts wrote for that, without anything that tells who wrote them.

Of a review that was handed in and counts. A text that seems to name its writer waits until a coordinator has looked at
it (authorization contract, row 36); the expert's own text stays as it is, beside what was ruled.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.applications.models import Application, ApplicationState
from app.calls.models import Call
from app.core import authz
from app.core.authz import Actor
from app.core.db import db
from app.core.dossier import Section
from app.reviews import blindness, feedback_rules, scoring_queries
from app.reviews.feedback_model import FeedbackRuling
from app.reviews.models import ReviewAssignment, Reviewer
from app.reviews.scoring_models import Review
from app.reviews.vocabulary import ReviewState

S = ApplicationState
RELEASED = (S.ADOPTED, S.RESERVE, S.DECLINED, S.COMPLETED)


@dataclass(frozen=True, slots=True)
class Entry:
    """A text for an applicant: as written, and what was ruled on it. `tells`: it seems to name its writer."""

    review: Review
    ruling: FeedbackRuling | None
    tells: bool

    @property
    def written(self) -> str:
        return self.review.for_applicant.strip()

    @property
    def waits(self) -> bool:
        """Whether it is not passed on only because nobody has looked at it."""
        return self.ruling is None and self.tells

    @property
    def passed_on(self) -> str:
        """What the host reads; "" if nothing."""
        if self.ruling is not None:
            return "" if self.ruling.is_held else self.ruling.text.strip()
        return "" if self.tells else self.written


def _texts() -> Select[Review, FeedbackRuling]:
    """Reviews with words for the applicant, with what was ruled since they were handed in."""
    experts = joinedload(Review.assignment).joinedload(ReviewAssignment.reviewer).joinedload(Reviewer.organization)
    return (
        select(Review, FeedbackRuling)
        .join(ReviewAssignment, ReviewAssignment.id == Review.assignment_id)
        .outerjoin(
            FeedbackRuling,
            (FeedbackRuling.review_id == Review.id) & (FeedbackRuling.updated_at >= Review.handed_in_at),
        )
        .where(Review.state == ReviewState.SUBMITTED, Review.for_applicant != "", scoring_queries.counts())
        .options(experts)
    )


def _entry(review: Review, ruling: FeedbackRuling | None) -> Entry:
    expert = review.assignment.reviewer
    places = [expert.affiliation]
    if expert.organization is not None:
        places += [expert.organization.name_ja, expert.organization.name_en]
    tells = feedback_rules.tells(review.for_applicant, [expert.name_ja, expert.name_en], places)
    return Entry(review, ruling, tells)


def of_plan(application: Application) -> list[Entry]:
    """The texts of a plan in their own order. One query."""
    rows = db.session.execute(_texts().where(ReviewAssignment.application_id == application.id))
    found = [(review.public_id, _entry(review, ruling)) for review, ruling in rows]
    return feedback_rules.in_order(application.public_id, found)


def texts_of(application: Application, reader: Actor | None = None) -> list[str]:
    """The texts for the host as they may be passed on, each once; none for a `reader` of JST it is closed to."""
    if reader is not None and application.id in blindness.closed_to(reader):
        return []
    return list(dict.fromkeys(entry.passed_on for entry in of_plan(application) if entry.passed_on))


def of_round(actor: Actor, call: Call) -> list[tuple[Application, Sequence[Entry]]]:
    """The plans of a round with texts, for whoever looks them through; without those closed to that person."""
    closed = blindness.closed_to(actor)
    plan = joinedload(Review.assignment).joinedload(ReviewAssignment.application)
    query = _texts().where(ReviewAssignment.call_id == call.id)
    query = query.options(plan.joinedload(Application.host_institution))
    held: dict[int, list[tuple[str, Entry]]] = {}
    plans: dict[int, Application] = {}
    for review, ruling in db.session.execute(query):
        application = review.assignment.application
        if application.id not in closed:
            plans[application.id] = application
            held.setdefault(application.id, []).append((review.public_id, _entry(review, ruling)))
    ordered = sorted(plans.values(), key=lambda found: found.reference or "")
    return [(found, feedback_rules.in_order(found.public_id, held[found.id])) for found in ordered]


def waiting(call: Call) -> int:
    """How many texts of a round wait to be looked at."""
    query = _texts().where(ReviewAssignment.call_id == call.id)
    return sum(_entry(review, ruling).waits for review, ruling in db.session.execute(query))


def entry_of(actor: Actor, public_id: str) -> Entry | None:
    """One text, unless its plan is closed to whoever asks."""
    row = db.session.execute(_texts().where(Review.public_id == public_id)).one_or_none()
    if row is None or row[0].assignment.application_id in blindness.closed_to(actor):
        return None
    return _entry(*row)


def is_released(application: Application) -> bool:
    """Whether the host knows the result: from then on its letter says what it says."""
    return application.state in RELEASED


def of_application(actor: Actor, application: Application) -> Section | None:
    """The section of a plan's page, once the result is released. Two queries, and none before."""
    if not is_released(application) or not authz.can(actor, "feedback:view", application):
        return None
    texts = texts_of(application, actor)
    return Section(_("Comments of the review"), (_("Comment"),), [(text,) for text in texts], "") if texts else None

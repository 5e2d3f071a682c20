"""Boards of a round, and what experts gave its plans."""

from typing import Any

from app.applications.models import Application
from app.board import service
from app.board.models import BoardTarget, BoardVersion
from app.calls.models import Call
from app.core import clock
from app.core.authz import Actor, Role
from app.core.db import db
from app.reviews.scoring_models import Criterion, Review, ReviewScore
from app.reviews.vocabulary import ReviewState
from tests.factories.accounts import make_actor
from tests.factories.reviews import make_assignment, make_reviewer


def make_board(
    call: Call, *, name: str = "First try", budget_line: int = 0, actor: Actor | None = None
) -> BoardVersion:
    """A board of a round in the order of its scores; the first one is the panel's."""
    actor = actor or make_actor(Role.COORDINATOR)
    made = service.begin(actor, call, name=name, budget_line=budget_line)
    db.session.flush()
    return made


def make_score(application: Application, mark: int, **fields: Any) -> Review:
    """One expert's sheet, handed in, with the same mark for the only criterion of the course."""
    criterion = db.session.query(Criterion).filter_by(course_id=application.course_id).first()
    if criterion is None:
        criterion = Criterion(course_id=application.course_id, key="merit", label_ja="Merit", label_en="Merit")
        db.session.add(criterion)
        db.session.flush()
    assignment = make_assignment(application, make_reviewer(), fields.pop("assignment", "completed"))
    values: dict[str, Any] = {"state": ReviewState.SUBMITTED, "handed_in_at": clock.now()}
    review = Review(assignment_id=assignment.id, **{**values, **fields})
    review.scores = [ReviewScore(criterion_id=criterion.id, mark=mark)]
    db.session.add(review)
    db.session.flush()
    return review


def make_target(measure: str = "region:africa", goal: int = 500, fiscal_year: int = 2025, **fields: Any) -> BoardTarget:
    """What a fiscal year is to reach."""
    made = BoardTarget(fiscal_year=fiscal_year, measure=measure, goal=goal, **fields)
    db.session.add(made)
    db.session.flush()
    return made

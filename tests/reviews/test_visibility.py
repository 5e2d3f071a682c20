"""A plan exists for an expert only while it is assigned, the term runs, and nothing stands between them."""

from datetime import timedelta

import pytest

from app.accounts.models import User
from app.applications.models import Application
from app.core import authz, clock
from app.core.authz import Actor
from app.core.db import db
from app.reviews.models import ReviewAssignment, Reviewer
from app.reviews.scoring_models import Review
from app.reviews.vocabulary import ConflictReason, ReviewerState
from tests.factories.accounts import actor_of, make_actor
from tests.factories.applications import make_application
from tests.factories.reviews import make_assignment, make_conflict, make_reviewer

READ = "review:write"


def actor_for(reviewer: Reviewer) -> Actor:
    user = db.session.get(User, reviewer.user_id)
    assert user is not None
    return actor_of(user)


def seen(reviewer: Reviewer) -> list[ReviewAssignment]:
    return list(db.session.scalars(authz.visible(actor_for(reviewer), READ, ReviewAssignment)))


@pytest.mark.usefixtures("app")
class TestWhatAnExpertSees:
    def plan(self) -> Application:
        return make_application("under_review")

    @pytest.mark.parametrize(
        ("state", "exists"),
        [
            ("proposed", False),
            ("sent", True),
            ("accepted", True),
            ("completed", True),
            ("declined", False),
            ("set_aside", False),
        ],
    )
    def test_an_assignment_exists_from_its_sending_until_it_is_given_up(self, state: str, exists: bool) -> None:
        assignment = make_assignment(self.plan(), state=state)
        assert (assignment in seen(assignment.reviewer)) is exists
        assert authz.can(actor_for(assignment.reviewer), READ, assignment) is exists

    def test_that_of_another_expert_never_does(self) -> None:
        assignment = make_assignment(self.plan())
        other = make_reviewer()
        assert seen(other) == []
        assert not authz.can(actor_for(other), READ, assignment)

    @pytest.mark.parametrize("reason", list(ConflictReason))
    def test_a_conflict_takes_it_out_of_sight_at_once_whatever_the_reason(self, reason: ConflictReason) -> None:
        assignment = make_assignment(self.plan())
        review = Review(assignment=assignment)
        db.session.add(review)
        db.session.flush()
        actor = actor_for(assignment.reviewer)
        assert authz.can(actor, "review:view-own", review)
        make_conflict(assignment.application, assignment.reviewer, reason)
        assert seen(assignment.reviewer) == []
        assert not authz.can(actor, READ, assignment)
        assert not authz.can(actor, "review:view-own", review)

    def test_the_conflict_of_one_hides_nothing_from_another(self) -> None:
        plan = self.plan()
        first, second = make_assignment(plan), make_assignment(plan)
        make_conflict(plan, first.reviewer)
        assert seen(second.reviewer) == [second]

    def test_nothing_exists_after_the_term_or_for_one_who_has_ended(self) -> None:
        assignment = make_assignment(self.plan())
        assignment.reviewer.term_until = clock.today()
        db.session.flush()
        assert seen(assignment.reviewer) == [assignment]
        assignment.reviewer.term_until = clock.today() - timedelta(days=1)
        db.session.flush()
        assert seen(assignment.reviewer) == []
        assignment.reviewer.term_until, assignment.reviewer.state = None, ReviewerState.ENDED
        db.session.flush()
        assert seen(assignment.reviewer) == []

    @pytest.mark.parametrize("role", ["host_editor", "screening_officer", "auditor", "administrator", "alumnus"])
    def test_nobody_else_reads_an_expert_s_work(self, role: str) -> None:
        make_assignment(self.plan())
        assert list(db.session.scalars(authz.visible(make_actor(role), READ, ReviewAssignment))) == []

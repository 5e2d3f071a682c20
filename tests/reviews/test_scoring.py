"""A sheet is drafted, handed in whole, handed in anew with the old one kept, or given up with a reason."""

from dataclasses import replace

import pytest

from app.accounts.models import User
from app.core.audit import AuditEvent
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Forbidden, Refused, Stale, TransitionNotAllowed
from app.reviews import scoring_queries, scoring_service
from app.reviews.models import ReviewAssignment
from app.reviews.scoring_sheet import Sheet
from app.reviews.vocabulary import AssignmentState, ReviewState
from tests.factories.accounts import actor_of
from tests.factories.applications import make_application
from tests.factories.reviews import (
    make_assignment,
    make_conflict,
    make_criteria,
    make_review,
    make_review_plan,
    make_reviewer,
)

KEYS = ("purpose", "exchange", "sending", "continuity", "feasibility", "cost")
WHOLE = Sheet(marks=dict.fromkeys(KEYS, 4), comments={"cost": "Cheap."}, for_panel="Adopt.", for_applicant="Well done.")


def given(
    phase: str = "scoring", state: str = "accepted", plan: str = "under_review"
) -> tuple[Actor, ReviewAssignment]:
    """An expert to whom a plan is given, in a round that is in that phase."""
    application = make_application(plan)
    make_criteria(application.course)
    make_review_plan(application.call, phase)
    assignment = make_assignment(application, state=state)
    return actor_for(assignment), assignment


def actor_for(assignment: ReviewAssignment) -> Actor:
    user = db.session.get(User, assignment.reviewer.user_id)
    assert user is not None
    return actor_of(user)


@pytest.mark.usefixtures("app")
class TestDrafts:
    def test_an_incomplete_draft_keeps_everything_that_was_typed(self) -> None:
        actor, assignment = given()
        typed = Sheet(marks={"purpose": 2}, comments={"cost": "No mark yet, but a thought."}, for_panel="Hm.")
        review = scoring_service.save_draft(actor, assignment, typed, version=None)
        assert scoring_service.scoring_sheet.of(review, make_criteria(assignment.application.course)) == typed
        assert review.state is ReviewState.DRAFT and assignment.state is AssignmentState.ACCEPTED

    def test_a_page_that_saw_an_older_version_overwrites_nothing(self) -> None:
        actor, assignment = given()
        first = scoring_service.save_draft(actor, assignment, Sheet(marks={"purpose": 2}), version=None)
        seen = first.version
        scoring_service.save_draft(actor, assignment, Sheet(marks={"purpose": 3}), version=seen)
        with pytest.raises(Stale):
            scoring_service.save_draft(actor, assignment, Sheet(marks={"purpose": 5}), version=seen)
        with pytest.raises(Stale):
            scoring_service.save_draft(actor, assignment, Sheet(marks={"purpose": 5}), version=None)

    def test_of_two_pages_that_begin_a_sheet_in_the_same_instant_one_is_told(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        actor, assignment = given()
        scoring_service.save_draft(actor, assignment, WHOLE, version=None)
        monkeypatch.setattr(scoring_queries, "review_of", lambda _assignment: None)
        with pytest.raises(Stale):
            scoring_service.save_draft(actor, assignment, WHOLE, version=None)

    @pytest.mark.parametrize(
        "sheet", [Sheet(marks={"purpose": 6}), Sheet(marks={"unknown": 3}), Sheet(marks={"cost": 0})]
    )
    def test_marks_off_the_scale_and_unknown_criteria_are_refused(self, sheet: Sheet) -> None:
        actor, assignment = given()
        with pytest.raises(Refused):
            scoring_service.save_draft(actor, assignment, sheet, version=None)

    def test_the_log_says_that_a_draft_was_saved_but_not_what_it_says(self) -> None:
        actor, assignment = given()
        review = scoring_service.save_draft(actor, assignment, WHOLE, version=None)
        entry = db.session.query(AuditEvent).filter_by(verb="review:draft", subject_id=review.id).one()
        assert entry.changes == {} and entry.comment == ""


@pytest.mark.usefixtures("app")
class TestHandingIn:
    def test_a_whole_sheet_is_handed_in_and_stands_in_the_log(self) -> None:
        actor, assignment = given()
        review = scoring_service.save_draft(actor, assignment, WHOLE, version=None)
        scoring_service.hand_in(actor, assignment, version=review.version)
        assert (review.state, assignment.state) == (ReviewState.SUBMITTED, AssignmentState.COMPLETED)
        assert review.handed_in_at is not None and assignment.completed_at == review.handed_in_at
        entry = db.session.query(AuditEvent).filter_by(verb="review:hand-in").one()
        assert entry.changes["mark:purpose"] == [None, 4] and entry.changes["for_panel"] == [None, "Adopt."]

    @pytest.mark.parametrize(
        ("sheet", "field"),
        [
            (replace(WHOLE, marks=dict.fromkeys(KEYS[1:], 4)), "mark_purpose"),
            (replace(WHOLE, for_panel=" "), "for_panel"),
        ],
    )
    def test_what_is_missing_is_named(self, sheet: Sheet, field: str) -> None:
        actor, assignment = given()
        review = scoring_service.save_draft(actor, assignment, sheet, version=None)
        with pytest.raises(Refused) as refusal:
            scoring_service.hand_in(actor, assignment, version=review.version)
        assert list(refusal.value.fields) == [field]
        assert review.state is ReviewState.DRAFT

    @pytest.mark.parametrize("phase", ["scoring", "discussion"])
    def test_a_changed_review_is_handed_in_anew_and_the_old_marks_stay_in_the_log(self, phase: str) -> None:
        actor, assignment = given(phase)
        review = make_review(assignment, mark=4, for_panel="Adopt.")
        old = scoring_service.scoring_sheet.of(review, make_criteria(assignment.application.course))
        new = replace(old, marks={**old.marks, "cost": 1})
        scoring_service.revise(actor, assignment, new, version=review.version)
        entry = db.session.query(AuditEvent).filter_by(verb="review:hand-in-again").one()
        assert entry.changes == {"mark:cost": [4, 1]}
        with pytest.raises(Refused):
            scoring_service.revise(actor, assignment, replace(new, marks={}), version=review.version)

    def test_who_abstains_says_why_and_may_think_better_of_it_while_scoring_lasts(self) -> None:
        actor, assignment = given()
        with pytest.raises(Refused):
            scoring_service.abstain(actor, assignment, version=None, reason=" ")
        review = scoring_service.abstain(actor, assignment, version=None, reason="Outside my field.")
        assert (review.state, assignment.state) == (ReviewState.ABSTAINED, AssignmentState.COMPLETED)
        with pytest.raises(TransitionNotAllowed):  # what is kept while one types takes nothing back
            scoring_service.save_draft(actor, assignment, WHOLE, version=review.version, is_noted=False)
        scoring_service.save_draft(actor, assignment, WHOLE, version=review.version)
        assert (review.state, assignment.state) == (ReviewState.DRAFT, AssignmentState.ACCEPTED)


@pytest.mark.usefixtures("app")
class TestWhoMayWrite:
    @pytest.mark.parametrize(
        ("phase", "state", "plan", "may"),
        [
            ("scoring", "accepted", "under_review", True),
            ("scoring", "accepted", "returned", True),
            ("before", "accepted", "under_review", False),
            ("discussion", "accepted", "under_review", False),
            ("closed", "accepted", "under_review", False),
            ("scoring", "sent", "under_review", False),
            ("scoring", "accepted", "decided", False),
            ("scoring", "accepted", "withdrawn", False),
        ],
    )
    def test_by_phase_assignment_and_plan(self, phase: str, state: str, plan: str, may: bool) -> None:
        actor, assignment = given(phase, state, plan)
        if may:
            scoring_service.save_draft(actor, assignment, WHOLE, version=None)
            return
        with pytest.raises(TransitionNotAllowed):
            scoring_service.save_draft(actor, assignment, WHOLE, version=None)

    @pytest.mark.parametrize("state", ["proposed", "declined", "set_aside"])
    def test_what_is_not_with_the_expert_does_not_exist(self, state: str) -> None:
        actor, assignment = given(state=state)
        with pytest.raises(Forbidden):
            scoring_service.save_draft(actor, assignment, WHOLE, version=None)

    def test_a_conflict_that_appears_stops_the_writing_at_once_and_the_score_counts_no_more(self) -> None:
        actor, assignment = given()
        review = make_review(assignment)
        assert scoring_queries.handed_in_of(assignment.application_id) == [review]
        make_conflict(assignment.application, assignment.reviewer)
        with pytest.raises(Forbidden):
            scoring_service.revise(actor, assignment, WHOLE, version=review.version)
        assert scoring_queries.handed_in_of(assignment.application_id) == []
        assert scoring_queries.set_aside_of(assignment.application_id) == [review]

    def test_nobody_writes_another_s_sheet(self) -> None:
        _actor, assignment = given()
        other = make_assignment(assignment.application, make_reviewer())
        with pytest.raises(Forbidden):
            scoring_service.save_draft(actor_for(other), assignment, WHOLE, version=None)

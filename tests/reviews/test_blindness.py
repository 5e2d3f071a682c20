"""Experts see one another's marks by number, after their own, in the discussion; JST sees them by name."""

import pytest

from app.accounts.models import User
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Forbidden, NotFound, TransitionNotAllowed
from app.reviews import discussion, round_scores
from app.reviews.models import ReviewAssignment
from app.reviews.vocabulary import AssignmentState
from tests.conftest import Client
from tests.factories.accounts import actor_of, grant_role, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.reviews import (
    make_assignment,
    make_conflict,
    make_criteria,
    make_discussion,
    make_review,
    make_review_plan,
    make_reviewer,
)


def panel(phase: str = "discussion", mine: str = "submitted") -> tuple[Actor, ReviewAssignment, ReviewAssignment]:
    """An expert with the own assignment, and that of another expert who has handed in."""
    application = make_application("under_review")
    make_criteria(application.course)
    make_review_plan(application.call, phase)
    theirs = make_assignment(application, make_reviewer(name_en="Professor Hidden"))
    own = make_assignment(application, make_reviewer(name_en="Dr. Reader"))
    make_review(theirs, mark=2, for_panel="I doubt it.")
    if mine:
        make_review(own, mine, mark=5)
    return actor_of(db.session.get_one(User, own.reviewer.user_id)), own, theirs


@pytest.mark.usefixtures("app", "english")
class TestExperts:
    @pytest.mark.parametrize(
        ("phase", "mine", "may"),
        [
            ("discussion", "submitted", True),
            ("discussion", "draft", False),
            ("discussion", "", False),
            ("discussion", "abstained", False),
            ("scoring", "submitted", False),
            ("closed", "submitted", False),
        ],
    )
    def test_the_others_are_read_after_the_own_review_and_in_the_discussion_only(
        self, phase: str, mine: str, may: bool
    ) -> None:
        actor, own, _theirs = panel(phase, mine)
        make_discussion(own.call)
        if may:
            talk = discussion.for_expert(actor, own)
            assert [(voice.who, voice.value) for voice in talk.voices] == [
                ("Reviewer 1", 25),
                ("You (reviewer 2)", 100),
            ]
            discussion.post(actor, own, text="Why?")
            return
        with pytest.raises(TransitionNotAllowed):
            discussion.for_expert(actor, own)
        with pytest.raises(TransitionNotAllowed):
            discussion.post(actor, own, text="Why?")

    def test_a_number_stays_when_somebody_drops_out_and_what_was_set_aside_is_not_shown(self) -> None:
        actor, own, theirs = panel()
        theirs.state = AssignmentState.SET_ASIDE
        db.session.flush()
        assert [voice.who for voice in discussion.for_expert(actor, own).voices] == ["You (reviewer 2)"]

    def test_nothing_is_said_outside_a_named_round(self) -> None:
        actor, own, _theirs = panel()
        with pytest.raises(TransitionNotAllowed):
            discussion.post(actor, own, text="Why?")

    def test_a_conflict_takes_the_discussion_away(self) -> None:
        actor, own, _theirs = panel()
        make_conflict(own.application, own.reviewer)
        with pytest.raises(Forbidden):
            discussion.for_expert(actor, own)

    def test_the_page_names_numbers_for_experts_and_people_of_jst(self, client: Client) -> None:
        _actor, own, theirs = panel()
        make_discussion(own.call)
        coordinator = make_user("coordinator", name="Akari Mori")
        discussion.post_as_jst(actor_of(coordinator), own.application, text="Please look at the cost.")
        discussion.post(actor_of(db.session.get_one(User, theirs.reviewer.user_id)), theirs, text="I did.")
        sign_in(client, db.session.get_one(User, own.reviewer.user_id))
        page = client.get(f"/reviews/mine/{own.public_id}/discussion")
        assert "Akari Mori" in page.text and "Reviewer 1" in page.text and "I doubt it." in page.text
        assert "Professor Hidden" not in page.text and theirs.reviewer.email not in page.text
        answer = client.post(f"/reviews/mine/{own.public_id}/discussion", data={"text": "Agreed.", "key": "k"})
        assert answer.status_code == 302


@pytest.mark.usefixtures("app")
class TestStaff:
    @pytest.mark.parametrize("role", ["coordinator", "decision_maker"])
    def test_jst_reads_what_was_handed_in_by_name_and_never_a_draft(self, role: str) -> None:
        _actor, own, _theirs = panel("scoring", "draft")
        talk = discussion.for_staff(make_actor(role), own.application)
        assert [voice.who for voice in talk.voices] == ["Professor Hidden"]

    @pytest.mark.parametrize("role", ["host_editor", "host_approver", "screening_officer", "auditor", "administrator"])
    def test_nobody_else_does(self, role: str) -> None:
        _actor, own, _theirs = panel()
        with pytest.raises(Forbidden):
            discussion.for_staff(make_actor(role), own.application)

    def test_staff_who_review_a_plan_see_its_scores_once_their_own_is_in(self) -> None:
        _actor, own, _theirs = panel("scoring", "draft")
        user = db.session.get_one(User, own.reviewer.user_id)
        grant_role(user, "coordinator")
        both = actor_of(user)
        with pytest.raises(TransitionNotAllowed):
            discussion.for_staff(both, own.application)
        row = round_scores.of(both, own.call).plans[0]
        assert (row.closed, row.summary, row.entries) == ("own_first", None, [])
        own.state = AssignmentState.DECLINED
        db.session.flush()
        assert len(discussion.for_staff(both, own.application).voices) == 1

    def test_staff_with_a_conflict_see_nothing_of_a_plan_s_review(self) -> None:
        _actor, own, _theirs = panel()
        user = db.session.get_one(User, own.reviewer.user_id)
        grant_role(user, "coordinator")
        make_conflict(own.application, own.reviewer)
        with pytest.raises(NotFound):
            discussion.for_staff(actor_of(user), own.application)
        assert round_scores.of(actor_of(user), own.call).plans[0].closed == "conflict"

    def test_what_is_typed_into_a_round_that_closes_meanwhile_is_shown_once_more(self, client: Client) -> None:
        _actor, own, _theirs = panel()
        sign_in(client, db.session.get_one(User, own.reviewer.user_id))
        answer = client.post(f"/reviews/mine/{own.public_id}/discussion", data={"text": "One more thing.", "key": "k"})
        assert answer.status_code == 409 and "One more thing." in answer.text
        assert "No round of discussion is open now." in answer.text


class TestHosts:
    def test_a_host_finds_no_trace_of_the_review_of_its_plan(self, client: Client) -> None:
        _actor, own, theirs = panel()
        application = own.application
        sign_in(client, make_user("host_approver", application.host_institution))
        for path in ("/reviews/rounds", f"/reviews/rounds/{own.call.public_id}", "/reviews/mine", "/reviews/criteria"):
            assert client.get(path).status_code == 403, path
        assert client.get(f"/reviews/plans/{application.public_id}").status_code == 403
        for path in (f"/applications/{application.public_id}", "/applications", "/"):
            page = client.get(path)
            assert page.status_code == 200
            for canary in ("Professor Hidden", "Dr. Reader", "I doubt it.", theirs.reviewer.email):
                assert canary not in page.text, (path, canary)

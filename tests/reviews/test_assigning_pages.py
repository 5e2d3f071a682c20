"""Giving plans to experts: proposed by calculation, changed by hand, sent, answered, replaced, reminded."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from app.accounts.models import User
from app.applications import service as applications
from app.applications.models import Application
from app.calls.models import Call
from app.core import clock, jobs
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import DomainError, Forbidden, GuardsFailed, Refused, TransitionNotAllowed
from app.core.outbox import OutboxMessage
from app.reviews import assigning_queries, assigning_service, register_daily, standing
from app.reviews.models import ReviewAssignment, Reviewer, ReviewerAbsence
from app.reviews.proposing import languages_of
from app.reviews.scoring_models import ReviewPlan
from app.reviews.vocabulary import AssignmentState as S
from app.reviews.vocabulary import ReviewerState
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.directory import make_host
from tests.factories.reviews import make_assignment, make_conflict, make_reviewer

DUE = clock.today() + timedelta(days=14)


def make_round(plans: int = 4, experts: int = 5, **fields: Any) -> tuple[Call, list[Application], list[Reviewer]]:
    """A round with plans under review and experts of their field."""
    call, host = make_call(), make_host()
    made = [make_application("under_review", call=call, host=host) for _number in range(plans)]
    return call, made, [make_reviewer("environment", **fields) for _number in range(experts)]


def rows(call: Call) -> list[ReviewAssignment]:
    db.session.expire_all()
    query = select(ReviewAssignment).where(ReviewAssignment.call_id == call.id).order_by(ReviewAssignment.id)
    return list(db.session.scalars(query))


def work() -> None:
    while jobs.run_next():
        pass


def mails(template: str) -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == template)))


def actor_for(reviewer: Reviewer) -> Actor:
    return actor_of(db.session.get_one(User, reviewer.user_id))


@pytest.mark.usefixtures("app")
class TestProposing:
    def propose(self, call: Call, **said: Any) -> dict[str, Any]:
        return assigning_service.make_proposal(make_actor(Role.COORDINATOR), call, **said)

    def test_each_plan_gets_its_readers_and_loads_are_even(self) -> None:
        call, plans, _experts = make_round()
        result = self.propose(call)
        assert (result["proposed"], result["gap"], result["missing"]) == (12, 0.0, [])
        assert Counter(Counter(row.application_id for row in rows(call)).values()) == {3: len(plans)}
        assert result["spread"] <= 1
        assert {row.state for row in rows(call)} == {S.PROPOSED}
        assert mails("review_request") == []

    def test_the_round_says_how_many_read_a_plan(self) -> None:
        call, _plans, _experts = make_round(plans=2)
        now = clock.now()
        db.session.add(ReviewPlan(call_id=call.id, per_plan=2, scoring_from=now, scoring_until=now + timedelta(days=9)))
        db.session.flush()
        assert self.propose(call)["proposed"] == 4

    def test_nobody_in_conflict_is_proposed_and_what_stays_empty_is_named(self) -> None:
        call, plans, experts = make_round(plans=1, experts=4)
        experts[0].organization = plans[0].host_institution
        make_conflict(plans[0], experts[1])
        db.session.flush()
        result = self.propose(call)
        assert result["missing"] == [[plans[0].id, 1]]
        assert {row.reviewer_id for row in rows(call)} == {experts[2].id, experts[3].id}
        shortage = standing.proposing.problem(call).shortages([plans[0].id])[plans[0].id]
        assert (shortage.in_conflict, shortage.asked_before, shortage.full) == (2, 2, 0)

    @pytest.mark.parametrize(
        "fields",
        [
            {"state": ReviewerState.RESTING},
            {"state": ReviewerState.INVITED},
            {"state": ReviewerState.ENDED},
            {"term_until": clock.today() - timedelta(days=1)},
            {"term_from": clock.today() + timedelta(days=1)},
            {"capacity": 0},
        ],
        ids=str,
    )
    def test_those_who_cannot_read_now_are_given_nothing(self, fields: dict[str, Any]) -> None:
        call, _plans, _experts = make_round(plans=1, experts=1, **fields)
        assert self.propose(call)["proposed"] == 0

    def test_neither_are_those_without_time_for_the_round(self) -> None:
        call, _plans, experts = make_round(plans=1, experts=1)
        db.session.add(ReviewerAbsence(reviewer_id=experts[0].id, call_id=call.id))
        db.session.flush()
        assert self.propose(call)["proposed"] == 0

    def test_the_rest_is_held_fixed_and_nobody_is_asked_twice(self) -> None:
        call, plans, experts = make_round(plans=1, experts=5)
        for expert, state in zip(experts, ("accepted", "declined", "set_aside"), strict=False):
            make_assignment(plans[0], expert, state)
        self.propose(call)
        assert {row.reviewer_id for row in rows(call) if row.state is S.PROPOSED} == {experts[3].id, experts[4].id}
        assert self.propose(call)["proposed"] == 0

    def test_afresh_drops_only_what_is_not_sent(self) -> None:
        call, plans, experts = make_round(plans=1, experts=3)
        make_assignment(plans[0], experts[0], "sent")
        make_assignment(plans[0], experts[1], "proposed")
        assert self.propose(call, afresh=True)["proposed"] == 2
        assert Counter(row.state for row in rows(call)) == {S.SENT: 1, S.PROPOSED: 2}

    def test_plans_not_under_review_wait(self) -> None:
        call, _plans, _experts = make_round(plans=0, experts=3)
        for state in ("submitted", "returned", "withdrawn", "decided", "draft"):
            make_application(state, call=call)
        assert self.propose(call)["proposed"] == 0

    def test_the_language_of_a_plan_is_that_of_its_text(self) -> None:
        assert languages_of("Students measure a river.") == {"en"}
        assert languages_of("河川の水質を測定します。") == {"ja"}
        assert languages_of(" ") == {"ja", "en"}


@pytest.mark.usefixtures("app")
class TestByHand:
    @pytest.fixture(autouse=True)
    def english(self, app: Flask) -> Iterator[None]:
        with force_locale("en"):
            yield

    def test_nobody_overrides_a_conflict(self) -> None:
        call, plans, experts = make_round(plans=1, experts=2)
        make_conflict(plans[0], experts[0])
        experts[1].organization = plans[0].host_institution
        db.session.flush()
        for expert in experts:
            with pytest.raises(Refused, match="in conflict"):
                assigning_service.add(make_actor(Role.COORDINATOR), plans[0], expert)
        assert rows(call) == []

    def test_nor_what_was_agreed(self) -> None:
        call, plans, experts = make_round(plans=2, experts=2, capacity=1)
        actor = make_actor(Role.COORDINATOR)
        assigning_service.add(actor, plans[0], experts[0])
        with pytest.raises(Refused, match="asked to read this plan before"):
            assigning_service.add(actor, plans[0], experts[0])
        with pytest.raises(Refused, match="as many as agreed"):
            assigning_service.add(actor, plans[1], experts[0])
        experts[1].state = ReviewerState.RESTING
        db.session.flush()
        with pytest.raises(Refused, match="has no time"):
            assigning_service.add(actor, plans[1], experts[1])
        assert len(rows(call)) == 1

    @pytest.mark.parametrize("role", ["reviewer", "decision_maker", "host_approver", "administrator", "auditor"])
    def test_only_coordinators_give_plans(self, role: str) -> None:
        call, plans, experts = make_round(plans=1, experts=1)
        actor = make_actor(role)
        for verb in (
            lambda: assigning_service.add(actor, plans[0], experts[0]),
            lambda: assigning_service.propose(actor, call, afresh=False, key="k"),
            lambda: assigning_service.send(actor, call, due_on=DUE, key="k"),
        ):
            with pytest.raises(Forbidden):
                verb()

    def test_the_best_replacement_comes_first(self) -> None:
        _call, plans, _experts = make_round(plans=1, experts=0)
        other, right, busy = make_reviewer("physics"), make_reviewer("environment"), make_reviewer("environment")
        make_assignment(make_application("under_review", call=plans[0].call), busy)
        make_conflict(plans[0], make_reviewer("environment"))
        assert [one.reviewer for one in standing.candidates(plans[0])] == [right, busy, other]

    def test_a_proposal_is_dropped_what_is_sent_is_taken_back_with_a_reason(self) -> None:
        _call, plans, experts = make_round(plans=1, experts=2)
        actor = make_actor(Role.COORDINATOR)
        proposal, sent = (
            make_assignment(plans[0], expert, state)
            for expert, state in zip(experts, ("proposed", "sent"), strict=True)
        )
        with pytest.raises(TransitionNotAllowed):
            assigning_service.drop(actor, sent)
        assigning_service.drop(actor, proposal)
        with pytest.raises(GuardsFailed):
            assigning_service.take_back(actor, sent, "")
        assigning_service.take_back(actor, sent, "Too many from one society")
        assert (sent.state, sent.reason) == (S.SET_ASIDE, "Too many from one society")
        body = mails("review_taken_back")[0].body
        assert "society" not in body and plans[0].reference not in body and plans[0].theme_en not in body


@pytest.mark.usefixtures("app")
class TestWithdrawing:
    def test_a_plan_its_host_withdraws_leaves_every_desk(self) -> None:
        call, plans, experts = make_round(plans=1, experts=4)
        for expert, state in zip(experts, ("proposed", "sent", "accepted", "completed"), strict=True):
            make_assignment(plans[0], expert, state)
        approver = make_actor(Role.HOST_APPROVER, plans[0].host_institution)
        applications.transition(approver, plans[0], "withdraw", comment="No dates")
        assert [row.state for row in rows(call)] == [S.SET_ASIDE, S.SET_ASIDE, S.COMPLETED]
        assert standing.reason_of(rows(call)[0]) != assigning_service.WITHDRAWN
        assert len(mails("review_taken_back")) == 2


@pytest.mark.usefixtures("app")
class TestSending:
    def test_each_expert_gets_one_mail_that_names_no_plan(self) -> None:
        call, plans, _experts = make_round(plans=3, experts=3)
        actor = make_actor(Role.COORDINATOR)
        assigning_service.make_proposal(actor, call)
        sent = assigning_service.send(actor, call, due_on=DUE, key="k")
        assert (sent.readings, sent.job) == (9, None)
        assert {(row.state, row.due_on) for row in rows(call)} == {(S.SENT, DUE)}
        assert len(mails("review_request")) == 3
        for mail in mails("review_request"):
            assert "3 exchange plans" in mail.body
            for plan in plans:
                for secret in (plan.reference, plan.theme_en, plan.host_institution.name_en, plan.public_id):
                    assert secret not in mail.subject + mail.body
        with pytest.raises(GuardsFailed):
            assigning_service.send(actor, call, due_on=DUE, key="again")

    def test_a_conflict_that_came_up_since_the_proposal_stops_the_mail(self) -> None:
        call, plans, experts = make_round(plans=1, experts=1)
        actor = make_actor(Role.COORDINATOR)
        assigning_service.make_proposal(actor, call)
        experts[0].organization = plans[0].host_institution
        db.session.flush()
        assigning_service.send(actor, call, due_on=DUE, key="k")
        assert rows(call) == [] and mails("review_request") == []

    def test_the_due_day_lies_ahead(self) -> None:
        call, plans, experts = make_round(plans=1, experts=1)
        make_assignment(plans[0], experts[0], "proposed")
        with pytest.raises(Refused):
            assigning_service.send(make_actor(Role.COORDINATOR), call, due_on=clock.today(), key="k")

    def test_many_are_asked_by_a_job_and_nobody_twice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(assigning_service, "AT_ONCE", 1)
        call, _plans, _experts = make_round(plans=2, experts=3)
        actor = make_actor(Role.COORDINATOR)
        assigning_service.make_proposal(actor, call)
        job = assigning_service.send(actor, call, due_on=DUE, key="k").job
        assert job is not None
        work()
        assert {row.state for row in rows(call)} == {S.SENT}
        assert assigning_service.send_by_job(job, jobs.Context(job.id, job.tries)) == {"readings": 0}
        assert len(mails("review_request")) == 3

    def test_whoever_lost_the_role_meanwhile_sends_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(assigning_service, "AT_ONCE", 0)
        call, plans, experts = make_round(plans=1, experts=1)
        make_assignment(plans[0], experts[0], "proposed")
        user = make_user(Role.COORDINATOR)
        job = assigning_service.send(actor_of(user), call, due_on=DUE, key="k").job
        assert job is not None
        user.grants.clear()
        db.session.flush()
        with pytest.raises(DomainError):
            assigning_service.send_by_job(job, jobs.Context(job.id, job.tries))
        assert rows(call)[0].state is S.PROPOSED


@pytest.mark.usefixtures("app")
class TestReminding:
    def test_a_week_and_a_day_before_once_each_without_naming_plans(self) -> None:
        call, plans, experts = make_round(plans=2, experts=1)
        for plan, state in zip(plans, ("sent", "accepted"), strict=True):
            make_assignment(plan, experts[0], state, due_on=clock.today() + timedelta(days=7))
        done = make_application("under_review", call=call)
        make_assignment(done, experts[0], "completed", due_on=clock.today() + timedelta(days=7))
        make_assignment(done, make_reviewer(), due_on=clock.today() + timedelta(days=5))
        assert (register_daily.remind_all(), register_daily.remind_all()) == (1, 0)
        mail = mails("review_due")[0]
        assert "1 plan waits for your answer" in mail.body and "1 review is not handed in" in mail.body
        assert not any(plan.theme_en in mail.body for plan in plans)
        with clock.pretending(clock.now() + timedelta(days=6)):
            assert register_daily.remind_all() == 1


class TestPages:
    @pytest.fixture
    def coordinator(self, client: Client) -> User:
        user = make_user(Role.COORDINATOR)
        sign_in(client, user)
        return user

    def test_from_the_numbers_to_the_mails(self, client: Client, coordinator: User) -> None:
        call, plans, experts = make_round(plans=2, experts=3)
        address = f"/reviews/rounds/{call.public_id}/assignment"
        assert call.public_id in client.get("/reviews/assignment").get_data(as_text=True)
        assert "Propose readers" in client.get(address).get_data(as_text=True)
        assert client.post(f"{address}/propose", data={"key": "one-click-of-many"}).status_code == 302
        work()
        page = client.get(address).get_data(as_text=True)
        assert "6 readers were proposed" in page and "There is no better assignment" in page
        readers = f"/reviews/rounds/{call.public_id}/plans/{plans[0].public_id}/readers"
        first = next(row for row in rows(call) if row.application_id == plans[0].id)
        chosen = first.reviewer.public_id
        assert client.post(readers, data={"reviewer": chosen}).status_code == 422
        assert client.post(f"/reviews/assignments/{first.public_id}/drop").status_code == 302
        assert client.post(readers, data={}).status_code == 422
        assert client.post(readers, data={"reviewer": chosen}).status_code == 302
        assert len(rows(call)) == 6 and len(experts) == 3
        assert client.post(f"{address}/send", data={"due_on": "2001-01-01"}).status_code == 422
        assert client.post(f"{address}/send", data={"due_on": DUE.isoformat(), "key": "send-it"}).status_code == 302
        assert {row.state for row in rows(call)} == {S.SENT}

    def test_places_nobody_could_fill_say_why(self, client: Client, coordinator: User) -> None:
        call, plans, experts = make_round(plans=1, experts=1)
        make_conflict(plans[0], experts[0])
        address = f"/reviews/rounds/{call.public_id}/assignment"
        client.post(f"{address}/propose", data={"key": "one-click-of-many"})
        work()
        page = client.get(address).get_data(as_text=True)
        assert "3 places are empty." in page and "Experts in conflict: 1, asked before: 0, without room: 0." in page

    def test_jst_declares_a_conflict_and_the_expert_is_no_choice_any_more(
        self, client: Client, coordinator: User
    ) -> None:
        call, plans, experts = make_round(plans=1, experts=1)
        base = f"/reviews/rounds/{call.public_id}/plans/{plans[0].public_id}"
        assert client.post(f"{base}/conflicts", data={"reviewer": experts[0].public_id, "note": ""}).status_code == 422
        said = {"reviewer": experts[0].public_id, "note": "Wrote the textbook together"}
        assert client.post(f"{base}/conflicts", data=said).status_code == 302
        page = client.get(f"{base}/readers").get_data(as_text=True)
        assert "Wrote the textbook together" in page and "Nobody else can read this plan" in page
        assert client.post(f"{base}/readers", data={"reviewer": experts[0].public_id}).status_code == 422
        assert rows(call) == []

    def test_a_plan_of_another_round_or_a_draft_is_not_there(self, client: Client, coordinator: User) -> None:
        call, plans, _experts = make_round(plans=1, experts=0)
        other, draft = make_call("2"), make_application("draft", call=call)
        for round_, plan in ((other, plans[0]), (call, draft)):
            address = f"/reviews/rounds/{round_.public_id}/plans/{plan.public_id}/readers"
            assert client.get(address).status_code == 404

    def test_the_home_page_says_what_waits(self, client: Client, coordinator: User) -> None:
        call, plans, _experts = make_round(plans=1, experts=0)
        assert "Find readers for the plans" in client.get("/").get_data(as_text=True)
        expert = make_reviewer()
        make_assignment(plans[0], expert, "sent", due_on=DUE)
        sign_in(client, db.session.get_one(User, expert.user_id))
        page = client.get("/").get_data(as_text=True)
        assert "Say whether you can read the plans" in page and plans[0].theme_en not in page
        assert assigning_queries.asked_by_day(actor_for(expert))[0].number == 1
        assert call.title not in page

"""A plan moves to another institution: two persons, one transaction, and neither institution learns of the other."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from app.applications import comment_queries, commenting, copying, mailing, moving, receipts, snapshot
from app.applications.models import Application, ApplicationState
from app.applications.moving_model import MoveState, PlanMove
from app.core import audit, authz
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Forbidden, Refused, TransitionNotAllowed
from app.core.outbox import OutboxMessage
from app.directory.models import HostInstitution
from app.reviews.models import Conflict
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_course
from tests.factories.directory import make_host
from tests.factories.files import attach
from tests.factories.reviews import make_assignment, make_reviewer

S = ApplicationState
MOVABLE = [S.SUBMITTED, S.UNDER_REVIEW, S.DECIDED]


def moved(application: Application, target: HostInstitution) -> PlanMove:
    """A plan moved as two coordinators do it."""
    proposed = moving.propose(make_actor(Role.COORDINATOR), application, target=target, reason="Merged into it.")
    moving.approve(make_actor(Role.COORDINATOR), proposed)
    return proposed


def mails_to(user: object) -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).where(OutboxMessage.recipient_id == user.id)))  # type: ignore[attr-defined]


@pytest.fixture
def english(app: Flask, isolation: None) -> Iterator[None]:
    """Sentences made outside a request are English."""
    with force_locale("en"):
        yield


@pytest.mark.usefixtures("english")
class TestTwoPersons:
    @pytest.mark.parametrize("state", MOVABLE)
    def test_one_proposes_and_another_one_approves(self, state: ApplicationState) -> None:
        application, target = make_application(state), make_host()
        move = moved(application, target)
        assert (application.host_institution_id, application.state) == (target.id, state)
        assert move.state is MoveState.APPROVED and application.moved_at == move.decided_at

    def test_whoever_proposed_cannot_approve_or_reject(self) -> None:
        application, coordinator = make_application("submitted"), make_actor(Role.COORDINATOR)
        move = moving.propose(coordinator, application, target=make_host(), reason="Merged.")
        with pytest.raises(Refused, match="second person"):
            moving.approve(coordinator, move)
        with pytest.raises(Refused, match="second person"):
            moving.reject(coordinator, move, reason="No.")
        assert application.moved_at is None

    def test_a_proposal_is_decided_once(self) -> None:
        application, target = make_application("submitted"), make_host()
        move = moved(application, target)
        with pytest.raises(TransitionNotAllowed):
            moving.approve(make_actor(Role.COORDINATOR), move)
        with pytest.raises(TransitionNotAllowed):
            moving.reject(make_actor(Role.COORDINATOR), move, reason="No.")

    def test_only_the_proposer_takes_it_back(self) -> None:
        coordinator = make_actor(Role.COORDINATOR)
        move = moving.propose(coordinator, make_application("submitted"), target=make_host(), reason="Merged.")
        with pytest.raises(Forbidden):
            moving.withdraw(make_actor(Role.COORDINATOR), move)
        moving.withdraw(coordinator, move)
        assert move.state is MoveState.WITHDRAWN

    def test_one_proposal_at_a_time(self) -> None:
        application = make_application("submitted")
        moving.propose(make_actor(Role.COORDINATOR), application, target=make_host(), reason="Merged.")
        with pytest.raises(TransitionNotAllowed):
            moving.propose(make_actor(Role.COORDINATOR), application, target=make_host(), reason="Merged.")

    @pytest.mark.parametrize("role", [role for role in Role if role not in (Role.COORDINATOR, Role.SYSTEM)])
    def test_nobody_but_coordinators(self, role: Role) -> None:
        application = make_application("submitted")
        other = make_actor(role, application.host_institution)
        with pytest.raises(Forbidden):
            moving.propose(other, application, target=make_host(), reason="Merged.")
        move = moving.propose(make_actor(Role.COORDINATOR), application, target=make_host(), reason="Merged.")
        with pytest.raises(Forbidden):
            moving.approve(other, move)


@pytest.mark.usefixtures("app")
class TestWhatCanBeMoved:
    @pytest.mark.parametrize("state", [S.RETURNED, S.ADOPTED, S.RESERVE, S.DECLINED, S.COMPLETED])
    def test_only_what_jst_holds_undecided_or_unreleased(self, state: ApplicationState) -> None:
        with pytest.raises(TransitionNotAllowed):
            moving.propose(make_actor(Role.COORDINATOR), make_application(state), target=make_host(), reason="Merged.")

    def test_a_draft_is_not_known_to_jst(self) -> None:
        with pytest.raises(Forbidden):
            moving.propose(make_actor(Role.COORDINATOR), make_application(), target=make_host(), reason="Merged.")

    def test_a_plan_returned_meanwhile_stays(self) -> None:
        application = make_application("submitted")
        move = moving.propose(make_actor(Role.COORDINATOR), application, target=make_host(), reason="Merged.")
        application.state = S.RETURNED
        db.session.flush()
        with pytest.raises(TransitionNotAllowed):
            moving.approve(make_actor(Role.COORDINATOR), move)

    def test_only_to_an_approved_institution_that_does_not_hold_it(self) -> None:
        application, coordinator = make_application("submitted"), make_actor(Role.COORDINATOR)
        for target in (make_host(state="requested"), application.host_institution):
            with pytest.raises(Refused) as refused:
                moving.propose(coordinator, application, target=target, reason="Merged.")
            assert "institution" in refused.value.fields

    def test_never_without_a_reason(self) -> None:
        with pytest.raises(Refused):
            moving.propose(make_actor(Role.COORDINATOR), make_application("submitted"), target=make_host(), reason=" ")


@pytest.mark.usefixtures("app")
class TestAfterwards:
    def test_the_former_institution_loses_sight_at_once_and_the_new_one_sees_it(self, client: Client) -> None:
        application, target = make_application("under_review"), make_host()
        file = attach(application)
        before, after = make_user(Role.HOST_EDITOR, application.host_institution), make_user(Role.HOST_EDITOR, target)
        moved(application, target)
        here = f"/applications/{application.public_id}"
        for user, status in ((before, 404), (after, 200)):
            sign_in(client, user)
            for address in (here, f"{here}/files/{file.public_id}", f"{here}/plan.pdf", f"{here}/receipt.pdf"):
                assert client.get(address).status_code == status, address
            assert (application.reference in client.get("/applications").text) is (status == 200)

    def test_number_snapshot_and_receipt_stay(self) -> None:
        application, target = make_application("submitted"), make_host()
        receipt = receipts.issue(application)
        kept = (application.reference, application.snapshot_sha256, application.submitted_at)
        moved(application, target)
        assert (application.reference, application.snapshot_sha256, application.submitted_at) == kept
        assert application.snapshot is not None and snapshot.digest(application.snapshot) == application.snapshot_sha256
        assert receipts.read(receipt.code) is not None

    def test_the_files_are_the_new_institutions(self) -> None:
        application, target = make_application("submitted"), make_host()
        file = attach(application)
        moved(application, target)
        db.session.refresh(file.stored)
        assert file.stored.institution_id == target.id

    def test_both_hear_of_it_and_neither_of_the_other_one_nor_of_the_reason(self) -> None:
        application, target = make_application("submitted"), make_host()
        former = application.host_institution
        before, after = make_user(Role.HOST_EDITOR, former), make_user(Role.HOST_EDITOR, target)
        moved(application, target)
        (away,), (here,) = mails_to(before), mails_to(after)
        assert (away.template, here.template) == ("application_moved_away", "application_moved_here")
        assert target.name_en not in away.subject + away.body and former.name_en not in here.subject + here.body
        assert application.public_id not in away.body and application.public_id in here.body
        assert all("Merged" not in mail.body for mail in (away, here))

    def test_results_no_longer_reach_the_contacts_of_the_former_institution(self) -> None:
        application, target = make_application("under_review"), make_host()
        user = make_user(Role.HOST_EDITOR, target)
        assert application.administrative_email in {person.email for person in mailing.host_people(application)}
        moved(application, target)
        assert [person.email for person in mailing.host_people(application)] == [user.email]

    def test_a_plan_copied_before_says_nothing_of_the_one_that_moved(self) -> None:
        application, target = make_application("submitted"), make_host()
        editor = make_actor(Role.HOST_EDITOR, application.host_institution)
        copied = copying.copy(editor, application, call=application.call, course=application.course)
        copied.course = make_course("B")
        assert copying.hints(copied) != []
        moved(application, target)
        assert copying.hints(copied) == []

    def test_what_the_former_staff_said_among_themselves_does_not_move(self, client: Client) -> None:
        application, target = make_application("submitted"), make_host()
        former = make_user(Role.HOST_APPROVER, application.host_institution, name="Former Approver")
        application.state = S.RETURNED
        db.session.flush()
        commenting.write(actor_of(former), application, "overview", "Our secret worry")
        audit.record(actor_of(former), "application:edit", application)
        application.state = S.SUBMITTED
        db.session.flush()
        moved(application, target)
        assert comment_queries.threads(application) == [] and comment_queries.count_open(application) == {}
        sign_in(client, make_user(Role.HOST_EDITOR, target))
        for page in ("", "/mails", "/comments"):
            text = client.get(f"/applications/{application.public_id}{page}").text
            assert "Our secret worry" not in text and "Former Approver" not in text and "Merged" not in text

    def test_an_expert_there_loses_sight_in_the_same_moment(self) -> None:
        application, target = make_application("under_review"), make_host()
        expert = make_user(Role.REVIEWER)
        reviewer = make_reviewer(user=expert, organization_id=target.id)
        assignment = make_assignment(application, reviewer)
        actor = actor_of(expert)
        assert authz.can(actor, "review:write", assignment)
        moved(application, target)
        assert db.session.scalar(select(Conflict.id).where(Conflict.reviewer_id == reviewer.id)) is not None
        assert not authz.can(actor, "review:write", assignment)


class TestPages:
    def test_from_the_proposal_to_the_move(self, app: Flask, client: Client) -> None:
        application, target = make_application("under_review"), make_host()
        here = f"/applications/{application.public_id}"
        sign_in(client, make_user(Role.COORDINATOR))
        assert f"{here}/move" in client.get(here).text
        answer = client.post(f"{here}/move", data={"institution": "No such place", "reason": "Merged."})
        assert answer.status_code == 422 and "No approved host institution" in answer.text and "Merged." in answer.text
        answer = client.post(f"{here}/move", data={"institution": target.name_en, "reason": "Merged."})
        assert answer.location == here
        move = db.session.scalars(select(PlanMove)).one()
        assert client.post(f"/applications/moves/{move.public_id}/approve").status_code == 422
        sign_in(client, make_user(Role.COORDINATOR))
        assert application.reference in client.get("/applications/moves").text
        assert target.name_en in client.get(f"/applications/moves/{move.public_id}/approve").text
        assert client.post(f"/applications/moves/{move.public_id}/approve").location == here
        db.session.refresh(application)
        assert application.host_institution_id == target.id
        assert target.name_en in client.get(f"{here}/move").text

    def test_a_host_reads_nothing_of_a_proposal(self, app: Flask, client: Client) -> None:
        application = make_application("submitted")
        moving.propose(make_actor(Role.COORDINATOR), application, target=make_host(), reason="They quarrel.")
        sign_in(client, make_user(Role.HOST_APPROVER, application.host_institution))
        here = f"/applications/{application.public_id}"
        for page in (here, f"{here}/mails"):
            text = client.get(page).text
            assert "quarrel" not in text and "Move to another institution" not in text
        assert client.get(f"{here}/move").status_code == 403

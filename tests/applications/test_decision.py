"""Decisions stay inside JST until a round is released; then everybody hears at once, and once."""

from datetime import timedelta
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from app.accounts.models import UserState
from app.applications import agenda, proposing, release, round_queries
from app.applications.models import Application, ApplicationState, Decision, Outcome
from app.applications.workflow import APPLICATION
from app.core import clock, jobs
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.core.errors import GuardsFailed
from app.core.outbox import OutboxMessage
from app.visits.models import Visit
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.decisions import decide, make_proposal
from tests.factories.directory import make_host

S = ApplicationState


@pytest.fixture
def call(app: Any) -> Any:
    """A round that closed yesterday."""
    return make_call(opens_at=clock.now() - timedelta(days=30), closes_at=clock.now() - timedelta(days=1))


def post(client: Client, application: Application, verb: str, **fields: str) -> Any:
    return client.post(f"/applications/{application.public_id}/{verb}", data={"key": f"{verb}-1", **fields})


def test_decision_is_recorded_with_its_words(app: Any) -> None:
    application = make_application(S.UNDER_REVIEW)
    found = decide(application, message="Well done.", comment="First of its kind", conditions={"people_cap": 6})
    assert (found.outcome, found.message, found.comment) == (Outcome.ADOPTED, "Well done.", "First of its kind")
    assert (found.people_cap, found.number) == (6, 1)
    assert application.state is S.DECIDED
    assert db.session.scalar(select(OutboxMessage)) is None


def test_decision_may_be_changed_before_the_release(app: Any) -> None:
    application = make_application(S.DECIDED, outcome="adopted")
    decide(application, "declined")
    assert [row.outcome for row in db.session.scalars(select(Decision))] == [Outcome.DECLINED]
    assert application.state is S.DECIDED


@pytest.mark.parametrize("outcome", list(Outcome))
def test_host_finds_no_trace_of_a_decision_before_the_release(client: Client, outcome: Outcome, call: Any) -> None:
    """Two plans, one decided, one under review: a host cannot tell which, on any page, in any filter, in any file."""
    host = make_host()
    plans = [make_application(S.UNDER_REVIEW, call=call, host=host) for _number in range(2)]
    maker = make_actor(Role.DECISION_MAKER, name="Secret Decider")
    words = {"comment": "Secret comment", "message": "Secret message"}
    caps = {"people_cap": 3, "money_cap": 4321000, "condition_ja": "秘密の条件", "condition_en": "Secret condition"}
    decide(plans[0], outcome, by=maker, conditions=caps, **words)
    make_proposal(plans[0], "declined", by=make_actor(Role.COORDINATOR, name="Secret Proposer"), **words)
    sign_in(client, make_user(Role.HOST_APPROVER, host))

    def seen(path: str) -> str:
        answer = client.get(path)
        assert answer.status_code == 200
        return str(answer.get_data(as_text=True))

    for plan in plans:
        for suffix in ("", "/mails", "/receipt"):
            page = seen(f"/applications/{plan.public_id}{suffix}")
            for word in (
                "Secret",
                "秘密",
                "4,321,000",
                "Decided",
                "decided",
                "Adopt",
                "Decline",
                "waiting list",
                "adopted",
                "declined",
            ):
                assert word not in page, (suffix, word)
    assert "Under review" in seen(f"/applications/{plans[0].public_id}")
    assert seen("/applications").count("Under review</span>") == 2
    assert seen("/applications?state=under_review").count("Under review</span>") == 2
    assert seen("/applications?state=decided").count("Under review</span>") == 2  # ignored like any unknown word
    for state in ("adopted", "declined", "reserve"):
        assert "Under review</span>" not in seen(f"/applications?state={state}")
    assert 'value="decided"' not in seen("/applications")
    page = client.get(f"/applications/{plans[0].public_id}/plan.pdf")
    assert page.status_code == 200
    for path in ("/applications/rounds", f"/applications/rounds/{call.public_id}"):
        assert client.get(path).status_code == 403
    for verb in ("adopt", "release_adopted"):
        assert client.get(f"/applications/{plans[0].public_id}/{verb}").status_code == 404
        assert {post(client, plan, verb).status_code for plan in plans} == {404}
    assert {post(client, plan, "propose").status_code for plan in plans} == {403}


def test_host_of_a_decided_plan_has_the_same_verbs_as_under_review(app: Any) -> None:
    host, call = make_host(), make_call()
    approver = make_actor(Role.HOST_APPROVER, host)
    verbs = [
        [offer.verb for offer in APPLICATION.offers(make_application(state, host=host, call=call), approver)]
        for state in (S.UNDER_REVIEW, S.DECIDED)
    ]
    assert verbs[0] == verbs[1] == ["withdraw"]


@pytest.mark.parametrize("role", [Role.SCREENING_OFFICER, Role.AUDITOR])
def test_other_readers_do_not_learn_the_decision_either(client: Client, role: Role) -> None:
    application = make_application(S.DECIDED)
    sign_in(client, make_user(role))
    page = client.get(f"/applications/{application.public_id}").get_data(as_text=True)
    assert "Under review" in page and "Decision:" not in page


def test_auditor_reads_plans_without_addresses(client: Client) -> None:
    application = make_application(S.SUBMITTED)
    sign_in(client, make_user(Role.AUDITOR))
    page = client.get(f"/applications/{application.public_id}").get_data(as_text=True)
    assert application.principal_name in page
    for address in (application.principal_email, application.administrative_phone, "sita@example.org"):
        assert address not in page


def test_jst_sees_the_decision_and_that_it_is_not_released(client: Client) -> None:
    application = make_application(S.DECIDED, outcome="reserve")
    sign_in(client, make_user(Role.COORDINATOR))
    page = client.get(f"/applications/{application.public_id}").get_data(as_text=True)
    assert "Decision: Reserve (waiting list)" in page and "known to JST only" in page


@pytest.mark.parametrize("state", [S.SUBMITTED, S.RETURNED, S.UNDER_REVIEW])
def test_release_waits_until_every_plan_is_decided(client: Client, call: Any, state: ApplicationState) -> None:
    make_application(S.DECIDED, call=call)
    waiting = make_application(state, call=call)
    user = make_user(Role.DECISION_MAKER)
    with pytest.raises(GuardsFailed):
        release.release(actor_of(user), call)
    sign_in(client, user)
    page = client.get(f"/applications/rounds/{call.public_id}").get_data(as_text=True)
    assert str(waiting.reference) in page and "not possible yet" in page


def test_release_waits_until_the_round_is_closed(app: Any) -> None:
    call = make_call()
    make_application(S.DECIDED, call=call)
    with pytest.raises(GuardsFailed):
        release.release(make_actor(Role.DECISION_MAKER), call)


def test_release_tells_every_host_and_makes_the_visits(client: Client, call: Any) -> None:
    plans = {outcome: make_application(S.DECIDED, call=call, outcome=outcome) for outcome in Outcome}
    make_application(S.WITHDRAWN, call=call)
    readers = {
        outcome: make_user(Role.HOST_EDITOR, plan.host_institution, locale="ja" if outcome == "reserve" else "en")
        for outcome, plan in plans.items()
    }
    sign_in(client, make_user(Role.DECISION_MAKER))
    path = f"/applications/rounds/{call.public_id}/release"
    assert client.get(path).status_code == 200
    first, second = client.post(path, data={"key": "r"}), client.post(path, data={"key": "r"})
    assert (first.status_code, second.status_code) == (302, 302)
    db.session.expire_all()
    assert {outcome: plan.state for outcome, plan in plans.items()} == {
        Outcome.ADOPTED: S.ADOPTED,
        Outcome.RESERVE: S.RESERVE,
        Outcome.DECLINED: S.DECLINED,
    }
    assert call.released_at is not None
    for outcome, reader in readers.items():
        mails = db.session.scalars(select(OutboxMessage).where(OutboxMessage.recipient_id == reader.id)).all()
        assert [(mail.template, mail.locale) for mail in mails] == [(f"application_{outcome}", reader.locale)]
    assert db.session.scalars(select(Visit.application_id)).all() == [plans[Outcome.ADOPTED].id]


def test_hosts_read_their_result_after_the_release(client: Client, call: Any) -> None:
    application = make_application(S.UNDER_REVIEW, call=call)
    maker = make_actor(Role.DECISION_MAKER)
    decide(application, "declined", comment="Inside only", message="Please come again.")
    release.release(maker, call)
    sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
    page = client.get(f"/applications/{application.public_id}").get_data(as_text=True)
    assert "Declined" in page and "Please come again." in page
    assert "Inside only" not in page


def test_interrupted_release_goes_on_without_a_second_mail(app: Any, call: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(release, "AT_ONCE", 2)
    monkeypatch.setattr(release, "BATCH", 1)
    host = make_host()
    plans = [make_application(S.DECIDED, call=call, host=host) for _number in range(3)]
    user = make_user(Role.DECISION_MAKER)
    done = release.release(actor_of(user), call)
    assert done.job is not None
    db.session.commit()

    class Killed(Exception):
        pass

    class Context:
        """A worker that dies after its first batch."""

        def progress(self, *_numbers: Any) -> None:
            db.session.commit()
            raise Killed

    with pytest.raises(Killed):
        release.release_by_job(done.job, Context())  # type: ignore[arg-type]
    assert round_queries.count_decided(call.id) == 2
    assert jobs.run_next()
    db.session.expire_all()
    assert {plan.state for plan in plans} == {S.ADOPTED}
    mails = db.session.scalar(select(func.count()).select_from(OutboxMessage)) or 0
    assert mails == len(plans) * 2  # the two contacts of each plan, once
    assert call.released_at is not None


@pytest.mark.parametrize("lost", ["role", "account"])
def test_job_of_somebody_who_may_no_more_releases_nothing(app: Any, call: Any, monkeypatch: Any, lost: str) -> None:
    monkeypatch.setattr(release, "AT_ONCE", 0)
    make_application(S.DECIDED, call=call)
    user = make_user(Role.DECISION_MAKER)
    release.release(actor_of(user), call)
    user.state = UserState.DISABLED if lost == "account" else user.state
    user.grants[:] = [] if lost == "role" else user.grants
    db.session.commit()
    jobs.run_next()
    assert round_queries.count_decided(call.id) == 1


def test_plan_on_the_waiting_list_can_be_adopted_later(app: Any) -> None:
    application = make_application(S.RESERVE)
    reader = make_user(Role.HOST_EDITOR, application.host_institution)
    decide(application, message="A place is free.")
    assert application.state is S.ADOPTED
    mail = db.session.scalar(select(OutboxMessage).where(OutboxMessage.recipient_id == reader.id))
    assert mail is not None and mail.template == "application_adopted" and "A place is free." in mail.body
    assert db.session.scalar(select(Visit.application_id)) == application.id


def test_withdrawn_plan_is_neither_decided_nor_released(app: Any, call: Any) -> None:
    application = make_application(S.DECIDED, call=call)
    approver = make_actor(Role.HOST_APPROVER, application.host_institution)
    APPLICATION.fire(application, "withdraw", approver, "")
    maker = make_actor(Role.DECISION_MAKER)
    with pytest.raises(proposing.Overtaken):
        make_proposal(application)
    with pytest.raises(GuardsFailed):
        release.release(maker, call)


def test_every_step_leaves_an_entry(app: Any, call: Any) -> None:
    application = make_application(S.UNDER_REVIEW, call=call)
    maker = make_actor(Role.DECISION_MAKER)
    decide(application, by=maker)
    release.release(maker, call)
    verbs = db.session.scalars(select(AuditEvent.verb).where(AuditEvent.actor_id == maker.id).order_by(AuditEvent.id))
    assert list(verbs) == [
        "application:adopt",
        "decision:record",
        "proposal:approve",
        "call:release",
        "application:release_adopted",
    ]


def test_agenda_asks_each_role_for_its_own(client: Client, call: Any) -> None:
    open_call = make_call(label="2")
    host = make_host()
    make_application(call=open_call, host=host)
    make_application(call=call, host=host)  # its round is closed: nothing left to do
    make_application(S.RETURNED, call=call, host=host)
    make_application(S.SUBMITTED, call=open_call)
    reviewed = make_application(S.UNDER_REVIEW, call=open_call)
    decided = make_call(label="3", opens_at=call.opens_at, closes_at=call.closes_at)
    make_application(S.DECIDED, call=decided)

    def asked(role: Role, institution: Any = None) -> list[str]:
        return sorted(str(task.label) for task in agenda.tasks(make_actor(role, institution)))

    with client.application.test_request_context(), force_locale("en"):
        assert asked(Role.HOST_EDITOR, host) == ["Correct the returned plan", "Finish the plan"]
        assert asked(Role.HOST_APPROVER, host) == ["Correct the returned plan", "Finish and submit the plan"]
        assert asked(Role.HOST_EDITOR) == []
        assert asked(Role.COORDINATOR) == ["Propose decisions"]  # what waits for the check, `checking` says
        assert asked(Role.DECISION_MAKER) == ["Release the results"]
        make_proposal(reviewed)
        assert asked(Role.COORDINATOR) == []
        assert asked(Role.DECISION_MAKER) == ["Approve proposals, or send them back", "Release the results"]
        assert asked(Role.AUDITOR) == []

"""The register of experts: entering, inviting, moving along, what experts say of themselves, taking the list away."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from app.accounts import links
from app.accounts import people as accounts
from app.accounts.models import LinkPurpose, User, UserSession
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Forbidden, Refused, Stale
from app.core.outbox import OutboxMessage
from app.reviews import register_service
from app.reviews.models import Conflict, ReviewAssignment, Reviewer
from app.reviews.vocabulary import AssignmentState, ReviewerState
from tests.conftest import Client, watching
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.directory import make_host
from tests.factories.reviews import make_assignment, make_reviewer

SAID = {
    "name_ja": "大川 ヘレン",
    "name_en": "Helen Okafor",
    "email": "Helen@Museum.example",
    "affiliation": "",
    "position": "Professor",
    "locale": "en",
    "capacity": "8",
    "languages": ["en"],
    "fields_of_science": ["physics", "energy"],
}


def values(**more: Any) -> dict[str, Any]:
    entered: dict[str, Any] = {
        "name_ja": "",
        "name_en": "Helen Okafor",
        "email": "helen@museum.example",
        "affiliation": "",
        "reads_japanese": False,
        "reads_english": True,
        "capacity": 8,
        "fields_of_science": ["physics"],
    }
    return {**entered, **more}


def entered(client: Client, **more: Any) -> Any:
    return client.post("/reviews/reviewers/new", data={**SAID, **more})


def only() -> Reviewer:
    return db.session.scalars(select(Reviewer)).one()


@pytest.fixture
def coordinator(client: Client) -> User:
    user = make_user(Role.COORDINATOR)
    sign_in(client, user)
    return user


def test_an_expert_is_entered_found_and_shown(client: Client, coordinator: User) -> None:
    host = make_host(name_en="Lakeside University")
    answer = entered(client, affiliation="Lakeside University")
    assert answer.status_code == 302
    reviewer = only()
    assert (reviewer.email, reviewer.state, reviewer.organization) == (
        "helen@museum.example",
        ReviewerState.INVITED,
        host,
    )
    assert [row.field_of_science for row in reviewer.fields] == ["energy", "physics"]
    page = client.get(answer.location).get_data(as_text=True)
    assert "Helen Okafor" in page and "Lakeside University" in page and "Invite by mail" in page
    for query, found in (
        ("q=okaf", True),
        ("q=大川", True),
        ("q=lakeside", True),
        ("q=nobody", False),
        ("field=energy", True),
        ("field=medicine", False),
        ("language=en", True),
        ("language=ja", False),
        ("state=invited", True),
        ("state=active", False),
        ("load=none", True),
        ("load=full", False),
    ):
        listed = client.get(f"/reviews/reviewers?{query}").get_data(as_text=True)
        assert ("Helen Okafor" in listed) is found, query


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name_ja": "", "name_en": ""}, "Enter the name"),
        ({"languages": []}, "Choose at least one language"),
        ({"email": "no address"}, "Invalid email"),
        ({"capacity": "-1"}, "from 0 to 200"),
        ({"term_from": "2026-05-01", "term_until": "2026-04-01"}, "lies before the first"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_typed_is_lost(
    client: Client, coordinator: User, wrong: dict[str, Any], said: str
) -> None:
    answer = entered(client, note="Recommended by the society", **wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page and "Recommended by the society" in page
    assert db.session.scalars(select(Reviewer)).all() == []


def test_one_address_stands_once(client: Client, coordinator: User) -> None:
    assert entered(client).status_code == 302
    answer = entered(client, email="HELEN@museum.example")
    assert answer.status_code == 422 and "in the register already" in answer.get_data(as_text=True)


def test_the_invitation_leads_to_an_account_and_into_service(client: Client, coordinator: User) -> None:
    entered(client)
    reviewer = only()
    address = f"/reviews/reviewers/{reviewer.public_id}"
    assert client.post(f"{address}/invite", data={"key": "a-key-of-one-click"}).status_code == 302
    mail = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "invitation")).one()
    token = mail.body.split("/link/")[1].split()[0]
    accounts.accept(token, name="Helen Okafor", password="petals drift over quiet water", user_agent="test")
    db.session.refresh(reviewer)
    user = db.session.scalars(select(User).where(User.email == reviewer.email)).one()
    assert (reviewer.user_id, reviewer.state) == (user.id, ReviewerState.ACTIVE)
    assert [grant.role for grant in user.grants] == [Role.REVIEWER]
    with pytest.raises(Refused):
        register_service.invite(actor_of(coordinator), reviewer)


@pytest.mark.usefixtures("app")
class TestVerbs:
    def test_another_role_s_invitation_brings_no_expert_into_service(self) -> None:
        reviewer = register_service.create(make_actor(Role.COORDINATOR), **values())
        link, token = links.issue(
            LinkPurpose.INVITATION, reviewer.email, locale="en", role=Role.AUDITOR, invited_by_id=None
        )
        accounts.accept(token, name="Helen", password="petals drift over quiet water", user_agent="test")
        assert (reviewer.user_id, reviewer.state) == (None, ReviewerState.INVITED)
        assert link.used_at is not None

    def test_whoever_wears_the_hat_already_needs_no_invitation(self) -> None:
        user = make_user(Role.REVIEWER, email="helen@museum.example")
        reviewer = register_service.create(make_actor(Role.COORDINATOR), **values())
        assert (reviewer.user_id, reviewer.state) == (user.id, ReviewerState.ACTIVE)

    def test_an_account_belongs_to_one_entry(self) -> None:
        actor, first = make_actor(Role.COORDINATOR), make_reviewer(email="old@museum.example")
        user = db.session.get_one(User, first.user_id)
        second = register_service.create(actor, **values(email=user.email))
        assert (second.user_id, second.state) == (None, ReviewerState.INVITED)

    def test_a_corrected_address_finds_the_account(self) -> None:
        actor, user = make_actor(Role.COORDINATOR), make_user(Role.REVIEWER, email="helen@museum.example")
        reviewer = register_service.create(actor, **values(email="hellen@museum.example"))
        register_service.update(actor, reviewer, version=reviewer.version, **values())
        assert (reviewer.user_id, reviewer.state) == (user.id, ReviewerState.ACTIVE)

    @pytest.mark.parametrize("role", ["decision_maker", "reviewer", "host_approver", "administrator", "auditor"])
    def test_only_coordinators_keep_the_register(self, role: str) -> None:
        with pytest.raises(Forbidden):
            register_service.create(make_actor(role), **values())

    def test_a_new_institution_is_checked_at_once_and_takes_plans_away(self) -> None:
        actor = make_actor(Role.COORDINATOR)
        expert = make_reviewer(name_en="Helen", email="helen@museum.example")
        assignment = make_assignment(make_application("under_review"), expert)
        host = assignment.application.host_institution
        register_service.update(actor, expert, version=expert.version, **values(affiliation=host.name_en))
        assert expert.organization_id == host.id
        assert db.session.scalars(select(Conflict)).one().application_id == assignment.application_id
        assert assignment.state is AssignmentState.SET_ASIDE

    def test_a_stale_entry_is_not_overwritten(self) -> None:
        expert = make_reviewer()
        with pytest.raises(Stale):
            register_service.update(make_actor(Role.COORDINATOR), expert, version=expert.version - 1, **values())

    def test_the_end_of_the_term_takes_back_what_is_not_handed_in(self) -> None:
        actor, expert = make_actor(Role.COORDINATOR), make_reviewer()
        call = make_call()
        given = {
            state: make_assignment(make_application("under_review", call=call), expert, state)
            for state in ("proposed", "sent", "accepted", "completed")
        }
        numbers = {state: row.id for state, row in given.items()}
        register_service.transition(actor, expert, "end", "Retired")
        assert expert.state is ReviewerState.ENDED
        assert db.session.get(ReviewAssignment, numbers["proposed"]) is None
        assert [given[state].state.value for state in ("sent", "accepted", "completed")] == [
            "set_aside",
            "set_aside",
            "completed",
        ]

    def test_what_is_said_of_rounds_not_offered_any_more_stays(self) -> None:
        user = make_user(Role.REVIEWER)
        expert = make_reviewer("physics", user=user)
        past, first, second = (make_call(label) for label in ("1", "2", "3"))
        said: dict[str, Any] = {"capacity": 4, "reads_japanese": True, "reads_english": False}
        said |= {"fields_of_science": ["energy"]}
        register_service.say_of_oneself(
            actor_of(user), expert, version=expert.version, absent=[past], offered=[past], **said
        )
        register_service.say_of_oneself(
            actor_of(user), expert, version=expert.version, absent=[first], offered=[first, second], **said
        )
        assert {row.call_id for row in expert.absences} == {past.id, first.id}
        assert ([row.field_of_science for row in expert.fields], expert.capacity) == (["energy"], 4)
        with pytest.raises(Forbidden):
            register_service.say_of_oneself(
                make_actor(Role.REVIEWER), expert, version=expert.version, absent=[], offered=[], **said
            )


def test_experts_keep_their_own_entry(client: Client) -> None:
    user = make_user(Role.REVIEWER)
    expert, call = make_reviewer("physics", user=user, note="Slow but thorough"), make_call()
    sign_in(client, user)
    page = client.get("/reviews/my-entry").get_data(as_text=True)
    assert call.public_id in page and "Slow but thorough" not in page
    said = {"capacity": "3", "languages": ["ja"], "fields_of_science": ["physics", "civil"], "absent": [call.public_id]}
    assert client.post("/reviews/my-entry", data={**said, "version": str(expert.version)}).status_code == 302
    db.session.refresh(expert)
    assert (expert.capacity, expert.reads_english) == (3, False)
    stale = client.post("/reviews/my-entry", data={**said, "capacity": "9", "version": "0"})
    assert stale.status_code == 409 and "Somebody else changed this" in stale.get_data(as_text=True)
    assert client.get("/reviews/reviewers").status_code == 403


def test_an_expert_without_an_entry_has_no_page(client: Client) -> None:
    sign_in(client, make_user(Role.REVIEWER))
    assert client.get("/reviews/my-entry").status_code == 404


def test_two_who_change_an_entry_are_shown_each_other(client: Client, coordinator: User) -> None:
    expert = make_reviewer("physics", name_en="Before")
    address = f"/reviews/reviewers/{expert.public_id}/edit"
    stale = client.post(address, data={**SAID, "version": "0"})
    assert stale.status_code == 409
    page = stale.get_data(as_text=True)
    assert "Before" in page and "Helen Okafor" in page
    assert client.post(address, data={**SAID, "version": str(expert.version)}).status_code == 302
    db.session.refresh(expert)
    assert expert.name_en == "Helen Okafor"


def test_the_register_is_taken_away_with_a_reason(client: Client, coordinator: User) -> None:
    make_reviewer("physics", name_en="=cmd()", term_until=clock.today() + timedelta(days=9))
    db.session.execute(update(UserSession).values(confirmed_at=clock.now()))
    assert client.post("/reviews/reviewers/export", data={}).status_code == 422
    said = {"reason": "Letters of thanks", "format": "csv"}
    answer = client.post("/reviews/reviewers/export?field=physics", data=said)
    text = answer.get_data(as_text=True)
    assert answer.mimetype == "text/csv" and "'=cmd()" in text and "Physics" in text
    book = load_workbook(
        BytesIO(client.post("/reviews/reviewers/export?field=physics", data={**said, "format": "xlsx"}).data)
    )
    assert [row[1].value for row in book.worksheets[0].iter_rows(min_row=2)] == ["'=cmd()"]
    assert client.post("/reviews/reviewers/export?field=civil", data=said).get_data(as_text=True).count("\n") == 1


def test_the_list_costs_the_same_for_many(client: Client, coordinator: User) -> None:
    make_reviewer("physics", "energy")
    client.get("/reviews/reviewers")
    with watching() as one:
        client.get("/reviews/reviewers")
    for _number in range(5):
        make_reviewer("physics", "energy")
    with watching() as many:
        assert client.get("/reviews/reviewers").status_code == 200
    assert many.queries <= one.queries + 1

"""The page of a plan says who reads it: to coordinators and decision-makers, to nobody else."""

import pytest

from app.applications.models import Application
from app.core.authz import Role
from app.core.db import db
from app.reviews.sections import readers_of_application
from app.reviews.vocabulary import AssignmentState
from tests.conftest import Client
from tests.factories.accounts import actor_of, grant_role, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.reviews import make_assignment, make_conflict, make_reviewer

NAME = "Dr. Ingrid Solberg"


@pytest.fixture
def plan(app: object) -> Application:
    """A plan under review with one reader who hands in, one who did not take it on, and two empty places."""
    application = make_application("under_review")
    make_assignment(application, make_reviewer(name_en=NAME), "completed")
    make_assignment(application, make_reviewer(name_en="Somebody Else"), "declined")
    return application


def test_a_coordinator_finds_the_readers_their_reviews_and_the_empty_places(client: Client, plan: Application) -> None:
    sign_in(client, make_user(Role.COORDINATOR))
    page = client.get(f"/applications/{plan.public_id}").text
    assert NAME in page
    assert "Somebody Else" not in page
    assert f'href="/reviews/plans/{plan.public_id}">Review handed in</a>' in page
    assert "2 places are empty</a>" in page


def test_a_decision_maker_finds_them_without_a_way_to_change_them(client: Client, plan: Application) -> None:
    sign_in(client, make_user(Role.DECISION_MAKER))
    page = client.get(f"/applications/{plan.public_id}").text
    assert NAME in page
    assert "places are empty" not in page


@pytest.mark.parametrize("role", [Role.SCREENING_OFFICER, Role.AUDITOR, Role.HOST_EDITOR, Role.HOST_APPROVER])
def test_nobody_else_learns_that_anybody_reads_it(client: Client, plan: Application, role: Role) -> None:
    sign_in(client, make_user(role, plan.host_institution))
    answer = client.get(f"/applications/{plan.public_id}")
    assert answer.status_code == 200
    assert NAME not in answer.text
    assert "Readers" not in answer.text


@pytest.mark.usefixtures("english")
def test_somebody_of_jst_in_conflict_with_the_plan_does_not_either(plan: Application) -> None:
    user = make_user(Role.COORDINATOR)
    grant_role(user, Role.REVIEWER)
    own = make_reviewer(user=user)
    assert readers_of_application(actor_of(user), plan) is not None
    make_conflict(plan, own)
    assert readers_of_application(actor_of(user), plan) is None


@pytest.mark.usefixtures("english")
def test_places_are_counted_only_while_the_plan_is_under_review(plan: Application) -> None:
    section = readers_of_application(make_actor(Role.COORDINATOR), plan)
    assert section is not None
    assert [str(row[0]) if isinstance(row[0], str) else row[0].text for row in section.rows] == [
        NAME,
        "2 places are empty",
    ]
    decided = make_application("decided", call=plan.call)
    make_assignment(decided, state=AssignmentState.COMPLETED)
    db.session.flush()
    section = readers_of_application(make_actor(Role.COORDINATOR), decided)
    assert section is not None
    assert len(section.rows) == 1


@pytest.mark.usefixtures("english")
def test_a_plan_without_a_snapshot_says_nothing() -> None:
    assert readers_of_application(make_actor(Role.COORDINATOR), make_application("draft")) is None

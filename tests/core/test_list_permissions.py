"""Lists by those who may see them and do no more: they change nothing, and take nothing away."""

import pytest

from app.applications.lists import APPLICATIONS, PASS_ON
from app.core.authz import Role
from app.core.errors import Forbidden
from app.core.lists import acting
from app.core.lists.selecting import Chosen
from app.reviews.lists import EXPERTS
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application


@pytest.mark.parametrize("role", [Role.DECISION_MAKER, Role.AUDITOR])
def test_verb_refuses_whoever_comes_past_the_page(client: Client, role: Role) -> None:
    plan = make_application("submitted")
    with pytest.raises(Forbidden):
        acting.begin(make_actor(role), APPLICATIONS, PASS_ON, Chosen((plan.public_id,)), {})


def test_list_leaves_with_nobody_who_may_only_see_it(client: Client) -> None:
    sign_in(client, make_user(Role.DECISION_MAKER))
    assert EXPERTS.export is not None and EXPERTS.export.permission != EXPERTS.permission
    assert client.get("/reviews/reviewers").status_code == 200
    for kind in ("csv", "xlsx"):
        assert client.get(f"/lists/{EXPERTS.name}/export?format={kind}").status_code == 403

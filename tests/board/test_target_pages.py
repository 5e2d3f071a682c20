"""Targets are data of a year: coordinators set them, decision-makers read them."""

from flask import Flask

from app.board import queries
from app.core.authz import Role
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.boards import make_target


def test_a_target_is_set_changed_and_taken_away(app: Flask, client: Client) -> None:
    sign_in(client, make_user(Role.COORDINATOR))
    sent = {"measure": "country:IN", "goal": "300", "to_confirm": "y"}
    assert client.post("/boards/targets/2026/new", data=sent).status_code == 302
    (target,) = queries.targets(2026)
    assert (target.measure, target.goal, target.is_ceiling, target.to_confirm) == ("country:IN", 300, False, True)
    path = f"/boards/target/{target.public_id}"
    assert client.post(path, data={"version": "1", "goal": "350"}).status_code == 302
    assert client.post(path, data={"version": "1", "goal": "400"}).status_code == 409
    page = client.get("/boards/targets/2026").text
    assert "People from India" in page
    assert "350" in page
    assert client.post(f"{path}/remove").status_code == 302
    assert queries.targets(2026) == []


def test_a_measure_has_one_target_a_year_and_must_be_known(app: Flask, client: Client) -> None:
    make_target("people", 100, 2026)
    sign_in(client, make_user(Role.COORDINATOR))
    again = client.post("/boards/targets/2026/new", data={"measure": "people", "goal": "5"})
    assert again.status_code == 422
    assert "This year has a target for it already." in again.text
    assert client.post("/boards/targets/2026/new", data={"measure": "height", "goal": "5"}).status_code == 422


def test_a_new_year_begins_with_the_targets_of_the_last(app: Flask, client: Client) -> None:
    make_target("people", 100, 2025)
    sign_in(client, make_user(Role.COORDINATOR))
    assert "Take over the targets" in client.get("/boards/targets/2027").text
    assert client.post("/boards/targets/2027/take-over").status_code == 302
    assert [row.goal for row in queries.targets(2027)] == [100]


def test_decision_makers_read_targets_and_change_none(app: Flask, client: Client) -> None:
    target = make_target("people", 100, 2026)
    sign_in(client, make_user(Role.DECISION_MAKER))
    assert "Set a further target" not in client.get("/boards/targets/2026").text
    assert client.get(f"/boards/target/{target.public_id}").status_code == 403

"""Steps around a visit are added and removed in the browser; what plans have marked stays, and so does the history."""

from typing import Any

import pytest
from flask import Flask

from app.applications.step_model import ApplicationStepDone
from app.calls import prerequisite_queries as queries
from app.calls import prerequisite_service as service
from app.calls import usage
from app.calls.prerequisite_forms import PrerequisiteForm
from app.calls.prerequisite_model import Anchor, DayKind, Direction, Doer, Prerequisite
from app.core import audit, clock
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, Refused, Stale
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call, make_prerequisite, make_prerequisites
from tests.factories.directory import make_sending

FIELDS: dict[str, Any] = {
    "anchor": Anchor.ENTRY,
    "direction": Direction.BEFORE,
    "days": 21,
    "day_kind": DayKind.CALENDAR,
    "doer": Doer.HOST,
    "countries": ["NP"],
    "except_countries": [],
    "courses": [],
    "minors_only": False,
    "title_ja": "予防接種の確認",
    "title_en": "Vaccinations checked",
    "explanation_ja": "",
    "explanation_en": "",
    "clause_ja": "",
    "clause_en": "",
    "to_confirm": True,
    "is_active": True,
    "reason": "Asked for by the embassy",
}


@pytest.fixture
def coordinator(app: Flask) -> Actor:
    make_prerequisites()
    return make_actor(Role.COORDINATOR)


def add(actor: Actor, **changes: Any) -> Prerequisite:
    return service.add(actor, **{**FIELDS, **changes})


def problems(actor: Actor, **changes: Any) -> set[str]:
    with pytest.raises(Refused) as refusal:
        add(actor, **changes)
    return set(refusal.value.fields)


def tick(row: Prerequisite, state: str = "submitted") -> None:
    plan = make_application(state)
    done = {"application_id": plan.id, "code": row.code, "done_by_id": make_user(Role.HOST_EDITOR).id}
    db.session.add(ApplicationStepDone(**done, done_at=clock.now()))
    db.session.flush()


def test_added_step_comes_last_is_marked_by_hand_and_stands_in_the_log(coordinator: Actor) -> None:
    row = add(coordinator)
    assert queries.everything()[-1] is row and row.proof == "" and row.fiscal_year is None
    entry = audit.timeline(row)[0]
    assert (entry.verb, entry.comment, entry.changes["days"]) == (
        "prerequisite:add",
        "Asked for by the embassy",
        [None, 21],
    )


def test_every_refusal_names_its_field(coordinator: Actor) -> None:
    assert problems(coordinator, days=401) == {"days"}
    assert problems(coordinator, countries=["Atlantis"], except_countries=["Lemuria"]) == {
        "countries",
        "except_countries",
    }
    assert problems(coordinator, reason=" ") == {"reason"}
    assert problems(coordinator, like=make_prerequisite("insurance")) == {"fiscal_year"}


def test_step_counts_in_a_different_way_in_one_year_until_its_row_is_removed(coordinator: Actor) -> None:
    usual = make_prerequisite("export_form_1")
    own = add(coordinator, like=usual, fiscal_year=2025)
    assert (own.code, own.proof, own.position) == (usual.code, usual.proof, usual.position)
    assert own in queries.in_force(2025) and usual in queries.in_force(2026)
    assert problems(coordinator, like=usual, fiscal_year=2025) == {"fiscal_year"}
    service.remove(coordinator, own, version=own.version, reason="As usual again")
    assert usual in queries.in_force(2025) and own not in queries.everything()
    assert add(coordinator, like=usual, fiscal_year=2025, days=9) is own and own.days == 9


def test_removed_step_is_not_seeded_again(coordinator: Actor) -> None:
    row = make_prerequisite("passports")
    service.remove(coordinator, row, version=row.version, reason="r")
    assert service.seed() == 0 and row not in queries.everything()
    assert audit.timeline(row)[0].verb == "prerequisite:remove"


def test_step_that_a_plan_has_marked_is_not_removed(coordinator: Actor) -> None:
    row = make_prerequisite("passports")
    tick(row)
    with pytest.raises(Refused) as refusal:
        service.remove(coordinator, row, version=row.version, reason="r")
    assert list(refusal.value.fields) == [""]
    assert (usage.of(row).received, usage.of(row).is_marked) == (1, True)


def test_outdated_copy_and_others_remove_nothing(coordinator: Actor) -> None:
    row = make_prerequisite("passports")
    with pytest.raises(Stale):
        service.remove(coordinator, row, version=0, reason="r")
    for attempt in (
        lambda: service.remove(make_actor(Role.DECISION_MAKER), row, version=row.version, reason="r"),
        lambda: add(make_actor(Role.HOST_EDITOR)),
    ):
        with pytest.raises(Forbidden):
            attempt()
    service.remove(coordinator, row, version=row.version, reason="r")
    with pytest.raises(Stale):
        service.update(coordinator, row, version=row.version, **FIELDS)


def test_use_counts_the_checklists_of_plans_being_written(coordinator: Actor) -> None:
    call = make_call()
    for country in ("NP", "NP", "IN"):
        make_application(call=call, partners=[make_sending(country=country)])
    make_application("submitted", call=call, partners=[make_sending(country="NP")])
    row = add(coordinator)
    found = usage.of(row)
    assert (found.being_written, found.is_shown) == (2, False)
    row.countries, row.courses = [], ["A"]
    assert usage.of(row).being_written == 3
    row.courses = ["B"]
    assert usage.of(row).being_written == 0
    row.courses = []
    add(coordinator, like=row, fiscal_year=2025, countries=["IN"])
    assert usage.of(row).being_written == 0  # the year has a row of its own


def sent(**changes: Any) -> dict[str, Any]:
    plain = {name: getattr(value, "value", value) for name, value in FIELDS.items()}
    plain = {name: value for name, value in plain.items() if value is not False}
    return {**plain, "countries": "Nepal", "except_countries": "", "fiscal_year": "", "key": "once", **changes}


def test_coordinator_adds_and_removes_in_the_browser(client: Client, coordinator: Actor) -> None:
    sign_in(client, make_user(Role.COORDINATOR))
    assert client.get("/calls/steps/new").status_code == 200
    previewed = client.post("/calls/steps/new", data=sent(preview="1", reason=""))
    assert "Nothing is saved yet." in previewed.get_data(as_text=True) and not client.last.writes
    refused = client.post("/calls/steps/new", data=sent(countries="Atlantis"))
    assert refused.status_code == 422 and "Vaccinations checked" in refused.get_data(as_text=True)
    for _click in range(2):
        assert client.post("/calls/steps/new", data=sent()).location.endswith("/calls/steps")
    row = queries.everything()[-1]
    assert sum(other.title_en == row.title_en for other in queries.everything()) == 1 and row.countries == ["NP"]
    edit = f"/calls/steps/{row.public_id}/edit"
    page = client.post(edit, data=sent(preview="1", version=str(row.version), reason="")).get_data(as_text=True)
    assert "After the change" in page and not client.last.writes
    remove = f"/calls/steps/{row.public_id}/remove"
    assert client.get(remove).status_code == 200
    assert client.post(remove, data={"version": str(row.version)}).status_code == 422
    assert client.post(remove, data={"version": "77", "reason": "r"}).status_code == 409
    assert client.post(remove, data={"version": str(row.version), "reason": "Not needed"}).status_code == 302
    assert client.get(edit).status_code == 404
    history = client.get("/calls/steps/history").get_data(as_text=True)
    assert "Step around a visit removed" in history and "Not needed" in history and "Nepal" in history


def test_form_for_one_year_begins_with_the_row_of_every_year(client: Client, coordinator: Actor) -> None:
    sign_in(client, make_user(Role.COORDINATOR))
    usual = make_prerequisite("insurance")
    page = client.get(f"/calls/steps/new?like={usual.public_id}").get_data(as_text=True)
    assert usual.title_en in page and PrerequisiteForm.stored(usual)["explanation_en"] in page

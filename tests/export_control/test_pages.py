"""The pages of an institution's forms: given once, never over another's head, and nobody else's business."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.directory.models import HostInstitution
from app.export_control import agenda, declaring, queries
from app.export_control.models import Declaration, FormKind, Standing
from app.export_control.parties import Party
from tests.conftest import Client
from tests.documents.reading import text_of
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.directory import make_host
from tests.factories.export_control import make_declaration

SAID = {"is_classified": "yes", "partners_are_checked": "yes", "responsible": "Taro Sato"}


@pytest.fixture
def host(client: Client) -> HostInstitution:
    """An institution whose editor is signed in."""
    made = make_host()
    sign_in(client, make_user(Role.HOST_EDITOR, made))
    return made


def give(client: Client, address: str = "/export-control/new", **fields: Any) -> Any:
    given = {**SAID, "has_system": "yes", "dated_on": clock.today().isoformat(), "seen": "", **fields}
    return client.post(address, data=given)


def in_use(host: HostInstitution) -> dict[FormKind, Declaration]:
    return {declaration.kind: declaration for declaration in queries.in_use(host.id)}


def test_without_a_system_both_forms_are_made_by_one_person_on_one_day(client: Client, host: HostInstitution) -> None:
    refused = give(client, has_system="no")
    assert (refused.status_code, in_use(host)) == (422, {})
    assert "pledge (form 2) is needed too" in refused.get_data(as_text=True)
    assert give(client, has_system="no", pledge="y").status_code == 302
    held = in_use(host)
    assert {(one.responsible, one.dated_on) for one in held.values()} == {("Taro Sato", clock.today())}
    assert set(held) == set(FormKind)


def test_a_renewal_takes_the_place_of_the_one_before(client: Client, host: HostInstitution) -> None:
    before = make_declaration(host, dated_on=clock.today() - timedelta(days=340))
    assert before.standing is Standing.ENDING
    address = f"/export-control/{before.public_id}/renew"
    assert before.public_id in client.get(address).get_data(as_text=True)
    assert give(client, address, seen=before.public_id, responsible="Jun Ito").status_code == 302
    after = in_use(host)[FormKind.REPORT]
    assert (after.responsible, after.replaces, before.standing) == ("Jun Ito", before, Standing.REPLACED)
    assert client.get(address).location == f"/export-control/{before.public_id}"


def test_the_same_once_more_changes_nothing(client: Client, host: HostInstitution) -> None:
    give(client)
    only = in_use(host)[FormKind.REPORT]
    declaring.give(
        make_actor(Role.HOST_EDITOR, host),
        host,
        Party(),
        {"has_system": "yes", "is_classified": "yes", "partners_are_checked": "yes", "pledge": False},
        responsible="Taro Sato",
        dated_on=clock.today(),
    )
    assert list(db.session.scalars(select(Declaration))) == [only]


def test_what_a_colleague_gave_meanwhile_is_not_replaced_unseen(client: Client, host: HostInstitution) -> None:
    give(client)
    answer = give(client, responsible="Somebody Else")
    assert answer.status_code == 409
    assert "Somebody Else" in answer.get_data(as_text=True)
    assert in_use(host)[FormKind.REPORT].responsible == "Taro Sato"


@pytest.mark.parametrize("days", [1, -31])
def test_day_lies_neither_ahead_nor_before_the_form_in_use(client: Client, host: HostInstitution, days: int) -> None:
    held = make_declaration(host, dated_on=clock.today() - timedelta(days=30))
    day = clock.today() + timedelta(days=days)
    answer = give(client, seen=held.public_id, dated_on=day.isoformat())
    assert answer.status_code == 422 and in_use(host)[FormKind.REPORT] is held


def test_forms_of_another_institution_do_not_exist(client: Client, host: HostInstitution) -> None:
    party = Party("name:np:valley campus", "Valley Campus")
    other = make_declaration(make_host(), party=party, responsible="Nobody Knows")
    for page in ("", "/renew", "/form.pdf"):
        assert client.get(f"/export-control/{other.public_id}{page}").status_code == 404
    assert "Valley Campus" not in client.get("/export-control?q=valley").get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SCREENING_OFFICER])
def test_jst_reads_and_changes_nothing(client: Client, role: Role) -> None:
    held = make_declaration(make_host())
    sign_in(client, make_user(role))
    assert held.responsible in client.get("/export-control").get_data(as_text=True)
    page = client.get(f"/export-control/{held.public_id}").get_data(as_text=True)
    assert held.responsible in page and "/renew" not in page
    assert client.get(f"/export-control/{held.public_id}/renew").status_code == 403


def test_states_filter_the_list(client: Client, host: HostInstitution) -> None:
    today = clock.today()
    ages = {Standing.VALID: 10, Standing.ENDING: 350, Standing.EXPIRED: 400}
    for standing, age in ages.items():
        party = Party(f"name:np:{standing}", f"Campus {standing}")
        assert make_declaration(host, dated_on=today - timedelta(days=age), party=party).standing is standing
    for standing in ages:
        page = client.get(f"/export-control?standing={standing}").get_data(as_text=True)
        assert [one for one in ages if f"Campus {one}" in page] == [standing]


def test_a_form_that_ends_within_a_month_is_to_be_renewed(app: Flask, host: HostInstitution) -> None:
    held = make_declaration(host, dated_on=clock.today() - timedelta(days=340))
    make_declaration(host, FormKind.PLEDGE, dated_on=clock.today() - timedelta(days=3))
    make_declaration(make_host(), dated_on=clock.today() - timedelta(days=340))
    found = agenda.tasks(make_actor(Role.HOST_EDITOR, host))
    assert [(task.values["declaration_id"], task.due) for task in found] == [(held.public_id, held.valid_until)]
    assert agenda.tasks(make_actor(Role.COORDINATOR)) == []


def test_a_form_prints_in_both_languages(client: Client, host: HostInstitution) -> None:
    held = make_declaration(host, FormKind.PLEDGE, dated_on=date(2026, 4, 3), responsible="佐藤 太郎")
    ja, en = (
        text_of(client.get(f"/export-control/{held.public_id}/form.pdf?language={language}").data)
        for language in ("ja", "en")
    )
    assert "誓約書" in ja and "佐藤太郎" in ja and "2027年4月2日" in ja
    assert "PledgeonSecurityExportControl" in en and "2April2027" in en

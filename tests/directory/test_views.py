"""The pages of the directory, as people meet them."""

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask

from app.core.authz import Role
from app.core.db import db
from app.directory.models import HostInstitution, OrganizationState
from tests.conftest import Client, watching
from tests.factories.accounts import make_user, sign_in
from tests.factories.directory import make_host, make_sending

DETAILS = {"contact_name": "Hanako Sakura", "contact_email": "hanako@example.ac.jp", "note": ""}
NEW = {
    **DETAILS,
    "name_ja": "新設大学",
    "name_en": "Newly Founded University",
    "kind": "university",
    "prefecture": "13",
}


@pytest.fixture
def signed_in(client: Client) -> Callable[..., Client]:
    def enter(role: Role, institution: HostInstitution | None = None) -> Client:
        sign_in(client, make_user(role, institution))
        return client

    return enter


def body(response: object) -> str:
    return response.get_data(as_text=True)  # type: ignore[attr-defined, no-any-return]


def test_stranger_is_asked_to_sign_in(client: Client) -> None:
    for path in ("/organizations", "/organizations/export", "/organizations/suggest?q=a", "/organizations/new"):
        assert client.get(path).status_code in (302, 401)


def test_list_answers_filters_and_nonsense(signed_in: Callable[..., Client]) -> None:
    browser = signed_in(Role.REVIEWER)
    make_sending(name_en="Wanted College", country="KE")
    make_host(name_en="Unwanted University")
    found = body(browser.get("/organizations?side=sending&country=africa&q=wanted"))
    assert "Wanted College" in found and "Unwanted University" not in found
    assert browser.get("/organizations?side=x&country=%00&kind=1&state=-&sort=zz&after=%F0").status_code == 200


def test_slip_in_the_list_is_answered_with_a_question(signed_in: Callable[..., Client]) -> None:
    browser = signed_in(Role.COORDINATOR)
    make_host(name_en="Kyoto University", name_ja="京都大学")
    page = body(browser.get("/organizations?q=Kyoto+Univercity"))
    assert "Did you mean" in page and "Kyoto University" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_list_and_page_take_a_constant_number_of_queries(signed_in: Callable[..., Client], rows: int) -> None:
    browser = signed_in(Role.COORDINATOR)
    parent = make_host()
    for _ in range(rows):
        make_host(parent_id=parent.id)
    db.session.expire_all()
    with watching() as watch:
        assert browser.get("/organizations").status_code == 200
    listed = watch.queries
    with watching() as watch:
        assert browser.get(f"/organizations/{parent.public_id}").status_code == 200
    assert (listed, watch.queries) == (4, 10)


def test_export_is_a_csv_of_the_same_rows_without_formulas(signed_in: Callable[..., Client]) -> None:
    browser = signed_in(Role.COORDINATOR)
    make_sending(name_en="=HYPERLINK(1)", country="KE")
    make_sending(name_en="Other", country="NP")
    response = browser.get("/organizations/export?country=KE")
    text = response.get_data().decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row[5] for row in rows] == ["Name in English", "'=HYPERLINK(1)"]


def test_suggestions_are_json_for_members_and_hosts_only_for_strangers(
    signed_in: Callable[..., Client], app: Flask
) -> None:
    make_sending(name_en="Nagarkot Academy")
    host = make_host(name_en="Nagarkot University", name_ja="", city="Nara")
    stranger = app.test_client().get("/organizations/suggest-hosts?q=nagarkot").get_json()
    assert [item["id"] for item in stranger] == [host.public_id]
    member = signed_in(Role.HOST_EDITOR).get("/organizations/suggest?q=nagarkot&side=sending").get_json()
    assert [item["name"] for item in member] == ["Nagarkot Academy"]


def test_page_shows_history_and_requester_to_coordinators_only(signed_in: Callable[..., Client], app: Flask) -> None:
    host = make_host(
        state=OrganizationState.REQUESTED, requested_by_name="Secret Asker", requested_by_email="asker@example.ac.jp"
    )
    assert "Secret Asker" in body(signed_in(Role.COORDINATOR).get(f"/organizations/{host.public_id}"))
    other = app.test_client()
    sign_in(other, make_user(Role.HOST_APPROVER))
    assert "Secret Asker" not in body(other.get(f"/organizations/{host.public_id}"))


def test_unknown_id_answers_404(signed_in: Callable[..., Client]) -> None:
    browser = signed_in(Role.COORDINATOR)
    host = make_host()
    assert browser.get("/organizations/2222222222222222").status_code == 404
    assert browser.get(f"/organizations/{host.public_id}/request").status_code == 404
    assert browser.get(f"/organizations/{host.public_id}/nonsense").status_code == 404


def test_approver_edits_own_institution_and_others_do_not_exist(signed_in: Callable[..., Client]) -> None:
    own, other = make_host(), make_host()
    browser = signed_in(Role.HOST_APPROVER, own)
    sent = {
        "version": str(own.version),
        "name_ja": "改名大学",
        "name_en": "Renamed University",
        "kind": "university",
        "website": "javascript:alert(1)",
    }
    refused = browser.post(f"/organizations/{own.public_id}/edit", data=sent)
    assert refused.status_code == 422 and "Renamed University" in body(refused)
    sent["website"] = "https://www.example.ac.jp"
    assert browser.post(f"/organizations/{own.public_id}/edit", data=sent).status_code == 302
    assert own.name_en == "Renamed University"
    assert browser.get(f"/organizations/{other.public_id}/edit").status_code == 404


def test_second_editor_sees_both_versions_and_loses_nothing(signed_in: Callable[..., Client]) -> None:
    host = make_host(name_en="Stored Name")
    browser = signed_in(Role.COORDINATOR)
    sent = {"version": str(host.version + 7), "name_ja": "", "name_en": "Typed Name", "kind": "university"}
    page = browser.post(f"/organizations/{host.public_id}/edit", data=sent)
    assert page.status_code == 409
    assert "Stored Name" in body(page) and "Typed Name" in body(page)
    assert f'name="version" type="hidden" value="{host.version}"' in body(page)
    assert host.name_en == "Stored Name"


def test_coordinator_approves_in_the_browser_and_twice_is_once(signed_in: Callable[..., Client]) -> None:
    host = make_host(state=OrganizationState.REQUESTED, requested_by_name="A", requested_by_email="a@example.ac.jp")
    browser = signed_in(Role.COORDINATOR)
    assert browser.get(f"/organizations/{host.public_id}/approve").status_code == 200
    sent = {"key": "one-key", "comment": ""}
    first = browser.post(f"/organizations/{host.public_id}/approve", data=sent)
    second = browser.post(f"/organizations/{host.public_id}/approve", data=sent)
    assert (first.status_code, second.status_code, first.location) == (302, 302, second.location)
    assert host.state is OrganizationState.ACTIVE


def test_decline_without_reason_shows_the_form_again(signed_in: Callable[..., Client]) -> None:
    host = make_host(state=OrganizationState.REQUESTED, requested_by_name="A", requested_by_email="a@example.ac.jp")
    page = signed_in(Role.COORDINATOR).post(f"/organizations/{host.public_id}/decline", data={"comment": ""})
    assert page.status_code == 422 and "Give a reason." in body(page)


def test_stranger_registers_a_listed_institution(client: Client) -> None:
    host = make_host(state=OrganizationState.LISTED, name_en="Findable University")
    assert "Findable University" in body(client.get("/organizations/register?q=Findable"))
    page = f"/organizations/register/details?institution={host.public_id}"
    assert "Findable University" in body(client.get(page))
    sent = {**DETAILS, "institution": host.public_id, "key": "k1"}
    assert client.post("/organizations/register/details", data=sent).location.endswith("/register/received")
    assert client.post("/organizations/register/details", data=sent).status_code in (302, 422)
    assert host.state is OrganizationState.REQUESTED
    assert client.get("/organizations/register/received").status_code == 200


def test_stranger_registers_a_new_institution_and_keeps_typed_text_on_errors(client: Client) -> None:
    refused = client.post("/organizations/register/details", data={**NEW, "contact_email": "nowhere"})
    assert refused.status_code == 422
    assert "Newly Founded University" in body(refused) and "nowhere" in body(refused)
    assert client.post("/organizations/register/details", data=NEW).status_code == 302


def test_stranger_cannot_register_what_is_no_host(client: Client) -> None:
    sending = make_sending()
    assert client.get(f"/organizations/register/details?institution={sending.public_id}").status_code == 404


def test_sixth_request_of_a_day_is_told_to_wait(client: Client) -> None:
    answers = [
        client.post(
            "/organizations/register/details", data={**NEW, "name_ja": f"大学{n}", "name_en": f"University {n}"}
        )
        for n in range(6)
    ]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_coordinator_enters_a_sending_organization(signed_in: Callable[..., Client]) -> None:
    browser = signed_in(Role.COORDINATOR)
    sent = {"key": "k", "name_en": "Everest Polytechnic", "country": "NP", "kind": "university"}
    made = browser.post("/organizations/new", data=sent)
    assert made.status_code == 302
    assert "Everest Polytechnic" in body(browser.get(made.location))
    again = browser.post("/organizations/new", data={**sent, "key": "other"})
    assert again.status_code == 422 and "already in the directory" in body(again)

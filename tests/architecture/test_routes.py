"""Every route: a known door, an address of the house's pattern, a token on what changes, the same headers.

Who passes which door is held by `test_matrix.py`; here it is what all addresses share.
"""

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.core import authz
from app.core.headers import HEADERS
from app.core.web import PUBLIC, SIGNED_IN
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in

# What strangers may open. A page is added here on purpose, or it is not public.
OPEN_TO_STRANGERS = {
    "accounts.accept_invitation",
    "accounts.ask_link",
    "accounts.ask_reset",
    "accounts.link_sent",
    "accounts.open_link",
    "accounts.reset_password",
    "accounts.sign_in",
    "accounts.sign_in_as",
    "accounts.sign_in_by_link",
    "accounts.sign_out",
    "adopted.index",
    "adopted.year",
    "adopted.year_csv",
    "api.index",
    "api.rules",
    "applications.steps_feed",
    "calls.can_we_apply",
    "calls.course",
    "calls.public",
    "calls.status",
    "closing.verify",
    "directory.register",
    "directory.register_details",
    "directory.registered",
    "directory.suggest_hosts",
    "home.about",
    "home.find_certificate",
    "home.index",
    "home.mail",
    "home.mailbox",
    "home.permissions",
    "home.privacy",
    "home.set_language",
    "home.workflows",
    "receipts.verify",
    "partner.begin",
    "partner.files",
    "partner.own_file",
    "partner.remove_own_file",
    "partner.replace_own_file",
    "partner.export_forms",
    "partner.export_forms_pdf",
    "partner.open_link",
    "partner.change_person",
    "partner.name_person",
    "partner.part",
    "partner.people",
    "partner.unname_person",
    "visits.calendar_feed_file",
}
KEBAB = re.compile(
    r"^(/([a-z0-9]+(-[a-z0-9]+)*(\.(csv|xlsx|pdf|zip|ics|json))?|<[^>]+>(\.(csv|xlsx|pdf|zip|ics))?))*/?$"
)
PARAMETER = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")
# Changes nothing and takes nothing but JSON, which no foreign page can send: a program needs no token there.
WITHOUT_TOKEN = {"api.judge": 415}
NUMBERS = {"year", "day"}  # a year is no secret; rows are named by opaque ids, never by their number


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def permission_of(app: Flask, rule: Rule) -> str | None:
    return getattr(app.view_functions[rule.endpoint], "permission", None)


def address(rule: Rule) -> str:
    """An address of that rule with names nobody has."""
    return PARAMETER.sub(lambda found: "2025" if found[1] == "int" else "nobody-has-this", rule.rule)


def test_every_route_names_a_known_permission(app: Flask) -> None:
    known = authz.permissions() | {PUBLIC, SIGNED_IN}
    assert {rule.rule: permission_of(app, rule) for rule in rules(app) if permission_of(app, rule) not in known} == {}


def test_routes_open_to_strangers_are_these(app: Flask) -> None:
    assert {rule.endpoint for rule in rules(app) if permission_of(app, rule) == PUBLIC} == OPEN_TO_STRANGERS


def test_addresses_are_written_in_kebab_case(app: Flask) -> None:
    assert [rule.rule for rule in rules(app) if not KEBAB.match(rule.rule)] == []


def test_parameters_are_typed_and_rows_named_by_opaque_ids(app: Flask) -> None:
    wrong = []
    for rule in rules(app):
        for kind, name in PARAMETER.findall(rule.rule):
            if kind not in ("string", "int") or (kind == "int") != (name in NUMBERS):
                wrong.append(rule.rule)
    assert wrong == []


def test_what_strangers_may_not_open_leads_to_signing_in_and_back(app: Flask, client: Client) -> None:
    for rule in rules(app):
        if permission_of(app, rule) == PUBLIC or "GET" not in (rule.methods or ()):
            continue
        answer = client.get(address(rule))
        assert answer.status_code == 302, rule.rule
        assert answer.location.startswith("/sign-in?next=/"), rule.rule


def test_what_strangers_may_not_do_is_not_done(app: Flask, client: Client) -> None:
    for rule in rules(app):
        if permission_of(app, rule) == PUBLIC or "POST" not in (rule.methods or ()):
            continue
        answer = client.post(address(rule))
        assert (answer.status_code, answer.location) == (302, "/sign-in"), rule.rule
        assert client.last.writes == [], rule.rule


def test_programs_are_told_401_instead_of_a_page(app: Flask, client: Client) -> None:
    for rule in rules(app):
        if permission_of(app, rule) != PUBLIC and "GET" in (rule.methods or ()):
            assert client.get(address(rule), headers={"Accept": "application/json"}).status_code == 401, rule.rule


def test_every_change_needs_the_token_of_a_page(app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    sign_in(client, make_user("administrator"))
    for rule in rules(app):
        if "POST" in (rule.methods or ()):
            assert client.post(address(rule)).status_code == WITHOUT_TOKEN.get(rule.endpoint, 400), rule.rule


def test_what_needs_no_token_stores_nothing(app: Flask) -> None:
    assert all(getattr(app.view_functions[endpoint], "only_reads", False) for endpoint in WITHOUT_TOKEN)


def test_only_get_and_post_are_understood(app: Flask) -> None:
    understood = {method for rule in rules(app) for method in rule.methods or ()}
    assert understood <= {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("path", ["/", "/sign-in", "/account", "/nowhere", "/people", "/help/permissions"])
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_every_page_carries_the_headers_of_the_contract(client: Client, path: str, is_signed_in: bool) -> None:
    if is_signed_in:
        sign_in(client, make_user("host_editor"))
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, name
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert answer.headers["Cache-Control"] == (
        "no-store, private" if is_signed_in and path != "/nowhere" else "no-cache"
    )

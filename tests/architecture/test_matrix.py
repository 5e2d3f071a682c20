"""Every route, as every role and as a stranger, with an object of one's own institution and one of another's.

The expected answer comes from the literal copy of the contract, not from the application. A role without the permission
is refused (403); with it, what is none of its business does not exist (404); what is gets any answer but those.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.routing import Rule

from app.accounts.models import User, UserSession
from app.applications import commenting, letter_queries, letters, receipts, workbook_service
from app.applications.models import Application, ApplicationState
from app.applications.named_models import PlanRoster
from app.core import clock, storage
from app.core.authz import SYSTEM, Role
from app.core.db import db, new_public_id
from app.core.outbox import OutboxMessage
from app.core.web import PUBLIC, SIGNED_IN
from app.directory.models import HostInstitution
from app.invitees import service as invitees
from app.invitees.models import Invitee
from app.reviews import round_queries
from app.visits.models import RosterImport
from tests.architecture.contract import CONTRACT
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.alumni import make_alumnus, make_revisit
from tests.factories.applications import make_application
from tests.factories.boards import make_board, make_target
from tests.factories.calls import make_call, make_extension, make_prerequisite, make_rates
from tests.factories.checking import make_reason
from tests.factories.closing import make_certificate, make_report
from tests.factories.decisions import make_change
from tests.factories.directory import make_host
from tests.factories.export_control import make_declaration
from tests.factories.files import attach, make_move
from tests.factories.invitees import make_invitee
from tests.factories.people import make_person
from tests.factories.reviews import make_assignment, make_discussion, make_review, make_review_plan, make_reviewer
from tests.factories.screening import make_case, make_edition
from tests.factories.visits import fill_schedule, make_participation, make_visit

ROLES = [role.value for role in Role if role is not Role.SYSTEM]
REFUSED, HIDDEN = 403, 404
ROSTERS = Path(__file__).parents[1] / "data" / "rosters"


@dataclass
class World:
    """One institution with an object of every kind, and somebody for every role."""

    host: HostInstitution
    person: Invitee
    ids: dict[str, str]
    year: int
    expert: User


def build(call: Any) -> World:
    """An institution and everything that belongs to it."""
    host = make_host()
    person = make_invitee(known_to=host)
    approver = make_actor(Role.HOST_APPROVER, host)
    invitees.write_passport(approver, person, number="PA1234567", expires_on=None)
    application = make_application(ApplicationState.ADOPTED, host=host, call=call)
    expert = make_user(Role.REVIEWER)
    assignment = make_assignment(application, make_reviewer(user=expert))
    review = make_review(assignment, for_applicant="Clear aims.")
    if round_queries.plan_of(call.id) is None:
        make_review_plan(call, "discussion")
    receipts.issue(application)
    visit = make_visit(host=host, plan=application)
    if not visit.schedule:
        fill_schedule(visit)
    part = make_participation(visit, person)
    ended = make_visit("completed", host=host)
    took_part = make_participation(ended, person)
    alumnus = make_alumnus(person, listed=True)
    objects = {
        "organization_id": host,
        "invitee_id": person,
        "application_id": application,
        "visit_id": visit,
        "part_id": part,
        "item_id": visit.schedule[0],
        "report_id": make_report(visit),
        "certificate_id": make_certificate(took_part),
        "alumnus_id": alumnus,
        "revisit_id": make_revisit(alumnus, host),
        "person_id": make_user(Role.HOST_EDITOR, host),
        "call_id": call,
        "extension_id": make_extension(call),
        "course_id": call.courses[0].course,
        "rule_id": call.courses[0].course.rules[0],
        "rate_id": make_rates(call.fiscal_year)[0],
        "import_id": make_import(visit),
        "prerequisite_id": make_prerequisite(),
        "declaration_id": make_declaration(host),
        "upload_id": make_workbook(application),
        "comment_id": commenting.write(approver, application, "overview", "Is this right?"),
        "ended_visit_id": ended,
        "reviewer_id": assignment.reviewer,
        "assignment_id": assignment,
        "review_id": review,
        "sent_id": make_letter_mail(application),
        "file_id": attach(application),
        "move_id": make_move(application),
        "named_id": make_person(application, passport_number="PA1234567"),
        "roster_id": make_plan_roster(application),
        "discussion_id": make_discussion(call),
        "case_id": make_case(application, "hold"),
        "edition_id": make_edition(state="checked"),
        "reason_id": make_reason(f"Reason of {host.name_en}"),
        "board_id": make_board(call, name=f"Board of {host.name_en}"),
        "proposal_id": make_change(application),
        "target_id": make_target("people", fiscal_year=2000 + host.id),
    }
    db.session.flush()
    ids = {name: row.public_id for name, row in objects.items()} | {"partner_id": str(application.partners[0].id)}
    return World(host, person, ids, call.fiscal_year, expert)


def make_import(visit: Any) -> RosterImport:
    """A spreadsheet on its way into a roster."""
    roster = io.BytesIO((ROSTERS / "01-nepal-clean.xlsx").read_bytes())
    stored = storage.save(roster, "roster.xlsx", kind=storage.FileKind.ROSTER, subject=visit, actor=SYSTEM)
    found = RosterImport(public_id=new_public_id(), visit=visit, stored_file_id=stored.id)
    db.session.add(found)
    db.session.flush()
    return found


def make_plan_roster(application: Application) -> PlanRoster:
    """A spreadsheet on its way into a plan's people."""
    roster = io.BytesIO((ROSTERS / "01-nepal-clean.xlsx").read_bytes())
    stored = storage.save(roster, "people.xlsx", kind=storage.FileKind.ROSTER, subject=application, actor=SYSTEM)
    found = PlanRoster(public_id=new_public_id(), application=application, stored_file_id=stored.id)
    db.session.add(found)
    db.session.flush()
    return found


def make_letter_mail(application: Application) -> OutboxMessage:
    """The mail of a plan's letter."""
    letters.tell(application)
    return letter_queries.mails_of(application)[0]


def make_workbook(application: Application) -> storage.StoredFile:
    """A workbook on its way into a plan."""
    data = workbook_service.export(application, with_contacts=True)
    kind = storage.FileKind.PLAN_WORKBOOK
    return storage.save(io.BytesIO(data), "plan.xlsx", kind=kind, subject=application, actor=SYSTEM)


@pytest.fixture
def worlds(app: Flask) -> tuple[World, World]:
    """Ours and theirs."""
    call = make_call()
    return build(call), build(call)


# What may be asked of a route whose parameters name no row of ours.
OTHER_VALUES = {
    "verb": "no-such-verb",
    "section": "overview",
    "name": "cumulative",
    "list_name": "applications",
    "act_name": "start-review",
    "day": "1",
    "criterion_key": "purpose",
    "kind": "adopted",
}
# Objects that are the same for everybody: which institution asks makes no difference.
COMMON = {
    "board_id",
    "call_id",
    "extension_id",
    "course_id",
    "criterion_key",
    "discussion_id",
    "kind",
    "rate_id",
    "reason_id",
    "rule_id",
    "prerequisite_id",
    "target_id",
    "year",
    "verb",
    "section",
    "name",
    "day",
}
# Routes whose object is a secret or a demonstration's, with tests of their own.
SECRETS = {"token", "code", "mail_id", "session_id", "link_id", "filename", "job_id", "person_id", "public_id"}
SECRETS |= {"task_id", "view_id"}


def user_of(role: str, world: World) -> Any:
    """Somebody who wears the role in that world."""
    if role == Role.ALUMNUS:
        return make_user(Role.ALUMNUS, invitee_id=world.person.id)
    if role == Role.REVIEWER:
        return world.expert
    return make_user(role, world.host if role in (Role.HOST_EDITOR, Role.HOST_APPROVER) else None)


def allowed(role: str, permission: str, rule: Rule, is_own: bool) -> bool:
    """What the contract says of a route for an object of one's own world or of another."""
    cell = CONTRACT[permission].get(role)
    if cell is None:
        return False
    names_a_row = bool(rule.arguments - COMMON)
    return cell in ("Y", "s", "L") or is_own or not names_a_row


def routes(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Every rule with its method and permission, but for those with secrets in their address."""
    for rule in app.url_map.iter_rules():
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        if rule.endpoint == "static" or permission == PUBLIC or rule.arguments & SECRETS:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule, method, str(permission)


def address(rule: Rule, world: World) -> str:
    values = {**OTHER_VALUES, **world.ids, "year": world.year}
    if rule.endpoint == "closing.bundle":  # certificates exist once a visit is over
        values["visit_id"] = values["ended_visit_id"]
    unknown = rule.arguments - set(values)
    assert not unknown, f"{rule.rule}: the test knows no object for {unknown}"
    return str(rule.build({name: values[name] for name in rule.arguments}, append_unknown=False)[1])  # type: ignore[index]


def undone(app: Flask, client: Client, path: str, method: str) -> Any:
    """Ask, and take back whatever that did, so that the next route finds the same world."""
    connection = app.extensions["database_session_options"]["bind"]
    db.session.commit()
    before = connection.begin_nested()
    response = client.open(path, method=method)
    db.session.rollback()
    before.rollback()
    return response


@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_each_role_as_the_contract_says(
    app: Flask, client: Client, worlds: tuple[World, World], role: str
) -> None:
    ours, theirs = worlds
    sign_in(client, user_of(role, ours))
    db.session.execute(update(UserSession).values(confirmed_at=clock.now()))  # what asks for the password has had it
    db.session.flush()
    wrong = []
    for rule, method, permission in routes(app):
        if permission == SIGNED_IN:
            continue
        for world in (ours, theirs):
            path = address(rule, world)
            response = undone(app, client, path, method)
            may = allowed(role, permission, rule, world is ours)
            turned_away = response.status_code in (REFUSED, HIDDEN)
            if may == turned_away and not _is_excused(rule, response.status_code, may):
                wrong.append((method, path, permission, response.status_code, "own" if world is ours else "other"))
            assert response.status_code < 500, (method, path)
    assert not wrong, "\n".join(map(str, wrong))


def _is_excused(rule: Rule, status: int, may: bool) -> bool:
    """A page that exists for the reader may still know no such verb, or ask for a further permission inside."""
    return may and ("verb" in rule.arguments or status == REFUSED)


def test_strangers_are_asked_to_sign_in_everywhere(app: Flask, client: Client, worlds: tuple[World, World]) -> None:
    for rule, method, _permission in routes(app):
        response = client.open(address(rule, worlds[0]), method=method)
        assert response.status_code == 302, (method, rule.rule)
        assert response.location.startswith("/sign-in"), (method, rule.rule)


def test_every_route_is_in_the_table(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        if rule.endpoint != "static":
            assert permission in (PUBLIC, SIGNED_IN) or permission in CONTRACT, rule.rule

"""Export-control forms in plans: asked once, used by every plan of the institution, frozen at the submission."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.applications import copying, export_forms, facts, plan_service, service, snapshot, thawing
from app.applications.models import Application, ApplicationState
from app.calls import checks_export
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.directory import countries
from app.export_control import answers, declaring, queries
from app.export_control.models import FormKind
from app.export_control.parties import HOST
from tests.calls.plans import PARTNER
from tests.calls.plans import plan as plain_plan
from tests.conftest import Client
from tests.documents.reading import squeezed, text_of
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import SAFETY, make_application
from tests.factories.calls import make_call
from tests.factories.directory import make_host, make_sending
from tests.factories.export_control import make_declaration
from tests.factories.partners import invite_partner, open_browser, partner_of

S = ApplicationState
SAID = {"has_system": "no", "is_classified": "yes", "partners_are_checked": "yes", "pledge": True}


def saved(application: Application, **changes: Any) -> dict[str, Any]:
    """The safety section saved as its page would."""
    given = {**SAFETY, "form1_on": clock.today(), "form2_on": None, **changes}
    editor = make_actor(Role.HOST_EDITOR, application.host_institution)
    plan_service.save_safety(editor, application, online_if_impossible=True, **given)
    db.session.flush()
    return application.safety


def give(application: Application, **changes: Any) -> None:
    """The institution's forms, given on their own page."""
    host = application.host_institution
    declaring.give(
        make_actor(Role.HOST_EDITOR, host),
        host,
        HOST,
        {**SAID, **changes},
        responsible="Jun Ito",
        dated_on=clock.today(),
    )


def test_answers_of_a_plan_become_the_forms_of_its_institution(app: Flask) -> None:
    application = make_application(complete=False)
    kept = saved(application, has_system="no", pledge=True, form2_on=clock.today())
    held = {one.kind: one for one in queries.in_use(application.host_institution_id)}
    assert (kept["form1_id"], kept["form2_id"]) == (held[FormKind.REPORT].public_id, held[FormKind.PLEDGE].public_id)
    assert saved(application, has_system="no", pledge=True, form2_on=clock.today()) == kept
    assert len(queries.in_use(application.host_institution_id)) == 2


def test_half_an_answer_stays_with_the_plan(app: Flask) -> None:
    application = make_application(complete=False)
    kept = saved(application, is_classified="")
    assert kept["has_system"] == "yes" and "form1_id" not in kept
    assert queries.in_use(application.host_institution_id) == []


def test_a_new_plan_is_begun_with_the_forms_in_use(app: Flask) -> None:
    call, host = make_call(), make_host()
    held = make_declaration(host, dated_on=clock.today())
    make_declaration(make_host(), responsible="Another Institution")
    made = service.start(make_actor(Role.HOST_EDITOR, host), call=call, course=call.courses[0].course, host=host)
    assert made.safety == answers.taken_from(held)
    assert facts.facts_of(made).export_control_report


def test_open_plans_follow_and_submitted_ones_keep_what_they_came_with(app: Flask) -> None:
    first = make_application()
    host, call = first.host_institution, first.call
    saved(first)
    second, sent = make_application(host=host, call=call), make_application(S.SUBMITTED, host=host, call=call)
    own, frozen = dict(second.safety), dict(sent.safety)
    stranger = make_application(call=call, complete=False)
    give(first)
    assert (first.safety["export_responsible"], first.safety["form2_responsible"]) == ("Jun Ito", "Jun Ito")
    assert {name: second.safety[name] for name in answers.REPORT} == {name: own[name] for name in answers.REPORT}
    assert sent.safety == frozen and not answers.report_is_filled(stranger.safety or {})


def test_a_renewed_form_1_of_another_person_does_not_fit_the_pledge(app: Flask) -> None:
    application = make_application()
    saved(application, has_system="no", pledge=True, form2_on=clock.today())
    changed = saved(application, has_system="no", pledge=True, form2_on=clock.today(), export_responsible="Jun Ito")
    assert changed["form2_responsible"] == "Taro Sato"
    found = checks_export.export_control_forms(facts.facts_of(application), {})
    assert found.holds is False


def test_a_form_is_good_until_the_end_of_its_last_day(app: Flask) -> None:
    application = make_application()
    last = answers.report_until(application.safety)
    assert last is not None
    ends = clock.tokyo(last + timedelta(days=1))
    for at, holds in ((ends - timedelta(seconds=1), True), (ends, False)):
        assert checks_export.export_control_forms(facts.facts_of(application, at), {}).holds is holds


def test_no_outcome_depends_on_a_nationality() -> None:
    checks = (checks_export.export_control_forms, checks_export.partner_export_forms, checks_export.export_residency)
    plain = plain_plan(residency="residents", affiliations_said=True)
    asked = [
        [check(replace(plain, partners=(replace(PARTNER, country=code),)), {}).holds for check in checks]
        for code in countries.CODES
    ]
    assert all(found == asked[0] for found in asked)


@pytest.fixture
def plan(app: Flask) -> Application:
    """A draft with two partners."""
    return make_application(partners=[make_sending(name_en="Valley Campus"), make_sending(name_en="Hill Campus")])


def declared_by_link(phone: Client, **changes: Any) -> Any:
    said = {**SAID, "pledge": "y", "responsible": "Prof. Thapa", "dated_on": clock.today().isoformat(), "seen": ""}
    return phone.post("/partner/export-forms", data={**said, **changes})


def test_a_partner_gives_its_own_forms_by_its_link(app: Flask, plan: Application) -> None:
    phone = open_browser(app, invite_partner(partner_of(plan)))
    assert "They are still to be given" in phone.get("/partner").get_data(as_text=True)
    assert declared_by_link(phone, pledge="").status_code == 422
    assert declared_by_link(phone).status_code == 302
    partner, other = plan.partners
    assert partner.export_control["form2_responsible"] == "Prof. Thapa" and other.export_control == {}
    assert [one.forms.report for one in facts.facts_of(plan).partners] == [True, False]
    paper = text_of(phone.get("/partner/export-forms.pdf").data)
    assert "ValleyCampus" in paper and "HillCampus" not in paper
    assert declared_by_link(phone, responsible="Somebody Else").status_code == 409


def test_a_partner_cannot_give_forms_once_the_plan_is_handed_in(app: Flask, plan: Application) -> None:
    phone = open_browser(app, invite_partner(partner_of(plan)))
    plan.state, plan.submitted_at, plan.reference = S.SUBMITTED, clock.now(), "2026-9999"
    db.session.flush()
    assert declared_by_link(phone).status_code == 409
    assert plan.partners[0].export_control == {}


def test_a_partners_forms_are_used_by_plans_of_the_same_host_only(client: Client, plan: Application) -> None:
    host, organization = plan.host_institution, plan.partners[0].organization
    assert organization is not None
    again = make_application(host=host, call=plan.call, partners=[organization])
    elsewhere = make_application(call=plan.call, partners=[organization])
    sign_in(client, make_user(Role.HOST_EDITOR, host))
    address = f"/applications/{plan.public_id}/partner-forms?partner={plan.partners[0].id}"
    said = {**SAID, "pledge": "y", "responsible": "Prof. Thapa", "dated_on": clock.today().isoformat(), "seen": ""}
    assert client.post(address, data=said).status_code == 302
    for application, holds in ((plan, True), (again, True), (elsewhere, False)):
        assert bool(application.partners[0].export_control) is holds
    assert export_forms.of_partners(elsewhere.host_institution_id, elsewhere.partners) == [{}]
    call = make_call("3")
    actor = make_actor(Role.HOST_EDITOR, host)
    copied = copying.copy(actor, plan, call=call, course=call.courses[0].course)
    assert copied.partners[0].export_control == plan.partners[0].export_control


def test_another_organization_in_a_partners_place_brings_its_own_forms(app: Flask, plan: Application) -> None:
    host, known = plan.host_institution, make_sending(name_en="Lake Campus")
    partner = plan.partners[0]
    partner.export_control = {"form1_on": "2026-01-01"}
    party = export_forms.parties.of_partner(known, "", "")
    assert party is not None
    held = make_declaration(host, party=party, dated_on=clock.today())
    row = {"contact_name": "", "contact_email": "", "prior_notification": "", "country": ""}
    rows = [{**row, "id": str(partner.id), "organization": "", "choice": known.public_id}]
    plan_service.save_partners(make_actor(Role.HOST_EDITOR, host), plan, rows)
    assert plan.partners[0].export_control == answers.taken_from(held)


def test_what_was_submitted_is_read_with_its_forms(client: Client, plan: Application) -> None:
    held = make_declaration(plan.host_institution, dated_on=clock.today())
    plan.partners[0].export_control = answers.taken_from(held)
    snapshot.freeze(plan)
    thawed = thawing.as_submitted(plan)
    assert [partner.export_control for partner in thawed.partners] == [answers.taken_from(held), {}]
    sign_in(client, make_user(Role.HOST_EDITOR, plan.host_institution))
    paper = text_of(client.get(f"/applications/{plan.public_id}/export-forms.pdf?language=en").data)
    assert "ValleyCampus" in paper and squeezed(plan.host_institution.name_en) in paper
    empty = make_application(complete=False, host=plan.host_institution, call=plan.call)
    assert client.get(f"/applications/{empty.public_id}/export-forms.pdf").status_code == 404


def test_crisis_contact_of_the_last_plan_is_offered(client: Client) -> None:
    last = make_application()
    made = make_application(complete=False, host=last.host_institution, call=last.call)
    make_application(call=last.call, safety={"crisis_name": "Another Institution"})
    sign_in(client, make_user(Role.HOST_EDITOR, last.host_institution))
    address = f"/applications/{made.public_id}/edit/safety"
    assert "Use the contact and the plan of your last plan" in client.get(address).get_data(as_text=True)
    page = client.get(f"{address}?from=last").get_data(as_text=True)
    assert SAFETY["crisis_name"] in page and "Another Institution" not in page
    assert not (made.safety or {}).get("crisis_name")  # shown, not yet kept

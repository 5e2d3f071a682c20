"""A new plan begun from an earlier one or from an example: what comes along, what does not, and what it says of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.applications import copying, example_plans, snapshot
from app.applications.models import Application, ApplicationState
from app.applications.vocabulary import ActivityKind, BudgetKind, FieldOfScience
from app.calls.models import Call, CourseCode
from app.core import clock
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.core.errors import Forbidden, Refused
from app.core.i18n import LANGUAGES
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import SAFETY, make_application
from tests.factories.calls import make_call, make_course, make_rates
from tests.factories.directory import make_host, make_sending

S = ApplicationState


def next_round(**fields: Any) -> Call:
    """Another open round, whose days for visits begin on Thursday, 15 January 2026."""
    return make_call("3", visits_from=date(2026, 1, 15), visits_until=date(2026, 3, 13), **fields)


def choice(call: Call) -> str:
    return f"{call.public_id}.{call.courses[0].course.public_id}"


def entry_of(made: Application) -> AuditEvent:
    query = select(AuditEvent).where(AuditEvent.subject_type == "application", AuditEvent.subject_id == made.id)
    return db.session.scalars(query).one()


def copied(origin: Application, call: Call) -> Application:
    actor = make_actor(Role.HOST_EDITOR, origin.host_institution)
    made = copying.copy(actor, origin, call=call, course=call.courses[0].course)
    db.session.flush()
    return made


def test_copy_has_every_section_and_is_a_draft_of_its_own(app: Any) -> None:
    origin, call = make_application(S.DECLINED), next_round()
    made = copied(origin, call)
    before, after = snapshot.content(origin), snapshot.content(made)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"reference", "call", "starts_on", "ends_on"}
    assert (made.state, made.reference, made.submitted_at, made.snapshot) == (S.DRAFT, None, None, None)
    assert made.version == 1  # stored once, whole
    assert {id(row) for row in made.partners}.isdisjoint({id(row) for row in origin.partners})
    assert len(origin.partners) == 1 and len(origin.budget) == 3
    assert made.people[0].partner is made.partners[0]
    assert "Measuring" in made.search_text or "measuring" in made.search_text


def test_stay_outside_the_round_keeps_length_and_day_of_the_week(app: Any) -> None:
    call = next_round()
    entry = date(2025, 9, 2)  # a Tuesday; the first one of the round is 20 January
    moved = copying.moved(entry, entry + timedelta(days=6), call)
    assert moved == (date(2026, 1, 20), date(2026, 1, 26))
    thursday = date(2025, 9, 4)
    assert copying.moved(thursday, thursday, call) == (call.visits_from, call.visits_from)


def test_stay_inside_the_round_is_not_moved(app: Any) -> None:
    call = next_round()
    inside = (date(2026, 2, 3), date(2026, 2, 9))
    assert copying.moved(*inside, call) == inside
    half = (date(2026, 3, 10), date(2026, 3, 16))  # its end lies outside
    assert copying.moved(*half, call) == (date(2026, 1, 20), date(2026, 1, 26))


def test_unknown_days_stay_unknown(app: Any) -> None:
    call = next_round()
    assert copying.moved(None, None, call) == (None, None)
    assert copying.moved(date(2025, 9, 2), None, call) == (date(2026, 1, 20), None)


def test_number_of_the_prior_notification_is_not_copied_and_asked_for(app: Any) -> None:
    sender = make_sending(country="CN", name_en="Huanghe Institute")
    origin, call = make_application(S.ADOPTED, partners=[sender]), next_round()
    made = copied(origin, call)
    assert origin.partners[0].prior_notification == "CN-2025-1"
    assert made.partners[0].prior_notification == ""
    assert any(hint.section == "partners" and "Huanghe Institute" in hint.text for hint in copying.hints(made))
    made.partners[0].prior_notification = "CN-2025-2"
    assert not any(hint.section == "partners" for hint in copying.hints(made))


@pytest.mark.parametrize(("age", "kept"), [(364, True), (365, False), (366, False)])
def test_date_of_an_export_control_form_is_kept_for_a_year(age: int, kept: bool) -> None:
    today = date(2026, 6, 1)
    text = (today - timedelta(days=age)).isoformat()
    found = copying.kept_answers({**SAFETY, "form1_on": text}, today)
    assert found == {**SAFETY, "form1_on": text if kept else ""}


def test_warning_while_the_origin_is_undecided_in_another_round(app: Any) -> None:
    call, other = next_round(), make_call("2")
    for state in S:
        origin = make_application(state, call=other)
        entered = state in (S.SUBMITTED, S.RETURNED, S.UNDER_REVIEW, S.DECIDED)
        assert copying.is_entered_elsewhere(origin) is entered, state
        made = copied(origin, call)  # a warning, no obstacle
        warning = copying.Hint("", copying.entered_elsewhere(origin))
        assert (warning in copying.hints(made)) is entered
        assert not copying.is_entered_elsewhere(origin, origin.call)


def test_closed_round_foreign_course_and_foreign_institution_are_refused(app: Any) -> None:
    origin, now = make_application(), clock.now()
    actor = make_actor(Role.HOST_EDITOR, origin.host_institution)
    closed = next_round(opens_at=now - timedelta(days=9), closes_at=now - timedelta(seconds=1))
    with pytest.raises(Refused):
        copying.copy(actor, origin, call=closed, course=closed.courses[0].course)
    with pytest.raises(Refused):
        copying.copy(actor, origin, call=origin.call, course=make_course("B"))
    for stranger in (make_actor(Role.HOST_EDITOR), make_actor(Role.COORDINATOR)):
        with pytest.raises(Forbidden):
            copying.copy(stranger, origin, call=origin.call, course=origin.course)


def test_copy_is_made_once_named_in_the_log_and_says_what_to_look_at(client: Client) -> None:
    origin, call = make_application(S.UNDER_REVIEW), next_round()
    sign_in(client, make_user(Role.HOST_EDITOR, origin.host_institution))
    address = f"/applications/{origin.public_id}/copy"
    assert f'href="{address}"' in client.get(f"/applications/{origin.public_id}").get_data(as_text=True)
    page = client.get(address).get_data(as_text=True)
    assert choice(call) in page and "several rounds" in page
    answers = [client.post(address, data={"key": "copy-1", "course": choice(call)}) for _time in range(2)]
    assert answers[0].location == answers[1].location
    made = db.session.scalars(select(Application).where(Application.id != origin.id)).one()
    entry = entry_of(made)
    assert (entry.verb, entry.changes["copied_from"]) == ("application:create", ["", origin.reference])
    shown = client.get(answers[0].location).get_data(as_text=True)
    for text in (str(origin.reference), "Look at this again", "The days have moved", "Date of form 1"):
        assert text in shown, text


def test_copy_without_a_choice_is_asked_again(client: Client) -> None:
    origin = make_application()
    sign_in(client, make_user(Role.HOST_EDITOR, origin.host_institution))
    answer = client.post(f"/applications/{origin.public_id}/copy", data={})
    assert answer.status_code == 422 and "Choose a round and course." in answer.get_data(as_text=True)


def test_origin_that_jst_never_received_stays_unknown_to_jst(client: Client) -> None:
    origin = make_application(theme_en="A secret first thought")
    made = copied(origin, next_round())
    made.theme_en, made.reference, made.submitted_at = "The plan", "2025-0099", clock.now()
    made.state = S.SUBMITTED
    snapshot.freeze(made)
    sign_in(client, make_user(Role.COORDINATOR))
    assert "A secret first thought" not in client.get(f"/applications/{made.public_id}").get_data(as_text=True)


def test_plan_stays_when_its_origin_is_deleted(app: Any) -> None:
    origin = make_application()
    made = copied(origin, next_round())
    db.session.delete(origin)
    db.session.flush()
    db.session.expire_all()
    assert made.copied_from is None and copying.hints(made) == []


def test_begin_page_offers_the_plans_submitted_last_and_examples(client: Client) -> None:
    host, call = make_host(), next_round()
    other = make_call("2")
    sent, draft = make_application(S.DECLINED, host=host, call=other), make_application(host=host, call=other)
    foreign = make_application(S.DECLINED, call=other)
    sign_in(client, make_user(Role.HOST_EDITOR, host))
    page = client.get("/applications/new?origin=example:river-basin").get_data(as_text=True)
    assert sent.public_id in page and draft.public_id not in page and foreign.public_id not in page
    assert 'value="example:river-basin" selected' in page
    chosen = {"host": host.public_id, "course": choice(call), "origin": foreign.public_id}
    assert client.post("/applications/new", data=chosen).status_code == 422
    assert client.post("/applications/new", data={**chosen, "origin": sent.public_id}).status_code == 302
    made = db.session.scalar(select(Application).order_by(Application.id.desc()))
    assert made is not None and made.copied_from is sent and len(made.itinerary) == 7


def test_empty_start_chosen_on_the_page_of_an_example_is_empty(client: Client) -> None:
    host, call = make_host(), next_round()
    sign_in(client, make_user(Role.HOST_EDITOR, host))
    chosen = {"host": host.public_id, "course": choice(call), "origin": ""}
    assert client.post("/applications/new?origin=example:river-basin", data=chosen).status_code == 302
    assert db.session.scalars(select(Application)).one().itinerary == []


def test_course_asked_for_is_chosen_beforehand(client: Client) -> None:
    host, call = make_host(), next_round(courses=[make_course("A"), make_course("B")])
    sign_in(client, make_user(Role.HOST_EDITOR, host))
    second = call.courses[1].course.public_id
    page = client.get(f"/applications/new?course={second}").get_data(as_text=True)
    assert page.count(" checked") == 1
    assert f'value="{call.public_id}.{second}" checked' in page


def test_plan_begun_with_an_example_has_its_structure_only(client: Client) -> None:
    host, call = make_host(), next_round()
    sign_in(client, make_user(Role.HOST_EDITOR, host))
    assert "Begin with this example" in client.get("/applications/examples").get_data(as_text=True)
    chosen = {"host": host.public_id, "course": choice(call), "origin": "example:earthquake-training"}
    assert client.post("/applications/new", data=chosen).status_code == 302
    made = db.session.scalars(select(Application)).one()
    example = example_plans.named("earthquake-training")
    assert [(item.day, item.kind) for item in made.itinerary] == [
        (day, kind) for day, kind, _title in example.itinerary
    ]
    assert {(line.kind, line.unit_price) for line in made.budget} == {(kind, 0) for kind, *_rest in example.budget}
    assert {"stay", "lecture", "interpreter", "administration"} <= {line.rate_key for line in made.budget}
    assert (made.partners, made.people, made.theme_en, made.principal_name) == ([], [], "", "")
    assert entry_of(made).changes == {"example": ["", "earthquake-training"]}


@pytest.mark.parametrize("example", example_plans.every(), ids=lambda example: example.name)
def test_example_is_complete_and_keeps_the_figures_of_its_course(app: Any, example: Any) -> None:
    course = make_course(example.course)
    limits = {rule.check_name: rule.limit for rule in course.rules}
    assert CourseCode(example.course) in CourseCode and FieldOfScience(example.data["field"])
    assert example.stay_days <= limits["stay_length"]["max_days"]
    several = len(example.data["partners"]) > 1
    people = limits["head_count"]["max_people_several" if several else "max_people"]
    assert example.head_count <= people
    assert {item[0] for item in example.data["itinerary"]} == set(range(1, example.stay_days + 1))
    assert any(ActivityKind(item[1]) is ActivityKind.PEER_EXCHANGE for item in example.data["itinerary"])
    costs = [(kind, quantity * price) for kind, _text, quantity, price in example.budget]
    ceilings = {rate.code: rate.ceiling for rate in make_rates()}
    for key, (_kind, _text, _quantity, price) in zip(example.rate_keys, example.budget, strict=True):
        assert key in ("", "administration") or price <= ceilings[key]
    administration = sum(amount for kind, amount in costs if kind is BudgetKind.GENERAL_ADMINISTRATION)
    assert administration * 10 <= sum(amount for _kind, amount in costs) - administration
    for name in ("theme", "purpose", "results", "safety"):
        assert all(example.data[name][locale] for locale in LANGUAGES)

"""Lists: views of one's own, many entries chosen and acted on one by one, files; shown on the list of plans."""

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.applications import service
from app.applications.lists import APPLICATIONS, PASS_ON
from app.applications.models import Application, ApplicationState
from app.core import clock, job_queue, jobs, transaction
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.background_job import BackgroundJob, JobState
from app.core.db import db
from app.core.errors import GuardsFailed, Refused
from app.core.lists import acting, saving, selecting, taking
from app.core.lists.models import ListTask, ListTaskItem, Outcome, SavedView
from app.core.lists.selecting import Chosen
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.directory import make_host

S = ApplicationState
ACT = "/lists/applications/acts/start-review"


def make_plans(number: int, state: ApplicationState = S.SUBMITTED, **given: Any) -> list[Application]:
    call, host = given.pop("call", None) or make_call(), given.pop("host", None) or make_host()
    return [make_application(state, call=call, host=host, **given) for _number in range(number)]


def picked(*plans: Application) -> str:
    return "?" + "&".join(f"pick={plan.public_id}" for plan in plans)


def states(plans: list[Application]) -> list[str]:
    db.session.expire_all()
    return [plan.state.value for plan in plans]


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs wait until the test does them."""
    monkeypatch.setattr(job_queue, "ring_after_commit", lambda _bell: None)


# Views


def test_view_keeps_only_what_the_list_understands(client: Client) -> None:
    user = make_user(Role.COORDINATOR)
    sign_in(client, user)
    path = "/lists/applications/views?state=submitted&sort=-received&after=xyz&evil=1&year=nonsense"
    answer = client.post(path, data={"key": "v", "name": "<b>To do</b>"})
    assert answer.location == "/applications?state=submitted&sort=-received"
    view = db.session.scalars(select(SavedView)).one()
    assert (view.user_id, view.arguments) == (user.id, {"state": "submitted", "sort": "-received"})
    page = client.get("/applications?state=submitted&sort=-received").get_data(as_text=True)
    assert "&lt;b&gt;To do&lt;/b&gt;" in page and "<b>To do</b>" not in page


def test_list_begins_with_the_view_chosen_and_can_be_had_whole(client: Client) -> None:
    sign_in(client, make_user(Role.COORDINATOR))
    client.post("/lists/applications/views?state=submitted", data={"key": "v", "name": "Mine", "is_default": "y"})
    assert client.get("/applications").location == "/applications?state=submitted"
    assert client.get("/applications?view=all").status_code == 200
    view = db.session.scalars(select(SavedView)).one()
    client.post(f"/lists/applications/views/{view.public_id}/begin-with", data={"key": "w"})
    assert client.get("/applications").status_code == 200


def test_same_name_takes_the_new_filters_and_thirty_are_the_most(client: Client) -> None:
    actor = make_actor(Role.COORDINATOR)
    for number in range(saving.MOST):
        saving.save(actor, APPLICATIONS, f"View {number}", {"state": "submitted"})
    saving.save(actor, APPLICATIONS, "View 3", {"state": "returned"})
    assert count(SavedView) == saving.MOST
    with pytest.raises(Refused):
        saving.save(actor, APPLICATIONS, "One more", {"state": "submitted"})


def test_views_are_ones_own(client: Client) -> None:
    view = saving.save(make_actor(Role.COORDINATOR), APPLICATIONS, "Secret name", {"state": "submitted"})
    sign_in(client, make_user(Role.COORDINATOR))
    assert "Secret name" not in client.get("/lists/applications/views").get_data(as_text=True)
    assert client.post(f"/lists/applications/views/{view.public_id}/delete", data={"key": "d"}).status_code == 404
    sign_in(client, make_user(Role.ALUMNUS))
    assert client.get("/lists/applications/views").status_code == 403


def test_whole_list_is_no_view_and_what_was_typed_stays(client: Client) -> None:
    sign_in(client, make_user(Role.COORDINATOR))
    assert client.post("/lists/applications/views", data={"key": "v", "name": "All"}).status_code == 422
    page = client.post("/lists/applications/views?state=submitted", data={"key": "v", "name": ""})
    assert page.status_code == 422 and "Enter a name." in page.get_data(as_text=True)


# Choosing and acting


def test_preview_says_what_is_done_and_what_is_not_and_why(client: Client) -> None:
    waiting = make_plans(2)
    draft_like = make_plans(1, S.UNDER_REVIEW, call=waiting[0].call)[0]
    sign_in(client, make_user(Role.COORDINATOR))
    page = client.get(ACT + picked(*waiting, draft_like)).get_data(as_text=True)
    assert "2 plans are passed on to review." in page
    assert "Nothing is done to 1 entry" in page and "Not possible in this state: Under review." in page
    assert all(plan.reference in page for plan in [*waiting, draft_like] if plan.reference)
    assert states(waiting) == ["submitted", "submitted"]


def test_chosen_entries_are_done_each_with_its_own_entry_in_the_log(client: Client) -> None:
    plans = make_plans(3)
    sign_in(client, make_user(Role.COORDINATOR))
    answer = client.post(ACT + picked(*plans[:2]), data={"key": "k"})
    assert states(plans) == ["under_review", "under_review", "submitted"]
    page = client.get(answer.location).get_data(as_text=True)
    assert str(plans[0].reference) in page and str(plans[2].reference) not in page
    verbs = list(
        db.session.scalars(select(AuditEvent.verb).where(AuditEvent.verb.in_(["list:act", "application:start_review"])))
    )
    assert sorted(verbs) == ["application:start_review"] * 2 + ["list:act"]


def test_second_click_does_nothing_twice(client: Client) -> None:
    plans = make_plans(2)
    sign_in(client, make_user(Role.COORDINATOR))
    first = client.post(ACT + picked(*plans), data={"key": "k"})
    second = client.post(ACT + picked(*plans), data={"key": "k"})
    assert first.location == second.location and count(ListTask) == 1


def test_all_found_are_those_found_now(client: Client) -> None:
    call = make_call()
    plans = make_plans(3, call=call)
    others = make_plans(2, call=make_call("2"))
    sign_in(client, make_user(Role.COORDINATOR))
    client.post(f"{ACT}?which=found&call={call.public_id}", data={"key": "k"})
    assert states(plans) == ["under_review"] * 3 and states(others) == ["submitted"] * 2


def test_all_of_the_page_are_those_the_page_has_shown(client: Client) -> None:
    plans = make_plans(3)
    sign_in(client, make_user(Role.COORDINATOR))
    shown = ",".join(plan.public_id for plan in plans[:2])
    client.post(f"{ACT}?which=page&shown={shown}&pick={plans[2].public_id}", data={"key": "k"})
    assert states(plans) == ["under_review", "under_review", "submitted"]


def test_ids_that_do_not_exist_for_the_reader_are_no_entries(client: Client) -> None:
    draft, ours = make_plans(1, S.DRAFT)[0], make_plans(1, call=make_call("2"))[0]
    sign_in(client, make_user(Role.COORDINATOR))
    page = client.get(f"{ACT}{picked(draft, ours)}&pick=zzzzzzzzzzzzzzzz").get_data(as_text=True)
    assert "1 plan is passed on to review." in page and "Nothing is done to" not in page
    client.post(ACT + picked(draft), data={"key": "k"})
    assert states([draft]) == ["draft"] and count(ListTask) == 0


@pytest.mark.parametrize("role", [Role.HOST_APPROVER, Role.DECISION_MAKER, Role.AUDITOR])
def test_who_may_not_do_it_to_one_may_not_do_it_to_many(client: Client, role: Role) -> None:
    plan = make_plans(1)[0]
    sign_in(client, make_user(role, plan.host_institution if role is Role.HOST_APPROVER else None))
    assert client.get(ACT + picked(plan)).status_code == 403
    assert client.post(ACT + picked(plan), data={"key": "k"}).status_code == 403
    assert 'name="pick"' not in client.get("/applications").get_data(as_text=True)


def test_one_that_cannot_be_done_stops_nobody_else(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    plans = make_plans(4)
    doing = service.transition

    def stumble(actor: Any, plan: Application, verb: str, **given: Any) -> None:
        doing(actor, plan, verb, **given)
        if plan.id == plans[1].id:
            raise GuardsFailed("Not today.")
        if plan.id == plans[2].id:
            raise KeyError("a mistake of ours")

    monkeypatch.setattr(service, "transition", stumble)
    actor = make_actor(Role.COORDINATOR)
    task = acting.begin(actor, APPLICATIONS, PASS_ON, Chosen(tuple(plan.public_id for plan in plans)), {})
    assert states(plans) == ["under_review", "submitted", "submitted", "under_review"]
    assert acting.tally(task) == {Outcome.DONE: 2, Outcome.SKIPPED: 1, Outcome.FAILED: 1}
    assert acting.items_of(task, Outcome.SKIPPED)[0].reason == "Not today."
    log = select(func.count()).where(AuditEvent.verb == "application:start_review")
    assert db.session.scalar(log) == 2


def test_pages_ask_as_often_for_three_entries_as_for_thirty(client: Client) -> None:
    plans = make_plans(30)
    sign_in(client, make_user(Role.COORDINATOR))
    for number in (3, 30):
        client.get(ACT + picked(*plans[:number]))
        assert client.last.queries == 3  # who asks, the entries, the plans


def test_many_are_done_by_a_job_that_goes_on_where_it_was_killed(
    client: Client, monkeypatch: pytest.MonkeyPatch, quiet: None
) -> None:
    monkeypatch.setattr(acting, "AT_ONCE", 3)
    plans = make_plans(6)
    user = make_user(Role.COORDINATOR)
    sign_in(client, user)
    answer = client.post(ACT + picked(*plans), data={"key": "k"})
    task = db.session.scalars(select(ListTask)).one()
    assert states(plans) == ["submitted"] * 6
    page = client.get(answer.location).get_data(as_text=True)
    assert 'http-equiv="refresh"' in page and "<progress" in page
    doing, killed = service.transition, []

    def die(actor: Any, plan: Application, verb: str, **given: Any) -> None:
        if plan.id == plans[3].id and not killed:
            killed.append(plan.id)
            raise SystemExit
        doing(actor, plan, verb, **given)

    monkeypatch.setattr(service, "transition", die)
    with pytest.raises(SystemExit):
        jobs.run_next()
    transaction.rollback()
    assert states(plans) == ["under_review"] * 3 + ["submitted"] * 3
    job = db.session.scalars(select(BackgroundJob).where(BackgroundJob.kind == acting.JOB)).one()
    assert job.state is JobState.RUNNING and job.progress_done == 3
    job.lease_until = clock.now().replace(year=2000)
    transaction.commit()
    assert jobs.run_next()
    assert states(plans) == ["under_review"] * 6
    assert acting.tally(task) == {Outcome.DONE: 6}
    log = select(func.count()).where(AuditEvent.verb == "application:start_review")
    assert db.session.scalar(log) == 6
    assert 'http-equiv="refresh"' not in client.get(answer.location).get_data(as_text=True)


def test_who_lost_the_role_meanwhile_does_nothing(client: Client, monkeypatch: pytest.MonkeyPatch, quiet: None) -> None:
    monkeypatch.setattr(acting, "AT_ONCE", 1)
    plans = make_plans(3)
    user = make_user(Role.COORDINATOR)
    sign_in(client, user)
    client.post(ACT + picked(*plans), data={"key": "k"})
    for grant in list(user.grants):
        db.session.delete(grant)
    transaction.commit()
    jobs.run_next()
    assert states(plans) == ["submitted"] * 3
    job = db.session.scalars(select(BackgroundJob).where(BackgroundJob.kind == acting.JOB)).one()
    assert job.state is JobState.FAILED


def test_tasks_are_seen_by_who_asked_for_them(client: Client) -> None:
    plans = make_plans(1)
    sign_in(client, make_user(Role.COORDINATOR))
    path = client.post(ACT + picked(*plans), data={"key": "k"}).location
    sign_in(client, make_user(Role.COORDINATOR))
    assert client.get(path).status_code == 404


def test_more_than_the_most_is_asked_to_be_narrowed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selecting, "MOST", 2)
    monkeypatch.setattr(acting, "MOST", 2)
    plans = make_plans(3)
    sign_in(client, make_user(Role.COORDINATOR))
    assert "Narrow the filters" in client.get(f"{ACT}?which=found").get_data(as_text=True)
    assert client.post(f"{ACT}?which=found", data={"key": "k"}).status_code == 422
    assert states(plans) == ["submitted"] * 3


# Files


def book(answer: Any) -> list[tuple[Any, ...]]:
    page = load_workbook(io.BytesIO(answer.get_data())).active
    assert page is not None and page.freeze_panes == "A2"
    return [tuple(cell.value for cell in row) for row in page.iter_rows()]


def test_workbook_has_real_days_and_no_formulas(client: Client) -> None:
    host = make_host()
    plan = make_application(S.SUBMITTED, host=host, theme_en="=1+1")
    sign_in(client, make_user(Role.HOST_EDITOR, host))
    rows = book(client.post("/applications/export", data={"key": "e", "reason": "Files", "format": "xlsx"}))
    line = dict(zip(rows[0], rows[1], strict=True))
    assert line["Theme"] == "'=1+1" and line["People"] == 8
    assert line["Day of entry"].date() == plan.starts_on and isinstance(plan.starts_on, date)
    assert line["Received at"].strftime("%Y-%m-%d") == clock.in_tokyo(plan.submitted_at).strftime("%Y-%m-%d")  # type: ignore[arg-type]


def test_large_workbook_is_made_by_a_job_and_fetched_by_who_asked(
    client: Client, monkeypatch: pytest.MonkeyPatch, quiet: None
) -> None:
    monkeypatch.setattr(taking, "LARGE", 2)
    host = make_host()
    make_plans(3, host=host)
    sign_in(client, make_user(Role.HOST_EDITOR, host))
    answer = client.post("/applications/export", data={"key": "e", "reason": "Files", "format": "xlsx"})
    assert "being written" in client.get(answer.location).get_data(as_text=True)
    assert jobs.run_next()
    assert "The file is ready" in client.get(answer.location).get_data(as_text=True)
    assert len(book(client.get(f"{answer.location}/file"))) == 4
    sign_in(client, make_user(Role.HOST_EDITOR, host))
    assert client.get(f"{answer.location}/file").status_code == 404
    assert taking.sweep(clock.now() + taking.KEEP_FILES * 2) == 0
    task = db.session.scalars(select(ListTask)).one()
    assert taking.file_of(task) is None
    assert taking.sweep(clock.now() + taking.KEEP_TASKS * 2) == 1 and count(ListTaskItem) == 0


def test_what_came_since_the_preview_is_not_done_unseen(client: Client) -> None:
    call, host = make_call(), make_host()
    first = make_plans(1, call=call, host=host)
    sign_in(client, make_user(Role.COORDINATOR))
    page = client.get(f"{ACT}?which=found").get_data(as_text=True)
    looked_at = page.split('name="looked_at" value="')[1].split('"')[0]
    later = make_plans(1, call=call, host=host)
    answer = client.post(f"{ACT}?which=found", data={"key": "k", "looked_at": looked_at})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "other entries are meant than you looked at" in page
    assert states(first + later) == ["submitted", "submitted"] and later[0].reference in page
    looked_at = page.split('name="looked_at" value="')[1].split('"')[0]
    assert client.post(f"{ACT}?which=found", data={"key": "k", "looked_at": looked_at}).status_code == 302
    assert states(first + later) == ["under_review", "under_review"]

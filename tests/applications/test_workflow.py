"""Who may do what in which state, and what stands in the way of submitting."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.applications import sign_off, submission
from app.applications.models import Application, ApplicationState
from app.applications.workflow import APPLICATION, shown_state
from app.core import clock
from app.core.authz import SYSTEM, Actor, Role
from app.core.db import db
from app.core.errors import DomainError, Forbidden, GuardsFailed, TransitionNotAllowed
from tests.factories.accounts import make_actor
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.decisions import decide

S = ApplicationState
DECIDING = {"adopt", "reserve", "decline"}
RELEASING = {"release_adopted", "release_reserve", "release_declined"}

# state: (host editor, host approver, coordinator, decision-maker, system)
EXPECTED: dict[ApplicationState, tuple[set[str], set[str], set[str], set[str], set[str]]] = {
    S.DRAFT: (set(), {"submit", "withdraw"}, set(), set(), set()),
    S.SUBMITTED: (set(), {"withdraw"}, {"return", "start_review"}, set(), set()),
    S.RETURNED: (set(), {"submit", "withdraw"}, set(), set(), set()),
    S.UNDER_REVIEW: (set(), {"withdraw"}, set(), DECIDING, set()),
    S.DECIDED: (set(), {"withdraw"}, set(), DECIDING | RELEASING, set()),
    S.ADOPTED: (set(), set(), set(), {"change_to_reserve", "change_to_declined"}, {"complete"}),
    S.RESERVE: (set(), set(), set(), {"promote", "change_to_adopted", "change_to_declined"}, set()),
    S.DECLINED: (set(), set(), set(), {"change_to_adopted", "change_to_reserve"}, set()),
    S.COMPLETED: (set(), set(), set(), set(), set()),
    S.WITHDRAWN: (set(), set(), set(), set(), set()),
}


def actors_for(application: Application) -> tuple[Actor, ...]:
    host = application.host_institution
    return (
        make_actor(Role.HOST_EDITOR, host),
        make_actor(Role.HOST_APPROVER, host),
        make_actor(Role.COORDINATOR),
        make_actor(Role.DECISION_MAKER),
        SYSTEM,
    )


@pytest.mark.parametrize("state", list(S))
def test_verbs_of_each_role_are_those_of_the_table(app: Flask, state: ApplicationState) -> None:
    application = make_application(state)
    if APPLICATION.is_editable(application):
        sign_off.sign(make_actor(Role.HOST_APPROVER, application.host_institution), application)
    for actor, expected in zip(actors_for(application), EXPECTED[state], strict=True):
        allowed = set()
        for step in APPLICATION.transitions:
            try:
                with db.session.begin_nested() as savepoint:
                    APPLICATION.fire(application, step.verb, actor, "A reason.")
                    savepoint.rollback()
                allowed.add(step.verb)
            except (Forbidden, TransitionNotAllowed):
                pass
            db.session.expire_all()
        assert allowed == expected


@pytest.mark.parametrize("state", list(S))
def test_other_institution_can_do_nothing(app: Flask, state: ApplicationState) -> None:
    application = make_application(state)
    stranger = make_actor(Role.HOST_APPROVER)
    for step in APPLICATION.transitions:
        with pytest.raises(Forbidden):
            APPLICATION.fire(application, step.verb, stranger, "A reason.")


def test_decided_plan_looks_like_one_under_review_from_outside() -> None:
    assert shown_state(S.DECIDED, inside=False) is APPLICATION.states[S.UNDER_REVIEW]
    assert shown_state(S.DECIDED, inside=True) is APPLICATION.states[S.DECIDED]


def test_complete_plan_can_be_submitted(app: Flask) -> None:
    assert submission.problems(make_application()) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"theme_en": ""}, "Enter the theme of the exchange."),
        ({"purpose": ""}, "Enter the purpose of the exchange."),
        ({"field_of_science": ""}, "Choose the field of science."),
        ({"expected_results": ""}, "Enter the expected results."),
        ({"people": []}, "Enter who is to come."),
        ({"budget": []}, "Enter the costs."),
        ({"safety": {}}, "Name the contact for emergencies."),
    ],
)
def test_what_every_plan_must_say_is_asked_for(app: Flask, change: dict[str, Any], sentence: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert sentence in map(str, submission.problems(make_application(**change)))


@pytest.mark.parametrize(
    ("change", "section", "label"),
    [
        ({"ends_on": date(2025, 8, 1)}, "itinerary", "Length of stay"),
        ({"starts_on": date(2025, 7, 24), "ends_on": date(2025, 7, 30)}, "itinerary", "Days for visits"),
        ({"principal_email": ""}, "overview", "Contact persons"),
        ({"online_if_impossible": False}, "safety", "Promise of an online replacement"),
    ],
)
def test_rules_that_must_hold_stop_the_submission_and_name_place_and_clause(
    app: Flask, change: dict[str, Any], section: str, label: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        found = submission.problems(make_application(**change))
        assert [str(problem).partition(":")[0] for problem in found] == [label]
        assert [problem.section for problem in found] == [section]
        assert found[0].clause and str(found[0]).endswith(f"({found[0].clause})")


def test_all_problems_come_at_once(app: Flask) -> None:
    application = make_application(complete=False)
    approver = make_actor(Role.HOST_APPROVER, application.host_institution)
    with pytest.raises(GuardsFailed) as refused:
        submission.submit(approver, application)
    assert len(refused.value.problems) > 10


CLOSING = datetime(2025, 4, 21, 8, 0, 0, tzinfo=clock.TOKYO).astimezone(clock.TOKYO)


def call_closing() -> Any:
    return make_call(opens_at=CLOSING - timedelta(days=30), closes_at=CLOSING)


@pytest.mark.parametrize(
    ("offset", "in_time"),
    [
        (timedelta(days=-30, seconds=-1), False),
        (timedelta(days=-30), True),
        (timedelta(seconds=-1), True),
        (timedelta(microseconds=-1), True),
        (timedelta(0), False),
        (timedelta(seconds=1), False),
    ],
)
def test_round_is_open_to_the_second(app: Flask, offset: timedelta, in_time: bool) -> None:
    application = make_application(call=call_closing())
    approver = make_actor(Role.HOST_APPROVER, application.host_institution)
    with time_machine.travel(CLOSING + offset, tick=False):
        if in_time:
            submission.submit(approver, application)
            assert application.state is S.SUBMITTED
            assert application.submitted_at == CLOSING + offset
        else:
            with pytest.raises(GuardsFailed):
                submission.submit(approver, application)


@pytest.mark.parametrize(
    ("now", "in_time"),
    [("2025-05-07T23:59:59+09:00", True), ("2025-05-08T00:00:00+09:00", False)],
)
def test_returned_plan_may_come_back_until_the_end_of_its_due_day_in_tokyo(app: Flask, now: str, in_time: bool) -> None:
    application = make_application(S.RETURNED, call=call_closing(), return_due_on=None)
    application.return_due_on = date(2025, 5, 7)
    number = application.reference
    approver = make_actor(Role.HOST_APPROVER, application.host_institution)
    with time_machine.travel(datetime.fromisoformat(now), tick=False):
        if in_time:
            submission.submit(approver, application)
            assert (application.state, application.reference) == (S.SUBMITTED, number)
            assert application.return_due_on is None
            held = {verdict["check_name"]: verdict["holds"] for verdict in application.verdicts}
            assert held["round_is_open"] is True
        else:
            with pytest.raises(GuardsFailed):
                submission.submit(approver, application)


def test_refusal_after_the_deadline_names_the_time_of_the_server(app: Flask) -> None:
    application = make_application(call=call_closing())
    with (
        app.test_request_context(headers={"Accept-Language": "en"}),
        time_machine.travel(CLOSING + timedelta(seconds=3), tick=False),
    ):
        assert [problem.text for problem in submission.problems(application)] == [
            "The round closed on 21 April 2025, 08:00:00 JST. It is now 21 April 2025, 08:00:03 JST."
        ]


def test_decision_on_a_plan_not_under_review_is_refused(app: Flask) -> None:
    application = make_application(S.SUBMITTED)
    with pytest.raises(DomainError):
        decide(application)

"""Where a round and a plan stand: drawn from days and counts; what is decided shows only once it is released."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from app.applications import round_queries, standing
from app.applications.models import ApplicationState
from app.calls import progress
from app.calls.models import Call
from app.calls.progress import Numbers
from app.core import clock
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call

S = ApplicationState
MANY = Numbers(received=40, unchecked=1)
CHECKED = Numbers(received=40)
SECOND = timedelta(seconds=1)


def call(**changes: Any) -> Call:
    values: dict[str, Any] = {
        "fiscal_year": 2025,
        "label": "1",
        "opens_at": clock.tokyo(date(2025, 3, 18)),
        "closes_at": clock.tokyo(date(2025, 4, 21)),
        "notice_on": date(2025, 6, 15),
        "visits_from": date(2025, 7, 25),
        "visits_until": date(2026, 3, 13),
        "is_draft": False,
    }
    return Call(**values | changes)


@pytest.fixture(autouse=True)
def english(app: Flask) -> Any:
    with force_locale("en"):
        yield


def now_at(found: Any) -> str:
    return next((stop.name for stop in found if stop.reach is progress.Reach.NOW), "")


def at(day: date) -> datetime:
    return clock.tokyo(day)


RELEASED = clock.tokyo(date(2025, 6, 16))


@pytest.mark.parametrize(
    ("numbers", "released", "instant", "step", "done"),
    [
        (Numbers(), None, call().opens_at - SECOND, "", 0),
        (Numbers(), None, call().opens_at, "open", 0),
        (Numbers(), None, call().closes_at - SECOND, "open", 0),
        (MANY, None, call().closes_at, "check", 2),
        (CHECKED, None, at(date(2025, 5, 1)), "review", 3),
        (CHECKED, None, at(date(2025, 9, 1)), "review", 3),  # however late the release is
        (Numbers(received=2), None, at(date(2025, 5, 1)), "check", 2),  # two plans: the line speaks of neither
        (CHECKED, RELEASED, at(date(2025, 6, 17)), "visits", 6),
        (CHECKED, RELEASED, at(date(2026, 3, 13)), "visits", 6),
        (CHECKED, RELEASED, at(date(2026, 3, 14)), "", 7),
    ],
)
def test_round_stands_where_its_days_and_its_release_put_it(
    numbers: Numbers, released: Any, instant: datetime, step: str, done: int
) -> None:
    found = progress.of_round(call(released_at=released), numbers, instant)
    assert now_at(found) == step
    assert sum(stop.reach is progress.Reach.DONE for stop in found) == done
    assert [stop.name for stop in found] == [name for name, _label in progress.ROUND]


def test_expected_day_that_passed_is_said_to_have(app: Flask) -> None:
    assert progress.results(call(), at(date(2025, 6, 15))) == ("Expected: 15 June 2025",)
    assert progress.results(call(), at(date(2025, 6, 16)))[1] == "The results are not released yet."
    assert progress.results(call(released_at=RELEASED), RELEASED)[1] == "Announced: 15 June 2025"


def test_decided_round_looks_like_an_undecided_one(app: Flask) -> None:
    rounds = {state: make_call(label) for label, state in (("1", S.UNDER_REVIEW), ("2", S.DECIDED))}
    for state, held in rounds.items():
        for _number in range(3):
            make_application(state, call=held)
    assert len({round_queries.numbers(held) for held in rounds.values()}) == 1


def test_numbers_count_what_was_submitted_and_is_known_to_be_adopted(app: Flask) -> None:
    held = make_call()
    for state in (S.DRAFT, S.SUBMITTED, S.RETURNED, S.ADOPTED, S.COMPLETED, S.DECLINED, S.DECIDED):
        make_application(state, call=held)
    assert round_queries.numbers(held) == Numbers(received=6, unchecked=2, adopted=2)


@pytest.mark.parametrize(
    ("state", "step", "length"),
    [
        (S.DRAFT, "writing", 6),
        (S.SUBMITTED, "check", 6),
        (S.RETURNED, "check", 6),
        (S.UNDER_REVIEW, "review", 6),
        (S.DECIDED, "review", 6),
        (S.RESERVE, "result", 6),
        (S.DECLINED, "result", 5),
        (S.ADOPTED, "visit", 6),
        (S.COMPLETED, "", 6),
        (S.WITHDRAWN, "withdrawn", 2),
    ],
)
def test_plan_stands_where_its_state_as_shown_puts_it(app: Flask, state: S, step: str, length: int) -> None:
    found = standing.of(make_application(state), clock.now())
    assert (now_at(found), len(found)) == (step, length)


@pytest.mark.parametrize("outcome", ["adopted", "reserve", "declined"])
def test_decided_plan_stands_exactly_where_one_under_review_does(app: Flask, outcome: str) -> None:
    plan, now = make_application(S.DECIDED, outcome=outcome), clock.now()
    decided = standing.of(plan, now)
    plan.state = S.UNDER_REVIEW
    with db.session.no_autoflush:
        assert standing.of(plan, now) == decided


def test_everybody_reads_where_a_round_stands(client: Client) -> None:
    held = make_call(closes_at=clock.now() - SECOND, opens_at=clock.now() - timedelta(days=9))
    for _number in range(3):
        make_application(S.SUBMITTED, call=held)
    page = client.get(f"/calls/{held.public_id}/status")
    text = page.get_data(as_text=True)
    assert page.status_code == 200 and text.count('aria-current="step"') == 1
    assert "plans received" in text and "plans adopted" not in text
    assert client.last.queries <= 6
    assert f"/calls/{held.public_id}/status" in client.get("/calls/public").get_data(as_text=True)


def test_open_round_tells_no_number_and_a_small_one_none_that_counts(client: Client) -> None:
    held = make_call()
    make_application(S.SUBMITTED, call=held)
    assert "plans received" not in client.get(f"/calls/{held.public_id}/status").get_data(as_text=True)
    held.closes_at = clock.now() - SECOND
    db.session.flush()
    assert "fewer than 3" in client.get(f"/calls/{held.public_id}/status").get_data(as_text=True)


def test_round_that_is_not_published_does_not_exist(client: Client) -> None:
    hidden = make_call(is_draft=True)
    assert client.get(f"/calls/{hidden.public_id}/status").status_code == 404


def test_own_plan_says_where_it_stands_and_leads_to_its_round(client: Client) -> None:
    plans = [make_application(S.UNDER_REVIEW)]
    plans.append(make_application(S.DECIDED, call=plans[0].call, host=plans[0].host_institution))
    sign_in(client, make_user("host_editor", plans[0].host_institution))
    for plan in plans:
        text = client.get(f"/applications/{plan.public_id}").get_data(as_text=True)
        drawn = text[text.index('<ol class="app-line"') :]
        assert 'aria-current="step"' in drawn[: drawn.index("</ol>")]
        assert "Where your plan stands" in text and f"/calls/{plan.call.public_id}/status" in text

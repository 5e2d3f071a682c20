"""What stands beside a plan: verdicts as frozen, what differs today, the host's history, who applies twice."""

from datetime import timedelta
from typing import Any

import pytest
from flask_babel import force_locale

from app.checking import past, queue_queries, repeats, since
from app.checking.queue_queries import Filters
from app.checking.since import Change
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.visits.models import VisitState
from tests.factories.accounts import make_actor
from tests.factories.calls import make_call
from tests.factories.checking import make_waiting
from tests.factories.directory import make_host, make_sending
from tests.factories.visits import make_visit


def test_rule_changed_after_the_submission_changes_nothing_and_is_told(app: Any) -> None:
    plan = make_waiting()
    head = next(rule for rule in plan.course.rules if rule.check_name == "head_count")
    stay = next(rule for rule in plan.course.rules if rule.check_name == "stay_length")
    frozen = [dict(verdict) for verdict in plan.verdicts]
    with force_locale("en"):
        assert since.submission(plan) == []
        head.limit = {**head.limit, "max_people": 2}
        stay.clause_en = "Guidelines, another page"
        db.session.flush()
        found = {difference.change for difference in since.submission(plan)}
        words = {difference.change: difference for difference in since.submission(plan)}[Change.WORDS]
    assert found == {Change.RESULT, Change.WORDS}
    assert "another page" in words.now and "another page" not in words.then
    assert plan.verdicts == frozen


def test_rules_that_came_or_went_are_told(app: Any) -> None:
    plan = make_waiting()
    kept = list(plan.verdicts)
    plan.verdicts = [{**kept[0], "rule": "gone-long-ago"}, *kept[1:]]
    with force_locale("en"):
        changes = [difference.change for difference in since.submission(plan)]
    assert changes == [Change.REMOVED, Change.ADDED]


def test_history_of_a_host_counts_what_later_stations_know(app: Any) -> None:
    host = make_host()
    year = clock.fiscal_year(clock.today())
    for state in (VisitState.COMPLETED, VisitState.COMPLETED, VisitState.CANCELLED):
        visit = make_visit(state, host=host)
        visit.fiscal_year = year
        visit.starts_on, visit.ends_on = clock.today() - timedelta(days=60), clock.today() - timedelta(days=54)
    make_visit(VisitState.COMPLETED, host=make_host())
    db.session.flush()
    with force_locale("en"):
        found = past.of(make_actor(Role.COORDINATOR), host, year)
    told = {str(fact.label): fact.number for fact in found.facts}
    assert (told["Visits completed"], told["Visits cancelled"], told["Reports late"]) == (2, 1, 2)
    assert told["Returns to Japan of people it invited"] == 0
    assert found.drawing is not None and found.drawing.rows[-1][1:3] == (2, 1)


def test_nothing_is_drawn_of_a_host_without_a_past(app: Any) -> None:
    with force_locale("en"):
        assert past.of(make_actor(Role.COORDINATOR), make_host(), 2025).drawing is None


@pytest.fixture
def three(app: Any) -> list[Any]:
    """Two plans of a host and a person in charge in two rounds of a year; one of another host with the same partner."""
    host, partner = make_host(), make_sending()
    first = make_waiting(call=make_call(), host=host, partners=[partner], principal_email="Sato@example.ac.jp")
    course = first.call.courses[0].course
    second = make_waiting(
        call=make_call(label="2", courses=[course]), host=host, partners=[], principal_email="sato@EXAMPLE.ac.jp"
    )
    third = make_waiting(call=first.call, host=make_host(), partners=[partner], principal_email="other@example.ac.jp")
    return [first, second, third]


def test_host_person_and_partner_are_counted_within_the_fiscal_year(three: list[Any]) -> None:
    first, second, third = three
    with force_locale("en"):
        found = {repeat.kind: repeat for repeat in repeats.of(make_actor(Role.COORDINATOR), first)}
    assert {kind: (repeat.number, [row.reference for row in repeat.plans]) for kind, repeat in found.items()} == {
        "Host institution": (2, [second.reference]),
        "Person in charge of the exchange": (2, [second.reference]),
        "Partner": (2, [third.reference]),
    }


def test_queue_finds_those_who_apply_twice(three: list[Any]) -> None:
    first, second, _third = three
    actor = make_actor(Role.COORDINATOR)
    rows = db.session.execute(queue_queries.queue(actor, Filters(found="repeated"))).all()
    assert {row.id for row in rows} == {first.id, second.id}
    assert queue_queries.repeated(rows) == {first.id: 1, second.id: 1}
    assert repeats.count_of_hosts(rows) == {first.id: 2, second.id: 2}

"""From the adopted plan to a completed visit: what the verbs do, and what they refuse."""

from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.applications.events import ApplicationAdopted
from app.applications.models import ActivityKind, Application, ApplicationState, ItineraryItem
from app.core import audit, authz, clock, events
from app.core.authz import SYSTEM, Role
from app.core.db import db
from app.core.errors import Forbidden, Refused, Stale, TransitionNotAllowed
from app.visits import service
from app.visits.events import VisitCompleted
from app.visits.models import Visit, VisitState
from tests.factories.accounts import make_actor
from tests.factories.visits import make_plan, make_visit

YEAR = 2026
ENTRY = date(2026, 10, 5)


def adopted(**fields: object) -> Application:
    plan = make_plan(fiscal_year=YEAR, starts_on=ENTRY, ends_on=ENTRY + timedelta(days=6), **fields)
    plan.itinerary = [
        ItineraryItem(day=1, kind=ActivityKind.ARRIVAL, title="Arrival at Kansai"),
        ItineraryItem(
            day=3, kind=ActivityKind.SPECIAL_LECTURE, title="Rivers", starts_at=time(9), ends_at=time(10, 30)
        ),
    ]
    db.session.flush()
    return plan


def test_adoption_makes_a_visit_of_the_plan(app: Flask) -> None:
    plan = adopted()
    visit = service.plan_from_adoption(ApplicationAdopted(plan, make_actor(Role.DECISION_MAKER)))
    assert visit.state is VisitState.PLANNED
    assert visit.reference.startswith("V2026-") and visit.fiscal_year == YEAR
    assert (visit.starts_on, visit.ends_on) == (ENTRY, ENTRY + timedelta(days=6))
    assert (visit.contact_name, visit.contact_phone) == ("Taro Suzuki", "075-000-0000")
    assert [(item.on, item.title) for item in visit.schedule] == [
        (ENTRY, "Arrival at Kansai"),
        (ENTRY + timedelta(days=2), "Rivers"),
    ]
    assert audit.timeline(visit)[0].who == SYSTEM.name


def test_adoption_heard_twice_makes_one_visit(app: Flask) -> None:
    fact = ApplicationAdopted(adopted(), make_actor(Role.DECISION_MAKER))
    assert service.plan_from_adoption(fact) is service.plan_from_adoption(fact)
    assert len(db.session.scalars(select(Visit).where(Visit.application_id == fact.application.id)).all()) == 1


def test_numbers_of_visits_are_consecutive_within_a_year(app: Flask) -> None:
    visits = [service.plan_from_adoption(ApplicationAdopted(adopted(), SYSTEM)) for _number in range(2)]
    first, second = (int(visit.reference.rpartition("-")[2]) for visit in visits)
    assert second == first + 1


def test_new_dates_take_the_schedule_along(app: Flask) -> None:
    visit = service.plan_from_adoption(ApplicationAdopted(adopted(), SYSTEM))
    actor = make_actor(Role.HOST_EDITOR, visit.host_institution)
    service.set_dates(actor, visit, starts_on=date(2026, 11, 9), ends_on=date(2026, 11, 15))
    assert [item.on for item in visit.schedule] == [date(2026, 11, 9), date(2026, 11, 11)]
    assert visit.calendar_sequence == 1


def test_dates_taken_away_and_set_again_keep_the_days_of_the_plan(app: Flask) -> None:
    visit = service.plan_from_adoption(ApplicationAdopted(adopted(), SYSTEM))
    actor = make_actor(Role.HOST_EDITOR, visit.host_institution)
    service.set_dates(actor, visit, starts_on=None, ends_on=None)
    service.set_dates(actor, visit, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 7))
    assert [item.on for item in visit.schedule] == [date(2026, 12, 1), date(2026, 12, 3)]


def test_plan_adopted_without_days_gets_its_itinerary_with_the_dates(app: Flask) -> None:
    plan = adopted()
    plan.starts_on = plan.ends_on = None
    visit = service.plan_from_adoption(ApplicationAdopted(plan, SYSTEM))
    assert visit.schedule == []
    actor = make_actor(Role.HOST_EDITOR, visit.host_institution)
    service.set_dates(actor, visit, starts_on=ENTRY, ends_on=ENTRY + timedelta(days=6))
    assert [item.on for item in visit.schedule] == [ENTRY, ENTRY + timedelta(days=2)]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "field"),
    [
        (date(2026, 10, 9), date(2026, 10, 8), "ends_on"),
        (date(2026, 10, 9), None, "ends_on"),
        (None, date(2026, 10, 9), "starts_on"),
        (date(2026, 3, 30), date(2026, 4, 2), "starts_on"),  # before the window of the round
        (date(2027, 3, 29), date(2027, 4, 2), "starts_on"),  # behind it
        (date(2026, 10, 5), date(2026, 10, 30), "ends_on"),  # longer than course A allows
    ],
)
def test_dates_against_the_rules_are_refused_beside_the_field(
    app: Flask, starts_on: date | None, ends_on: date | None, field: str
) -> None:
    visit = make_visit(plan=adopted(), starts_on=ENTRY)
    with pytest.raises(Refused) as refused:
        service.set_dates(
            make_actor(Role.HOST_EDITOR, visit.host_institution), visit, starts_on=starts_on, ends_on=ends_on
        )
    assert list(refused.value.fields) == [field]
    assert visit.starts_on == ENTRY


def test_holidays_and_other_visits_of_the_host_are_hints_and_no_refusal(app: Flask) -> None:
    visit = make_visit(plan=adopted(), starts_on=ENTRY)
    other = make_visit(host=visit.host_institution, starts_on=date(2026, 10, 12), fiscal_year=YEAR)
    make_visit(starts_on=date(2026, 10, 12), fiscal_year=YEAR)  # of somebody else
    actor = make_actor(Role.HOST_EDITOR, visit.host_institution)
    reading = service.set_dates(actor, visit, starts_on=date(2026, 10, 10), ends_on=date(2026, 10, 14))
    assert sum(other.reference in hint for hint in reading.hints) == 1
    assert any("12" in hint and "Sports" in hint or "スポーツ" in hint for hint in reading.hints)
    assert len(reading.hints) == 2


def test_dates_of_a_confirmed_visit_stand(app: Flask) -> None:
    visit = make_visit(VisitState.CONFIRMED)
    with pytest.raises(TransitionNotAllowed):
        service.set_dates(make_actor(Role.HOST_EDITOR, visit.host_institution), visit, starts_on=None, ends_on=None)


def test_dates_set_from_an_outdated_page_are_refused(app: Flask) -> None:
    visit = make_visit()
    with pytest.raises(Stale):
        service.set_dates(
            make_actor(Role.HOST_EDITOR, visit.host_institution),
            visit,
            starts_on=None,
            ends_on=None,
            version=visit.version - 1,
        )


def test_jst_does_not_set_the_dates_of_a_host(app: Flask) -> None:
    with pytest.raises(Forbidden):
        service.set_dates(make_actor(Role.COORDINATOR), make_visit(), starts_on=None, ends_on=None)


def test_details_are_not_changed_once_the_visit_is_over(app: Flask) -> None:
    visit = make_visit(VisitState.REPORTED)
    with pytest.raises(TransitionNotAllowed):
        service.describe(make_actor(Role.HOST_EDITOR, visit.host_institution), visit, lodging="Elsewhere")


@pytest.mark.parametrize("verb", ["arrive", "report", "complete", "return_report", "explode"])
def test_verbs_of_other_pages_cannot_be_sent_to_this_one(app: Flask, verb: str) -> None:
    visit = make_visit(VisitState.REPORTED)
    with pytest.raises(TransitionNotAllowed):
        service.transition(make_actor(Role.COORDINATOR), visit, verb)


def test_completed_visit_completes_its_plan_and_is_announced(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[VisitCompleted] = []
    monkeypatch.setitem(events._listeners, VisitCompleted, [heard.append])
    visit, actor = make_visit(VisitState.REPORTED), make_actor(Role.COORDINATOR)
    service.complete(actor, visit)
    assert visit.state is VisitState.COMPLETED and visit.completed_at is not None
    assert visit.application.state is ApplicationState.COMPLETED
    assert heard == [VisitCompleted(visit, actor)]


def test_day_of_entry_begins_a_confirmed_visit_by_itself(app: Flask) -> None:
    today = make_visit(VisitState.CONFIRMED, starts_on=clock.today())
    tomorrow = make_visit(VisitState.CONFIRMED, starts_on=clock.today() + timedelta(days=1))
    planned = make_visit(VisitState.PLANNED, starts_on=clock.today())
    assert service.advance_by_calendar() == 1
    assert [visit.state.value for visit in (today, tomorrow, planned)] == ["in_progress", "confirmed", "planned"]
    assert service.advance_by_calendar() == 0


def test_visits_are_seen_by_their_host_and_by_jst(app: Flask) -> None:
    visit = make_visit()
    own, other = make_actor(Role.HOST_EDITOR, visit.host_institution), make_actor(Role.HOST_EDITOR)
    assert authz.can(own, "visit:view", visit) and authz.can(make_actor(Role.AUDITOR), "visit:view", visit)
    assert not authz.can(other, "visit:view", visit) and not authz.can(make_actor(Role.REVIEWER), "visit:view", visit)

"""What counts, for which year and from which day: figures equal counting by hand."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.alumni.models import RevisitKind
from app.core import clock
from app.core.db import db
from app.directory.models import HostInstitution, SendingOrganization
from app.insight import queries
from app.insight.models import CumulativeFigure, RevisitDay, RevisitFigure, VisitorDay, VisitorFigure
from app.insight.question import Question
from app.visits.models import VisitState
from tests.factories.calls import make_course
from tests.factories.directory import make_host, make_sending
from tests.factories.insight import make_figures, make_group, make_return

pytestmark = pytest.mark.usefixtures("app")
EVERYTHING = Question()


@contextmanager
def aside() -> Iterator[None]:
    """What is written inside is gone afterwards: each example of a property begins with an empty programme."""
    nested = db.session.begin_nested()
    try:
        yield
    finally:
        nested.rollback()
        db.session.expunge_all()


def people(question: Question = EVERYTHING, by: str = "country") -> dict[object, int]:
    return {key: count.people for key, count in queries.visitors(question, [by])[by].items()}


def whole(question: Question = EVERYTHING) -> queries.Totals:
    return queries.totals(question, queries.returns(question))


def test_people_count_from_the_day_the_visit_begins() -> None:
    entry = clock.today() - timedelta(days=2)
    for state in VisitState:
        make_group(entry, ["NP"], state=state, took_part=None)
    make_figures()
    assert whole().invitees == 3, "in progress, reported and completed count; planned, confirmed and cancelled do not"


def test_who_did_not_take_part_is_not_counted() -> None:
    make_group(date(2025, 7, 1), ["NP", "NP"])
    make_group(date(2025, 7, 1), ["NP"], took_part=False)
    make_figures()
    assert whole().invitees == 2


def test_online_exchange_brings_nobody_to_japan() -> None:
    make_group(date(2025, 7, 1), ["NP"], course=make_course("online"))
    make_figures()
    assert whole() == queries.Totals()


@pytest.mark.parametrize(
    ("entry", "year"), [(date(2025, 3, 31), 2024), (date(2025, 4, 1), 2025), (date(2026, 1, 9), 2025)]
)
def test_fiscal_year_is_that_of_the_day_of_entry(entry: date, year: int) -> None:
    make_group(entry, ["NP"])
    make_figures()
    assert people(by="fiscal_year") == {year: 1}


def test_supervisors_are_counted_apart() -> None:
    make_group(date(2025, 7, 1), ["IN", "IN", "IN"], supervisors=1)
    make_figures()
    assert (whole().invitees, whole().supervisors) == (2, 1)


def test_person_counts_once_for_each_kind_of_return() -> None:
    part = make_group(date(2023, 7, 1)).participations[0]
    make_return(part, date(2024, 4, 1), RevisitKind.STUDY)
    make_return(part, date(2025, 4, 1), RevisitKind.STUDY)
    make_return(part, date(2026, 4, 1), RevisitKind.EMPLOYMENT)
    make_return(part, date(2026, 5, 1), RevisitKind.CONFERENCE, verified=False)
    make_figures()
    found = whole()
    assert (found.revisits, found.returned, found.revisitors) == (3, 2, 1)
    assert {(row.fiscal_year, row.kind): row.people for row in queries.returns(Question())} == {
        (2024, "study"): 1,
        (2025, "study"): 0,
        (2026, "employment"): 1,
    }


def test_return_belongs_to_the_host_of_the_first_visit() -> None:
    first, second = make_host(), make_host()
    later = make_group(date(2024, 7, 1), host=second).participations[0]
    earlier = make_group(date(2022, 7, 1), [], host=first)
    from_first = make_group(date(2022, 8, 1), host=first).participations[0]
    from_first.invitee_id, from_first.visit_id = later.invitee_id, earlier.id
    db.session.flush()
    make_return(later, date(2025, 4, 1))
    make_figures()
    assert whole(Question(hosts=(first.id,))).revisitors == 1
    assert whole(Question(hosts=(second.id,))).revisitors == 0


def test_nothing_after_the_day_of_the_summary_counts() -> None:
    part = make_group(clock.today() - timedelta(days=1)).participations[0]
    make_return(part, clock.today() + timedelta(days=1))
    make_figures()
    assert whole().returned == 0


def test_figures_can_be_made_again_with_the_same_result() -> None:
    part = make_group(date(2025, 7, 1), ["NP", "IN"]).participations[0]
    make_return(part, date(2026, 4, 1))
    tables = (VisitorDay, VisitorFigure, RevisitDay, RevisitFigure, CumulativeFigure)

    def rows() -> list[object]:
        names = [[column for column in table.__table__.columns if column.key != "id"] for table in tables]
        return [sorted(db.session.execute(select(*columns)).all()) for columns in names]

    make_figures()
    before = rows()
    make_figures()
    assert rows() == before


@dataclass(frozen=True)
class Fact:
    """One person's part in a visit, as a person would write it down to count by hand."""

    entry: date
    country: str
    host: int
    sending: int
    is_supervisor: bool


LANDS = ["NP", "IN", "VN", "KE"]


def random_programme(seed: int, hosts: list[HostInstitution], senders: list[SendingOrganization]) -> list[Fact]:
    """A made-up programme in the database, and the same as a list of facts."""
    chance = random.Random(seed)
    facts = []
    for _visit in range(chance.randint(0, 6)):
        entry = date(2022, 5, 1) + timedelta(days=chance.randint(0, 1400))
        host, sending = chance.choice(hosts), chance.choice([*senders, None])
        lands = [chance.choice(LANDS) for _person in range(chance.randint(1, 5))]
        supervisors = chance.randint(0, 1)
        made = make_group(entry, lands, host=host, sending=sending, supervisors=supervisors)
        facts += [
            Fact(entry, land, host.id, sending.id if sending else 0, place < supervisors)
            for place, land in enumerate(lands)
        ]
        if chance.random() < 0.5:
            make_return(made.participations[0], entry + timedelta(days=300), chance.choice(list(RevisitKind)))
    return facts


def by_hand(facts: list[Fact]) -> tuple[int, int, int, int, int]:
    return (
        sum(not fact.is_supervisor for fact in facts),
        sum(fact.is_supervisor for fact in facts),
        len({fact.sending for fact in facts} - {0}),
        len({fact.host for fact in facts}),
        len({fact.country for fact in facts}),
    )


def figures_of(found: queries.Totals) -> tuple[int, int, int, int, int]:
    return (
        found.invitees,
        found.supervisors,
        found.sending_organizations,
        found.host_institutions,
        found.countries,
    )


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32 - 1))
@example(seed=0)
def test_figures_equal_counting_by_hand(app: Flask, seed: int) -> None:
    with aside():
        check_against_hand(seed)


def check_against_hand(seed: int) -> None:
    hosts, senders = [make_host() for _ in range(3)], [make_sending() for _ in range(3)]
    facts = random_programme(seed, hosts, senders)
    make_figures()
    chance = random.Random(seed)
    for _question in range(8):
        question = Question(
            fiscal_year=chance.choice([None, 2022, 2023, 2024]),
            countries=chance.choice([(), ("NP",), ("IN", "VN")]),
            hosts=chance.choice([(), (hosts[0].id,), (hosts[0].id, hosts[1].id)]),
            courses=chance.choice([(), ("A",), ("A", "B")]),
            as_of=chance.choice([None, date(2023, 3, 31), date(2024, 9, 15)]),
        )
        fitting = [fact for fact in facts if fits(fact, question)]
        assert figures_of(whole(question)) == by_hand(fitting), question
        for name, key in (("country", "country"), ("host_institution_id", "host")):
            counted: dict[object, int] = {}
            for fact in fitting:
                counted[getattr(fact, key)] = counted.get(getattr(fact, key), 0) + 1
            assert people(question, name) == counted, (question, name)


def fits(fact: Fact, question: Question) -> bool:
    return (
        (question.fiscal_year is None or clock.fiscal_year(fact.entry) == question.fiscal_year)
        and (not question.countries or fact.country in question.countries)
        and (not question.hosts or fact.host in question.hosts)
        and (question.as_of is None or fact.entry <= question.as_of)
    )


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32 - 1))
def test_figure_as_of_any_date_is_what_was_there_on_that_date(app: Flask, seed: int) -> None:
    with aside():
        check_as_of(seed)


def check_as_of(seed: int) -> None:
    facts = random_programme(seed, [make_host() for _ in range(2)], [make_sending() for _ in range(2)])
    make_figures()
    days = {fact.entry for fact in facts} | {date(2022, 1, 1), date(2026, 3, 31)}
    for day in sorted(days | {day - timedelta(days=1) for day in days}):
        assert figures_of(whole(Question(as_of=day))) == by_hand([fact for fact in facts if fact.entry <= day])
        found = whole(Question(as_of=day))
        # The quick look at the totals and the way through the days must say the same.
        assert (found.returned, found.revisitors) == (queries.as_of(day).returned, queries.as_of(day).revisitors)


def test_figure_as_of_a_date_stays_when_later_visits_are_added() -> None:
    make_group(date(2025, 3, 20), ["NP", "IN"])
    make_figures()
    before = whole(Question(as_of=date(2025, 3, 31)))
    make_group(date(2025, 9, 1), ["VN"])
    make_figures()
    assert whole(Question(as_of=date(2025, 3, 31))) == before
    assert whole().invitees == 3

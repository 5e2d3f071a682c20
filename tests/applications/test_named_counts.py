"""Numbers and names held against one another, and what the rules then see."""

from datetime import date
from types import SimpleNamespace as Row

import pytest

from app.applications import named_counts
from app.applications.models import ParticipantRole
from app.calls.checks_people import age_limit, head_count
from app.calls.facts import PeopleFacts, PlanFacts
from app.invitees.models import Category

INVITEE, SUPERVISOR = ParticipantRole.INVITEE, ParticipantRole.SUPERVISOR
ENTRY = date(2026, 9, 1)
YOUNG, OLD = date(2004, 5, 6), date(1980, 1, 1)
LIMIT = {"max_age": 40, "inclusive": True}


def student(**fields: object) -> PeopleFacts:
    return PeopleFacts(**{"category": "master", "born": YOUNG, **fields})  # type: ignore[arg-type]


def test_name_takes_the_place_of_a_number_of_its_kind() -> None:
    groups = [PeopleFacts("master", number=3, partner=0), PeopleFacts("doctor", number=2, partner=1)]
    named = [student(category="doctor", partner=1), student(partner=0)]
    seen = named_counts.facts_of(groups, named)
    assert [(people.category, people.number, people.born) for people in seen] == [
        ("doctor", 1, YOUNG),
        ("master", 1, YOUNG),
        ("master", 2, None),
        ("doctor", 1, None),
    ]


def test_what_a_person_does_not_say_its_group_says() -> None:
    (seen,) = named_counts.facts_of([PeopleFacts("master", partner=2)], [PeopleFacts("", born=YOUNG)])
    assert (seen.category, seen.partner, seen.born) == ("master", 2, YOUNG)


@pytest.mark.parametrize(
    ("named", "heads"),
    [
        ([], 3),
        ([student(category="teacher")], 3),  # another kind than the numbers say: still one of the three
        ([student(is_supervisor=True)], 3),
        ([student()] * 3, 3),
        ([student()] * 4, 4),  # more names than numbers: the plan is as large as its names
    ],
)
def test_plan_is_as_large_as_its_numbers_or_its_names_whichever_is_more(named: list[PeopleFacts], heads: int) -> None:
    seen = named_counts.facts_of([PeopleFacts("master", number=3)], named)
    assert sum(people.number for people in seen) == heads
    assert head_count(PlanFacts(people=seen), {"max_people": heads}).holds is True
    assert head_count(PlanFacts(people=seen), {"max_people": heads - 1}).holds is False


def test_age_is_judged_of_those_whose_birth_is_known() -> None:
    def judged(*named: PeopleFacts) -> bool | None:
        people = named_counts.facts_of([PeopleFacts("master", number=2)], named)
        return age_limit(PlanFacts(people=people, starts_on=ENTRY), LIMIT).holds

    assert judged() is None
    assert judged(student()) is None
    assert judged(student(born=OLD)) is False  # one too old is known now, whoever else comes
    assert judged(student(), student()) is True
    assert judged(student(), student(born=None)) is None


def test_lines_show_where_numbers_and_names_differ() -> None:
    here, there = Row(id=1), Row(id=2)
    plan = Row(
        partners=[here, there],
        people=[
            Row(partner=here, category=Category.MASTER, role=INVITEE, number=2),
            Row(partner=there, category=Category.DOCTOR, role=INVITEE, number=1),
        ],
        named=[
            Row(partner=here, category=Category.MASTER, role=INVITEE, first_visit=True),
            Row(partner=here, category=Category.MASTER, role=INVITEE, first_visit=True),
            Row(partner=None, category=Category.TEACHER, role=SUPERVISOR, first_visit=False),
        ],
    )
    lines = named_counts.lines(plan)
    assert [(line.partner, line.number, line.named, line.differs) for line in lines] == [
        (here, 2, 2, False),
        (there, 1, 0, True),
        (None, 0, 1, True),
    ]
    assert [(row["partner"], row["number"], row["first_visit"]) for row in named_counts.as_numbers(plan)] == [
        ("1", 2, True),
        ("", 1, False),
    ]

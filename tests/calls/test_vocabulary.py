"""Words that calls names for later stations are those stations' own."""

from app.applications.models import ActivityKind, BudgetKind
from app.calls.checks import CHECKS, Kind, read_limit
from app.calls.models import CourseCode
from app.calls.vocabulary import ACTIVITIES, CATEGORIES, COSTS, COURSES
from app.invitees.models import Category


def test_categories_are_those_of_invitees() -> None:
    assert {key: str(label) for key, label in CATEGORIES.items()} == {c.value: str(c.label) for c in Category}


def test_activities_and_costs_are_those_of_applications() -> None:
    assert {key: str(label) for key, label in ACTIVITIES.items()} == {a.value: str(a.label) for a in ActivityKind}
    assert {key: str(label) for key, label in COSTS.items()} == {b.value: str(b.label) for b in BudgetKind}


def test_limits_are_read_in_the_types_of_their_check() -> None:
    cleaned, problems = read_limit(CHECKS["stay_length"], {"max_days": 7, "extra_days": None, "other": 1})
    assert (cleaned, problems) == ({"max_days": 7}, {})


def test_limits_out_of_range_or_unknown_are_refused() -> None:
    for name, limit in (
        ("stay_length", {"max_days": 0}),
        ("stay_length", {}),
        ("head_count", {"max_people": "8"}),
        ("partner_countries", {"countries": ["IN", "Atlantis"]}),
        ("allowed_categories", {"categories": ["wizard"]}),
    ):
        assert read_limit(CHECKS[name], limit)[1], name


def test_optional_parameters_are_optional() -> None:
    for check in CHECKS.values():
        for parameter in check.parameters:
            if parameter.kind is Kind.BOOLEAN:
                assert parameter.words[0] and parameter.words[1]


def test_courses_of_the_steps_are_the_programmes() -> None:
    assert COURSES.keys() == set(CourseCode)

"""Criteria are data of a year's course: seeded, begun from last year's, changed until scoring begins."""

from typing import Any

import pytest

from app.calls.models import Course
from app.core.audit import AuditEvent
from app.core.db import db
from app.core.errors import Forbidden, Refused, Stale, TransitionNotAllowed
from app.reviews import criteria_queries, criteria_seed, criteria_service
from app.reviews.criteria_forms import stored
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call, make_course
from tests.factories.reviews import make_assignment, make_criteria, make_review, make_review_plan

KEYS = ["purpose", "exchange", "sending", "continuity", "feasibility", "cost"]


def words(**fields: Any) -> dict[str, Any]:
    """What a form of a criterion gives its verb."""
    anchors = {str(mark): {"ja": f"{mark} (in Japanese)", "en": f"Mark {mark}"} for mark in range(1, 6)}
    given = {"label_ja": "Openness (in Japanese)", "label_en": "Openness", "help_ja": "", "help_en": ""}
    return {**given, "weight": 2, "anchors": anchors, **fields}


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
@pytest.mark.parametrize("code", ["A", "B", "C", "D"])
def test_every_known_criterion_anchors_each_mark_in_both_languages(year: int, code: str) -> None:
    found = criteria_seed.criteria_for(Course(id=1, fiscal_year=year, code=code))
    assert [criterion.key for criterion in found] == KEYS
    for criterion in found:
        assert criterion.weight > 0 and criterion.label_ja and criterion.label_en
        assert sorted(criterion.anchors) == ["1", "2", "3", "4", "5"]
        assert all(said["ja"] and said["en"] for said in criterion.anchors.values())


def test_weights_differ_between_courses() -> None:
    course_a, course_b = (Course(id=1, fiscal_year=2025, code=code) for code in "AB")
    weights = [{c.key: c.weight for c in criteria_seed.criteria_for(course)} for course in (course_a, course_b)]
    assert weights[0] != weights[1]


@pytest.mark.usefixtures("app")
class TestVerbs:
    def test_seeding_enters_what_is_missing_once(self) -> None:
        course = make_course("A", 2025)
        assert criteria_service.seed() == len(KEYS)
        assert criteria_service.seed() == 0
        assert [criterion.key for criterion in criteria_queries.of_course(course.id)] == KEYS

    def test_a_year_begins_from_the_one_before_and_keeps_what_it_has(self) -> None:
        actor, last, this = make_actor("coordinator"), make_course("A", 2024), make_course("A", 2025)
        make_criteria(last)[0].weight = 7
        own = criteria_service.add(actor, this, **words())
        assert criteria_queries.earlier(this) == [last]
        assert criteria_service.begin_from(actor, this, last) == len(KEYS)
        held = {criterion.key: criterion.weight for criterion in criteria_queries.of_course(this.id)}
        assert held[own.key] == 2 and held["purpose"] == 7
        with pytest.raises(Refused) as refusal:
            criteria_service.begin_from(actor, this, last)
        assert "from_year" in refusal.value.fields

    def test_a_change_stands_in_the_history_with_before_and_after(self) -> None:
        criterion = make_criteria(make_course())[0]
        criteria_service.change(make_actor("coordinator"), criterion, version=criterion.version, weight=9)
        entry = db.session.query(AuditEvent).filter_by(verb="criterion:edit", subject_id=criterion.id).one()
        assert entry.changes == {"weight": [3, 9]}

    def test_an_outdated_form_changes_nothing(self) -> None:
        criterion = make_criteria(make_course())[0]
        with pytest.raises(Stale):
            criteria_service.change(make_actor("coordinator"), criterion, version=criterion.version - 1, weight=9)
        assert criterion.weight == 3

    def test_weights_cannot_all_be_nought(self) -> None:
        actor, (first, *others) = make_actor("coordinator"), make_criteria(make_course())
        for criterion in others:
            criteria_service.change(actor, criterion, version=criterion.version, weight=0)
        with pytest.raises(Refused):
            criteria_service.change(actor, first, version=first.version, weight=0)
        with pytest.raises(Refused):
            criteria_service.remove(actor, first, version=first.version)

    def test_what_was_marked_is_not_removed(self) -> None:
        plan = make_application("under_review")
        make_review(make_assignment(plan), "draft")
        criterion = make_criteria(plan.course)[0]
        with pytest.raises(Refused):
            criteria_service.remove(make_actor("coordinator"), criterion, version=criterion.version)

    @pytest.mark.parametrize(("phase", "may"), [("before", True), ("scoring", False), ("closed", False)])
    def test_criteria_are_fixed_once_scoring_begins(self, phase: str, may: bool) -> None:
        course = make_course()
        criterion = make_criteria(course)[0]
        make_review_plan(make_call(courses=[course]), phase)
        actor = make_actor("coordinator")
        for verb in (
            lambda: criteria_service.add(actor, course, **words()),
            lambda: criteria_service.change(actor, criterion, version=criterion.version, weight=5),
            lambda: criteria_service.remove(actor, criterion, version=criterion.version),
        ):
            if may:
                verb()
            else:
                with pytest.raises(TransitionNotAllowed):
                    verb()

    @pytest.mark.parametrize("role", ["decision_maker", "reviewer", "host_approver", "administrator"])
    def test_only_coordinators_change_them(self, role: str) -> None:
        with pytest.raises(Forbidden):
            criteria_service.add(make_actor(role), make_course(), **words())


class TestPages:
    def test_a_coordinator_changes_a_criterion_and_is_told_of_another_s_change(self, client: Client) -> None:
        course = make_course()
        criterion = make_criteria(course)[0]
        sign_in(client, make_user("coordinator"))
        address = f"/reviews/courses/{course.public_id}/criteria/{criterion.key}"
        typed = {**stored(criterion), "version": criterion.version, "weight": "8"}
        assert client.post(address, data=typed).status_code == 302
        typed["label_en"] = "Purpose, typed by the second"
        answer = client.post(address, data=typed)
        assert answer.status_code == 409
        assert "Purpose, typed by the second" in answer.text and "Somebody else changed this" in answer.text

    def test_a_mark_without_meaning_is_refused_beside_its_field(self, client: Client) -> None:
        course = make_course()
        criterion = make_criteria(course)[0]
        sign_in(client, make_user("coordinator"))
        typed = {**stored(criterion), "version": criterion.version, "anchor_3_ja": ""}
        answer = client.post(f"/reviews/courses/{course.public_id}/criteria/{criterion.key}", data=typed)
        assert answer.status_code == 422 and "Say what this mark means." in answer.text

    def test_pages_are_read_with_few_queries_and_show_the_history(self, client: Client) -> None:
        course = make_course()
        criteria_service.seed()
        sign_in(client, make_user("coordinator"))
        for path in ("/reviews/criteria", f"/reviews/courses/{course.public_id}/criteria"):
            assert client.get(path).status_code == 200
            assert client.last.queries <= 8, path
        assert "set up" in client.get(f"/reviews/courses/{course.public_id}/criteria/history").text

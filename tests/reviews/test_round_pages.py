"""The coordinator's round: phases set, plans ranked and drawn, experts reminded, scores taken away with a reason."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from app.accounts.models import User, UserSession
from app.core import clock
from app.core.audit import AuditEvent
from app.core.db import db
from app.core.errors import Forbidden, Refused, Stale
from app.core.outbox import OutboxMessage
from app.reviews import reminding, round_queries, round_scores, round_service
from app.reviews.vocabulary import AssignmentState
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.reviews import (
    make_assignment,
    make_conflict,
    make_criteria,
    make_discussion,
    make_review,
    make_review_plan,
    make_reviewer,
)

DAY = timedelta(days=1)


def dates(call: Any, **fields: Any) -> dict[str, Any]:
    begins = call.closes_at + DAY
    given = {"scoring_from": begins, "scoring_until": begins + 7 * DAY, "discussion_until": begins + 9 * DAY}
    return {"version": None, "per_plan": 3, **given, **fields}


@pytest.mark.usefixtures("app")
class TestPhases:
    def test_a_coordinator_sets_them_and_the_log_says_so(self) -> None:
        call = make_call()
        make_criteria(call.courses[0].course)
        actor = make_actor("coordinator")
        plan = round_service.set_phases(actor, call, **dates(call))
        assert db.session.query(AuditEvent).filter_by(verb="review_plan:set", subject_id=plan.id).count() == 1
        with pytest.raises(Stale):
            round_service.set_phases(actor, call, **dates(call))

    def test_what_is_wrong_is_said_beside_its_field(self) -> None:
        call = make_call()
        early, actor = call.closes_at - DAY, make_actor("coordinator")
        with pytest.raises(Refused) as refusal:
            round_service.set_phases(
                actor, call, **dates(call, scoring_from=early, scoring_until=early, discussion_until=early)
            )
        assert set(refusal.value.fields) == {"", "scoring_from_on", "scoring_until_on", "discussion_until_on"}

    def test_the_beginning_stays_once_scoring_has_begun_but_its_end_can_be_moved(self) -> None:
        now = clock.now()
        call = make_call(opens_at=now - 40 * DAY, closes_at=now - 20 * DAY)
        make_criteria(call.courses[0].course)
        plan, actor = make_review_plan(call, "scoring"), make_actor("coordinator")
        kept = {"scoring_from": plan.scoring_from, "scoring_until": plan.scoring_until + DAY}
        round_service.set_phases(actor, call, **dates(call, version=plan.version, discussion_until=None, **kept))
        with pytest.raises(Refused) as refusal:
            kept["scoring_from"] = now + DAY
            round_service.set_phases(actor, call, **dates(call, version=plan.version, discussion_until=None, **kept))
        assert list(refusal.value.fields) == ["scoring_from_on"]

    def test_a_round_of_discussion_lies_inside_the_discussion(self) -> None:
        call = make_call()
        plan, actor = make_review_plan(call, "before"), make_actor("coordinator")
        names = {"name_ja": "Panel (in Japanese)", "name_en": "Panel"}
        inside = {"opens_at": plan.scoring_until, "closes_at": plan.discussion_until}
        round_service.add_discussion(actor, call, **names, **inside)
        for outside in ({"opens_at": plan.scoring_until - DAY}, {"closes_at": plan.discussion_until + DAY}):
            with pytest.raises(Refused):
                round_service.add_discussion(actor, call, **names, **{**inside, **outside})

    @pytest.mark.parametrize("role", ["decision_maker", "reviewer", "host_approver"])
    def test_nobody_else_sets_them(self, role: str) -> None:
        call = make_call()
        with pytest.raises(Forbidden):
            round_service.set_phases(make_actor(role), call, **dates(call))

    def test_the_form_speaks_tokyo_s_clock(self, client: Client) -> None:
        call = make_call()
        make_criteria(call.courses[0].course)
        sign_in(client, make_user("coordinator"))
        day = clock.in_tokyo(call.closes_at).date() + DAY
        typed = {
            "per_plan": "3",
            "scoring_from_on": day.isoformat(),
            "scoring_from_at": "09:00",
            "scoring_until_on": (day + 7 * DAY).isoformat(),
            "scoring_until_at": "17:00",
            "version": "",
        }
        assert client.post(f"/reviews/rounds/{call.public_id}/phases", data=typed).status_code == 302
        plan = round_queries.plan_of(call.id)
        assert plan is not None and clock.in_tokyo(plan.scoring_until).hour == 17 and plan.discussion_until is None
        answer = client.post(f"/reviews/rounds/{call.public_id}/phases", data={**typed, "per_plan": "4"})
        assert answer.status_code == 409 and "Somebody else changed this" in answer.text


def scored(client: Client) -> Any:
    """A round with three plans, four experts each but for one set aside, one draft and one abstention."""
    call = make_call()
    make_review_plan(call, "scoring")
    experts = [make_reviewer(name_en=f"Expert {number}") for number in range(4)]
    for place, marks in enumerate([(5, 5, 5, 1), (3, 3, 3, 3), (2, 2, 2, 2)]):
        plan = make_application("under_review", call=call, theme_en=f"Theme {place}")
        for expert, mark in zip(experts, marks, strict=True):
            make_review(make_assignment(plan, expert), mark=mark, for_panel=f"={mark}+1")
    last = make_application("under_review", call=call, theme_en="Theme of drafts")
    make_review(make_assignment(last, experts[0]), "draft", mark=5)
    make_review(make_assignment(last, experts[1]), "abstained")
    aside = make_assignment(last, experts[2])
    make_review(aside, mark=1)
    aside.state, aside.reason = AssignmentState.SET_ASIDE, "Came to light late."
    sign_in(client, make_user("coordinator"))
    return call


class TestOverview:
    def test_plans_are_ranked_drawn_and_drafts_and_set_aside_ones_never_counted(self, client: Client) -> None:
        call = scored(client)
        page = client.get(f"/reviews/rounds/{call.public_id}")
        assert page.status_code == 200
        order = [page.text.index(f"Theme {name}") for name in (0, 1, 2, "of drafts")]
        assert order == sorted(order)
        assert page.text.count('class="app-strip"') == 3 and "app-strip__ring" in page.text
        assert "Came to light late." in page.text and "1 abstained" in page.text
        row = round_scores.of(make_actor("decision_maker"), call).plans[-1]
        assert (row.counted, row.abstained, len(row.aside), row.summary) == ([], 1, 1, None)

    def test_plans_are_sifted_by_course_and_field_and_ordered_by_spread(self, client: Client) -> None:
        call = scored(client)
        other = make_application("under_review", call=call, theme_en="Theme of rocks", field_of_science="physics")
        path = f"/reviews/rounds/{call.public_id}"
        only = client.get(f"{path}?field=physics").text
        assert "Theme of rocks" in only and "Theme 0" not in only
        page = client.get(f"{path}?sort=spread&course=nonsense&field=%00").text
        order = [page.index(f"Theme {name}") for name in (0, 1, 2, "of drafts")]
        assert order == sorted(order) and str(other.reference) in page
        page = client.get(f"{path}?sort=out").text
        assert page.index("Theme of drafts") < page.index("Theme 0")

    def test_a_conflict_that_comes_to_light_sets_a_score_aside_at_once(self, client: Client) -> None:
        call = scored(client)
        actor = make_actor("coordinator")
        first = round_scores.of(actor, call).plans[0]
        gone = first.counted[0].assignment
        make_conflict(gone.application, gone.reviewer)
        after = next(row for row in round_scores.of(actor, call).plans if row.application is gone.application)
        assert (len(after.counted), len(after.aside)) == (len(first.counted) - 1, 1)

    def test_the_number_of_queries_does_not_grow_with_plans_and_experts(self, client: Client) -> None:
        call = scored(client)
        path = f"/reviews/rounds/{call.public_id}"
        client.get(path)
        few = client.last.queries
        for _number in range(3):
            make_review(make_assignment(make_application("under_review", call=call)))
        client.get(path)
        assert client.last.queries == few <= 20
        client.get("/reviews/rounds")
        assert client.last.queries <= 8

    def test_a_plan_s_reviews_are_read_by_name(self, client: Client) -> None:
        call = scored(client)
        plan = round_scores.of(make_actor("coordinator"), call).plans[0].application
        page = client.get(f"/reviews/plans/{plan.public_id}")
        assert all(f"Expert {number}" in page.text for number in range(4))
        assert client.last.queries <= 22

    def test_jst_speaks_in_the_discussion(self, client: Client) -> None:
        call = make_call()
        make_review_plan(call, "discussion")
        make_discussion(call)
        plan = make_application("under_review", call=call)
        sign_in(client, make_user("decision_maker", name="Hiroshi Ishikawa"))
        path = f"/reviews/plans/{plan.public_id}"
        assert client.post(path, data={"text": "", "key": "a"}).status_code == 422
        assert client.post(path, data={"text": "What of the cost?", "key": "b"}).status_code == 302
        page = client.get(path)
        assert "What of the cost?" in page.text and "Hiroshi Ishikawa" in page.text


class TestHome:
    def test_it_says_what_is_late_to_coordinators_and_what_is_to_be_written_to_experts(self, client: Client) -> None:
        call = scored(client)
        late = round_queries.waiting_on(call.id)[0]
        late.due_on = clock.today() - DAY
        assert "Reviews are late" in client.get("/").text
        sign_in(client, db.session.get_one(User, late.reviewer.user_id))
        page = client.get("/")
        assert "Write your reviews" in page.text and "Reviews are late" not in page.text


class TestReminders:
    def test_each_expert_with_a_review_out_gets_one_mail_a_day(self, client: Client) -> None:
        call = scored(client)
        actor = make_actor("coordinator")
        waiting = round_queries.waiting_on(call.id)
        assert {held.reviewer.name_en for held in waiting} == {"Expert 0"}
        assert reminding.remind(actor, call) == 1
        reminding.remind(actor, call)
        mails = db.session.query(OutboxMessage).filter_by(template="review_reminder").all()
        assert [mail.recipient_address for mail in mails] == [waiting[0].reviewer.email]
        assert "Theme" not in mails[0].body and waiting[0].reminded_at is not None

    def test_only_the_late_are_written_to_when_that_is_asked(self, client: Client) -> None:
        call = scored(client)
        assert reminding.remind(make_actor("coordinator"), call, only_late=True) == 0
        round_queries.waiting_on(call.id)[0].due_on = clock.today() - DAY
        assert reminding.remind(make_actor("coordinator"), call, only_late=True) == 1

    @pytest.mark.parametrize(("ahead", "number"), [(8, 0), (7, 1), (3, 0), (2, 1), (0, 0)])
    def test_the_calendar_reminds_a_week_ahead_and_once_more(self, client: Client, ahead: int, number: int) -> None:
        call = scored(client)
        round_queries.waiting_on(call.id)[0].due_on = clock.today() + ahead * DAY
        assert reminding.remind_by_calendar() == number
        assert db.session.query(OutboxMessage).filter_by(template="review_reminder").count() == number


class TestExport:
    def test_scores_leave_with_a_reason_and_no_cell_is_a_formula(self, client: Client) -> None:
        call = scored(client)
        db.session.execute(update(UserSession).values(confirmed_at=clock.now()))
        path = f"/reviews/rounds/{call.public_id}/export"
        assert client.post(path, data={"reason": "", "kind": "xlsx"}).status_code == 422
        answer = client.post(path, data={"reason": "For the meeting.", "kind": "xlsx"})
        rows = list(load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True))
        assert len(rows) == 1 + 12 + 2  # the abstention and what was set aside too, the draft never
        assert "'=5+1" in rows[1] and "=5+1" not in rows[1]
        assert db.session.query(AuditEvent).filter_by(verb="review:export", comment="For the meeting.").count() == 1
        text = client.post(path, data={"reason": "Again.", "kind": "csv"}).get_data(as_text=True)
        assert "Expert 3" in text and text.count("\r\n") == 15

    def test_the_password_is_asked_first(self, client: Client) -> None:
        call = scored(client)
        answer = client.get(f"/reviews/rounds/{call.public_id}/export")
        assert answer.status_code == 302 and "confirm" in answer.location

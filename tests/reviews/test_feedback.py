"""What the review says reaches the host once the result is released, and never who said it."""

import io
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.applications import letter_queries, release
from app.applications.models import Application, ApplicationState
from app.core import clock
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.reviews import feedback, feedback_rules, feedback_service
from app.reviews.feedback_model import FeedbackRuling
from app.reviews.feedback_service import Rule
from app.reviews.scoring_models import Review
from tests.conftest import Client
from tests.documents.reading import squeezed, text_of
from tests.factories.accounts import actor_of, make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.decisions import decide
from tests.factories.reviews import make_assignment, make_conflict, make_review, make_reviewer

S = ApplicationState
NAME, NAME_JA, MAIL, PLACE = "Canarina Yellowbeak", "金糸雀 黄太郎", "canary@aviary.example", "Aviary Institute of Song"
CANARIES = (NAME, "Canarina", "Yellowbeak", NAME_JA, "金糸雀", MAIL, "aviary", PLACE)


@pytest.fixture
def call(app: Any) -> Any:
    now = clock.now()
    return make_call(opens_at=now - timedelta(days=30), closes_at=now - timedelta(days=1))


@pytest.fixture
def plan(call: Any) -> Application:
    return make_application(S.UNDER_REVIEW, call=call)


def make_text(plan: Application, text: str, state: str = "submitted", **expert: Any) -> Review:
    values = {"name_en": NAME, "name_ja": NAME_JA, "affiliation": PLACE, "email": f"{len(text)}.{MAIL}", **expert}
    assignment = make_assignment(plan, make_reviewer(**values))
    return make_review(assignment, state, for_applicant=text, for_panel="PANEL ONLY")


def let_out(plan: Application) -> None:
    maker = make_actor(Role.DECISION_MAKER)
    decide(plan, by=maker)
    release.release(maker, plan.call)


def seen_by_host(client: Client, plan: Application) -> str:
    """Everything the host finds: page, mails, and the letter in both languages with its metadata."""
    sign_in(client, make_user(Role.HOST_EDITOR, plan.host_institution, locale="en"))
    found = [
        client.get(f"/applications/{plan.public_id}{part}", headers={"Accept-Language": tongue}).get_data(as_text=True)
        for part in ("", "/mails")
        for tongue in ("ja", "en")
    ]
    for tongue in ("ja", "en"):
        answer = client.get(f"/applications/{plan.public_id}/letter.pdf?language={tongue}")
        if answer.status_code == 200:
            reader = PdfReader(io.BytesIO(answer.data))
            found += [text_of(answer.data), str(reader.metadata), answer.data.decode("latin-1")]
    found += [f"{mail.subject}\n{mail.body}" for mail in letter_queries.mails_of(plan)]
    return "\n".join(found)


def test_text_stands_in_letter_mail_and_on_the_page_after_the_release(client: Client, plan: Application) -> None:
    make_text(plan, "The aims are clear.")
    assert "The aims are clear." not in seen_by_host(client, plan)
    let_out(plan)
    seen = seen_by_host(client, plan)
    assert "Comments of the review" in seen and squeezed("The aims are clear.") in squeezed(seen)
    assert all("The aims are clear." in mail.body for mail in letter_queries.mails_of(plan))


@pytest.mark.parametrize(
    "text",
    [
        f"Write to me: {MAIL}",
        "I, Canarina, like it.",
        "As yellowbeak said, go on.",
        "金糸雀としては賛成です。",
        f"At {PLACE} we do this differently.",
        "At aviary   institute of SONG we know.",
        "Ｃａｎａｒｉｎａより",
    ],
)
def test_who_wrote_it_is_never_told(client: Client, plan: Application, text: str) -> None:
    make_text(plan, text)
    make_text(plan, "A plain remark.", name_en="Second Person")
    let_out(plan)
    seen = seen_by_host(client, plan)
    assert "A plain remark." in seen
    assert [canary for canary in (*CANARIES, "PANEL ONLY") if squeezed(canary).lower() in squeezed(seen).lower()] == []


@pytest.mark.parametrize("state", ["draft", "abstained"])
def test_review_that_was_not_handed_in_says_nothing(client: Client, plan: Application, state: str) -> None:
    make_text(plan, "Never passed on.", state)
    let_out(plan)
    assert "Never passed on." not in seen_by_host(client, plan)


def test_review_set_aside_says_nothing(client: Client, plan: Application) -> None:
    make_conflict(plan, make_text(plan, "Never passed on.").assignment.reviewer)
    let_out(plan)
    assert "Never passed on." not in seen_by_host(client, plan)


def test_page_without_texts_has_no_trace_of_a_review(client: Client, plan: Application) -> None:
    make_text(plan, "")
    let_out(plan)
    seen = seen_by_host(client, plan)
    assert "Comments of the review" not in seen and "審査における所見" not in seen


def test_same_words_of_two_experts_stand_once(plan: Application) -> None:
    for name in ("First Person", "Second Person"):
        make_text(plan, "Well thought out.", name_en=name, email=f"{name[0].lower()}@example.org")
    assert feedback.texts_of(plan) == ["Well thought out."]


def test_order_is_the_plans_own_and_tells_nothing_of_the_writers() -> None:
    items = [(f"review-{number}", number) for number in range(8)]
    first = feedback_rules.in_order("plan-a", items)
    assert first == feedback_rules.in_order("plan-a", items[::-1]) != sorted(first)
    assert first != feedback_rules.in_order("plan-b", items)


def test_text_that_names_its_writer_waits_until_somebody_has_looked(client: Client, plan: Application) -> None:
    review = make_text(plan, "I, Canarina, like it.")
    assert feedback.waiting(plan.call) == 1
    coordinator = make_user(Role.COORDINATOR)
    sign_in(client, coordinator)
    listed = client.get(f"/reviews/rounds/{plan.call.public_id}/feedback").get_data(as_text=True)
    assert "Seems to name its writer" in listed
    assert "1 comment of the review" in client.get(f"/applications/rounds/{plan.call.public_id}/letters").get_data(
        as_text=True
    )
    data = {"rule": "reword", "text": "One expert likes it.", "reason": "A name stood in it.", "version": "0"}
    assert client.post(f"/reviews/feedback/{review.public_id}", data=data).status_code == 302
    assert feedback.waiting(plan.call) == 0 and feedback.texts_of(plan) == ["One expert likes it."]
    db.session.refresh(review)
    assert review.for_applicant == "I, Canarina, like it."
    entry = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (entry.verb, entry.comment) == ("feedback:reword", "A name stood in it.")


def test_ruling_needs_a_reason_and_what_another_saved_is_not_overwritten(client: Client, plan: Application) -> None:
    review = make_text(plan, "Plain.")
    sign_in(client, make_user(Role.COORDINATOR))
    path = f"/reviews/feedback/{review.public_id}"
    assert client.post(path, data={"rule": "hold", "version": "0"}).status_code == 422
    assert client.post(path, data={"rule": "hold", "reason": "Unkind.", "version": "0"}).status_code == 302
    assert feedback.texts_of(plan) == []
    stale = client.post(path, data={"rule": "pass_on", "reason": "Fine.", "version": "0"})
    assert stale.status_code == 409 and feedback.texts_of(plan) == []
    assert client.post(path, data={"rule": "pass_on", "reason": "Fine.", "version": "1"}).status_code == 302
    assert feedback.texts_of(plan) == ["Plain."]


def test_nothing_is_ruled_once_the_letter_has_gone_out(client: Client, plan: Application) -> None:
    review = make_text(plan, "Plain.")
    let_out(plan)
    sign_in(client, make_user(Role.COORDINATOR))
    data = {"rule": "hold", "reason": "Too late.", "version": "0"}
    assert client.post(f"/reviews/feedback/{review.public_id}", data=data).status_code == 422
    assert db.session.scalar(select(FeedbackRuling)) is None


def test_ruling_on_words_that_were_handed_in_anew_does_not_count(plan: Application) -> None:
    review = make_text(plan, "Plain.")
    coordinator = actor_of(make_user(Role.COORDINATOR))
    (entry,) = feedback.of_plan(plan)
    feedback_service.decide(coordinator, entry, Rule.HOLD, version=0, text="", reason="Unkind.")
    review.for_applicant, review.handed_in_at = "Kinder.", clock.now() + timedelta(minutes=1)
    db.session.flush()
    assert feedback.texts_of(plan) == ["Kinder."]
    (entry,) = feedback.of_plan(plan)
    feedback_service.decide(coordinator, entry, Rule.HOLD, version=0, text="", reason="Still unkind.")
    assert len(db.session.scalars(select(FeedbackRuling)).all()) == 1


def test_texts_are_closed_to_staff_with_a_conflict(client: Client, plan: Application) -> None:
    review = make_text(plan, "Plain words.")
    user = make_user(Role.COORDINATOR)
    make_conflict(plan, make_reviewer(user=user))
    sign_in(client, user)
    assert "Plain words." not in client.get(f"/reviews/rounds/{plan.call.public_id}/feedback").get_data(as_text=True)
    assert client.get(f"/reviews/feedback/{review.public_id}").status_code == 404
    assert "Plain words." not in client.get(f"/applications/{plan.public_id}/letter").text  # nor in a preview
    sign_in(client, make_user(Role.COORDINATOR))
    assert "Plain words." in client.get(f"/applications/{plan.public_id}/letter").text


def test_page_of_a_round_asks_as_many_questions_for_many_texts_as_for_one(client: Client, plan: Application) -> None:
    make_text(plan, "Plain.")
    sign_in(client, make_user(Role.COORDINATOR))
    path = f"/reviews/rounds/{plan.call.public_id}/feedback"
    client.get(path)
    one = client.last.queries
    for number in range(4):
        make_text(make_application(S.UNDER_REVIEW, call=plan.call), f"Plain{'.' * number}..")
    client.get(path)
    assert client.last.queries == one <= 6

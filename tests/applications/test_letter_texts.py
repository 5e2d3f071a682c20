"""Coordinators write the letters, say a word to one recipient, and send again what did not arrive."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.applications import decision, letter_queries, release
from app.applications.letter_models import LetterNote, LetterText
from app.applications.letter_words import LetterKind
from app.applications.models import Application, ApplicationState
from app.core import clock
from app.core.audit import AuditEvent
from app.core.authz import Role
from app.core.db import db
from app.core.outbox import MailState, OutboxMessage
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call

S = ApplicationState
WORDS = {
    "subject_ja": "結果 {reference}",
    "body_ja": "「{theme}」を採択します。",
    "subject_en": "Result {reference}",
    "body_en": "“{theme}” is adopted.",
}


@pytest.fixture
def call(app: Any) -> Any:
    now = clock.now()
    return make_call(opens_at=now - timedelta(days=30), closes_at=now - timedelta(days=1))


def path(call: Any, kind: str = "adopted") -> str:
    return f"/applications/rounds/{call.public_id}/letters/{kind}"


def save(client: Client, call: Any, version: int = 0, kind: str = "adopted", **words: str) -> Any:
    return client.post(path(call, kind), data={**WORDS, "version": str(version), **words})


def test_text_is_kept_for_the_round_and_used_by_later_ones(client: Client, call: Any) -> None:
    later = make_call(label="2", opens_at=call.opens_at + timedelta(days=5))
    earlier = make_call(label="3", opens_at=call.opens_at - timedelta(days=5))
    sign_in(client, make_user(Role.COORDINATOR))
    assert save(client, call).status_code == 302
    assert letter_queries.texts(call)[LetterKind.ADOPTED].body_en == WORDS["body_en"]
    taken = letter_queries.texts(later)[LetterKind.ADOPTED]
    assert (taken.body_en, taken.source, taken.row) == (WORDS["body_en"], call, None)
    assert letter_queries.texts(earlier)[LetterKind.ADOPTED].source is None
    assert letter_queries.texts(call)[LetterKind.DECLINED].row is None
    page = client.get(path(call)).get_data(as_text=True)
    assert "Text of a letter changed" in page


@pytest.mark.parametrize(
    ("field", "text", "named"),
    [
        ("body_ja", "{reviewer}の評価", "{reviewer}"),
        ("body_en", "Place {place}", "{place}"),
        ("body_en", "{theme.__class__}", "{theme.__class__}"),
        ("subject_en", "{feedback}", "{feedback}"),
    ],
)
def test_placeholder_that_may_not_stand_there_is_refused_by_name(
    client: Client, call: Any, field: str, text: str, named: str
) -> None:
    sign_in(client, make_user(Role.COORDINATOR))
    answer = save(client, call, **{field: text})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and f"{named} is no placeholder of this text" in page and "{reference}" in page
    assert text in page  # nothing typed is lost
    assert db.session.scalar(select(LetterText)) is None


def test_who_saves_later_is_shown_both_texts(client: Client, call: Any) -> None:
    sign_in(client, make_user(Role.COORDINATOR))
    assert save(client, call).status_code == 302
    answer = save(client, call, 0, body_en="Mine.")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Mine." in page and "is adopted." in page
    assert letter_queries.texts(call)[LetterKind.ADOPTED].body_en == WORDS["body_en"]
    assert save(client, call, 1, body_en="Mine.").status_code == 302
    assert letter_queries.texts(call)[LetterKind.ADOPTED].body_en == "Mine."
    history = client.get(path(call)).get_data(as_text=True).split('class="app-timeline"')[1]
    assert "<del>“{theme}” is adopted.</del>" in history and "<ins>Mine.</ins>" in history


def test_decision_maker_reads_the_texts_and_changes_none(client: Client, call: Any) -> None:
    sign_in(client, make_user(Role.DECISION_MAKER))
    page = client.get(f"/applications/rounds/{call.public_id}/letters").get_data(as_text=True)
    assert "採択することといたしました" in page and "Change the text" not in page
    assert client.get(path(call)).status_code == 403 and save(client, call).status_code == 403


def decided(call: Any, **fields: Any) -> Application:
    application = make_application(S.UNDER_REVIEW, call=call, **fields)
    decision.decide(make_actor(Role.DECISION_MAKER), application, "adopt")
    return application


def test_word_for_one_recipient_goes_to_that_one_only(client: Client, call: Any) -> None:
    application = decided(call)
    sign_in(client, make_user(Role.COORDINATOR))
    note = f"/applications/{application.public_id}/letter/note?to=administrative"
    assert client.post(note, data={"text": "Please telephone.", "version": "0"}).status_code == 302
    stale = client.post(note, data={"text": "Other words.", "version": "0"})
    assert stale.status_code == 409 and "Please telephone." in stale.get_data(as_text=True)
    assert client.get(note.replace("administrative", "nobody")).status_code == 404
    sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
    assert "telephone." not in client.get(f"/applications/{application.public_id}").get_data(as_text=True)
    release.release(make_actor(Role.DECISION_MAKER), call)
    told = {mail.recipient_address: "Please telephone." in mail.body for mail in letter_queries.mails_of(application)}
    assert told[application.administrative_email] and not told[application.principal_email]
    letter = letter_queries.newest(application)
    assert letter is not None and "telephone" not in letter.body_en + letter.body_ja
    assert db.session.scalars(select(LetterNote)).one().number == letter.number


def test_round_says_which_plans_nobody_can_be_told_of(client: Client, call: Any) -> None:
    lost = decided(call, principal_email="", administrative_email="not an address")
    half = decided(call, principal_email="wrong")
    fine = decided(call)
    sign_in(client, make_user(Role.COORDINATOR))
    page = client.get(f"/applications/rounds/{call.public_id}/letters").get_data(as_text=True)
    rows = {plan.reference: page.split(f">{plan.reference}</a>")[1].split("</tr>")[0] for plan in (lost, half, fine)}
    assert "Nobody can be reached" in rows[lost.reference]
    assert "person in charge cannot be used" in rows[half.reference]
    assert "app-badge" not in rows[fine.reference] and "2 in Japanese" in rows[fine.reference]


def came_back(call: Any) -> tuple[Application, OutboxMessage]:
    application = decided(call)
    release.release(make_actor(Role.DECISION_MAKER), call)
    message = letter_queries.mails_of(application)[0]
    message.state, message.sent_at, message.lease_until = MailState.SENT, clock.now(), None
    message.bounced_at, message.bounce_status, message.bounce_text = clock.now(), "5.1.1", "User unknown"
    db.session.flush()
    return application, message


def test_letter_that_came_back_is_shown_and_sent_again_once(client: Client, call: Any) -> None:
    application, message = came_back(call)
    sign_in(client, make_user(Role.COORDINATOR))
    listed = client.get(f"/applications/rounds/{call.public_id}/letters").get_data(as_text=True)
    assert "Letters that did not arrive" in listed and "User unknown" in listed
    for shown in (f"/applications/{application.public_id}/mails", "/mails"):
        assert "Came back" in client.get(shown).get_data(as_text=True)
    assert "See to letters that did not arrive" in client.get("/").get_data(as_text=True)
    again = f"/applications/{application.public_id}/letter/send-again/{message.public_id}"
    assert client.post(again, data={"email": "no address", "key": "k0"}).status_code == 422
    for _click in range(2):
        assert client.post(again, data={"email": "new@example.ac.jp", "key": "k"}).status_code == 302
    sent = [mail for mail in letter_queries.mails_of(application) if mail.recipient_address == "new@example.ac.jp"]
    assert len(sent) == 1 and sent[0].recipient_name == message.recipient_name and "採択" in sent[0].body
    assert client.post(again, data={"email": "third@example.ac.jp", "key": "k2"}).status_code == 409
    listed = client.get(f"/applications/rounds/{call.public_id}/letters").get_data(as_text=True)
    assert "Letters that did not arrive" not in listed
    assert "See to letters that did not arrive" not in client.get("/").get_data(as_text=True)
    verbs = db.session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id.desc()).limit(1)).all()
    assert verbs == ["letter:send-again"]


def test_mail_of_another_plan_is_not_sent_again_through_this_one(client: Client, call: Any) -> None:
    _application, message = came_back(call)
    other = make_application(S.UNDER_REVIEW, call=call)
    sign_in(client, make_user(Role.COORDINATOR))
    assert client.get(f"/applications/{other.public_id}/letter/send-again/{message.public_id}").status_code == 404

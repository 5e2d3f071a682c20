"""A result is told by letter: once to each, in the reader's language, with the same file for good, and not before."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from app.applications import letter_queries, letters, proposing, release
from app.applications.letter_models import ResultLetter
from app.applications.letter_words import LetterKind
from app.applications.letters_facts import Granted
from app.applications.models import Application, ApplicationState, Outcome
from app.core import clock, mail, mail_attachments, outbox, storage
from app.core.authz import Role
from app.core.db import db
from app.core.outbox import OutboxMessage
from tests.conftest import Client
from tests.documents.reading import squeezed, text_of
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.decisions import decide, make_change, make_proposal

S = ApplicationState
HOST = (Role.HOST_EDITOR, Role.HOST_APPROVER)


@pytest.fixture
def call(app: Any) -> Any:
    now = clock.now()
    return make_call(opens_at=now - timedelta(days=30), closes_at=now - timedelta(days=1))


def decided(call: Any, outcome: str = "adopted", message: str = "", **fields: Any) -> Application:
    application = make_application(S.UNDER_REVIEW, call=call, **fields)
    decide(application, outcome, message=message, comment="Inside JST only")
    return application


def released(call: Any, *arguments: Any, **fields: Any) -> Application:
    application = decided(call, *arguments, **fields)
    release.release(make_actor(Role.DECISION_MAKER), call)
    return application


def mails(application: Application) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.subject_id == application.id)
    return list(db.session.scalars(query.order_by(OutboxMessage.id)))


def download(client: Client, application: Application, **words: str) -> Any:
    return client.get(f"/applications/{application.public_id}/letter.pdf", query_string=words)


def test_each_recipient_has_the_letter_in_the_own_language_as_text_and_file(app: Any, call: Any) -> None:
    application = decided(call, message="Bring boots.", theme_ja="河川の計測")
    reader = make_user(Role.HOST_EDITOR, application.host_institution, locale="en")
    release.release(make_actor(Role.DECISION_MAKER), call)
    by_address = {message.recipient_address: message for message in mails(application)}
    assert set(by_address) == {reader.email, application.principal_email, application.administrative_email}
    english, japanese = by_address[reader.email], by_address[application.principal_email]
    assert str(application.reference) in english.subject and str(application.reference) in japanese.subject
    assert "has been adopted" in english.body and "採択することといたしました" in japanese.body
    assert "Bring boots." in english.body and "Inside JST only" not in english.body + japanese.body
    names = [[file.name for file in mail_attachments.of(message.id)] for message in (english, japanese)]
    assert names == [[f"{application.reference}-result-en.pdf"], [f"{application.reference}-result-ja.pdf"]]


def test_file_goes_with_the_mail_as_it_is_stored(app: Any, call: Any) -> None:
    application = released(call)
    message = mails(application)[0]
    composed = mail.compose(outbox._envelope(message), "Exchange <no-reply@example.jp>")
    (part,) = composed.iter_attachments()
    (stored,) = mail_attachments.of(message.id)
    with storage.open_file(stored) as content:
        assert part.get_content() == content.read()
    assert part.get_content_type() == "application/pdf" and part.get_filename() == stored.name


def test_letter_in_both_languages_says_the_same_for_good(client: Client, call: Any) -> None:
    application = released(call, theme_ja="河川の計測", theme_en="Measuring a river")
    sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
    first = {tongue: download(client, application, language=tongue).data for tongue in ("ja", "en")}
    assert squeezed("審査結果のお知らせ") in text_of(first["ja"]) and squeezed("河川の計測") in text_of(first["ja"])
    assert squeezed("Measuring a river") in text_of(first["en"])
    call.fiscal_year, application.theme_en = call.fiscal_year, "Changed later"
    letter_text = next(iter(letter_queries.texts(call).values()))
    assert letter_text.row is None
    assert {tongue: download(client, application, language=tongue).data for tongue in ("ja", "en")} == first


@pytest.mark.parametrize("role", [*HOST, Role.COORDINATOR, Role.DECISION_MAKER])
def test_letter_does_not_exist_before_the_release(client: Client, call: Any, role: Role) -> None:
    application = decided(call)
    sign_in(client, make_user(role, application.host_institution if role in HOST else None))
    assert download(client, application).status_code == 404
    assert db.session.scalar(select(func.count()).select_from(ResultLetter)) == 0
    assert "letter.pdf" not in client.get(f"/applications/{application.public_id}").get_data(as_text=True)


def test_letter_is_for_its_host_and_those_who_decide(client: Client, call: Any) -> None:
    application = released(call)
    for role, status in (
        (Role.HOST_EDITOR, 404),  # of another institution
        (Role.REVIEWER, 403),
        (Role.SCREENING_OFFICER, 403),
        (Role.AUDITOR, 403),
        (Role.ADMINISTRATOR, 403),
        (Role.COORDINATOR, 200),
        (Role.DECISION_MAKER, 200),
    ):
        sign_in(client, make_user(role))
        assert download(client, application).status_code == status, role
    sign_in(client, make_user(Role.HOST_EDITOR, application.host_institution))
    answer = download(client, application, language="en")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "no-store" in answer.headers["Cache-Control"]
    page = client.get(f"/applications/{application.public_id}").get_data(as_text=True)
    assert "letter.pdf" in page


@pytest.mark.parametrize("path", ["letter", "letter-preview.pdf", "letter/note"])
def test_preview_is_nobodys_but_those_who_know_decisions(client: Client, call: Any, path: str) -> None:
    application = decided(call)
    for role in (*HOST, Role.REVIEWER, Role.SCREENING_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR):
        sign_in(client, make_user(role, application.host_institution if role in HOST else None))
        assert client.get(f"/applications/{application.public_id}/{path}").status_code == 403
        assert client.get(f"/applications/rounds/{call.public_id}/letters").status_code == 403


def test_plan_being_corrected_has_no_letter(client: Client, call: Any) -> None:
    """Its theme and its addresses are a draft's, which JST does not know."""
    application = make_application(ApplicationState.RETURNED, call=call, theme_en="Rivers")
    application.theme_en = "Oceans"
    db.session.flush()
    sign_in(client, make_user(Role.COORDINATOR))
    for path in ("letter", "letter-preview.pdf", "letter/note"):
        assert client.get(f"/applications/{application.public_id}/{path}").status_code == 404
    assert "Oceans" not in client.get(f"/applications/rounds/{call.public_id}/letters").get_data(as_text=True)


def test_preview_is_the_letter_that_goes_out_and_says_that_it_is_none(client: Client, call: Any) -> None:
    application = decided(call, "declined", message="Please come again.", theme_ja="河川の計測")
    sign_in(client, make_user(Role.DECISION_MAKER))
    page = client.get(f"/applications/{application.public_id}/letter").get_data(as_text=True)
    assert "we regret to inform you" in page and "不採択とすることといたしました" in page
    assert "Please come again." in page and application.principal_email in page and "Inside JST only" not in page
    pdf = text_of(client.get(f"/applications/{application.public_id}/letter-preview.pdf?language=en").data)
    assert squeezed("Preview: the result has not been released.") in pdf
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 0
    release.release(make_actor(Role.DECISION_MAKER), call)
    sent = next(message for message in mails(application) if message.recipient_address == application.principal_email)
    assert "不採択とすることといたしました" in sent.body


def test_another_letter_can_be_tried_on_a_real_plan(client: Client, call: Any) -> None:
    application = make_application(S.UNDER_REVIEW, call=call)
    sign_in(client, make_user(Role.COORDINATOR))
    path = f"/applications/{application.public_id}/letter"
    assert "has been placed on the waiting list" in client.get(f"{path}?kind=reserve").get_data(as_text=True)
    assert "changed" in client.get(f"{path}?kind=changed").get_data(as_text=True)
    assert client.get(f"{path}?kind=no-such-kind").status_code == 404


def test_same_result_is_told_once_however_often_it_is_asked_for(app: Any, call: Any) -> None:
    application = released(call)
    before = len(mails(application))
    letters.tell(application)
    letters.tell(application)
    assert len(mails(application)) == before == 2
    assert db.session.scalar(select(func.count()).select_from(ResultLetter)) == 1


def test_later_result_is_told_once_more_as_a_change(app: Any, call: Any) -> None:
    application = released(call)
    changed = make_change(application, message="The partner withdrew.")
    proposing.approve(replace(make_actor(Role.DECISION_MAKER), confirmed_at=clock.now()), changed)
    letters.tell(application)
    letters.tell(application)
    assert [letter.number for letter in letter_queries.letters_of(application)] == [2, 1]
    newest = letter_queries.newest(application)
    assert newest is not None and newest.kind is LetterKind.CHANGED and "Not adopted" not in newest.subject_en
    told = [message for message in mails(application) if message.template == "application_changed"]
    assert len(told) == 2 and "The partner withdrew." in told[0].body
    assert newest.file_ja is not None and newest.file_ja.name == f"{application.reference}-result-2-ja.pdf"


def test_plan_that_moves_up_from_the_waiting_list_gets_an_ordinary_letter(app: Any, call: Any) -> None:
    application = released(call, "reserve")
    proposing.approve(make_actor(Role.DECISION_MAKER), make_proposal(application, message="A place is free."))
    assert [letter.kind for letter in letter_queries.letters_of(application)] == [
        LetterKind.ADOPTED,
        LetterKind.RESERVE,
    ]


def test_conditions_and_place_choose_the_letter_and_stand_in_it(app: Any, call: Any) -> None:
    application = make_application(S.UNDER_REVIEW, call=call)
    texts = letter_queries.texts(call)
    given = Granted(Outcome.ADOPTED, people_cap=6, condition_ja="半数は女性とすること。", money_cap=1_000_000)
    assert given.kind is LetterKind.CONDITIONS
    written = letters.write(application, given, texts[given.kind])
    assert (
        "・招へい者は6名以内とします。\n・支援額の上限は1,000,000円とします。\n・半数は女性とすること。"
        in written["ja"].body
    )
    assert "– At most 6 people are invited." in written["en"].body
    waiting = letters.write(application, Granted(Outcome.RESERVE, place=3), texts[LetterKind.RESERVE])
    assert "第3位" in waiting["ja"].body and "waiting list is 3." in waiting["en"].body
    without = letters.write(application, Granted(Outcome.RESERVE), texts[LetterKind.RESERVE])
    assert "第" not in without["ja"].body.split("補欠とする")[1] and "{" not in without["ja"].body


def test_theme_that_looks_like_a_placeholder_stays_literal_in_mail_and_file(client: Client, call: Any) -> None:
    theme = '{feedback} {{ config }} #read("x") {contact}'
    application = released(call, theme_ja=theme, theme_en=theme)
    assert all(theme in message.body for message in mails(application))
    sign_in(client, make_user(Role.COORDINATOR))
    assert squeezed(theme) in text_of(download(client, application, language="en").data)


def test_file_tells_nothing_but_the_letter(client: Client, call: Any) -> None:
    application = released(call)
    sign_in(client, make_user(Role.COORDINATOR))
    reader = PdfReader(io.BytesIO(download(client, application, language="en").data))
    said = f"{reader.metadata} {reader.xmp_metadata.stream.get_data().decode() if reader.xmp_metadata else ''}"
    for word in ("Inside JST only", "Decision", application.administrative_name, application.principal_email):
        assert word not in said


def test_page_of_a_round_asks_as_many_questions_for_many_plans_as_for_one(client: Client, call: Any) -> None:
    decided(call)
    sign_in(client, make_user(Role.COORDINATOR))
    client.get(f"/applications/rounds/{call.public_id}/letters")
    one = client.last.queries
    for _number in range(5):
        decided(call)
    client.get(f"/applications/rounds/{call.public_id}/letters")
    assert client.last.queries == one <= 10


def test_only_letters_that_did_not_arrive_are_sent_again_together(client: Client, call: Any) -> None:
    application = released(call)
    lost, arrived = mails(application)
    lost.state, arrived.state, arrived.sent_at = outbox.MailState.FAILED, outbox.MailState.SENT, clock.now()
    db.session.flush()
    sign_in(client, make_user(Role.COORDINATOR))
    act = f"/lists/letters/acts/send-again?call_id={call.public_id}&which=found"
    page = client.get(act).get_data(as_text=True)
    assert "1 letter is sent again" in page and "Only letters that did not arrive are sent again." in page
    answer = client.post(act, data={"key": "k"})
    assert answer.location == client.post(act, data={"key": "k"}).location
    again = [mail for mail in mails(application) if mail not in (lost, arrived)]
    assert [mail.recipient_address for mail in again] == [lost.recipient_address] and lost.resent_at is not None
    sign_in(client, make_user(Role.DECISION_MAKER))
    assert client.get(act).status_code == 403
    page = client.get(f"/applications/rounds/{call.public_id}/letters?standing=resent").get_data(as_text=True)
    assert lost.recipient_address in page and "formaction" not in page

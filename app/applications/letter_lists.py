"""The letters of a round that went out, as a list: to whom, whether they arrived; sending again what did not."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.applications import letter_service, round_list_queries
from app.applications.letter_words import LetterKind
from app.applications.models import Application
from app.applications.queries import FOR_PAGE
from app.applications.round_list_queries import Standing
from app.core import mail_words
from app.core.authz import Actor
from app.core.db import db
from app.core.i18n import localized
from app.core.lists import Act, Column, Export, Filter, ListOf, word
from app.core.lists.taking import in_order
from app.core.outbox import OutboxMessage

LANGUAGES = {"ja": _l("Japanese"), "en": _l("English")}
STANDING_LABELS = {
    Standing.LOST: _l("Did not arrive"),
    Standing.RESENT: _l("Sent again"),
    Standing.SENT: _l("Sent"),
    Standing.WAITING: _l("Waiting"),
}
#: What the mails tell apart: a letter with conditions goes out as one of adoption.
KINDS = (LetterKind.ADOPTED, LetterKind.RESERVE, LetterKind.DECLINED, LetterKind.CHANGED)


def kind_of(row: Any) -> LetterKind:
    """Which letter a mail carried."""
    return LetterKind(row.template.removeprefix("application_"))


def standing(row: Any) -> tuple[Any, str]:
    """How a letter stands, in words, and their tone."""
    return (_("Sent again"), "neutral") if row.resent_at is not None else mail_words.standing(row)


def _columns(_actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Reference number"), lambda row: row.reference),
        Column(_("Host institution"), lambda row: localized(row.host_ja, row.host_en)),
        Column(_("Letter"), lambda row: str(kind_of(row).label)),
        Column(_("Recipient"), lambda row: row.recipient_name),
        Column(_("E-mail address"), lambda row: row.recipient_address),
        Column(_("Language"), lambda row: str(LANGUAGES.get(row.locale, row.locale))),
        Column(_("Written"), lambda row: row.created_at, is_instant=True),
        Column(_("Sent"), lambda row: row.sent_at, is_instant=True),
        Column(_("State"), lambda row: str(standing(row)[0])),
        Column(_("What the server said"), mail_words.trouble),
    ]


def _in_the_way(_actor: Actor, mail: OutboxMessage) -> Any:
    return None if mail.did_not_arrive else _("Only letters that did not arrive are sent again.")


def _send_again(actor: Actor, mail: OutboxMessage) -> None:
    """To the same address: one that is wrong is corrected on the page of the letter."""
    application = db.session.get_one(Application, mail.subject_id, options=FOR_PAGE)
    letter_service.send_again(actor, application, mail, email=mail.recipient_address)


SEND_AGAIN = Act(
    name="send-again",
    label=_l("Send again"),
    permission="letter:send",
    model=OutboxMessage,
    select=lambda actor: round_list_queries.letter_mails(actor, "letter:send"),
    do=_send_again,
    obstacle=_in_the_way,
    sentence=lambda number: ngettext(
        "%(num)s letter is sent again to the same address.",
        "%(num)s letters are sent again to the same addresses.",
        number,
    ),
    detail=lambda mail: f"{mail.recipient_address} · {mail_words.trouble(mail)}",
)

LETTERS = ListOf(
    name="letters",
    title=_l("Letters that went out"),
    permission="decision:view",
    endpoint="applications.letters",
    place="call_id",
    elsewhere="applications.rounds",
    query=round_list_queries.letters,
    key=OutboxMessage.id,
    row_id=OutboxMessage.public_id,
    name_of=lambda row: f"{row.reference} {row.recipient_name}",
    sorts=round_list_queries.LETTER_SORTS,
    default="reference",
    filters=(
        Filter("call_id", _l("Round"), "call"),
        Filter("q", _l("Number or recipient"), "text"),
        Filter(
            "letter",
            _l("Letter"),
            "kind",
            parse=word(LetterKind),
            choices=lambda _actor: [(kind.value, kind.label) for kind in KINDS],
        ),
        Filter(
            "standing",
            _l("State"),
            parse=word(Standing),
            choices=lambda _actor: [(item.value, STANDING_LABELS[item]) for item in Standing],
        ),
    ),
    acts=(SEND_AGAIN,),
    export=Export(
        permission="decision:view",
        filename="letters",
        columns=_columns,
        rows=lambda actor, **filters: in_order(
            round_list_queries.letters(actor, **filters),
            round_list_queries.LETTER_SORTS["reference"].column,
            OutboxMessage.id,
        ),
        title=_l("Take the letters of a round away"),
        content=_l("The file holds who was sent which letter, with addresses, but not what the letters say."),
        asks_reason=True,
        steps_up=lambda _actor: True,
    ),
)

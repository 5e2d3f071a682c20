"""SELECTs behind the lists of a round: its plans with what is proposed and decided, its letters that went out."""

import enum
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, func, or_, select, type_coerce

from app.accounts.models import User
from app.applications import letter_queries, queries
from app.applications.decision_model import Decision, DecisionProposal, ProposalState
from app.applications.letter_words import LetterKind
from app.applications.models import Application, ApplicationState, Outcome
from app.calls.models import Call, Course, CourseCode
from app.core import authz
from app.core.authz import Actor
from app.core.listing import Sort
from app.core.outbox import MailState, OutboxMessage
from app.directory.models import HostInstitution

LAST = 1_000_000  # plans without a place stand behind those with one


def _word(column: Any) -> Any:
    return type_coerce(column, String)


def _is_set(terms: Any) -> ColumnElement[bool]:
    """Whether a proposal or a decision has conditions."""
    texts = func.coalesce(terms.condition_ja, "") + func.coalesce(terms.condition_en, "")
    return or_(terms.people_cap.is_not(None), terms.money_cap.is_not(None), texts != "")


#: An entry is the proposal that waits, where one does: what is proposed anew is another entry.
ENTRY = func.coalesce(DecisionProposal.public_id, Application.public_id)
PLAN_SORTS = {
    "reference": Sort(func.coalesce(Application.reference, "")),
    "host": Sort(HostInstitution.sort_name),
    "course": Sort(_word(Course.code)),
    "outcome": Sort(func.coalesce(_word(DecisionProposal.outcome), _word(Decision.outcome), "")),
    "place": Sort(func.coalesce(DecisionProposal.position, Decision.position, LAST)),
}


class Proposed(enum.StrEnum):
    """What the plans of a round are sifted by: the proposal that waits."""

    ADOPTED = "adopted"
    RESERVE = "reserve"
    DECLINED = "declined"
    ANY = "any"
    OTHERS = "others"
    NONE = "none"


def plans(
    actor: Actor,
    *,
    call: str = "",
    text: str = "",
    state: ApplicationState | None = None,
    proposed: Proposed | None = None,
    outcome: Outcome | None = None,
    course: CourseCode | None = None,
) -> Select[Any]:
    """The submitted plans (of a round) whose decisions the reader may know, each with its open proposal."""
    query = _plans().where(Application.submitted_at.is_not(None), authz.condition(actor, "decision:view", Application))
    if call:
        query = query.where(Call.public_id == call)
    if text:
        query = query.where(_says(text))
    if proposed is not None:
        query = query.where(_proposed(proposed, actor))
    for column, value in ((Application.state, state), (Decision.outcome, outcome), (Course.code, course)):
        if value is not None:
            query = query.where(column == value)
    return query


def _plans() -> Select[Any]:
    return (
        select(
            Application.id,
            Application.public_id,
            Application.reference,
            Application.state,
            queries.known_theme("theme_ja"),
            queries.known_theme("theme_en"),
            HostInstitution.name_ja.label("host_ja"),
            HostInstitution.name_en.label("host_en"),
            Course.code,
            Call.fiscal_year,
            Call.label.label("call_label"),
            Decision.outcome,
            Decision.position,
            DecisionProposal.public_id.label("proposal_id"),
            DecisionProposal.outcome.label("proposed"),
            DecisionProposal.position.label("proposed_position"),
            DecisionProposal.people_cap,
            DecisionProposal.money_cap,
            DecisionProposal.condition_ja,
            DecisionProposal.condition_en,
            _is_set(DecisionProposal).label("has_conditions"),
            User.name.label("proposer"),
        )
        .select_from(Application)
        .join(HostInstitution, HostInstitution.id == Application.host_institution_id)
        .join(Course, Course.id == Application.course_id)
        .join(Call, Call.id == Application.call_id)
        .outerjoin(Decision, Decision.application_id == Application.id)
        .outerjoin(DecisionProposal, _waits())
        .outerjoin(User, User.id == DecisionProposal.proposed_by_id)
    )


def _waits() -> ColumnElement[bool]:
    return and_(DecisionProposal.application_id == Application.id, DecisionProposal.state == ProposalState.OPEN)


def _says(words: str) -> ColumnElement[bool]:
    """The number, the theme as JST may know it, or the name of the host."""
    columns = (
        Application.reference,
        queries.known_theme("theme_ja"),
        queries.known_theme("theme_en"),
        HostInstitution.name_ja,
        HostInstitution.name_en,
    )
    return or_(*(_bare(column).icontains(words, autoescape=True) for column in columns))


def _bare(column: Any) -> Any:
    """The expression of a named column."""
    return getattr(column, "element", column)


def _proposed(proposed: Proposed, actor: Actor) -> ColumnElement[bool]:
    if proposed is Proposed.NONE:
        return DecisionProposal.id.is_(None)
    if proposed is Proposed.ANY:
        return DecisionProposal.id.is_not(None)
    if proposed is Proposed.OTHERS:
        return DecisionProposal.proposed_by_id != (actor.id or 0)
    return DecisionProposal.outcome == Outcome(proposed.value)


class Standing(enum.StrEnum):
    """What the letters of a round are sifted by: whether they reached their recipient."""

    LOST = "lost"  # came back or could not be sent, and nobody has seen to it
    RESENT = "resent"
    SENT = "sent"
    WAITING = "waiting"


LETTER_SORTS = {
    "reference": Sort(func.coalesce(Application.reference, "")),
    "recipient": Sort(OutboxMessage.recipient_name),
    "written": Sort(OutboxMessage.created_at, descending=True),
}


def letter_mails(actor: Actor, permission: str = "decision:view") -> Select[Any]:
    """The mails that carried letters of plans which the permission covers, whole."""
    return _of_plans(select(OutboxMessage), actor, permission)


def letters(
    actor: Actor,
    *,
    call: str = "",
    text: str = "",
    standing: Standing | None = None,
    kind: LetterKind | None = None,
) -> Select[Any]:
    """Who was sent which letter (of a round), and how it stands."""
    query = _of_plans(select(*_LETTER_COLUMNS), actor, "decision:view")
    query = query.join(Call, Call.id == Application.call_id)
    query = query.join(HostInstitution, HostInstitution.id == Application.host_institution_id)
    if call:
        query = query.where(Call.public_id == call)
    if text:
        columns = (Application.reference, OutboxMessage.recipient_name, OutboxMessage.recipient_address)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if standing is not None:
        query = query.where(_stands(standing))
    if kind is not None:
        query = query.where(OutboxMessage.template == f"application_{kind.value}")
    return query


_LETTER_COLUMNS: tuple[Any, ...] = (
    OutboxMessage.public_id,
    OutboxMessage.template,
    OutboxMessage.recipient_name,
    OutboxMessage.recipient_address,
    OutboxMessage.locale,
    OutboxMessage.created_at,
    OutboxMessage.sent_at,
    OutboxMessage.state,
    OutboxMessage.bounced_at,
    OutboxMessage.resent_at,
    OutboxMessage.last_error,
    OutboxMessage.bounce_status,
    OutboxMessage.bounce_text,
    Application.public_id.label("application_id"),
    Application.reference,
    HostInstitution.name_ja.label("host_ja"),
    HostInstitution.name_en.label("host_en"),
)


def _of_plans(query: Select[Any], actor: Actor, permission: str) -> Select[Any]:
    return (
        query.select_from(OutboxMessage)
        .join(Application, Application.id == OutboxMessage.subject_id)
        .where(letter_queries.carries_a_letter(), authz.condition(actor, permission, Application))
    )


def _stands(standing: Standing) -> ColumnElement[bool]:
    failed = or_(OutboxMessage.state == MailState.FAILED, OutboxMessage.bounced_at.is_not(None))
    again = OutboxMessage.resent_at
    if standing is Standing.LOST:
        return and_(failed, again.is_(None))
    if standing is Standing.RESENT:
        return again.is_not(None)
    if standing is Standing.SENT:
        return and_(OutboxMessage.state == MailState.SENT, OutboxMessage.bounced_at.is_(None))
    return OutboxMessage.state.in_((MailState.QUEUED, MailState.SENDING, MailState.HELD))

"""The letters of a round at a glance: each plan's letter, who gets it in which language, and what is missing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only

from app.applications import letter_recipients, letters_facts, mailing, queries
from app.applications.letter_recipients import Recipient
from app.applications.letter_words import LetterKind
from app.applications.letters_facts import Granted
from app.applications.models import Application, ApplicationState, Decision, Outcome
from app.calls.models import Call
from app.core.db import db
from app.directory.models import HostInstitution

S = ApplicationState
RELEASED = (S.ADOPTED, S.RESERVE, S.DECLINED, S.COMPLETED)
#: What the list of a round's letters reads of a plan: never its content.
COLUMNS = (
    Application.public_id,
    Application.reference,
    Application.state,
    Application.theme_ja,
    Application.theme_en,
    Application.host_institution_id,
    Application.principal_name,
    Application.principal_email,
    Application.administrative_name,
    Application.administrative_email,
    Application.moved_at,
    Application.submitted_at,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A plan with its letter. `given` is None while nothing is decided."""

    application: Application
    given: Granted | None
    recipients: Sequence[Recipient]
    missing: Sequence[str]

    @property
    def languages(self) -> dict[str, int]:
        """How many recipients read which language."""
        return dict(sorted(Counter(recipient.language for recipient in self.recipients).items(), reverse=True))


def of(call: Call) -> list[Row]:
    """The plans of a round whose result is told by letter, by number. Two queries."""
    query = (
        select(Application, Decision)
        .outerjoin(Decision, Decision.application_id == Application.id)
        .where(
            Application.call_id == call.id,
            Application.submitted_at.is_not(None),
            Application.state.not_in(queries.AFTER_A_DRAFT),  # JST knows neither theme nor addresses of a draft
        )
        .options(
            load_only(*COLUMNS),
            joinedload(Application.host_institution).load_only(HostInstitution.name_ja, HostInstitution.name_en),
        )
    )
    found = [(plan, decision) for plan, decision in db.session.execute(query.order_by(Application.reference))]
    recipients = letter_recipients.of_many([plan for plan, _decision in found])
    return [_row(plan, decision, recipients[plan.id]) for plan, decision in found]


def _row(plan: Application, decision: Decision | None, recipients: Sequence[Recipient]) -> Row:
    given = letters_facts.granted(decision) if decision is not None else None
    return Row(plan, given, recipients, missing(plan, given, recipients))


def missing(application: Application, given: Granted | None, recipients: Sequence[Recipient]) -> list[str]:
    """What a letter lacks, in sentences."""
    found = []
    if not recipients:
        found.append(_("Nobody can be reached: no account, and no usable address in the plan."))
    elif not mailing.is_reachable(application.principal_email):
        found.append(_("The address of the person in charge cannot be used."))
    if given is not None and given.outcome is Outcome.RESERVE and given.place is None:
        found.append(_("No place on the waiting list is set: the letter says none."))
    return found


def counts(rows: Sequence[Row]) -> dict[LetterKind, int]:
    """How many plans get which letter."""
    return Counter(row.given.kind for row in rows if row.given is not None)

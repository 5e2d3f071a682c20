"""Every SELECT on editions of the list and on screening cases; those on plans and names stand in `plan_queries`."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.applications.models import Application, ApplicationState, Decision, Outcome
from app.calls.models import Call
from app.core import search as text_search
from app.core.db import db
from app.core.listing import Sort
from app.directory.models import Organization
from app.screening.bodies import Body
from app.screening.models import ListedBody, ListEdition, ScreeningCase, ScreeningHit, ScreeningNote
from app.screening.plan_queries import is_open
from app.screening.vocabulary import RESULTS, CaseState, EditionState, NoteKind, Result

SORTS = {
    "waiting": Sort(ScreeningCase.waiting_since),
    "newest": Sort(ScreeningCase.id, descending=True),
}


#: What the page of a case reads.
FOR_PAGE = (
    joinedload(ScreeningCase.application).joinedload(Application.host_institution),
    joinedload(ScreeningCase.edition),
    selectinload(ScreeningCase.hits),
    selectinload(ScreeningCase.notes),
)
EDITION_FOR_PAGE = (joinedload(ListEdition.stored_file), joinedload(ListEdition.compared_with))


def current_edition() -> ListEdition | None:
    """The edition plans are screened with: the latest by its day; in force or not yet, since visits come later."""
    return db.session.scalar(
        select(ListEdition)
        .where(ListEdition.state == EditionState.IMPORTED)
        .order_by(ListEdition.dated_on.desc(), ListEdition.id.desc())
        .limit(1)
    )


def has_edition() -> bool:
    """Whether there is an edition to screen with."""
    return bool(db.session.scalar(select(exists().where(ListEdition.state == EditionState.IMPORTED))))


def editions(limit: int = 100) -> list[ListEdition]:
    """Every edition that was uploaded, the latest first."""
    query = select(ListEdition).order_by(ListEdition.dated_on.desc(), ListEdition.id.desc()).limit(limit)
    return list(db.session.scalars(query.options(joinedload(ListEdition.stored_file))))


def same_file(sha256: str) -> ListEdition | None:
    """The edition that was read from the very same file, unless it was given up."""
    return db.session.scalar(
        select(ListEdition)
        .where(ListEdition.sha256 == sha256, ListEdition.state != EditionState.GIVEN_UP)
        .order_by(ListEdition.id)
        .limit(1)
    )


def edition(number: int) -> ListEdition | None:
    return db.session.get(ListEdition, number)


def bodies(edition_id: int) -> list[Body]:
    """The bodies of an edition in the order of their numbers."""
    columns = (ListedBody.number, ListedBody.country, ListedBody.name, ListedBody.aliases, ListedBody.categories)
    rows = db.session.execute(select(*columns).where(ListedBody.edition_id == edition_id).order_by(ListedBody.number))
    return [Body(row.number, row.country, row.name, tuple(row.aliases), tuple(row.categories)) for row in rows]


def cases_of(application_ids: Iterable[int]) -> dict[int, ScreeningCase]:
    """The cases of plans, by the plan's number, with what was found."""
    query = (
        select(ScreeningCase)
        .where(ScreeningCase.application_id.in_(list(application_ids)))
        .options(selectinload(ScreeningCase.hits), joinedload(ScreeningCase.edition))
    )
    return {case.application_id: case for case in db.session.scalars(query)}


def results_of(application_ids: Iterable[int]) -> dict[int, Result]:
    """What JST outside the desk is told of plans, by the plan's number; those never screened are absent."""
    columns = (ScreeningCase.application_id, ScreeningCase.state)
    rows = db.session.execute(select(*columns).where(ScreeningCase.application_id.in_(list(application_ids))))
    return {number: RESULTS[state] for number, state in rows}


def queue(state: CaseState | None, *, text: str = "", edition_id: int | None = None) -> Select[Any]:
    """Cases of open plans in a state, as the desk lists them."""
    host = aliased(Organization)
    found = (
        select(func.count())
        .where(ScreeningHit.case_id == ScreeningCase.id, ScreeningHit.gone_at.is_(None))
        .scalar_subquery()
    )
    likest = (
        select(func.max(ScreeningHit.likeness))
        .where(ScreeningHit.case_id == ScreeningCase.id, ScreeningHit.gone_at.is_(None))
        .scalar_subquery()
    )
    query = (
        select(
            ScreeningCase.public_id,
            ScreeningCase.state,
            ScreeningCase.waiting_since,
            ScreeningCase.lift_to,
            Application.reference,
            Application.snapshot["theme_ja"].as_string().label("theme_ja"),
            Application.snapshot["theme_en"].as_string().label("theme_en"),
            host.name_ja.label("host_ja"),
            host.name_en.label("host_en"),
            found.label("found"),
            likest.label("likest"),
        )
        .join(Application, Application.id == ScreeningCase.application_id)
        .join(host, host.id == Application.host_institution_id)
        .where(is_open())
    )
    if state is not None:
        query = query.where(ScreeningCase.state == state)
    return text_search.matching(query, Application, text) if text else query


def tally() -> dict[CaseState, int]:
    """How many cases of open plans are in each state."""
    query = (
        select(ScreeningCase.state, func.count())
        .join(Application, Application.id == ScreeningCase.application_id)
        .where(is_open())
        .group_by(ScreeningCase.state)
    )
    counted = {row[0]: row[1] for row in db.session.execute(query)}
    return {state: counted.get(state, 0) for state in CaseState}


def neighbours(case: ScreeningCase, state: CaseState) -> tuple[str | None, str | None]:
    """The public ids of the cases before and after one, among those that wait in a state, the oldest first."""
    place = (ScreeningCase.waiting_since, ScreeningCase.id)
    here = (case.waiting_since, case.id)
    query = (
        select(ScreeningCase.public_id)
        .join(Application, Application.id == ScreeningCase.application_id)
        .where(is_open(), ScreeningCase.state == state, ScreeningCase.id != case.id)
    )
    earlier = or_(place[0] < here[0], and_(place[0] == here[0], place[1] < here[1]))
    before = query.where(earlier).order_by(place[0].desc(), place[1].desc()).limit(1)
    after = query.where(~earlier).order_by(*place).limit(1)
    return db.session.scalar(before), db.session.scalar(after)


def first_waiting() -> tuple[int, Any]:
    """How many cases wait for a person, and since when the oldest does."""
    query = (
        select(func.count(), func.min(ScreeningCase.waiting_since))
        .join(Application, Application.id == ScreeningCase.application_id)
        .where(is_open(), ScreeningCase.state == CaseState.EXAMINE)
    )
    number, since = db.session.execute(query).one()
    return number, since


def to_lift(without: int | None) -> list[Row[Any]]:
    """Holds that somebody else proposed to lift."""
    query = (
        select(ScreeningCase.public_id, Application.reference)
        .join(Application, Application.id == ScreeningCase.application_id)
        .where(
            is_open(), ScreeningCase.lift_to.is_not(None), ScreeningCase.lift_proposed_by_id.is_distinct_from(without)
        )
        .order_by(ScreeningCase.lift_proposed_at, ScreeningCase.id)
        .limit(20)
    )
    return list(db.session.execute(query))


def proposal_of(case: ScreeningCase) -> ScreeningNote | None:
    """Why the hold should be lifted, in the words of who proposes it."""
    query = select(ScreeningNote).where(ScreeningNote.case_id == case.id, ScreeningNote.kind == NoteKind.PROPOSAL)
    return db.session.scalar(query.order_by(ScreeningNote.id.desc()).limit(1))


def case_of(application_id: int) -> ScreeningCase | None:
    """The case of a plan, without its evidence."""
    return db.session.scalar(select(ScreeningCase).where(ScreeningCase.application_id == application_id))


def asked_of_hosts(institution_ids: Collection[int]) -> list[Row[Any]]:
    """The plans of these institutions whose hosts are asked to do something."""
    query = (
        select(Application.public_id, Application.reference, Application.theme_ja, Application.theme_en)
        .join(ScreeningCase, ScreeningCase.application_id == Application.id)
        .where(
            is_open(),
            Application.host_institution_id.in_(list(institution_ids)),
            ScreeningCase.state == CaseState.CONDITIONS,
        )
        .order_by(Application.id)
        .limit(20)
    )
    return list(db.session.execute(query))


def adopted_and_not_clear(call: Call) -> list[Row[Any]]:
    """Decided plans of a round that are to be adopted while their screening is not settled: number and state."""
    query = (
        select(Application.reference, ScreeningCase.state)
        .join(ScreeningCase, ScreeningCase.application_id == Application.id)
        .join(Decision, Decision.application_id == Application.id)
        .where(
            Application.call_id == call.id,
            Application.state == ApplicationState.DECIDED,
            Decision.outcome == Outcome.ADOPTED,
            ScreeningCase.state.in_((CaseState.HOLD, CaseState.EXAMINE)),
        )
        .order_by(Application.reference)
    )
    return list(db.session.execute(query))

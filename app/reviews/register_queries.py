"""Every SELECT on the register of experts."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.applications.models import Application
from app.calls.models import Call
from app.core import authz, clock
from app.core import search as text_search
from app.core.authz import Actor
from app.core.db import db
from app.core.listing import Sort
from app.directory.models import Organization
from app.reviews.models import Conflict, ReviewAssignment, Reviewer, ReviewerField
from app.reviews.vocabulary import AssignmentState, ReviewerState

#: Readings that still take an expert's time.
AT_HAND = (AssignmentState.PROPOSED, AssignmentState.SENT, AssignmentState.ACCEPTED)
SORTS = {"name": Sort(Reviewer.sort_name), "newest": Sort(Reviewer.id, descending=True)}
FOR_PAGE = (selectinload(Reviewer.fields), selectinload(Reviewer.absences), joinedload(Reviewer.organization))

_load = (
    select(func.count(ReviewAssignment.id))
    .where(ReviewAssignment.reviewer_id == Reviewer.id, ReviewAssignment.state.in_(AT_HAND))
    .correlate(Reviewer)
    .scalar_subquery()
)


def listed(
    actor: Actor, *, text: str = "", field: str = "", language: str = "", state: str = "", load: str = ""
) -> Select[Any]:
    """The experts a reader may know, with the number of plans each has at hand; those who have ended only if asked."""
    query: Any = authz.visible(actor, "reviewer:view", Reviewer).with_only_columns(
        Reviewer.id,
        Reviewer.public_id,
        Reviewer.name_ja,
        Reviewer.name_en,
        Reviewer.affiliation,
        Organization.name_ja.label("organization_ja"),
        Organization.name_en.label("organization_en"),
        Reviewer.state,
        Reviewer.reads_japanese,
        Reviewer.reads_english,
        Reviewer.capacity,
        Reviewer.term_from,
        Reviewer.term_until,
        Reviewer.email,
        _load.label("load"),
    )
    query = query.outerjoin(Organization, Organization.id == Reviewer.organization_id)
    for phrase in text_search.phrases(text):
        query = query.where(Reviewer.search_text.like(f"% {phrase}%"))
    if field:
        judging = select(ReviewerField.reviewer_id).where(ReviewerField.field_of_science == field)
        query = query.where(Reviewer.id.in_(judging))
    if language in ("ja", "en"):
        query = query.where(Reviewer.reads_japanese if language == "ja" else Reviewer.reads_english)
    if state in set(ReviewerState):
        query = query.where(Reviewer.state == ReviewerState(state))
    else:
        query = query.where(Reviewer.state != ReviewerState.ENDED)
    loads = {"none": _load == 0, "some": and_(_load > 0, _load < Reviewer.capacity), "full": _load >= Reviewer.capacity}
    return query.where(loads[load]) if load in loads else query


def fields_of(numbers: Sequence[int]) -> dict[int, list[str]]:
    """The fields of science of some experts, by expert."""
    found: dict[int, list[str]] = defaultdict(list)
    query = select(ReviewerField.reviewer_id, ReviewerField.field_of_science).where(
        ReviewerField.reviewer_id.in_(numbers)
    )
    for number, name in db.session.execute(query.order_by(ReviewerField.field_of_science)):
        found[number].append(name)
    return found


def rounds_of(reviewer: Reviewer) -> list[Row[Any]]:
    """How many readings of each round an expert has in each state, the newest round first."""
    query = (
        select(Call.public_id, Call.fiscal_year, Call.label, ReviewAssignment.state, func.count().label("number"))
        .join(Call, Call.id == ReviewAssignment.call_id)
        .where(ReviewAssignment.reviewer_id == reviewer.id)
        .group_by(Call.id, ReviewAssignment.state)
        .order_by(Call.closes_at.desc(), ReviewAssignment.state)
    )
    return list(db.session.execute(query))


def conflicts_of(actor: Actor, reviewer: Reviewer, limit: int = 200) -> list[Row[Any]]:
    """The conflicts of an expert with plans the reader may know, the newest plans first."""
    query = (
        select(
            Conflict.reason,
            Conflict.note,
            Conflict.created_at,
            Application.public_id,
            Application.reference,
            Application.theme_ja,
            Application.theme_en,
        )
        .join(Application, Application.id == Conflict.application_id)
        .where(Conflict.reviewer_id == reviewer.id, authz.condition(actor, "application:view", Application))
    )
    return list(db.session.execute(query.order_by(Application.id.desc(), Conflict.id).limit(limit)))


def own(actor: Actor) -> Reviewer | None:
    """The entry of the person who acts."""
    query = authz.visible(actor, "reviewer:edit-own", Reviewer).where(Reviewer.state != ReviewerState.ENDED)
    return db.session.scalar(query.options(*FOR_PAGE))


def coming_rounds() -> list[Call]:
    """The rounds an expert may still be given plans of: published, results not released, the next one first."""
    query = select(Call).where(
        Call.is_draft.is_(False),
        Call.released_at.is_(None),
        or_(Call.closes_at >= clock.now(), Call.notice_on >= clock.today()),
    )
    return list(db.session.scalars(query.order_by(Call.closes_at, Call.id).limit(12)))


def everybody() -> list[Reviewer]:
    """All experts who have not ended, by name."""
    query = select(Reviewer).where(Reviewer.state != ReviewerState.ENDED)
    return list(db.session.scalars(query.order_by(Reviewer.sort_name, Reviewer.id)))

"""SELECTs on the queue of plans that wait for their formal check: narrowed, counted, from one plan to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Bundle, aliased

from app.accounts.models import User
from app.applications import queries as plans
from app.applications.models import Application, ApplicationState
from app.calls.models import Call, Course, CourseCode
from app.checking.models import CheckClaim, CheckSheet
from app.checking.vocabulary import Found, Held
from app.core import authz, clock
from app.core.authz import Actor
from app.core.db import db
from app.core.listing import Sort
from app.directory.models import HostInstitution

S = ApplicationState
SORTS = {
    "received": Sort(plans.RECEIVED),
    "reference": Sort(func.coalesce(Application.reference, "")),
    "host": Sort(HostInstitution.sort_name),
}
GONE = (S.DRAFT, S.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue is narrowed to; carried from one plan to the next. Unknown words narrow nothing."""

    call: str = ""
    course: str = ""
    found: str = ""
    held: str = ""
    text: str = ""

    def arguments(self) -> dict[str, Any]:
        """For addresses: only what narrows."""
        named = {"call": self.call, "course": self.course, "found": self.found, "held": self.held}
        named["q"] = self.text
        return {name: value for name, value in named.items() if value}


def queue(actor: Actor, filters: Filters) -> Select[Any]:
    """The plans that wait for their formal check, as the queue shows them (columns, no entities)."""
    return _narrowed(_beside(select(*_columns())), actor, filters)


def as_found(actor: Actor) -> Select[Any]:
    """The same plans, each as one thing with whether its person in charge stands in another: for acting on many."""
    found: Any = Bundle("plan", *_columns(), _same_principal().label("is_repeated"))
    return _narrowed(_beside(select(found)), actor, Filters())


def _columns() -> tuple[Any, ...]:
    return (
        Application.id,
        Application.public_id,
        Application.reference,
        Application.theme_ja,
        Application.theme_en,
        Application.submitted_at,
        Application.host_institution_id,
        (Application.return_reason != "").label("is_back"),
        HostInstitution.name_ja.label("host_ja"),
        HostInstitution.name_en.label("host_en"),
        Course.code,
        Call.fiscal_year,
        Call.label.label("call_label"),
        CheckSheet.broken,
        CheckSheet.unsure,
        CheckSheet.similar,
        CheckSheet.compared_at,
        CheckSheet.principal_key,
        _claimed(User.name).label("holder"),
        _claimed(CheckClaim.user_id).label("holder_id"),
        _claimed(CheckClaim.until).label("held_until"),
    )


def _claimed(column: Any) -> ColumnElement[Any]:
    """A column of a claim that has not lapsed."""
    return case((CheckClaim.until > clock.now(), column))


def _beside(query: Select[Any]) -> Select[Any]:
    return (
        query.join(HostInstitution, HostInstitution.id == Application.host_institution_id)
        .join(Course, Course.id == Application.course_id)
        .join(Call, Call.id == Application.call_id)
        .outerjoin(CheckSheet, CheckSheet.application_id == Application.id)
        .outerjoin(CheckClaim, CheckClaim.application_id == Application.id)
        .outerjoin(User, User.id == CheckClaim.user_id)
    )


def _narrowed(query: Select[Any], actor: Actor, filters: Filters) -> Select[Any]:
    query = query.where(Application.state == S.SUBMITTED, authz.condition(actor, "application:check", Application))
    if filters.call:
        query = query.where(Call.public_id == filters.call)
    if filters.course in list(CourseCode):
        query = query.where(Course.code == CourseCode(filters.course))
    if filters.found in list(Found):
        query = query.where(_found(Found(filters.found)))
    if filters.held in list(Held):
        query = query.where(_held(Held(filters.held), actor))
    if filters.text:
        query = query.where(_says(filters.text))
    return query


def _says(words: str) -> ColumnElement[bool]:
    """The number of the plan, its theme, or the name of its host."""
    columns = (
        Application.reference,
        Application.theme_ja,
        Application.theme_en,
        HostInstitution.name_ja,
        HostInstitution.name_en,
    )
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


def _found(found: Found) -> ColumnElement[bool]:
    broken = func.coalesce(CheckSheet.broken + CheckSheet.unsure, 0) > 0
    similar = func.coalesce(CheckSheet.similar, 0) > 0
    anything = or_(broken, similar, _same_principal())
    # A plan nobody has compared yet is no plan about which nothing was found.
    nothing = and_(~anything, CheckSheet.compared_at.is_not(None))
    terms = {Found.RULES: broken, Found.SIMILAR: similar, Found.REPEATED: _same_principal()}
    terms |= {Found.ANYTHING: anything, Found.NOTHING: nothing, Found.BACK: Application.return_reason != ""}
    return terms[found]


def _same_principal() -> ColumnElement[bool]:
    """Whether the person in charge stands in another plan of the year."""
    other, plan = aliased(CheckSheet), aliased(Application)
    return (
        select(other.id)
        .join(plan, plan.id == other.application_id)
        .where(
            other.fiscal_year == CheckSheet.fiscal_year,
            other.principal_key == CheckSheet.principal_key,
            other.principal_key != "",
            other.application_id != CheckSheet.application_id,
            plan.state.not_in(GONE),
        )
        .exists()
    )


def _held(held: Held, actor: Actor) -> ColumnElement[bool]:
    holder = _claimed(CheckClaim.user_id)
    if held is Held.NOBODY:
        return holder.is_(None)
    return holder == actor.id if held is Held.ME else and_(holder.is_not(None), holder != actor.id)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The plans before and after one in the queue (public ids), and the next nobody else works on."""

    before: str | None
    after: str | None
    free: str | None


def neighbours(actor: Actor, application: Application, filters: Filters) -> Neighbours:
    """Who stands around a plan in the queue, by time of receipt. The plan need not be in the queue itself."""
    ordered = select(Application.public_id, Application.id, Application.submitted_at, _claimed(CheckClaim.user_id))
    rows = db.session.execute(
        _narrowed(_beside(ordered), actor, filters).order_by(Application.submitted_at, Application.id)
    ).all()
    here = (application.submitted_at, application.id)
    before = [row for row in rows if (row.submitted_at, row.id) < here]
    after = [row for row in rows if (row.submitted_at, row.id) > here]
    free = next((row[0] for row in (*after, *before) if row[3] in (None, actor.id)), None)
    return Neighbours(before[-1][0] if before else None, after[0][0] if after else None, free)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is checked."""

    checked: int
    waiting: int
    returned: int

    @property
    def total(self) -> int:
        return self.checked + self.waiting + self.returned


def progress(call_id: int) -> Progress:
    """How many plans of a round are checked, wait, or were returned and are not back."""
    query = (
        select(Application.state, func.count())
        .where(Application.call_id == call_id, Application.submitted_at.is_not(None), Application.state.not_in(GONE))
        .group_by(Application.state)
    )
    by_state: dict[Any, int] = {state: number for state, number in db.session.execute(query)}
    waiting, returned = by_state.pop(S.SUBMITTED, 0), by_state.pop(S.RETURNED, 0)
    return Progress(sum(by_state.values()), waiting, returned)


def rounds(actor: Actor) -> list[Row[Any]]:
    """The rounds in which plans wait: id, fiscal year, label, number; the oldest first."""
    query = (
        select(Call.public_id, Call.fiscal_year, Call.label, func.count(Application.id).label("number"))
        .join(Application, Application.call_id == Call.id)
        .where(Application.state == S.SUBMITTED, authz.condition(actor, "application:check", Application))
        .group_by(Call.id)
    )
    return list(db.session.execute(query.order_by(Call.closes_at, Call.id)))


def repeated(rows: Sequence[Row[Any]]) -> dict[int, int]:
    """In how many other plans of its year the person in charge of each row stands; by plan. One query."""
    keys = {(row.fiscal_year, row.principal_key) for row in rows if row.principal_key}
    if not keys:
        return {}
    query = (
        select(CheckSheet.fiscal_year, CheckSheet.principal_key, func.count())
        .join(Application, Application.id == CheckSheet.application_id)
        .where(CheckSheet.principal_key.in_([key for _year, key in keys]), Application.state.not_in(GONE))
        .group_by(CheckSheet.fiscal_year, CheckSheet.principal_key)
    )
    counted = {(year, key): number for year, key, number in db.session.execute(query)}
    found = {row.id: counted.get((row.fiscal_year, row.principal_key), 1) - 1 for row in rows if row.principal_key}
    return {plan: number for plan, number in found.items() if number}

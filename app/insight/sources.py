"""The SELECTs that make the summary: here stands what counts; insight/definitions.html says the same in words.

Who came: everybody on the roster of a visit that has begun (in progress, reported or completed), on the day of entry,
unless the host noted that the person did not take part. Online exchange brings nobody to Japan and is left out.
Returns: those somebody confirmed. Nothing after the day of the summary counts.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, extract, func, literal, select, union_all
from sqlalchemy.orm import aliased

from app.alumni.models import Revisit, RevisitState
from app.applications.models import ParticipantRole
from app.calls.models import Course, CourseCode
from app.insight.models import NOBODY, RevisitDay, VisitorDay
from app.invitees.models import Invitee
from app.visits.models import Participation, Visit, VisitState

CAME = (VisitState.IN_PROGRESS, VisitState.REPORTED, VisitState.COMPLETED)

DAY_TOTALS = (
    "invitees",
    "supervisors",
    "sending_organizations",
    "host_institutions",
    "countries",
    "revisits",
    "people",
    "revisitors",
)


def came(until: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which a part in a visit counts, on the joined tables of visit, participation and course."""
    return (
        Visit.state.in_(CAME),
        Visit.starts_on <= until,
        Participation.took_part.is_not(False),
        Course.code != CourseCode.ONLINE,
    )


def fiscal_year_of(day: Any) -> ColumnElement[int]:
    """The fiscal year of a day column, by the database: named after the calendar year of its first of April."""
    return extract("year", day) - case((extract("month", day) < 4, 1), else_=0)


def visitor_days(until: date) -> Select[*tuple[Any, ...]]:
    """Rows of `VisitorDay`."""
    dimensions = (
        Visit.starts_on.label("day"),
        fiscal_year_of(Visit.starts_on).label("fiscal_year"),
        Invitee.nationality.label("country"),
        Visit.host_institution_id,
        Course.code.label("course"),
        func.coalesce(Participation.sending_organization_id, NOBODY).label("sending_organization_id"),
    )
    return (
        select(
            *dimensions,
            func.sum(case((Participation.role == ParticipantRole.INVITEE, 1), else_=0)).label("invitees"),
            func.sum(case((Participation.role == ParticipantRole.SUPERVISOR, 1), else_=0)).label("supervisors"),
        )
        .select_from(Participation)
        .join(Visit, Visit.id == Participation.visit_id)
        .join(Course, Course.id == Visit.course_id)
        .join(Invitee, Invitee.id == Participation.invitee_id)
        .where(*came(until))
        .group_by(*(column.element if hasattr(column, "element") else column for column in dimensions))
    )


def visitor_sums(by: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """Rows of `VisitorFigure` by those dimensions; the others stand at their value for «all»."""
    day = VisitorDay
    everything: dict[str, Any] = {"fiscal_year": 0, "country": "", "host_institution_id": 0, "course": ""}
    columns = [getattr(day, name) if name in by else literal(value).label(name) for name, value in everything.items()]
    return (
        select(
            literal(",".join(by)).label("dimensions"),
            *columns,
            func.sum(day.invitees).label("invitees"),
            func.sum(day.supervisors).label("supervisors"),
            func.count(distinct(func.nullif(day.sending_organization_id, NOBODY))).label("sending_organizations"),
            func.count(distinct(day.host_institution_id)).label("host_institutions"),
            func.count(distinct(day.country)).label("countries"),
        )
        .group_by(*(getattr(day, name) for name in by))
        .having(func.count() > 0)
    )


def revisit_days(until: date) -> Select[*tuple[Any, ...]]:
    """Rows of `RevisitDay`: every confirmed return, and which of them is the person's first of its kind and of any."""
    order = (Revisit.starts_on, Revisit.id)
    returns = (
        select(
            Revisit.invitee_id,
            Revisit.kind,
            Revisit.starts_on.label("day"),
            func.row_number().over(partition_by=(Revisit.invitee_id, Revisit.kind), order_by=order).label("of_kind"),
            func.row_number().over(partition_by=Revisit.invitee_id, order_by=order).label("of_any"),
            _first_part(Revisit.invitee_id, until).label("first_part_id"),
        )
        .where(Revisit.state == RevisitState.VERIFIED, Revisit.starts_on <= until)
        .subquery("returns")
    )
    first = aliased(Participation, name="first")
    visit, course = aliased(Visit, name="first_visit"), aliased(Course, name="first_course")
    dimensions = (
        returns.c.day,
        fiscal_year_of(returns.c.day).label("fiscal_year"),
        Invitee.nationality.label("country"),
        func.coalesce(visit.host_institution_id, 0).label("host_institution_id"),
        func.coalesce(course.code, "").label("course"),
        returns.c.kind,
    )
    return (
        select(
            *dimensions,
            func.count().label("revisits"),
            func.sum(case((returns.c.of_kind == 1, 1), else_=0)).label("people"),
            func.sum(case((returns.c.of_any == 1, 1), else_=0)).label("revisitors"),
        )
        .select_from(returns)
        .join(Invitee, Invitee.id == returns.c.invitee_id)
        .outerjoin(first, first.id == returns.c.first_part_id)
        .outerjoin(visit, visit.id == first.visit_id)
        .outerjoin(course, course.id == visit.course_id)
        .group_by(*(column.element if hasattr(column, "element") else column for column in dimensions))
    )


def _first_part(invitee_id: Any, until: date) -> Any:
    """The first visit in which a person took part: looked up return by return, along the index of the person.

    Conditions and order are expressions that fit no index of visits: without statistics (after a restore or a bulk
    load) a planner would otherwise walk all visits for every person.
    """
    counts = case((and_(*came(until)), 1), else_=0) == 1
    return (
        select(Participation.id)
        .join(Visit, Visit.id == Participation.visit_id)
        .join(Course, Course.id == Visit.course_id)
        .where(Participation.invitee_id == invitee_id, counts)
        .correlate(Revisit)
        .order_by(func.coalesce(Visit.starts_on, until), Participation.id)
        .limit(1)
        .scalar_subquery()
    )


def revisit_sums() -> Select[*tuple[Any, ...]]:
    """Rows of `RevisitFigure`."""
    day = RevisitDay
    return select(
        day.fiscal_year, day.kind, func.sum(day.revisits), func.sum(day.people), func.sum(day.revisitors)
    ).group_by(day.fiscal_year, day.kind)


def cumulative() -> Select[*tuple[Any, ...]]:
    """Rows of `CumulativeFigure`: what each day added, summed over the days up to it."""
    visitors = select(VisitorDay.day, *_adds(invitees=VisitorDay.invitees, supervisors=VisitorDay.supervisors))
    returns = select(
        RevisitDay.day,
        *_adds(revisits=RevisitDay.revisits, people=RevisitDay.people, revisitors=RevisitDay.revisitors),
    )
    newcomers = [
        _first_days(VisitorDay.sending_organization_id, "sending_organizations"),
        _first_days(VisitorDay.host_institution_id, "host_institutions"),
        _first_days(VisitorDay.country, "countries"),
    ]
    added = union_all(visitors, returns, *newcomers).subquery("added")
    by_day = (
        select(added.c.day, *(func.sum(added.c[name]).label(name) for name in DAY_TOTALS))
        .group_by(added.c.day)
        .subquery("by_day")
    )
    totals = (func.sum(by_day.c[name]).over(order_by=by_day.c.day).label(name) for name in DAY_TOTALS)
    return select(by_day.c.day, *totals)


def _adds(**given: Any) -> list[Any]:
    return [(given[name] if name in given else literal(0)).label(name) for name in DAY_TOTALS]


def _first_days(column: Any, name: str) -> Select[*tuple[Any, ...]]:
    """The day on which each organization, host or country appeared for the first time."""
    firsts = select(func.min(VisitorDay.day).label("day")).group_by(column)
    if name == "sending_organizations":
        firsts = firsts.where(column != NOBODY)
    found = firsts.subquery(name)
    return select(found.c.day, *_adds(**{name: literal(1)}))

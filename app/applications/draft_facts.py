"""The plans being written in a course, as the rules see them: one after the other, in a fixed number of queries.

For those who change rules and steps (`calls.preview`, `calls.usage`): they get counts. The plans themselves
never leave this module.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from app.applications import budget_facts, facts
from app.applications.budgeting import Rate
from app.applications.loading import PARTS
from app.applications.models import Application, ApplicationPartner, ApplicationState
from app.calls import prerequisite_queries, prerequisites, preview
from app.calls.facts import PlanFacts
from app.calls.models import Course
from app.calls.prerequisite_model import Prerequisite
from app.calls.preview import Change, Tally
from app.core.db import db

BEING_WRITTEN = (ApplicationState.DRAFT, ApplicationState.RETURNED)
AT_A_TIME = 200  # rows held of each table


def weigh(course: Course, change: Change) -> Tally:
    """What a change of a rule would do to the plans being written in a course. Stores nothing."""
    asked = change.check_name == facts.CEILING_CHECK
    rates = budget_facts.rates_for(course.fiscal_year, course) if asked else ()
    return preview.tally(change, _plans(course, rates))


def checklists_with(row: Prerequisite) -> int:
    """On the checklists of how many plans being written a step stands, or would stand. Stores nothing."""
    own = {
        other.fiscal_year
        for other in prerequisite_queries.everything()
        if other.code == row.code and other.fiscal_year is not None
    }
    courses = select(Course).where(
        Course.id.in_(select(Application.course_id).where(Application.state.in_(BEING_WRITTEN)))
    )
    return sum(
        prerequisites.is_asked(known, row, course.code)
        for course in db.session.scalars(courses).all()
        if (course.fiscal_year == row.fiscal_year if row.fiscal_year is not None else course.fiscal_year not in own)
        for known in _plans(course)
    )


class _Part:
    """The rows of one table ordered by plan, handed out plan by plan; both sides are read once, side by side."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._groups = groupby(rows, key=attrgetter("application_id"))
        self._held: tuple[int, list[Any]] | None = None

    def of(self, application_id: int) -> list[Any]:
        """The rows of a plan. To be asked for plans in rising order."""
        while self._held is None or self._held[0] < application_id:
            following = next(self._groups, None)
            if following is None:
                return []
            self._held = following[0], list(following[1])
        return self._held[1] if self._held[0] == application_id else []


def _plans(course: Course, rates: Sequence[Rate] = ()) -> Iterator[PlanFacts]:
    """The facts of each plan being written, by number; no more than `AT_A_TIME` rows of a table are held."""
    with ExitStack() as stack:

        def read(query: Select[Any]) -> Iterator[Any]:
            streamed = query.execution_options(yield_per=AT_A_TIME)
            return iter(stack.enter_context(closing(db.session.scalars(streamed))))

        parts = {name: _Part(read(_rows(course, model, order))) for name, (model, order) in PARTS.items()}
        for application in read(_being_written(course)):
            for name, part in parts.items():
                set_committed_value(application, name, part.of(application.id))
            yield facts.with_ceilings(application, rates)


def _being_written(course: Course) -> Select[Any]:
    query = select(Application).where(Application.course_id == course.id, Application.state.in_(BEING_WRITTEN))
    loaded = (joinedload(Application.call), joinedload(Application.host_institution))
    return query.options(*loaded).order_by(Application.id)


def _rows(course: Course, model: Any, order: tuple[Any, ...]) -> Select[Any]:
    query = select(model).join(Application, Application.id == model.application_id)
    query = query.where(Application.course_id == course.id, Application.state.in_(BEING_WRITTEN))
    if model is ApplicationPartner:
        query = query.options(joinedload(ApplicationPartner.organization))
    return query.order_by(model.application_id, *order)

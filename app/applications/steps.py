"""The checklist of an exchange plan: its steps with their latest dates, and who said that one is done."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from types import MappingProxyType

from app.applications import facts, step_queries
from app.applications.models import Application, ApplicationState
from app.applications.step_model import ApplicationStepDone
from app.calls import prerequisite_queries, prerequisites
from app.calls.facts import PlanFacts
from app.calls.prerequisites import Step, StepState
from app.core import clock

#: The states in which a plan may have a visit.
WITH_VISIT = (ApplicationState.ADOPTED, ApplicationState.COMPLETED)
ENDED = (ApplicationState.DECLINED, ApplicationState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What the visit of an adopted plan knows better than the plan."""

    starts_on: date | None
    ends_on: date | None
    names_known: bool = False
    is_cancelled: bool = False


_visits: list[Callable[[Collection[int]], Mapping[int, VisitFacts]]] = []


def ask_visits(provider: Callable[[Collection[int]], Mapping[int, VisitFacts]]) -> None:
    """Say who knows the visits of plans, by the plans' numbers. `wiring` does, because visits come after plans."""
    _visits[:] = [provider]


@dataclass(frozen=True, slots=True)
class Checklist:
    """The steps of a plan as its page shows them."""

    steps: tuple[Step, ...]
    ticks: Mapping[str, ApplicationStepDone]

    @property
    def overdue(self) -> list[Step]:
        return [step for step in self.steps if step.state is StepState.OVERDUE]

    @property
    def undated(self) -> list[Step]:
        """Steps whose day cannot be told yet, done or not."""
        return [step for step in self.steps if step.latest is None]

    @property
    def months(self) -> list[tuple[date, list[Step]]]:
        """All others by month (its first day), in order."""
        dated = [step for step in self.steps if step.latest is not None and step.state is not StepState.OVERDUE]
        return [(month, list(found)) for month, found in groupby(dated, key=_month)]

    @property
    def number_done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def following(self) -> Step | None:
        return prerequisites.following(self.steps)


def _month(step: Step) -> date:
    return (step.latest or date.max).replace(day=1)


def is_ended(application: Application) -> bool:
    """Whether nothing is to be done for a plan any more, because it was declined or withdrawn."""
    return application.state in ENDED


def of(application: Application, known: PlanFacts | None = None) -> Checklist:
    """The checklist of a plan; empty once it was declined or withdrawn, or its visit cancelled.

    `known`: the facts of the plan, where they are told already.
    """
    return of_many([application], {application.id: known} if known is not None else {})[application.id]


def of_many(
    applications: Sequence[Application], known: Mapping[int, PlanFacts] = MappingProxyType({})
) -> dict[int, Checklist]:
    """The checklists of plans by their number, in a fixed number of queries."""
    numbers = [application.id for application in applications]
    rows, ticks = prerequisite_queries.everything(), step_queries.ticked(numbers)
    planned = [application.id for application in applications if application.state in WITH_VISIT]
    visits = _visits[0](planned) if _visits and planned else {}
    return {
        application.id: Checklist(
            tuple(
                _steps(application, known.get(application.id), rows, ticks[application.id], visits.get(application.id))
            ),
            ticks[application.id],
        )
        for application in applications
    }


def _steps(
    application: Application,
    known: PlanFacts | None,
    rows: Iterable[prerequisites.Prerequisite],
    ticks: Collection[str],
    visit: VisitFacts | None,
) -> list[Step]:
    if is_ended(application) or (visit is not None and visit.is_cancelled):
        return []
    known = known or facts.facts_of(application)
    if visit is not None:
        starts_on, ends_on = visit.starts_on or known.starts_on, visit.ends_on or known.ends_on
        known = replace(known, starts_on=starts_on, ends_on=ends_on, names_known=visit.names_known)
    holding = prerequisites.in_force(rows, application.call.fiscal_year)
    return prerequisites.steps(known, holding, course=application.course.code, done=ticks, today=clock.today())

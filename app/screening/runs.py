"""When plans are screened: at submission, when a name in the directory changes, all open ones with a new edition."""

from collections.abc import Callable
from typing import Any

from app.applications.models import Application
from app.core import jobs
from app.core.background_job import BackgroundJob
from app.core.workflow import Moved
from app.directory.events import NamesChanged, RegisterRead
from app.screening import plan_queries, queries, screening

BATCH = 20  # plans screened in one transaction: SQLite's only writer must not be kept waiting
ONE, OF_ORGANIZATION, ALL = "screening.plan", "screening.organization", "screening.all"

Progress = Callable[[int, int], None]


def count() -> int:
    """How many plans a run over all open ones looks at."""
    return plan_queries.count_open()


def screen_all(progress: Progress) -> dict[str, Any]:
    """Screen every open plan with the current edition, batch by batch; a plan screened twice is none the worse."""
    edition = queries.current_edition()
    if edition is None:
        return {}
    total, done, waiting, last = count(), 0, 0, 0
    while plans := plan_queries.open_plans(last, BATCH):
        waiting += screening.screen(plans, edition)
        done, last = done + len(plans), plans[-1].id
        progress(done, max(total, done))
    return {"plans": done, "waiting": waiting}


def after_submission(fact: Moved) -> None:
    """A plan was submitted, for the first time or again: its names are compared."""
    if fact.workflow == "application" and fact.verb == "submit" and queries.has_edition():
        application: Application = fact.subject
        jobs.enqueue(ONE, application=application.id)


def after_names_changed(fact: NamesChanged) -> None:
    """An organization is called otherwise: the open plans it stands in are compared again."""
    if queries.has_edition():
        jobs.enqueue(OF_ORGANIZATION, organization=fact.organization.id)


def after_register(_fact: RegisterRead) -> None:
    """A public register was read in: any name may be another."""
    if queries.has_edition():
        jobs.enqueue(ALL)


@jobs.handler(ONE)
def screen_one(job: BackgroundJob, _context: jobs.Context) -> dict[str, Any]:
    """Screen one plan."""
    return _screen([job.params["application"]])


@jobs.handler(OF_ORGANIZATION)
def screen_of_organization(job: BackgroundJob, _context: jobs.Context) -> dict[str, Any]:
    """Screen the open plans an organization stands in."""
    return _screen(plan_queries.plans_with(job.params["organization"]))


@jobs.handler(ALL)
def screen_every_one(_job: BackgroundJob, context: jobs.Context) -> dict[str, Any]:
    """Screen every open plan with the edition in use."""
    return screen_all(context.progress)


def _screen(numbers: list[int]) -> dict[str, Any]:
    edition = queries.current_edition()
    plans = plan_queries.plans(numbers) if edition is not None else []
    if edition is None or not plans:
        return {}
    return {"plans": len(plans), "waiting": screening.screen(plans, edition)}

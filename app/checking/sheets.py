"""What is found about plans when they come in: counted at once, compared with other plans by a job.

A comparison looks at the plans of the same fiscal year and the three before. It reads, frees the database, reckons, and
writes what it found in both directions, so that the page of either plan shows the other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import aliased, joinedload

from app.applications.models import Application, ApplicationPartner, ApplicationState
from app.applications.named_models import PlannedPerson
from app.applications.queries import AFTER_A_DRAFT
from app.calls.models import Call, Severity
from app.checking import likeness
from app.checking.models import CheckSheet, SimilarPlan
from app.core import clock, crypto, jobs
from app.core.background_job import BackgroundJob
from app.core.db import db
from app.core.workflow import Moved

JOB = "checking.compare"
YEARS_BEFORE = 3
BATCH = 20
Free = Callable[[int, int], None]  # frees the database between reading and writing; told how far the work is


def after_submission(fact: Moved) -> None:
    """A plan was submitted, for the first time or again: count what its rules found, have it compared."""
    if fact.workflow != "application" or fact.verb != "submit":
        return
    note(fact.subject)
    jobs.enqueue(JOB)


def note(application: Application) -> CheckSheet:
    """Write down what was found about a plan, by what was frozen at its submission. Stored; not compared yet."""
    assert application.submitted_at is not None
    found = _found(application, application.submitted_at)
    sheet = db.session.scalar(select(CheckSheet).where(CheckSheet.application_id == application.id))
    if sheet is None:
        sheet = CheckSheet(application_id=application.id)
    for name, value in found.items():
        setattr(sheet, name, value)
    db.session.add(sheet)
    db.session.flush()
    return sheet


def _found(application: Application, submitted_at: datetime) -> dict[str, Any]:
    frozen: Mapping[str, Any] = application.snapshot or {}
    said = likeness.folded(
        application.id, *(str(frozen.get(name) or "") for name in ("theme_ja", "theme_en", "purpose"))
    )
    address = str(frozen.get("principal_email") or "").strip().casefold()
    return {
        "submitted_at": submitted_at,
        "fiscal_year": application.call.fiscal_year,
        "broken": sum(_is_broken(verdict) for verdict in application.verdicts or []),
        "unsure": sum(_is_unsure(verdict) for verdict in application.verdicts or []),
        "principal_key": crypto.blind_index("check-principal", address) if address else "",
        "themes": list(said.themes),
        "text": said.text,
        "compared_at": None,
    }


def _is_broken(verdict: Mapping[str, Any]) -> bool:
    """A rule that does not hold: at a submission only one that should hold can be."""
    return verdict.get("holds") is False


def _is_unsure(verdict: Mapping[str, Any]) -> bool:
    """A rule the plan gives no answer to; ages are answered by the roster and are no matter of the check."""
    advises = verdict.get("severity") != Severity.BLOCKS.value
    return verdict.get("holds") is None and not verdict.get("awaits_people") and advises


@jobs.handler(JOB)
def compare_by_job(_job: BackgroundJob, context: jobs.Context) -> dict[str, Any]:
    """Compare whatever is not compared yet."""
    return {"plans": compare_waiting(context.progress)}


def compare_waiting(free: Free = lambda _done, _total: None) -> int:
    """Compare every plan that came in and is not compared yet, batch by batch; returns how many. Safe to repeat."""
    done = 0
    while sheets := _waiting():
        _compare(sheets, lambda: free(done, done + len(sheets)))  # noqa: B023 -- called before the loop goes on
        done += len(sheets)
        free(done, done)
    return done


def _waiting() -> list[CheckSheet]:
    """Sheets of one fiscal year that are not compared, the oldest first."""
    query = select(CheckSheet).where(CheckSheet.compared_at.is_(None))
    found = list(db.session.scalars(query.order_by(CheckSheet.fiscal_year, CheckSheet.id).limit(BATCH)))
    return [sheet for sheet in found if sheet.fiscal_year == found[0].fiscal_year]


def _compare(sheets: Sequence[CheckSheet], free: Callable[[], None]) -> None:
    numbers = {sheet.application_id: sheet.submitted_at for sheet in sheets}
    year = sheets[0].fiscal_year
    texts = _texts(year)
    asked = [text for text in texts if text.number in numbers]
    found: dict[tuple[int, int], dict[str, Any]] = {}

    def pair(one: int, other: int, **what: Any) -> None:
        found.setdefault((one, other), {"likeness": 0, "same_pair": False, "people": 0}).update(what)

    for one, other in _same_host_and_partner(list(numbers), year):
        pair(one, other, same_pair=True)
    for one, other, people in _same_people(list(numbers), year):
        pair(one, other, people=people)
    free()
    for one, other, per_cent in likeness.alike(asked, texts):
        pair(one, other, likeness=per_cent)
    _store(numbers, found)


def _years(year: int) -> tuple[int, int]:
    """A plan is compared with those before it; those after it were compared with it when they came in."""
    return year - YEARS_BEFORE, year + YEARS_BEFORE


def _texts(year: int) -> list[likeness.PlanText]:
    query = (
        select(CheckSheet.application_id, CheckSheet.themes, CheckSheet.text)
        .join(Application, Application.id == CheckSheet.application_id)
        .where(CheckSheet.fiscal_year.between(*_years(year)), Application.state != ApplicationState.WITHDRAWN)
    )
    return [
        likeness.PlanText(number, tuple(themes), text)
        for number, themes, text in db.session.execute(query.order_by(CheckSheet.application_id))
    ]


def _two_plans(numbers: Sequence[int], year: int) -> tuple[Any, Any, list[Any]]:
    """Plans asked for and others of the years looked at, whose content is no draft; for a join."""
    one, other = aliased(Application), aliased(Application)
    years = select(Call.id).where(Call.fiscal_year.between(*_years(year)))
    terms = [
        one.id.in_(numbers),
        other.id != one.id,
        other.call_id.in_(years),
        other.submitted_at.is_not(None),
        other.state.not_in(AFTER_A_DRAFT),
    ]
    return one, other, terms


def _same_host_and_partner(numbers: Sequence[int], year: int) -> Iterable[tuple[int, int]]:
    one, other, terms = _two_plans(numbers, year)
    ours, theirs = aliased(ApplicationPartner), aliased(ApplicationPartner)
    query = (
        select(one.id, other.id)
        .join(ours, ours.application_id == one.id)
        .join(theirs, theirs.organization_id == ours.organization_id)
        .join(other, other.id == theirs.application_id)
        .where(*terms, other.host_institution_id == one.host_institution_id)
        .distinct()
    )
    return [(first, second) for first, second in db.session.execute(query)]


def _same_people(numbers: Sequence[int], year: int) -> Iterable[tuple[int, int, int]]:
    """By the keyed index of passport numbers, the only one kept: names are never compared here."""
    one, other, terms = _two_plans(numbers, year)
    ours, theirs = aliased(PlannedPerson), aliased(PlannedPerson)
    query = (
        select(one.id, other.id, func.count(ours.id.distinct()))
        .join(ours, ours.application_id == one.id)
        .join(theirs, theirs.number_index == ours.number_index)
        .join(other, other.id == theirs.application_id)
        .where(*terms, ours.number_index != "")
        .group_by(one.id, other.id)
    )
    return [(first, second, people) for first, second, people in db.session.execute(query)]


def _store(numbers: Mapping[int, datetime], found: Mapping[tuple[int, int], Mapping[str, Any]]) -> None:
    """Put what was found in place of what stood there, in both directions, and count again."""
    asked = list(numbers)
    was = select(SimilarPlan.other_id).where(SimilarPlan.application_id.in_(asked))
    touched = {*asked, *db.session.scalars(was), *(other for _one, other in found)}
    db.session.execute(
        delete(SimilarPlan).where(or_(SimilarPlan.application_id.in_(asked), SimilarPlan.other_id.in_(asked)))
    )
    both = {(one, other): what for (one, other), what in found.items()}
    both |= {(other, one): what for (one, other), what in found.items()}
    if both:
        rows = [{"application_id": one, "other_id": other, **what} for (one, other), what in sorted(both.items())]
        db.session.execute(insert(SimilarPlan), rows)
    # The same host with the same partner is how exchange goes on: it is shown, and counts as no finding by itself.
    tells = or_(SimilarPlan.likeness > 0, SimilarPlan.people > 0)
    counted = select(func.count()).where(SimilarPlan.application_id == CheckSheet.application_id, tells)
    db.session.execute(
        update(CheckSheet)
        .where(CheckSheet.application_id.in_(touched))
        .values(similar=counted.scalar_subquery())
        .execution_options(synchronize_session=False)
    )
    for plan, submitted_at in numbers.items():  # one submitted again meanwhile is compared again
        stands = (CheckSheet.application_id == plan, CheckSheet.submitted_at == submitted_at)
        db.session.execute(
            update(CheckSheet)
            .where(*stands)
            .values(compared_at=clock.now())
            .execution_options(synchronize_session=False)
        )
    db.session.expire_all()


def catch_up() -> int:
    """Note the plans that came in before there was a check, or whose note is older than they are; returns how many."""
    query = (
        select(Application)
        .outerjoin(CheckSheet, CheckSheet.application_id == Application.id)
        .where(
            Application.snapshot_sha256.is_not(None),
            or_(CheckSheet.id.is_(None), CheckSheet.submitted_at != Application.submitted_at),
        )
        .options(joinedload(Application.call))
        .order_by(Application.id)
        .limit(BATCH)
    )
    done = 0
    while found := list(db.session.scalars(query)):
        for application in found:
            note(application)
        done += len(found)
    return done

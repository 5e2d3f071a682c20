"""Verbs on conflicts of interest: declare one, look for those that facts show, and what follows from either.

A conflict takes the plan out of its expert's sight in the same transaction; what the expert has written is kept, set
aside. Nobody can override one: a detected conflict goes when its facts have gone, a declared one stays.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from app.accounts import queries as accounts
from app.applications.models import Application
from app.core import audit, authz, jobs, outbox
from app.core.authz import SYSTEM, Actor, Role
from app.core.background_job import BackgroundJob
from app.core.db import db, is_sqlite
from app.core.errors import Refused
from app.core.workflow import Moved
from app.reviews import conflict_facts
from app.reviews.assignment_workflow import REVIEW_ASSIGNMENT
from app.reviews.conflict_facts import Triple
from app.reviews.models import Conflict, ReviewAssignment, Reviewer
from app.reviews.vocabulary import OPEN_ASSIGNMENTS, AssignmentState, ConflictReason

CHECK = "reviews.conflicts"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check for conflicts changed: conflicts that are new, and those whose facts have gone."""

    found: int = 0
    gone: int = 0


def recheck(applications: Collection[int] | None = None, reviewers: Collection[int] | None = None) -> Checked:
    """Bring the detected conflicts in line with the facts: of the plans and experts named, else of all open plans.

    Declared conflicts stay as they are. Part of the caller's transaction; safe to repeat.
    """
    gathered = conflict_facts.gather(applications, reviewers)
    wanted = gathered.conflicts()
    stored = _detected(gathered.plans, gathered.experts)
    new, gone = wanted - stored.keys(), stored.keys() - wanted
    if not new and not gone:
        return Checked()
    db.session.execute(delete(Conflict).where(Conflict.id.in_([stored[triple] for triple in gone])))
    _let_go_all(SYSTEM, {(who, plan): reason for who, plan, reason in sorted(new)})
    _store(new)
    _note(new, gone)
    return Checked(len(new), len(gone))


def _detected(plans: Collection[int], experts: Collection[int]) -> dict[Triple, int]:
    query = select(Conflict.id, Conflict.reviewer_id, Conflict.application_id, Conflict.reason).where(
        Conflict.reason != ConflictReason.DECLARED,
        Conflict.application_id.in_(plans),
        Conflict.reviewer_id.in_(experts),
    )
    return {(row.reviewer_id, row.application_id, row.reason): row.id for row in db.session.execute(query)}


def _store(triples: Collection[Triple]) -> None:
    """Write conflicts down; one that another check wrote at the same moment is there already."""
    statement = (insert_sqlite(Conflict) if is_sqlite() else insert_postgresql(Conflict)).on_conflict_do_nothing()
    rows = [{"reviewer_id": who, "application_id": plan, "reason": reason} for who, plan, reason in sorted(triples)]
    if rows:
        db.session.execute(statement, rows)


def _note(new: Collection[Triple], gone: Collection[Triple]) -> None:
    """One entry for each expert whose conflicts changed."""
    touched = sorted({triple[0] for triple in (*new, *gone)})
    for reviewer in db.session.scalars(select(Reviewer).where(Reviewer.id.in_(touched)).order_by(Reviewer.id)):
        changes = {
            name: [None, [[plan, reason.value] for who, plan, reason in sorted(triples) if who == reviewer.id]]
            for name, triples in (("found", new), ("gone", gone))
        }
        audit.record(SYSTEM, "conflict:check", reviewer, changes=changes)


def declare_own(actor: Actor, assignment: ReviewAssignment, *, note: str) -> Conflict:
    """An expert says that a conflict stands between oneself and a plan: it is out of sight from this moment on.

    Raises: Forbidden; Refused without a word on what the conflict is.
    """
    authz.require(actor, "conflict:declare", assignment)
    return _declare(actor, assignment.reviewer, assignment.application, note, assignment)


def declare_for(actor: Actor, reviewer: Reviewer, application: Application, *, note: str) -> Conflict:
    """JST says that a conflict stands between an expert and a plan, whether or not the expert reads it.

    Raises: Forbidden; Refused without a reason, or where it is declared already.
    """
    authz.require_role(actor, "review:assign")
    found = db.session.scalar(
        select(ReviewAssignment).where(
            ReviewAssignment.reviewer_id == reviewer.id,
            ReviewAssignment.application_id == application.id,
            ReviewAssignment.state.in_(OPEN_ASSIGNMENTS),
        )
    )
    return _declare(actor, reviewer, application, note, found)


def _declare(
    actor: Actor, reviewer: Reviewer, application: Application, note: str, assignment: ReviewAssignment | None
) -> Conflict:
    if not note.strip():
        raise Refused({"note": [_("Say in a few words what the conflict is.")]})
    if _is_declared(reviewer.id, application.id):
        raise Refused({"reviewer": [_("This conflict is declared already.")]})
    if assignment is not None:
        _let_go(actor, assignment, note.strip())
    conflict = Conflict(
        reviewer_id=reviewer.id,
        application_id=application.id,
        reason=ConflictReason.DECLARED,
        note=note.strip(),
        declared_by_id=actor.id,
    )
    db.session.add(conflict)
    audit.record(actor, "conflict:declare", conflict)
    return conflict


def _is_declared(reviewer_id: int, application_id: int) -> bool:
    query = select(Conflict.id).where(
        Conflict.reviewer_id == reviewer_id,
        Conflict.application_id == application_id,
        Conflict.reason == ConflictReason.DECLARED,
    )
    return db.session.scalar(query) is not None


def _let_go_all(actor: Actor, pairs: dict[tuple[int, int], ConflictReason]) -> None:
    """What experts now in conflict had before them is theirs no more."""
    reviewers = {who for who, _plan in pairs}
    query = select(ReviewAssignment).where(
        ReviewAssignment.reviewer_id.in_(reviewers), ReviewAssignment.state.in_(OPEN_ASSIGNMENTS)
    )
    for assignment in db.session.scalars(query.order_by(ReviewAssignment.id)).all():
        reason = pairs.get((assignment.reviewer_id, assignment.application_id))
        if reason is not None:
            _let_go(actor, assignment, reason.value)


def _let_go(actor: Actor, assignment: ReviewAssignment, reason: str) -> None:
    """End one reading because of a conflict: a mere proposal goes, all else is set aside and JST is told."""
    if assignment.state is AssignmentState.PROPOSED:
        audit.record(actor, "review_assignment:drop", assignment, comment=reason)
        db.session.delete(assignment)
        db.session.flush()
        return
    is_answer = assignment.state is AssignmentState.SENT and authz.can(actor, "review:write", assignment)
    REVIEW_ASSIGNMENT.fire(assignment, "decline" if is_answer else "lose_to_conflict", actor, reason)
    tell_coordinators(assignment)


def tell_coordinators(assignment: ReviewAssignment) -> None:
    """A reader is missing: the coordinators hear which plan it is, not who read it; the page names a replacement."""
    for person in accounts.people_with(Role.COORDINATOR):
        outbox.enqueue(
            "review_reader_missing",
            person,
            subject_of=assignment,
            dedupe=f"reader-missing:{assignment.public_id}:{person.id}",
            reference=assignment.application.reference,
            assignment=assignment,
        )


def look_at_plan(fact: Moved) -> None:
    """A plan came in, corrected or for the first time: its conflicts are looked for soon after.

    Of one that moved to another institution at once: experts there, and nobody else, must lose sight of it.
    """
    if fact.workflow == "application" and fact.verb == "move":
        recheck([fact.subject.id])
    if fact.workflow == "application" and fact.verb == "submit":
        plan: Application = fact.subject
        jobs.enqueue(CHECK, key=f"{CHECK}:{plan.id}:{plan.version}", application=plan.id)


@jobs.handler(CHECK)
def check_by_job(job: BackgroundJob, context: jobs.Context) -> dict[str, Any]:
    """Check one plan against the whole register."""
    checked = recheck([job.params["application"]])
    return {"found": checked.found, "gone": checked.gone}

"""The outcomes of the formal check: pass, return by section with a due day, find inadmissible by clause.

A plan found inadmissible is not declined here. It goes to the decision like every other plan, marked, past the experts:
declining takes two persons, whatever the reason is (docs/adr/0024).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.applications import queries as plans
from app.applications import service as applications
from app.applications.models import Application
from app.checking import claims, meeting, queries
from app.checking.meeting import Seen
from app.checking.models import FormalCheck
from app.checking.vocabulary import Outcome
from app.core import audit, authz, clock, working_days
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Refused, TransitionNotAllowed
from app.core.i18n import LANGUAGES
from app.core.workflow import Moved

#: Working days a host has for corrections unless the officer says otherwise. A stand-in: the guidelines name none.
RETURN_DAYS = 5
START = "start_review"
#: The verbs of a plan's own page that answer the formal check.
ELSEWHERE = {START: Outcome.PASSED, "return": Outcome.RETURNED}


def usual_due_day() -> date:
    """Until when a plan that is returned today is due."""
    return working_days.shift(clock.today(), RETURN_DAYS)


def pass_on(actor: Actor, application: Application, seen: Seen) -> FormalCheck:
    """The plan meets the requirements: experts may read it.

    Raises: Forbidden; Met when somebody else handled, changed or took over the plan meanwhile.
    """
    _begin(actor, application, seen)
    made = _record(actor, application, Outcome.PASSED)
    applications.transition(actor, application, START)
    return made


def send_back(
    actor: Actor,
    application: Application,
    seen: Seen,
    *,
    reason: str,
    due_on: date | None,
    sections: Mapping[str, str],
) -> FormalCheck:
    """Return the plan for correction: which sections, with a remark to each, until when.

    Raises: Forbidden; Met; Refused without a section, a reason, or with a day that is missing or over.
    """
    _begin(actor, application, seen)
    if not sections:
        raise Refused({"": [_("Tick the sections that are to be corrected, or write a remark on one.")]})
    made = _record(actor, application, Outcome.RETURNED)
    applications.send_back(actor, application, reason=reason, due_on=due_on, sections=sections)
    return made


def find_inadmissible(
    actor: Actor,
    application: Application,
    seen: Seen,
    *,
    rules: Sequence[str],
    reason_ja: str,
    reason_en: str,
) -> FormalCheck:
    """The plan does not meet the requirements: it goes to the decision, marked, and no expert reads it.

    `rules`: the rules of the course (public ids) because of which.
    Raises: Forbidden; Met; Refused without a clause of the course or a reason in both languages.
    """
    _begin(actor, application, seen)
    clauses = [clause for clause in clauses_of(application) if clause["rule"] in rules]
    problems: dict[str, list[Any]] = {}
    if not clauses:
        problems["rules"] = [_("Choose the clause the plan does not meet.")]
    for name, text in (("reason_ja", reason_ja), ("reason_en", reason_en)):
        if not text.strip():
            problems[name] = [_("Give the reason in both languages: it may become part of the letter.")]
    if problems:
        raise Refused(problems)
    made = _record(
        actor,
        application,
        Outcome.INADMISSIBLE,
        clauses=clauses,
        reason_ja=reason_ja.strip(),
        reason_en=reason_en.strip(),
    )
    applications.transition(actor, application, START)
    return made


def after_move(fact: Moved) -> None:
    """A plan passed on or returned from its own page was checked too: the outcome is written down all the same."""
    outcome = ELSEWHERE.get(fact.verb) if fact.workflow == "application" else None
    if outcome is None or fact.actor is None or fact.actor.id is None:
        return
    application: Application = fact.subject
    if not any(check.submitted_at == application.submitted_at for check in queries.checks_of(application)):
        _record(fact.actor, application, outcome)


def lift(actor: Actor, application: Application, *, reason: str) -> None:
    """Take back the mark of a plan that is not decided: it was set by mistake, and experts may read the plan.

    Raises: Forbidden; TransitionNotAllowed where no mark stands or the plan is decided; Refused without a reason.
    """
    authz.require(actor, "application:check", application)
    plans.take_turn(application)
    mark = queries.mark_of(application)
    if mark is None or application.state is not plans.S.UNDER_REVIEW:
        raise TransitionNotAllowed()
    if not reason.strip():
        raise Refused({"comment": [_("Give a reason.")]})
    mark.lifted_by_id, mark.lifted_at, mark.lift_reason = actor.id, clock.now(), reason.strip()
    audit.record(actor, "check:lift", mark, comment=mark.lift_reason)


def clauses_of(application: Application) -> list[dict[str, str]]:
    """The clauses a plan was judged by, as they read at its submission, in both languages; each rule once."""
    names = [f"{name}_{locale}" for name in ("clause", "label", "text") for locale in LANGUAGES]
    return [
        {"rule": str(verdict["rule"]), **{name: str(verdict.get(name, "")) for name in names}}
        for verdict in application.verdicts or []
    ]


def _begin(actor: Actor, application: Application, seen: Seen) -> None:
    authz.require(actor, "application:check", application)
    plans.take_turn(application)
    meeting.notice(actor, application, seen)


def _record(actor: Actor, application: Application, outcome: Outcome, **more: Any) -> FormalCheck:
    assert application.submitted_at is not None and actor.id is not None
    found = FormalCheck(
        application_id=application.id,
        submitted_at=application.submitted_at,
        outcome=outcome,
        made_by_id=actor.id,
        made_at=clock.now(),
        **more,
    )
    db.session.add(found)
    db.session.flush()
    changes = {"rules": [None, [clause["rule"] for clause in found.clauses]]} if found.clauses else {}
    audit.record(actor, f"check:{outcome.value}", found, comment=found.reason_ja, changes=changes)
    claims.end(application)
    return found

"""Releasing the results of a round at a set minute: set, moved or taken back by a decision-maker, done by a bell.

The bell releases in the name of who set the minute, with the hats worn then, by the same job as a release at once. If
something is in the way, nothing is released: those who can do something about it are written to.
"""

from collections.abc import Callable
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.acting_for import in_the_name_of
from app.applications import release, round_queries
from app.calls import timing
from app.calls.models import Call
from app.core import audit, authz, clock, job_queue, outbox, transaction
from app.core.authz import SYSTEM, Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, GuardsFailed, Refused, TransitionNotAllowed
from app.core.i18n import exact_moment


def set_minute(actor: Actor, call: Call, at: datetime | None) -> None:
    """Say when the results are released, or move that: a whole minute to come, after the closing of the round.

    Raises: Forbidden; Refused with the problem beside the field `day`.
    """
    authz.require_role(actor, "round:release")
    if actor.id is None:
        raise Forbidden()
    if at is None:
        raise Refused({"day": [_("Enter day and time of the release.")]})
    at = at.replace(second=0, microsecond=0)
    if at <= clock.now():
        raise Refused({"day": [_("This time is over.")]})
    if at < call.closes_at:
        closing = exact_moment(call.closes_at)
        raise Refused({"day": [_("The round is open until %(closing)s.", closing=closing)]})
    before = call.release_at
    call.release_at, call.release_by_id, call.release_missed_at = at, actor.id, None
    audit.record(actor, "call:set-release", call, changes={"release_at": [_iso(before), _iso(at)]})


def cancel(actor: Actor, call: Call) -> None:
    """Take the minute back. Raises: Forbidden; TransitionNotAllowed if none is set (any more)."""
    authz.require_role(actor, "round:release")
    if call.release_at is None:
        raise TransitionNotAllowed()
    before, call.release_at = call.release_at, None
    audit.record(actor, "call:cancel-release", call, changes={"release_at": [_iso(before), None]})


def countdown(call: Call) -> str:
    """How long until the minute set, in words; "" if none is."""
    if call.release_at is None:
        return ""
    left = call.release_at - clock.now()
    moment = exact_moment(call.release_at)
    if left.total_seconds() <= 0:
        return _("The results are released at %(moment)s: it begins within a minute.", moment=moment)
    return _("The results are released at %(moment)s, in %(time)s.", moment=moment, time=timing.remaining(left))


@job_queue.bell("release_due")
def ring() -> None:
    """Begin every release whose minute has come, each round in a transaction of its own; safe to repeat."""
    while _begin_one():
        pass


def _begin_one() -> bool:
    with transaction.unit_of_work():
        due = round_queries.due_for_release(clock.now())
        if not due:
            return False
        _begin(due[0])
    return True


def _begin(call: Call) -> None:
    """Start the job, or say what was in the way."""
    actor = in_the_name_of(call.release_by_id)
    try:
        release.by_job(actor, call)
    except Forbidden:
        _miss(call, lambda: [_("%(name)s, who set the time, may not release results any more.", name=actor.name)])
    except GuardsFailed:
        _miss(call, lambda: release.obstacles(call))


def _miss(call: Call, why: Callable[[], list[str]]) -> None:
    """Nothing is released; `why` says it in the language in force."""
    at = call.release_at
    call.release_missed_at, call.release_at = at, None
    with force_locale("ja"):
        audit.record(SYSTEM, "call:miss-release", call, comment=" ".join(why())[:2000])
    db.session.flush()
    for person in accounts.people_with(Role.COORDINATOR, Role.DECISION_MAKER):
        with force_locale(person.locale):
            outbox.enqueue(
                "release_missed",
                person,
                subject_of=call,
                dedupe=f"release-missed:{call.public_id}:{_iso(at)}:{person.id}",
                title=call.title,
                call=call,
                at=at,
                problems=why(),
            )


def _iso(moment: datetime | None) -> str | None:
    return clock.in_tokyo(moment).isoformat(timespec="minutes") if moment is not None else None

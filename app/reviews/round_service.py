"""Verbs on the review of a round: set its dates, name the rounds of its discussion."""

from datetime import datetime

from flask_babel import gettext as _

from app.calls.models import Call
from app.core import audit, authz, clock
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Refused, Stale
from app.core.i18n import moment
from app.reviews import round_queries
from app.reviews.scoring_models import DiscussionRound, ReviewPlan

Problems = dict[str, list[str]]


def set_phases(
    actor: Actor,
    call: Call,
    *,
    version: int | None,
    per_plan: int,
    scoring_from: datetime,
    scoring_until: datetime,
    discussion_until: datetime | None,
) -> ReviewPlan:
    """Set or change how a round is reviewed. `version`: of the plan that was read, None where there was none yet.

    Raises: Forbidden, Stale; Refused, by field: dates in the wrong order or before the round closes, a beginning moved
    once scoring has begun, courses without criteria, rounds of discussion that would fall outside.
    """
    authz.require_role(actor, "review:assign")
    plan = round_queries.plan_of(call.id)
    if (plan.version if plan else None) != version:
        raise Stale()
    _refuse(
        _order(call, scoring_from, scoring_until, discussion_until)
        | _moved(plan, scoring_from)
        | _unscorable(call, plan)
        | _cut_off(call, scoring_until, discussion_until)
    )
    if plan is None:
        plan = ReviewPlan(call_id=call.id)
        db.session.add(plan)
    plan.per_plan = per_plan
    plan.scoring_from, plan.scoring_until, plan.discussion_until = scoring_from, scoring_until, discussion_until
    changes = audit.changes_of(plan)
    if changes:
        audit.record(actor, "review_plan:set", plan, changes=changes)
    return plan


def _order(call: Call, begins: datetime, ends: datetime, talk_ends: datetime | None) -> Problems:
    found: Problems = {}
    if begins < call.closes_at:
        found["scoring_from_on"] = [
            _("Scoring begins after the round has closed: %(when)s.", when=moment(call.closes_at))
        ]
    if ends <= begins:
        found["scoring_until_on"] = [_("Scoring must end after it begins.")]
    if talk_ends is not None and talk_ends <= ends:
        found["discussion_until_on"] = [_("The discussion must end after scoring. Leave it empty for none.")]
    return found


def _moved(plan: ReviewPlan | None, begins: datetime) -> Problems:
    if plan is None or plan.scoring_from > clock.now() or plan.scoring_from == begins:
        return {}
    return {"scoring_from_on": [_("Scoring has begun: its beginning stays %(when)s.", when=moment(plan.scoring_from))]}


def _unscorable(call: Call, plan: ReviewPlan | None) -> Problems:
    missing = [] if plan else round_queries.courses_without_criteria(call.id)
    if not missing:
        return {}
    names = _(", ").join(course.name for course in missing)
    return {"": [_("First enter the criteria of: %(courses)s. Without them nobody can score.", courses=names)]}


def _cut_off(call: Call, ends: datetime, talk_ends: datetime | None) -> Problems:
    outside = [held for held in round_queries.discussions(call.id) if not _is_inside(held, ends, talk_ends)]
    if not outside:
        return {}
    names = _(", ").join(held.name for held in outside)
    text = _("These rounds of discussion would fall outside: %(names)s. Change them first.", names=names)
    return {"discussion_until_on": [text]}


def _is_inside(held: DiscussionRound, ends: datetime, talk_ends: datetime | None) -> bool:
    return talk_ends is not None and ends <= held.opens_at and held.closes_at <= talk_ends


def add_discussion(
    actor: Actor, call: Call, *, name_ja: str, name_en: str, opens_at: datetime, closes_at: datetime
) -> DiscussionRound:
    """Name a round of the discussion. Raises: Forbidden, Refused (outside the discussion phase, wrong order)."""
    authz.require_role(actor, "review:assign")
    _refuse(_of_discussion(call.id, opens_at, closes_at))
    made = DiscussionRound(call_id=call.id, name_ja=name_ja, name_en=name_en, opens_at=opens_at, closes_at=closes_at)
    db.session.add(made)
    audit.record(actor, "discussion_round:add", made)
    return made


def change_discussion(
    actor: Actor, held: DiscussionRound, *, name_ja: str, name_en: str, opens_at: datetime, closes_at: datetime
) -> None:
    """Rename or move a round of the discussion. Raises: Forbidden, Refused."""
    authz.require_role(actor, "review:assign")
    _refuse(_of_discussion(held.call_id, opens_at, closes_at))
    held.name_ja, held.name_en, held.opens_at, held.closes_at = name_ja, name_en, opens_at, closes_at
    changes = audit.changes_of(held)
    if changes:
        audit.record(actor, "discussion_round:edit", held, changes=changes)


def _of_discussion(call_id: int, opens_at: datetime, closes_at: datetime) -> Problems:
    plan = round_queries.plan_of(call_id)
    if plan is None or plan.discussion_until is None:
        return {"": [_("First set until when the round is discussed.")]}
    if closes_at <= opens_at:
        return {"closes_on": [_("It must close after it opens.")]}
    if opens_at < plan.scoring_until:
        return {"opens_on": [_("It opens when scoring is over: %(when)s.", when=moment(plan.scoring_until))]}
    if closes_at > plan.discussion_until:
        return {"closes_on": [_("It closes with the discussion: %(when)s.", when=moment(plan.discussion_until))]}
    return {}


def _refuse(problems: Problems) -> None:
    if problems:
        raise Refused(problems)

"""What is said of a plan: experts as numbers to one another, JST by name; read and written as the phase allows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.applications.models import Application
from app.core import audit, authz, clock
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Forbidden, NotFound, TransitionNotAllowed
from app.core.i18n import moment
from app.reviews import (
    blindness,
    criteria_queries,
    phases,
    round_queries,
    scoring_queries,
    scoring_service,
    scoring_sheet,
)
from app.reviews.blindness import Closed
from app.reviews.models import ReviewAssignment
from app.reviews.phases import Act, Phase
from app.reviews.scoring_models import Criterion, DiscussionPost, DiscussionRound, Review
from app.reviews.scoring_sheet import Sheet
from app.reviews.vocabulary import ReviewState


@dataclass(frozen=True, slots=True)
class Said:
    """A contribution as its reader sees it; `who` is a number for experts among themselves."""

    who: str
    at: datetime
    round_name: str
    text: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Voice:
    """A sheet that was handed in, under the name its reader may know. `sheet` is None for an abstention."""

    who: str
    is_own: bool
    sheet: Sheet | None
    value: float | None
    reason: str = ""
    handed_in_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything about a plan that its reader may see, and the round of discussion that is open, if one is."""

    criteria: Sequence[Criterion]
    voices: Sequence[Voice]
    posts: Sequence[Said]
    open_round: DiscussionRound | None


def for_expert(actor: Actor, assignment: ReviewAssignment) -> Talk:
    """The other experts' sheets and what was said, by number. Raises: TransitionNotAllowed before the own review is in
    or outside the discussion phase; Forbidden for who is not the expert of the assignment.
    """
    authz.require(actor, "review:write", assignment)
    review = scoring_queries.review_of(assignment)
    if Act.READ_OTHERS not in scoring_service.acts(assignment, review):
        raise TransitionNotAllowed(_why_closed(assignment, review))
    own, numbers = assignment.reviewer_id, scoring_queries.numbers_of(assignment.application_id)
    criteria = criteria_queries.of_course(assignment.application.course_id)

    def named(reviewer_id: int) -> str:
        number = numbers.get(reviewer_id, 0)
        return _("You (reviewer %(number)s)", number=number) if reviewer_id == own else _name_of(number)

    voices = [
        _voice(held, named(held.assignment.reviewer_id), criteria, own=own, with_reason=False)
        for held in scoring_queries.handed_in_of(assignment.application_id)
    ]
    return _talk(assignment.application, criteria, voices, own, named)


def for_staff(actor: Actor, application: Application) -> Talk:
    """Everything that was handed in and said, by name. Raises: Forbidden; NotFound for who has a conflict with the
    plan; TransitionNotAllowed for who reviews it too and has not handed in.
    """
    _require_staff(actor, application)
    criteria = criteria_queries.of_course(application.course_id)
    voices = [
        _voice(held, held.assignment.reviewer.name, criteria, own=None, with_reason=True)
        for held in scoring_queries.handed_in_of(application.id)
    ]
    names = {held.reviewer_id: held.reviewer.name for held in scoring_queries.assignments_of(application.id)}
    return _talk(application, criteria, voices, None, lambda reviewer_id: names.get(reviewer_id, "–"))


def set_aside(actor: Actor, application: Application) -> list[Voice]:
    """Sheets that do not count any more, for the record. Raises as `for_staff` does."""
    _require_staff(actor, application)
    criteria = criteria_queries.of_course(application.course_id)
    return [
        _voice(held, held.assignment.reviewer.name, criteria, own=None, with_reason=True)
        for held in scoring_queries.set_aside_of(application.id)
    ]


def post(actor: Actor, assignment: ReviewAssignment, *, text: str) -> DiscussionPost:
    """An expert says something of a plan, once the own review is in and while a round of discussion is open.

    Raises: Forbidden, TransitionNotAllowed.
    """
    authz.require(actor, "review:discuss", assignment)
    authz.require(actor, "review:write", assignment)
    review = scoring_queries.review_of(assignment)
    if Act.DISCUSS not in scoring_service.acts(assignment, review):
        raise TransitionNotAllowed(_why_closed(assignment, review))
    return _post(actor, assignment.application, assignment.reviewer_id, text)


def post_as_jst(actor: Actor, application: Application, *, text: str) -> DiscussionPost:
    """Somebody of JST says something of a plan, by name. Raises: Forbidden, NotFound, TransitionNotAllowed."""
    _require_staff(actor, application)
    return _post(actor, application, None, text)


def _post(actor: Actor, application: Application, reviewer_id: int | None, text: str) -> DiscussionPost:
    now = clock.now()
    phase = phases.phase_of(round_queries.plan_of(application.call_id), now)
    open_round = round_queries.discussion_now(application.call_id, now) if phase is Phase.DISCUSSION else None
    if open_round is None:
        raise TransitionNotAllowed(_("No round of discussion is open now."))
    assert actor.id is not None  # the system does not discuss
    made = DiscussionPost(
        discussion_round_id=open_round.id,
        application_id=application.id,
        reviewer_id=reviewer_id,
        author_id=actor.id,
        text=text.strip(),
    )
    db.session.add(made)
    audit.record(actor, "review:post", made)
    return made


def _require_staff(actor: Actor, application: Application) -> None:
    if not actor.may("review:view"):
        raise Forbidden()
    closed = blindness.closed_to(actor).get(application.id)
    if closed is Closed.CONFLICT:
        raise NotFound()
    if closed is Closed.OWN_FIRST:
        raise TransitionNotAllowed(_("You review this plan yourself: hand in your own review first."))


def _why_closed(assignment: ReviewAssignment, review: Review | None) -> str:
    if review is None or review.state is not ReviewState.SUBMITTED:
        return _("You see the other experts' marks once your own review is in and the discussion has begun.")
    plan = round_queries.plan_of(assignment.call_id)
    if phases.phase_of(plan, clock.now()) is Phase.SCORING and plan is not None and plan.discussion_until:
        return _("The discussion begins on %(when)s.", when=moment(plan.scoring_until))
    return _("There is no discussion now.")


def _name_of(number: int) -> str:
    return _("Reviewer %(number)s", number=number)


def _voice(held: Review, who: str, criteria: Sequence[Criterion], *, own: int | None, with_reason: bool) -> Voice:
    is_own = own is not None and held.assignment.reviewer_id == own
    if held.state is ReviewState.ABSTAINED:
        return Voice(who, is_own, None, None, held.reason if with_reason or is_own else "", held.handed_in_at)
    sheet = scoring_sheet.of(held, criteria)
    return Voice(who, is_own, sheet, sheet.value(criteria), "", held.handed_in_at)


def _talk(
    application: Application,
    criteria: Sequence[Criterion],
    voices: Sequence[Voice],
    own: int | None,
    named: Callable[[int], str],
) -> Talk:
    held = scoring_queries.posts_of(application.id)
    staff = scoring_queries.names_of([found.author_id for found in held if found.reviewer_id is None])
    posts = [
        Said(
            who=named(found.reviewer_id) if found.reviewer_id is not None else staff.get(found.author_id, "JST"),
            at=found.created_at,
            round_name=found.discussion_round.name,
            text=found.text,
            is_own=own is not None and found.reviewer_id == own,
        )
        for found in held
    ]
    now = clock.now()
    phase = phases.phase_of(round_queries.plan_of(application.call_id), now)
    open_round = round_queries.discussion_now(application.call_id, now) if phase is Phase.DISCUSSION else None
    return Talk(criteria, voices, posts, open_round)

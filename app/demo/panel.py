"""The experts of the demonstration: a round that is being scored now, and the one before, scored and discussed."""

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select

from app.accounts.models import User
from app.applications.models import Application, ApplicationState
from app.calls import queries as calls
from app.calls.models import Call
from app.core import audit, clock
from app.core.authz import Actor, Role
from app.core.db import db
from app.demo import cast
from app.demo.cast import texts
from app.reviews import criteria_queries, criteria_service
from app.reviews.models import ReviewAssignment, Reviewer
from app.reviews.scoring_models import DiscussionPost, DiscussionRound, Review, ReviewPlan, ReviewScore
from app.reviews.vocabulary import AssignmentState, ReviewerState, ReviewState

READERS = 3  # to each plan
PANEL = 6  # experts who read for both rounds
A, R = AssignmentState, ReviewState
#: How the plans of the sign-in page's expert stand in the round that is being scored, in their order.
OWN_DESK = ((A.COMPLETED, R.SUBMITTED), (A.ACCEPTED, R.DRAFT), (A.ACCEPTED, None), (A.SENT, None))
LEFT = 2  # open plans scored besides; the others wait to be given out
OPEN = (ApplicationState.SUBMITTED, ApplicationState.UNDER_REVIEW)


def convene(coordinator: Actor) -> None:
    """Give the plans of the latest two closed rounds to experts."""
    experts = _experts()
    closed = select(Call).where(Call.closes_at < clock.now() - timedelta(days=12), Call.is_draft.is_(False))
    rounds = [
        call for call in db.session.scalars(closed.order_by(Call.closes_at.desc())) if len(_plans(call)) > READERS
    ]
    chance = random.Random(20260401)
    if rounds:
        _Panel(rounds[0], experts, coordinator, chance).score_now()
    if len(rounds) > 1:
        _Panel(rounds[1], experts, coordinator, chance).score_then()


def take_over_criteria(coordinator: Actor, year: int) -> None:
    """The courses of a new fiscal year begin with the criteria of the year before."""
    earlier = {course.code: course for course in calls.courses(year - 1)}
    for course in calls.courses(year):
        before = earlier.get(course.code)
        if before is not None and criteria_queries.of_course(before.id):
            criteria_service.begin_from(coordinator, course, before)


def _plans(call: Call) -> list[Application]:
    """The plans of a round, those that are still open in front."""
    gone = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)
    query = select(Application).where(Application.call_id == call.id, Application.state.not_in(gone))
    found = db.session.scalars(query.order_by(Application.reference))
    return sorted(found, key=lambda plan: plan.state not in OPEN)


def _experts() -> list[Reviewer]:
    """The active experts of the register, the one of the sign-in page in front."""
    shown = select(User.id).where(User.demo_note == Role.REVIEWER.value).scalar_subquery()
    query = select(Reviewer).where(Reviewer.state == ReviewerState.ACTIVE, Reviewer.user_id.is_not(None))
    return list(db.session.scalars(query.order_by(Reviewer.user_id != shown, Reviewer.id).limit(PANEL)))


class _Panel:
    """The experts of one round."""

    def __init__(self, call: Call, experts: Sequence[Reviewer], coordinator: Actor, chance: random.Random) -> None:
        self.call, self.experts, self.coordinator, self.chance = call, experts, coordinator, chance
        self.plans = _plans(call)
        self.lenient = {expert.id: shift for expert, shift in zip(experts, (0, 1, -1, 0, 0, 1), strict=False)}

    def score_now(self) -> None:
        """Scoring is under way: most reviews are in, some are late."""
        end = clock.tokyo(clock.today() + timedelta(days=6), time(17, 0))
        begin = min(self.call.closes_at + timedelta(days=1), clock.now() - timedelta(days=2))
        self._plan(begin, end, end + timedelta(days=7))
        desk = iter(OWN_DESK)
        for number, plan in enumerate(self.plans):
            is_open = plan.state in OPEN
            if is_open and number >= len(OWN_DESK) + LEFT:
                continue
            for expert in self._readers(number, first=number < len(OWN_DESK)):
                state, sheet = A.COMPLETED, R.SUBMITTED
                if expert is self.experts[0]:
                    state, sheet = next(desk) if is_open else (A.COMPLETED, R.SUBMITTED)  # type: ignore[assignment]
                elif is_open and (number + expert.id) % 3 == 0:
                    state, sheet = A.ACCEPTED, None  # type: ignore[assignment]
                self._give(plan, expert, state, sheet, clock.now() - timedelta(days=1))

    def score_then(self) -> None:
        """Scored, discussed and closed."""
        begin = self.call.closes_at + timedelta(days=1)
        end = begin + timedelta(days=5)
        self._plan(begin, end, end + timedelta(days=3))
        talk = DiscussionRound(
            call_id=self.call.id,
            name_ja=texts()["panel_name"],
            name_en="First panel",
            opens_at=end,
            closes_at=end + timedelta(days=3),
        )
        db.session.add(talk)
        db.session.flush()
        for number, plan in enumerate(self.plans):
            readers = self._readers(number, first=number % 3 == 0)
            for expert in readers:
                self._give(plan, expert, A.COMPLETED, R.SUBMITTED, end - timedelta(days=1))
            if number < READERS:
                self._talk(talk, plan, readers)

    def _plan(self, begin: datetime, end: datetime, talk_end: datetime) -> None:
        plan = ReviewPlan(
            call_id=self.call.id,
            per_plan=READERS,
            scoring_from=begin,
            scoring_until=end,
            discussion_until=talk_end,
        )
        db.session.add(plan)
        audit.record(self.coordinator, "review_plan:set", plan)

    def _readers(self, number: int, *, first: bool) -> list[Reviewer]:
        """The experts of a plan by turns; the one of the sign-in page where it is said so."""
        others = self.experts[1:]
        chosen = [others[(number + place) % len(others)] for place in range(READERS - first)]
        return [*self.experts[:1], *chosen] if first else chosen

    def _give(
        self, plan: Application, expert: Reviewer, state: AssignmentState, sheet: ReviewState | None, at: datetime
    ) -> None:
        assignment = ReviewAssignment(
            call_id=plan.call_id,
            application=plan,
            reviewer=expert,
            state=state,
            sent_at=self.call.closes_at,
            answered_at=None if state is A.SENT else self.call.closes_at,
            completed_at=at if state is A.COMPLETED else None,
            assigned_by_id=self.coordinator.id,
        )
        db.session.add(assignment)
        if sheet is not None:
            self._mark(assignment, sheet, at)

    def _mark(self, assignment: ReviewAssignment, state: ReviewState, at: datetime) -> None:
        """A sheet whose marks follow the plan's worth and the expert's mildness; a draft is half filled."""
        criteria = criteria_queries.of_course(assignment.application.course_id)
        worth = 2 + (assignment.application.id * 7) % 4
        shift = self.lenient.get(assignment.reviewer_id or assignment.reviewer.id, 0)
        said = texts()["review"]
        review = Review(assignment=assignment, state=state, for_panel=self.chance.choice(said["for_panel"]))
        review.for_applicant = self.chance.choice(said["for_applicant"])
        review.handed_in_at = at if state is not R.DRAFT else None
        for place, criterion in enumerate(criteria):
            if state is R.DRAFT and place >= len(criteria) // 2:
                break
            mark = min(max(worth + shift + self.chance.choice((-1, 0, 0, 0, 1)), 1), 5)
            review.scores.append(ReviewScore(criterion_id=criterion.id, mark=mark, comment=""))
        db.session.add(review)
        if state is R.SUBMITTED:
            user = db.session.get_one(User, assignment.reviewer.user_id)
            audit.record(cast.actor(user), "review:hand-in", review, to_state=state.value)

    def _talk(self, talk: DiscussionRound, plan: Application, readers: Sequence[Reviewer]) -> None:
        said = texts()["review"]["discussion"]
        voices = [(readers[0], readers[0].user_id), (None, self.coordinator.id), (readers[1], readers[1].user_id)]
        for place, ((expert, author), text) in enumerate(zip(voices, said, strict=True)):
            post = DiscussionPost(
                discussion_round_id=talk.id,
                application_id=plan.id,
                reviewer_id=expert.id if expert else None,
                author_id=author,
                text=text,
            )
            post.created_at = talk.opens_at + timedelta(hours=place + 1)
            db.session.add(post)

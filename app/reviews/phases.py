"""The phases of a round's review, and what an expert may do in each: decided by the clock, second by second. Pure."""

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l

from app.reviews.vocabulary import ReviewState


class Dates(Protocol):
    """What has the dates of a round's review (`scoring_models.ReviewPlan`)."""

    scoring_from: Any
    scoring_until: Any
    discussion_until: Any


class Phase(enum.StrEnum):
    """How far the review of a round is."""

    UNPLANNED = "unplanned"  # no dates are set yet
    BEFORE = "before"
    SCORING = "scoring"
    DISCUSSION = "discussion"
    CLOSED = "closed"

    @property
    def label(self) -> Any:
        return PHASE_LABELS[self]


PHASE_LABELS = {
    Phase.UNPLANNED: _l("Dates not set"),
    Phase.BEFORE: _l("Before scoring"),
    Phase.SCORING: _l("Scoring"),
    Phase.DISCUSSION: _l("Discussion"),
    Phase.CLOSED: _l("Closed"),
}
PHASE_TONES = {Phase.SCORING: "info", Phase.DISCUSSION: "warning", Phase.CLOSED: "success"}


class Act(enum.StrEnum):
    """What an expert does with a plan that is being read."""

    DRAFT = "draft"  # write the own sheet
    HAND_IN = "hand_in"
    ABSTAIN = "abstain"
    REVISE = "revise"  # hand a sheet in anew, the old one kept in the log
    READ_OTHERS = "read_others"
    DISCUSS = "discuss"


_WRITE = frozenset({Act.DRAFT, Act.HAND_IN, Act.ABSTAIN})
_TALK = frozenset({Act.READ_OTHERS, Act.DISCUSS})
NOTHING: frozenset[Act] = frozenset()

#: What an expert may do, by phase and by how the own sheet stands; whatever is not here may not be done.
MAY: Mapping[tuple[Phase, ReviewState], frozenset[Act]] = {
    (Phase.SCORING, ReviewState.DRAFT): _WRITE,
    (Phase.SCORING, ReviewState.SUBMITTED): frozenset({Act.REVISE}),
    (Phase.SCORING, ReviewState.ABSTAINED): _WRITE - {Act.ABSTAIN},  # who abstained may think better of it
    (Phase.DISCUSSION, ReviewState.SUBMITTED): frozenset({Act.REVISE}) | _TALK,
}


def phase_of(plan: Dates | None, now: datetime) -> Phase:
    """The phase at an instant. The first instant of `until` is too late already."""
    if plan is None:
        return Phase.UNPLANNED
    if now < plan.scoring_from:
        return Phase.BEFORE
    if now < plan.scoring_until:
        return Phase.SCORING
    if plan.discussion_until is not None and now < plan.discussion_until:
        return Phase.DISCUSSION
    return Phase.CLOSED


def may(plan: Dates | None, state: ReviewState | None, now: datetime) -> frozenset[Act]:
    """What an expert may do now. `state`: of the own sheet, None before it is begun."""
    return MAY.get((phase_of(plan, now), state or ReviewState.DRAFT), NOTHING)

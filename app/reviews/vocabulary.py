"""The words of reviewing: how an expert stands, why one may not read a plan, how far a reading is."""

import enum
from typing import Any

from flask_babel import lazy_gettext as _l


class ReviewerState(enum.StrEnum):
    """How an outside expert stands to JST."""

    INVITED = "invited"
    ACTIVE = "active"
    RESTING = "resting"  # of the register, but given nothing to read for now
    ENDED = "ended"

    @property
    def label(self) -> Any:
        return REVIEWER_LABELS[self]


REVIEWER_LABELS = {
    ReviewerState.INVITED: _l("Invited"),
    ReviewerState.ACTIVE: _l("Active"),
    ReviewerState.RESTING: _l("Resting"),
    ReviewerState.ENDED: _l("Ended"),
}


class ConflictReason(enum.StrEnum):
    """Why an expert may not read a plan. Family name and nationality are never a reason."""

    SAME_INSTITUTION = "same_institution"
    RELATED_INSTITUTION = "related_institution"  # its parent, child, predecessor or successor
    PARTNER_SIDE = "partner_side"
    EMAIL_DOMAIN = "email_domain"
    JOINT_VISIT = "joint_visit"
    NAMED_IN_PLAN = "named_in_plan"  # the expert's own e-mail address stands in the plan
    DECLARED = "declared"

    @property
    def label(self) -> Any:
        return CONFLICT_LABELS[self]


CONFLICT_LABELS = {
    ConflictReason.SAME_INSTITUTION: _l("Same institution as the host"),
    ConflictReason.RELATED_INSTITUTION: _l("Institution related to the host"),
    ConflictReason.PARTNER_SIDE: _l("Institution of a partner, or related to it"),
    ConflictReason.EMAIL_DOMAIN: _l("Same e-mail domain as somebody in the plan"),
    ConflictReason.JOINT_VISIT: _l("Took part in an earlier visit of this host and partner"),
    ConflictReason.NAMED_IN_PLAN: _l("Named in the plan"),
    ConflictReason.DECLARED: _l("Declared"),
}


class AssignmentState(enum.StrEnum):
    """How far the reading of one plan by one expert is."""

    PROPOSED = "proposed"  # by JST, before anything is sent
    SENT = "sent"  # the expert sees title and institutions, and says whether there is a conflict
    ACCEPTED = "accepted"  # no conflict: the expert reads the plan
    COMPLETED = "completed"  # scored, or abstained with a reason
    DECLINED = "declined"  # no time, or a conflict
    SET_ASIDE = "set_aside"  # replaced, or a conflict that came to light late: kept for the record

    @property
    def label(self) -> Any:
        return ASSIGNMENT_LABELS[self]


ASSIGNMENT_LABELS = {
    AssignmentState.PROPOSED: _l("Proposed"),
    AssignmentState.SENT: _l("Sent"),
    AssignmentState.ACCEPTED: _l("Being read"),
    AssignmentState.COMPLETED: _l("Review handed in"),
    AssignmentState.DECLINED: _l("Not taken on"),
    AssignmentState.SET_ASIDE: _l("Set aside"),
}

OPEN_ASSIGNMENTS = (AssignmentState.PROPOSED, AssignmentState.SENT, AssignmentState.ACCEPTED, AssignmentState.COMPLETED)
READING = (AssignmentState.ACCEPTED, AssignmentState.COMPLETED)  # the whole plan may be read
TOLD = (AssignmentState.SENT, *READING)  # the expert knows of the plan


class ReviewState(enum.StrEnum):
    """A score sheet."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ABSTAINED = "abstained"

    @property
    def label(self) -> Any:
        return REVIEW_LABELS[self]


REVIEW_LABELS = {
    ReviewState.DRAFT: _l("Draft"),
    ReviewState.SUBMITTED: _l("Handed in"),
    ReviewState.ABSTAINED: _l("Abstained"),
}

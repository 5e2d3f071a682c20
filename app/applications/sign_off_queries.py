"""Every SELECT on sign-offs, and how a plan stands to the newest of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, case, select
from sqlalchemy.orm import joinedload

from app.applications import snapshot
from app.applications.models import Application
from app.applications.sign_off_model import SignOff, SignOffState
from app.core.db import db

S = SignOffState
_NAMES = (joinedload(SignOff.requested_by), joinedload(SignOff.answered_by))


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest sign-off that no submission has used yet, beside the plan as it stands now."""

    newest: SignOff | None
    digest: str  # SHA-256 of the plan's content now

    @property
    def is_awaiting(self) -> bool:
        return self.newest is not None and self.newest.state is S.AWAITING

    @property
    def is_sent_back(self) -> bool:
        return self.newest is not None and self.newest.state is S.SENT_BACK

    @property
    def is_signed(self) -> bool:
        """Whether it was signed off, be it still valid or not."""
        return self.newest is not None and self.newest.state is S.SIGNED

    @property
    def is_changed(self) -> bool:
        """Whether the plan reads otherwise now than it did then."""
        return self.newest is not None and self.newest.content_sha256 != self.digest

    @property
    def is_valid(self) -> bool:
        """Whether an approver signed off the plan exactly as it stands now."""
        return self.is_signed and not self.is_changed


def newest(application: Application) -> SignOff | None:
    """The newest sign-off of a plan, of those not taken back; None once a submission has used it. Older ones are past:
    what an approver signed before the last submission never holds again.
    """
    query = select(SignOff).where(SignOff.application_id == application.id, SignOff.state != S.TAKEN_BACK)
    found = db.session.scalar(query.options(*_NAMES).order_by(SignOff.id.desc()).limit(1))
    return found if found is not None and found.submitted_at is None else None


def standing(application: Application) -> Standing:
    """How the plan stands now. One query."""
    return Standing(newest(application), snapshot.digest(snapshot.content(application)))


def shown(application: Application) -> Standing:
    """The same for a page that only shows it: what the plan says is summed up where there is a sign-off to compare."""
    found = newest(application)
    return Standing(found, snapshot.digest(snapshot.content(application)) if found is not None else "")


def hold(application: Application) -> None:
    """Let those who ask, sign and send back at the same instant take turns, until the end of the transaction."""
    db.session.execute(select(Application.id).where(Application.id == application.id).with_for_update()).one()


def answered_before(application: Application, sign_off: SignOff | None) -> SignOff | None:
    """The sign-off answered last, other than this one: what an approver of the plan saw last."""
    query = select(SignOff).where(SignOff.application_id == application.id, SignOff.answered_at.is_not(None))
    if sign_off is not None:
        query = query.where(SignOff.id != sign_off.id)
    return db.session.scalar(query.options(*_NAMES).order_by(SignOff.id.desc()).limit(1))


def of_submission(application: Application, submitted_at: datetime | None) -> SignOff | None:
    """The sign-off a submission stood on; None for those before sign-offs were kept."""
    query = select(SignOff).where(SignOff.application_id == application.id, SignOff.submitted_at == submitted_at)
    return db.session.scalar(query.options(*_NAMES).limit(1)) if submitted_at is not None else None


def state_of_newest() -> ScalarSelect[Any]:
    """A column for lists of plans: the state of what `newest` finds for each, or NULL."""
    unused = case((SignOff.submitted_at.is_(None), SignOff.state))
    query = select(unused).where(SignOff.application_id == Application.id, SignOff.state != S.TAKEN_BACK)
    return query.order_by(SignOff.id.desc()).limit(1).correlate(Application).scalar_subquery()

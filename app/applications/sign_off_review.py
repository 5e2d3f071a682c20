"""What an approver wants to know before signing: what changed since when, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.applications import change_authors, changes, sign_off_queries, snapshot
from app.applications.change_authors import Author
from app.applications.changes import SectionChanges
from app.applications.models import Application
from app.applications.sign_off_model import SignOff, SignOffState
from app.applications.sign_off_queries import Standing
from app.core.i18n import exact_moment


@dataclass(frozen=True, slots=True)
class Comparison:
    """The plan now beside what it was at some moment: what to call it, what changed, who changed it."""

    title: str
    sections: list[SectionChanges]
    authors: Mapping[str, list[Author]]


def comparisons(application: Application, standing: Standing) -> list[Comparison]:
    """With the last submission, with what an approver saw before, and with what was asked for or signed; those there
    are, in this order."""
    found = []
    now = snapshot.content(application)
    if application.snapshot and application.submitted_at:
        title = _("Since the last submission, %(when)s", when=exact_moment(application.submitted_at))
        found.append(_compare(application, title, application.snapshot, now, application.submitted_at))
    before = sign_off_queries.answered_before(application, standing.newest)
    for sign_off in (before, standing.newest):
        if sign_off is None or sign_off.submitted_at is not None:
            continue
        if sign_off is before or standing.is_changed:
            moment = sign_off.answered_at or sign_off.requested_at
            found.append(_compare(application, _title(sign_off), sign_off.content, now, moment))
    return found


def _compare(
    application: Application, title: str, then: Mapping[str, Any], now: Mapping[str, Any], moment: datetime | None
) -> Comparison:
    return Comparison(title, changes.compare(then, now), change_authors.since(application, moment))


def _title(sign_off: SignOff) -> str:
    who = sign_off.answered_by or sign_off.requested_by
    words = {"who": who.name if who else "", "when": exact_moment(sign_off.answered_at or sign_off.requested_at)}
    if sign_off.state is SignOffState.SIGNED:
        return _("Since %(who)s signed it off, %(when)s", **words)
    if sign_off.state is SignOffState.SENT_BACK:
        return _("Since %(who)s sent it back, %(when)s", **words)
    return _("Since %(who)s asked for the sign-off, %(when)s", **words)

"""Verbs on texts for applicants: pass one on, reword it, hold it back; before the result is released, with a reason."""

import enum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.applications import queries
from app.core import audit, authz
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Forbidden, Refused, Stale
from app.reviews import feedback
from app.reviews.feedback import Entry
from app.reviews.feedback_model import FeedbackRuling


class Rule(enum.StrEnum):
    """What becomes of a text."""

    PASS_ON = "pass_on"  # as it was written
    REWORD = "reword"
    HOLD = "hold"

    @property
    def label(self) -> Any:
        return LABELS[self]


LABELS = {
    Rule.PASS_ON: _l("Pass on as it was written"),
    Rule.REWORD: _l("Pass on in other words"),
    Rule.HOLD: _l("Hold back"),
}


def rule_of(entry: Entry) -> Rule:
    """What has been ruled on a text so far."""
    if entry.ruling is None:
        return Rule.HOLD if entry.tells else Rule.PASS_ON
    if entry.ruling.is_held:
        return Rule.HOLD
    return Rule.PASS_ON if entry.ruling.text == entry.written else Rule.REWORD


def version_of(entry: Entry) -> int:
    """The version of the ruling as its reader saw it; 0 for none."""
    return entry.ruling.version if entry.ruling is not None else 0


def decide(actor: Actor, entry: Entry, rule: Rule, *, version: int | None, text: str, reason: str) -> None:
    """Rule on a text. The expert's own text stays on record as it was written.

    Raises: Forbidden; Stale; Refused without a reason, without words, or once the result is released.
    """
    authz.require_role(actor, "feedback:edit")
    if actor.id is None:
        raise Forbidden()
    application = entry.review.assignment.application
    queries.take_turn(application)
    if version != version_of(entry):
        raise Stale()
    _refuse(entry, rule, text, reason)
    ruling = entry.ruling or _ruling_of(entry)
    ruling.is_held = rule is Rule.HOLD
    ruling.text = {Rule.PASS_ON: entry.written, Rule.REWORD: text.strip(), Rule.HOLD: ""}[rule]
    ruling.reason, ruling.made_by_id = reason.strip(), actor.id
    changes = audit.changes_of(ruling)
    db.session.flush()
    audit.record(actor, f"feedback:{rule.value.replace('_', '-')}", ruling, comment=reason.strip(), changes=changes)


def _ruling_of(entry: Entry) -> FeedbackRuling:
    """The row for a ruling: a new one, or that of a text which was handed in anew since."""
    found = db.session.scalar(select(FeedbackRuling).where(FeedbackRuling.review_id == entry.review.id))
    if found is None:
        found = FeedbackRuling(review_id=entry.review.id)
        db.session.add(found)
    return found


def _refuse(entry: Entry, rule: Rule, text: str, reason: str) -> None:
    if feedback.is_released(entry.review.assignment.application):
        raise Refused({"": [_("The result is released: the letter with this comment has gone out.")]})
    problems = {}
    if not reason.strip():
        problems["reason"] = [_("Give a reason.")]
    if rule is Rule.REWORD and not text.strip():
        problems["text"] = [_("Write what the applicant is to read, or hold the comment back.")]
    if problems:
        raise Refused(problems)

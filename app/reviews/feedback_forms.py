"""The form on a text for an applicant."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

from app.core.forms import RadioField, TextAreaField, VersionedForm
from app.reviews import feedback_service
from app.reviews.feedback import Entry
from app.reviews.feedback_service import Rule


class FeedbackForm(VersionedForm):
    """What becomes of a text, in which words, and why."""

    rule = RadioField(
        _l("What becomes of this comment"),
        choices=[(rule.value, rule.label) for rule in Rule],
        validators=[DataRequired()],
    )
    text = TextAreaField(_l("What the applicant reads, if in other words"), rows=8, validators=[Length(max=4000)])
    reason = TextAreaField(
        _l("Reason"),
        description=_l("It stays with the comment and in the audit log."),
        rows=2,
        validators=[DataRequired(_l("Give a reason.")), Length(max=500)],
    )

    def __init__(self, entry: Entry, **more: Any) -> None:
        super().__init__(data={**stored(entry), "version": str(feedback_service.version_of(entry))}, **more)


def stored(entry: Entry) -> dict[str, str]:
    """What is ruled now, by field."""
    ruling = entry.ruling
    text = ruling.text if ruling is not None and not ruling.is_held else entry.written
    rule = feedback_service.rule_of(entry).value
    return {"rule": rule, "text": text, "reason": ruling.reason if ruling is not None else ""}

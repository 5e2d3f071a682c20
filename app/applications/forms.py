"""Forms of the verbs: beginning a plan, returning it, deciding on it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, Length

from app.calls.models import Call
from app.core.forms import (
    BaseForm,
    CommentForm,
    CreatingForm,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    TextAreaField,
)
from app.core.i18n import exact_moment, fiscal_year_label
from app.directory.models import HostInstitution


class StartForm(CreatingForm):
    """Which institution applies, in which round, for which course."""

    host = SelectField(_l("Host institution"), validators=[DataRequired()])
    course = RadioField(_l("Round and course"), validators=[InputRequired(_l("Choose a round and course."))])

    def offer(self, hosts: Sequence[HostInstitution], calls: Sequence[Call]) -> None:
        """Say which institutions and which open rounds with their courses can be chosen."""
        self.host.choices = [(host.public_id, host.name) for host in hosts]
        if len(hosts) == 1 and not self.host.data:
            self.host.data = hosts[0].public_id
        self.course.choices = [
            (f"{call.public_id}.{link.course.public_id}", course_line(call, link.course))
            for call in calls
            for link in call.courses
        ]


def course_line(call: Call, course: Any) -> str:
    """A course of a round as people choose it: name, round, closing."""
    return _(
        "%(course)s: %(year)s, round %(label)s, until %(closing)s",
        course=course.name,
        year=fiscal_year_label(call.fiscal_year),
        label=call.label,
        closing=exact_moment(call.closes_at),
    )


class ReturnForm(CommentForm):
    """Why a plan goes back, and until when it may come again."""

    comment = TextAreaField(
        _l("What is to be corrected"),
        description=_l("The host reads this."),
        rows=6,
        validators=[DataRequired(_l("Give a reason.")), Length(max=4000)],
    )
    due_on = DateField(
        _l("Due on"),
        description=_l("The corrected plan may come back until the end of this day (Japan time)."),
        validators=[InputRequired(_l("Enter the day until which the corrected plan is due."))],
    )


class DecisionForm(CommentForm):
    """Words that go with a decision."""

    message = TextAreaField(
        _l("Message to the applicant"),
        description=_l("Optional. It becomes part of the letter with the result."),
        rows=5,
        validators=[Length(max=4000)],
    )
    comment = TextAreaField(
        _l("Remark for JST"),
        description=_l("Optional. It stays inside JST."),
        rows=3,
        validators=[Length(max=4000)],
    )


class StepForm(BaseForm):
    """Which step of the checklist is done, or not done after all."""

    step = HiddenField(validators=[DataRequired(), Length(max=40)])
    done = HiddenField(default="yes")

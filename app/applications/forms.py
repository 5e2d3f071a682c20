"""Forms of the verbs: beginning a plan, returning it, deciding on it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, Length

from app.applications.vocabulary import SECTION_LABELS
from app.calls.models import Call, Course
from app.core.forms import (
    BaseForm,
    CheckboxField,
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


class CopyForm(CreatingForm):
    """In which round, for which course."""

    course = RadioField(_l("Round and course"), validators=[InputRequired(_l("Choose a round and course."))])

    def offer_rounds(self, calls: Sequence[Call], wished: str = "") -> None:
        """Say which open rounds with their courses can be chosen; `wished`: a course chosen beforehand (public id)."""
        self.course.choices = [
            (place(call, link.course), course_line(call, link.course)) for call in calls for link in call.courses
        ]
        if self.course.data is None:
            self.course.data = next(
                (
                    place(call, link.course)
                    for call in calls
                    for link in call.courses
                    if link.course.public_id == wished
                ),
                None,
            )

    def chosen(self, calls: Sequence[Call]) -> tuple[Call, Course]:
        """The round and the course of the choice that was made."""
        return next(
            (call, link.course)
            for call in calls
            for link in call.courses
            if place(call, link.course) == self.course.data
        )


class StartForm(CopyForm):
    """Which institution applies, in which round, for which course, and from what the plan starts."""

    host = SelectField(_l("Host institution"), validators=[DataRequired()])
    origin = SelectField(
        _l("Start from an earlier plan"),
        description=_l("Optional. Its sections are copied; days are moved into the round."),
    )

    def offer(self, hosts: Sequence[HostInstitution], origins: Sequence[tuple[str, Any]], wished: str = "") -> None:
        """Say which institutions and which starting points can be chosen; `wished`: the one chosen beforehand."""
        self.host.choices = [(host.public_id, host.name) for host in hosts]
        if len(hosts) == 1 and not self.host.data:
            self.host.data = hosts[0].public_id
        self.origin.choices = [("", _("An empty plan")), *origins]
        if not self.origin.raw_data:
            self.origin.data = wished if wished in dict(origins) else ""


def place(call: Call, course: Course) -> str:
    """A course of a round as the value of a choice."""
    return f"{call.public_id}.{course.public_id}"


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

    def section_fields(self) -> list[tuple[Any, Any]]:
        """For the page: box and remark of each section."""
        return [(self[f"fix_{name}"], self[f"remark_{name}"]) for name in SECTION_LABELS]

    def sections(self) -> dict[str, str]:
        """Remarks by section to be corrected; a remark counts without its box."""
        found = {name: (self[f"fix_{name}"].data, self[f"remark_{name}"].data or "") for name in SECTION_LABELS}
        return {name: remark for name, (is_chosen, remark) in found.items() if is_chosen or remark}


for _name, _label in SECTION_LABELS.items():
    setattr(ReturnForm, f"fix_{_name}", CheckboxField(_label))
    setattr(
        ReturnForm,
        f"remark_{_name}",
        TextAreaField(_l("Remark on this section: %(section)s", section=_label), rows=2, validators=[Length(max=2000)]),
    )


class StepForm(BaseForm):
    """Which step of the checklist is done, or not done after all."""

    step = HiddenField(validators=[DataRequired(), Length(max=40)])
    done = HiddenField(default="yes")

"""Forms on rounds."""

import re
import unicodedata
from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.calls.models import Call, CourseCode
from app.core import clock
from app.core.forms import (
    BaseForm,
    CheckboxesField,
    DateField,
    TextAreaField,
    TextField,
    VersionedForm,
)

_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2}))?$")


def read_time(text: str) -> time | None:
    """A time of day with or without seconds; None when it is none."""
    found = _TIME.match(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _is_time(_form: BaseForm, field: Any) -> None:
    if read_time(field.data or "") is None:
        raise ValidationError(_("Enter a time such as 17:00 or 17:00:00."))


class CallForm(VersionedForm):
    """A round. Times are those of clocks in Tokyo."""

    opens_on = DateField(_l("Opens on"), validators=[InputRequired()])
    opens_time = TextField(_l("Opening time (Japan time)"), validators=[DataRequired(), _is_time])
    closes_on = DateField(_l("Closes on"), validators=[InputRequired()])
    closes_time = TextField(
        _l("Closing time (Japan time)"),
        description=_l("The first second at which no submission is taken any more."),
        validators=[DataRequired(), _is_time],
    )
    notice_on = DateField(_l("Notice of results"), validators=[InputRequired()])
    visits_from = DateField(_l("First day for visits"), validators=[InputRequired()])
    visits_until = DateField(_l("Last day for visits"), validators=[InputRequired()])
    courses = CheckboxesField(_l("Courses that can be applied for"), validators=[InputRequired()])
    note_ja = TextAreaField(_l("Note in Japanese"), rows=3, validators=[Length(max=2000)])
    note_en = TextAreaField(_l("Note in English"), rows=3, validators=[Length(max=2000)])

    def __init__(self, call: Call, courses: list[Any]) -> None:
        super().__init__(data=self.stored(call) | {"version": call.version})
        self.courses.choices = [(course.code.value, course.name) for course in courses]

    @staticmethod
    def stored(call: Call) -> dict[str, Any]:
        """What is stored now, by field."""
        opens, closes = clock.in_tokyo(call.opens_at), clock.in_tokyo(call.closes_at)
        return {
            "opens_on": opens.date(),
            "opens_time": f"{opens:%H:%M:%S}",
            "closes_on": closes.date(),
            "closes_time": f"{closes:%H:%M:%S}",
            "notice_on": call.notice_on,
            "visits_from": call.visits_from,
            "visits_until": call.visits_until,
            "courses": [link.course.code.value for link in call.courses],
            "note_ja": call.note_ja,
            "note_en": call.note_en,
        }

    def payload(self) -> dict[str, Any]:
        """Keyword arguments of the verb: instants instead of days and times."""
        given = super().payload()
        for name in ("opens", "closes"):
            hour = read_time(given.pop(f"{name}_time"))
            given[f"{name}_at"] = clock.tokyo(given.pop(f"{name}_on"), hour or time())
        given["course_codes"] = [CourseCode(code) for code in given.pop("courses")]
        return given


__all__ = ["CallForm", "read_time"]

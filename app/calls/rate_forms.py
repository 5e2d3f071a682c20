"""The form on a guide rate."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.calls import places
from app.calls.models import CourseCode
from app.calls.rate_models import UnitRate
from app.core.forms import (
    CheckboxesField,
    CheckboxField,
    MoneyField,
    TextAreaField,
    TextField,
    VersionedForm,
)

MOST = 100_000_000
KEPT = ("amount", "ceiling", "label_ja", "label_en", "clause_ja", "clause_en", "is_untaxed", "to_confirm", "courses")


class RateForm(VersionedForm):
    """What a unit costs in a fiscal year. Its code, kind of costs and unit stay: calculations hang on them."""

    amount = MoneyField(
        _l("Rate"),
        description=_l("In whole yen; for a percentage, the per cent. 0: it is not proposed by itself."),
        validators=[InputRequired(_l("Enter the rate.")), NumberRange(0, MOST)],
    )
    ceiling = MoneyField(
        _l("Ceiling in yen"), description=_l("Empty: no ceiling."), validators=[Optional(), NumberRange(0, MOST)]
    )
    label_ja = TextField(_l("Name in Japanese"), validators=[DataRequired(), Length(max=120)])
    label_en = TextField(_l("Name in English"), validators=[DataRequired(), Length(max=120)])
    origins = TextAreaField(
        _l("Where people come from"),
        description=_l("One country, region or part of the world per line. Empty: from anywhere."),
        rows=3,
    )
    courses = CheckboxesField(_l("Courses"), description=_l("None chosen: all courses."))
    is_untaxed = CheckboxField(_l("Carries no consumption tax"))
    clause_ja = TextField(_l("Place in the guidelines, in Japanese"), validators=[DataRequired(), Length(max=120)])
    clause_en = TextField(_l("Place in the guidelines, in English"), validators=[DataRequired(), Length(max=120)])
    to_confirm = CheckboxField(_l("Still to be confirmed by JST"))
    reason = TextAreaField(
        _l("Reason for the change"),
        description=_l("Needed once the fiscal year is published. It stays in the history."),
        rows=2,
        validators=[Length(max=500)],
    )

    def __init__(self, rate: UnitRate, courses: list[Any]) -> None:
        super().__init__(data=self.stored(rate) | {"version": rate.version})
        named = {course.code.value: course.name for course in courses}
        self.courses.choices = [(code.value, named.get(code.value, code.value)) for code in CourseCode]

    @staticmethod
    def stored(rate: UnitRate) -> dict[str, Any]:
        """What is stored now, by field."""
        return {**{name: getattr(rate, name) for name in KEPT}, "origins": places.shown(rate.origins)}

    def payload(self) -> dict[str, Any]:
        return {
            **super().payload(),
            "origins": places.typed(self.origins.data),
            "courses": list(self.courses.data or []),
        }

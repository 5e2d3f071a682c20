"""The forms on guide rates: change one, add one, take one away, begin a year from another."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.calls import places, rate_problems
from app.calls.models import CourseCode
from app.calls.rate_models import Unit, UnitRate
from app.calls.vocabulary import COSTS
from app.core.forms import (
    CheckboxesField,
    CheckboxField,
    CreatingForm,
    MoneyField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    VersionedForm,
)
from app.core.i18n import fiscal_year_label

MOST = 100_000_000
KEPT = ("amount", "ceiling", "label_ja", "label_en", "clause_ja", "clause_en", "is_untaxed", "to_confirm", "courses")


class RateFields:
    """What every form of a rate asks."""

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

    def offer(self, courses: list[Any]) -> None:
        """Say which courses may be chosen."""
        named = {course.code.value: course.name for course in courses}
        self.courses.choices = [(code.value, named.get(code.value, code.value)) for code in CourseCode]

    def payload(self) -> dict[str, Any]:
        return {
            **super().payload(),  # type: ignore[misc]
            "origins": places.typed(self.origins.data),
            "courses": list(self.courses.data or []),
        }


class RateForm(RateFields, VersionedForm):
    """What a unit costs in a fiscal year. Its code, kind of costs and unit stay: calculations hang on them."""

    def __init__(self, rate: UnitRate, courses: list[Any]) -> None:
        super().__init__(data=self.stored(rate) | {"version": rate.version})
        self.offer(courses)

    @staticmethod
    def stored(rate: UnitRate) -> dict[str, Any]:
        """What is stored now, by field."""
        return {**{name: getattr(rate, name) for name in KEPT}, "origins": places.shown(rate.origins)}


class NewRateForm(RateFields, CreatingForm):
    """A further rate of a year; `like`: the rate it stands in for, whose words it begins with."""

    family = SelectField(
        _l("Stands in for"),
        description=_l("For every country or region the closest rate of such a group counts."),
    )
    kind = RadioField(_l("Kind of costs"), choices=[(kind, COSTS[kind]) for kind in rate_problems.KINDS])
    unit = RadioField(_l("Unit"), choices=[(unit.value, unit.label) for unit in Unit])

    def __init__(self, rates: list[UnitRate], courses: list[Any], like: UnitRate | None = None) -> None:
        known: dict[str, Any] = {"kind": rate_problems.KINDS[0], "unit": Unit.PERSON.value}
        if like is not None:
            known = RateForm.stored(like) | {"family": like.family, "kind": like.kind, "unit": like.unit.value}
            known["origins"] = ""
        super().__init__(data=known)
        self.offer(courses)
        families = {rate.family: rate.label for rate in reversed(rates)}
        self.family.choices = [("", _l("No other rate")), *reversed(families.items())]

    def payload(self) -> dict[str, Any]:
        given = super().payload()
        return {**given, "family": given["family"] or "", "unit": Unit(given["unit"])}


class RateReasonForm(VersionedForm):
    """Offering a rate no longer, or again."""

    reason = RateFields.reason

    def __init__(self, rate: UnitRate) -> None:
        super().__init__(data={"version": rate.version})


class TakeOverForm(CreatingForm):
    """Begin the rates of a year from those of an earlier one."""

    from_year = SelectField(_l("Year to take the rates from"), coerce=int)
    reason = RateFields.reason

    def __init__(self, years: list[int]) -> None:
        super().__init__()
        self.from_year.choices = [(year, fiscal_year_label(year)) for year in years]

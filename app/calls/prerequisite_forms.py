"""The forms of steps around a visit: change one, add one, remove one."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

from app.calls import places
from app.calls.prerequisite_model import Anchor, DayKind, Direction, Doer, Prerequisite
from app.calls.vocabulary import COURSES
from app.core.forms import (
    CheckboxesField,
    CheckboxField,
    CreatingForm,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    VersionedForm,
)
from app.core.i18n import fiscal_year_label

TEXTS = ("title_ja", "title_en", "explanation_ja", "explanation_en", "clause_ja", "clause_en")
PLAIN = {"anchor": "entry", "direction": "before", "day_kind": "calendar", "doer": "host"}
CHOICES = {"anchor": Anchor, "direction": Direction, "day_kind": DayKind, "doer": Doer}
_PER_LINE = _l("One country, region or part of the world per line.")


class StepFields:
    """What every form of a step asks: what is to be done, by whom, and how its latest date is counted."""

    title_ja = TextField(_l("Title in Japanese"), validators=[DataRequired(), Length(max=200)])
    title_en = TextField(_l("Title in English"), validators=[DataRequired(), Length(max=200)])
    anchor = RadioField(_l("Counted from"), choices=[(item.value, item.label) for item in Anchor])
    direction = RadioField(_l("Before or after"), choices=[(item.value, item.label) for item in Direction])
    days = IntegerField(_l("Number of days"))
    day_kind = RadioField(_l("Which days count"), choices=[(item.value, item.label) for item in DayKind])
    doer = RadioField(_l("Who does it"), choices=[(item.value, item.label) for item in Doer])
    countries = TextAreaField(
        _l("Only for partners in"),
        description=_l("Empty: everywhere. One country, region or part of the world per line."),
        rows=3,
    )
    except_countries = TextAreaField(_l("Not for partners in"), description=_PER_LINE, rows=6)
    courses = CheckboxesField(
        _l("Only for these courses"),
        description=_l("None chosen: all courses."),
        choices=list(COURSES.items()),
    )
    minors_only = CheckboxField(_l("Only where minors take part"))
    explanation_ja = TextAreaField(_l("Explanation in Japanese"), rows=4, validators=[Length(max=1000)])
    explanation_en = TextAreaField(_l("Explanation in English"), rows=4, validators=[Length(max=1000)])
    clause_ja = TextField(_l("Source in Japanese"), validators=[Length(max=200)])
    clause_en = TextField(_l("Source in English"), validators=[Length(max=200)])
    to_confirm = CheckboxField(_l("Still to be confirmed by JST"))
    is_active = CheckboxField(_l("Shown on the checklists of plans"))
    reason = TextAreaField(
        _l("Reason for the change"),
        description=_l("It stays in the history."),
        rows=2,
        validators=[Length(max=500)],
    )

    def payload(self) -> dict[str, Any]:
        """Keyword arguments of the verb: codes instead of names."""
        given: dict[str, Any] = super().payload()  # type: ignore[misc]
        for name, kind in CHOICES.items():
            given[name] = kind(given[name])
        for name in ("countries", "except_countries"):
            given[name] = places.typed(given[name])
        return given


class PrerequisiteForm(StepFields, VersionedForm):
    """A change of a step."""

    def __init__(self, row: Prerequisite) -> None:
        super().__init__(data=self.stored(row) | {"version": row.version})

    @staticmethod
    def stored(row: Prerequisite) -> dict[str, Any]:
        """What is stored now, by field."""
        kept = (*TEXTS, "days", "minors_only", "to_confirm", "is_active")
        return {
            **{name: getattr(row, name) for name in kept},
            **{name: getattr(row, name).value for name in CHOICES},
            "countries": places.shown(row.countries),
            "except_countries": places.shown(row.except_countries),
            "courses": list(row.courses),
        }


class NewPrerequisiteForm(StepFields, CreatingForm):
    """A further step; `like`: the row of every year that it replaces in one."""

    fiscal_year = SelectField(_l("Fiscal year"), description=_l("A row of a fiscal year replaces that of every year."))

    def __init__(self, years: list[int], like: Prerequisite | None = None) -> None:
        known: dict[str, Any] = {"is_active": True, "days": 30, **PLAIN}
        super().__init__(data=PrerequisiteForm.stored(like) if like is not None else known)
        self.fiscal_year.choices = [("", _l("Every year")), *((str(year), fiscal_year_label(year)) for year in years)]

    def payload(self) -> dict[str, Any]:
        given = super().payload()
        return {**given, "fiscal_year": int(given["fiscal_year"]) if given["fiscal_year"] else None}


class RemovePrerequisiteForm(VersionedForm):
    """Taking a step away."""

    reason = StepFields.reason

    def __init__(self, row: Prerequisite) -> None:
        super().__init__(data={"version": row.version})

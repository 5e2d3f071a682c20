"""The forms on criteria of review: their words, what each mark means, their weight."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.core.forms import CreatingForm, IntegerField, SelectField, TextAreaField, TextField, VersionedForm
from app.core.i18n import fiscal_year_label
from app.reviews.scoring_models import HIGHEST, LOWEST, Criterion

MARKS = tuple(range(LOWEST, HIGHEST + 1))
LANGUAGES = ("ja", "en")
PLAIN = ("label_ja", "label_en", "help_ja", "help_en", "weight")
MOST_WEIGHT = 100


def _anchor(mark: int, language: str) -> TextField:
    label = (
        _l("Mark %(mark)s in Japanese", mark=mark) if language == "ja" else _l("Mark %(mark)s in English", mark=mark)
    )
    return TextField(label, validators=[DataRequired(_l("Say what this mark means.")), Length(max=200)])


class CriterionFields:
    """What every form of a criterion asks."""

    label_ja = TextField(_l("Name in Japanese"), validators=[DataRequired(), Length(max=200)])
    label_en = TextField(_l("Name in English"), validators=[DataRequired(), Length(max=200)])
    help_ja = TextAreaField(_l("Explanation in Japanese"), rows=3, validators=[Length(max=1000)])
    help_en = TextAreaField(_l("Explanation in English"), rows=3, validators=[Length(max=1000)])
    weight = IntegerField(
        _l("Weight"),
        description=_l("How much the criterion counts against the others. 0: it is marked, but does not count."),
        validators=[InputRequired(_l("Enter the weight.")), NumberRange(0, MOST_WEIGHT)],
    )
    anchor_1_ja, anchor_1_en = _anchor(1, "ja"), _anchor(1, "en")
    anchor_2_ja, anchor_2_en = _anchor(2, "ja"), _anchor(2, "en")
    anchor_3_ja, anchor_3_en = _anchor(3, "ja"), _anchor(3, "en")
    anchor_4_ja, anchor_4_en = _anchor(4, "ja"), _anchor(4, "en")
    anchor_5_ja, anchor_5_en = _anchor(5, "ja"), _anchor(5, "en")

    def payload(self) -> dict[str, Any]:
        """The words and weight, and the anchors as a criterion keeps them."""
        given = super().payload()  # type: ignore[misc]
        anchors = {str(mark): {code: given[f"anchor_{mark}_{code}"] for code in LANGUAGES} for mark in MARKS}
        return {name: given[name] for name in PLAIN} | {"anchors": anchors}

    def anchor(self, mark: int, language: str) -> Any:
        """The field of what a mark means in a language."""
        return getattr(self, f"anchor_{mark}_{language}")


class CriterionForm(CriterionFields, VersionedForm):
    """Change a criterion."""

    def __init__(self, criterion: Criterion) -> None:
        super().__init__(data=stored(criterion) | {"version": criterion.version})


class NewCriterionForm(CriterionFields, CreatingForm):
    """A further criterion."""


class RemoveCriterionForm(VersionedForm):
    """Take a criterion away."""

    def __init__(self, criterion: Criterion) -> None:
        super().__init__(data={"version": criterion.version})


class BeginCriteriaForm(CreatingForm):
    """Begin the criteria of a course from those of an earlier year."""

    from_year = SelectField(_l("Year to take the criteria from"), coerce=int)

    def __init__(self, years: list[int]) -> None:
        super().__init__()
        self.from_year.choices = [(year, fiscal_year_label(year)) for year in years]


def stored(criterion: Criterion) -> dict[str, Any]:
    """What is stored now, by field."""
    anchors = {
        f"anchor_{mark}_{code}": criterion.anchors.get(str(mark), {}).get(code, "")
        for mark in MARKS
        for code in LANGUAGES
    }
    return {name: getattr(criterion, name) for name in PLAIN} | anchors

"""The forms of boards: begin one, move on it, set conditions, take it away; and those of targets."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.board import measures
from app.core.forms import (
    CheckboxField,
    CreatingForm,
    ExportForm,
    HiddenField,
    IntegerField,
    MoneyField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    VersionedForm,
)
from app.core.i18n import LANGUAGE_NAMES

MOST = 100_000_000_000
MARKS = ("", "adopted", "reserve", "declined")
AMOUNT = (InputRequired(_l("Enter an amount in yen.")), NumberRange(min=0, max=MOST))


class BeginForm(CreatingForm):
    """A new board of a round. `based_on`: "" for the order of the scores, or another board."""

    name = TextField(
        _l("Name of the board"),
        description=_l("For example: “More of Africa”, “Budget cut by a tenth”."),
        validators=[DataRequired(_l("Give the board a name.")), Length(max=120)],
    )
    based_on = SelectField(_l("Begin with"))
    budget_line = MoneyField(_l("Budget line (yen)"), validators=AMOUNT)

    def offer(self, boards: list[tuple[str, str]]) -> None:
        """Offer the boards of the round to begin from."""
        self.based_on.choices = [("", _("The order of the scores")), *boards]


class BoardForm(VersionedForm):
    """A board moved on: the line and the reason. Outcomes and places of plans: `typed`."""

    line = MoneyField(_l("Budget line (yen)"), validators=AMOUNT)
    reason = TextAreaField(
        _l("Reason for the moves"),
        description=_l("Kept with every move: who, when and why."),
        rows=2,
        validators=[Length(max=1000)],
    )


@dataclass(slots=True)
class Typed:
    """What a board's form says of its plans: outcomes and places by plan; what cannot be read, as sentences."""

    marks: dict[int, str] = field(default_factory=dict)
    to: dict[int, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def typed(sent: Mapping[str, str], ids: Mapping[str, tuple[int, str]]) -> Typed:
    """Outcomes and places as sent; `ids`: number and reference of a plan by its public id."""
    found = Typed()
    for public_id, (plan, reference) in ids.items():
        mark = sent.get(f"mark-{public_id}")
        if mark in MARKS:
            found.marks[plan] = mark
        place = unicodedata.normalize("NFKC", sent.get(f"to-{public_id}", "")).strip()
        if not place:
            continue
        if place.isdecimal() and 1 <= int(place[:9]) <= len(ids):
            found.to[plan] = int(place[:9])
        else:
            found.problems.append(
                _("%(plan)s: enter a place from 1 to %(last)s.", plan=reference, last=len(ids)),
            )
    return found


class ProposeForm(VersionedForm, CreatingForm):
    """The decisions of a board proposed. `below`: "1" to decline what is below the line, too."""

    below = HiddenField()


class ReasonForm(VersionedForm):
    """Why a board becomes the panel's."""

    reason = TextAreaField(_l("Reason"), rows=3, validators=[DataRequired(_l("Give a reason.")), Length(max=1000)])


class ConditionsForm(VersionedForm):
    """On which conditions a plan would be adopted."""

    people_cap = IntegerField(
        _l("At most so many people"),
        description=_l("Leave empty to adopt everybody asked for."),
        validators=[Optional(), NumberRange(min=1, max=999)],
    )
    money_cap = MoneyField(
        _l("At most so much money (yen)"),
        description=_l("Leave empty to let the money asked for stand."),
        validators=[Optional(), NumberRange(min=0, max=MOST)],
    )
    condition_ja = TextAreaField(
        _l("Condition in Japanese"),
        description=_l("The host reads this once the result is released."),
        rows=3,
        validators=[Length(max=1000)],
    )
    condition_en = TextAreaField(_l("Condition in English"), rows=3, validators=[Length(max=1000)])
    reason = TextAreaField(
        _l("Reason"),
        description=_l("For JST: kept with the move."),
        rows=2,
        validators=[DataRequired(_l("Give a reason.")), Length(max=1000)],
    )


class TakeAwayForm(ExportForm):
    """How a board leaves the system, and why."""

    form = RadioField(
        _l("Form"),
        choices=[
            ("a3", _l("Print, A3 landscape (PDF)")),
            ("a4", _l("Print, A4 landscape (PDF)")),
            ("xlsx", _l("Workbook (.xlsx)")),
        ],
        default="a3",
    )
    tongue = RadioField(_l("Language"), choices=list(LANGUAGE_NAMES.items()))


GOAL = IntegerField(
    _l("Target"),
    description=_l("A number; for money, yen."),
    validators=[InputRequired(_l("Enter a whole number in digits.")), NumberRange(min=0, max=MOST)],
)


class TargetForm(VersionedForm):
    """A target changed."""

    goal = GOAL
    is_ceiling = CheckboxField(_l("Not to be exceeded"))
    to_confirm = CheckboxField(_l("To be confirmed by JST"))


class NewTargetForm(CreatingForm):
    """A further target of a year."""

    measure = SelectField(_l("What is counted"))
    goal = GOAL
    is_ceiling = CheckboxField(_l("Not to be exceeded"))
    to_confirm = CheckboxField(_l("To be confirmed by JST"))

    def offer(self) -> None:
        """Offer everything that can be counted."""
        self.measure.choices = measures.choices()

"""The score sheet as a form, one mark and one comment for each criterion; abstaining; a contribution; an upload."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length, Optional

from app.core.forms import ConfirmForm, CreatingForm, FileField, RadioField, TextAreaField, VersionedForm
from app.reviews import scoring_sheet
from app.reviews.scoring_models import HIGHEST, LOWEST, Criterion, Review
from app.reviews.scoring_sheet import MOST_COMMENT, MOST_TEXT, Sheet


def _mark(text: Any) -> int | None:
    """A mark from what a browser sends; nothing chosen is no mark."""
    return int(text) if text not in (None, "") else None


class SheetForm(VersionedForm):
    """What every sheet asks beside its criteria."""

    for_panel = TextAreaField(
        _l("For the panel"),
        description=_l("Read by JST and, once theirs is in, by the other experts. Your name does not appear to them."),
        rows=5,
        maximum=MOST_TEXT,
        validators=[Length(max=MOST_TEXT)],
    )
    for_applicant = TextAreaField(
        _l("For the applicant"),
        description=_l("May be passed on after the decision, without your name. Do not say who you are."),
        rows=4,
        maximum=MOST_TEXT,
        validators=[Length(max=MOST_TEXT)],
    )
    criteria: Sequence[Criterion] = ()

    def mark(self, criterion: Criterion) -> Any:
        """The field of a criterion's mark."""
        return self._fields[f"mark_{criterion.key}"]

    def comment(self, criterion: Criterion) -> Any:
        """The field of the words beside it."""
        return self._fields[f"comment_{criterion.key}"]

    def sheet(self) -> Sheet:
        """What was typed."""
        marks = {criterion.key: self.mark(criterion).data for criterion in self.criteria}
        comments = {criterion.key: self.comment(criterion).data for criterion in self.criteria}
        return Sheet(
            marks={key: mark for key, mark in marks.items() if mark is not None},
            comments={key: text for key, text in comments.items() if text},
            for_panel=self.for_panel.data or "",
            for_applicant=self.for_applicant.data or "",
        )


def sheet_form(criteria: Sequence[Criterion], review: Review | None) -> SheetForm:
    """The form of a sheet with these criteria, filled with what is stored."""
    fields: dict[str, Any] = {"criteria": criteria}
    for criterion in criteria:
        fields[f"mark_{criterion.key}"] = RadioField(
            criterion.label,
            description=criterion.help,
            choices=[(str(mark), _words(criterion, mark)) for mark in range(HIGHEST, LOWEST - 1, -1)],
            coerce=_mark,
            validators=[Optional()],
        )
        fields[f"comment_{criterion.key}"] = TextAreaField(
            _l("Why? (%(criterion)s)", criterion=criterion.label), rows=2, validators=[Length(max=MOST_COMMENT)]
        )
    made: SheetForm = type("SheetForm", (SheetForm,), fields)(
        data=stored(criteria, review) | {"version": review.version if review else ""}
    )
    return made


def _words(criterion: Criterion, mark: int) -> str:
    return " – ".join(filter(None, (str(mark), criterion.anchor(mark))))


def stored(criteria: Sequence[Criterion], review: Review | None) -> dict[str, Any]:
    """What is stored now, by field."""
    sheet = scoring_sheet.of(review, criteria)
    return {
        "for_panel": sheet.for_panel,
        "for_applicant": sheet.for_applicant,
        **{f"mark_{criterion.key}": sheet.marks.get(criterion.key) for criterion in criteria},
        **{f"comment_{criterion.key}": sheet.comments.get(criterion.key, "") for criterion in criteria},
    }


class HandInForm(VersionedForm):
    """The second step: nothing but a button, and the version that was read."""

    def __init__(self, review: Review | None) -> None:
        super().__init__(data={"version": review.version if review else ""})


class AbstainForm(HandInForm):
    """Why no score is given."""

    reason = TextAreaField(
        _l("Why do you abstain?"),
        description=_l("For JST only. If it is because of a conflict of interest, declare that instead."),
        rows=4,
        validators=[DataRequired(_l("Say why you abstain.")), Length(max=1000)],
    )


class PostForm(CreatingForm):
    """A contribution to the discussion of a plan; it cannot be edited afterwards."""

    text = TextAreaField(
        _l("Your contribution"),
        description=_l("It cannot be changed once it is sent."),
        rows=5,
        maximum=MOST_TEXT,
        validators=[DataRequired(_l("Write something.")), Length(max=MOST_TEXT)],
    )


class SheetsForm(CreatingForm):
    """A workbook of score sheets that comes back."""

    file = FileField(_l("Workbook with your scores (.xlsx)"), validators=[DataRequired(_l("Choose a file."))])


__all__ = ["AbstainForm", "ConfirmForm", "HandInForm", "PostForm", "SheetForm", "SheetsForm", "sheet_form", "stored"]

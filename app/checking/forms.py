"""Forms of the formal check: one for the three outcomes, one for a reason that is kept."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Length

from app.applications.vocabulary import SECTION_LABELS
from app.calls.models import CourseCode
from app.checking.meeting import Seen
from app.checking.models import CheckReason
from app.checking.vocabulary import Outcome
from app.core.forms import (
    CheckboxesField,
    CheckboxField,
    CommentForm,
    CreatingForm,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    VersionedForm,
)
from app.core.i18n import language

MOST_SIGNS = 4000
BOTH = "reasons"  # the place of a reason in both languages


class OutcomeForm(CreatingForm):
    """What comes of the check. What an outcome needs its verb says; nothing typed for another outcome is lost."""

    version = HiddenField()
    holder = HiddenField()
    outcome = RadioField(
        _l("Outcome"),
        choices=[
            (Outcome.PASSED.value, _l("Pass on to review")),
            (Outcome.RETURNED.value, _l("Return for correction")),
            (Outcome.INADMISSIBLE.value, _l("Formally inadmissible: to the decision, not to the experts")),
        ],
        validators=[InputRequired(_l("Choose an outcome."))],
    )
    comment = TextAreaField(
        _l("What is to be corrected"),
        description=_l("The host reads this."),
        rows=3,
        validators=[Length(max=MOST_SIGNS)],
    )
    due_on = DateField(
        _l("Due on"),
        description=_l("The corrected plan may come back until the end of this day (Japan time)."),
    )
    rules = CheckboxesField(_l("Clause the plan does not meet"))
    reason_ja = TextAreaField(_l("Reason in Japanese"), rows=3, validators=[Length(max=MOST_SIGNS)])
    reason_en = TextAreaField(_l("Reason in English"), rows=3, validators=[Length(max=MOST_SIGNS)])

    @property
    def seen(self) -> Seen:
        """What the officer saw when the form was made."""
        text = str(self.version.data or "")
        return Seen(int(text) if text.isdecimal() else None, str(self.holder.data or ""))

    def saw(self, version: int, holder: str) -> None:
        """Note what the page shows now."""
        for field, value in ((self.version, str(version)), (self.holder, holder)):
            field.raw_data, field.data = None, value

    def section_fields(self) -> list[tuple[str, Any, Any]]:
        """For the page: name, box and remark of each section."""
        return [(name, self[f"fix_{name}"], self[f"remark_{name}"]) for name in SECTION_LABELS]

    def sections(self) -> dict[str, str]:
        """Remarks by section to be corrected; a remark counts without its box."""
        found = {name: (box.data, remark.data or "") for name, box, remark in self.section_fields()}
        return {name: remark for name, (is_chosen, remark) in found.items() if is_chosen or remark}

    def offer_clauses(self, clauses: Sequence[tuple[str, str]]) -> None:
        """Say which clauses can be chosen: (rule, words)."""
        self.rules.choices = list(clauses)

    def places(self) -> dict[str, str]:
        """Where a kept reason can be put: place by name, with the section whose reasons are offered ("" all)."""
        return {"comment": "", **{f"remark_{name}": name for name in SECTION_LABELS}, BOTH: ""}

    def put(self, place: str, reason: CheckReason) -> None:
        """Add a kept reason to what stands at a place."""
        if place == BOTH:
            self._add("reason_ja", reason.text_ja)
            self._add("reason_en", reason.text_en)
        else:
            self._add(place, reason.text)

    def _add(self, name: str, text: str) -> None:
        field = self[name]
        field.raw_data, field.data = None, "\n".join(filter(None, (field.data or "", text)))

    def kept_words(self, place: str) -> dict[str, str]:
        """What stands at a place, as texts of a reason to be kept."""
        if place == BOTH:
            return {"text_ja": self.reason_ja.data or "", "text_en": self.reason_en.data or ""}
        return {f"text_{language()}": self[place].data or ""}


for _name, _label in SECTION_LABELS.items():
    setattr(OutcomeForm, f"fix_{_name}", CheckboxField(_label))
    setattr(
        OutcomeForm,
        f"remark_{_name}",
        TextAreaField(_l("Remark on this section: %(section)s", section=_label), rows=2, validators=[Length(max=2000)]),
    )


class ReasonForm(VersionedForm):
    """A reason that comes again."""

    course = SelectField(_l("Course"))
    section = SelectField(_l("Section of the plan"))
    clause = TextField(_l("Clause"), validators=[Length(max=200)])
    text_ja = TextAreaField(_l("Reason in Japanese"), rows=4, validators=[Length(max=2000)])
    text_en = TextAreaField(_l("Reason in English"), rows=4, validators=[Length(max=2000)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course.choices = [("", _("Every course")), *((code.value, code.value) for code in CourseCode)]
        self.section.choices = [("", _("Any section")), *((name, str(label)) for name, label in SECTION_LABELS.items())]

    def said(self) -> dict[str, Any]:
        """The arguments of the verb."""
        data = self.payload()
        return {**data, "course": CourseCode(data["course"]) if data["course"] else None}


class LiftForm(CommentForm):
    """Why a mark is taken back."""

    comment = TextAreaField(
        _l("Why the mark is taken back"),
        description=_l("This stays inside JST."),
        rows=3,
        validators=[InputRequired(_l("Give a reason.")), Length(max=2000)],
    )

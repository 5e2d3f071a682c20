"""Forms of proposals: what is to be decided on a plan and with which words, the answer, the minute of a release."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.applications.decision_model import CONDITIONS
from app.applications.models import Application
from app.applications.vocabulary import OUTCOME_LABELS, ApplicationState, Outcome
from app.core import clock
from app.core.forms import (
    CommentForm,
    CreatingForm,
    DateField,
    HiddenField,
    IntegerField,
    MoneyField,
    RadioField,
    TextAreaField,
    TimeField,
    VersionedForm,
)

MOST = 10**12


class ProposalForm(CreatingForm):
    """What is proposed for a plan. `seen`: what the page knew of its decision."""

    seen = HiddenField()
    outcome = RadioField(
        _l("Decision"),
        choices=[(outcome.value, label) for outcome, label in OUTCOME_LABELS.items()],
        validators=[DataRequired(_l("Choose one from the list."))],
    )
    position = IntegerField(
        _l("Place on the waiting list"),
        description=_l("Only for the waiting list: plans are adopted from it in this order."),
        validators=[Optional(), NumberRange(min=1, max=999)],
    )
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
    message = TextAreaField(
        _l("Message to the applicant"),
        description=_l("Optional. It becomes part of the letter with the result."),
        rows=5,
        validators=[Length(max=4000)],
    )
    comment = TextAreaField(
        _l("Remark for JST"), description=_l("Optional. It stays inside JST."), rows=3, validators=[Length(max=4000)]
    )

    def limit_to(self, application: Application) -> None:
        """Offer only what can come of a plan: one on the waiting list can be adopted."""
        if application.state is ApplicationState.RESERVE:
            self.outcome.choices = [(Outcome.ADOPTED.value, Outcome.ADOPTED.label)]
            if not self.outcome.raw_data:
                self.outcome.data = Outcome.ADOPTED.value

    @property
    def conditions(self) -> dict[str, Any]:
        return {name: self[name].data for name in CONDITIONS}


class ChangeForm(ProposalForm):
    """Another result for a plan whose host knows its result already."""

    comment = TextAreaField(
        _l("Reason for the change"),
        description=_l("At least ten letters. It stays inside JST."),
        rows=3,
        validators=[DataRequired(_l("Give a reason.")), Length(max=4000)],
    )

    def limit_to(self, application: Application) -> None:
        """Offer the other results."""
        self.outcome.choices = [
            (outcome.value, label)
            for outcome, label in OUTCOME_LABELS.items()
            if outcome.value != application.state.value
        ]


class AnswerForm(VersionedForm, CommentForm):
    """An answer to a proposal, as it was read."""

    comment = TextAreaField(
        _l("Remark for JST"), description=_l("Optional. It stays inside JST."), rows=3, validators=[Length(max=4000)]
    )


class SendBackForm(VersionedForm, CommentForm):
    """Why a proposal is not approved."""

    comment = TextAreaField(
        _l("What should be decided differently, and why"),
        rows=4,
        validators=[DataRequired(_l("Give a reason.")), Length(max=4000)],
    )


class MinuteForm(CreatingForm):
    """When the results of a round are released."""

    day = DateField(_l("Day of the release"), validators=[InputRequired(_l("Enter day and time of the release."))])
    hour = TimeField(
        _l("Time of the release"),
        description=_l("Japan time, to the minute."),
        validators=[InputRequired(_l("Enter day and time of the release."))],
    )

    @property
    def moment(self) -> datetime | None:
        return clock.tokyo(self.day.data, self.hour.data) if self.day.data and self.hour.data else None

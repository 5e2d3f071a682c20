"""Forms of the report and of the page that verifies a certificate."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length, Optional

from app.core.forms import BaseForm, CheckboxesField, HiddenField, TextAreaField, TextField, VersionedForm
from app.visits.models import Participation

LONGEST = 4000


class ReportForm(VersionedForm):
    """The three parts of the implementation report. Everything may be empty until it is submitted."""

    key = HiddenField(default=lambda: secrets.token_urlsafe(16))
    summary = TextAreaField(
        _l("What was done"),
        description=_l("The days as they went, and where they differed from the plan."),
        validators=[Optional(), Length(max=LONGEST)],
        rows=8,
        maximum=LONGEST,
    )
    results = TextAreaField(
        _l("What came of it"),
        description=_l("What the invitees learnt, and what the exchange brought to your institution."),
        validators=[Optional(), Length(max=LONGEST)],
        rows=8,
        maximum=LONGEST,
    )
    continuation = TextAreaField(
        _l("How it goes on"),
        description=_l("Joint research, agreements, invitees who want to come back to study or work."),
        validators=[Optional(), Length(max=LONGEST)],
        rows=6,
        maximum=LONGEST,
    )

    present = CheckboxesField(
        _l("Who took part"),
        description=_l(
            "Untick whoever did not come. Those who took part get a certificate and are invited to join the alumni."
        ),
    )

    def __init__(self, parts: Sequence[Participation], **kwargs: Any) -> None:
        """With a tick for everybody on the roster, set until the host says that somebody did not come."""
        super().__init__(**kwargs)
        self.present.choices = [(part.public_id, part.invitee.passport_name) for part in parts]
        if not self.is_submitted():
            self.present.data = [part.public_id for part in parts if part.took_part is not False]


class NameCheckForm(BaseForm):
    """The name that stands on the paper somebody holds."""

    name = TextField(
        _l("Name on the certificate"),
        description=_l("Enter the whole name as it is printed. We only say whether it is the same."),
        validators=[DataRequired(), Length(max=200)],
    )

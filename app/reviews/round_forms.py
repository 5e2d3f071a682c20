"""The forms on the review of a round: its dates, the rounds of its discussion."""

from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.core import clock
from app.core.forms import CreatingForm, DateField, IntegerField, TextField, TimeField, VersionedForm
from app.reviews.scoring_models import DiscussionRound, ReviewPlan

MORNING, EVENING = time(9, 0), time(17, 0)
MOST_READERS = 9


def _pair(instant: datetime | None) -> tuple[date | None, time | None]:
    local = clock.in_tokyo(instant) if instant is not None else None
    return (local.date(), local.time()) if local is not None else (None, None)


def _instant(day: Any, hour: Any) -> datetime:
    return clock.tokyo(day.data, hour.data)


class PhasesForm(VersionedForm):
    """From when to when a round is scored and discussed. Days and hours are those of Tokyo."""

    per_plan = IntegerField(
        _l("Experts to each plan"),
        validators=[InputRequired(_l("Enter a number.")), NumberRange(1, MOST_READERS)],
    )
    scoring_from_on = DateField(_l("Scoring begins on"), validators=[DataRequired(_l("Enter the day."))])
    scoring_from_at = TimeField(_l("at"), validators=[InputRequired(_l("Enter the hour."))])
    scoring_until_on = DateField(
        _l("Scoring ends on"),
        description=_l("From this minute on a score comes too late."),
        validators=[DataRequired(_l("Enter the day."))],
    )
    scoring_until_at = TimeField(_l("at"), validators=[InputRequired(_l("Enter the hour."))])
    discussion_until_on = DateField(
        _l("Discussion ends on"), description=_l("Empty: the round is not discussed."), validators=[Optional()]
    )
    discussion_until_at = TimeField(_l("at"), validators=[Optional()])

    def __init__(self, plan: ReviewPlan | None) -> None:
        super().__init__(data=self.stored(plan) | {"version": plan.version if plan else ""})

    @staticmethod
    def stored(plan: ReviewPlan | None) -> dict[str, Any]:
        """What is stored now, by field; what is usual where nothing is."""
        if plan is None:
            hours = {"scoring_from_at": MORNING, "scoring_until_at": EVENING, "discussion_until_at": EVENING}
            return {"per_plan": 3, **hours}
        found: dict[str, Any] = {"per_plan": plan.per_plan}
        for name in ("scoring_from", "scoring_until", "discussion_until"):
            found[f"{name}_on"], found[f"{name}_at"] = _pair(getattr(plan, name))
        return found

    def validate_discussion_until_at(self, field: Any) -> None:
        if self.discussion_until_on.data and field.data is None:
            field.data = EVENING

    def payload(self) -> dict[str, Any]:
        talk = self.discussion_until_on
        return {
            "per_plan": self.per_plan.data,
            "scoring_from": _instant(self.scoring_from_on, self.scoring_from_at),
            "scoring_until": _instant(self.scoring_until_on, self.scoring_until_at),
            "discussion_until": clock.tokyo(talk.data, self.discussion_until_at.data or EVENING) if talk.data else None,
        }


class DiscussionForm(CreatingForm):
    """A named round of the discussion."""

    name_ja = TextField(_l("Name in Japanese"), validators=[DataRequired(), Length(max=120)])
    name_en = TextField(_l("Name in English"), validators=[DataRequired(), Length(max=120)])
    opens_on = DateField(_l("Opens on"), validators=[DataRequired(_l("Enter the day."))])
    opens_at = TimeField(_l("at"), validators=[InputRequired(_l("Enter the hour."))])
    closes_on = DateField(_l("Closes on"), validators=[DataRequired(_l("Enter the day."))])
    closes_at = TimeField(_l("at"), validators=[InputRequired(_l("Enter the hour."))])

    def __init__(self, held: DiscussionRound | None = None, plan: ReviewPlan | None = None) -> None:
        super().__init__(data=self._known(held, plan))

    @staticmethod
    def _known(held: DiscussionRound | None, plan: ReviewPlan | None) -> dict[str, Any]:
        """What is stored; for a new round the whole of the discussion."""
        begins = held.opens_at if held else plan.scoring_until if plan else None
        ends = held.closes_at if held else plan.discussion_until if plan else None
        (opens_on, opens_at), (closes_on, closes_at) = _pair(begins), _pair(ends)
        names = {"name_ja": held.name_ja, "name_en": held.name_en} if held else {}
        return {**names, "opens_on": opens_on, "opens_at": opens_at, "closes_on": closes_on, "closes_at": closes_at}

    def payload(self) -> dict[str, Any]:
        return {
            "name_ja": self.name_ja.data,
            "name_en": self.name_en.data,
            "opens_at": _instant(self.opens_on, self.opens_at),
            "closes_at": _instant(self.closes_on, self.closes_at),
        }

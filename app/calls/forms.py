"""Forms on rounds and rules."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.calls.check import Kind, Parameter
from app.calls.models import Call, CourseCode, Rule, Severity
from app.calls.vocabulary import REGIONS
from app.core import clock
from app.core.forms import (
    BaseForm,
    CheckboxesField,
    CheckboxField,
    DateField,
    IntegerField,
    RadioField,
    TextAreaField,
    TextField,
    VersionedForm,
)
from app.core.i18n import language
from app.directory import countries

_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2}))?$")
LISTING = re.compile(r"[,、，;\n]+")


def read_time(text: str) -> time | None:
    """A time of day with or without seconds; None when it is none."""
    found = _TIME.match(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _is_time(_form: BaseForm, field: Any) -> None:
    if read_time(field.data or "") is None:
        raise ValidationError(_("Enter a time such as 17:00 or 17:00:00."))


class CallForm(VersionedForm):
    """A round. Times are those of clocks in Tokyo."""

    opens_on = DateField(_l("Opens on"), validators=[InputRequired()])
    opens_time = TextField(_l("Opening time (Japan time)"), validators=[DataRequired(), _is_time])
    closes_on = DateField(_l("Closes on"), validators=[InputRequired()])
    closes_time = TextField(
        _l("Closing time (Japan time)"),
        description=_l("The first second at which no submission is taken any more."),
        validators=[DataRequired(), _is_time],
    )
    notice_on = DateField(_l("Notice of results"), validators=[InputRequired()])
    visits_from = DateField(_l("First day for visits"), validators=[InputRequired()])
    visits_until = DateField(_l("Last day for visits"), validators=[InputRequired()])
    courses = CheckboxesField(_l("Courses that can be applied for"), validators=[InputRequired()])
    note_ja = TextAreaField(_l("Note in Japanese"), rows=3, validators=[Length(max=2000)])
    note_en = TextAreaField(_l("Note in English"), rows=3, validators=[Length(max=2000)])

    def __init__(self, call: Call, courses: list[Any]) -> None:
        super().__init__(data=self.stored(call) | {"version": call.version})
        self.courses.choices = [(course.code.value, course.name) for course in courses]

    @staticmethod
    def stored(call: Call) -> dict[str, Any]:
        """What is stored now, by field."""
        opens, closes = clock.in_tokyo(call.opens_at), clock.in_tokyo(call.closes_at)
        return {
            "opens_on": opens.date(),
            "opens_time": f"{opens:%H:%M:%S}",
            "closes_on": closes.date(),
            "closes_time": f"{closes:%H:%M:%S}",
            "notice_on": call.notice_on,
            "visits_from": call.visits_from,
            "visits_until": call.visits_until,
            "courses": [link.course.code.value for link in call.courses],
            "note_ja": call.note_ja,
            "note_en": call.note_en,
        }

    def payload(self) -> dict[str, Any]:
        """Keyword arguments of the verb: instants instead of days and times."""
        given = super().payload()
        for name in ("opens", "closes"):
            hour = read_time(given.pop(f"{name}_time"))
            given[f"{name}_at"] = clock.tokyo(given.pop(f"{name}_on"), hour or time())
        given["course_codes"] = [CourseCode(code) for code in given.pop("courses")]
        return given


class RuleForm(VersionedForm):
    """A rule's severity, clause and sentences; the fields of its numbers are added for each check."""

    severity = RadioField(_l("How binding the rule is"), choices=())
    clause_ja = TextField(_l("Place in the guidelines, in Japanese"), validators=[DataRequired(), Length(max=120)])
    clause_en = TextField(_l("Place in the guidelines, in English"), validators=[DataRequired(), Length(max=120)])
    text_ja = TextAreaField(_l("Sentence in Japanese"), rows=4, validators=[DataRequired(), Length(max=1000)])
    text_en = TextAreaField(_l("Sentence in English"), rows=4, validators=[DataRequired(), Length(max=1000)])
    to_confirm = CheckboxField(_l("Still to be confirmed by JST"))
    reason = TextAreaField(
        _l("Reason for the change"),
        description=_l("Needed once the fiscal year is published. It stays in the history."),
        rows=2,
        validators=[Length(max=500)],
    )

    parameters: tuple[Parameter, ...] = ()

    def __init__(self, rule: Rule) -> None:
        super().__init__(data=self.stored(rule) | {"version": rule.version})
        self.severity.choices = [(severity.value, severity.label) for severity in Severity]

    @classmethod
    def stored(cls, rule: Rule) -> dict[str, Any]:
        """What is stored now, by field."""
        kept = ("clause_ja", "clause_en", "text_ja", "text_en", "to_confirm")
        limits = {f"limit_{item.name}": _shown(item, rule.limit.get(item.name)) for item in cls.parameters}
        return {"severity": rule.severity.value, **{name: getattr(rule, name) for name in kept}, **limits}

    def limit_field(self, parameter: Parameter) -> Any:
        """The field of one of the check's parameters."""
        return self[f"limit_{parameter.name}"]

    @property
    def limit_fields(self) -> list[Any]:
        return [self.limit_field(parameter) for parameter in self.parameters]

    def limit(self) -> dict[str, Any]:
        """The parameters as typed, in the types of the check; `read_limit` says whether they fit."""
        return {parameter.name: _typed(parameter, self.limit_field(parameter).data) for parameter in self.parameters}

    def payload(self) -> dict[str, Any]:
        given = {name: value for name, value in super().payload().items() if not name.startswith("limit_")}
        return {**given, "limit": self.limit()}


def _shown(parameter: Parameter, value: Any) -> Any:
    if parameter.kind is not Kind.COUNTRIES:
        return list(value or []) if parameter.kind is Kind.CHOICES else value
    return country_words(value or [])


def _typed(parameter: Parameter, data: Any) -> Any:
    if parameter.kind is not Kind.COUNTRIES:
        return data
    return listed_countries(data)


def country_words(codes: Iterable[str]) -> str:
    """Codes of countries and programme regions as a field shows them: a name per line, in the reader's language."""
    return "\n".join(str(REGIONS[item]) if item in REGIONS else countries.name(item, language()) for item in codes)


def listed_countries(text: str | None) -> list[str]:
    """The codes of the countries and programme regions somebody listed; what is not understood stays as typed."""
    regions = {str(label).casefold(): key for key, label in REGIONS.items()}
    words = [word.strip() for word in LISTING.split(text or "") if word.strip()]
    return [regions.get(word.casefold()) or countries.find(word) or word for word in words]


def _field(parameter: Parameter) -> Any:
    if parameter.kind is Kind.INTEGER:
        return IntegerField(parameter.label)
    if parameter.kind is Kind.BOOLEAN:
        return CheckboxField(parameter.label)
    if parameter.kind is Kind.CHOICES:
        return CheckboxesField(parameter.label, choices=list((parameter.vocabulary or {}).items()))
    return TextAreaField(parameter.label, description=_l("One country, region or part of the world per line."), rows=4)


def rule_form(rule: Rule) -> RuleForm:
    """The form of a rule with a field for each parameter of its check."""
    parameters = rule.check.parameters if rule.check else ()
    fields: dict[str, Any] = {f"limit_{parameter.name}": _field(parameter) for parameter in parameters}
    made: type[RuleForm] = type("RuleFormOfCheck", (RuleForm,), {**fields, "parameters": parameters})
    return made(rule)


__all__ = ["CallForm", "RuleForm", "country_words", "listed_countries", "read_time", "rule_form"]

"""Forms on rules: their numbers, as the check describes them, with severity, clause and sentences."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

from app.calls import places, seed_data
from app.calls.check import Check, Kind, Parameter
from app.calls.models import Rule, Severity
from app.core.forms import (
    CheckboxesField,
    CheckboxField,
    CreatingForm,
    IntegerField,
    RadioField,
    TextAreaField,
    TextField,
    VersionedForm,
)


class RuleFields:
    """What every form of a rule asks; the fields of its numbers are added for each check."""

    severity = RadioField(
        _l("How binding the rule is"), choices=[(severity.value, severity.label) for severity in Severity]
    )
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

    def limit_field(self, parameter: Parameter) -> Any:
        """The field of one of the check's parameters."""
        return self[f"limit_{parameter.name}"]  # type: ignore[index]

    @property
    def limit_fields(self) -> list[Any]:
        return [self.limit_field(parameter) for parameter in self.parameters]

    def limit(self) -> dict[str, Any]:
        """The parameters as typed, in the types of the check; `read_limit` says whether they fit."""
        return {parameter.name: _typed(parameter, self.limit_field(parameter).data) for parameter in self.parameters}

    def payload(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().payload()  # type: ignore[misc]
        return {
            **{name: value for name, value in typed.items() if not name.startswith("limit_")},
            "limit": self.limit(),
        }


class RuleForm(RuleFields, VersionedForm):
    """A change of a rule."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(data=self.stored(rule) | {"version": rule.version})

    @classmethod
    def stored(cls, rule: Rule) -> dict[str, Any]:
        """What is stored now, by field."""
        kept = ("clause_ja", "clause_en", "text_ja", "text_en", "to_confirm")
        limits = {f"limit_{item.name}": _shown(item, rule.limit.get(item.name)) for item in cls.parameters}
        return {"severity": rule.severity.value, **{name: getattr(rule, name) for name in kept}, **limits}


class NewRuleForm(RuleFields, CreatingForm):
    """A further rule of a course; clause and sentence begin with what is known for the check."""

    def __init__(self, check: Check) -> None:
        super().__init__(data={"severity": Severity.BLOCKS.value, **seed_data.sentence_for(check.name)})


class MoveRuleForm(VersionedForm):
    """One place up or down; the version is that of the course."""

    direction = RadioField(_l("Direction"), choices=[("up", _l("Up")), ("down", _l("Down"))])


class RemoveRuleForm(VersionedForm):
    """Taking a rule out of its course."""

    reason = RuleFields.reason

    def __init__(self, rule: Rule) -> None:
        super().__init__(data={"version": rule.version})


def _shown(parameter: Parameter, value: Any) -> Any:
    if parameter.kind is not Kind.COUNTRIES:
        return list(value or []) if parameter.kind is Kind.CHOICES else value
    return places.shown(value or [])


def _typed(parameter: Parameter, data: Any) -> Any:
    if parameter.kind is not Kind.COUNTRIES:
        return data
    return places.typed(data)


def _field(parameter: Parameter) -> Any:
    if parameter.kind is Kind.INTEGER:
        return IntegerField(parameter.label)
    if parameter.kind is Kind.BOOLEAN:
        return CheckboxField(parameter.label)
    if parameter.kind is Kind.CHOICES:
        return CheckboxesField(parameter.label, choices=list((parameter.vocabulary or {}).items()))
    return TextAreaField(parameter.label, description=_l("One country, region or part of the world per line."), rows=4)


def _with_numbers(base: type[Any], check: Check | None) -> type[Any]:
    """The form with a field for each parameter of a check."""
    parameters = check.parameters if check else ()
    fields: dict[str, Any] = {f"limit_{parameter.name}": _field(parameter) for parameter in parameters}
    return type(f"{base.__name__}OfCheck", (base,), {**fields, "parameters": parameters})


def rule_form(rule: Rule) -> RuleForm:
    """The form that changes a rule."""
    made: RuleForm = _with_numbers(RuleForm, rule.check)(rule)
    return made


def new_rule_form(check: Check) -> NewRuleForm:
    """The form that adds a rule with that check."""
    made: NewRuleForm = _with_numbers(NewRuleForm, check)(check)
    return made


__all__ = ["MoveRuleForm", "NewRuleForm", "RemoveRuleForm", "RuleForm", "new_rule_form", "rule_form"]

"""Forms on organizations."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Email, Length, Optional, Regexp

from app.core.forms import (
    CreatingForm,
    EmailField,
    HiddenField,
    SelectField,
    TextAreaField,
    TextField,
    VersionedForm,
)
from app.core.i18n import language
from app.directory import countries, prefectures
from app.directory.models import InstitutionKind, Organization, Side
from app.directory.service import ADDED

_WEBSITE = [
    Optional(),
    Length(max=300),
    Regexp(r"^https?://[^\s]+\.[^\s]+$", message=_l("Enter a whole address such as https://www.example.ac.jp.")),
]


def _kinds() -> list[tuple[str, Any]]:
    return [(kind.value, kind.label) for kind in InstitutionKind]


class OrganizationForm(VersionedForm):
    """An organization's data; a host has a prefecture, a sending organization a country or region."""

    name_ja = TextField(_l("Name in Japanese"), validators=[Length(max=300)])
    name_en = TextField(_l("Name in English"), validators=[Length(max=300)])
    name_native = TextField(_l("Name in its own language"), validators=[Length(max=300)])
    kind = SelectField(_l("Kind"), validators=[DataRequired()])
    country = SelectField(_l("Country or region"), validators=[DataRequired()])
    prefecture = SelectField(_l("Prefecture"), validators=[Optional()])
    city = TextField(_l("City"), validators=[Length(max=120)])
    website = TextField(_l("Website"), validators=_WEBSITE)
    other_names = TextAreaField(
        _l("Other names"),
        description=_l("Former, short or romanized names people may look for, one per line."),
        rows=4,
        validators=[Length(max=3000)],
    )

    def __init__(self, organization: Organization) -> None:
        super().__init__(data=self.stored(organization) | {"version": organization.version})
        self.kind.choices = _kinds()
        if organization.side is Side.HOST:
            del self.country, self.name_native
            self.prefecture.choices = [("", ""), *prefectures.choices(language())]
        else:
            del self.prefecture
            self.country.choices = countries.choices(language())

    @staticmethod
    def stored(organization: Organization) -> dict[str, Any]:
        """What is stored now, by field."""
        added = [alias.name for alias in organization.aliases if alias.kind == ADDED]
        return {
            "name_ja": organization.name_ja,
            "name_en": organization.name_en,
            "name_native": organization.name_native,
            "kind": organization.kind.value,
            "country": organization.country,
            "prefecture": organization.prefecture or "",
            "city": organization.city,
            "website": organization.website,
            "other_names": "\n".join(added),
        }

    def payload(self) -> dict[str, Any]:
        given = super().payload()
        given["kind"] = InstitutionKind(given["kind"])
        if "prefecture" in given:
            given["prefecture"] = given["prefecture"] or None
        return given


class SendingForm(CreatingForm):
    """A sending organization that no register knows."""

    name_en = TextField(_l("Name in English"), validators=[DataRequired(), Length(max=300)])
    name_ja = TextField(_l("Name in Japanese"), validators=[Length(max=300)])
    name_native = TextField(_l("Name in its own language"), validators=[Length(max=300)])
    kind = SelectField(_l("Kind"), validators=[DataRequired()])
    country = SelectField(_l("Country or region"), validators=[DataRequired()])
    city = TextField(_l("City"), validators=[Length(max=120)])
    website = TextField(_l("Website"), validators=_WEBSITE)

    def __init__(self) -> None:
        super().__init__()
        self.kind.choices = _kinds()
        self.country.choices = [
            ("", ""),
            *((code, name) for code, name in countries.choices(language()) if code != "JP"),
        ]

    def payload(self) -> dict[str, Any]:
        given = super().payload()
        return {**given, "kind": InstitutionKind(given["kind"])}


class RegistrationForm(CreatingForm):
    """An institution that wants to take part, and who asks for it."""

    institution = HiddenField()
    name_ja = TextField(_l("Name in Japanese"), validators=[Length(max=300)])
    name_en = TextField(_l("Name in English"), validators=[Length(max=300)])
    kind = SelectField(_l("Kind"), validators=[Optional()])
    prefecture = SelectField(_l("Prefecture"), validators=[Optional()])
    website = TextField(_l("Website"), validators=_WEBSITE)
    contact_name = TextField(_l("Your name"), validators=[DataRequired(), Length(max=120)])
    contact_email = EmailField(
        _l("Your e-mail address at the institution"),
        description=_l("The invitation to sign in is sent there once the registration is approved."),
        validators=[DataRequired(), Email(), Length(max=254)],
    )
    note = TextAreaField(_l("Department, position, and anything we should know"), rows=4, validators=[Length(max=2000)])

    def __init__(self, institution: Organization | None) -> None:
        super().__init__()
        self.kind.choices = [("", ""), *_kinds()]
        self.prefecture.choices = [("", ""), *prefectures.choices(language())]
        if institution is not None:
            self.institution.data = institution.public_id
            for name in ("name_ja", "name_en", "kind", "prefecture", "website"):
                delattr(self, name)
        else:
            needed: tuple[Any, ...] = (self.name_ja, self.name_en, self.kind, self.prefecture)
            for field in needed:
                field.flags.required, field.flags.optional = True, None
                field.validators = [DataRequired(), *(v for v in field.validators if not isinstance(v, Optional))]

    def payload(self) -> dict[str, Any]:
        given = super().payload()
        if given.get("kind"):
            given["kind"] = InstitutionKind(given["kind"])
        return given

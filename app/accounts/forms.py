"""What people enter about themselves and colleagues. Whether a password will do is said by `passwords`."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from app.accounts.passwords import SHORTEST
from app.accounts.roles import HOST_ROLES, ROLE_LABELS
from app.core.authz import Role
from app.core.forms import (
    BaseForm,
    ConfirmForm,
    CreatingForm,
    EmailField,
    PasswordField,
    RadioField,
    SelectField,
    TextField,
    VersionedForm,
)
from app.core.i18n import LANGUAGE_NAMES
from app.directory.models import Organization

_ADDRESS = (
    DataRequired(_l("Enter an e-mail address.")),
    Length(max=254, message=_l("This is too long for an e-mail address.")),
    Email(_l("Enter an e-mail address such as name@example.jp.")),
)
_NAME = (DataRequired(_l("Enter a name.")), Length(max=120, message=_l("Use at most 120 characters.")))
_PASSWORD = (InputRequired(_l("Enter a password.")),)
_NEW_PASSWORD_HINT = _l("At least %(number)s characters. Several unrelated words make a good one.", number=SHORTEST)


def _new_password(label: Any, *validators: Any) -> PasswordField:
    return PasswordField(
        label, validators or _PASSWORD, description=_NEW_PASSWORD_HINT, render_kw={"autocomplete": "new-password"}
    )


class SignInForm(BaseForm):
    """Address and password."""

    email = EmailField(
        _l("E-mail address"),
        [DataRequired(_l("Enter your e-mail address.")), Length(max=254)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"), [InputRequired(_l("Enter your password."))], render_kw={"autocomplete": "current-password"}
    )


class AskForLinkForm(BaseForm):
    """The address a link is to be mailed to."""

    email = EmailField(_l("E-mail address"), _ADDRESS)


class NewPasswordForm(BaseForm):
    """A new password, once: it can be shown while typing."""

    password = _new_password(_l("New password"))


class ConfirmPasswordForm(BaseForm):
    """The password once more, for a step that asks for it."""

    password = PasswordField(
        _l("Password"), [InputRequired(_l("Enter your password."))], render_kw={"autocomplete": "current-password"}
    )


class ChangePasswordForm(BaseForm):
    """The old password and a new one."""

    old = PasswordField(
        _l("Password you have now"),
        [InputRequired(_l("Enter the password you have now."))],
        render_kw={"autocomplete": "current-password"},
    )
    new = _new_password(_l("New password"))


class ProfileForm(VersionedForm):
    """Name and language of one's own account."""

    name = TextField(_l("Full name"), _NAME, render_kw={"autocomplete": "name"})
    locale = RadioField(_l("Language of pages and mails"), choices=list(LANGUAGE_NAMES.items()))


class AcceptForm(BaseForm):
    """What a new colleague says about herself."""

    name = TextField(_l("Full name"), _NAME, render_kw={"autocomplete": "name"})
    password = _new_password(_l("Password"))


class AcceptWithPasswordForm(BaseForm):
    """Somebody known who has no password yet."""

    password = _new_password(_l("Password"))


def _role_choices(roles: Sequence[Role]) -> list[tuple[str, Any]]:
    return [(role.value, ROLE_LABELS[role]) for role in roles]


class RoleForm(CreatingForm):
    """A role and, for host roles, the institution."""

    role = RadioField(_l("Role"), [InputRequired(_l("Choose a role."))])
    institution = SelectField(_l("Host institution"), [Optional()], description=_l("Only for roles of a host."))

    def offer(self, roles: Sequence[Role], institutions: Sequence[Organization]) -> None:
        """What this reader may choose."""
        self.role.choices = _role_choices(roles)
        chosen = [(institution.public_id, institution.name) for institution in institutions]
        needs_blank = len(chosen) != 1 or any(role not in HOST_ROLES for role in roles)
        self.institution.choices = [("", "–"), *chosen] if needs_blank else chosen
        if not needs_blank:
            self.institution.description = ""


class InviteForm(RoleForm):
    """Whom to invite, to what, in which language."""

    email = EmailField(_l("E-mail address"), _ADDRESS, render_kw={"autocomplete": "off"})
    locale = RadioField(_l("Language of the invitation"), choices=list(LANGUAGE_NAMES.items()), default="ja")


class TakeRoleForm(BaseForm):
    """Which hat to take away: hidden fields of a button."""

    role = TextField(validators=[InputRequired()])
    institution = TextField(validators=[Optional()])


__all__ = [
    "AcceptForm",
    "AcceptWithPasswordForm",
    "AskForLinkForm",
    "ChangePasswordForm",
    "ConfirmForm",
    "ConfirmPasswordForm",
    "InviteForm",
    "NewPasswordForm",
    "ProfileForm",
    "RoleForm",
    "SignInForm",
    "TakeRoleForm",
]

"""Facts that accounts announce."""

from dataclasses import dataclass

from app.accounts.models import User
from app.core.authz import Role


@dataclass(frozen=True, slots=True)
class InvitationAccepted:
    """Somebody accepted an invitation and now wears that role."""

    user: User
    role: Role

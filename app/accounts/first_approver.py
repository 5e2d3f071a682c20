"""An institution was approved: whoever asked for it becomes its first approver."""

from dataclasses import replace

from app.accounts import people
from app.core.authz import SYSTEM, Role
from app.directory.events import InstitutionApproved


def invite(fact: InstitutionApproved) -> None:
    """Invite the one who asked, in the name of whoever approved.

    The coordinator may approve institutions but not invite people to them (contract, row 6): this one invitation
    follows from the approval, so it is the system's right under the coordinator's name.
    Raises: Refused when the person already wears that role or the account is closed.
    """
    people.invite(
        replace(fact.actor, grants=SYSTEM.grants),
        email=fact.email,
        role=Role.HOST_APPROVER,
        institution=fact.institution,
        locale=fact.locale,
    )

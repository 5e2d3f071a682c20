"""Who works on a plan of a round hears at once that it closes later, each in their own language."""

from sqlalchemy import select

from app.accounts.models import RoleGrant, User, UserState
from app.applications.models import Application, ApplicationState
from app.calls.events import CallExtended
from app.core import clock, outbox
from app.core.authz import Role
from app.core.db import db

IN_HAND = (ApplicationState.DRAFT, ApplicationState.RETURNED)
WORKING = (Role.HOST_EDITOR, Role.HOST_APPROVER)


def working_on(call_id: int) -> list[User]:
    """Active editors and approvers of the institutions that have a draft or a returned plan in a round, each once."""
    hosts = select(Application.host_institution_id).where(
        Application.call_id == call_id, Application.state.in_(IN_HAND)
    )
    wearing = select(RoleGrant.user_id).where(
        RoleGrant.role.in_(WORKING),
        RoleGrant.institution_id.in_(hosts),
        RoleGrant.expires_on.is_(None) | (RoleGrant.expires_on >= clock.today()),
    )
    query = select(User).where(User.state == UserState.ACTIVE, User.id.in_(wearing)).order_by(User.id)
    return list(db.session.scalars(query))


def tell_everybody_working(fact: CallExtended) -> None:
    """Write to them, in the transaction that moves the closing: it moves and they are told, or neither."""
    extension = fact.extension
    for person in working_on(extension.call_id):
        outbox.enqueue(
            "call_extended",
            person,
            subject_of=extension.call,
            dedupe=f"extended:{extension.public_id}:{person.id}",
            call=extension.call,
            extension=extension,
        )

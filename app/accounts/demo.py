"""The demonstration's sign-in page: one identity per role, with a sentence on who that is. Nowhere else, never."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.accounts import queries, sessions
from app.accounts.models import User
from app.accounts.roles import ROLE_LABELS
from app.core.authz import Role
from app.core.errors import NotFound

#: The password of every made-up person, shown where a step asks for it. It opens nothing outside the demonstration.
PASSWORD = "petals drift over quiet water"

SENTENCES = {
    Role.HOST_EDITOR: _l("Prepares exchange plans at a university and keeps roster and schedule of its visits."),
    Role.HOST_APPROVER: _l("Signs for the same university: submits plans before the deadline, invites colleagues."),
    Role.COORDINATOR: _l("Works at JST: checks what hosts submit, returns it or passes it on, sees all visits."),
    Role.DECISION_MAKER: _l("Decides at JST which plans are adopted and releases the results of a round."),
    Role.REVIEWER: _l("A professor from outside who reads plans for JST."),
    Role.SCREENING_OFFICER: _l("Looks after security export control at JST."),
    Role.ADMINISTRATOR: _l("Gives people their roles; sees neither plans nor personal data of invitees."),
    Role.AUDITOR: _l("Reads what happened, changes nothing."),
    Role.ALUMNUS: _l("Came to Japan with the program some years ago and signs in by a link, from a phone."),
}


@dataclass(frozen=True)
class Identity:
    """One card of the demonstration's sign-in page."""

    label: Any
    sentence: Any
    name: str
    public_id: str


def identities() -> list[Identity]:
    """The people one may be, in the order of the story."""
    people = queries.demo_people()
    return [
        Identity(ROLE_LABELS[role], sentence, people[role.value].name, people[role.value].public_id)
        for role, sentence in SENTENCES.items()
        if role.value in people
    ]


def enter_as(public_id: str, user_agent: str) -> tuple[User, str]:
    """Become one of the made-up people; returns the person and the session's token. Raises: NotFound for all others.

    Only the view that refuses outside the demonstration calls this.
    """
    for user in queries.demo_people().values():
        if user.public_id == public_id:
            return user, sessions.open_session(user, user_agent, confirmed=True)
    raise NotFound()

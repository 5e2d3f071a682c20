"""The list of people with accounts: the own institution's, or all."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.accounts import people, queries, sessions
from app.accounts.models import User, UserState
from app.accounts.roles import ROLE_LABELS
from app.core.authz import Actor
from app.core.lists import Act, Column, Export, Filter, ListOf
from app.core.lists.taking import in_order


def _rows(actor: Actor, **filters: Any) -> Iterator[tuple[Any, Any]]:
    rows = list(in_order(queries.people(actor, **filters), User.name, User.id))
    hats = queries.hats_of(actor, [row.id for row in rows])
    return ((row, hats[row.id]) for row in rows)


def _roles(hats: Any) -> str:
    return ", ".join(
        f"{ROLE_LABELS[hat.role]} ({hat.institution.name})" if hat.institution else str(ROLE_LABELS[hat.role])
        for hat in hats
    )


def _columns(_actor: Actor) -> Sequence[Column]:
    return [
        Column(_("Full name"), lambda found: found[0].name),
        Column(_("E-mail address"), lambda found: found[0].email),
        Column(_("Roles"), lambda found: _roles(found[1])),
        Column(_("State"), lambda found: _("Disabled") if found[0].state is UserState.DISABLED else _("Active")),
    ]


def _oneself(actor: Actor, user: User) -> Any:
    return _("This is you: sign out yourself.") if user.id == actor.id else None


END_SESSIONS = Act(
    name="end-sessions",
    label=_l("Sign out everywhere"),
    permission="session:end",
    model=User,
    do=lambda actor, user: sessions.end_all(actor, user),
    obstacle=_oneself,
    sentence=lambda number: ngettext(
        "%(num)s person is signed out everywhere.", "%(num)s people are signed out everywhere.", number
    ),
    tone="danger",
)

PEOPLE = ListOf(
    name="people",
    title=_l("People and roles"),
    permission="user:view",
    endpoint="accounts.people",
    query=queries.people,
    key=User.id,
    row_id=User.public_id,
    name_of=lambda row: row.name,
    sorts=queries.PEOPLE_SORTS,
    default="name",
    filters=(
        Filter("q", _l("Name or e-mail address"), "text"),
        Filter(
            "role",
            _l("Role"),
            choices=lambda actor: [(role.value, ROLE_LABELS[role]) for role in people.roles_to_give(actor)],
        ),
    ),
    acts=(END_SESSIONS,),
    export=Export(
        permission="user:view",
        filename="people",
        columns=_columns,
        rows=_rows,
        title=_l("Take the list of people away"),
        content=_l("The file holds names, addresses and roles of the people in the list with the filters you chose."),
        asks_reason=True,
        steps_up=lambda _actor: True,
    ),
)

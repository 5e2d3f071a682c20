"""Who may do what to which object: one matrix (`app.policy`), one expression per model and scope.

A permission is `resource:action`. The matrix gives each role a scope for it; each model says in `within` what a scope
means for its rows. The same `within` filters lists and checks single objects: a list never shows what a page refuses.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, or_, select, true
from sqlalchemy import inspect as inspect_model

from app.core.db import db
from app.core.errors import Forbidden


class Role(enum.StrEnum):
    """The hats people wear (security contract, section 3.1). One person may wear several."""

    HOST_EDITOR = "host_editor"
    HOST_APPROVER = "host_approver"
    COORDINATOR = "coordinator"
    DECISION_MAKER = "decision_maker"
    REVIEWER = "reviewer"
    SCREENING_OFFICER = "screening_officer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    ALUMNUS = "alumnus"
    SYSTEM = "system"


class Scope(enum.StrEnum):
    """How far a permission reaches."""

    ANY = "any"  # every row
    OWN = "own"  # rows of the institution the role was granted for
    SELF = "self"  # rows about the person who acts
    SUBMITTED = "submitted"  # every row that has once been submitted: drafts belong to their authors
    ASSIGNED = "assigned"  # rows assigned to the person who acts
    LISTED = "listed"  # what people agreed to show to one another


@dataclass(frozen=True, slots=True)
class Grant:
    """A role somebody wears, for one institution or (None) for the programme."""

    role: Role
    institution_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting: loaded once a request, free of the database afterwards."""

    id: int | None
    name: str
    email: str
    locale: str
    grants: tuple[Grant, ...]
    invitee_id: int | None = None
    session_id: int | None = None
    confirmed_at: datetime | None = None  # last time this session proved the password (step-up)
    public_id: str = ""

    @property
    def is_system(self) -> bool:
        return any(grant.role is Role.SYSTEM for grant in self.grants)

    def has_role(self, *roles: Role) -> bool:
        return any(grant.role in roles for grant in self.grants)

    def institution_ids(self, permission: str | None = None) -> tuple[int, ...]:
        """Institutions this person acts for (with that permission, if one is named), without repeats."""
        ids = (
            grant.institution_id
            for grant in self.grants
            if grant.institution_id is not None and (permission is None or permission in _matrix.get(grant.role, {}))
        )
        return tuple(dict.fromkeys(ids))

    def may(self, permission: str) -> bool:
        """Whether any hat gives the permission at all: for menus and for the door of a view, not for objects."""
        return any(permission in _matrix.get(grant.role, {}) for grant in self.grants)


SYSTEM = Actor(id=None, name="SYSTEM", email="", locale="ja", grants=(Grant(Role.SYSTEM),))

_matrix: dict[Role, Mapping[str, Scope]] = {}


def install(matrix: Mapping[Role, Mapping[str, Scope]]) -> None:
    """Take the programme's matrix; called once by `create_app`."""
    _matrix.clear()
    _matrix.update(matrix)


def permissions() -> frozenset[str]:
    """Every permission any role has."""
    return frozenset(permission for row in _matrix.values() for permission in row)


def model_of(target: Any) -> Any:
    """The model of a row, or the model itself: `within` is asked of either."""
    return target if isinstance(target, type) else type(target)


def _terms(actor: Actor, permission: str, target: Any) -> list[Any]:
    """What each of the actor's grants says about `target` (a model or one of its rows)."""
    terms: list[Any] = []
    for grant in actor.grants:
        scope = _matrix.get(grant.role, {}).get(permission)
        if scope is None:
            continue
        if scope is Scope.ANY:
            return [True]
        if scope is Scope.OWN and grant.institution_id is None:
            continue
        if scope is Scope.SELF and actor.invitee_id is None and actor.id is None:
            continue
        terms.append(target.within(scope, actor, grant.institution_id))
    return terms


def condition(actor: Actor, permission: str, model: Any) -> ColumnElement[bool]:
    """The WHERE clause that leaves only rows the actor has the permission for."""
    terms = [
        true() if term is True else false() if term is False else term for term in _terms(actor, permission, model)
    ]
    return or_(false(), *terms)


def visible(actor: Actor, permission: str, model: Any) -> Select[Any]:
    """SELECT of the rows of `model` that exist for this actor under that permission."""
    return select(model).where(condition(actor, permission, model))


def can(actor: Actor, permission: str, subject: Any) -> bool:
    """Whether the actor has the permission for this row."""
    for term in _terms(actor, permission, subject):
        if isinstance(term, ColumnElement):
            model = type(subject)
            key = inspect_model(subject).identity
            if key is not None and db.session.scalar(select(exists().where(model.id == key[0], term))):
                return True
        elif term:
            return True
    return False


def require(actor: Actor, permission: str, subject: Any) -> None:
    """Refuse with 403 unless the actor has the permission for this row.

    Raises: Forbidden. What must not even be known to exist is refused earlier, by loading it through `visible`.
    """
    if not can(actor, permission, subject):
        raise Forbidden()


def require_role(actor: Actor, permission: str) -> None:
    """Refuse with 403 unless some role of the actor has the permission: for verbs that have no row yet."""
    if not actor.may(permission):
        raise Forbidden()


def require_for_institution(actor: Actor, permission: str, institution_id: int) -> None:
    """Refuse unless the actor has the permission for that institution (or for all): for making new rows."""
    for grant in actor.grants:
        scope = _matrix.get(grant.role, {}).get(permission)
        if scope is Scope.ANY or (scope is Scope.OWN and grant.institution_id == institution_id):
            return
    raise Forbidden()


@dataclass(frozen=True)
class Line:
    """One line of the matrix as people read it."""

    permission: str
    scopes: Mapping[Role, Scope] = field(default_factory=dict)


def lines() -> list[Line]:
    """The whole matrix by permission, alphabetical: the help page and the tests read it."""
    return [
        Line(name, {role: row[name] for role, row in _matrix.items() if name in row}) for name in sorted(permissions())
    ]

"""Views of a list that people save for themselves: filters and order under a name, one of them to begin with.

A view is one's own and holds only words of the list's address, so it may be shared as that address: whoever opens it
sees what is theirs to see.
"""

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import select, update

from app.core import audit
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import NotFound, Refused
from app.core.lists.description import ListOf
from app.core.lists.models import SavedView

MOST = 30  # of one person and list


def views_of(actor: Actor, of: ListOf) -> list[SavedView]:
    """The actor's own views of a list, by name."""
    own = (SavedView.user_id == actor.id, SavedView.list_name == of.name)
    return list(db.session.scalars(select(SavedView).where(*own).order_by(SavedView.name, SavedView.id).limit(MOST)))


def default_of(views: list[SavedView]) -> SavedView | None:
    """The view to begin with."""
    return next((view for view in views if view.is_default), None)


def own(actor: Actor, of: ListOf, public_id: str) -> SavedView:
    """One of the actor's own views. Raises: NotFound, for those of others too."""
    query = select(SavedView).where(
        SavedView.public_id == public_id, SavedView.user_id == actor.id, SavedView.list_name == of.name
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def save(actor: Actor, of: ListOf, name: str, arguments: Mapping[str, str], *, is_default: bool = False) -> SavedView:
    """Keep filters and order under a name; the same name again takes the new ones.

    Raises: Refused for more than thirty, or where nothing is filtered or sorted.
    """
    kept, name = of.known(actor, arguments), name.strip()[:60]
    if not kept:
        raise Refused({"name": [_("Choose a filter or an order first: this is the whole list.")]})
    views = views_of(actor, of)
    view = next((found for found in views if found.name == name), None)
    if view is None and len(views) >= MOST:
        raise Refused({"name": [_("There are %(most)s views already. Delete one first.", most=MOST)]})
    if view is None:
        view = SavedView(user_id=actor.id, list_name=of.name, name=name)
        db.session.add(view)
    view.arguments = kept
    audit.record(actor, "view:save", view)
    if is_default:
        _begin_with(actor, of, view)
    return view


def toggle_default(actor: Actor, of: ListOf, view: SavedView) -> None:
    """Have the list begin with this view; with none, if it began with this one."""
    _begin_with(actor, of, None if view.is_default else view)
    audit.record(actor, "view:default", view)


def _begin_with(actor: Actor, of: ListOf, view: SavedView | None) -> None:
    own_views = (SavedView.user_id == actor.id, SavedView.list_name == of.name)
    db.session.execute(update(SavedView).where(*own_views, SavedView.is_default.is_(True)).values(is_default=False))
    if view is not None:
        view.is_default = True


def delete(actor: Actor, view: SavedView) -> None:
    """Forget a view."""
    audit.record(actor, "view:delete", view)
    db.session.delete(view)

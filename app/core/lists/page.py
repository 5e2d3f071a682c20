"""The page of a list: its entries, filters, saved views, acts and ways out, all drawn by `components/list.html`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, render_template, request, url_for

from app.core import listing
from app.core.authz import Actor
from app.core.listing import Listing
from app.core.lists import saving
from app.core.lists.description import Act, Filter, ListOf
from app.core.lists.models import SavedView
from app.core.web import Answer, current_actor

SHARED = "lists.export"
ANCHOR = "list"  # of a list on the page of something else
WHOLE: Mapping[str, Any] = {"view": "all"}  # the address of the list without its default view


@dataclass(frozen=True)
class ShownFilter:
    """A filter as the page draws it."""

    of: Filter
    value: str
    choices: list[tuple[Any, Any]] | None


@dataclass(frozen=True)
class ListPage:
    """What a template of a list needs."""

    of: ListOf
    listing: Listing
    given: Mapping[str, Any]  # the filters as the query takes them
    filters: list[ShownFilter]
    views: list[SavedView]
    acts: list[Act] = field(default_factory=list)
    known: Mapping[str, str] = field(default_factory=dict)  # what of the address the list understands
    place: Mapping[str, str] = field(default_factory=dict)  # where the list stands
    may_export: bool = False

    @property
    def sorts(self) -> Mapping[str, Any]:
        """The orders on offer with these filters."""
        return self.of.order(self.given)[0]

    @property
    def rows(self) -> Any:
        return self.listing.rows

    @property
    def kept(self) -> Mapping[str, str]:
        """What leads back to these entries: for forms and addresses."""
        return {**self.known, **self.place}

    @property
    def is_filtered(self) -> bool:
        return any(name != "sort" for name in self.known)

    @property
    def whole_url(self) -> str:
        return address(self.of, self.place)

    def view_url(self, view: SavedView) -> str:
        return address(self.of, {**view.arguments, **self.place})

    def is_current(self, view: SavedView) -> bool:
        return dict(view.arguments) == dict(self.known)

    def export_url(self, kind: str) -> str:
        endpoint = self.of.export.endpoint if self.of.export else SHARED
        names = {"list_name": self.of.name} if endpoint == SHARED else {}
        values: dict[str, Any] = {"format": kind, **names, **self.kept}
        return url_for(endpoint, **values)

    def entry_of(self, row: Any) -> str:
        return str(row.entry)

    @property
    def shown(self) -> str:
        """The entries of this page, for acting on all of them."""
        return ",".join(self.entry_of(row) for row in self.rows)


def address(of: ListOf, arguments: Mapping[str, Any], *, external: bool = False) -> str:
    """The list with these filters; without any the whole of it; its parent's page while it is not known where."""
    if of.place and not arguments.get(of.place):
        return url_for(of.elsewhere, _external=external)
    only_place = set(arguments) <= {of.place}
    values: dict[str, Any] = {**arguments, **(WHOLE if only_place else {})}
    return url_for(of.endpoint, _external=external, _anchor=ANCHOR if of.place else None, **values)


def open_page(of: ListOf, views: list[SavedView]) -> ListPage:
    """The page asked for, for the current actor, who has saved these views."""
    actor = current_actor()
    place: dict[str, Any] = of.place_in(request.view_args)
    arguments = {**request.args.to_dict(), **place}
    given = of.parse(actor, arguments)
    sorts, key, count_up_to = of.order(given)
    query = of.query(actor, **given)
    acts = of.open_acts(actor)
    page = listing.build(
        query.add_columns(of.row_id.label("entry")) if acts else query,
        key=key,
        sorts=sorts,
        default=of.default,
        arguments=request.args.to_dict(),
        path=url_for(of.endpoint, **place),
        count_up_to=count_up_to,
    )
    page.anchor = ANCHOR if place else ""
    return ListPage(
        of=of,
        listing=page,
        given=given,
        filters=shown_filters(of, actor, arguments),
        views=views,
        acts=acts,
        known={name: value for name, value in of.known(actor, arguments).items() if name not in place},
        place=place,
        may_export=of.export is not None and actor.may(of.export.permission),
    )


def shown_filters(of: ListOf, actor: Actor, arguments: Mapping[str, str]) -> list[ShownFilter]:
    """The filters this reader may use, as they stand."""
    shown = []
    for item in of.offered(actor):
        if item.argument == of.place:
            continue
        choices = None if item.choices is None else [(value, label) for value, label in item.choices(actor)]
        if choices != []:
            shown.append(ShownFilter(item, arguments.get(item.argument, ""), choices))
    return shown


def answer(of: ListOf, template: str, more: Callable[[ListPage], Mapping[str, Any]] = lambda _page: {}) -> Answer:
    """The page of a list in its template, which gets `page`, `listing` and what `more(page)` adds.

    Opened without any word, the list begins with the view its reader has chosen for that.
    """
    views = saving.views_of(current_actor(), of)
    if not request.args and (view := saving.default_of(views)) is not None:
        return redirect(address(of, {**view.arguments, **of.place_in(request.view_args)}))
    page = open_page(of, views)
    return render_template(template, page=page, listing=page.listing, **more(page))

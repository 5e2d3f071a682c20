"""The menu: its lines as data, each shown to those who have its permission."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l

from app.core import (
    web,
)


@dataclass(frozen=True)
class MenuEntry:
    """A line of the menu: shown to those who have the permission."""

    label: Any
    endpoint: str
    permission: str


MENU = (
    MenuEntry(_l("Home"), "home.index", web.SIGNED_IN),
    MenuEntry(_l("Applications"), "applications.index", "application:view"),
    MenuEntry(_l("Formal check"), "checking.index", "application:check"),
    MenuEntry(_l("My reviews"), "reviews.mine", "review:view-own"),
    MenuEntry(_l("Requests to read"), "reviews.requests", "review:write"),
    MenuEntry(_l("Experts"), "reviews.register", "reviewer:view"),
    MenuEntry(_l("Review"), "reviews.rounds", "review:view"),
    MenuEntry(_l("Panel's board"), "board.index", "board:view"),
    MenuEntry(_l("Screening"), "screening.index", "screening:examine"),
    MenuEntry(_l("Visits"), "visits.index", "visit:view"),
    MenuEntry(_l("Reports"), "closing.index", "report:view"),
    MenuEntry(_l("Invitees"), "invitees.index", "invitee:view"),
    MenuEntry(_l("Organizations"), "directory.index", "organization:view"),
    MenuEntry(_l("Calls"), "calls.index", "rules:view"),
    MenuEntry(_l("Export control"), "export_control.index", "declaration:view"),
    MenuEntry(_l("Revisits"), "alumni.revisits", "revisit:view"),
    MenuEntry(_l("Figures"), "insight.index", "figures:view"),
    MenuEntry(_l("My profile"), "alumni.me", "alumnus:view-own"),
    MenuEntry(_l("Alumni"), "alumni.directory", "alumnus:directory"),
    MenuEntry(_l("People and roles"), "accounts.people", "user:view"),
    MenuEntry(_l("Audit log"), "insight.audit_log", "audit:view"),
    MenuEntry(_l("Mails"), "insight.mails", "mail:view"),
    MenuEntry(_l("Background jobs"), "insight.jobs", "job:view"),
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A menu line as a page draws it."""

    label: Any
    url: str
    active: bool


def of_reader() -> list[MenuItem]:
    """The lines of the menu that are open to the reader."""
    actor = web.actor_or_none()
    if actor is None:
        return []
    here = request.blueprint
    return [
        MenuItem(entry.label, url_for(entry.endpoint), request.endpoint == entry.endpoint or _same_room(entry, here))
        for entry in MENU
        if entry.permission == web.SIGNED_IN or actor.may(entry.permission)
    ]


def _same_room(entry: MenuEntry, blueprint: str | None) -> bool:
    """Whether a page of that blueprint belongs to this line: true for blueprints with a single line."""
    room = entry.endpoint.partition(".")[0]
    return room == blueprint and sum(line.endpoint.startswith(f"{room}.") for line in MENU) == 1

"""Whose each field of a partner's own part is: who filled it in, the host or the partner itself, when, and whether the
partner has confirmed what the host entered for it.

Kept with the partner as plain data by field: `{"by": "host", "name": "…", "at": "…", "confirmed_at": "…"}`.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.models import ApplicationPartner
from app.core import clock
from app.core.authz import Actor
from app.core.i18n import moment

LABELS = {
    "description": _l("Description"),
    "contact_name": _l("Contact person"),
    "contact_email": _l("E-mail of the contact person"),
    "contact_phone": _l("Telephone of the contact person"),
    "prior_notification": _l("Number of the prior notification"),
    "people": _l("People"),
    "pledge": _l("Pledge"),
}


class By(enum.StrEnum):
    """Who filled a field in."""

    HOST = "host"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Mark:
    """Who filled a field in and when; `name` is the person of the host."""

    field: str
    by: By
    name: str
    at: datetime
    confirmed_at: datetime | None

    @property
    def label(self) -> str:
        return str(LABELS[self.field])

    @property
    def awaits(self) -> bool:
        """Whether the host entered it and the partner has not seen to it yet."""
        return self.by is By.HOST and self.confirmed_at is None

    @property
    def for_host(self) -> str:
        """Who and when, as the host reads it."""
        at = moment(self.at)
        if self.by is By.PARTNER:
            return _("by the partner on %(moment)s", moment=at)
        if self.confirmed_at is None:
            return _("by %(name)s on %(moment)s, not confirmed by the partner yet", name=self.name, moment=at)
        return _(
            "by %(name)s on %(moment)s, confirmed by the partner on %(confirmed)s",
            name=self.name,
            moment=at,
            confirmed=moment(self.confirmed_at),
        )

    @property
    def for_partner(self) -> str:
        """Who and when, as the partner reads it, who knows the institution and not its staff."""
        if self.by is By.PARTNER:
            return _("Filled in by you on %(moment)s.", moment=moment(self.at))
        if self.confirmed_at is None:
            return _("Entered by the host on your behalf on %(moment)s.", moment=moment(self.at))
        return _(
            "Entered by the host on your behalf on %(moment)s, confirmed by you on %(confirmed)s.",
            moment=moment(self.at),
            confirmed=moment(self.confirmed_at),
        )


def of(partner: ApplicationPartner) -> dict[str, Mark]:
    """The marks of a partner's part, by field, in the order of the form."""
    kept = partner.filled or {}
    return {name: _read(name, kept[name]) for name in LABELS if name in kept}


def _read(name: str, kept: Mapping[str, Any]) -> Mark:
    confirmed = kept.get("confirmed_at")
    return Mark(
        field=name,
        by=By(kept["by"]),
        name=kept.get("name", ""),
        at=datetime.fromisoformat(kept["at"]),
        confirmed_at=datetime.fromisoformat(confirmed) if confirmed else None,
    )


def awaiting(partner: ApplicationPartner) -> list[Mark]:
    """What the host entered and the partner has not confirmed yet."""
    return [mark for mark in of(partner).values() if mark.awaits]


def stamp(partner: ApplicationPartner, by: By, actor: Actor, values: Mapping[str, Any]) -> None:
    """Write down who has just filled fields in: `values` are the new ones by field; an emptied field is nobody's."""
    kept = dict(partner.filled or {})
    for name, value in values.items():
        kept.pop(name, None)
        if value:
            kept[name] = {"by": by.value, "name": actor.name, "at": clock.now().isoformat()}
    if kept != (partner.filled or {}):
        partner.filled = kept


def confirm(partner: ApplicationPartner, names: Iterable[str]) -> None:
    """The partner has seen what the host entered in these fields and let it stand."""
    kept = dict(partner.filled or {})
    for name in names:
        kept[name] = {**kept[name], "confirmed_at": clock.now().isoformat()}
    partner.filled = kept

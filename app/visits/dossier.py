"""What visits add to the pages of persons and organizations."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.core.authz import Actor
from app.core.dossier import Link, Section
from app.core.i18n import day, label_of, localized, number
from app.directory.models import Organization
from app.invitees.models import Invitee
from app.visits import queries
from app.visits.workflow import VISIT


def of_invitee(actor: Actor, invitee: Invitee) -> Section | None:
    """The visits a person took part in, as far as the reader may see them."""
    if not actor.may("visit:view"):
        return None
    rows = queries.parts_of_person(actor, invitee)
    return Section(
        _("Visits"),
        (_("Visit"), _("Period of stay"), _("Host institution"), _("Role"), _("Category"), _("Affiliation")),
        [
            (
                _link(row),
                stay(row.starts_on, row.ends_on),
                localized(row.name_ja, row.name_en),
                str(label_of(row.role)),
                str(label_of(row.category)),
                row.affiliation,
            )
            for row in rows
        ],
        _("This person takes part in no visit that you can see."),
    )


def of_organization(actor: Actor, organization: Organization) -> Section | None:
    """The newest visits an organization received or sent people to."""
    if not actor.may("visit:view"):
        return None
    rows = queries.visits_of_organization(actor, organization.id)
    return Section(
        _("Visits"),
        (_("Visit"), _("Theme"), _("Period of stay"), _("People"), _("State")),
        [
            (
                _link(row),
                localized(row.theme_ja, row.theme_en),
                stay(row.starts_on, row.ends_on),
                number(row.people),
                str(VISIT.state_label(row.state)),
            )
            for row in rows
        ],
        _("There are no visits yet."),
    )


def _link(row: Any) -> Link:
    return Link(row.reference, "visits.show", {"visit_id": row.public_id})


def stay(starts_on: date | None, ends_on: date | None) -> str:
    """A period in words, or that it is open."""
    return f"{day(starts_on)} – {day(ends_on)}" if starts_on and ends_on else _("Dates open")

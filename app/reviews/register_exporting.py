"""Taking the register away: recorded with its reason before the first row is read. Conflicts and plans are no part."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from flask_babel import gettext as _
from openpyxl import Workbook

from app.accounts import queries as accounts
from app.applications.vocabulary import FieldOfScience
from app.core import audit, authz
from app.core.authz import Actor
from app.core.db import db
from app.core.exporting import neutral
from app.core.i18n import localized
from app.reviews import register_queries
from app.reviews.models import Reviewer
from app.reviews.register_workflow import REVIEWER


def header() -> list[str]:
    """The names of the columns."""
    return [
        _("Full name in Japanese"),
        _("Full name in English"),
        _("E-mail address"),
        _("Affiliation"),
        _("Fields"),
        _("Reads plans in"),
        _("State"),
        _("Plans at hand"),
        _("Plans of a round at most"),
        _("Term: first day"),
        _("Term: last day"),
    ]


def export(actor: Actor, *, reason: str, **filters: str) -> Iterator[tuple[Any, ...]]:
    """The rows of the filtered register. Raises: Forbidden. Leaves an audit entry with the reason and their number."""
    authz.require_role(actor, "reviewer:edit")
    rows = list(db.session.execute(register_queries.listed(actor, **filters).order_by(Reviewer.sort_name)))
    changes = {"experts": [None, len(rows)], "filters": [None, audit.plain(filters)]}
    audit.record(actor, "reviewer:export", accounts.person(actor.id), comment=reason, changes=changes)
    fields = register_queries.fields_of([row.id for row in rows])
    return (_line(row, fields.get(row.id, [])) for row in rows)


def workbook(rows: Iterator[tuple[Any, ...]]) -> bytes:
    """The same rows as an Excel workbook; texts stay texts."""
    book = Workbook(write_only=True)
    page = book.create_sheet(_("Experts"))
    page.freeze_panes = "A2"
    page.append(header())
    for row in rows:
        page.append([neutral(cell) for cell in row])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _line(row: Any, fields: list[str]) -> tuple[Any, ...]:
    reads = [name for name, does in ((_("Japanese"), row.reads_japanese), (_("English"), row.reads_english)) if does]
    return (
        row.name_ja,
        row.name_en,
        row.email,
        localized(row.organization_ja, row.organization_en) or row.affiliation,
        ", ".join(str(FieldOfScience(name).label) for name in fields),
        ", ".join(reads),
        str(REVIEWER.state_label(row.state)),
        row.load,
        row.capacity,
        row.term_from or "",
        row.term_until or "",
    )

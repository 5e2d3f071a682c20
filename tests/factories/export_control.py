"""Export-control forms as their verbs leave them, without their entry in the audit log."""

from datetime import date
from typing import Any

from app.core.db import db
from app.directory.models import HostInstitution
from app.export_control import validity
from app.export_control.models import Declaration, FormKind
from app.export_control.parties import HOST, Party

YES = {"has_system": "yes", "is_classified": "yes", "partners_are_checked": "yes"}


def make_declaration(
    host: HostInstitution,
    kind: FormKind = FormKind.REPORT,
    *,
    dated_on: date = date(2025, 4, 1),
    party: Party = HOST,
    **fields: Any,
) -> Declaration:
    """A form in use."""
    said = dict(YES) if kind is FormKind.REPORT else {"pledge": True}
    given = {"answers": said, "responsible": "Taro Sato", **fields}
    made = Declaration(
        institution=host,
        kind=kind,
        party=party.key,
        party_name=party.name,
        organization_id=party.organization_id,
        dated_on=dated_on,
        valid_until=validity.last_day(dated_on),
        entered_by_name="Jun Ito",
        **given,
    )
    db.session.add(made)
    db.session.flush()
    return made

"""The log on the guide rates of a year, and on the steps around a visit."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.calls.prerequisite_model import Prerequisite
from app.calls.rate_models import UnitRate
from app.core import listing
from app.core.audit import AuditEvent
from app.core.listing import Listing, Sort


def of_rates(fiscal_year: int, arguments: Mapping[str, str], path: str) -> Listing:
    """A page of the log on the rates of a year, newest first."""
    return _events(UnitRate, UnitRate.fiscal_year == fiscal_year, arguments, path)


def of_steps(arguments: Mapping[str, str], path: str) -> Listing:
    """A page of the log on the steps around a visit, newest first; of removed ones too."""
    return _events(Prerequisite, Prerequisite.id.is_not(None), arguments, path)


def _events(
    model: type[UnitRate] | type[Prerequisite], of_them: Any, arguments: Mapping[str, str], path: str
) -> Listing:
    columns = (AuditEvent.at, AuditEvent.actor_name, AuditEvent.verb, AuditEvent.comment, AuditEvent.changes)
    query = select(*columns, AuditEvent.subject_id).where(
        AuditEvent.subject_type == model.__tablename__, AuditEvent.subject_id.in_(select(model.id).where(of_them))
    )
    newest = Sort(AuditEvent.id, descending=True)
    return listing.build(
        query, key=AuditEvent.id, sorts={"newest": newest}, default="newest", arguments=arguments, path=path
    )

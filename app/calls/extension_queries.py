"""Every SELECT on extensions of rounds, and the rounds that were open at a time."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.calls.models import Call, CallExtension, ExtensionState
from app.core.db import db
from app.core.heartbeat import Outage


def pending(call: Call) -> CallExtension | None:
    """The proposal of a round that waits for a second person; there is at most one."""
    return db.session.scalar(
        select(CallExtension).where(CallExtension.call_id == call.id, CallExtension.state == ExtensionState.PROPOSED)
    )


def locked_round(call: Call) -> Call:
    """The round as it stands now, held until the end of the transaction: proposals on it take turns."""
    query = select(Call).where(Call.id == call.id).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def waiting() -> list[CallExtension]:
    """Every proposal that waits for a second person, with its round."""
    query = select(CallExtension).where(CallExtension.state == ExtensionState.PROPOSED)
    return list(db.session.scalars(query.options(joinedload(CallExtension.call)).order_by(CallExtension.id)))


def open_during(outages: Sequence[Outage]) -> dict[int, list[Call]]:
    """The published rounds that were open at some time of each outage, by its id; one query."""
    if not outages:
        return {}
    first, last = min(outage.from_at for outage in outages), max(outage.until_at for outage in outages)
    query = select(Call).where(Call.is_draft.is_(False), Call.opens_at < last, Call.closes_at > first)
    calls = list(db.session.scalars(query.order_by(Call.closes_at)))
    return {
        outage.id: [call for call in calls if call.opens_at < outage.until_at and call.closes_at > outage.from_at]
        for outage in outages
    }

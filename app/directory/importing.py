"""Entering a register's records in bulk: safe to repeat, people's own corrections kept, everything skipped counted.

What the register said last stands in `Organization.register`. A later edition changes a field only where it still says
what the register said before: whatever a person corrected since stays, and is counted.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Table, delete, insert, select, update

from app.core import audit, clock, events
from app.core.audit import AuditEvent
from app.core.authz import Actor
from app.core.db import db
from app.directory import naming, ror
from app.directory.events import RegisterRead
from app.directory.linking import known_numbers, make_links
from app.directory.models import (
    ExternalId,
    Organization,
    OrganizationAlias,
    OrganizationState,
    Side,
)
from app.directory.ror import RorRecord, Unreadable

CHUNK = 500
FIELDS = ("kind", "name_ja", "name_en", "name_native", "native_language", "prefecture", "city", "website")
Progress = Callable[[int], None]
ORGANIZATION: Table = Organization.__table__  # type: ignore[assignment]
ALIAS: Table = OrganizationAlias.__table__  # type: ignore[assignment]
NUMBER: Table = ExternalId.__table__  # type: ignore[assignment]
AUDIT: Table = AuditEvent.__table__  # type: ignore[assignment]


@dataclass
class Report:
    """What an import did: how many of what, and what was left out and why."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    gone: int = 0  # closed or withdrawn in the register: kept with that state, their numbers lead to the successor
    linked: Counter[str] = field(default_factory=Counter)  # parent, successor
    skipped: Counter[str] = field(default_factory=Counter)  # reason → records
    left_out: Counter[str] = field(default_factory=Counter)  # reason → details of records


def import_ror(actor: Actor, records: Sequence[Any], *, on_progress: Progress = lambda _done: None) -> Report:
    """Enter the records of a ROR dump (parsed JSON). `on_progress` is told how many records are done.

    Links are made after all records are in, so that they reach records later in the file. Flushes, never commits.
    """
    report = Report()
    readable = _read_all(records, report)
    known = known_numbers([record.ror_id for record in readable])
    new = [record for record in readable if record.ror_id not in known]
    taken = _numbers_taken()
    on_progress(len(records) - len(readable))
    for start in range(0, len(new), CHUNK):
        chunk = new[start : start + CHUNK]
        _create(actor, chunk, taken, report)
        on_progress(len(chunk))
    old = [record for record in readable if record.ror_id in known]
    for start in range(0, len(old), CHUNK):
        chunk = old[start : start + CHUNK]
        _update(actor, chunk, known, report)
        on_progress(len(chunk))
    make_links(readable, report.linked, report.left_out)
    db.session.expire_all()
    events.publish(RegisterRead(actor))
    return report


def _read_all(records: Iterable[Any], report: Report) -> list[RorRecord]:
    found: dict[str, RorRecord] = {}
    for raw in records:
        try:
            record = ror.read(raw)
        except Unreadable as problem:
            report.skipped[str(problem)] += 1
            continue
        if record.ror_id in found:
            report.skipped["twice_in_file"] += 1
            continue
        found[record.ror_id] = record
        report.gone += record.is_gone
    return _with_prefectures(list(found.values()))


def _with_prefectures(records: list[RorRecord]) -> list[RorRecord]:
    """Hosts without a prefecture get the one all other bodies in a city of that name have."""
    by_city: dict[str, set[str]] = {}
    for record in records:
        if record.prefecture:
            by_city.setdefault(record.city, set()).add(record.prefecture)

    def completed(record: RorRecord) -> RorRecord:
        candidates = by_city.get(record.city, set())
        if record.country != "JP" or record.prefecture or len(candidates) != 1:
            return record
        return replace(record, prefecture=next(iter(candidates)))

    return [completed(record) for record in records]


def _numbers_taken() -> set[tuple[str, str]]:
    return {(row.scheme, row.value) for row in db.session.execute(select(NUMBER.c.scheme, NUMBER.c.value))}


def _register(record: RorRecord) -> dict[str, Any]:
    """What the register says, as kept for the next comparison."""
    values = {name: audit.plain(getattr(record, name)) for name in FIELDS}
    return {**values, "gone": record.is_gone, "aliases": [list(alias) for alias in record.aliases]}


def _state(record: RorRecord) -> OrganizationState:
    if record.is_gone:
        return OrganizationState.WITHDRAWN
    return OrganizationState.LISTED if record.side is Side.HOST else OrganizationState.ACTIVE


def _derived(record: RorRecord, values: dict[str, Any], aliases: Iterable[str]) -> dict[str, str]:
    return {
        "sort_name": naming.sort_name(values["name_en"], values["name_ja"]),
        "search_text": naming.search_text(
            values["name_ja"],
            values["name_en"],
            values["name_native"],
            aliases,
            country=record.country,
            numbers=[record.ror_id],
        ),
    }


def _create(actor: Actor, records: list[RorRecord], taken: set[tuple[str, str]], report: Report) -> None:
    rows = []
    for record in records:
        values = {name: getattr(record, name) for name in FIELDS}
        rows.append(
            {
                **values,
                **_derived(record, values, (alias[0] for alias in record.aliases)),
                "side": record.side,
                "state": _state(record),
                "country": record.country,
                "register": _register(record),
            }
        )
    statement = insert(ORGANIZATION).returning(ORGANIZATION.c.id, sort_by_parameter_order=True)
    ids = list(db.session.execute(statement, rows).scalars())
    aliases = [_alias(row_id, alias) for row_id, record in zip(ids, records, strict=True) for alias in record.aliases]
    numbers = []
    for row_id, record in zip(ids, records, strict=True):
        for scheme, value in record.external_ids:
            if (scheme, value) in taken:
                report.left_out["number_taken"] += 1
                continue
            taken.add((scheme, value))
            numbers.append({"organization_id": row_id, "scheme": scheme, "value": value})
    if aliases:
        db.session.execute(insert(ALIAS), aliases)
    db.session.execute(insert(NUMBER), numbers)
    _record(actor, {row_id: {} for row_id in ids})
    report.created += len(ids)


def _alias(row_id: int, alias: Sequence[Any]) -> dict[str, Any]:
    return {"organization_id": row_id, "name": alias[0], "language": alias[1], "kind": alias[2]}


def _record(actor: Actor, changes: dict[int, dict[str, Any]]) -> None:
    """One audit entry per organization, in bulk."""
    now = clock.now()
    entries = [
        {
            "at": now,
            "actor_id": actor.id,
            "actor_name": actor.name,
            "verb": "organization:import",
            "subject_type": Organization.__tablename__,
            "subject_id": row_id,
            "comment": "ROR",
            "changes": changed,
        }
        for row_id, changed in changes.items()
    ]
    if entries:
        db.session.execute(insert(AUDIT), entries)


def _update(actor: Actor, records: list[RorRecord], known: dict[str, int], report: Report) -> None:
    """Change what the register changed, unless a person did."""
    ids = [known[record.ror_id] for record in records]
    rows = {row.id: row for row in db.session.execute(select(ORGANIZATION).where(ORGANIZATION.c.id.in_(ids)))}
    changed: dict[int, dict[str, Any]] = {}
    for record in records:
        row = rows[known[record.ror_id]]
        before, now = row.register or {}, _register(record)
        if before == now:
            report.unchanged += 1
            continue
        changed[row.id] = _update_one(record, row, before, now, report)
        report.updated += 1
    _record(actor, changed)


def _update_one(
    record: RorRecord, row: Any, before: dict[str, Any], now: dict[str, Any], report: Report
) -> dict[str, Any]:
    """Write one changed record; returns {field: [old, new]} for the audit."""
    values: dict[str, Any] = {}
    for name in FIELDS:
        present = audit.plain(getattr(row, name))
        if present == now[name] or before.get(name) == now[name]:
            continue
        if present != before.get(name) and present not in ("", None):
            report.left_out["corrected_by_people"] += 1
            continue
        values[name] = getattr(record, name)
    if record.is_gone and row.state in (OrganizationState.LISTED, OrganizationState.ACTIVE):
        if row.state is OrganizationState.ACTIVE and row.side is Side.HOST:
            report.left_out["gone_but_taking_part"] += 1
        else:
            values["state"] = OrganizationState.WITHDRAWN
    changes = {name: [audit.plain(getattr(row, name)), audit.plain(value)] for name, value in values.items()}
    names = _replace_aliases(row.id, before, now)
    merged = {name: values.get(name, getattr(row, name)) for name in FIELDS}
    values |= _derived(record, merged, names)
    values |= {"register": now, "version": row.version + 1, "updated_at": clock.now()}
    db.session.execute(update(ORGANIZATION).where(ORGANIZATION.c.id == row.id).values(**values))
    return changes


def _replace_aliases(row_id: int, before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Take away names the register dropped, add its new ones; names people added stay. Returns all names."""
    fresh = {alias[0]: alias for alias in now["aliases"]}
    dropped = [alias[0] for alias in before.get("aliases", []) if alias[0] not in fresh]
    if dropped:
        db.session.execute(delete(ALIAS).where(ALIAS.c.organization_id == row_id, ALIAS.c.name.in_(dropped)))
    present = set(db.session.scalars(select(ALIAS.c.name).where(ALIAS.c.organization_id == row_id)))
    added = [_alias(row_id, alias) for name, alias in fresh.items() if name not in present]
    if added:
        db.session.execute(insert(ALIAS), added)
    return [*present, *(alias["name"] for alias in added)]

"""Links between the organizations of a register: parents and successors, made once all its records are in."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Table, bindparam, select, update

from app.core.db import db
from app.directory.models import ExternalId, Organization
from app.directory.ror import RorRecord

ORGANIZATION: Table = Organization.__table__  # type: ignore[assignment]
NUMBER: Table = ExternalId.__table__  # type: ignore[assignment]


def known_numbers(ror_ids: Iterable[str]) -> dict[str, int]:
    """Row number of every ROR id that is in the directory."""
    rows = db.session.execute(select(NUMBER.c.value, NUMBER.c.organization_id).where(NUMBER.c.scheme == "ror"))
    wanted = set(ror_ids)
    found = {row.value.removeprefix("https://ror.org/"): row.organization_id for row in rows}
    return {ror_id: row_id for ror_id, row_id in found.items() if ror_id in wanted}


def make_links(records: list[RorRecord], linked: Counter[str], left_out: Counter[str]) -> None:
    """Parents and successors, from either end of the link. A link that is there already stays."""
    known = known_numbers(_all_ids(records))
    parents: dict[int, int] = {}
    successors: dict[int, int] = {}
    for record in records:
        own = known[record.ror_id]
        _take(parents, own, record.parents, known, left_out, "parent")
        _take(successors, own, record.successors, known, left_out, "successor")
        for child in record.children:
            if child in known:
                parents.setdefault(known[child], own)
        for former in record.predecessors:
            if former in known:
                successors.setdefault(known[former], own)
    _write_links("parent_id", parents, linked)
    _write_links("successor_id", successors, linked)


def _all_ids(records: list[RorRecord]) -> Iterable[str]:
    for record in records:
        yield from (record.ror_id, *record.parents, *record.children, *record.successors, *record.predecessors)


def _take(
    links: dict[int, int], own: int, targets: tuple[str, ...], known: dict[str, int], left_out: Counter[str], kind: str
) -> None:
    """The first target that is in the directory; the others are counted as left out."""
    present = [known[target] for target in targets if target in known and known[target] != own]
    left_out[f"{kind}_not_in_directory"] += len(targets) - len(present)
    left_out[f"second_{kind}"] += max(len(present) - 1, 0)
    if present:
        links[own] = present[0]


def _write_links(column: str, links: dict[int, int], linked: Counter[str]) -> None:
    target = ORGANIZATION.c[column]
    present = dict(db.session.execute(select(ORGANIZATION.c.id, target).where(target.is_not(None))).all())
    changed = [{"own": own, "other": other} for own, other in links.items() if present.get(own) is None]
    if changed:
        statement = (
            update(ORGANIZATION).where(ORGANIZATION.c.id == bindparam("own")).values({column: bindparam("other")})
        )
        db.session.connection().execute(statement, changed)
    linked[column.removesuffix("_id")] += len(links)

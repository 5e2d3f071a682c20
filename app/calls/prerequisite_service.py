"""Verbs on the rows of prerequisites: enter what is known, change one."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from app.calls import prerequisite_queries as queries
from app.calls.prerequisite_model import Anchor, DayKind, Direction, Doer, Prerequisite
from app.calls.vocabulary import REGIONS
from app.core import audit, authz
from app.core.authz import SYSTEM, Actor
from app.core.db import db
from app.core.errors import Refused, Stale
from app.directory import countries

FILE = Path(__file__).with_name("seed") / "prerequisites.json"
MOST_DAYS = 400


@lru_cache(maxsize=1)
def _known() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


def seed_data() -> list[Prerequisite]:
    """The rows known from public pages, new and in no session."""
    lists = _known()["lists"]
    return [_made(row, position, lists) for position, row in enumerate(_known()["rows"], start=1)]


def _made(row: dict[str, Any], position: int, lists: dict[str, list[str]]) -> Prerequisite:
    texts = {
        f"{name}_{locale}": row[name][locale] for name in ("title", "explanation", "clause") for locale in row[name]
    }
    return Prerequisite(
        code=row["code"],
        is_active=True,
        countries=list(row.get("countries", ())),
        except_countries=list(lists.get(row.get("except_countries", ""), ())),
        courses=list(row.get("courses", ())),
        minors_only=row.get("minors_only", False),
        anchor=Anchor(row["anchor"]),
        direction=Direction(row["direction"]),
        days=row["days"],
        day_kind=DayKind(row["day_kind"]),
        doer=Doer(row["doer"]),
        proof=row.get("proof", ""),
        to_confirm=row["to_confirm"],
        position=position,
        **texts,
    )


def seed() -> int:
    """Enter the rows that are not there yet, as the system; what is there stays. Returns how many were entered."""
    present = {row.code for row in queries.everything() if row.fiscal_year is None}
    made = [row for row in seed_data() if row.code not in present]
    for row in made:
        db.session.add(row)
        audit.record(SYSTEM, "prerequisite:seed", row)
    return len(made)


def update(actor: Actor, row: Prerequisite, *, version: int | None, reason: str = "", **fields: Any) -> None:
    """Change what a step asks, of whom and by when; what proves it is part of the software and stays.

    Raises: Forbidden, Stale, Refused (without a reason; a country that is not known; days below 0 or above 400).
    """
    authz.require_role(actor, "rules:edit")
    if version != row.version:
        raise Stale()
    problems: dict[str, list[Any]] = {}
    for name in ("countries", "except_countries"):
        unknown = [word for word in fields[name] if word not in REGIONS and word not in countries.CODES]
        if unknown:
            problems[name] = [_("Not known as a country or region: %(words)s", words=", ".join(unknown))]
    if fields["days"] is None or not 0 <= fields["days"] <= MOST_DAYS:
        problems["days"] = [_("Enter a whole number from %(low)s to %(high)s.", low=0, high=MOST_DAYS)]
    if not reason.strip():
        problems["reason"] = [_("Give a reason.")]
    if problems:
        raise Refused(problems)
    for name, value in fields.items():
        setattr(row, name, value)
    audit.record(actor, "prerequisite:edit", row, comment=reason.strip(), changes=audit.changes_of(row))

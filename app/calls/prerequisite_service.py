"""Verbs on the rows of prerequisites: enter what is known, add one, change it, remove it."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from app.calls import prerequisite_queries as queries
from app.calls import usage
from app.calls.prerequisite_model import Anchor, DayKind, Direction, Doer, Prerequisite
from app.calls.vocabulary import REGIONS
from app.core import audit, authz, clock
from app.core.authz import SYSTEM, Actor
from app.core.db import db, new_public_id
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
    present = {row.code for row in queries.ever() if row.fiscal_year is None}
    made = [row for row in seed_data() if row.code not in present]
    for row in made:
        db.session.add(row)
        audit.record(SYSTEM, "prerequisite:seed", row)
    return len(made)


def add(
    actor: Actor,
    *,
    like: Prerequisite | None = None,
    fiscal_year: int | None = None,
    reason: str = "",
    **fields: Any,
) -> Prerequisite:
    """Enter a step that hosts mark as done by hand, for every year (no `fiscal_year`) or for one.

    `like`: the row of every year that it replaces in its year; it keeps that row's code and proof.
    Raises: Forbidden; Refused (as `update`; the year has a row of its own, or is not given for `like`).
    """
    authz.require_role(actor, "rules:edit")
    problems = _problems(fields, reason)
    held = queries.ever()
    same = [row for row in held if like is not None and row.code == like.code and row.fiscal_year == fiscal_year]
    if like is not None and fiscal_year is None:
        problems["fiscal_year"] = [_("Choose the fiscal year in which it counts in a different way.")]
    elif any(row.removed_at is None for row in same):
        problems["fiscal_year"] = [_("This step has a row of its own for that year: change that one.")]
    if problems:
        raise Refused(problems)
    row = same[0] if same else drafted(like=like, fiscal_year=fiscal_year, **fields)
    _set(row, {**fields, "removed_at": None})
    if not same:
        row.position = like.position if like else max((other.position for other in held), default=0) + 1
        db.session.add(row)
    changes = {name: [None, audit.plain(getattr(row, name))] for name in ("fiscal_year", *fields)}
    audit.record(actor, "prerequisite:add", row, comment=reason.strip(), changes=changes)
    return row


def drafted(
    *, like: Prerequisite | None = None, fiscal_year: int | None = None, reason: str = "", **fields: Any
) -> Prerequisite:
    """A row with these answers that is in no session: to be weighed before it is entered, or to be entered."""
    code, proof = (like.code, like.proof) if like is not None else (f"own-{new_public_id()[:10]}", "")
    return Prerequisite(code=code, proof=proof, fiscal_year=fiscal_year, **fields)


def update(actor: Actor, row: Prerequisite, *, version: int | None, reason: str = "", **fields: Any) -> None:
    """Change what a step asks, of whom and by when; what proves it is part of the software and stays.

    Raises: Forbidden, Stale, Refused (without a reason; a country that is not known; days below 0 or above 400).
    """
    authz.require_role(actor, "rules:edit")
    _require_present(row, version)
    if problems := _problems(fields, reason):
        raise Refused(problems)
    _set(row, fields)
    audit.record(actor, "prerequisite:edit", row, comment=reason.strip(), changes=audit.changes_of(row))


def remove(actor: Actor, row: Prerequisite, *, version: int | None, reason: str = "") -> None:
    """Take a step away for good; its row stays for the history. A year's own row gives way to that of every year.

    Raises: Forbidden, Stale; Refused without a reason, and while a plan has marked it as done: it can be switched off.
    """
    authz.require_role(actor, "rules:edit")
    _require_present(row, version)
    problems: dict[str, list[Any]] = {}
    if not reason.strip():
        problems["reason"] = [_("Give a reason.")]
    if usage.of(row).is_marked:
        problems[""] = [
            _("Plans have marked this step as done. Change it and take it off the checklists instead of removing it.")
        ]
    if problems:
        raise Refused(problems)
    row.removed_at = clock.now()
    audit.record(actor, "prerequisite:remove", row, comment=reason.strip())


def _require_present(row: Prerequisite, version: int | None) -> None:
    if row.removed_at is not None or version != row.version:
        raise Stale()


def _problems(fields: dict[str, Any], reason: str) -> dict[str, list[Any]]:
    problems: dict[str, list[Any]] = {}
    for name in ("countries", "except_countries"):
        unknown = [word for word in fields[name] if word not in REGIONS and word not in countries.CODES]
        if unknown:
            problems[name] = [_("Not known as a country or region: %(words)s", words=", ".join(unknown))]
    if fields["days"] is None or not 0 <= fields["days"] <= MOST_DAYS:
        problems["days"] = [_("Enter a whole number from %(low)s to %(high)s.", low=0, high=MOST_DAYS)]
    if not reason.strip():
        problems["reason"] = [_("Give a reason.")]
    return problems


def _set(row: Prerequisite, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)

"""Verbs on guide rates: set up, copy from another year, add, change, offer no longer and again."""

from typing import Any

from flask_babel import gettext as _

from app.calls import rate_problems, rate_queries, seed_data
from app.calls.rate_models import Unit, UnitRate
from app.core import audit, authz, clock
from app.core.authz import SYSTEM, Actor
from app.core.db import db, new_public_id
from app.core.errors import Refused, Stale

NAMED = ("kind", "unit")
COPIED = (
    "code",
    "kind",
    "label_ja",
    "label_en",
    "unit",
    "amount",
    "ceiling",
    "is_untaxed",
    "clause_ja",
    "clause_en",
    "to_confirm",
    "position",
)


def seed_rates() -> int:
    """Enter the rates known for each fiscal year that are not there yet; what is there stays. Returns how many."""
    made = 0
    for year in seed_data.rate_years():
        held = {rate.code for rate in rate_queries.everything(year)}
        for rate in seed_data.rates(year):
            if rate.code not in held:
                db.session.add(rate)
                audit.record(SYSTEM, "unit_rate:seed", rate)
                made += 1
    return made


def copy_rates(actor: Actor, from_year: int, year: int, *, comment: str = "") -> None:
    """Take the rates a fiscal year offers over into another; those it has already stay. Raises: Forbidden."""
    authz.require_role(actor, "rules:edit")
    held = {rate.code for rate in rate_queries.everything(year)}
    for rate in rate_queries.rates(from_year):
        if rate.code in held:
            continue
        kept = {name: getattr(rate, name) for name in COPIED}
        copy = UnitRate(fiscal_year=year, origins=list(rate.origins), courses=list(rate.courses), **kept)
        db.session.add(copy)
        audit.record(actor, "unit_rate:copy", copy, comment=comment)


def take_over(actor: Actor, from_year: int, year: int, *, reason: str = "") -> int:
    """Begin the rates of a year from those of another: what it has already stays. Returns how many were entered.

    For a published year only with a reason. Raises: Forbidden, Refused (no reason; nothing that is not there yet).
    """
    authz.require_role(actor, "rules:edit")
    problems = _needs_reason(year, reason)
    held = {rate.code for rate in rate_queries.everything(year)}
    missing = [rate for rate in rate_queries.rates(from_year) if rate.code not in held]
    if not missing:
        problems["from_year"] = [_("This year has all rates of that year already. Choose another year.")]
    _refuse(problems)
    copy_rates(actor, from_year, year, comment=reason.strip())
    return len(missing)


def add_rate(
    actor: Actor,
    fiscal_year: int,
    *,
    kind: str,
    unit: Unit,
    family: str = "",
    reason: str = "",
    **fields: Any,
) -> UnitRate:
    """Enter a further rate of a year; for a published year only with a reason.

    `family`: that of the rates it stands in for, "" for a rate of its own. It gets a code of its own, which it keeps
    over the years. Raises: Forbidden; Refused (by field).
    """
    authz.require_role(actor, "rules:edit")
    held = rate_queries.everything(fiscal_year)
    relatives = [rate for rate in held if family and rate.family == family]
    problems = rate_problems.of_values(unit, fields) | rate_problems.of_kind(kind, unit, relatives)
    if family and not relatives:
        problems["family"] = [_("Choose one from the list.")]
    _refuse(_of_place(fields, relatives) | problems | _needs_reason(fiscal_year, reason))
    own = f"own-{new_public_id()[:10]}"
    position = max((rate.position for rate in held), default=0) + 1
    code = f"{family}.{own}" if family else own
    rate = UnitRate(fiscal_year=fiscal_year, code=code, kind=kind, unit=unit, position=position, **fields)
    db.session.add(rate)
    changes = {name: [None, audit.plain(getattr(rate, name))] for name in (*NAMED, *fields)}
    audit.record(actor, "unit_rate:add", rate, comment=reason.strip(), changes=changes)
    return rate


def update_rate(actor: Actor, rate: UnitRate, *, version: int | None, reason: str = "", **fields: Any) -> None:
    """Change a rate's amount, ceiling, words, or what it holds for; for a published year only with a reason.

    Plans keep the lines they have; their ceilings are those of the rate as it is now.
    Raises: Forbidden, Stale, Refused (ceiling below the amount, origins unknown or taken, no reason).
    """
    authz.require_role(actor, "rules:edit")
    if version != rate.version:
        raise Stale()
    problems = _of_place(fields, _relatives(rate)) if rate.is_offered else {}
    _refuse(problems | rate_problems.of_values(rate.unit, fields) | _needs_reason(rate.fiscal_year, reason))
    for name, value in fields.items():
        setattr(rate, name, value)
    changes = audit.changes_of(rate)
    if changes:
        audit.record(actor, "unit_rate:edit", rate, comment=reason.strip(), changes=changes)


def withdraw_rate(actor: Actor, rate: UnitRate, *, version: int | None, reason: str = "") -> None:
    """Offer a rate no longer; for a published year only with a reason.

    It is neither proposed nor offered for new lines, and is not copied into the next year. Lines that are counted by
    it stay, and so does their ceiling. Raises: Forbidden, Stale, Refused.
    """
    authz.require_role(actor, "rules:edit")
    if version != rate.version or not rate.is_offered:
        raise Stale()
    _refuse(_needs_reason(rate.fiscal_year, reason))
    rate.withdrawn_at = clock.now()
    audit.record(actor, "unit_rate:withdraw", rate, comment=reason.strip())


def offer_rate(actor: Actor, rate: UnitRate, *, version: int | None, reason: str = "") -> None:
    """Offer a rate again; for a published year only with a reason.

    Raises: Forbidden, Stale, Refused (also when another rate holds for its places by now).
    """
    authz.require_role(actor, "rules:edit")
    if version != rate.version or rate.is_offered:
        raise Stale()
    taken = _of_place({"courses": rate.courses, "origins": rate.origins}, _relatives(rate))
    _refuse({"": taken["origins"]} if taken else _needs_reason(rate.fiscal_year, reason))
    rate.withdrawn_at = None
    audit.record(actor, "unit_rate:offer", rate, comment=reason.strip())


def _relatives(rate: UnitRate) -> list[UnitRate]:
    held = rate_queries.rates(rate.fiscal_year)
    return [other for other in held if other.family == rate.family and other is not rate]


def _of_place(fields: dict[str, Any], relatives: list[UnitRate]) -> dict[str, list[str]]:
    return rate_problems.of_place(fields, [other for other in relatives if other.is_offered])


def _needs_reason(fiscal_year: int, reason: str) -> dict[str, list[str]]:
    if reason.strip() or not rate_queries.is_published(fiscal_year):
        return {}
    return {"reason": [_("This fiscal year is published: give the reason for the change.")]}


def _refuse(problems: dict[str, list[str]]) -> None:
    if problems:
        raise Refused(problems)

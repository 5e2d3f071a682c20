"""Verbs on guide rates: set up, copy with the year, change."""

from typing import Any

from flask_babel import gettext as _

from app.calls import places, rate_queries, seed_data
from app.calls.rate_models import UnitRate
from app.core import audit, authz
from app.core.authz import SYSTEM, Actor
from app.core.db import db
from app.core.errors import Refused, Stale

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
        held = {rate.code for rate in rate_queries.rates(year)}
        for rate in seed_data.rates(year):
            if rate.code not in held:
                db.session.add(rate)
                audit.record(SYSTEM, "unit_rate:seed", rate)
                made += 1
    return made


def copy_rates(actor: Actor, from_year: int, year: int) -> None:
    """Take the rates of a fiscal year over into another; those it has already stay. Raises: Forbidden."""
    authz.require_role(actor, "rules:edit")
    held = {rate.code for rate in rate_queries.rates(year)}
    for rate in rate_queries.rates(from_year):
        if rate.code in held:
            continue
        kept = {name: getattr(rate, name) for name in COPIED}
        copy = UnitRate(fiscal_year=year, origins=list(rate.origins), courses=list(rate.courses), **kept)
        db.session.add(copy)
        audit.record(actor, "unit_rate:copy", copy)


def update_rate(actor: Actor, rate: UnitRate, *, version: int | None, reason: str = "", **fields: Any) -> None:
    """Change a rate's amount, ceiling, words, or what it holds for; for a published year only with a reason.

    Plans keep the lines they have; their ceilings are those of the rate as it is now.
    Raises: Forbidden, Stale, Refused (ceiling below the amount, unknown origins, no reason).
    """
    authz.require_role(actor, "rules:edit")
    if version != rate.version:
        raise Stale()
    problems = _problems(fields)
    if rate_queries.is_published(rate.fiscal_year) and not reason.strip():
        problems["reason"] = [_("This fiscal year is published: give the reason for the change.")]
    if problems:
        raise Refused(problems)
    for name, value in fields.items():
        setattr(rate, name, value)
    changes = audit.changes_of(rate)
    if changes:
        audit.record(actor, "unit_rate:edit", rate, comment=reason.strip(), changes=changes)


def _problems(fields: dict[str, Any]) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if fields["ceiling"] is not None and fields["ceiling"] < fields["amount"]:
        problems["ceiling"] = [_("The ceiling must not be below the rate.")]
    if unknown := places.unknown(fields["origins"]):
        problems["origins"] = [_("Not known: %(words)s", words=", ".join(unknown))]
    return problems

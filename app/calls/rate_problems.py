"""What may not stand in a guide rate: problems by field, each with how to mend it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.calls import places
from app.calls.rate_models import Unit, UnitRate
from app.calls.vocabulary import COSTS

TAX = "tax_equivalent"
ADMINISTRATION = "general_administration"  # a share of the direct costs, which is a rule of the course
KINDS = tuple(kind for kind in COSTS if kind != ADMINISTRATION)

Problems = dict[str, list[str]]


def of_values(unit: Unit, fields: Mapping[str, Any]) -> Problems:
    """Problems of amount, ceiling and origins."""
    problems: Problems = {}
    ceiling, amount = fields["ceiling"], fields["amount"]
    if unit is Unit.PERCENT and ceiling is not None:
        problems["ceiling"] = [_("A percentage is its own ceiling: leave this empty.")]
    elif ceiling is not None and ceiling < amount:
        problems["ceiling"] = [_("The ceiling must not be below the rate.")]
    if unit is Unit.PERCENT and amount > 100:
        problems["amount"] = [_("Enter a percentage from 0 to 100.")]
    if unknown := places.unknown(fields["origins"]):
        problems["origins"] = [_("Not known: %(words)s", words=", ".join(unknown))]
    return problems


def of_kind(kind: str, unit: Unit, relatives: Sequence[UnitRate]) -> Problems:
    """Problems of the kind of costs and the unit of a new rate; `relatives`: the rates it stands in for."""
    problems: Problems = {}
    if kind not in KINDS:
        problems["kind"] = [_("Choose one from the list.")]
    elif (unit is Unit.PERCENT) != (kind == TAX):
        problems["unit"] = [_("Per cent is the unit of the consumption-tax equivalent, and of nothing else.")]
    if relatives and relatives[0].kind != kind:
        wanted = str(COSTS[relatives[0].kind])
        problems["kind"] = [_("Rates that stand in for each other are of one kind. Choose: %(kind)s", kind=wanted)]
    if relatives and relatives[0].unit is not unit:
        wanted = str(relatives[0].unit.label)
        problems["unit"] = [_("Rates that stand in for each other have one unit. Choose: %(unit)s", unit=wanted)]
    return problems


def of_place(fields: Mapping[str, Any], relatives: Iterable[UnitRate]) -> Problems:
    """Problems with where people come from: of rates that stand in for each other only one can hold for a place."""
    courses, origins = set(fields["courses"]), list(fields["origins"])
    for other in relatives:
        if courses and other.courses and not courses & set(other.courses):
            continue
        if not origins and not other.origins:
            return {"origins": [_("“%(rate)s” already holds for people from anywhere: name places.", rate=other.label)]}
        if taken := [places.name(code) for code in origins if code in other.origins]:
            named = ", ".join(taken)
            return {"origins": [_("“%(rate)s” already holds for: %(places)s", rate=other.label, places=named)]}
    return {}

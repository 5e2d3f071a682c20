"""The answers of forms 1 and 2 as whoever uses them keeps them: plain data, days as text, "" for nothing.

A plan keeps those of its host among its answers on safety, and those of each partner beside the partner. Each carries
the name of the declaration it was taken from and the last day that one is good for: so a plan that is submitted holds
what it was submitted with, whatever is declared later.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.core import search
from app.export_control import validity
from app.export_control.models import Declaration, FormKind

Kept = Mapping[str, Any]

QUESTIONS = ("has_system", "is_classified", "partners_are_checked")
REPORT = (*QUESTIONS, "export_responsible", "form1_on")
PLEDGE = ("pledge", "form2_on")
#: What goes with a form that was declared, and with no other answers.
REPORT_ORIGIN = ("form1_id", "form1_until")
PLEDGE_ORIGIN = ("form2_id", "form2_until", "form2_responsible")
ALL = (*REPORT, *REPORT_ORIGIN, *PLEDGE, *PLEDGE_ORIGIN)


def report_is_filled(kept: Kept) -> bool:
    """Whether export-control form 1 is filled in: all of its questions answered, dated and signed for."""
    return all(kept.get(name) for name in REPORT)


def pledge_is_filled(kept: Kept) -> bool:
    """Whether export-control form 2, the pledge, is given and dated."""
    return all(kept.get(name) for name in PLEDGE)


def has_system(kept: Kept) -> bool | None:
    """Whether the body has a system of its own for export control; None if that is not said."""
    return {"yes": True, "no": False}.get(str(kept.get("has_system", "")))


def report_until(kept: Kept) -> date | None:
    """The last day form 1 is good for; None where it has no day."""
    return _until(kept, "form1_until", "form1_on")


def pledge_until(kept: Kept) -> date | None:
    """The last day form 2 is good for; None where it has no day."""
    return _until(kept, "form2_until", "form2_on")


def _until(kept: Kept, told: str, dated: str) -> date | None:
    known = _day(kept.get(told))
    if known is not None:
        return known
    day = _day(kept.get(dated))
    return validity.last_day(day) if day is not None else None


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value or ""))
    except ValueError:
        return None


def names_one_person(kept: Kept) -> bool:
    """Whether both forms name the same person responsible. A form that names nobody contradicts nothing."""
    first, second = (search.fold(str(kept.get(name) or "")) for name in ("export_responsible", "form2_responsible"))
    return not first or not second or first == second


def settled(before: Kept, given: Kept) -> dict[str, Any]:
    """Answers as given, with where they come from as long as they are still those that were declared.

    A pledge that is new or changed is given by the person responsible who is named beside it.
    """
    after = {**{name: value for name, value in before.items() if name not in ALL}, **given}
    if _same(before, after, REPORT):
        _carry(before, after, REPORT_ORIGIN)
    if _same(before, after, PLEDGE):
        _carry(before, after, PLEDGE_ORIGIN)
    elif pledge_is_filled(after):
        after["form2_responsible"] = after.get("export_responsible", "")
    return after


def _same(before: Kept, after: Kept, names: Iterable[str]) -> bool:
    return all((before.get(name) or "") == (after.get(name) or "") for name in names)


def _carry(before: Kept, after: dict[str, Any], names: Iterable[str]) -> None:
    after.update({name: before[name] for name in names if before.get(name)})


def taken_from(declaration: Declaration) -> dict[str, Any]:
    """The answers of a declaration as they are kept, with where they come from."""
    origin = {"id": declaration.public_id, "until": declaration.valid_until.isoformat()}
    if declaration.kind is FormKind.PLEDGE:
        return {
            "pledge": True,
            "form2_on": declaration.dated_on.isoformat(),
            "form2_responsible": declaration.responsible,
            **{f"form2_{name}": value for name, value in origin.items()},
        }
    return {
        **{name: declaration.answers.get(name, "") for name in QUESTIONS},
        "export_responsible": declaration.responsible,
        "form1_on": declaration.dated_on.isoformat(),
        **{f"form1_{name}": value for name, value in origin.items()},
    }


def carried(declarations: Iterable[Declaration]) -> dict[str, Any]:
    """The answers of the declarations of one body, together."""
    kept: dict[str, Any] = {}
    for declaration in declarations:
        kept |= taken_from(declaration)
    return kept


def follows(kept: Kept, kind: FormKind) -> bool:
    """Whether answers go with what their institution declares: they were declared, or nothing was said yet."""
    if kind is FormKind.PLEDGE:
        return bool(kept.get("form2_id")) or not pledge_is_filled(kept)
    return bool(kept.get("form1_id")) or not report_is_filled(kept)

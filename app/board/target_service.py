"""Verbs on the targets of a fiscal year: seed, set, take away."""

import json
from pathlib import Path

from flask_babel import gettext as _

from app.board import measures, queries
from app.board.models import BoardTarget
from app.core import audit, authz
from app.core.authz import SYSTEM, Actor
from app.core.db import db
from app.core.errors import Refused, Stale

EDIT = "board:edit"
FILE = Path(__file__).with_name("targets.json")


def seed() -> int:
    """Enter the targets known for each fiscal year that has none yet. Returns how many.

    Africa's 500 people a year is the programme's own goal; what is marked `to_confirm` is a stand-in.
    """
    made = 0
    for year, rows in json.loads(FILE.read_text(encoding="utf-8")).items():
        if queries.targets(int(year)):
            continue
        for position, row in enumerate(rows, 1):
            target = BoardTarget(fiscal_year=int(year), position=position, **row)
            db.session.add(target)
            audit.record(SYSTEM, "board_target:seed", target)
            made += 1
    return made


def take_over(actor: Actor, year: int) -> int:
    """Enter the targets of the latest earlier year that has some for a year without. Returns how many.

    Raises: Forbidden; Refused when the year has targets, or no earlier year has.
    """
    authz.require_role(actor, EDIT)
    earlier = queries.targets_before(year)
    if queries.targets(year) or not earlier:
        raise Refused({"": [_("There is nothing to take over.")]})
    kept = ("measure", "goal", "is_ceiling", "to_confirm", "position")
    for row in earlier:
        target = BoardTarget(fiscal_year=year, **{name: getattr(row, name) for name in kept})
        db.session.add(target)
        audit.record(actor, "board_target:copy", target)
    return len(earlier)


def add(actor: Actor, year: int, *, measure: str, goal: int, is_ceiling: bool, to_confirm: bool) -> BoardTarget:
    """Set a target for a measure. Raises: Forbidden; Refused (unknown measure, or one that has its target)."""
    authz.require_role(actor, EDIT)
    if measure not in dict(measures.choices()):
        raise Refused({"measure": [_("Choose one from the list.")]})
    if queries.target(year, measure) is not None:
        raise Refused({"measure": [_("This year has a target for it already. Change that one.")]})
    position = max((row.position for row in queries.targets(year)), default=0) + 1
    target = BoardTarget(
        fiscal_year=year, measure=measure, goal=goal, is_ceiling=is_ceiling, to_confirm=to_confirm, position=position
    )
    db.session.add(target)
    audit.record(actor, "board_target:add", target, changes={"measure": [None, measure], "goal": [None, goal]})
    return target


def change(
    actor: Actor, target: BoardTarget, *, version: int | None, goal: int, is_ceiling: bool, to_confirm: bool
) -> None:
    """Change a target. Raises: Forbidden, Stale."""
    authz.require_role(actor, EDIT)
    if version != target.version:
        raise Stale()
    target.goal, target.is_ceiling, target.to_confirm = goal, is_ceiling, to_confirm
    if changes := audit.changes_of(target):
        audit.record(actor, "board_target:edit", target, changes=changes)


def remove(actor: Actor, target: BoardTarget) -> None:
    """Take a target away. Raises: Forbidden."""
    authz.require_role(actor, EDIT)
    audit.record(actor, "board_target:remove", target, changes={"goal": [target.goal, None]})
    db.session.delete(target)

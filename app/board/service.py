"""Verbs on boards: begin one, move plans and the budget line, set conditions, say which is the panel's.

Every move is kept for good: who, when, what it was before and after, and why.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.applications.vocabulary import Outcome
from app.board import panel, queries
from app.board.models import BoardMove, BoardPlace, BoardVersion, MoveKind
from app.board.ordering import GAP, arrange, positions
from app.board.panel import Wish
from app.calls.models import Call
from app.core import audit, authz, clock, conflict
from app.core.authz import Actor
from app.core.db import db
from app.core.errors import Forbidden, Refused, Stale

EDIT = "board:edit"
CONDITIONS = ("people_cap", "money_cap", "condition_ja", "condition_en")
KEPT = ("mark", *CONDITIONS)

Made = tuple[MoveKind, int | None, dict[str, Any], dict[str, Any]]  # what, of which plan, before, after


def begin(
    actor: Actor, call: Call, *, name: str, budget_line: int, copy_of: BoardVersion | None = None
) -> BoardVersion:
    """A new board of a round: in the order of the scores, or as another board stands now. The first is the panel's.

    Raises: Forbidden; Refused (a name that another board of the round has).
    """
    authz.require_role(actor, EDIT)
    held = queries.versions(call)
    if any(version.name.casefold() == name.casefold() for version in held):
        raise Refused({"name": [_("Another board of this round has this name. Choose another one.")]})
    made = BoardVersion(
        call=call,
        name=name,
        budget_line=budget_line,
        is_panels=not held,
        made_by_id=_number_of(actor),
        copied_from_id=copy_of.id if copy_of else None,
    )
    db.session.add(made)
    db.session.flush()
    copied = {place.application_id: place for place in queries.places(copy_of)} if copy_of else {}
    order = panel.order_of(call)
    known = [plan for plan in copied if plan in set(order)]
    for number, plan in enumerate([*known, *(plan for plan in order if plan not in copied)], 1):
        kept = {field: getattr(copied[plan], field) for field in KEPT} if plan in copied else {}
        db.session.add(BoardPlace(board_version_id=made.id, application_id=plan, position=number * GAP, **kept))
    audit.record(actor, "board:begin", made, changes={"name": [None, name], "budget_line": [None, budget_line]})
    return made


def touched(
    version: BoardVersion, seen: int, *, marks: Mapping[int, str], to: Mapping[int, int], line: int | None
) -> Wish:
    """What somebody changed on a board as it was at version `seen`, out of everything a form sends.

    What others have moved since is not taken for the sender's wish.
    """
    held = {place.application_id: place.mark.value if place.mark else "" for place in queries.places(version)}
    was_line = version.budget_line
    for move in queries.moves(version, after=seen, limit=10_000):  # the newest first: back to what was seen
        if move.kind is MoveKind.OUTCOME and move.application_id is not None:
            held[move.application_id] = move.before["mark"] or ""
        elif move.kind is MoveKind.LINE:
            was_line = move.before["budget_line"]
    return Wish(
        marks={plan: mark for plan, mark in marks.items() if held.get(plan, "") != mark},
        to=to,
        line=None if line == was_line else line,
    )


def move(actor: Actor, version: BoardVersion, wish: Wish, *, seen: int | None, reason: str) -> int:
    """Store moves; returns how many there were.

    Raises: Forbidden; Stale when somebody else moved since `seen`; Refused without a reason, or when nothing moves.
    """
    _door(actor, version, seen)
    problems = {} if reason.strip() else {"reason": [_("Say why: the reason is kept with every move.")]}
    places = _every_place(version)
    made = [*_outcomes(places, wish.marks), *_positions(list(places), wish.to)]
    if wish.line is not None and wish.line != version.budget_line:
        made.append((MoveKind.LINE, None, {"budget_line": version.budget_line}, {"budget_line": wish.line}))
    if not made:
        problems[""] = [_("Nothing was moved: the board is stored as it stands here.")]
    if problems:
        raise Refused(problems)
    _apply(version, places, made)
    _place(places, wish.to)
    _keep(actor, version, made, reason)
    return len(made)


def _outcomes(places: Mapping[int, BoardPlace], marks: Mapping[int, str]) -> list[Made]:
    """Plans marked as adopted, reserve or declined, or ("") left to the line."""
    was = {plan: place.mark.value if place.mark else "" for plan, place in places.items()}
    return [
        (MoveKind.OUTCOME, plan, {"mark": was[plan]}, {"mark": mark})
        for plan, mark in marks.items()
        if plan in was and was[plan] != mark
    ]


def _positions(order: list[int], to: Mapping[int, int]) -> list[Made]:
    """Plans put into places counted from 1, down the board."""
    then = arrange(order, {plan: place for plan, place in to.items() if plan in set(order)})
    was, now = ({plan: number for number, plan in enumerate(one, 1)} for one in (order, then))
    return [
        (MoveKind.POSITION, plan, {"place": was[plan]}, {"place": now[plan]})
        for plan in then
        if plan in to and was[plan] != now[plan]
    ]


def _apply(version: BoardVersion, places: Mapping[int, BoardPlace], made: list[Made]) -> None:
    for kind, plan, _before, after in made:
        if plan is None:
            version.budget_line = after["budget_line"]
        elif kind is MoveKind.OUTCOME:
            places[plan].mark = Outcome(after["mark"]) if after["mark"] else None


def _place(places: Mapping[int, BoardPlace], to: Mapping[int, int]) -> None:
    wanted = {plan: place for plan, place in to.items() if plan in places}
    held = {plan: place.position for plan, place in places.items()}
    for plan, position in positions(arrange(list(places), wanted), held, frozenset(wanted)).items():
        if held[plan] != position:
            places[plan].position = position


def set_conditions(
    actor: Actor, version: BoardVersion, application_id: int, *, seen: int | None, reason: str, **fields: Any
) -> None:
    """Say on which conditions a plan would be adopted; empty fields lift them.

    Raises: Forbidden; Stale; Refused without a reason, or when nothing changes.
    """
    _door(actor, version, seen)
    place = _every_place(version)[application_id]
    before = {name: getattr(place, name) for name in CONDITIONS}
    after = {name: fields[name] for name in CONDITIONS}
    problems = {} if reason.strip() else {"reason": [_("Say why: the reason is kept with every move.")]}
    if before == after:
        problems[""] = [_("Nothing was changed.")]
    if problems:
        raise Refused(problems)
    for name, value in after.items():
        setattr(place, name, value)
    _keep(actor, version, [(MoveKind.CONDITIONS, application_id, before, after)], reason)


def make_panels(actor: Actor, version: BoardVersion, *, seen: int | None, reason: str) -> None:
    """Make a board the panel's, in place of another one. Raises: Forbidden; Stale; Refused."""
    _door(actor, version, seen)
    if version.is_panels:
        raise Refused({"": [_("This is the panel's board already.")]})
    if not reason.strip():
        raise Refused({"reason": [_("Say why: the reason is kept with every move.")]})
    former = queries.panels(version.call)
    if former is not None:
        former.is_panels = False
        db.session.flush()  # there is never a second one, not even for a moment
    version.is_panels = True
    before = {"panels": former.name if former else ""}
    _keep(actor, version, [(MoveKind.PANEL, None, before, {"panels": version.name})], reason)


def _door(actor: Actor, version: BoardVersion, seen: int | None) -> None:
    authz.require_role(actor, EDIT)
    if seen != version.version:
        raise Stale()


def _number_of(actor: Actor) -> int:
    if actor.id is None:
        raise Forbidden()
    return actor.id


def _every_place(version: BoardVersion) -> dict[int, BoardPlace]:
    """The places of all plans of the round down the board; plans that came later are put at the end."""
    held = {place.application_id: place for place in queries.places(version)}
    order = panel.order_of(version.call)
    last = max((place.position for place in held.values()), default=0)
    for plan in order:
        if plan not in held:
            last += GAP
            held[plan] = BoardPlace(board_version_id=version.id, application_id=plan, position=last)
            db.session.add(held[plan])
    present = set(order)  # a plan withdrawn since keeps its row, unseen
    return {plan: place for plan, place in held.items() if plan in present}


def _keep(actor: Actor, version: BoardVersion, made: list[Made], reason: str) -> None:
    """Store the moves with the version of the board they make; two at the same instant: the later one is told."""
    now = clock.now()
    for kind, plan, before, after in made:
        db.session.add(
            BoardMove(
                board_version_id=version.id,
                application_id=plan,
                number=version.version + 1,
                kind=kind,
                before=before,
                after=after,
                reason=reason.strip(),
                made_by_id=_number_of(actor),
                made_by_name=actor.name,
                made_at=now,
            )
        )
    version.moved_at = now
    changes = {kind.value: [before, after] for kind, plan, before, after in made if plan is None}
    with conflict.noticed():
        audit.record(
            actor, "board:move", version, comment=reason.strip(), changes={"moves": [None, len(made)], **changes}
        )

"""A board as its page draws it: words, shares of targets, and the numbers a browser reckons with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.board import measures, screening
from app.board.models import BoardMove, MoveKind
from app.board.panel import Board, Line, Measured
from app.checking import queries as checks
from app.checking.models import FormalCheck
from app.core.authz import Actor
from app.core.i18n import language, number, yen
from app.directory import countries
from app.directory.models import KIND_LABELS, InstitutionKind
from app.screening.vocabulary import Result

STANDS: Mapping[str, Any] = {
    "adopted": _l("Adopted"),
    "reserve": _l("Waiting list"),
    "declined": _l("Declined"),
    "below": _l("Below the line"),
}
TONES = {"adopted": "success", "reserve": "warning", "declined": "danger", "below": "neutral"}
MARKS: Mapping[str, Any] = {
    "": _l("By the line"),
    "adopted": _l("Adopt"),
    "reserve": _l("Waiting list"),
    "declined": _l("Decline"),
}
FIGURES = ("plans", "people", "country:*", "first_host:*", "new_country:*")
STEPS = (-10_000_000, -1_000_000, 1_000_000, 10_000_000)


@dataclass(frozen=True, slots=True)
class Group:
    """A breakdown: its name, and (measure, name, amount) for each of its parts."""

    key: str
    label: str
    parts: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the page of a board says besides its plans."""

    figures: tuple[tuple[str, str, int], ...]
    groups: tuple[Group, ...]
    screened: Mapping[int, Result]
    is_screened: bool  # whether the reader may know
    inadmissible: Mapping[int, FormalCheck]  # marks of the formal check
    before: str  # JSON, as the browser reads it
    badges: str  # JSON: the words and tone of every way to stand
    top: int  # the highest budget line the slider goes to
    stands = STANDS
    tones = TONES
    marks = MARKS
    steps = STEPS


def draw(actor: Actor, board: Board) -> Drawn:
    """Everything around the table of a board, for whoever reads it."""
    groups = tuple(group for group in (_group(board, key) for key in measures.GROUPS) if group.parts)
    return Drawn(
        figures=tuple((measure, measures.label(measure), board.amount(measure)) for measure in FIGURES),
        groups=groups,
        screened=screening.states(actor, [line.id for line in board.lines]),
        is_screened=screening.is_known(actor),
        inadmissible=checks.marks_of_round(board.version.call_id),
        before=json.dumps(board.before),
        badges=json.dumps({stand: [str(STANDS[stand]), TONES[stand]] for stand in STANDS}),
        top=_rounded(max(board.most, board.line)),
    )


def _rounded(amount: int) -> int:
    """Up to the next whole million yen."""
    return -(-amount // 1_000_000) * 1_000_000


def _group(board: Board, key: str) -> Group:
    parts = tuple(
        (measure, measures.key_label(key, measure.partition(":")[2]), board.amount(measure))
        for measure in board.keys(key)
    )
    return Group(key, str(measures.GROUPS[key]), parts)


def said(measure: str, amount: int) -> str:
    """An amount with its unit."""
    return yen(amount) if measures.is_money(measure) else number(amount)


def share(measured: Measured, amount: int) -> int:
    """How much of a target an amount is, in whole per cent up to 100."""
    goal = measured.target.goal
    return min(round(100 * amount / goal), 100) if goal else 100


def counts(line: Line) -> str:
    """What a plan brings, for the browser."""
    return json.dumps(line.counts, separators=(",", ":"))


def countries_of(line: Line) -> str:
    """The countries and regions of a plan's partners."""
    names = sorted(countries.name(code, language()) for code in line.facts.countries)
    return _(", ").join(names)


def kind_of(line: Line) -> str:
    """The kind of a plan's host."""
    return str(KIND_LABELS[InstitutionKind(line.facts.kind)])


def moved(move: BoardMove) -> str:
    """What a move was, in words."""
    before, after = move.before, move.after
    if move.kind is MoveKind.OUTCOME:
        return _("%(before)s → %(after)s", before=MARKS[before["mark"]], after=MARKS[after["mark"]])
    if move.kind is MoveKind.POSITION:
        return _("Place %(before)s → %(after)s", before=before["place"], after=after["place"])
    if move.kind is MoveKind.LINE:
        amounts = {"before": yen(before["budget_line"]), "after": yen(after["budget_line"])}
        return _("Budget line %(before)s → %(after)s", **amounts)
    if move.kind is MoveKind.PANEL:
        return _("Made the panel's board")
    return _("Conditions: %(before)s → %(after)s", before=conditions(before), after=conditions(after))


def conditions(held: Mapping[str, Any]) -> str:
    """Conditions in words; «none» without any."""
    parts = []
    if held.get("people_cap") is not None:
        parts.append(_("at most %(number)s people", number=held["people_cap"]))
    if held.get("money_cap") is not None:
        parts.append(_("at most %(amount)s", amount=yen(held["money_cap"])))
    own, other = ("condition_en", "condition_ja") if language() == "en" else ("condition_ja", "condition_en")
    if text := held.get(own) or held.get(other):
        parts.append(text)
    return " / ".join(parts) or _("none")


def conditions_of(line: Line) -> str:
    """The conditions of a plan in words; "" without any."""
    if not line.has_conditions or line.place is None:
        return ""
    names = ("people_cap", "money_cap", "condition_ja", "condition_en")
    return conditions({name: getattr(line.place, name) for name in names})

"""What the desk's page of a case shows: evidence side by side, notes opened, the plan as it was submitted."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.core.i18n import localized
from app.screening import queries, sidebyside
from app.screening.bodies import folded
from app.screening.models import Kind, ScreeningCase, ScreeningHit, ScreeningNote
from app.screening.sidebyside import Piece
from app.screening.vocabulary import CATEGORY_LABELS, CaseState
from app.screening.workflow import CASE


@dataclass(frozen=True, slots=True)
class Evidence:
    """A name of the plan beside the listed one."""

    hit: ScreeningHit
    ours: list[Piece]
    theirs: list[Piece]
    aliases: list[str]
    categories: list[Any]
    likeness: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything of the page but its forms."""

    theme: str
    evidence: list[Evidence]
    gone: list[ScreeningHit]
    notes: list[ScreeningNote]
    before: str | None
    after: str | None
    verbs: list[str]


def page_of(case: ScreeningCase) -> CasePage:
    """The page of a case, for a screening officer."""
    before, after = queries.neighbours(case, CaseState.EXAMINE)
    return CasePage(
        theme=theme_of(case),
        evidence=[_evidence(hit) for hit in case.found_now],
        gone=[hit for hit in case.hits if hit.gone_at is not None],
        notes=list(reversed(case.notes)),
        before=before,
        after=after,
        verbs=[verb for verb in ("clear", "condition", "hold") if case.state in CASE[verb].sources],
    )


def theme_of(case: ScreeningCase) -> str:
    """The theme of the plan as it was submitted."""
    frozen = case.application.snapshot or {}
    return localized(frozen.get("theme_ja"), frozen.get("theme_en"))


def _evidence(hit: ScreeningHit) -> Evidence:
    return Evidence(
        hit,
        sidebyside.pieces(hit.asked_name, hit.listed_as),
        sidebyside.pieces(hit.listed_as, hit.asked_name),
        [name for name in (hit.listed_name, *hit.aliases) if name != hit.listed_as],
        [CATEGORY_LABELS[letter] for letter in hit.categories if letter in CATEGORY_LABELS],
        _likeness(hit),
    )


def _likeness(hit: ScreeningHit) -> str:
    if hit.kind is not Kind.EXACT:
        return _("%(percent)s%% alike", percent=hit.likeness)
    if folded(hit.asked_name) == folded(hit.listed_as):
        return _("the same name")
    return _("the same name when it is read")

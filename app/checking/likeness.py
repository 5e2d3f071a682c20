"""How alike two plans are by what they say, in Japanese and English alike. Pure; a person decides what it means.

Texts are folded (width, case, accents), cut into runs of three signs, and each run is weighted by how rarely plans have
it: sentences that every plan has in common count next to nothing. Themes are compared by their letters as well, because
a reworked plan often keeps its theme and little else.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from app.core import search

ALIKE = 75  # per cent from which on a person looks at it
SAME_THEME = 90  # per cent of letters two themes share to be called the same
RUN = 3
MOST_SIGNS = 2_000  # of a text that are compared


@dataclass(frozen=True, slots=True)
class PlanText:
    """What a plan says, folded: its themes, and all of it that is compared."""

    number: int
    themes: tuple[str, ...]
    text: str


def folded(number: int, theme_ja: str, theme_en: str, purpose: str) -> PlanText:
    """A plan's text as it is compared.

    >>> folded(1, "", "River  Basins", "Ｗe measure.").text
    'river basins we measure'
    """
    themes = tuple(text for text in (search.fold(theme_ja), search.fold(theme_en)) if text)
    text = " ".join((*themes, search.fold(purpose[:MOST_SIGNS]))).strip()
    return PlanText(number, themes, text[:MOST_SIGNS])


def runs(text: str) -> frozenset[str]:
    """The runs of signs a text consists of."""
    return frozenset(text[place : place + RUN] for place in range(max(len(text) - RUN + 1, 0)))


class Weights:
    """How much a run of signs tells plans apart: the more plans have it, the less."""

    def __init__(self, texts: Iterable[PlanText]) -> None:
        borne: Counter[str] = Counter()
        number = 0
        for text in texts:
            borne.update(runs(text.text))
            number += 1
        self._borne = {run: math.log((number + 1) / times) for run, times in borne.items()}
        self._unknown = math.log(number + 1)

    def of(self, parts: Iterable[str]) -> float:
        """The weight of runs together."""
        return sum(self._borne.get(run, self._unknown) for run in parts)


def alike(asked: Sequence[PlanText], all_texts: Sequence[PlanText]) -> Iterator[tuple[int, int, int]]:
    """(plan asked for, other plan, per cent) for every pair that is alike.

    `all_texts`: what they are compared with; a plan asked for that stands among them is not compared with itself.
    """
    weights = Weights(all_texts)
    read = [(text, parts := runs(text.text), weights.of(parts)) for text in asked]
    for other in all_texts:
        parts = runs(other.text)
        total = weights.of(parts)
        for text, own, own_total in read:
            if text.number == other.number:
                continue
            shared = weights.of(own & parts)
            by_text = 200 * shared / (own_total + total) if own_total + total else 0.0
            likeness = round(max(by_text, _by_theme(text.themes, other.themes)))
            if likeness >= ALIKE:
                yield text.number, other.number, min(likeness, 100)


def _by_theme(ours: Sequence[str], theirs: Sequence[str]) -> float:
    """How alike two themes are, in whichever language both have; 0 where they are not nearly the same."""
    return max(
        (fuzz.ratio(one, other, score_cutoff=SAME_THEME) for one in ours for other in theirs),
        default=0.0,
    )

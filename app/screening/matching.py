"""Which listed bodies a name resembles, in any script and any spelling. Pure; a person decides what it means.

A listed name and the one asked for are compared word by word, each word by its spelling and weighted by how rarely
listed names bear it, so that «University» counts little and a place or a subject counts much. Nationality is no input.
"""

import enum
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from app.screening.names import ReadName, is_common, parts, read

LIKENESS = 0.84  # from here on a person looks at it
SPELLING = 0.75  # two words are the same word, written differently
CANDIDATES = 40  # listed names compared in full, those that share most triples of letters
COMMON_WEIGHT = 0.35


class Kind(enum.StrEnum):
    """How a name was found."""

    EXACT = "exact"  # the listed name or alias itself, but for case, width, accents, punctuation
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed body that a name resembles. `likeness`: 0 to 1."""

    body: int
    listed_name: str
    kind: Kind
    likeness: float


@dataclass(frozen=True, slots=True)
class _Listed:
    body: int
    name: str
    read: ReadName


class NameIndex:
    """The names of one edition of the list, ready to be asked."""

    def __init__(self, names: Iterable[tuple[int, str]]) -> None:
        """`names`: (number of the body, name or alias), as often as a body has names."""
        self._listed = [_Listed(body, name, read(name)) for body, name in names if name.strip()]
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._triples: dict[str, list[int]] = defaultdict(list)
        self._sizes: list[int] = []
        borne: Counter[str] = Counter()
        for place, listed in enumerate(self._listed):
            for text in {listed.read.folded, listed.read.joined}:
                self._exact[text].append(place)
            triples = _triples(listed.read)
            self._sizes.append(len(triples))
            for triple in triples:
                self._triples[triple].append(place)
            borne.update(set(listed.read.words))
        self._borne = borne
        self._most = math.log(len(self._listed) + 1) or 1.0

    def weight(self, word: str) -> float:
        """How much a word tells bodies apart."""
        if is_common(word):
            return COMMON_WEIGHT
        if word.isdigit():
            return 1.0
        rarity = 1.0 - math.log(self._borne[word] + 1) / self._most
        return max(rarity, COMMON_WEIGHT) * min(len(word) / 5, 1.0)

    def find(self, name: str) -> list[Hit]:
        """The listed bodies a name or a part of it resembles, the likest first; each body once."""
        best: dict[int, Hit] = {}
        for part in parts(name):
            self._look(read(part), best)
        return sorted(best.values(), key=lambda hit: (-hit.likeness, hit.body))

    def _look(self, asked: ReadName, best: dict[int, Hit]) -> None:
        """Put into `best` what resembles one reading of a name."""
        if not asked.joined:
            return
        exact = {*self._exact.get(asked.folded, ()), *self._exact.get(asked.joined, ())}
        for place in [*exact, *self._near(asked)]:
            listed = self._listed[place]
            likeness = 1.0 if place in exact else self.likeness(listed.read, asked)
            if likeness < LIKENESS or (listed.body in best and best[listed.body].likeness >= likeness):
                continue
            kind = Kind.EXACT if place in exact else Kind.SIMILAR
            best[listed.body] = Hit(listed.body, listed.name, kind, likeness)

    def _near(self, asked: ReadName) -> list[int]:
        """The places whose names share most triples of letters with the one asked for."""
        if asked.is_short:
            return []
        triples = _triples(asked)
        shared: Counter[int] = Counter()
        for triple in triples:
            shared.update(self._triples.get(triple, ()))
        scored = ((2 * count / (self._sizes[place] + len(triples)), place) for place, count in shared.items())
        return [place for _score, place in sorted(scored, reverse=True)[:CANDIDATES]]

    def likeness(self, listed: ReadName, asked: ReadName) -> float:
        """How alike two names are, 0 to 1: by words in any order, or by letters where words run together."""
        if listed.is_short or asked.is_short:
            return 0.0
        by_words = self._by_words(listed.words, asked.words)
        by_letters = fuzz.ratio(listed.joined, asked.joined) / 100
        return max(by_words, by_letters if by_letters >= 0.93 else 0.0)

    def _by_words(self, listed: Sequence[str], asked: Sequence[str]) -> float:
        left = list(asked)
        agreed = 0.0
        for word in sorted(listed, key=self.weight, reverse=True):
            best = max(left, key=lambda other: spelling(word, other), default=None)
            if best is None:
                break
            alike = spelling(word, best)
            if alike >= SPELLING:
                left.remove(best)
                agreed += 2 * alike * min(self.weight(word), max(self.weight(best), self.weight(word) * alike))
        total = sum(map(self.weight, listed)) + sum(map(self.weight, asked))
        return min(agreed / total, 1.0) if total else 0.0


def spelling(word: str, other: str) -> float:
    """How alike two words are spelt, 0 to 1; short words and numbers agree only as they are."""
    if word == other:
        return 1.0
    if min(len(word), len(other)) < 4 or word.isdigit() or other.isdigit():
        return 0.0
    if len(word) > len(other):
        word, other = other, word
    if len(word) >= 5 and len(other) - len(word) <= 3 and other.startswith(word):
        return 0.9
    return float(DamerauLevenshtein.normalized_similarity(word, other))


def _triples(name: ReadName) -> set[str]:
    text = f" {name.joined} "
    return {text[start : start + 3] for start in range(len(text) - 2)}

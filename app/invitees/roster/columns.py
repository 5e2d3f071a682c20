"""Which rows of a sheet are its header, and what each of its columns holds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.core.tabular import Cell, Sheet
from app.invitees.roster.draft import Column, SheetMapping
from app.invitees.roster.words import UNSPACED, contains, fold, meanings, phrases

Row = Sequence[Cell | None]
SEARCHED_ROWS = 30
LONGEST_HEADER = 150
ENOUGH = 0.55
LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ]")
#: Without these a table is not a list of people.
TELLING = frozenset({"surname", "given_names", "full_name", "person_name", "native_name", "passport_number"})


@dataclass(frozen=True, slots=True)
class Guess:
    """A field for a header text, with a score from 0 to 1."""

    field: str
    score: float


@lru_cache(maxsize=5_000)
def guesses(header: str) -> tuple[Guess, ...]:
    """Fields that a header may mean, best first: its whole text, a part on its own line, or words in it."""
    best: dict[str, float] = {}
    if len(header) > LONGEST_HEADER:
        return ()
    parts = [header, *re.split(r"[\n/|]", header), re.sub(r"[（(].*?[)）]", " ", header)]
    for place, part in enumerate(parts):
        folded = fold(part)
        if not folded:
            continue
        factor = 1.0 if place == 0 else 0.93
        if exact := meanings("fields").get(folded):
            best[exact] = max(best.get(exact, 0.0), factor)
        for phrase, name in phrases("fields"):
            if len(phrase) > 1 and contains(folded, phrase):
                share = len(phrase) / len(folded)
                best[name] = max(best.get(name, 0.0), factor * (0.45 + 0.45 * share))
    return tuple(sorted((Guess(name, score) for name, score in best.items()), key=lambda guess: -guess.score))


def header_texts(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Per column the texts of its header cells from top to bottom, repeated ones once."""
    width = max((len(row) for row in rows), default=0)
    texts = []
    for column in range(width):
        cells = [row[column].text for row in rows if column < len(row) and row[column] is not None]  # type: ignore[union-attr]
        texts.append(tuple(dict.fromkeys(text.strip() for text in cells if text.strip())))
    return texts


def guess_column(texts: tuple[str, ...]) -> dict[str, float]:
    """Scores by field for a column whose header stands in one or several rows."""
    scores: dict[str, float] = {}
    readings = [(" ".join(texts), 1.0)]
    if len(texts) > 1:
        readings += [(texts[-1], 0.97), (texts[0], 0.6)]
    for text, factor in readings:
        for guess in guesses(text):
            scores[guess.field] = max(scores.get(guess.field, 0.0), guess.score * factor)
    return scores


def assign(columns: list[dict[str, float]]) -> dict[int, tuple[str, float]]:
    """(field, score) by column from 1: the best pairs first, each field once (notes and unused as often as found)."""
    pairs = sorted(
        ((score, -column, name) for column, scores in enumerate(columns, start=1) for name, score in scores.items()),
        reverse=True,
    )
    taken: set[str] = set()
    assigned: dict[int, tuple[str, float]] = {}
    for score, negative, name in pairs:
        column = -negative
        if score < ENOUGH or column in assigned or name in taken:
            continue
        assigned[column] = (name, score)
        if name not in ("unused", "person_name"):
            taken.add(name)
    return assigned


def find_header(sheet: Sheet) -> tuple[int, ...]:
    """Row numbers (from 1) of the header: the row, or two rows, that name the most columns; () if none does."""
    best: tuple[float, tuple[int, ...]] = (0.0, ())
    for index in range(min(len(sheet.rows), SEARCHED_ROWS)):
        for height in (1, 2):
            rows = sheet.rows[index : index + height]
            if len(rows) < height or (height == 2 and not _may_be_second_header(rows[0], rows[1])):
                continue
            score = _header_score(rows)
            # A second row must name something that the first alone does not.
            if score > best[0] + (0.5 if height == 2 else 0.01):
                best = (score, tuple(range(index + 1, index + 1 + height)))
    return best[1]


def _header_score(rows: Sequence[Row]) -> float:
    assigned = assign([guess_column(texts) for texts in header_texts(rows)])
    fields = {name for name, _ in assigned.values()}
    if len(fields) < 3 or not fields & TELLING:
        return 0.0
    return sum(score for _, score in assigned.values())


def _may_be_second_header(first: Row, second: Row) -> bool:
    filled = [cell for cell in second if cell is not None and cell.text.strip()]
    own = [cell for cell in filled if not cell.merged]
    if not filled or any(cell.kind != "text" or "@" in cell.text or re.search(r"\d", cell.text) for cell in filled):
        return False
    named = sum(bool(guesses(cell.text)) for cell in own)
    return bool(own) and named >= max(1, len(own) // 2) and len(own) < sum(cell is not None for cell in first) + 1


def detect(sheet: Sheet, place: int) -> tuple[SheetMapping, list[Column]]:
    """The mapping that a sheet suggests, and its columns as found."""
    rows = find_header(sheet)
    header = [sheet.rows[row - 1] for row in rows]
    body = sheet.rows[rows[-1] :] if rows else sheet.rows
    texts = header_texts(header) if rows else [()] * max((len(row) for row in sheet.rows), default=0)
    assigned = assign([guess_column(column) for column in texts]) if rows else {}
    named = _settle_names(assigned, texts, body)
    mapping = SheetMapping(rows, {column: name for column, (name, _) in named.items()})
    # The rows searched for a header may have been people: nothing of them stays in memory.
    guesses.cache_clear()
    return mapping, describe(sheet, place, mapping, {column: score for column, (_, score) in named.items()})


def describe(
    sheet: Sheet, place: int, mapping: SheetMapping, scores: Mapping[int, float] | None = None
) -> list[Column]:
    """The columns of a sheet under a mapping: header, field, confidence (1 where the user chose), first values."""
    texts = header_texts([sheet.rows[row - 1] for row in mapping.header_rows if 0 < row <= len(sheet.rows)])
    body = sheet.rows[max(mapping.header_rows, default=0) :]
    width = max((len(row) for row in sheet.rows), default=0)
    columns = []
    for column in range(1, width + 1):
        header = " ".join(texts[column - 1]) if column <= len(texts) else ""
        samples = tuple(column_texts(body, column)[:3])
        name = mapping.columns.get(column)
        if header or samples or name:
            confidence = (scores or {}).get(column, 1.0 if name else 0.0)
            columns.append(Column(place, column, header, name, confidence, samples))
    return columns


def column_texts(rows: Sequence[Row], column: int) -> list[str]:
    """The filled texts of a column, top to bottom."""
    cells = (row[column - 1] for row in rows if column <= len(row))
    return [cell.text for cell in cells if cell is not None and cell.text.strip()]


def is_latin(texts: Sequence[str]) -> bool:
    """Whether most of the texts are written in Latin letters."""
    latin = sum(bool(LATIN.search(text)) and not UNSPACED.search(text) for text in texts)
    return bool(texts) and latin * 2 > len(texts)


def _settle_names(
    assigned: dict[int, tuple[str, float]], texts: Sequence[tuple[str, ...]], body: Sequence[Row]
) -> dict[int, tuple[str, float]]:
    """Say of each "name" column which name it is: the rest of the header and the script of its values tell."""
    settled = {column: pair for column, pair in assigned.items() if pair[0] not in ("person_name", "passport_issue")}
    issued = {column: ("unused", score) for column, (name, score) in assigned.items() if name == "passport_issue"}
    taken = {name for name, _ in settled.values()}
    for column, (_, score) in sorted((c, pair) for c, pair in assigned.items() if pair[0] == "person_name"):
        values = column_texts(body, column)
        name = _name_kind(is_latin(values) or not values, taken)
        if name and name not in taken:
            settled[column] = (name, score)
            taken.add(name)
    return settled | issued


def _name_kind(latin: bool, taken: set[str]) -> str | None:
    if not latin:
        return "native_name"
    if "surname" in taken and "given_names" not in taken:
        return "given_names"
    if taken & {"full_name", "given_names"}:
        return "native_name"
    return "full_name"

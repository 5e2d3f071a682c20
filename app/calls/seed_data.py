"""What is known of the programme's rules and rounds from public pages, read from the files in `seed/` (see there)."""

import json
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.calls.models import Call, Course, CourseCode, Rule, Severity
from app.calls.rate_models import Unit, UnitRate
from app.core import clock

FOLDER = Path(__file__).with_name("seed")


@lru_cache(maxsize=32)
def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return content


def fiscal_years() -> list[int]:
    """The fiscal years that are known, oldest first."""
    return sorted(int(path.stem.removeprefix("fy")) for path in FOLDER.glob("fy*.json"))


def codes(fiscal_year: int) -> list[CourseCode]:
    """The courses known of a year."""
    return [CourseCode(code) for code in _read(f"fy{fiscal_year}.json")["courses"]]


def labels(fiscal_year: int) -> list[str]:
    """The rounds known of a year."""
    return [call["label"] for call in _read(f"fy{fiscal_year}.json")["calls"]]


def course(fiscal_year: int, code: CourseCode) -> Course:
    """A new course of a year with its rules, not yet in any session. Raises: KeyError if it is not known."""
    named, year = _read("courses.json")[code], _read(f"fy{fiscal_year}.json")
    note = year.get("note", {})
    return Course(
        fiscal_year=fiscal_year,
        code=code,
        name_ja=named["ja"],
        name_en=named["en"],
        summary_ja="\n".join(filter(None, (named["summary"]["ja"], note.get("ja")))),
        summary_en="\n".join(filter(None, (named["summary"]["en"], note.get("en")))),
        rules=[_rule(row, position) for position, row in enumerate(year["courses"][code], start=1)],
    )


def _rule(row: dict[str, Any], position: int) -> Rule:
    sentence = _read("sentences.json")[row["sentence"]]
    return Rule(
        check_name=sentence["check"],
        limit=dict(row["limit"]),
        severity=Severity(row["severity"]),
        clause_ja=sentence["clause"]["ja"],
        clause_en=sentence["clause"]["en"],
        text_ja=sentence["ja"],
        text_en=sentence["en"],
        to_confirm=row.get("to_confirm", False),
        position=position,
    )


def sentence_for(check_name: str) -> dict[str, str]:
    """Clause and sentence known for a check, by column of a rule; empty texts where none is known."""
    for known in _read("sentences.json").values():
        if known["check"] == check_name:
            clause = known["clause"]
            return {
                "clause_ja": clause["ja"],
                "clause_en": clause["en"],
                "text_ja": known["ja"],
                "text_en": known["en"],
            }
    return {"clause_ja": "", "clause_en": "", "text_ja": "", "text_en": ""}


def call(fiscal_year: int, label: str) -> tuple[Call, list[CourseCode]]:
    """A new round of a year, not yet in any session, and the courses it takes. Raises: KeyError if it is not known."""
    for row in _read(f"fy{fiscal_year}.json")["calls"]:
        if row["label"] == label:
            made = Call(
                fiscal_year=fiscal_year,
                label=label,
                opens_at=_instant(row["opens_at"]),
                closes_at=_instant(row["closes_at"]),
                notice_on=date.fromisoformat(row["notice_on"]),
                visits_from=date.fromisoformat(row["visits_from"]),
                visits_until=date.fromisoformat(row["visits_until"]),
                note_ja=row["note"]["ja"],
                note_en=row["note"]["en"],
            )
            return made, [CourseCode(code) for code in row["courses"]]
    raise KeyError(label)


def _instant(local: str) -> datetime:
    """The files name instants as clocks in Tokyo show them."""
    shown = datetime.fromisoformat(local)
    return clock.tokyo(shown.date(), shown.time())


def rate_years() -> list[int]:
    """The fiscal years for which guide rates are known, oldest first."""
    return sorted(int(year) for year in _read("rates.json")["years"])


def rates(fiscal_year: int) -> list[UnitRate]:
    """New guide rates of a year, not yet in any session. Raises: KeyError if none are known."""
    content = _read("rates.json")
    amounts = content["years"][str(fiscal_year)]
    return [_rate(fiscal_year, row | amounts.get(row["code"], {}), n) for n, row in enumerate(content["rates"], 1)]


def _rate(fiscal_year: int, row: dict[str, Any], position: int) -> UnitRate:
    return UnitRate(
        fiscal_year=fiscal_year,
        code=row["code"],
        kind=row["kind"],
        label_ja=row["label"]["ja"],
        label_en=row["label"]["en"],
        unit=Unit(row["unit"]),
        amount=row["amount"],
        ceiling=row["ceiling"],
        is_untaxed=row["untaxed"],
        origins=list(row["origins"]),
        courses=list(row["courses"]),
        clause_ja=row["clause"]["ja"],
        clause_en=row["clause"]["en"],
        to_confirm=True,
        position=position,
    )

"""One function per paper: its data and its words in one language → PDF. Needs an application context for the words."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, Literal

import segno
from flask_babel import force_locale

from app.core import documents, i18n
from app.documents import labels
from app.documents.board_shapes import BoardDocument
from app.documents.shapes import (
    BudgetLine,
    CertificateDocument,
    ExportForm,
    LetterDocument,
    ParticipantsDocument,
    PlanDocument,
    ReceiptDocument,
    ScheduleDocument,
)

Language = Literal["ja", "en"]

# Official languages written with Chinese characters or Hangul: the same code point has another form in each.
_NATIVE_LANGUAGES = {
    "CN": "zh-Hans",
    "SG": "zh-Hans",
    "TW": "zh-Hant",
    "HK": "zh-Hant",
    "MO": "zh-Hant",
    "KR": "ko",
    "KP": "ko",
    "JP": "ja",
}


def native_language(country: str) -> str:
    """The BCP 47 tag for `PersonName.native_language` from an ISO 3166 alpha-2 code; '' where the script decides."""
    return _NATIVE_LANGUAGES.get(country.upper(), "")


def plan(document: PlanDocument, *, language: Language, at: datetime) -> bytes:
    """The exchange plan (交流計画書) as PDF, marked as a draft until it has been submitted."""
    with force_locale(language):
        words = labels.plan()
        data = _present(document) | {
            "budget": _budget(document["budget"]),
            "budget_total": sum(line["amount"] for line in document["budget"]),
            "people_total": sum(row["count"] for row in document["people"]),
            "partners_total": sum(partner["people"] for partner in document["partners"]),
        }
    return _render("plan", data, words, language, _title(words, document["reference"]), at)


def schedule(document: ScheduleDocument, *, language: Language, at: datetime) -> bytes:
    """The schedule of stay (滞在予定表) as PDF."""
    with force_locale(language):
        words = labels.schedule(others=document["party"] - 1)
        data = _present(document)
    return _render("schedule", data, words, language, _title(words, document["reference"]), at)


def participants(document: ParticipantsDocument, *, language: Language, at: datetime) -> bytes:
    """The participants' list (招へい者名簿) as PDF, numbered in the order given."""
    with force_locale(language):
        words = labels.participants(count=len(document["people"]))
        data = _present(document)
    return _render("participants", data, words, language, _title(words, document["reference"]), at)


def certificate(document: CertificateDocument, *, language: Language, at: datetime) -> bytes:
    """The certificate of completion (修了証) as PDF: both languages, the given one first and larger."""
    other: Language = "en" if language == "ja" else "ja"
    texts, words = {}, {}
    for tongue in (language, other):
        text = document[tongue]
        with force_locale(tongue):
            texts[tongue] = _present(document) | dict(text)
            words[tongue] = labels.certificate(
                host=text["host"],
                course=text["course"],
                theme=text["theme"],
                entry=i18n.day(document["entry"]),
                exit_=i18n.day(document["exit"]),
            )
    data = texts[language] | {
        "other": texts[other],
        "other_labels": words[other],
        "other_language": other,
        "qr": qr_svg(document["verification_url"]),
    }
    return _render("certificate", data, words[language], language, _title(words[language], document["number"]), at)


def export_forms(forms: Sequence[ExportForm], *, language: Language, at: datetime) -> bytes:
    """The export-control forms 1 and 2 (様式1・様式2) as PDF, each on a page of its own."""
    with force_locale(language):
        words = labels.export_forms()
        data = {"forms": _present(forms)}
    return _render("exportcontrol", data, words, language, _title(words, ""), at)


def receipt(document: ReceiptDocument, *, language: Language, at: datetime) -> bytes:
    """The receipt of submission (受付票) as PDF."""
    with force_locale(language):
        words = labels.receipt()
        data = _present(document)
    if url := document.get("verification_url"):
        data["qr"] = qr_svg(url)
    return _render("receipt", data, words, language, _title(words, document["number"]), at)


def letter(document: LetterDocument, *, language: Language, at: datetime) -> bytes:
    """The letter with the result of the review (審査結果のお知らせ) as PDF."""
    with force_locale(language):
        words = labels.letter(document["host"], document["person"])
        data = _present(document)
    return _render("letter", data, words, language, _title(words, document["reference"]), at)


def board(document: BoardDocument, *, language: Language, at: datetime, size: Literal["a3", "a4"]) -> bytes:
    """The panel's board (採択検討表) as PDF, landscape."""
    with force_locale(language):
        words = labels.board()
        data = _present(document) | {"size": size}
    return _render("board", data, words, language, _title(words, document["round"]), at)


def qr_svg(text: str) -> str:
    """A QR code (error correction M, no border) as SVG."""
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawing, kind="svg", border=0, xmldecl=False, dark="#1a1a1c")
    return drawing.getvalue().decode("ascii")


def _render(
    template: str, data: dict[str, Any], words: dict[str, str], language: Language, title: str, at: datetime
) -> bytes:
    return documents.render(template, data | {"labels": words}, language=language, title=title, at=at)


def _title(words: Mapping[str, str], reference: str) -> str:
    return f"{words['title']} {reference}".strip()


def _budget(lines: Sequence[BudgetLine]) -> list[dict[str, Any]]:
    """Budget lines by category, in the order in which categories first appear, each with its subtotal."""
    order = list(dict.fromkeys(line["category"] for line in lines))
    ranked = sorted(lines, key=lambda line: order.index(line["category"]))
    return [
        {"category": category, "lines": group, "subtotal": sum(line["amount"] for line in group)}
        for category, group in (
            (category, list(found)) for category, found in groupby(ranked, lambda line: line["category"])
        )
    ]


def _present(value: Any) -> Any:
    """Values as a template prints them: days and instants written out in the language in force."""
    if isinstance(value, datetime):
        local = i18n.exact_moment(value)
        return {"tokyo": local, "utc": f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"}
    if isinstance(value, date):
        return {"long": i18n.day(value), "short": i18n.short_day(value), "weekday": i18n.weekday(value)}
    if isinstance(value, Mapping):
        return {key: _present(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_present(item) for item in value]
    return value

"""Every paper in both languages: the names as the passport has them, in every script, on whole pages."""

import io
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from pypdf import PdfReader

from app.core import documents
from app.documents import labels, papers
from tests.documents import samples
from tests.documents.reading import fonts_of, pages_of, squeezed, text_of

PAPERS: dict[str, tuple[Callable[..., bytes], Callable[[Any], Any]]] = {
    "plan": (papers.plan, samples.plan),
    "schedule": (papers.schedule, samples.schedule),
    "participants": (papers.participants, samples.participants),
    "certificate": (papers.certificate, samples.certificate),
    "receipt": (papers.receipt, samples.receipt),
    "letter": (papers.letter, samples.letter),
}
BOTH = pytest.mark.parametrize("language", ["ja", "en"])
ALL = pytest.mark.parametrize("paper", list(PAPERS))


def make(paper: str, language: Any) -> bytes:
    render, sample = PAPERS[paper]
    return render(sample(language), language=language, at=samples.AT)


@ALL
@BOTH
def test_paper_is_made_with_title_language_and_every_character(paper: str, language: str, caplog: Any) -> None:
    pdf = make(paper, language)
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.root_object["/Lang"] == language
    assert reader.metadata is not None and reader.metadata.title
    assert [record for record in caplog.records if record.name == documents.__name__] == []
    assert documents.SUBSTITUTE not in text_of(pdf)


@ALL
@BOTH
def test_paper_is_the_same_bytes_when_made_twice(paper: str, language: str) -> None:
    assert make(paper, language) == make(paper, language)


@BOTH
def test_plan_holds_what_was_submitted_and_when(language: str) -> None:
    text = text_of(make("plan", language))
    for expected in ("R-2026-1-000123", "2026-04-2107:58:31UTC", "16:58:31", "1,560,000", "600,000", "FY20263.4(2)"):
        assert expected in text, expected
    assert ("山﨑花子" if language == "ja" else "HanakoYamazaki") in text
    assert "ĐạihọcBáchkhoaHàNội" in text


@BOTH
def test_plan_not_submitted_is_marked_as_a_draft(language: str) -> None:
    plan = samples.plan(language)
    with force_locale(language):
        note = squeezed(labels.plan()["draft_note"])
    assert note not in text_of(papers.plan(plan, language=language, at=samples.AT))
    plan["submitted_at"] = None
    plan["receipt_number"] = ""
    assert note in text_of(papers.plan(plan, language=language, at=samples.AT))


@BOTH
def test_plan_with_nothing_entered_still_prints(language: str) -> None:
    plan = samples.plan(language)
    for field, value in list(plan.items()):
        if field != "host":
            plan[field] = [] if isinstance(value, list) else "" if isinstance(value, str) else None  # type: ignore[literal-required]
    assert len(PdfReader(io.BytesIO(papers.plan(plan, language=language, at=samples.AT))).pages) == 1


def test_budget_lines_of_a_category_stand_together_with_their_subtotal() -> None:
    groups = papers._budget(samples.plan("en")["budget"])
    assert [(group["category"], len(group["lines"]), group["subtotal"]) for group in groups] == [
        ("I International travel", 1, 784000),
        ("II Domestic travel", 2, 600000),
        ("III Program", 1, 176000),
    ]


@BOTH
def test_list_holds_every_passport_name_and_native_name(language: str) -> None:
    text = text_of(make("participants", language))
    for surname, given, native, tag, katakana, _ in samples.NAMES:
        shown = f"{surname.upper()},{given}" if surname else given
        assert squeezed(shown) in text, shown
        assert squeezed(katakana) in text, katakana
        # Arabic glyphs stand in the file as they are drawn, from left to right. Where Arabic or Khmer draws a letter
        # in two glyphs, Typst 0.15 gives the whole letter to both: seen right, but copied twice.
        drawn = native[::-1] if tag == "ar" else native
        where = re.sub(r"([\u0600-\u06ff\u1780-\u17ff]{1,2})\1", r"\1", text) if tag in ("ar", "km") else text
        assert squeezed(drawn) in where, native


@pytest.mark.parametrize(
    ("index", "font"),
    [
        (0, "NotoSansThai-Regular"),
        (2, "NotoSansArabic-Regular"),
        (3, "NotoSansSC-Regular"),
        (4, "NotoSansTC-Regular"),
        (5, "NotoSansKR-Regular"),
        (6, "NotoSans-Regular"),
        (8, "NotoSansBengali-Regular"),
        (9, "NotoSansSinhala-Regular"),
        (10, "NotoSansTamil-Regular"),
        (11, "NotoSansKhmer-Regular"),
        (12, "NotoSansLao-Regular"),
        (13, "NotoSansMyanmar-Regular"),
    ],
)
def test_name_is_set_in_the_font_of_its_script(index: int, font: str) -> None:
    people = samples.participants("en", 1)
    people["people"][0]["name"] = samples.name_of(index)
    assert font in fonts_of(papers.participants(people, language="en", at=samples.AT))


@pytest.mark.parametrize(
    "name",
    [
        "ᠪᠠᠲᠤ",
        "გიორგი",
        "Արամ",
        "አበበ",
        "דוד",
        "ગાંધી",
        "ਗੁਰਪ੍ਰੀਤ",
        "ಕನ್ನಡ",
        "മലയാളം",
        "ଓଡ଼ିଆ",
        "తెలుగు",
        "ދިވެހި",
        "རྡོ་རྗེ",
        "Ўзбек",
        "İbrahim Əliyev",
        "ʻOkina Tōfā",
        "Łukasz Žižek",
    ],
)
def test_names_of_further_scripts_need_no_substitute(name: str) -> None:
    people = samples.participants("en", 1)
    people["people"][0]["name"] = {"surname": "", "given": name, "native": name}
    rendered = documents.compose(
        "participants",
        papers._present(people) | {"labels": labels.participants(count=1)},
        language="en",
        title="x",
        at=samples.AT,
    )
    assert rendered.substituted == ()


def test_person_with_one_name_has_no_comma() -> None:
    text = text_of(make("participants", "en"))
    assert "Suharto" in text and ",Suharto" not in text and "Suharto," not in text


def test_passport_number_left_out_is_shown_as_dots() -> None:
    people = samples.participants("en", 2)
    text = text_of(papers.participants(people, language="en", at=samples.AT))
    assert "AA1000000" in text and text.count("●●●●●●●") == 1


@BOTH
def test_markup_in_a_name_is_printed_as_it_is(language: str) -> None:
    people = samples.participants(language, 1)
    people["people"][0]["name"] = {"surname": '#read("/etc/passwd")', "given": "*bold* #panic", "native": "$x$ `raw`"}
    text = text_of(papers.participants(people, language=language, at=samples.AT))
    assert '#READ("/ETC/PASSWD")' in text and "*bold*#panic" in text and "$x$`raw`" in text and "root:" not in text


def test_forty_people_stay_inside_the_page() -> None:
    reader = PdfReader(io.BytesIO(make("participants", "en")))
    assert len(reader.pages) <= 4
    # An unbroken 120-letter name must wrap, not run out of the paper: the words beside it are still there.
    people = samples.participants("en", 1)
    people["people"][0]["name"] = {"surname": "A" * 120, "given": "B" * 60}
    text = text_of(papers.participants(people, language="en", at=samples.AT))
    assert "A" * 120 in text and "B" * 60 in text and "AA1000000" in text


def test_sixty_days_keep_every_day_whole_under_its_date_and_repeat_the_heading() -> None:
    schedule = samples.schedule("en", 60)
    schedule["days"][3]["items"] *= 15
    for entry in schedule["days"]:
        for item in entry["items"]:
            item["what"] = f"entry of day {entry['day']:%Y%m%d}"
    pages = pages_of(papers.schedule(schedule, language="en", at=samples.AT))
    for page in pages:
        assert "Activity" in page
        assert set(re.findall(r"entryofday(\d{8})", page)) <= {
            day.replace("-", "") for day in re.findall(r"\d{4}-\d\d-\d\d", page)
        }
    for entry in schedule["days"]:
        assert sum(page.count(f"entryofday{entry['day']:%Y%m%d}") for page in pages) == len(entry["items"])


@BOTH
def test_certificate_fits_on_one_page_whatever_the_name(language: str) -> None:
    for name in [samples.LONG_NAME, *(samples.name_of(index) for index in range(len(samples.NAMES)))]:
        pdf = papers.certificate(samples.certificate(language, name), language=language, at=samples.AT)
        assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
        shown = f"{name['surname'].upper()}{name['given']}"
        assert squeezed(shown) in text_of(pdf)


@BOTH
def test_certificate_says_the_same_in_both_languages_and_where_to_check_it(language: str) -> None:
    text = text_of(make("certificate", language))
    for expected in (
        "京都大学",
        "KyotoUniversity",
        "C-2026-000815",
        "https://sakura.example.jp/certificates/9fK2mQ7xTz",
    ):
        assert expected in text, expected


@BOTH
def test_receipt_shows_number_both_times_and_the_whole_digest(language: str) -> None:
    receipt = samples.receipt(language)
    text = text_of(papers.receipt(receipt, language=language, at=samples.AT))
    for expected in (receipt["number"], receipt["sha256"], "16:58:31", "2026-04-2107:58:31UTC", "17:00:00"):
        assert expected in text, expected


def test_receipt_names_the_files_it_seals() -> None:
    receipt = samples.receipt("en")
    receipt["files"] = [{"name": "letter.pdf", "sha256": "ab" * 32}]
    text = text_of(papers.receipt(receipt, language="en", at=samples.AT))
    assert "letter.pdf" in text and "ab" * 32 in text


def test_signed_receipt_leads_to_the_page_that_checks_it() -> None:
    receipt = samples.receipt("en")
    assert "signedelectronically" not in text_of(papers.receipt(receipt, language="en", at=samples.AT))
    receipt["verification_url"] = "https://sakura.example.jp/receipts/verify?code=abc.def"
    signed = papers.receipt(receipt, language="en", at=samples.AT)
    assert "signedelectronically" in text_of(signed)


def test_every_word_of_every_paper_exists_in_japanese() -> None:
    def words(language: str) -> dict[str, str]:
        with force_locale(language):
            found = labels.plan() | labels.schedule(others=2) | labels.participants(count=3) | labels.receipt()
            return found | labels.certificate(host="h", course="c", theme="t", entry="e", exit_="x")

    english, japanese = words("en"), words("ja")
    assert [key for key in english if english[key] == japanese[key]] == []


def test_eight_people_printing_at_once_each_get_their_own_certificate(words_app: Flask) -> None:
    wrong: list[str] = []

    def work(worker: int) -> None:
        with words_app.app_context():
            language: Any = "ja" if worker % 2 else "en"
            for turn in range(4):
                mark = f"Owner{worker}x{turn}z"
                name: Any = {"surname": "", "given": mark}
                pdf = papers.certificate(samples.certificate(language, name), language=language, at=samples.AT)
                if set(re.findall(r"Owner\d+x\d+z", text_of(pdf))) != {mark}:
                    wrong.append(mark)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_list_of_forty_takes_less_than_a_third_of_a_second_a_page() -> None:
    make("participants", "en")
    people = samples.participants("en")
    people["reference"] = "V-2026-0043"
    start = time.perf_counter()
    pages = len(PdfReader(io.BytesIO(papers.participants(people, language="en", at=samples.AT))).pages)
    assert (time.perf_counter() - start) / pages < 0.3


@BOTH
def test_letter_says_who_writes_to_whom_and_marks_a_preview(language: str) -> None:
    text = text_of(make("letter", language))
    sample = samples.letter(language)
    for word in (sample["host"], sample["person"], sample["subject"], sample["reference"], "“#{theme}”"):
        assert squeezed(word) in text
    with force_locale(language):
        note = squeezed(labels.letter("", "")["preview"])
    assert note not in text
    sample["is_preview"] = True
    assert note in text_of(papers.letter(sample, language=language, at=samples.AT))  # type: ignore[arg-type]

"""Languages: what a reader gets, and that sentences with values in them stay harmless."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale, gettext, lazy_gettext

from app.core import i18n


def test_lazy_sentence_escapes_the_values_put_into_it(app: Flask) -> None:
    sentence = lazy_gettext("The passport of %(name)s ends before the stay does.", name="<script>alert(1)</script>")
    with app.test_request_context():
        page = render_template_string("{{ sentence }}", sentence=sentence)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("locale", "day", "moment", "yen", "size", "year"),
    [
        ("ja", "2026年7月1日", "2026年7月1日 00:30", "12,345円", "791バイト", "2026年度（令和8年度）"),
        ("en", "1 July 2026", "1 July 2026, 00:30", "¥12,345", "791 bytes", "FY2026"),
    ],
)
def test_dates_and_amounts_read_as_in_the_language(
    app: Flask, locale: str, day: str, moment: str, yen: str, size: str, year: str
) -> None:
    with app.test_request_context(), force_locale(locale):
        assert i18n.day(date(2026, 7, 1)) == day
        assert i18n.day(datetime(2026, 6, 30, 15, 0, tzinfo=UTC)) == day  # midnight in Tokyo
        assert i18n.moment(datetime(2026, 6, 30, 15, 30, tzinfo=UTC)) == moment
        assert i18n.yen(12345) == yen
        assert [i18n.file_size(given) for given in (791, 1300, 2_500_000)] == [size, "1.3 kB", "2.5 MB"]
        assert i18n.fiscal_year_label(2026) == year


@pytest.mark.parametrize(
    ("header", "language"),
    [("ja", "ja"), ("en-GB,en", "en"), ("ne,en;q=0.5", "en"), ("fr", "en"), ("ja;q=0.4,en;q=0.9", "en"), (None, "ja")],
)
def test_strangers_get_the_language_their_browser_asks_for(app: Flask, header: str | None, language: str) -> None:
    headers = {"Accept-Language": header} if header else {}
    with app.test_request_context(headers=headers):
        assert i18n.language() == language


def test_each_language_has_its_own_sentences_also_one_that_is_forced(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "ja"}):
        page = app.jinja_env.from_string("{{ _('Day') }}")
        assert (gettext("Day"), page.render()) == ("日", "日")
        with force_locale("en"):
            assert (gettext("Day"), page.render()) == ("Day", "Day")
        assert (gettext("Day"), page.render()) == ("日", "日")
    with app.app_context():
        assert gettext("Day") == "日"

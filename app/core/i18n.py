"""Two languages, always: which one a reader gets, and how dates, numbers and bilingual data read in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from babel.support import NullTranslations
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, Domain, force_locale, get_locale
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from app.core import clock

Catalogue = NullTranslations  # of a language; what the library calls translations

LANGUAGES = ("ja", "en")
LANGUAGE_NAMES = {"ja": "日本語", "en": "English"}
SESSION_KEY = "language"


def language() -> str:
    """'ja' or 'en': the language of the page or mail being made."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "ja"


@contextmanager
def in_language(wanted: str) -> Iterator[None]:
    """Inside, everything is said in that language. Costs nothing where it is the reader's own."""
    if wanted == language():
        yield
        return
    with force_locale(wanted):
        yield


def _select_locale() -> str:
    """A signed-in person's own choice, else this browser's choice, else what the browser asks for."""
    if not has_request_context():
        return "ja"
    chosen = session.get(SESSION_KEY)
    actor = g.get("actor")
    if chosen is None and actor is not None:
        chosen = actor.locale
    if chosen in LANGUAGES:
        return str(chosen)
    if not request.accept_languages:
        return "ja"
    return request.accept_languages.best_match(LANGUAGES) or "en"


def localized(ja: str | None, en: str | None) -> str:
    """The text in the reader's language, or the other one where that is missing."""
    return (en or ja or "") if language() == "en" else (ja or en or "")


def day(value: date | None) -> str:
    """2026年7月1日 / 1 July 2026; of an instant the day in Japan."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = clock.in_tokyo(value)
    return (
        f"{value.year}年{value.month}月{value.day}日"
        if language() == "ja"
        else f"{value.day} {_month(value)} {value.year}"
    )


def _month(value: date) -> str:
    locale = get_locale()
    return str(locale.months["format"]["wide"][value.month]) if locale is not None else value.strftime("%B")


def month(value: date) -> str:
    """2026年7月 / July 2026."""
    return f"{value.year}年{value.month}月" if language() == "ja" else f"{_month(value)} {value.year}"


def weekday(value: date) -> str:
    """Short name of the day of the week: 水 / Wed."""
    locale = get_locale()
    return str(locale.days["format"]["abbreviated"][value.weekday()]) if locale is not None else value.strftime("%a")


def short_day(value: date | None) -> str:
    """2026-07-01 style for dense tables: sorts and aligns, the same in both languages."""
    return value.isoformat() if value else ""


def moment(value: datetime | None) -> str:
    """An instant on Tokyo's clock: 2026年7月1日 17:00 / 1 July 2026, 17:00 (Japan time, as every page says)."""
    if value is None:
        return ""
    local = clock.in_tokyo(value)
    return f"{day(local.date())}{' ' if language() == 'ja' else ', '}{local:%H:%M}"


def exact_moment(value: datetime | None) -> str:
    """An instant to the second with its zone, for deadlines and receipts."""
    if value is None:
        return ""
    return f"{moment(value)}:{clock.in_tokyo(value):%S}{'（日本時間）' if language() == 'ja' else ' JST'}"


def number(value: int | float | None) -> str:
    """12,345 in both languages."""
    return "" if value is None else f"{value:,}"


def file_size(size: int) -> str:
    """791バイト / 791 bytes; from a thousand bytes on 1.3 kB, 2.5 MB."""
    if size < 1000:
        return f"{size}バイト" if language() == "ja" else f"{size} bytes"
    return f"{size / 1000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def yen(value: int | None) -> str:
    """An amount in whole yen: 12,345円 / ¥12,345."""
    if value is None:
        return ""
    return f"{value:,}円" if language() == "ja" else f"¥{value:,}"


def fiscal_year_label(year: int) -> str:
    """2026年度（令和8年度） / FY2026."""
    if language() == "en":
        return f"FY{year}"
    return f"{year}年度（令和{year - 2018}年度）" if year >= 2019 else f"{year}年度（平成{year - 1988}年度）"


def _escaped(sentence: LazyString) -> Markup:
    """A lazy sentence as HTML. Flask-Babel would print it unescaped, together with the values put into it."""
    return escape(str(sentence))


class Sentences(Domain):
    """The catalogues, found by the language alone.

    The library spells out the locale's whole name for each of a page's hundreds of sentences; that took a third of it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Catalogue] = {}

    def get_translations(self) -> Catalogue:
        """The catalogue of the language in force: the reader's, or one that was forced."""
        locale = get_locale()
        if locale is None:
            return super().get_translations()
        known = self.found.get(locale.language)
        if known is None:
            known = self.found[locale.language] = super().get_translations()
        return known


def _for_templates(sentences: Sentences) -> Callable[..., str]:
    """`_()` of templates, as the library of templates makes it, without its two calls around each of them."""

    @pass_eval_context
    def said(context: EvalContext, text: str, /, **values: Any) -> str:
        told = sentences.get_translations().ugettext(text)
        return (Markup(told) if context.autoescape else told) % values

    return said


def init_app(app: Flask) -> None:
    LazyString.__html__ = _escaped
    Babel(
        app,
        locale_selector=_select_locale,
        default_locale="ja",
        default_timezone="Asia/Tokyo",
        default_translation_directories="translations",
    )
    sentences = Sentences()
    app.extensions["babel"].instance.domain_instance = sentences
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # an extension's
        gettext=lambda text: sentences.get_translations().ugettext(text),
        ngettext=lambda one, many, number: sentences.get_translations().ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = _for_templates(sentences)
    app.jinja_env.filters.update(
        day=day,
        month=month,
        short_day=short_day,
        weekday=weekday,
        moment=moment,
        exact_moment=exact_moment,
        number=number,
        yen=yen,
        file_size=file_size,
        fiscal_year=fiscal_year_label,
    )
    app.jinja_env.globals.update(language=language, localized=localized, LANGUAGE_NAMES=LANGUAGE_NAMES)


def label_of(value: Any) -> Any:
    """The label a vocabulary (StrEnum with `label`) gives a value; '' for none."""
    return value.label if value is not None else ""


__all__ = [
    "LANGUAGES",
    "LANGUAGE_NAMES",
    "SESSION_KEY",
    "_l",
    "day",
    "exact_moment",
    "file_size",
    "fiscal_year_label",
    "in_language",
    "init_app",
    "label_of",
    "language",
    "localized",
    "moment",
    "month",
    "number",
    "short_day",
    "weekday",
    "yen",
]

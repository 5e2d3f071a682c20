"""Fields understand what people type, render their component in the reader's language, and lose nothing typed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask, get_template_attribute
from werkzeug.datastructures import MultiDict
from wtforms import FieldList
from wtforms import FormField as PartField
from wtforms.validators import InputRequired, Length

import app as package
from app.core import forms, i18n, templating

Fill = Callable[..., Any]


class Row(forms.BaseForm):
    class Meta(forms.BaseForm.Meta):
        csrf = False

    day = forms.DateField("Day")


class Plan(forms.VersionedForm, forms.CreatingForm):
    class Meta(forms.BaseForm.Meta):
        csrf = False

    title = forms.TextField("Title", [InputRequired(), Length(max=40)], description="As printed")
    code = forms.TextField("Code", filters=[lambda value: value.upper() if value else value])
    text = forms.TextAreaField("Purpose", maximum=10)
    secret = forms.PasswordField("Password")
    start = forms.DateField("Start")
    at = forms.TimeField("At")
    people = forms.IntegerField("People")
    cost = forms.MoneyField("Cost")
    way = forms.RadioField("Way", [InputRequired()], choices=[("a", "A"), ("b", "B")])
    agreed = forms.CheckboxField("Agreed", [InputRequired()])
    areas = forms.CheckboxesField("Areas", choices=[("1", "One"), ("2", "Two")])
    days = FieldList(PartField(Row))


@pytest.fixture
def fill(tmp_path: Path) -> Iterator[Fill]:
    """Makes the plan as somebody sent it, reading a language; the request lasts as long as the test."""
    made = Flask("app", root_path=str(Path(package.__file__).parent), instance_path=str(tmp_path))
    made.config.update(SECRET_KEY="forms", TESTING=True)
    templating.init_app(made)
    i18n.init_app(made)
    with ExitStack() as requests:

        def filled(typed: dict[str, Any] | None = None, language: str = "en") -> Plan:
            headers = {"Accept-Language": language}
            requests.enter_context(made.test_request_context("/", method="POST", headers=headers))
            return Plan(MultiDict(typed or {}))

        yield filled


def drawn(item: Any, **words: Any) -> BeautifulSoup:
    """The field as it stands on the page."""
    return BeautifulSoup(str(item(**words)), "html.parser")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-07-01", date(2026, 7, 1)),
        ("2026/7/1", date(2026, 7, 1)),
        ("2026.7.1", date(2026, 7, 1)),
        ("2026年7月1日", date(2026, 7, 1)),
        ("２０２６年７月１日", date(2026, 7, 1)),
        (" 20260701 ", date(2026, 7, 1)),
    ],
)
def test_a_day_is_understood_in_every_way_people_write_it(fill: Fill, typed: str, meant: date) -> None:
    form = fill({"start": typed})
    assert form.start.data == meant
    box = drawn(form.start).input
    assert (box["type"], box["value"]) == ("date", "2026-07-01")


@pytest.mark.parametrize("typed", ["2026-02-30", "1/7/2026", "tomorrow", "2026-13-01"])
def test_a_day_that_is_none_is_refused_and_shown_again_as_typed(fill: Fill, typed: str) -> None:
    form = fill({"start": typed})
    assert not form.validate()
    box = drawn(form.start).input
    assert (box["type"], box["value"]) == ("text", typed)
    assert ("start", "Start: Enter a real date such as 2026-07-01.") in form.problems()


@pytest.mark.parametrize(
    ("typed", "meant"), [("9:05", time(9, 5)), ("0930", time(9, 30)), ("２３：５９", time(23, 59))]
)
def test_a_time_is_understood_with_and_without_colon(fill: Fill, typed: str, meant: time) -> None:
    assert fill({"at": typed}).at.data == meant


@pytest.mark.parametrize("typed", ["24:00", "9:60", "noon"])
def test_a_time_that_is_none_is_refused(fill: Fill, typed: str) -> None:
    form = fill({"at": typed})
    form.validate()
    assert form.at.errors == ["Enter a time such as 09:30."]
    assert form.at.data is None


@pytest.mark.parametrize(("typed", "meant"), [("1,234,000円", 1234000), ("¥ 500", 500), ("１２", 12), ("", None)])
def test_amounts_are_understood_with_signs_and_in_full_width(fill: Fill, typed: str, meant: int | None) -> None:
    assert fill({"cost": typed}).cost.data == meant


def test_text_is_composed_and_freed_of_control_signs_which_postgresql_would_refuse(fill: Fill) -> None:
    form = fill({"title": "  か\u3099くせい\x00\x1b  ", "text": "one\r\ntwo"})
    assert form.title.data == "がくせい"
    assert form.text.data == "one\ntwo"


def test_a_password_is_taken_as_typed(fill: Fill) -> None:
    assert fill({"secret": "  か\u3099 "}).secret.data == "  か\u3099 "


def test_a_fields_own_filters_run_in_every_form_made(fill: Fill) -> None:
    assert [fill({"code": " ab "}).code.data for _ in range(3)] == ["AB"] * 3


def test_required_is_said_in_text_and_left_to_the_server_to_check(fill: Fill) -> None:
    form = fill(language="ja")
    label = drawn(form.title)
    assert label.label.get_text(" ", strip=True) == "Title 必須"
    assert "required" not in label.input.attrs
    assert drawn(form.way).legend.get_text(" ", strip=True) == "Way 必須"
    assert drawn(form.agreed).label.get_text(" ", strip=True) == "Agreed 必須"
    assert "必須" not in drawn(form.code).get_text()


def test_hint_and_error_are_tied_to_the_field_in_the_readers_language(fill: Fill) -> None:
    form = fill(language="ja")
    form.validate()
    field = drawn(form.title)
    assert field.input["aria-describedby"].split() == ["title-hint", "title-error"]
    assert field.find(id="title-error").get_text(strip=True) == "エラー:入力または選択してください。"
    assert drawn(form.code).find(class_="govuk-hint") is None
    assert drawn(form.areas).find(class_="govuk-hint") is None


def test_every_problem_of_a_field_is_shown_and_what_users_typed_stays_text(fill: Fill) -> None:
    form = fill({"title": "x"})
    form.title.errors = ["first", "<b>second</b>"]
    error = drawn(form.title).find(id="title-error")
    assert error.find("b") is None
    assert "first" in error.get_text() and "<b>second</b>" in error.get_text()


def test_the_summary_leads_to_every_field_also_to_those_in_rows(fill: Fill) -> None:
    form = fill({"title": "t", "way": "a", "agreed": "y", "days-0-day": "2026-07-01", "days-1-day": "never"})
    assert not form.validate()
    form.form_errors.append("Something about the whole.")
    assert form.problems() == [
        ("", "Something about the whole."),
        ("days-1-day", "Day: Enter a real date such as 2026-07-01."),
    ]
    summary = BeautifulSoup(str(get_template_attribute("components/form.html", "errors")(form)), "html.parser")
    assert [link["href"] for link in summary.find_all("a")] == ["#days-1-day"]


def test_a_form_without_problems_has_no_summary(fill: Fill) -> None:
    form = fill()
    assert str(get_template_attribute("components/form.html", "errors")(form)).strip() == ""


def test_the_counter_knows_its_limit_and_words_whatever_the_page_adds(fill: Fill) -> None:
    form = fill(language="ja")
    counter = drawn(form.text, params={"label": {"classes": "govuk-label--m"}}).find(class_="govuk-character-count")
    assert counter["data-maxlength"] == "10"
    assert counter["data-i18n.characters-under-limit.other"] == "あと%{count}文字入力できます"
    assert counter.find(id="text-info").get_text(strip=True) == "10文字以内"
    assert counter.textarea["rows"] == "6"


def test_the_password_button_speaks_the_readers_language(fill: Fill) -> None:
    assert drawn(fill(language="ja").secret).button.get_text(strip=True) == "表示"


def test_payload_is_what_a_verb_takes_without_the_housekeeping(fill: Fill) -> None:
    form = fill({"title": "t", "version": "3", "key": "k"})
    assert {"version", "key", "csrf_token"}.isdisjoint(form.payload())
    assert form.payload()["title"] == "t"
    assert form.read_version() == 3
    assert fill({"version": "x"}).read_version() is None


def test_each_creating_form_has_a_key_of_its_own(fill: Fill) -> None:
    fill()
    keys = {forms.CommentForm(meta={"csrf": False}).key.default() for _ in range(20)}
    assert len(keys) == 20

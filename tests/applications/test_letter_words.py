"""Placeholders of letters: a closed list, set in once, whatever the values look like."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from app.applications import letter_queries, letter_words
from app.applications.letter_words import ALLOWED, SUBJECT, LetterKind, fill, problems, tidy

VALUES = dict.fromkeys(letter_words.MEANINGS, "")


def values(**given: str) -> dict[str, str]:
    return {**VALUES, **given}


def test_values_come_in_as_they_are() -> None:
    assert fill("{reference}: “{theme}”", values(reference="2026-0001", theme="Rivers & seas")) == (
        "2026-0001: “Rivers & seas”"
    )


@pytest.mark.parametrize(
    "theme", ["{feedback}", "{{feedback}}", "{0}", "%(feedback)s", "{{ 7 * 7 }}", "{reference.__class__}", r"\1 \g<0>"]
)
def test_value_that_looks_like_a_placeholder_stays_what_it_is(theme: str) -> None:
    assert fill("About {theme}", values(theme=theme, feedback="SECRET", reference="R")) == f"About {theme}"


def test_paragraph_without_its_value_is_left_out_whole() -> None:
    text = "First.\n\nConditions:\n{conditions}\n\nPlace {place} of {round}.\n　\nLast {reference}."
    assert fill(text, values(round="Round 1", reference="R")) == "First.\n\nLast R."
    assert "Conditions:\nNo more than 6" in fill(text, values(conditions="No more than 6", reference="R"))


def test_placeholder_that_is_not_known_is_named_with_those_that_are(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        (sentence,) = problems("Dear {recipient}", ["reference", "theme"])
    assert "{recipient}" in sentence and "{reference} {theme}" in sentence


@pytest.mark.parametrize(
    "text", ["{ theme }", "{theme.title}", "{theme!r}", "{theme[0]}", "{Theme}", "{}", "{{theme}}", "{theme", "theme}"]
)
def test_whatever_is_not_exactly_a_placeholder_is_refused(app: Flask, text: str) -> None:
    with app.test_request_context():
        assert problems(text, ["theme"])


def test_brackets_typed_in_full_width_are_taken_as_ordinary_ones() -> None:
    assert tidy("｛reference｝\r\n") == "{reference}"


def test_texts_supplied_with_the_system_keep_their_own_rule(app: Flask) -> None:
    stored = json.loads(Path(letter_queries.SEED).read_text(encoding="utf-8"))
    assert set(stored) == {kind.value for kind in LetterKind}
    with app.test_request_context():
        for kind in LetterKind:
            words = stored[kind.value]
            assert set(words) == set(letter_queries.FIELDS)
            for name, text in words.items():
                assert problems(text, SUBJECT if name.startswith("subject") else ALLOWED[kind]) == []
                assert text == tidy(text)
            assert all("{reference}" in words[f"subject_{language}"] for language in ("ja", "en"))


def test_placeholders_of_one_letter_only_are_not_those_of_another() -> None:
    assert "place" in ALLOWED[LetterKind.RESERVE] and "place" not in ALLOWED[LetterKind.DECLINED]
    assert "conditions" in ALLOWED[LetterKind.CONDITIONS] and "conditions" not in ALLOWED[LetterKind.ADOPTED]

"""Sentences need a language; nothing else of reading rosters needs the application."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

import app as application


class Speak(Protocol):
    """Sentences in a language."""

    def __call__(self, locale: str) -> AbstractContextManager[None]: ...


@pytest.fixture
def language() -> Iterator[Speak]:
    """`with language("ja"):` sentences are rendered in that language."""
    flask = Flask("sentences")
    flask.config["BABEL_TRANSLATION_DIRECTORIES"] = str(Path(application.__file__).parent / "translations")
    Babel(flask)
    with flask.test_request_context():
        yield force_locale

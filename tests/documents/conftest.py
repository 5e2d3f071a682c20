"""An application context for the words of the papers; no database, no request."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.core import i18n


@pytest.fixture(scope="session")
def words_app() -> Flask:
    """The catalogue and nothing else of the application."""
    application = Flask("app")
    application.secret_key = "papers"
    i18n.init_app(application)
    return application


@pytest.fixture(autouse=True)
def words(words_app: Flask) -> Iterator[None]:
    with words_app.app_context():
        yield

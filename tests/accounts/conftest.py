"""A house with a database file and real commits: for what happens at the same instant or across requests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from flask import Flask, has_app_context
from flask.testing import FlaskClient

from app import create_app
from app.cli import alembic_config
from app.core.db import db
from config import Testing


class Browser(FlaskClient):
    """A browser whose requests share nothing with the test."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if has_app_context():
            db.session.commit()
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Flask]:
    """The whole application on an empty SQLite file; nothing is rolled back behind its back."""
    settings = Testing()
    settings.DATABASE_URL = f"sqlite:///{tmp_path / 'house.sqlite'}"
    settings.STORAGE_DIR = str(tmp_path / "files")
    application = create_app(settings)
    application.test_client_class = Browser
    with application.app_context():
        with db.engine.connect() as connection:
            config = alembic_config(settings.DATABASE_URL)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
        yield application
        db.session.rollback()
        db.engine.dispose()

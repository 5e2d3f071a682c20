"""A house with a database of its own and real commits: for what happens at the same instant or across requests."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import create_engine

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


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The same test on both engines."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'house.sqlite'}"
        return
    url = os.environ.get("TEST_POSTGRES_URL")
    if url is None:
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail("PostgreSQL is required here: set TEST_POSTGRES_URL.")
        pytest.skip("PostgreSQL: set TEST_POSTGRES_URL to run this on it too.")
    name = f"house_{uuid.uuid4().hex[:12]}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield f"{url.rsplit('/', 1)[0]}/{name}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The whole application on an empty database; nothing is rolled back behind its back."""
    settings = Testing()
    settings.DATABASE_URL = database_url
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

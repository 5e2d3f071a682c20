"""Migrations lead to the models, up and down, on SQLite and PostgreSQL, and never import the application."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from app.cli import alembic_config
from app.core.db import Base, make_engine

VERSIONS = sorted((Path(__file__).parents[2] / "migrations" / "versions").glob("*.py"))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        made = make_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")
        yield made
        made.dispose()
        return
    url = os.environ.get("TEST_POSTGRES_URL")
    if url is None:
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail("PostgreSQL is required here: set TEST_POSTGRES_URL.")
        pytest.skip("PostgreSQL: set TEST_POSTGRES_URL to run this on it too.")
    name = f"migrations_{uuid.uuid4().hex[:12]}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    made = make_engine(url.rsplit("/", 1)[0] + f"/{name}")
    yield made
    made.dispose()
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name}")
    admin.dispose()


def migrate(connection: Connection, revision: str) -> None:
    config = alembic_config("")
    config.attributes["connection"] = connection
    (command.downgrade if revision == "base" else command.upgrade)(config, revision)
    connection.commit()


def test_migrated_schema_is_that_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        migrate(connection, "head")

        def ours(item: object, name: str | None, kind: str, *_: object) -> bool:
            return not (name and ("_search" in name or name.endswith("_trgm")) and kind != "column")

        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_run_down_and_up_again(engine: Engine) -> None:
    with engine.connect() as connection:
        migrate(connection, "head")
        migrate(connection, "base")
        left = set(inspect(connection).get_table_names()) - {"alembic_version"}
        assert left == set()
        connection.commit()
        migrate(connection, "head")
        assert "application" in inspect(connection).get_table_names()


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET verb = 'x'", "DELETE FROM audit_event"])
def test_audit_log_refuses_to_be_changed(engine: Engine, statement: str) -> None:
    with engine.connect() as connection:
        migrate(connection, "head")
        connection.execute(
            text(
                "INSERT INTO audit_event (at, actor_name, verb, subject_type, comment, changes, request_id) "
                "VALUES ('2026-04-01 00:00:00', 'somebody', 'visit:plan', 'visit', '', '{}', '')"
            )
        )
        connection.commit()
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_migration_does_not_import_the_application(path: Path) -> None:
    assert "import app" not in path.read_text(encoding="utf-8")
    assert "from app" not in path.read_text(encoding="utf-8")

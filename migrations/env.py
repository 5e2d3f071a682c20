"""How Alembic reaches the database: the address comes from the caller, the models from the application."""

from alembic import context

from app import tables  # noqa: F401 -- loads every model
from app.core.db import Base, UtcDateTime, make_engine


def render_item(kind, item, autogen_context):
    """Own column types are written as plain ones: a migration never imports the application."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def include_object(item, name, kind, reflected, compare_to):
    """Search indexes are virtual tables and expression indexes: they belong to migrations, not to models."""
    if name and ("_search" in name or name.endswith("_trgm")):
        return kind == "column"
    return True


def configure(connection):
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        include_object=include_object,
        compare_type=True,
        compare_server_default=False,
        user_module_prefix="",
    )


def run():
    connection = context.config.attributes.get("connection")
    if connection is not None:
        configure(connection)
        with context.begin_transaction():
            context.run_migrations()
        return
    engine = make_engine(context.config.attributes["url"])
    with engine.connect() as opened:
        configure(opened)
        with context.begin_transaction():
            context.run_migrations()
        opened.commit()
    engine.dispose()


run()

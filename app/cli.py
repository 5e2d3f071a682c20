"""Commands: `flask --app wsgi …`. Each calls services inside one unit of work."""

import click
from alembic import command
from alembic.config import Config as AlembicConfig
from flask import Flask, current_app

MIGRATIONS = "migrations"


def alembic_config(url: str) -> AlembicConfig:
    """Alembic's settings, made here so that no second file repeats the database's address."""
    config = AlembicConfig()
    config.set_main_option("script_location", MIGRATIONS)
    config.attributes["url"] = url
    return config


@click.command("migrate")
def migrate() -> None:
    """Bring the database to the newest schema."""
    command.upgrade(alembic_config(current_app.config["DATABASE_URL"]), "head")


def init_app(app: Flask) -> None:
    """Hang the commands on `flask`."""
    for entry in (migrate,):
        app.cli.add_command(entry)

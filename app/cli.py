"""Commands: `flask --app wsgi …`. Each calls services inside one unit of work."""

import os
import signal
import sys
from pathlib import Path

import click
import waitress
from alembic import command
from alembic.config import Config as AlembicConfig
from flask import Flask, current_app
from sqlalchemy import inspect, text

from app import wiring
from app.accounts.commands import invite_administrator
from app.board.commands import seed_targets_command
from app.calls.commands import seed_rules_command
from app.core import jobs
from app.core.bounce_commands import bounces_command
from app.core.db import db, is_sqlite
from app.demo import commands as demo_commands
from app.directory.commands import import_ror_command
from app.reviews.commands import seed_criteria_command

ROOT = Path(__file__).parent.parent
WORKFLOWS_PAGE = ROOT / "docs" / "workflows.md"


def alembic_config(url: str) -> AlembicConfig:
    """Alembic's settings, made here so that no second file repeats the database's address."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    return config


def to_newest(url: str, revision: str = "head") -> None:
    """Migrate a database; makes the folder of a new SQLite file."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(alembic_config(url), revision)


@click.command("migrate")
@click.option("--to", default="head", help="Revision to go to.")
def migrate(to: str) -> None:
    """Bring the database to the newest schema (or up to --to)."""
    to_newest(current_app.config["DATABASE_URL"], to)


@click.command("serve")
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000)
@click.option("--threads", default=8)
@click.option("--demo", "with_demo", is_flag=True, help="First migrate, and build the demonstration if there is none.")
def serve(host: str, port: int, threads: int, with_demo: bool) -> None:
    """Serve pages and run background jobs in this one process until Ctrl-C."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if app.config["DEMO"] and "BASE_URL" not in os.environ:
        app.config["BASE_URL"] = f"http://{host}:{port}"  # where the links of mails lead
    if with_demo:
        to_newest(app.config["DATABASE_URL"])
        demo_commands.build_if_empty()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    jobs.run_consumer_in_thread(app)
    click.echo(f"Sakura Science Exchange: http://{host}:{port}  (Ctrl-C stops)")
    waitress.serve(app, host=host, port=port, threads=threads, ident=None, clear_untrusted_proxy_headers=True)


@click.command("work")
def work() -> None:
    """Run background jobs and send mail: one such process stands beside the web processes."""
    jobs.run_consumer(current_app._get_current_object())  # type: ignore[attr-defined]


def workflows_page() -> str:
    """All workflows as a page of the docs."""
    parts = [
        "# Workflows\n",
        "Made by `flask --app wsgi docs` from the tables the code runs on; a test keeps the two equal.\n",
    ]
    for workflow in wiring.WORKFLOWS:
        parts.append(f"## {workflow.name}\n\n```mermaid\n{workflow.mermaid()}\n```\n")
        parts.append("| verb | from | to | permission | guards | effects |\n|---|---|---|---|---|---|")
        for transition in workflow.transitions:
            guards = ", ".join(guard.__name__ for guard in transition.guards)
            effects = ", ".join(getattr(effect, "__qualname__", "").split(".")[0] for effect in transition.effects)
            sources = ", ".join(transition.sources)
            cells = (transition.verb, sources, transition.target, f"`{transition.permission}`", guards, effects)
            parts.append(f"| {' | '.join(cells)} |")
        parts.append("")
    return "\n".join(parts)


@click.command("docs")
def docs() -> None:
    """Write docs/workflows.md anew."""
    WORKFLOWS_PAGE.write_text(workflows_page(), encoding="utf-8")


POSTGRESQL_PROMISES = ("fsync", "synchronous_commit", "full_page_writes")


def broken_promises() -> list[str]:
    """What the database would not keep: sentences, none when all is well."""
    with db.engine.connect() as connection:
        if is_sqlite():
            level = connection.execute(text("PRAGMA synchronous")).scalar()
            keys = connection.execute(text("PRAGMA foreign_keys")).scalar()
            found = [] if level == 2 else [f"SQLite synchronous is {level}, not FULL (2)."]
            return found if keys else [*found, "SQLite foreign keys are off."]
        states = {name: connection.execute(text(f"SHOW {name}")).scalar() for name in POSTGRESQL_PROMISES}
    return [f"PostgreSQL {name} is {state}, not on." for name, state in states.items() if state != "on"]


@click.command("doctor")
def doctor() -> None:
    """Check what the installation promises; exit code 1 when something is wrong."""
    problems = broken_promises()
    if "alembic_version" not in inspect(db.engine).get_table_names():
        problems.append("The database has no schema yet: run `flask --app wsgi migrate`.")
    storage = Path(current_app.config["STORAGE_DIR"])
    if storage.exists() and not os.access(storage, os.W_OK):
        problems.append(f"The folder for files ({storage}) cannot be written.")
    for problem in problems:
        click.echo(f"✗ {problem}")
    if problems:
        sys.exit(1)
    click.echo("✓ Everything the application promises can be kept.")


def init_app(app: Flask) -> None:
    """Hang the commands on `flask`."""
    for entry in (
        migrate,
        serve,
        work,
        docs,
        doctor,
        bounces_command,
        demo_commands.demo,
        demo_commands.demo_cookie,
        import_ror_command,
        seed_criteria_command,
        seed_rules_command,
        seed_targets_command,
        invite_administrator,
    ):
        app.cli.add_command(entry)

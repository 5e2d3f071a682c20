"""`flask demo`: build the demonstration, or a program of any size for measuring."""

import time

import click
from flask import current_app
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select, text

from app.accounts import sessions
from app.accounts.models import User
from app.core import clock, transaction
from app.core.db import db, is_sqlite
from app.demo import scale, story
from app.insight import service as insight


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Do nothing when the database already holds a program.")
@click.option("--scale", "people", type=int, help="Build this many invitees by bulk insert instead of the story.")
def demo(if_empty: bool, people: int | None) -> None:
    """Build the demonstration program: three fiscal years, about 120 applications and 800 invitees."""
    if not current_app.config["DEMO"]:
        raise click.ClickException("Only in demonstration mode (APP_ENV=demo).")
    if not is_empty():
        if if_empty:
            return
        raise click.ClickException("The database is not empty: delete it first.")
    began = time.perf_counter()
    if people is None:
        _build_story()
    else:
        _build_large(people)
    click.echo(f"Built in {time.perf_counter() - began:.1f} s.")


def is_empty() -> bool:
    """Whether nobody has an account yet."""
    return db.session.scalar(select(User.id).limit(1)) is None


def build_if_empty() -> None:
    """The demonstration program, unless there is a program already."""
    if is_empty():
        _build_story()
    db.session.close()


def _build_story() -> None:
    with click.progressbar(length=story.STEPS, label="Demonstration program") as bar:
        story.build(lambda: bar.update(1))


def _build_large(people: int) -> None:
    with transaction.unit_of_work():
        story.lay_foundations()
    with click.progressbar(length=people, label="Invitees") as bar, transaction.unit_of_work():
        scale.build(people, lambda made: bar.update(made - bar.pos))
    with transaction.unit_of_work():
        insight.refresh(clock.now())
    with db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        if not is_sqlite():
            connection.execute(text("SET statement_timeout = 0"))  # of hundreds of thousands of rows it takes a while
        connection.execute(text("PRAGMA optimize" if is_sqlite() else "ANALYZE"))


@click.command("demo-cookie")
@click.argument("role")
def demo_cookie(role: str) -> None:
    """Print the cookie of a session of the demonstration's person of that role: for measuring signed-in pages."""
    if not current_app.config["DEMO"]:
        raise click.ClickException("Only in demonstration mode (APP_ENV=demo).")
    user = db.session.scalar(select(User).where(User.demo_note == role))
    if user is None:
        raise click.ClickException(f"Nobody in the demonstration is a {role}.")
    with transaction.unit_of_work():
        token = sessions.open_session(user, "command line", confirmed=True)
    serializer = SecureCookieSessionInterface().get_signing_serializer(current_app)  # the application's own kind
    assert serializer is not None
    click.echo(f"{current_app.config['SESSION_COOKIE_NAME']}={serializer.dumps({'token': token})}")

"""`flask invite-administrator EMAIL`: the first person of an installation; everybody else is invited by somebody."""

import click

from app.accounts import people
from app.core.authz import SYSTEM, Role
from app.core.errors import Refused
from app.core.transaction import unit_of_work


@click.command("invite-administrator")
@click.argument("email")
@click.option("--locale", type=click.Choice(["ja", "en"]), default="ja", help="Language of the invitation.")
def invite_administrator(email: str, locale: str) -> None:
    """Invite somebody by mail to be an administrator."""
    try:
        with unit_of_work():
            people.invite(SYSTEM, email=email, role=Role.ADMINISTRATOR, institution=None, locale=locale)
    except Refused as refusal:
        raise click.ClickException(" ".join(str(problem) for problem in refusal.problems)) from refusal
    click.echo(f"An invitation is on its way to {email}; it is good for 48 hours.")

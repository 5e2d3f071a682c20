"""`flask seed-criteria`: enter the criteria of review known from public pages."""

import click

from app.core.transaction import unit_of_work
from app.reviews import criteria_service


@click.command("seed-criteria")
def seed_criteria_command() -> None:
    """Enter the criteria of review that are missing, after the courses (seed-rules). Repeatable."""
    with unit_of_work():
        made = criteria_service.seed()
    click.echo(f"{made} criteria entered.")

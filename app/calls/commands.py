"""`flask seed-rules`: enter the courses, rules and rounds known from public pages."""

import click

from app.calls import service
from app.core.transaction import unit_of_work


@click.command("seed-rules")
def seed_rules_command() -> None:
    """Enter courses, rules and rounds that are not there yet; what coordinators changed stays. Safe to repeat."""
    with unit_of_work():
        seeded = service.seed_rules()
    click.echo(f"{seeded.courses} courses and {seeded.calls} rounds entered.")

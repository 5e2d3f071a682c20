"""`flask seed-rules`: enter the courses, rules and rounds known from public pages."""

import click

from app.calls import service
from app.core.transaction import unit_of_work


@click.command("seed-rules")
def seed_rules_command() -> None:
    """Enter courses, rules, rounds and guide rates that are missing; what coordinators changed stays. Repeatable."""
    with unit_of_work():
        seeded = service.seed_rules()
    click.echo(f"{seeded.courses} courses, {seeded.calls} rounds and {seeded.rates} guide rates entered.")

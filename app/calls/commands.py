"""`flask seed-rules`: enter the courses, rules and rounds known from public pages."""

import click

from app.calls import prerequisite_service, service
from app.core.transaction import unit_of_work


@click.command("seed-rules")
def seed_rules_command() -> None:
    """Enter courses, rules, rounds, guide rates and steps that are missing; what was changed stays. Repeatable."""
    with unit_of_work():
        seeded = service.seed_rules()
        steps = prerequisite_service.seed()
    click.echo(
        f"{seeded.courses} courses, {seeded.calls} rounds, {seeded.rates} guide rates and {steps} steps entered."
    )

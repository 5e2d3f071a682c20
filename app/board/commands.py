"""`flask seed-targets`: enter the targets of fiscal years that have none."""

import click

from app.board import target_service
from app.core.transaction import unit_of_work


@click.command("seed-targets")
def seed_targets_command() -> None:
    """Enter the targets known for fiscal years without any; what was set stays. Repeatable."""
    with unit_of_work():
        made = target_service.seed()
    click.echo(f"{made} targets entered.")

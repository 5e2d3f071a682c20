"""Who gets the letters of a plan: the host's staff with an account and the contacts named in the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.accounts import queries as accounts
from app.accounts.models import User
from app.applications import mailing
from app.applications.models import Application

PRINCIPAL, ADMINISTRATIVE = "principal", "administrative"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a letter goes to. `key` names the person without an address: an account, or a place in the plan."""

    key: str
    person: Any

    @property
    def language(self) -> str:
        """The language of the letter."""
        return "ja" if self.person.locale == "ja" else "en"


def of(application: Application) -> list[Recipient]:
    """The recipients of a plan's letters."""
    return _keyed(application, mailing.host_people(application))


def _keyed(application: Application, people: Sequence[Any]) -> list[Recipient]:
    principal = application.principal_email.casefold()
    return [
        Recipient(
            person.public_id
            if isinstance(person, User)
            else (PRINCIPAL if person.email.casefold() == principal else ADMINISTRATIVE),
            person,
        )
        for person in people
    ]


def of_many(applications: Sequence[Application]) -> Mapping[int, list[Recipient]]:
    """The recipients of several plans, by plan. One query."""
    staff = accounts.staff_of_each({plan.host_institution_id for plan in applications})
    return {
        plan.id: _keyed(plan, mailing.people_of(plan, staff.get(plan.host_institution_id, []))) for plan in applications
    }

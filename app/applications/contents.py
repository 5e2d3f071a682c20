"""A plan as its page shows it: label and value, table rows, totals; in the reader's language."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.applications import document, facts
from app.applications.models import Application, BudgetKind
from app.core import clock
from app.core.i18n import day, label_of, language, number
from app.directory import countries

Facts = list[tuple[str, str]]
MASK = "••••"


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of one kind with their sum in yen."""

    label: Any
    lines: list[Any]
    total: int


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything a plan says."""

    overview: Facts
    partners: list[dict[str, str]]
    stay: Facts
    days: list[Any]
    people: list[dict[str, Any]]
    head_count: int
    costs: list[Costs]
    direct: int
    administration: int
    safety: Facts
    export_control: Facts

    @property
    def total(self) -> int:
        return self.direct + self.administration


def of(application: Application, *, with_contacts: bool = True) -> Contents:
    """What the plan says; without `with_contacts` e-mail addresses and telephone numbers are masked."""
    costs = costs_of(application)
    administration = sum(group.total for kind, group in costs.items() if kind is BudgetKind.GENERAL_ADMINISTRATION)
    return Contents(
        overview=_overview(application, with_contacts),
        partners=_partners(application, with_contacts),
        stay=[
            (_("Day of entry"), day(application.starts_on)),
            (_("Day of exit"), day(application.ends_on)),
            (_("Length of stay"), _stay(application)),
            (_("Way from the airport (km)"), number(application.airport_distance_km)),
        ],
        days=document.days(application),
        people=[
            {
                "partner": group.partner.name if group.partner else "",
                "category": label_of(group.category),
                "role": group.role.label,
                "first_visit": _("Yes") if group.first_visit else _("No"),
                "number": group.number,
            }
            for group in application.people
        ],
        head_count=sum(group.number for group in application.people),
        costs=list(costs.values()),
        direct=sum(group.total for group in costs.values()) - administration,
        administration=administration,
        safety=_answers(application, "safety", with_contacts),
        export_control=_answers(application, "export_control", with_contacts),
    )


def costs_of(application: Application) -> dict[BudgetKind, Costs]:
    """The costs by kind, in the guidelines' order; kinds without costs are left out."""
    found = {}
    for kind in BudgetKind:
        lines = [line for line in application.budget if line.kind is kind]
        if lines:
            found[kind] = Costs(kind.label, lines, sum(line.amount for line in lines))
    return found


def _stay(application: Application) -> str:
    first, last = application.starts_on, application.ends_on
    if first is None or last is None or last < first:
        return ""
    return _("%(days)s days", days=clock.stay_days(first, last))


def _answers(application: Application, part: str, with_contacts: bool) -> Facts:
    given = document.answers(application, part, with_contacts=with_contacts)
    return [(row["question"], row["answer"]) for row in given]


def _overview(application: Application, with_contacts: bool) -> Facts:
    def shown(value: str) -> str:
        return value if with_contacts or not value else MASK

    principal = (application.principal_name, application.principal_department, shown(application.principal_email))
    administrative = (
        application.administrative_name,
        shown(application.administrative_email),
        shown(application.administrative_phone),
    )
    return [
        (_("Theme in Japanese"), application.theme_ja),
        (_("Theme in English"), application.theme_en),
        (_("Field of science"), document.field_name(application)),
        (_("Purpose and content"), application.purpose),
        (_("Expected results and how it goes on"), application.expected_results),
        (_("Person in charge of the exchange"), "\n".join(filter(None, principal))),
        (_("Administrative contact"), "\n".join(filter(None, administrative))),
    ]


def _partners(application: Application, with_contacts: bool) -> list[dict[str, str]]:
    found = []
    for partner in application.partners:
        country = facts.country_of(partner)
        reached = [
            value if with_contacts or not value else MASK for value in (partner.contact_email, partner.contact_phone)
        ]
        found.append(
            {
                "name": partner.name,
                "organization": partner.organization.public_id if partner.organization else "",
                "country": countries.name(country, language()) if country in countries.CODES else country,
                "contact": "\n".join(filter(None, (partner.contact_name, *reached))),
                "prior_notification": partner.prior_notification,
                "description": partner.description,
                "pledge": document.pledge(partner),
            }
        )
    return found

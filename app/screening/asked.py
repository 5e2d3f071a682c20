"""Which names of a plan are compared with the list: those of its sending sides and where its people belong.

Names only. Neither the country of a body nor the nationality of a person is read here, so nothing that follows can
depend on them. What is read is what was submitted: of a plan that is returned, never its draft.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.applications import thawing
from app.applications.models import Application, ApplicationPartner
from app.applications.queries import AFTER_A_DRAFT
from app.screening import plan_queries
from app.screening.bodies import folded
from app.screening.plan_queries import BodyName
from app.screening.vocabulary import Source


@dataclass(frozen=True, slots=True)
class Asked:
    """A name to compare, where it comes from, and the partner it belongs to (of a person's affiliation: nobody)."""

    source: Source
    text: str
    about: str


def is_draft(application: Application) -> bool:
    """Whether what stands in the plan now is more than what was submitted."""
    return application.state in AFTER_A_DRAFT and application.snapshot is not None


def of_plans(applications: Iterable[Application]) -> dict[int, list[Asked]]:
    """The names of each plan, by its number; three queries more for however many plans."""
    plans = {plan.id: thawing.as_submitted(plan) if is_draft(plan) else plan for plan in applications}
    organizations = {
        partner.organization.id for plan in plans.values() for partner in plan.partners if partner.organization
    }
    names = plan_queries.names_of(organizations)
    return {number: _of_plan(plan, names) for number, plan in plans.items()}


def _of_plan(plan: Application, names: Mapping[int, list[BodyName]]) -> list[Asked]:
    found: dict[str, Asked] = {}
    for partner in plan.partners:
        for asked in _of_partner(partner, names):
            found.setdefault(folded(asked.text), asked)
    for person in plan.named:
        text = (person.affiliation or "").strip()
        if text:
            found.setdefault(folded(text), Asked(Source.PERSON, text, ""))
    return list(found.values())


def _of_partner(partner: ApplicationPartner, names: Mapping[int, list[BodyName]]) -> list[Asked]:
    if partner.organization is None:
        text = partner.typed_name.strip()
        return [Asked(Source.PARTNER, text, text)] if text else []
    about = partner.organization.name_en or partner.organization.name_ja
    return [Asked(name.source, name.text[:300], about) for name in names.get(partner.organization.id, ())]

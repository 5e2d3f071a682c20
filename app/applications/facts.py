"""An exchange plan as the rules see it, and what it must say whatever the course."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications import budget_facts, named_counts
from app.applications.budgeting import Rate
from app.applications.models import Application, ApplicationPartner, ApplicationState
from app.applications.naming import country_of
from app.applications.typed import Plan
from app.applications.vocabulary import SPECIFIC_TYPES, Affiliation, ParticipantRole
from app.calls import rules
from app.calls.facts import ActivityFacts, CostFacts, FormsFacts, PartnerFacts, PeopleFacts, PlanFacts
from app.calls.rules import Verdict
from app.core import clock
from app.export_control import answers

TIME_CHECK = "round_is_open"  # the workflow asks for the time itself, whether the course has that rule or not
CEILING_CHECK = "costs_under_ceilings"  # looks at what follows from the guide rates of the year

_receipt: ContextVar[datetime | None] = ContextVar("receipt", default=None)


@contextmanager
def received(at: datetime) -> Iterator[None]:
    """Inside, plans are judged at the instant of a submission: one instant for its rules and for its receipt."""
    token = _receipt.set(at)
    try:
        yield
    finally:
        _receipt.reset(token)


def instant() -> datetime:
    """The instant a plan is judged at: that of the submission under way, otherwise now."""
    return _receipt.get() or clock.now()


def deadline(application: Plan) -> datetime:
    """The first instant at which a submission comes too late.

    The closing of the round; for a returned plan the end of its due day in Tokyo, if that is later.
    """
    closes_at = application.call.closes_at
    if application.return_due_on is None:
        return closes_at
    return max(closes_at, clock.tokyo(application.return_due_on + timedelta(days=1)))


def last_second(closing: datetime) -> datetime:
    """The last second before an instant: 23:59:59 for the end of a due day."""
    return closing - timedelta(seconds=1)


def facts_of(application: Plan, at: datetime | None = None) -> PlanFacts:
    """The plain facts of a plan at an instant (that of a submission under way, or now, if none is given).

    Without ceilings, which follow from the guide rates: `all_facts_of` has them.
    """
    safety = application.safety or {}
    index = {id(partner): number for number, partner in enumerate(application.partners)}
    groups, named = _people(application, index)
    return PlanFacts(
        at=at or instant(),
        opens_at=application.call.opens_at,
        closes_at=deadline(application),
        notice_on=application.call.notice_on,
        visits_from=application.call.visits_from,
        visits_until=application.call.visits_until,
        host_kind=application.host_institution.kind.value,
        starts_on=application.starts_on,
        ends_on=application.ends_on,
        airport_distance_km=application.airport_distance_km,
        partners=tuple(_partner(partner) for partner in application.partners),
        people=named_counts.facts_of(groups, named),
        itinerary=tuple(ActivityFacts(item.day, item.kind.value) for item in application.itinerary),
        costs=tuple(CostFacts(line.kind.value, line.amount) for line in application.budget),
        principal_name=application.principal_name,
        principal_email=application.principal_email,
        administrative_name=application.administrative_name,
        administrative_email=application.administrative_email,
        administrative_phone=application.administrative_phone,
        online_if_impossible=application.online_if_impossible,
        export_control_system=answers.has_system(safety),
        export_control_report=answers.report_is_filled(safety),
        export_control_report_until=answers.report_until(safety),
        export_control_pledge=answers.pledge_is_filled(safety),
        export_control_pledge_until=answers.pledge_until(safety),
        export_control_same_person=answers.names_one_person(safety),
        **_residency(safety),
        is_submitted=application.submitted_at is not None and application.state is not ApplicationState.RETURNED,
        results_released=application.released_at is not None,
        names_known=bool(named) and len(named) >= sum(group.number for group in groups),
    )


def _people(application: Plan, index: dict[int, int]) -> tuple[list[PeopleFacts], list[PeopleFacts]]:
    """The people of a plan in numbers, and those who are named. Verdicts are frozen and read by many: names are not in
    them, only the person's place in the list."""
    groups = [PeopleFacts(number=group.number, **_who(group, index)) for group in application.people]
    named = [
        PeopleFacts(born=person.date_of_birth, name=_("person %(number)s", number=number), **_who(person, index))
        for number, person in enumerate(application.named, 1)
    ]
    return groups, named


def _who(row: Any, index: dict[int, int]) -> dict[str, Any]:
    return {
        "category": row.category.value if row.category else "",
        "is_supervisor": row.role is ParticipantRole.SUPERVISOR,
        "first_visit": row.first_visit,
        "partner": index.get(id(row.partner)) if row.partner else None,
    }


def _partner(partner: ApplicationPartner) -> PartnerFacts:
    return PartnerFacts(
        name=partner.name,
        country=country_of(partner),
        contact_name=partner.contact_name,
        contact_email=partner.contact_email,
        prior_notification=partner.prior_notification,
        forms=_forms(partner.export_control or {}),
    )


def _forms(kept: Mapping[str, Any]) -> FormsFacts:
    return FormsFacts(
        system=answers.has_system(kept),
        report=answers.report_is_filled(kept),
        report_until=answers.report_until(kept),
        pledge=answers.pledge_is_filled(kept),
        pledge_until=answers.pledge_until(kept),
        same_person=answers.names_one_person(kept),
    )


def _residency(safety: Mapping[str, Any]) -> dict[str, Any]:
    said = [safety.get(name) for name in SPECIFIC_TYPES]
    elsewhere = safety.get("affiliation") == Affiliation.OTHERS
    return {
        "residency": str(safety.get("residency") or ""),
        "specific_types_said": all(said),
        "is_specific_type": "yes" in said,
        "affiliations_said": bool(safety.get("other_affiliations") if elsewhere else safety.get("affiliation")),
    }


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that keeps a plan from being submitted: where it is put right, what is asked, and which clause asks it.

    `section` "": nowhere in the plan. `clause` "": no rule of a course asks it, but every plan must say it.
    """

    section: str
    field: str
    text: str
    clause: str = ""

    def __str__(self) -> str:
        return _("%(text)s (%(clause)s)", text=self.text, clause=self.clause) if self.clause else self.text


def missing_essentials(application: Plan) -> list[Obstacle]:
    """What no rule of a course names but without which a plan says nothing (exchange plan, sections 1 to 8)."""
    safety = application.safety or {}
    is_answered = not any(person.awaits_answer for person in application.named)
    asked = (
        (application.theme_ja or application.theme_en, "overview", "theme_ja", _l("Enter the theme of the exchange.")),
        (application.field_of_science, "overview", "field_of_science", _l("Choose the field of science.")),
        (application.purpose, "overview", "purpose", _l("Enter the purpose of the exchange.")),
        (application.expected_results, "overview", "expected_results", _l("Enter the expected results.")),
        (application.starts_on, "itinerary", "starts_on", _l("Enter the day of entry.")),
        (application.ends_on, "itinerary", "ends_on", _l("Enter the day of exit.")),
        (application.people or application.named, "people", "rows", _l("Enter who is to come.")),
        (is_answered, "people", "names", _l("Say of each possible match whether that person was invited before.")),
        (application.budget, "budget", "rows", _l("Enter the costs.")),
        (safety.get("crisis_name"), "safety", "crisis_name", _l("Name the contact for emergencies.")),
        (safety.get("crisis_phone"), "safety", "crisis_phone", _l("Enter the telephone number for emergencies.")),
        (safety.get("insurance"), "safety", "insurance", _l("Name the insurance that covers the group.")),
    )
    return [Obstacle(section, field, str(text)) for value, section, field, text in asked if not value]


def judge(application: Plan, at: datetime | None = None, rates: Sequence[Rate] | None = None) -> list[Verdict]:
    """What every rule of the course says about the plan, in the reader's language. `rates`: those read before."""
    return rules.judge(application.course, all_facts_of(application, at, rates))


def all_facts_of(application: Plan, at: datetime | None = None, rates: Sequence[Rate] | None = None) -> PlanFacts:
    """Everything the rules look at. Reads the guide rates (one query) if a rule of the course asks for ceilings."""
    if all(rule.check_name != CEILING_CHECK for rule in application.course.rules):
        rates = ()
    return with_ceilings(application, budget_facts.rates_of(application) if rates is None else rates, at)


def with_ceilings(application: Plan, rates: Sequence[Rate], at: datetime | None = None) -> PlanFacts:
    """The plain facts with what of the costs has a ceiling by these rates."""
    return replace(facts_of(application, at), ceilings=budget_facts.ceilings_of(application, rates))


def broken(application: Plan) -> list[Obstacle]:
    """The rules of the course that must hold and do not, but for the time, for which the workflow asks itself."""
    return [
        Obstacle(verdict.section, verdict.field, f"{verdict.label}{_(': ')}{verdict.message}", verdict.clause)
        for verdict in rules.blocking(judge(application))
        if verdict.check_name != TIME_CHECK
    ]


def visit_day(application: Application, number: int) -> date | None:
    """The calendar day of a day of the stay (1 = day of entry); None until the day of entry is known."""
    return application.starts_on + timedelta(days=number - 1) if application.starts_on else None

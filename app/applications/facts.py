"""An exchange plan as the rules see it, and what it must say whatever the course."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.applications import named_counts
from app.applications.models import Application, ApplicationPartner, ApplicationState
from app.applications.typed import Plan
from app.applications.vocabulary import ParticipantRole
from app.calls import rules
from app.calls.facts import ActivityFacts, CostFacts, PartnerFacts, PeopleFacts, PlanFacts
from app.calls.rules import Verdict
from app.core import clock

TIME_CHECK = "round_is_open"  # the workflow asks for the time itself, whether the course has that rule or not

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
    """The plain facts of a plan at an instant (that of a submission under way, or now, if none is given)."""
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
        export_control_system={"yes": True, "no": False}.get(str(safety.get("has_system", ""))),
        export_control_report=report_is_filled(safety),
        export_control_pledge=pledge_is_filled(safety),
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
    )


def country_of(partner: ApplicationPartner) -> str:
    """The country or region of a partner: the directory's, or the one typed. ISO 3166-1 alpha-2, "" if unknown."""
    return partner.organization.country if partner.organization is not None else partner.country


def report_is_filled(safety: dict[str, Any]) -> bool:
    """Whether export-control form 1 is filled in: all of its questions answered, dated and signed for."""
    answers = ("has_system", "is_classified", "partners_are_checked", "form1_on", "export_responsible")
    return all(safety.get(name) for name in answers)


def pledge_is_filled(safety: dict[str, Any]) -> bool:
    """Whether export-control form 2, the pledge, is given and dated. The person responsible is that of form 1."""
    return bool(safety.get("pledge") and safety.get("form2_on"))


@dataclass(frozen=True, slots=True)
class Missing:
    """Something every plan must say: where it is entered, and the sentence that asks for it."""

    section: str
    field: str
    text: str


def missing_essentials(application: Plan) -> list[Missing]:
    """What no rule of a course names but without which a plan says nothing (exchange plan, sections 1 to 8)."""
    safety = application.safety or {}
    is_answered = not any(person.awaits_answer for person in application.named)
    asked = (
        (application.theme_ja or application.theme_en, "overview", "theme_ja", _("Enter the theme of the exchange.")),
        (application.field_of_science, "overview", "field_of_science", _("Choose the field of science.")),
        (application.purpose, "overview", "purpose", _("Enter the purpose of the exchange.")),
        (application.expected_results, "overview", "expected_results", _("Enter the expected results.")),
        (application.starts_on, "itinerary", "starts_on", _("Enter the day of entry.")),
        (application.ends_on, "itinerary", "ends_on", _("Enter the day of exit.")),
        (application.people or application.named, "people", "rows", _("Enter who is to come.")),
        (is_answered, "people", "names", _("Say of each possible match whether that person was invited before.")),
        (application.budget, "budget", "rows", _("Enter the costs.")),
        (safety.get("crisis_name"), "safety", "crisis_name", _("Name the contact for emergencies.")),
        (safety.get("crisis_phone"), "safety", "crisis_phone", _("Enter the telephone number for emergencies.")),
        (safety.get("insurance"), "safety", "insurance", _("Name the insurance that covers the group.")),
    )
    return [Missing(section, field, text) for value, section, field, text in asked if not value]


def judge(application: Plan, at: datetime | None = None) -> list[Verdict]:
    """What every rule of the course says about the plan, in the reader's language."""
    return rules.judge(application.course, facts_of(application, at))


def visit_day(application: Application, number: int) -> date | None:
    """The calendar day of a day of the stay (1 = day of entry); None until the day of entry is known."""
    return application.starts_on + timedelta(days=number - 1) if application.starts_on else None

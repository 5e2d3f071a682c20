"""Exchange plans of the demonstration: complete, different, and written by the same verbs people use."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.applications import partner_declaring, plan_service, service
from app.applications.models import ActivityKind, Application, BudgetKind, ParticipantRole
from app.applications.vocabulary import Affiliation, Residency
from app.calls.models import Call, Course, CourseCode
from app.core import clock
from app.core.authz import Actor
from app.demo import places
from app.demo.cast import texts
from app.directory.models import HostInstitution, InstitutionKind, SendingOrganization
from app.export_control import answers
from app.invitees.models import Category

STAY = {CourseCode.A: 7, CourseCode.B: 14, CourseCode.C: 10, CourseCode.D: 8}
PEOPLE, PEOPLE_OF_SEVERAL = 8, 12  # the most since FY2024, supervisors included; course C from several organizations
SPECIAL = ("special_lecture", "special_program")


@dataclass(frozen=True)
class Idea:
    """What a plan is about, before it is written."""

    call: Call
    course: Course
    host: HostInstitution
    partners: tuple[SendingOrganization, ...]
    category: Category
    starts_on: date
    number: int

    @property
    def heads(self) -> int:
        return PEOPLE if len(self.partners) == 1 else PEOPLE_OF_SEVERAL

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(days=STAY[self.course.code] - 1)


def begin(editor: Actor, idea: Idea) -> Application:
    """A draft with its theme only."""
    application = service.start(editor, call=idea.call, course=idea.course, host=idea.host)
    theme = places.rows("themes")[idea.number % 24]
    plan_service.save_overview(
        editor,
        application,
        theme_ja=theme["theme_ja"],
        theme_en=theme["theme_en"],
        field_of_science=theme["field"],
    )
    return application


def write(editor: Actor, idea: Idea, chance: random.Random) -> Application:
    """A plan that keeps every rule of its course."""
    application = begin(editor, idea)
    said, staff = texts(), texts()["staff"]
    principal, clerk = staff[(idea.number + 1) % len(staff)], staff[idea.number % len(staff)]
    plan_service.save_overview(
        editor,
        application,
        purpose=said["purpose"],
        expected_results=said["expected_results"],
        principal_name=principal["name"],
        principal_department=principal["department"],
        principal_email="principal@example.ac.jp",
        administrative_name=clerk["name"],
        administrative_email="office@example.ac.jp",
        administrative_phone="03-0000-0000",
    )
    plan_service.save_partners(editor, application, [_partner(idea, partner) for partner in idea.partners])
    plan_service.save_itinerary(
        editor,
        application,
        _itinerary(idea, principal["name"]),
        starts_on=idea.starts_on,
        ends_on=idea.ends_on,
        airport_distance_km=chance.randint(10, 140),
    )
    plan_service.save_people(editor, application, _people(application, idea))
    plan_service.save_budget(editor, application, _budget(idea, chance))
    plan_service.save_safety(
        editor, application, online_if_impossible=True, **_safety(principal["name"]), **_forms(application, idea)
    )
    return application


def declare_partner(editor: Actor, application: Application) -> None:
    """The export-control forms of the first partner, given by the host on its behalf."""
    partner = application.partners[0]
    if partner.export_control:
        return
    said = {"has_system": "no", "is_classified": "yes", "partners_are_checked": "yes", "pledge": True}
    partner_declaring.give_for(
        editor, partner, said, seen="", responsible="Director, International Office", dated_on=clock.today()
    )


def _partner(idea: Idea, partner: SendingOrganization) -> dict[str, Any]:
    return {
        "id": "",
        "choice": partner.public_id,
        "organization": partner.name_en,
        "country": partner.country,
        "contact_name": "International Office",
        "contact_email": "international@example.org",
        "prior_notification": f"SSP-{idea.number:05d}" if partner.country == "CN" else "",
    }


def _item(day: int, kind: str, title: str, venue: str = "", leader: str = "") -> dict[str, Any]:
    return {
        "day": day,
        "starts_at": None,
        "ends_at": None,
        "kind": ActivityKind(kind),
        "title": title,
        "venue": venue,
        "leader": leader,
    }


def _itinerary(idea: Idea, leader: str) -> list[dict[str, Any]]:
    """Arrival, departure, and between them days that begin with something made for the invitees more often than not."""
    last = STAY[idea.course.code]
    activities = texts()["activities"]
    special = [activity for activity in activities if activity["kind"] in SPECIAL]
    other = [activity for activity in activities if activity["kind"] not in SPECIAL]
    rows = [_item(1, "arrival", str(ActivityKind.ARRIVAL.label), idea.host.city)]
    for day in range(2, last):
        if day % 3:
            first = special[day % len(special)]
            rows.append(_item(day, first["kind"], first["title"], first["venue"], leader))
        then = other[day % len(other)]
        rows.append(_item(day, then["kind"], then["title"], then["venue"], leader))
    rows.append(_item(last, "departure", str(ActivityKind.DEPARTURE.label)))
    return rows


def _people(application: Application, idea: Idea) -> list[dict[str, Any]]:
    """Each partner sends a supervisor and its share of the invitees."""
    guide = Category.TEACHER if idea.category is Category.HIGH_SCHOOL else Category.FACULTY
    share = idea.heads // len(idea.partners)
    rows: list[dict[str, Any]] = []
    for partner in application.partners:
        common = {"partner": str(partner.id), "first_visit": True}
        rows.append({**common, "category": idea.category, "role": ParticipantRole.INVITEE, "number": share - 1})
        rows.append({**common, "category": guide, "role": ParticipantRole.SUPERVISOR, "number": 1})
    return rows


def _budget(idea: Idea, chance: random.Random) -> list[dict[str, Any]]:
    days = STAY[idea.course.code]
    fare = chance.randrange(55_000, 160_000, 1_000)
    lines = [(BudgetKind.INTERNATIONAL_TRAVEL, "航空券（往復）", idea.heads, fare)]
    if idea.host.kind is InstitutionKind.COMPANY:
        return _lines([*lines, (BudgetKind.TAX_EQUIVALENT, "国際航空運賃の消費税相当額", 1, idea.heads * fare // 10)])
    lines += [
        (BudgetKind.DOMESTIC_TRAVEL, "宿泊費・滞在費", idea.heads * (days - 1), 9_800),
        (BudgetKind.DOMESTIC_TRAVEL, "空港送迎バス", 2, 44_000),
        (BudgetKind.PROGRAM, "実習消耗品", idea.heads, 6_000),
        (BudgetKind.FEES, "講師謝金", 4, 11_200),
    ]
    direct = sum(quantity * price for _kind, _text, quantity, price in lines)
    return _lines([*lines, (BudgetKind.GENERAL_ADMINISTRATION, "一般管理費", 1, direct // 10)])


def _lines(lines: list[tuple[BudgetKind, str, int, int]]) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "description": text, "quantity": quantity, "unit_price": price}
        for kind, text, quantity, price in lines
    ]


def _safety(responsible: str) -> dict[str, Any]:
    said = texts()
    return {
        "crisis_name": responsible,
        "crisis_phone": "090-0000-0000",
        "crisis_plan": said["crisis_plan"],
        "insurance": said["insurance"],
        "residency": Residency.VISITORS.value,
        "affiliation": Affiliation.PARTNERS.value,
    }


def _forms(application: Application, idea: Idea) -> dict[str, Any]:
    """The export-control forms of the host: those it has declared, while they last until the round closes."""
    kept, staff = application.safety, texts()["staff"]
    until = answers.report_until(kept)
    if until is not None and until >= idea.call.closes_at.date():
        return {name: kept.get(name, "") for name in (*answers.REPORT, *answers.PLEDGE)}
    has_system = idea.host.id % 4 != 0
    given_on = idea.call.opens_at.date()
    return {
        "has_system": "yes" if has_system else "no",
        "is_classified": "yes",
        "partners_are_checked": "yes",
        "export_responsible": staff[idea.host.id % len(staff)]["name"],
        "form1_on": given_on,
        "pledge": not has_system,
        "form2_on": None if has_system else given_on,
    }

"""Exchange plans of the demonstration: complete, different, and written by the same verbs people use."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from app.applications import budget_facts, partner_declaring, plan_service, service
from app.applications.budgeting import Line
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
OVER_CEILING = 9  # every ninth plan has a hotel that is dearer than the ceiling


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
    def focus(self) -> dict[str, str]:
        """What makes this plan different from others on the same theme."""
        focuses = texts()["focus"]
        found: dict[str, str] = focuses[self.number % len(focuses)]
        return found

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(days=STAY[self.course.code] - 1)


def begin(editor: Actor, idea: Idea, **more: Any) -> Application:
    """A draft with its theme, and whatever else of the overview is given."""
    application = service.start(editor, call=idea.call, course=idea.course, host=idea.host)
    theme = places.rows("themes")[idea.number % 24]
    plan_service.save_overview(
        editor,
        application,
        theme_ja=f"{theme['theme_ja']} ―{idea.focus['ja']}",
        theme_en=f"{theme['theme_en']}: {idea.focus['en']}",
        field_of_science=theme["field"],
        **more,
    )
    return application


def write(editor: Actor, idea: Idea, chance: random.Random) -> Application:
    """A plan that keeps every rule of its course."""
    said, staff = texts(), texts()["staff"]
    principal, clerk = staff[(idea.number + 1) % len(staff)], staff[idea.number % len(staff)]
    application = begin(
        editor,
        idea,
        purpose=f"{said['purpose']}\n{idea.focus['purpose']}",
        expected_results=said["expected_results"],
        principal_name=principal["name"],
        principal_department=principal["department"],
        principal_email=f"principal{idea.host.id}-{idea.number % 5}@example.ac.jp",
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
    plan_service.save_budget(editor, application, _budget(application, idea, chance))
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


def _budget(application: Application, idea: Idea, chance: random.Random) -> list[dict[str, Any]]:
    """What follows from people and days at the host's own prices; now and then a hotel dearer than its ceiling."""
    money = budget_facts.of(application)
    held, texts_of = [], {}
    for made in money.propose([]):
        texts_of[made.line.rate_key] = budget_facts.text_of(made)
        if made.use is not None:
            held.append(replace(made.line, unit_price=_price(made.line, idea, chance)))
    if idea.host.kind is not InstitutionKind.COMPANY:
        held.append(Line(BudgetKind.FEES, 4, chance.randrange(8_000, 12_001, 500), "lecture", "講師謝金"))
        held.append(Line(BudgetKind.PROGRAM, 1, 44_000, text="施設見学の貸切バス"))
    shares = money.propose(held)  # of what the lines above come to
    texts_of |= {made.line.rate_key: budget_facts.text_of(made) for made in shares}
    return [
        {
            "kind": line.kind,
            "description": line.text or texts_of[line.rate_key],
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "rate_key": line.rate_key,
        }
        for line in [*held, *(made.line for made in shares if made.use is None)]
    ]


def _price(line: Line, idea: Idea, chance: random.Random) -> int:
    """Somewhat below or above the guide rate, in hundreds of yen."""
    if line.rate_key == "stay" and idea.number % OVER_CEILING == 2:
        return line.unit_price + 3_300
    return line.unit_price * chance.randrange(85, 110) // 10_000 * 100


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

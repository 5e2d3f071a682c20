"""The schedule of stay and the participants' list of a visit, told to the papers in one language."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from app.applications.models import ParticipantRole
from app.calls.models import CourseCode
from app.core import clock
from app.core.i18n import label_of
from app.directory import countries, prefectures
from app.documents import papers
from app.documents.papers import Language
from app.documents.shapes import (
    Contact,
    Organization,
    Participant,
    ParticipantsDocument,
    PersonName,
    ScheduleDay,
    ScheduleDocument,
    ScheduleItem,
)
from app.visits import itinerary
from app.visits.models import Visit

Roster = Sequence[Any]  # rows of `queries.roster`


def schedule(visit: Visit, roster: Roster, language: Language, *, with_addresses: bool) -> bytes:
    """滞在予定表 as PDF. Without a roster that the reader may see it names nobody, only how many come; auditors get it
    without the contacts' e-mail and telephone, as they do a plan.
    """
    with force_locale(language):
        document = schedule_document(visit, roster, language, with_addresses=with_addresses)
    return papers.schedule(document, language=language, at=clock.now())


def participants(visit: Visit, roster: Roster, language: Language, numbers: Mapping[str, str] | None = None) -> bytes:
    """招へい者名簿 as PDF. Passports show their last signs only, unless `numbers` (by person's public id) are given."""
    with force_locale(language):
        document = participants_document(visit, roster, language, numbers or {})
    return papers.participants(document, language=language, at=clock.now())


def schedule_document(visit: Visit, roster: Roster, language: Language, *, with_addresses: bool) -> ScheduleDocument:
    """What the schedule of stay says, in the language in force."""
    applicants = [row for row in roster if row.role is ParticipantRole.INVITEE] or list(roster)
    return {
        "reference": visit.reference,
        "theme": visit.theme,
        "course": course_name(visit),
        "host": _host(visit, language),
        "partners": [_partner(partner, language) for partner in visit.application.partners],
        "representative": _name(applicants[0]) if applicants else None,
        "party": len(visit.participations),
        "entry": visit.starts_on,
        "exit": visit.ends_on,
        "contacts": _contacts(visit) if with_addresses else [_without_address(contact) for contact in _contacts(visit)],
        "days": [_day(visit, day) for day in itinerary.days_of(visit)],
    }


def participants_document(
    visit: Visit, roster: Roster, language: Language, numbers: Mapping[str, str]
) -> ParticipantsDocument:
    """What the participants' list says, in the language in force."""
    return {
        "reference": visit.reference,
        "theme": visit.theme,
        "course": course_name(visit),
        "host": _host(visit, language),
        "entry": visit.starts_on,
        "exit": visit.ends_on,
        "people": [_participant(row, language, numbers) for row in roster],
    }


def course_name(visit: Visit) -> str:
    """The course as the programme calls it: with its letter, where it has one."""
    course = visit.course
    lettered = course.code not in (CourseCode.DIRECT, CourseCode.ONLINE) and not course.name.startswith(course.code)
    return f"{course.code.value} {course.name}" if lettered else course.name


def _host(visit: Visit, language: Language) -> Organization:
    host = visit.host_institution
    own, other = (host.name_ja, host.name_en) if language == "ja" else (host.name_en, host.name_ja)
    return {
        "name": own or other,
        "other": other if own else "",
        "place": prefectures.name(host.prefecture, language) if host.prefecture else "",
    }


def _partner(partner: Any, language: Language) -> Organization:
    country = partner.country or (partner.organization.country if partner.organization else "")
    return {"name": partner.name, "place": countries.name(country, language) if country else ""}


def _contacts(visit: Visit) -> list[Contact]:
    plan = visit.application
    found: list[Contact] = []
    if plan.principal_name:
        found.append(
            {
                "role": _("Person in charge of the exchange"),
                "name": plan.principal_name,
                "department": plan.principal_department,
                "email": plan.principal_email,
            }
        )
    if visit.contact_name:
        found.append({"role": _("Contact during the stay"), "name": visit.contact_name, "phone": visit.contact_phone})
    return found


def _without_address(contact: Contact) -> Contact:
    return {"role": contact["role"], "name": contact["name"], "email": "", "phone": ""}


def _day(visit: Visit, day: itinerary.Day) -> ScheduleDay:
    sleeps = visit.lodging if day.on != visit.ends_on and not day.is_outside else ""
    return {"day": day.on, "items": [_item(item) for item in day.items], "lodging": sleeps}


def _item(item: Any) -> ScheduleItem:
    hours = "–".join(f"{at:%H:%M}" for at in (item.starts_at, item.ends_at) if at)
    return {
        "time": hours,
        "what": item.title or str(item.kind.label),
        "where": item.venue,
        "leader": item.leader,
    }


def _name(row: Any) -> PersonName:
    return {
        "surname": row.surname,
        "given": row.given_names,
        "native": row.native_name,
        "katakana": row.katakana,
        "native_language": papers.native_language(row.nationality) if row.personal else "",
    }


def _participant(row: Any, language: Language, numbers: Mapping[str, str]) -> Participant:
    person: Participant = {
        "name": _name(row),
        "sex": str(label_of(row.sex)) if row.personal else "",
        "born": row.date_of_birth if row.personal else None,
        "nationality": countries.name(row.nationality, language) if row.personal else "",
        "affiliation": row.affiliation,
        "category": str(label_of(row.category)),
        "role": str(label_of(row.role)),
    }
    number = numbers.get(row.invitee_id) or (masked(row) if row.personal else "")
    if number:
        person["passport_number"] = number
    return person


def masked(row: Any) -> str:
    """A passport as lists show it: ••••567, '' where none is kept."""
    return f"••••{row.last_signs}" if row.passport_id else ""

"""Visits that are over, their reports and certificates."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from app.applications.models import Application, ApplicationState, ParticipantRole
from app.closing.models import Certificate, ReportState, VisitReport
from app.core import clock
from app.core.db import db, new_public_id
from app.directory.models import HostInstitution, SendingOrganization
from app.invitees import service as invitees
from app.invitees.models import Category, Invitee, InviteeHost
from app.visits.models import Participation, Visit, VisitState
from tests.factories.calls import make_call, make_course
from tests.factories.directory import make_host, make_sending

_numbers = count(1)


def make_person(host: HostInstitution | None = None, **fields: Any) -> Invitee:
    """A former invitee from Nepal, known to the host given; a name and an address of their own."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "surname": f"SHRESTHA{number}",
        "given_names": "ANITA",
        "native_name": "अनिता श्रेष्ठ",
        "nationality": "NP",
        "date_of_birth": date(2002, 5, 17),
        "email": f"anita{number}@example.org",
    }
    person = Invitee(public_id=new_public_id(), **{**values, **fields})
    invitees._index(person)
    if host is not None:
        person.hosts.append(InviteeHost(institution_id=host.id))
    db.session.add(person)
    db.session.flush()
    return person


def make_ended_visit(
    host: HostInstitution | None = None,
    *,
    people: int = 2,
    persons: list[Invitee] | None = None,
    took_part: bool | None = None,
    state: VisitState = VisitState.IN_PROGRESS,
    sender: SendingOrganization | None = None,
    **fields: Any,
) -> Visit:
    """A visit of ten days that ended a week ago, with a roster of `people` new persons (or `persons`)."""
    host, number = host or make_host(), next(_numbers)
    course, call = make_course("A"), make_call(f"t{number}")
    ends_on = fields.pop("ends_on", clock.today() - timedelta(days=7))
    now = clock.now()
    application = Application(
        reference=f"T{number:06d}",
        state=ApplicationState.ADOPTED,
        submitted_at=now,
        decided_at=now,
        released_at=now,
        call=call,
        course=course,
        host_institution=host,
        theme_ja="試験の交流",
        theme_en="Testing exchange",
    )
    values: dict[str, Any] = {
        "reference": f"VT-{number:04d}",
        "fiscal_year": 2025,
        "theme_ja": "試験の交流",
        "theme_en": "Testing exchange",
        "starts_on": ends_on - timedelta(days=9),
        "ends_on": ends_on,
    }
    visit = Visit(
        public_id=new_public_id(),
        application=application,
        host_institution=host,
        course=course,
        state=state,
        **{**values, **fields},
    )
    sender = sender or make_sending()
    for position, person in enumerate(persons if persons is not None else [make_person(host) for _ in range(people)]):
        visit.participations.append(
            Participation(
                invitee=person,
                role=ParticipantRole.INVITEE,
                category=Category.MASTER,
                affiliation=sender.name_en,
                sending_organization=sender,
                took_part=took_part,
                position=position,
            )
        )
    db.session.add(visit)
    db.session.flush()
    return visit


def make_report(visit: Visit, state: ReportState = ReportState.DRAFT, **fields: Any) -> VisitReport:
    """A report with all three parts written."""
    now = clock.now()
    values: dict[str, Any] = {
        "summary": "Lectures, two days in the laboratory, a visit to the observatory.",
        "results": "Two of the invitees want to come back for a doctorate.",
        "continuation": "An agreement on joint research is being prepared.",
        "due_on": visit.ends_on + timedelta(days=30) if visit.ends_on else None,
        "submitted_at": now if state in (ReportState.SUBMITTED, ReportState.ACCEPTED) else None,
        "accepted_at": now if state is ReportState.ACCEPTED else None,
    }
    report = VisitReport(visit=visit, state=state, **{**values, **fields})
    db.session.add(report)
    db.session.flush()
    return report


def make_certificate(part: Participation, **fields: Any) -> Certificate:
    """The certificate of somebody who took part."""
    certificate = Certificate(
        participation=part,
        invitee_id=part.invitee_id,
        host_institution_id=part.visit.host_institution_id,
        **{"number": f"SSP-2025-{next(_numbers):05d}", "code": new_public_id(), **fields},
    )
    db.session.add(certificate)
    db.session.flush()
    return certificate

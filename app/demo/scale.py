"""`flask demo --scale N`: N invitees by bulk insert, for measuring; years and countries by their published shares."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select

from app.alumni.models import Alumnus, AlumnusState, Evidence, Revisit, RevisitKind, RevisitState
from app.applications.models import Application, ApplicationState, ParticipantRole
from app.calls.models import Call, Course
from app.closing.models import Certificate
from app.core import clock, crypto, search
from app.core.db import db, new_public_id
from app.demo import people, places
from app.demo.bulk import Counter, Rows
from app.directory.models import Organization, Side
from app.invitees import names, service
from app.invitees.models import Category, Invitee, InviteeHost, Passport
from app.visits.models import Participation, Visit, VisitState

BATCH = 2000
GROUP = 9  # people of a visit, a supervisor among them
CATEGORIES = [Category.HIGH_SCHOOL] * 3 + [Category.UNDERGRADUATE] * 5 + [Category.MASTER] * 3 + [Category.DOCTOR] * 2
HOSTS, SENDERS = 350, 1600  # more than 350 hosts and 1,600 sending organizations by March 2021 (published)
REVISIT_SHARE = 2300 / 33000  # published by March 2021

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Ground:
    """What visits stand on: organizations, courses and rounds by fiscal year."""

    hosts: list[int]
    senders: dict[str, list[tuple[int, str]]]
    courses: dict[int, int]
    calls: dict[int, int]


def lay_ground(years: list[int]) -> Ground:
    """Enter the organizations, and a course and a round for every fiscal year that has none."""
    hosts = [*places.rows("hosts"), *places.more_hosts(HOSTS)][:HOSTS]
    senders = [*places.rows("sending"), *places.more_sending(SENDERS)][:SENDERS]
    table: Any = Organization.__table__
    db.session.execute(insert(table), [places.host_columns(row) for row in hosts])
    db.session.execute(insert(table), [places.sending_columns(row) for row in senders])
    by_country: dict[str, list[tuple[int, str]]] = {}
    for row in db.session.execute(
        select(Organization.id, Organization.country, Organization.name_en).where(Organization.side == Side.SENDING)
    ):
        by_country.setdefault(row.country, []).append((row.id, row.name_en))
    host_ids = list(db.session.scalars(select(Organization.id).where(Organization.side == Side.HOST)))
    courses = {year: _course(year) for year in years}
    return Ground(host_ids, by_country, courses, {year: _call(year) for year in years})


def _course(year: int) -> int:
    found = db.session.scalar(select(Course.id).where(Course.fiscal_year == year).order_by(Course.code).limit(1))
    if found is not None:
        return found
    course = Course(
        fiscal_year=year, code="A", name_ja="科学技術体験コース", name_en="Science and technology experience"
    )
    db.session.add(course)
    db.session.flush()
    return course.id


def _call(year: int) -> int:
    found = db.session.scalar(select(Call.id).where(Call.fiscal_year == year).order_by(Call.label).limit(1))
    if found is not None:
        return found
    call = Call(
        fiscal_year=year,
        label="1",
        opens_at=clock.tokyo(date(year, 1, 25)),
        closes_at=clock.tokyo(date(year, 2, 22), time(17)),
        notice_on=date(year, 4, 15),
        visits_from=date(year, 4, 1),
        visits_until=date(year + 1, 3, 14),
        released_at=clock.tokyo(date(year, 4, 15)),
    )
    db.session.add(call)
    db.session.flush()
    return call.id


def quotas(total: int) -> dict[int, int]:
    """People per fiscal year, in the proportions of the real years, adding up to the total."""
    shares = places.people_by_year()
    whole = sum(shares.values())
    given = {year: total * share // whole for year, share in shares.items()}
    biggest = max(given, key=lambda year: given[year])
    given[biggest] += total - sum(given.values())
    return {year: number for year, number in given.items() if number}


def build(total: int, progress: Progress) -> None:
    """Insert a program of `total` invitees. The caller commits."""
    chance = random.Random(20140401)
    wanted = quotas(total)
    ground = lay_ground(list(wanted))
    counter = Counter(db.session)
    rows = Rows()
    made = 0
    for year, number in wanted.items():
        for size in _groups(number):
            _visit(chance, rows, ground, counter, year, size)
            made += size
            if len(rows.waiting.get(Invitee, ())) >= BATCH:
                rows.store()
                progress(made)
    rows.store()
    counter.hand_back(db.session)
    progress(made)


def _groups(number: int) -> Iterator[int]:
    while number > 0:
        yield min(GROUP, number)
        number -= GROUP


def _visit(chance: random.Random, rows: Rows, ground: Ground, counter: Counter, year: int, size: int) -> None:
    """One adopted plan with its completed visit and the people of one country."""
    shares = [share for share in places.countries() if share.since <= year]
    country = chance.choices([share.code for share in shares], [share.weight for share in shares])[0]
    host = chance.choice(ground.hosts)
    sender, sender_name = chance.choice(ground.senders.get(country) or [(None, "")])
    entry = date(year, 5, 20) + timedelta(days=chance.randint(0, 280))
    exit_ = entry + timedelta(days=6)
    application, visit = counter.next(Application), counter.next(Visit)
    reference = f"S{year}-{application:06d}"
    decided = clock.tokyo(date(year, 4, 15))
    rows.add(
        Application,
        id=application,
        reference=reference,
        state=ApplicationState.COMPLETED,
        call_id=ground.calls[year],
        course_id=ground.courses[year],
        host_institution_id=host,
        theme_en=f"Exchange {application}",
        starts_on=entry,
        ends_on=exit_,
        submitted_at=clock.tokyo(date(year, 2, 20)),
        decided_at=decided,
        released_at=decided,
        search_text=search.search_text(f"Exchange {application}", reference),
    )
    rows.add(
        Visit,
        id=visit,
        application_id=application,
        host_institution_id=host,
        course_id=ground.courses[year],
        fiscal_year=year,
        state=VisitState.COMPLETED,
        reference=f"V{year}-{visit:06d}",
        theme_en=f"Exchange {application}",
        starts_on=entry,
        ends_on=exit_,
        confirmed_at=decided,
        completed_at=clock.tokyo(exit_ + timedelta(days=30)),
    )
    category = chance.choice(CATEGORIES)
    for position in range(size):
        role = ParticipantRole.SUPERVISOR if position == 0 and size > 1 else ParticipantRole.INVITEE
        own = Category.FACULTY if role is ParticipantRole.SUPERVISOR else category
        part = _Part(country, own, role, host, sender, sender_name, visit, year, entry, exit_, position)
        _participant(chance, rows, counter, part)


@dataclass(frozen=True)
class _Part:
    country: str
    category: Category
    role: ParticipantRole
    host: int
    sender: int | None
    affiliation: str
    visit: int
    year: int
    entry: date
    exit_: date
    position: int


def _participant(chance: random.Random, rows: Rows, counter: Counter, part: _Part) -> None:
    number = counter.next(Invitee)
    person = people.make(chance, number, part.country, part.category, part.entry)
    public_id = new_public_id()
    rows.add(
        Invitee,
        id=number,
        public_id=public_id,
        surname=person.surname,
        given_names=person.given_names,
        native_name=person.native_name,
        sex=person.sex,
        date_of_birth=person.date_of_birth,
        nationality=person.nationality,
        email=person.email,
        category=part.category,
        affiliation=part.affiliation,
        fiscal_year=part.year,
        sort_name=names.sort_name(person.surname, person.given_names),
        match_key=names.match_key(person.surname, person.given_names, person.date_of_birth, person.nationality),
        search_text=search.search_text(f"{person.surname} {person.given_names}", person.native_name, person.email),
    )
    rows.add(InviteeHost, invitee_id=number, institution_id=part.host)
    rows.add(
        Passport,
        invitee_id=number,
        sealed_number=crypto.seal(
            person.passport_number, table=service.TABLE, column=service.COLUMN, row_public_id=public_id
        ),
        number_index=service.passport_index(person.nationality, person.passport_number),
        last_signs=person.passport_number[-3:],
        expires_on=person.passport_expiry,
    )
    participation = counter.next(Participation)
    rows.add(
        Participation,
        id=participation,
        visit_id=part.visit,
        invitee_id=number,
        role=part.role,
        category=part.category,
        affiliation=part.affiliation,
        sending_organization_id=part.sender,
        took_part=True,
        position=part.position,
    )
    _afterwards(chance, rows, counter, part, number, participation)


def _afterwards(
    chance: random.Random, rows: Rows, counter: Counter, part: _Part, invitee: int, participation: int
) -> None:
    """Certificate and alumni profile for everyone, a verified return for some."""
    issued: datetime = clock.tokyo(part.exit_ + timedelta(days=31))
    rows.add(
        Certificate,
        participation_id=participation,
        invitee_id=invitee,
        host_institution_id=part.host,
        number=f"SSP-{part.year}-{participation:07d}",
        code=new_public_id(),
        issued_at=issued,
    )
    alumnus = counter.next(Alumnus)
    rows.add(Alumnus, id=alumnus, invitee_id=invitee, state=AlumnusState.INVITED, country=part.country)
    if chance.random() < REVISIT_SHARE:
        back = part.exit_ + timedelta(days=chance.randint(200, 1500))
        if back < clock.today():
            rows.add(
                Revisit,
                alumnus_id=alumnus,
                invitee_id=invitee,
                state=RevisitState.VERIFIED,
                kind=chance.choice(list(RevisitKind)[:3]),
                institution_id=part.host,
                starts_on=back,
                evidence=Evidence.HOST,
                decided_at=clock.tokyo(back + timedelta(days=30))
                if back + timedelta(days=30) < clock.today()
                else issued,
            )

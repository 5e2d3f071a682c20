"""採択計画一覧: the plans that are adopted, for everybody, once the results of their round are released.

No person stands in it. A plan whose result was changed is in it or not, as it is now.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, select

from app.applications import letters_facts
from app.applications.letters_facts import Granted
from app.applications.models import (
    Application,
    ApplicationPartner,
    ApplicationState,
    Decision,
    PlannedPeople,
)
from app.calls.models import Call, Course, CourseCode, round_name
from app.core import listing
from app.core.db import db
from app.core.i18n import language, localized
from app.core.listing import Listing, Sort
from app.directory import countries
from app.directory.models import HostInstitution, SendingOrganization

S = ApplicationState
ADOPTED = (S.ADOPTED, S.COMPLETED)
ROWS_A_PIECE = 200  # of the file
SORTS = {
    "reference": Sort(func.coalesce(Application.reference, "")),
    "starts": Sort(func.coalesce(Application.starts_on, date(9999, 12, 31), type_=Application.starts_on.type)),
}


@dataclass(frozen=True, slots=True)
class Partner:
    """A sending organization with its country or region, in the reader's language."""

    name: str
    country: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A line of the list."""

    reference: str
    round: str
    theme: str
    host: str
    course: str
    partners: Sequence[Partner]
    people: int
    starts: date | None
    ends: date | None


def is_public() -> Any:
    """Whether anybody may know that a plan is adopted."""
    return and_(Application.state.in_(ADOPTED), Call.released_at.is_not(None), Call.is_draft.is_(False))


def years() -> list[int]:
    """The fiscal years with adopted plans, the newest first."""
    query = select(Call.fiscal_year).join(Application, Application.call_id == Call.id).where(is_public()).distinct()
    return list(db.session.scalars(query.order_by(Call.fiscal_year.desc())))


def _country() -> Any:
    return func.coalesce(SendingOrganization.country, ApplicationPartner.country)


def _of_year(year: int) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = (
        select(
            Application.id,
            Application.reference,
            Application.theme_ja,
            Application.theme_en,
            Application.starts_on,
            Application.ends_on,
            HostInstitution.name_ja.label("host_ja"),
            HostInstitution.name_en.label("host_en"),
            Course.name_ja.label("course_ja"),
            Course.name_en.label("course_en"),
            Call.label.label("round"),
        )
        .join(Call, Call.id == Application.call_id)
        .join(HostInstitution, HostInstitution.id == Application.host_institution_id)
        .join(Course, Course.id == Application.course_id)
        .where(is_public(), Call.fiscal_year == year)
    )
    return query


def listed(year: int, *, course: str = "", country: str = "") -> Select[*tuple[Any, ...]]:
    """The adopted plans of a fiscal year; an unknown word in a filter is ignored."""
    query = _of_year(year)
    if course in list(CourseCode):
        query = query.where(Course.code == CourseCode(course))
    if country in countries.CODES:
        sent_by = select(ApplicationPartner.id).outerjoin(
            SendingOrganization, SendingOrganization.id == ApplicationPartner.organization_id
        )
        query = query.where(
            exists(sent_by.where(ApplicationPartner.application_id == Application.id, _country() == country))
        )
    return query


def page(query: Select[*tuple[Any, ...]], arguments: Mapping[str, str], path: str) -> tuple[Listing, list[Plan]]:
    """A page of the list. Five queries at most, however long it is."""
    found = listing.build(query, key=Application.id, sorts=SORTS, default="reference", arguments=arguments, path=path)
    return found, _plans(found.rows)


def everything(query: Select[*tuple[Any, ...]]) -> Iterator[Plan]:
    """Every plan of the list by number, read piece by piece."""
    rows = list(db.session.execute(query.order_by(Application.reference, Application.id)))
    for start in range(0, len(rows), ROWS_A_PIECE):
        yield from _plans(rows[start : start + ROWS_A_PIECE])


def choices(year: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The courses and the countries and regions that occur in a year, to choose from."""
    courses = (
        select(Course.code, Course.name_ja, Course.name_en)
        .join(Application, Application.course_id == Course.id)
        .join(Call, Call.id == Application.call_id)
        .where(is_public(), Call.fiscal_year == year)
        .distinct()
    )
    from_where = (
        select(_country())
        .select_from(ApplicationPartner)
        .outerjoin(SendingOrganization, SendingOrganization.id == ApplicationPartner.organization_id)
        .join(Application, Application.id == ApplicationPartner.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(is_public(), Call.fiscal_year == year)
        .distinct()
    )
    offered = {row.code.value: localized(row.name_ja, row.name_en) for row in db.session.execute(courses)}
    places = {code: _place(code) for code in db.session.scalars(from_where) if code in countries.CODES}
    return sorted(offered.items()), sorted(places.items(), key=lambda item: item[1])


def _place(code: str) -> str:
    return countries.name(code, language()) if code in countries.CODES else code


def _plans(rows: Sequence[Row[Any]]) -> list[Plan]:
    ids = [row.id for row in rows]
    partners, people, given = _partners(ids), _people(ids), _given(ids)
    return [
        Plan(
            reference=row.reference or "",
            round=round_name(row.round),
            theme=localized(row.theme_ja, row.theme_en),
            host=localized(row.host_ja, row.host_en),
            course=localized(row.course_ja, row.course_en),
            partners=partners.get(row.id, []),
            people=given[row.id].people(people.get(row.id, 0)) if row.id in given else people.get(row.id, 0),
            starts=row.starts_on,
            ends=row.ends_on,
        )
        for row in rows
    ]


def _partners(ids: Sequence[int]) -> dict[int, list[Partner]]:
    query = (
        select(
            ApplicationPartner.application_id,
            func.coalesce(SendingOrganization.name_en, ApplicationPartner.typed_name).label("name"),
            SendingOrganization.name_ja,
            _country().label("country"),
        )
        .outerjoin(SendingOrganization, SendingOrganization.id == ApplicationPartner.organization_id)
        .where(ApplicationPartner.application_id.in_(ids))
        .order_by(ApplicationPartner.position, ApplicationPartner.id)
    )
    found: dict[int, list[Partner]] = {}
    for row in db.session.execute(query):
        name = localized(row.name_ja or "", row.name)
        found.setdefault(row.application_id, []).append(Partner(name, _place(row.country or "")))
    return found


def _people(ids: Sequence[int]) -> dict[int, int]:
    query = select(PlannedPeople.application_id, func.sum(PlannedPeople.number))
    grouped = query.where(PlannedPeople.application_id.in_(ids)).group_by(PlannedPeople.application_id)
    return {application_id: int(number) for application_id, number in db.session.execute(grouped)}


def _given(ids: Sequence[int]) -> dict[int, Granted]:
    found = db.session.scalars(select(Decision).where(Decision.application_id.in_(ids)))
    return {decision.application_id: letters_facts.granted(decision) for decision in found}

"""Every SELECT of the panel's board. A fixed number of them whatever the number of plans."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import joinedload

from app.applications.models import Application, ApplicationPartner, ApplicationState, PlannedPerson
from app.board.measures import Known
from app.board.models import BoardMove, BoardPlace, BoardTarget, BoardVersion
from app.calls.models import Call, Course
from app.core.db import db
from app.directory.models import HostInstitution, SendingOrganization
from app.reviews import marks
from app.reviews.models import Conflict, ReviewAssignment
from app.reviews.scoring_models import Criterion, Review, ReviewScore
from app.reviews.vocabulary import AssignmentState, ReviewState

S = ApplicationState
TAKEN = (S.ADOPTED, S.COMPLETED)


def rounds(limit: int = 24) -> list[Row[Any]]:
    """Rounds in which plans were submitted, the newest first, with their number of plans and of boards."""
    boards = select(func.count(BoardVersion.id)).where(BoardVersion.call_id == Call.id).scalar_subquery()
    query = (
        select(Call.public_id, Call.fiscal_year, Call.label, Call.closes_at, Call.notice_on, Call.released_at)
        .add_columns(func.count(Application.id).label("plans"), boards.label("boards"))
        .join(Application, Application.call_id == Call.id)
        .where(Application.submitted_at.is_not(None), Application.state != S.WITHDRAWN)
        .group_by(Call.id)
    )
    return list(db.session.execute(query.order_by(Call.closes_at.desc(), Call.id.desc()).limit(limit)))


def versions(call: Call) -> list[BoardVersion]:
    """The boards of a round: the panel's first, then the newest."""
    query = select(BoardVersion).where(BoardVersion.call_id == call.id).options(joinedload(BoardVersion.made_by))
    return list(db.session.scalars(query.order_by(BoardVersion.is_panels.desc(), BoardVersion.id.desc())))


def panels(call: Call) -> BoardVersion | None:
    """The panel's board of a round."""
    return db.session.scalar(select(BoardVersion).where(BoardVersion.call_id == call.id, BoardVersion.is_panels))


def _plans() -> Any:
    return (
        select(
            Application.id,
            Application.public_id,
            Application.reference,
            Application.state,
            Application.snapshot,
            Application.host_institution_id,
            HostInstitution.name_ja.label("host_ja"),
            HostInstitution.name_en.label("host_en"),
            HostInstitution.kind,
            Course.code,
        )
        .join(HostInstitution, HostInstitution.id == Application.host_institution_id)
        .join(Course, Course.id == Application.course_id)
        .where(Application.submitted_at.is_not(None))
    )


def plans(call: Call) -> list[Row[Any]]:
    """The plans of a round that are not withdrawn, as they were submitted; by number."""
    query = _plans().where(Application.call_id == call.id, Application.state != S.WITHDRAWN)
    return list(db.session.execute(query.order_by(Application.reference)))


def ids(call: Call) -> dict[str, tuple[int, str]]:
    """Number and reference of the plans on a round's boards, by public id."""
    query = select(Application.public_id, Application.id, Application.reference).where(
        Application.call_id == call.id, Application.submitted_at.is_not(None), Application.state != S.WITHDRAWN
    )
    return {row.public_id: (row.id, row.reference or "") for row in db.session.execute(query)}


def adopted_elsewhere(call: Call) -> list[Row[Any]]:
    """The plans adopted in the other rounds of the same fiscal year."""
    others = select(Call.id).where(Call.fiscal_year == call.fiscal_year, Call.id != call.id)
    query = _plans().where(Application.call_id.in_(others), Application.state.in_(TAKEN))
    return list(db.session.execute(query.order_by(Application.id)))


def named(application_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many people of each sex ("" if not stated) are named, by plan. Plans sent back count none: a draft."""
    query = (
        select(PlannedPerson.application_id, PlannedPerson.sex, func.count().label("number"))
        .join(Application, Application.id == PlannedPerson.application_id)
        .where(PlannedPerson.application_id.in_(application_ids), Application.state != S.RETURNED)
        .group_by(PlannedPerson.application_id, PlannedPerson.sex)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for application_id, sex, number in db.session.execute(query):
        found[application_id][sex.value if sex else ""] = number
    return dict(found)


def known_before(fiscal_year: int) -> Known:
    """Hosts, countries and kinds of host that had an adopted plan in an earlier fiscal year."""
    earlier = select(Call.id).where(Call.fiscal_year < fiscal_year)
    taken = (Application.call_id.in_(earlier), Application.state.in_(TAKEN))
    hosts = db.session.execute(
        select(HostInstitution.id, HostInstitution.kind)
        .join(Application, Application.host_institution_id == HostInstitution.id)
        .where(*taken)
        .distinct()
    ).all()
    country = func.coalesce(SendingOrganization.country, ApplicationPartner.country)
    countries = db.session.scalars(
        select(country)
        .select_from(ApplicationPartner)
        .join(Application, Application.id == ApplicationPartner.application_id)
        .outerjoin(SendingOrganization, SendingOrganization.id == ApplicationPartner.organization_id)
        .where(*taken)
        .distinct()
    )
    return Known(
        hosts=frozenset(row.id for row in hosts),
        countries=frozenset(countries) - {""},
        kinds=frozenset(row.kind.value for row in hosts),
    )


def scores(call: Call) -> dict[int, marks.Summary]:
    """What the experts' handed-in sheets come to, by plan. Sheets set aside, or in conflict by now, do not count."""
    weights: dict[int, dict[str, int]] = defaultdict(dict)
    course_of_plan = select(Application.course_id).where(Application.call_id == call.id)
    for criterion in db.session.scalars(select(Criterion).where(Criterion.course_id.in_(course_of_plan))):
        weights[criterion.course_id][criterion.key] = criterion.weight
    in_conflict = select(Conflict.id).where(
        Conflict.reviewer_id == ReviewAssignment.reviewer_id,
        Conflict.application_id == ReviewAssignment.application_id,
    )
    query = (
        select(
            ReviewAssignment.application_id,
            ReviewAssignment.reviewer_id,
            Application.course_id,
            Criterion.key,
            ReviewScore.mark,
        )
        .join(Review, Review.assignment_id == ReviewAssignment.id)
        .join(ReviewScore, ReviewScore.review_id == Review.id)
        .join(Criterion, Criterion.id == ReviewScore.criterion_id)
        .join(Application, Application.id == ReviewAssignment.application_id)
        .where(
            Application.call_id == call.id,
            Review.state == ReviewState.SUBMITTED,
            ReviewScore.mark.is_not(None),
            ReviewAssignment.state != AssignmentState.SET_ASIDE,
            ~in_conflict.exists(),
        )
    )
    sheets: dict[tuple[int, int, int], dict[str, int]] = defaultdict(dict)
    for row in db.session.execute(query):
        sheets[row.application_id, row.reviewer_id, row.course_id][row.key] = row.mark
    found = []
    for (plan, expert, course), given in sheets.items():
        value = marks.value_of(given, weights[course])
        if value is not None:
            found.append(marks.Score(plan, expert, value))
    return marks.summaries(found)


def names_of(kept: Sequence[BoardVersion]) -> dict[int, str]:
    """The names of boards by number: what a copy was made from is among them."""
    return {version.id: version.name for version in kept}


def version_by_number(number: int) -> BoardVersion | None:
    """A board by its number, as it is stored now."""
    return db.session.get(BoardVersion, number, populate_existing=True)


def version_of(call: Call, public_id: str) -> BoardVersion | None:
    """A board of a round by its public id."""
    query = select(BoardVersion).where(BoardVersion.call_id == call.id, BoardVersion.public_id == public_id)
    return db.session.scalar(query)


def places(version: BoardVersion) -> list[BoardPlace]:
    """Where plans stand on a board, down the board."""
    query = select(BoardPlace).where(BoardPlace.board_version_id == version.id)
    return list(db.session.scalars(query.order_by(BoardPlace.position, BoardPlace.id)))


def moves(version: BoardVersion, *, plan: int | None = None, after: int = 0, limit: int = 200) -> list[BoardMove]:
    """Moves on a board, the newest first: of one plan, or those after a version of the board."""
    query = select(BoardMove).where(BoardMove.board_version_id == version.id, BoardMove.number > after)
    if plan is not None:
        query = query.where(BoardMove.application_id == plan)
    return list(
        db.session.scalars(query.options(joinedload(BoardMove.application)).order_by(BoardMove.id.desc()).limit(limit))
    )


def targets(fiscal_year: int) -> list[BoardTarget]:
    """The targets of a fiscal year in their order."""
    query = select(BoardTarget).where(BoardTarget.fiscal_year == fiscal_year)
    return list(db.session.scalars(query.order_by(BoardTarget.position, BoardTarget.id)))


def target(fiscal_year: int, measure: str) -> BoardTarget | None:
    """The target of a year for a measure."""
    return db.session.scalar(
        select(BoardTarget).where(BoardTarget.fiscal_year == fiscal_year, BoardTarget.measure == measure)
    )


def targets_before(fiscal_year: int) -> list[BoardTarget]:
    """The targets of the latest earlier fiscal year that has some."""
    latest = select(func.max(BoardTarget.fiscal_year)).where(BoardTarget.fiscal_year < fiscal_year)
    found = db.session.scalar(latest)
    return targets(found) if found is not None else []

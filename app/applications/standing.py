"""Where a plan stands: its steps from writing to the visit, as its own institution may know them. Pure.

A plan that is decided but not released stands exactly where one under review does.
"""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.models import Application, ApplicationState
from app.applications.workflow import APPLICATION
from app.calls import progress
from app.calls.progress import Reach, Stop
from app.core.i18n import day, exact_moment

S = ApplicationState
STEPS: tuple[tuple[str, Any], ...] = (
    ("writing", _l("Written")),
    ("submitted", _l("Submitted")),
    ("check", _l("Formal check")),
    ("review", _l("Review")),
    ("result", _l("Result of the review")),
    ("visit", _l("Visit")),
)
AT = {
    S.DRAFT: "writing",
    S.SUBMITTED: "check",
    S.RETURNED: "check",
    S.UNDER_REVIEW: "review",
    S.DECIDED: "review",
    S.RESERVE: "result",
    S.DECLINED: "result",
    S.ADOPTED: "visit",
    S.COMPLETED: "",
}
ENDS_WITH_RESULT = (S.DECLINED,)


def of(application: Application, at: datetime) -> list[Stop]:
    """The steps of a plan at an instant; of a withdrawn one only those it made for certain."""
    if application.state is S.WITHDRAWN:
        return _withdrawn(application)
    current = AT[application.state]
    names = [name for name, _label in STEPS]
    place = names.index(current) if current else len(names)
    notes = _notes(application, at)
    found = [Stop(name, label, _reach(index, place), notes.get(name, ())) for index, (name, label) in enumerate(STEPS)]
    return found[: place + 1] if application.state in ENDS_WITH_RESULT else found


def _reach(index: int, place: int) -> Reach:
    if index == place:
        return Reach.NOW
    return Reach.DONE if index < place else Reach.LATER


def _withdrawn(application: Application) -> list[Stop]:
    made = [Stop("writing", STEPS[0][1], Reach.DONE)]
    if application.submitted_at is not None:
        made.append(Stop("submitted", STEPS[1][1], Reach.DONE, (exact_moment(application.submitted_at),)))
    return [*made, Stop("withdrawn", APPLICATION.states[S.WITHDRAWN].label, Reach.NOW)]


def _notes(application: Application, at: datetime) -> dict[str, tuple[str, ...]]:
    notes: dict[str, tuple[str, ...]] = {}
    if application.state is S.DRAFT:
        notes["writing"] = (_("Submissions until %(closing)s", closing=exact_moment(application.call.closes_at)),)
    if application.submitted_at is not None:
        notes["submitted"] = (exact_moment(application.submitted_at),)
    if application.state is S.RETURNED:
        notes["check"] = (_returned(application),)
    if application.released_at is not None:
        outcome = APPLICATION.states[S.ADOPTED if application.state is S.COMPLETED else application.state].label
        notes["result"] = (str(outcome), exact_moment(application.released_at))
    elif application.state is not S.DRAFT:
        late = progress.is_late(application.call.notice_on, at)
        expected = _("Expected: %(day)s", day=day(application.call.notice_on))
        notes["result"] = (expected, _("The results are not released yet.")) if late else (expected,)
    if application.starts_on is not None and application.ends_on is not None:
        first, last = day(application.starts_on), day(application.ends_on)
        notes["visit"] = (_("%(first)s to %(last)s", first=first, last=last),)
    return notes


def _returned(application: Application) -> str:
    if application.return_due_on is None:
        return str(APPLICATION.states[S.RETURNED].label)
    return _("Returned for correction, due on %(day)s", day=day(application.return_due_on))

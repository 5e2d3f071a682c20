"""What several pages of visits do alike."""

from collections.abc import Mapping
from typing import Any

from flask import render_template

from app.core import conflict
from app.core.errors import NotFound, Stale, TransitionNotAllowed
from app.core.web import load
from app.visits import queries
from app.visits.models import Participation, ScheduleItem, Visit
from app.visits.workflow import VISIT


def visit_for(visit_id: str, permission: str) -> Visit:
    """The visit with all its page reads, if it exists for the reader under that permission."""
    visit: Visit = load(Visit, visit_id, permission, *queries.FOR_PAGE)
    return visit


def editable_visit_for(visit_id: str, permission: str) -> Visit:
    """As `visit_for`, for pages that change something: 409 once the visit is over or cancelled."""
    visit = visit_for(visit_id, permission)
    if not VISIT.is_editable(visit):
        raise TransitionNotAllowed()
    return visit


def row_of(visit: Visit, model: type[Any], row_id: str, permission: str) -> Any:
    """A line or a person of this very visit."""
    row: ScheduleItem | Participation = load(model, row_id, permission)
    if row.visit_id != visit.id:
        raise NotFound()
    return row


def stale_form(template: str, form: Any, stored: Mapping[str, Any], version: int, **context: Any) -> tuple[str, int]:
    """The form again (409) with what its reader typed, beside it what somebody else stored meanwhile.

    Sent once more, it replaces that knowingly.
    """
    theirs = conflict.differences(form, stored, version)
    return render_template(template, form=form, theirs=theirs, stale=True, **context), Stale.status


def columns(form: Any, row: Any) -> dict[str, Any]:
    """What a row has stored for the fields of a form of the same names."""
    return {name: getattr(row, name) for name in form.payload() if hasattr(row, name)}

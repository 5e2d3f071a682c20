"""The list of visits and its way out."""

from typing import Any

from flask import request

from app.core.lists import page as lists
from app.core.lists import year
from app.core.lists.views import take
from app.core.web import Answer, current_actor, permission_required
from app.visits import lists as visit_lists
from app.visits.views.blueprint import bp
from app.visits.workflow import VISIT


def year_argument() -> int | None:
    """The fiscal year asked for, None for none or nonsense."""
    found: int | None = year(request.args.get("year", ""))
    return found


def host_choices() -> list[tuple[str, str]]:
    """Host institutions whose visits the reader sees."""
    return visit_lists.host_choices(current_actor())


@bp.get("/visits")
@permission_required("visit:view")
def index() -> Answer:
    return lists.answer(visit_lists.VISITS, "visits/index.html", lambda _page: {"workflow": VISIT})


@bp.route("/visits/export", methods=["GET", "POST"])
@permission_required("visit:view")
def export() -> Any:
    return take(visit_lists.VISITS)

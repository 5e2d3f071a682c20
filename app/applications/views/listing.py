"""The list of plans and its way out."""

from typing import Any

from app.applications import queries
from app.applications.lists import APPLICATIONS, sees_hosts
from app.applications.views.blueprint import bp
from app.applications.workflow import shown_state
from app.core.lists import page as lists
from app.core.lists.views import take
from app.core.web import Answer, current_actor, permission_required


@bp.get("")
@permission_required("application:view")
def index() -> Answer:
    actor = current_actor()
    inside = queries.is_inside(actor)
    states = {state: shown_state(state, inside=inside) for state in queries.states_known_to(actor)}
    more = {"states": states, "sees_hosts": sees_hosts(actor), "inside": inside}
    return lists.answer(APPLICATIONS, "applications/index.html", lambda _page: more)


@bp.route("/export", methods=["GET", "POST"])
@permission_required("application:export")
def export() -> Any:
    """The filtered list as a file, with a reason that stays in the audit log; JST proves the password anew."""
    return take(APPLICATIONS)

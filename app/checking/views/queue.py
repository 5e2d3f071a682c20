"""The queue of plans that wait for their formal check."""

from flask import request

from app.calls.models import round_title
from app.checking import claims, queue_queries, repeats
from app.checking.blueprint import bp
from app.checking.lists import QUEUE
from app.checking.queue_queries import Filters
from app.core.lists.page import ListPage, answer
from app.core.web import Answer, current_actor, permission_required


def filters_given() -> Filters:
    """What the address narrows the queue to."""
    return Filters(*(request.args.get(name, "")[:40] for name in ("call", "course", "found", "held", "q")))


def _beside(page: ListPage) -> dict[str, object]:
    """What stands beside the rows of the page."""
    return {
        "filters": filters_given(),
        "round_title": round_title,
        "repeated": queue_queries.repeated(page.rows),
        "of_hosts": repeats.count_of_hosts(page.rows),
        "taken": claims.taken_from(current_actor()),
    }


@bp.get("")
@permission_required("application:check")
def index() -> Answer:
    return answer(QUEUE, "checking/index.html", _beside)

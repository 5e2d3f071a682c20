"""Where a round stands, for everybody: a page of the calls that knows the number of plans."""

from flask import render_template

from app.applications import round_queries
from app.calls import progress, timing
from app.calls import queries as calls
from app.calls.blueprint import bp
from app.core import clock
from app.core.errors import NotFound
from app.core.web import Answer, actor_or_none, public


@bp.get("/<string:call_id>/status")
@public
def status(call_id: str) -> Answer:
    """Steps, days and, once the round is closed, counts that speak of no single plan."""
    call = calls.call(actor_or_none(), call_id)
    if call is None:
        raise NotFound()
    now = clock.now()
    is_closed = timing.phase(call, now) is timing.Phase.CLOSED
    numbers = round_queries.numbers(call) if is_closed else progress.Numbers()
    return render_template(
        "applications/round_status.html",
        call=call,
        stops=progress.of_round(call, numbers, now),
        told=progress.in_words(call, now),
        numbers=numbers,
        is_closed=is_closed,
        fewest=progress.FEWEST_SHOWN,
        timing=timing,
        now=now,
    )

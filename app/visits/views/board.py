"""The calendar board: all visits of a fiscal year, who is in Japan now, who comes next."""

from flask import render_template, request

from app.core import clock
from app.core.i18n import language
from app.core.web import Answer, current_actor, permission_required
from app.directory import prefectures
from app.visits import board as boards
from app.visits import queries
from app.visits.views.blueprint import bp
from app.visits.views.listing import host_choices, year_argument
from app.visits.workflow import VISIT


@bp.get("/visits/board")
@permission_required("visit:view")
def board() -> Answer:
    actor, today = current_actor(), clock.today()
    filters = {
        "host": request.args.get("host", ""),
        "prefecture": request.args.get("prefecture", "")[:2],
        "course": request.args.get("course", ""),
    }
    hosts = host_choices()
    drawn = boards.of_year(actor, year_argument() or clock.fiscal_year(today), by_host=bool(hosts), **filters)
    return render_template(
        "visits/board.html",
        board=drawn,
        presence=boards.presence(actor, today),
        filters=filters,
        years=queries.years(actor),
        hosts=hosts,
        prefectures=prefectures.choices(language()),
        courses=boards.course_choices(),
        today=today,
        workflow=VISIT,
    )

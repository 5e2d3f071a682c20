"""For programs: a plan judged by the rules of its course, and the page that says how to ask."""

import json
from datetime import timedelta
from typing import Any

from flask import Response, abort, jsonify, render_template, request
from flask_babel import gettext as _

from app.applications import judging, plan_json, queries
from app.applications.views.shared import application_for, as_known
from app.applications.workbook import words
from app.applications.workbook.layout import SHEETS
from app.calls.models import CourseCode
from app.calls.rule_api import bp
from app.calls.vocabulary import HOST_KINDS
from app.core import limits
from app.core.errors import Refused
from app.core.refusals import answers_json
from app.core.transaction import only_reads
from app.core.web import Answer, csrf, current_actor, permission_required, public

MOST_BYTES = 256 * 1024
JUDGED_PER_HOUR = 1000
HOUR = timedelta(hours=1)

EXAMPLE = {
    "fiscal_year": 2026,
    "course": "A",
    "round": "1",
    "host_kind": "university",
    "plan": {
        "itinerary": {
            "fields": {"starts_on": "2026-09-01", "ends_on": "2026-09-08", "airport_distance_km": 60},
            "rows": [{"day": 1, "starts_at": "09:30", "kind": "arrival", "title": "Arrival"}],
        },
        "partners": {"rows": [{"organization": "Tribhuvan University", "country": "NP"}]},
        "people": {"rows": [{"partner": 1, "category": "undergraduate", "role": "invitee", "number": 7}]},
        "safety": {"fields": {"online_if_impossible": True}},
    },
}


@bp.get("")
@public
def index() -> Answer:
    """How programs read the rules and have plans judged."""
    return render_template(
        "applications/api.html",
        sheets=SHEETS,
        columns_of=plan_json.columns_of,
        words=words.LABELS,
        courses=list(CourseCode),
        host_kinds=HOST_KINDS,
        example=json.dumps(EXAMPLE, indent=1),
        most_kilobytes=MOST_BYTES // 1024,
        per_hour=JUDGED_PER_HOUR,
    )


@bp.post("/judge")
@csrf.exempt
@answers_json
@only_reads
@permission_required("rules:view")
def judge() -> Response:
    """The verdicts on a plan that is sent along. Nothing is stored, hence no token; but it must be sent as JSON, which
    no foreign page can do.
    """
    limits.hit("rules:judge", str(current_actor().id), JUDGED_PER_HOUR, HOUR)
    return jsonify(judging.of(judging.asked(_sent())))


def _sent() -> Any:
    if not request.is_json:
        abort(415)
    request.max_content_length = MOST_BYTES
    try:
        return json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError) as fault:
        raise Refused({"": [_("This is no JSON that can be read.")]}) from fault


@bp.get("/plans/<string:application_id>")
@answers_json
@permission_required("application:view")
def plan(application_id: str) -> Response:
    """A stored plan as `judge` takes it."""
    application = as_known(application_for(application_id, "application:view"))
    return jsonify(judging.question(application, with_contacts=queries.sees_contacts(current_actor())))


@bp.get("/plans/<string:application_id>/verdicts")
@answers_json
@permission_required("application:view")
def verdicts(application_id: str) -> Response:
    """What the rules say of a stored plan: now, or as they said when it was submitted."""
    return jsonify(judging.of_stored(as_known(application_for(application_id, "application:view"))))

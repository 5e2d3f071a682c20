"""The directory alumni keep for one another, and the profile as JST sees it."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask import render_template

from app.alumni import queries
from app.alumni.blueprint import bp
from app.alumni.lists import DIRECTORY
from app.alumni.models import Alumnus, Audience
from app.alumni.profile import FIELDS, audience_of, facts
from app.alumni.workflow import ALUMNUS
from app.core import audit, limits
from app.core.lists import page as lists
from app.core.web import Answer, current_actor, load, permission_required

PROFILES_PER_HOUR = 60  # security contract, story U19: the directory is not to be harvested
IN_THE_LIST = ("affiliation", "position", "country", "city", "field_of_science")


@bp.get("")
@permission_required("alumnus:directory")
def directory() -> Answer:
    return lists.answer(DIRECTORY, "alumni/directory.html", _people)


def _people(page: lists.ListPage) -> dict[str, Any]:
    """Those listed, each with what they show to one another."""
    return {
        "people": [
            SimpleNamespace(
                public_id=row.public_id,
                surname=row.surname,
                given_names=row.given_names,
                native_name=row.native_name,
                facts=facts(row, Audience.ALUMNI, IN_THE_LIST),
            )
            for row in page.rows
        ]
    }


@bp.get("/people/<string:alumnus_id>")
@permission_required("alumnus:directory")
def person(alumnus_id: str) -> Answer:
    limits.hit("alumni:profile", str(current_actor().id), PROFILES_PER_HOUR, timedelta(hours=1))
    alumnus = load(Alumnus, alumnus_id, "alumnus:directory")
    return render_template("alumni/person.html", invitee=alumnus.invitee, facts=facts(alumnus, Audience.ALUMNI))


@bp.get("/profiles/<string:alumnus_id>")
@permission_required("alumnus:view")
def profile(alumnus_id: str) -> Answer:
    alumnus = load(Alumnus, alumnus_id, "alumnus:view")
    return render_template(
        "alumni/profile.html",
        alumnus=alumnus,
        invitee=alumnus.invitee,
        state=ALUMNUS.states[alumnus.state],
        rows=facts(alumnus, Audience.ONLY_ME),
        circles={FIELDS[field]: audience_of(alumnus, field).label for field in FIELDS},
        visits=queries.visits_of(alumnus.invitee_id),
        returns=queries.returns_of(current_actor(), alumnus.invitee_id),
        history=audit.timeline(alumnus, limit=20),
    )

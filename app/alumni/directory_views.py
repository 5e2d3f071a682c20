"""The directory alumni keep for one another, and the profile as JST sees it."""

from datetime import timedelta
from types import SimpleNamespace

from flask import render_template, request, url_for

from app.alumni import queries
from app.alumni.blueprint import bp
from app.alumni.models import Alumnus, Audience
from app.alumni.profile import FIELDS, audience_of, facts
from app.alumni.workflow import ALUMNUS
from app.core import audit, limits, listing
from app.core.i18n import language
from app.core.web import Answer, current_actor, load, permission_required
from app.directory import countries

PROFILES_PER_HOUR = 60  # security contract, story U19: the directory is not to be harvested
IN_THE_LIST = ("affiliation", "position", "country", "city", "field_of_science")


@bp.get("")
@permission_required("alumnus:directory")
def directory() -> Answer:
    text, country = request.args.get("q", "").strip()[:100], request.args.get("country", "")[:2]
    page = listing.build(
        queries.directory(current_actor(), text=text, country=country),
        key=Alumnus.id,
        sorts=queries.DIRECTORY_SORTS,
        default="name",
        arguments=request.args.to_dict(),
        path=url_for(".directory"),
    )
    people = [
        SimpleNamespace(
            public_id=row.public_id,
            surname=row.surname,
            given_names=row.given_names,
            native_name=row.native_name,
            facts=facts(row, Audience.ALUMNI, IN_THE_LIST),
        )
        for row in page.rows
    ]
    return render_template(
        "alumni/directory.html",
        listing=page,
        people=people,
        text=text,
        country=country,
        countries=countries.choices(language()),
    )


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

"""What changed since the last submission: for the host while correcting, for JST once the plan is back."""

from flask import render_template

from app.applications import change_authors, changes, queries
from app.applications.models import ApplicationState
from app.applications.views.blueprint import bp
from app.applications.views.shared import application_for, as_known, sees_draft
from app.core.web import Answer, current_actor, permission_required


@bp.get("/<string:application_id>/changes")
@permission_required("application:view")
def changed(application_id: str) -> Answer:
    application = application_for(application_id, "application:view")
    found = changes.pair(application, sees_draft=sees_draft(application))
    with_contacts = queries.sees_contacts(current_actor())
    is_draft = application.state is ApplicationState.RETURNED and sees_draft(application)
    # What JST asks for now says nothing of the submissions before.
    speaks_of_this = is_draft or application.state is not ApplicationState.RETURNED
    remarks = application.return_sections if speaks_of_this else None
    authors = (
        change_authors.since(application, application.submitted_at)
        if is_draft
        else change_authors.between_submissions(application)
    )
    return render_template(
        "applications/changes.html",
        application=as_known(application),
        compared=changes.compare(*found, remarks=remarks, with_contacts=with_contacts) if found else None,
        authors=authors,
        is_draft=is_draft,
    )

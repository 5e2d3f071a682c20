"""The calendar of a visit: its secret address, and what stands there."""

from flask import current_app, render_template
from flask_babel import gettext as _

from app.core import calendar_file, crypto
from app.core.errors import NotFound
from app.core.forms import ConfirmForm
from app.core.web import Answer, current_actor, done, permission_required, public, render_form
from app.visits import calendar_feed, queries, service
from app.visits.views.blueprint import bp
from app.visits.views.shared import visit_for


@bp.route("/visits/<string:visit_id>/calendar", methods=["GET", "POST"])
@permission_required("visit:schedule")
def calendar(visit_id: str) -> Answer:
    visit = visit_for(visit_id, "visit:schedule")
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_form("visits/calendar.html", form, visit=visit, address=None)
    token = service.open_calendar(current_actor(), visit)
    # The address is shown this once and kept nowhere, so there is no page to redirect to.
    address = f"{current_app.config['BASE_URL'].rstrip('/')}/calendar/{token}.ics"
    return render_template("visits/calendar.html", form=ConfirmForm(formdata=None), visit=visit, address=address)


@bp.post("/visits/<string:visit_id>/calendar/close")
@permission_required("visit:schedule")
def close_calendar(visit_id: str) -> Answer:
    visit = visit_for(visit_id, "visit:schedule")
    service.close_calendar(current_actor(), visit)
    return done(_("The calendar's address no longer works."), ".show", visit_id=visit.public_id)


@bp.get("/calendar/<string:token>.ics")
@public
def calendar_feed_file(token: str) -> Answer:
    visit = queries.by_calendar_token(crypto.token_hash(token))
    if visit is None:
        raise NotFound()
    return calendar_file.answer(calendar_feed.build(visit, domain=calendar_file.domain()), str(visit.reference))

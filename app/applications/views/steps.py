"""What a plan needs by when: the checklist, its ticks, and its calendar."""

from typing import Any

from flask import Response, current_app, render_template, url_for
from flask_babel import gettext as _

from app.applications import queries, step_calendar, step_queries, step_service, steps
from app.applications.forms import StepForm
from app.applications.models import Application
from app.applications.views.blueprint import bp
from app.applications.views.shared import application_for, as_known
from app.applications.workflow import shown_state
from app.core import calendar_file, clock, crypto
from app.core.errors import NotFound, Refused
from app.core.forms import ConfirmForm
from app.core.web import (
    Answer,
    blame,
    current_actor,
    done,
    may,
    permission_required,
    public,
    redirect,
    render_form,
)
from app.directory import countries


def _page(application: Application, form: StepForm) -> Answer:
    checklist = steps.of(application)
    return render_form(
        "applications/steps.html",
        form,
        application=application,
        state=shown_state(application.state, inside=queries.is_inside(current_actor())),
        checklist=checklist,
        is_ended=steps.is_ended(application),
        may_mark=may("application:edit", application) and not steps.is_ended(application),
        may_read_mails=may("mail:view", application),
        country_name=countries.name,
        today=clock.today(),
    )


@bp.get("/<string:application_id>/steps", endpoint="steps")
@permission_required("application:view")
def show_steps(application_id: str) -> Answer:
    return _page(as_known(application_for(application_id, "application:view")), StepForm(formdata=None))


@bp.post("/<string:application_id>/steps/mark")
@permission_required("application:edit")
def mark_step(application_id: str) -> Answer:
    application, form = application_for(application_id, "application:edit"), StepForm()
    if not form.validate_on_submit():
        return _page(application, form)
    code = str(form.step.data)
    try:
        step_service.mark(current_actor(), application, code, is_done=form.done.data == "yes")
    except Refused as refusal:
        blame(form, refusal)
        return _page(application, form)
    return redirect(url_for(".steps", application_id=application.public_id, _anchor=f"step-{code}"))


@bp.get("/<string:application_id>/steps.ics")
@permission_required("application:view")
def steps_file(application_id: str) -> Answer:
    """The latest dates as they stand now, as a file."""
    return _calendar(as_known(application_for(application_id, "application:view")), "attachment")


@bp.route("/<string:application_id>/steps/calendar", methods=["GET", "POST"])
@permission_required("application:edit")
def steps_calendar(application_id: str) -> Answer:
    application, form = application_for(application_id, "application:edit"), ConfirmForm()
    page: dict[str, Any] = {"application": application, "is_open": step_queries.calendar_of(application) is not None}
    if not form.validate_on_submit():
        return render_form("applications/steps_calendar.html", form, address=None, **page)
    token = step_service.open_calendar(current_actor(), application)
    # The address is shown this once and kept nowhere, so there is no page to redirect to.
    address = f"{current_app.config['BASE_URL'].rstrip('/')}{url_for('.steps_feed', token=token)}"
    page["is_open"] = True
    return render_template("applications/steps_calendar.html", form=ConfirmForm(formdata=None), address=address, **page)


@bp.post("/<string:application_id>/steps/calendar/close")
@permission_required("application:edit")
def close_steps_calendar(application_id: str) -> Answer:
    application = application_for(application_id, "application:edit")
    step_service.close_calendar(current_actor(), application)
    return done(_("The calendar's address no longer works."), ".steps", application_id=application.public_id)


@bp.get("/calendar/<string:token>.ics")
@public
def steps_feed(token: str) -> Answer:
    application = step_queries.by_calendar_token(crypto.token_hash(token))
    if application is None:
        raise NotFound()
    return _calendar(application, "inline")


def _calendar(application: Application, disposition: str) -> Response:
    content = step_calendar.build(application, steps.of(application).steps, domain=calendar_file.domain())
    return calendar_file.answer(content, f"{application.reference or application.public_id}-steps", disposition)

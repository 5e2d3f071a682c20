"""Beginning a plan: empty, from an earlier plan of the institution, or from an example."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.applications import copying, document, example_plans, queries, service
from app.applications.forms import CopyForm, StartForm
from app.applications.models import Application
from app.applications.views.blueprint import bp
from app.applications.views.shared import application_for
from app.calls import queries as calls
from app.core import clock
from app.core.errors import Refused
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, permission_required, render_form

EXAMPLE = "example:"


@bp.route("/new", methods=["GET", "POST"])
@permission_required("application:create")
def new() -> Answer:
    """The first page of a plan. `?course=` and `?origin=` choose beforehand."""
    actor = current_actor()
    hosts = queries.institutions(actor.institution_ids("application:create"))
    rounds = calls.open_calls(clock.now())
    form = StartForm()
    form.offer(hosts, _origins(hosts), request.args.get("origin", ""))
    form.offer_rounds(rounds, request.args.get("course", ""))
    page = {"hosts": hosts, "rounds": rounds}
    if not form.validate_on_submit():
        return render_form("applications/new.html", form, **page)
    try:
        return redirect(once(form.key.data or "", actor.id, lambda: _first_section(_start(form, hosts, rounds))))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("applications/new.html", form, **page)


def _origins(hosts: list[Any]) -> list[tuple[str, str]]:
    """What a plan can start from: the plans submitted last, then the examples."""
    names_host = len(hosts) > 1
    plans = [
        (plan.public_id, _plan_line(plan, names_host=names_host))
        for plan in queries.latest_plans_of([host.id for host in hosts])
    ]
    examples = [
        (f"{EXAMPLE}{example.name}", _("Example: %(theme)s", theme=example.theme)) for example in example_plans.every()
    ]
    return plans + examples


def _plan_line(plan: Application, *, names_host: bool) -> str:
    parts = [plan.reference, plan.theme, document.call_name(plan), plan.host_institution.name if names_host else ""]
    return " · ".join(part for part in parts if part)


def _start(form: StartForm, hosts: list[Any], rounds: list[Any]) -> Application:
    actor, chosen = current_actor(), form.origin.data or ""
    call, course = form.chosen(rounds)
    host = next(host for host in hosts if host.public_id == form.host.data)
    if not chosen:
        return service.start(actor, call=call, course=course, host=host)
    if chosen.startswith(EXAMPLE):
        example = example_plans.named(chosen.removeprefix(EXAMPLE))
        return example_plans.begin(actor, example, call=call, course=course, host=host)
    origin = application_for(chosen, "application:create")
    if origin.host_institution_id != host.id:
        raise Refused({"origin": [_("This plan is one of another institution.")]})
    return copying.copy(actor, origin, call=call, course=course)


def _first_section(made: Application) -> str:
    return url_for(".edit", application_id=made.public_id, section="overview")


@bp.route("/<string:application_id>/copy", methods=["GET", "POST"])
@permission_required("application:create")
def copy(application_id: str) -> Answer:
    """A plan as the start of a new one, in a round that is open now."""
    origin = application_for(application_id, "application:create")
    rounds = calls.open_calls(clock.now())
    form = CopyForm()
    form.offer_rounds(rounds)
    page = {
        "application": origin,
        "rounds": rounds,
        "entered": copying.entered_elsewhere(origin) if copying.is_entered_elsewhere(origin) else "",
    }
    if not form.validate_on_submit():
        return render_form("applications/copy.html", form, **page)

    def make() -> str:
        call, course = form.chosen(rounds)
        made = copying.copy(current_actor(), origin, call=call, course=course)
        return url_for(".show", application_id=made.public_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, make))
    except Refused as refusal:
        blame(form, refusal)
        return render_form("applications/copy.html", form, **page)


@bp.get("/examples")
@permission_required("application:create")
def examples() -> Answer:
    """Made-up plans to read and to begin with."""
    return render_template("applications/examples.html", examples=example_plans.every(), prefix=EXAMPLE)

"""Pages on later closings of a round, and the ledger of outages they are measured by."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.calls import extension
from app.calls import extension_queries as queries
from app.calls.blueprint import bp
from app.calls.extension_forms import ExtensionForm
from app.calls.models import Call, CallExtension
from app.core import clock, heartbeat
from app.core.errors import Refused
from app.core.forms import CommentForm, ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, load, permission_required, render_form


@bp.get("/outages")
@permission_required("outage:view")
def outages() -> Answer:
    found = heartbeat.outages()
    return render_template(
        "calls/outages.html", outages=found, open_during=queries.open_during(found), last_beat=heartbeat.last_beat()
    )


@bp.route("/<string:call_id>/extension", methods=["GET", "POST"])
@permission_required("call:extend")
def propose_extension(call_id: str) -> Answer:
    call = load(Call, call_id, "call:extend")
    now = clock.now()
    suggested = extension.suggested_minutes(call, now)
    form = ExtensionForm(data={"minutes": suggested or None})
    page = {"call": call, "suggested": suggested, "can_extend": extension.can_extend(call, now)}
    if not form.validate_on_submit():
        return render_form("calls/propose_extension.html", form, **page)

    def make() -> None:
        extension.propose(current_actor(), call, **form.payload())
        flash(_("The extension is proposed. A second person must approve it."), "success")

    return _do(form, call, make, "calls/propose_extension.html", page)


def _do(form: Any, call: Call, verb: Callable[[], None], template: str, page: dict[str, Any]) -> Answer:
    """Run a verb once and lead back to the round; refusals stand on the form."""

    def run() -> str:
        verb()
        return url_for(".show", call_id=call.public_id)

    try:
        return redirect(once(form.key.data or "", current_actor().id, run))
    except Refused as refusal:
        blame(form, refusal)
        return render_form(template, form, **page)


def _page(found: CallExtension) -> dict[str, Any]:
    """What the page of a decision shows."""
    return {
        "extension": found,
        "call": found.call,
        "closing": extension.new_closing(found.call, found.minutes),
        "proposer": accounts.person(found.proposed_by_id).name,
        "is_own": found.proposed_by_id == current_actor().id,
        "is_open": found.state is extension.S.PROPOSED and extension.can_extend(found.call, clock.now()),
    }


@bp.route("/extensions/<string:extension_id>/approve", methods=["GET", "POST"])
@permission_required("call:approve-extension")
def approve_extension(extension_id: str) -> Answer:
    found = load(CallExtension, extension_id, "call:approve-extension")
    form, page = ConfirmForm(), _page(found) | {"verb": "approve"}
    if not form.validate_on_submit():
        return render_form("calls/decide_extension.html", form, **page)

    def approve() -> None:
        extension.approve(current_actor(), found)
        flash(_("The round closes later now. Everybody who works on a plan in it has been told."), "success")

    return _do(form, found.call, approve, "calls/decide_extension.html", page)


@bp.route("/extensions/<string:extension_id>/reject", methods=["GET", "POST"])
@permission_required("call:approve-extension")
def reject_extension(extension_id: str) -> Answer:
    found = load(CallExtension, extension_id, "call:approve-extension")
    form, page = CommentForm(), _page(found) | {"verb": "reject"}
    if not form.validate_on_submit():
        return render_form("calls/decide_extension.html", form, **page)

    def reject() -> None:
        extension.reject(current_actor(), found, form.comment.data or "")
        flash(_("The proposal is rejected; the closing stays where it is."), "success")

    return _do(form, found.call, reject, "calls/decide_extension.html", page)


@bp.route("/extensions/<string:extension_id>/withdraw", methods=["GET", "POST"])
@permission_required("call:extend")
def withdraw_extension(extension_id: str) -> Answer:
    found = load(CallExtension, extension_id, "call:extend")
    form, page = ConfirmForm(), _page(found) | {"verb": "withdraw"}
    if not form.validate_on_submit():
        return render_form("calls/decide_extension.html", form, **page)

    def withdraw() -> None:
        extension.withdraw(current_actor(), found)
        flash(_("The proposal is withdrawn."), "success")

    return _do(form, found.call, withdraw, "calls/decide_extension.html", page)

"""The host's side of a partner's own part: invite, remind, take back, and fill it in on the partner's behalf."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.applications import document, partner_filling, partner_marks, partner_part, partner_service, plan_service
from app.applications.models import Application, ApplicationPartner
from app.applications.partner_forms import OnBehalfForm, PartnerVerbForm
from app.applications.views.blueprint import bp
from app.applications.views.comparing import differences
from app.applications.views.shared import application_for
from app.core.authz import Actor
from app.core.errors import NotFound, Refused, Stale, TransitionNotAllowed
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, error_page, permission_required


def _invite(actor: Actor, application: Application, partner: str) -> str:
    code = partner_service.invite(actor, application, partner)
    return _(
        "The invitation is on its way. Pass this code on to the partner by another way than mail, "
        "for example by telephone; it is shown only now: %(code)s",
        code=f"{code[:3]} {code[3:]}".upper(),
    )


def _remind(actor: Actor, application: Application, partner: str) -> str:
    partner_service.remind(actor, application, partner)
    return _("The reminder is on its way.")


def _revoke(actor: Actor, application: Application, partner: str) -> str:
    partner_service.revoke(actor, application, partner)
    return _("The partner's link no longer opens. What the partner has filled in stays in the plan.")


VERBS = {"invite": _invite, "remind": _remind, "revoke": _revoke}


@bp.post("/<string:application_id>/partner-link/<string:verb>")
@permission_required("application:edit")
def partner_link(application_id: str, verb: str) -> Answer:
    """Do one of the three for a partner of the plan; a second click does nothing more."""
    if verb not in VERBS:
        raise NotFound()
    application = application_for(application_id, "application:edit")
    form = PartnerVerbForm()
    if not form.validate_on_submit():
        return error_page(422, problems=[sentence for _field, sentence in form.problems()])

    def act() -> str:
        flash(VERBS[verb](current_actor(), application, form.partner.data or ""), "success")
        return url_for(".edit", application_id=application.public_id, section="partners", _anchor="own-parts")

    return redirect(once(form.key.data or "", current_actor().id, act))


@bp.route("/<string:application_id>/partner-part/<string:partner_id>", methods=["GET", "POST"])
@permission_required("application:edit")
def partner_part_on_behalf(application_id: str, partner_id: str) -> Answer:
    """A partner's own part, as the host fills it in for the partner."""
    application = application_for(application_id, "application:edit")
    partner = partner_service.partner_in(application, partner_id)
    closed = plan_service.why_closed(application)
    if closed is not None:
        raise TransitionNotAllowed(closed)
    form, _version = _on_behalf(partner)
    if request.method == "GET":
        form.add_blank_rows()
    if not form.validate_on_submit():
        return _page(partner, form, 200 if request.method == "GET" else 422)
    fields, rows, version = form.own_fields(), form.rows_payload(), form.read_version()
    try:
        partner_filling.complete(current_actor(), application, partner_id, fields, rows, version=version)
    except Refused as refusal:
        blame(form, refusal)
        return _page(partner, form, 422)
    except Stale:
        stored, now_version = _on_behalf(partner, submitted=False)
        theirs = differences(form, stored, now_version)
        return _page(partner, form, Stale.status, theirs=theirs, stale=True)
    flash(_("What you entered on the partner's behalf is saved. The partner sees it and can correct it."), "success")
    return redirect(url_for(".edit", application_id=application_id, section="partners", _anchor="own-parts"))


def _on_behalf(partner: ApplicationPartner, *, submitted: bool = True) -> tuple[OnBehalfForm, int]:
    """The form of a part, as sent or as stored, and the version of what is stored."""
    stored = partner_part.stored(partner)
    version = partner_part.version(stored)
    data = {**stored, "version": str(version)}
    form = OnBehalfForm(data=data) if submitted else OnBehalfForm(formdata=None, data=data)
    form.ask(notification=partner_part.asks_for_notification(partner))
    if partner_filling.has_own_pledge(partner):
        form.leave_pledge()
    return form, version


def _page(partner: ApplicationPartner, form: OnBehalfForm, status: int, **context: object) -> tuple[str, int]:
    page = render_template(
        "applications/partner_part.html",
        application=partner.application,
        partner=partner,
        form=form,
        marks=partner_marks.of(partner),
        pledge=document.pledge(partner),
        **context,
    )
    return page, status

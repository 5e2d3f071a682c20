"""The host's buttons beside a partner's own part: invite, remind, take back."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from app.applications import partner_service
from app.applications.models import Application
from app.applications.partner_forms import PartnerVerbForm
from app.applications.views.blueprint import bp
from app.applications.views.shared import application_for
from app.core.authz import Actor
from app.core.errors import NotFound
from app.core.idempotency import once
from app.core.web import Answer, current_actor, error_page, permission_required


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

"""The sending side's people behind its link: a list and a page for each, in English, on a phone, without scripts.

A passport number goes in here and is never shown again.
"""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.applications import named_forms, partner_filling, partner_people, partner_service
from app.applications.named_forms import NamedEditForm, NamedForm
from app.applications.partner_models import PartnerLink
from app.applications.views.partner import bp, link_of_reader, private
from app.core import conflict
from app.core.errors import Refused, Stale, TransitionNotAllowed
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, blame, public, render_form


@bp.get("/people")
@public
@private
def people() -> Answer:
    """Whom the partner has named."""
    link = link_of_reader()
    return _render(link, "partner/people.html", people=partner_people.people_of(link.partner))


@bp.route("/people/new", methods=["GET", "POST"])
@public
@private
def name_person() -> Answer:
    link = _open_link()
    form = NamedForm()
    form.offer(None)
    if form.validate_on_submit():

        def add() -> str:
            partner_people.add(link, form.fields())
            flash(_("The person is saved."), "success")
            again = request.form.get("do") == "another"
            return url_for(".name_person" if again else ".people", plan=_plan())

        try:
            return redirect(once(form.key.data or "", None, add))
        except Refused as refusal:
            blame(form, refusal)
    return render_form("partner/person.html", form, person=None, link=link, plan=_plan())


@bp.route("/people/<string:named_id>", methods=["GET", "POST"])
@public
@private
def change_person(named_id: str) -> Answer:
    link = _open_link()
    person = partner_people.person_of(link, named_id)
    stored = named_forms.stored(person)
    form = NamedEditForm(data={**stored, "version": str(person.version)})
    form.offer(None)
    around: dict[str, Any] = {"person": person, "link": link, "plan": _plan()}
    if form.validate_on_submit():
        try:
            partner_people.change(link, person, form.fields(), version=form.read_version())
        except Stale:
            theirs = conflict.differences(form, stored, person.version)
            page = render_template("partner/person.html", form=form, theirs=theirs, stale=True, **around)
            return page, Stale.status
        except Refused as refusal:
            blame(form, refusal)
        else:
            flash(_("The person is saved."), "success")
            return redirect(url_for(".people", plan=_plan()))
    return render_form("partner/person.html", form, **around)


@bp.route("/people/<string:named_id>/remove", methods=["GET", "POST"])
@public
@private
def unname_person(named_id: str) -> Answer:
    link = _open_link()
    person = partner_people.person_of(link, named_id)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_form("partner/person_remove.html", form, person=person, plan=_plan())
    partner_people.remove(link, person)
    flash(_("The person is taken off your list."), "success")
    return redirect(url_for(".people", plan=_plan()))


def _plan() -> str | None:
    return request.args.get("plan")


def _open_link() -> PartnerLink:
    """The reader's link while the plan can still be changed. Raises: PartnerLinkGone, TransitionNotAllowed."""
    link = link_of_reader()
    if partner_filling.is_closed(link):
        raise TransitionNotAllowed(_("The plan has been handed in or its time is over."))
    return link


def _render(link: PartnerLink, template: str, **context: Any) -> str:
    partner = link.partner
    return render_template(
        template,
        application=partner.application,
        partner=partner,
        closed=partner_filling.is_closed(link),
        contact=partner_service.contact_of(partner.application),
        plan=_plan(),
        **context,
    )

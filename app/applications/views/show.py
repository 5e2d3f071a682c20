"""One plan: what it says, how it stands, its mails, and the page of every verb."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from app.applications import (
    budget_facts,
    changes,
    comment_queries,
    copying,
    document,
    export_document,
    file_queries,
    file_scanning,
    letter_queries,
    loading,
    mailing,
    meter_drawing,
    moving,
    panel,
    plan_service,
    proposal_queries,
    proposing,
    queries,
    service,
    sign_off_queries,
    standing,
    steps,
)
from app.applications.file_model import SCAN_TONES, PlanFile
from app.applications.forms import ReturnForm
from app.applications.letter_models import ResultLetter
from app.applications.models import Application, ApplicationState
from app.applications.views import budget
from app.applications.views.blueprint import bp
from app.applications.views.shared import SECTIONS, application_for, as_known, contents, corrections, sees_draft
from app.applications.workflow import APPLICATION, DECISIONS, shown_state
from app.core import clock, dossier, mail_attachments, mail_words, outbox
from app.core.errors import GuardsFailed, NotFound, Refused
from app.core.forms import CommentForm
from app.core.idempotency import once
from app.core.web import Answer, blame, current_actor, may, permission_required, render_form
from app.core.workflow import Offer

ADOPTED = (ApplicationState.ADOPTED, ApplicationState.COMPLETED)
# What nobody outside JST reads in the history of a plan, neither before the release nor after it.
INSIDE_VERBS = tuple(
    f"{APPLICATION.name}:{verb}" for verb in (*sorted(DECISIONS), "propose-move", "reject-move", "withdraw-move")
)
# What nobody outside the host reads in it: how its staff agreed among themselves.
HOUSE_VERBS = tuple(
    f"{APPLICATION.name}:{verb}" for verb in ("request-sign-off", "send-back", "sign-off", "take-back-request")
)


@bp.get("/<string:application_id>")
@permission_required("application:view")
def show(application_id: str) -> Answer:
    application = application_for(application_id, "application:view", loading.CAME_FROM)
    actor = current_actor()
    inside = queries.is_inside(actor)
    known = as_known(application)
    is_frozen = panel.is_frozen(known)
    may_edit = may("application:edit", application)
    origin = application.copied_from
    money = budget_facts.of(known)
    own = sees_draft(application)
    found = panel.frozen(known) if is_frozen else panel.of(known, money.rates)
    return render_template(
        "applications/show.html",
        application=known,
        state=shown_state(application.state, inside=inside),
        offers=_offers(application),
        contents=contents(known, with_contacts=queries.sees_contacts(actor)),
        money=budget.stored_box(known, money),
        sections=SECTIONS,
        call_name=document.call_name(application),
        panel=found,
        days=meter_drawing.drawn(panel.frozen_meter(known) if is_frozen else panel.meter_of(known, found.known)),
        is_frozen=is_frozen,
        has_forms=export_document.has_forms(known),
        checklist=steps.of(known, found.known),
        stops=standing.of(known, clock.now()),
        closed=plan_service.why_closed(application) if may_edit and APPLICATION.is_editable(application) else None,
        may_edit=may_edit and plan_service.why_closed(application) is None,
        corrections=corrections(application),
        has_changes=changes.pair(application, sees_draft=own) is not None,
        standing=sign_off_queries.shown(application) if own and APPLICATION.is_editable(application) else None,
        open_comments=sum(comment_queries.count_open(application).values()) if own else 0,
        came_from=origin if origin is not None and may("application:view", origin) else None,
        hints=copying.hints(application) if may_edit and APPLICATION.is_editable(application) else [],
        **_decision(application, inside),
        letters=_letters(application),
        history=queries.entries_of(
            application,
            hidden=(*(() if inside else INSIDE_VERBS), *(() if own else HOUSE_VERBS)),
            since=application.moved_at if own else None,
        ),
        may_move=inside and may("application:move", application) and moving.why_fixed(application) is None,
        may_read_mails=may("mail:view", application),
        files=_files(application, own=own),
        scan_tones=SCAN_TONES,
        why_not_clean=file_scanning.why_not_clean,
        dossier=dossier.sections(actor, application),
        now=clock.now(),
    )


def _decision(application: Application, inside: bool) -> dict[str, Any]:
    """What was decided and proposed, for JST; for the host the conditions of an adoption whose result is released."""
    if not inside:
        is_told = application.state in ADOPTED and application.released_at is not None and sees_draft(application)
        held = queries.decision_of(application) if is_told else None
        return {"conditions": held if held is not None and held.has_conditions else None}
    actor = current_actor()
    return {
        "decision": queries.decision_of(application),
        "proposals": proposal_queries.history(application),
        "may_propose": proposing.kind_of(application) is not None and may("decision:propose", application),
        "may_change": application.state in proposing.RELEASED and may("decision:change", application),
        "may_answer": lambda proposal: proposing.may_answer(actor, proposal),
        "told": proposing.told,
    }


def _files(application: Application, *, own: bool) -> Sequence[PlanFile] | None:
    """The files the reader may know of: the host those that belong to the plan now, JST those of the last submission;
    None for who may not read them at all.
    """
    if not may("attachment:view", application):
        return None
    return application.files if own else file_queries.submitted(application)


def _letters(application: Application) -> Sequence[ResultLetter]:
    """The letters the reader may download; there is none before the release."""
    is_out = application.released_at is not None and may("letter:view", application)
    return letter_queries.letters_of(application) if is_out else ()


def _offers(application: Application) -> list[Offer]:
    """The verbs of the page. What is in the way of submitting, the panel and the check page say at length."""
    return [
        Offer(offer.verb, offer.label, offer.tone, offer.comment_required, offer.due_date, ())
        if offer.verb == "submit"
        else offer
        for offer in APPLICATION.offers(application, current_actor())
    ]


@bp.get("/<string:application_id>/mails")
@permission_required("mail:view")
def mails(application_id: str) -> Answer:
    """The mails written about the plan; a host reads those that were written to the host.

    Administrators look after mails without reading plans: for them the page has the number of the plan and what
    was sent to masked addresses, but neither its theme nor the words of a mail (authorization contract, row 76).
    """
    application = application_for(application_id, "mail:view")
    may_read_plan = may("application:view", application)
    if application.submitted_at is None and not may_read_plan:
        raise NotFound()
    inside = queries.is_inside(current_actor())
    own = sees_draft(application)
    since = application.moved_at if own else None
    sent = [
        mail
        for mail in outbox.mails_of(application)
        if mailing.is_shown(mail.template, inside=inside, own=own) and (since is None or mail.created_at >= since)
    ]
    return render_template(
        "applications/mails.html",
        application=as_known(application) if may_read_plan else application,
        mails=sent,
        files=mail_attachments.of_each([mail.id for mail in sent]),
        standing=mail_words.standing,
        trouble=mail_words.trouble,
        masked=mail_words.masked,
        state=shown_state(application.state, inside=inside),
        may_read_plan=may_read_plan,
    )


def _form_of(verb: str) -> CommentForm:
    if verb == "return":
        return ReturnForm()
    return CommentForm()


@bp.route("/<string:application_id>/<string:verb>", methods=["GET", "POST"])
@permission_required("application:view")
def transition(application_id: str, verb: str) -> Answer:
    application = application_for(application_id, "application:view")
    actor = current_actor()
    offer = next((offer for offer in APPLICATION.offers(application, actor) if offer.verb == verb), None)
    if verb not in APPLICATION or APPLICATION[verb].hidden or (offer is None and request.method == "GET"):
        raise NotFound()
    form = _form_of(verb)
    page = {"application": as_known(application), "offer": offer, "step": APPLICATION[verb]}
    if not form.validate_on_submit():
        return render_form("applications/transition.html", form, **page)

    def fire() -> str:
        _fire(application, verb, form)
        flash(str(APPLICATION[verb].done), "success")
        return url_for(".show", application_id=application.public_id)

    try:
        return redirect(once(form.key.data or "", actor.id, fire))
    except (Refused, GuardsFailed) as refusal:
        blame(form, refusal)
        return render_form("applications/transition.html", form, **page)


def _fire(application: Application, verb: str, form: Any) -> None:
    """One verb of a service for each kind of words a verb takes."""
    actor, comment = current_actor(), form.comment.data or ""
    if verb == "return":
        service.send_back(actor, application, reason=comment, due_on=form.due_on.data, sections=form.sections())
    else:
        service.transition(actor, application, verb, comment=comment)

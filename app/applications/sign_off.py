"""Verbs of the sign-off inside a host institution: an editor asks, an approver signs or sends the plan back.

A sign-off freezes nothing. It is bound to the content it was given for; any later change of the plan, whoever makes
it, makes it void until an approver signs again. Submitting needs a valid one (a guard of the workflow) and uses it up.
"""

from typing import Any

from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.models import User
from app.applications import facts, mailing, plan_service, sign_off_queries, snapshot, workflow
from app.applications.facts import Obstacle
from app.applications.models import Application
from app.applications.sign_off_model import SignOff, SignOffState
from app.applications.sign_off_queries import Standing
from app.core import audit, authz, clock
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import GuardsFailed, Refused, Stale, TransitionNotAllowed

S = SignOffState


class ReadsOtherwise(Stale):
    """The plan was changed after the page with it was made: what was read is not what would be signed."""


def obstacles(application: Application) -> list[Obstacle]:
    """What the plan must say or keep before it can be signed off; the opening of the round is awaited, not asked."""
    return [
        *workflow.says_everything(application),
        *workflow.keeps_the_rules(application),
        *workflow.files_are_clean(application),
    ]


def approvers_of(application: Application) -> list[User]:
    """Who may sign off the plan, by account."""
    return accounts.staff_of(application.host_institution_id, Role.HOST_APPROVER)


def request(actor: Actor, application: Application, *, note: str = "") -> SignOff:
    """Say that the plan is ready and ask the institution's approvers to sign it off; they are told by mail.

    `note`: words to the approvers. Raises: Forbidden; TransitionNotAllowed when the plan cannot be edited any more, is
    asked for already or signed off as it stands; GuardsFailed with what is missing, or when there is no approver.
    """
    standing = _open(actor, "application:request-sign-off", application)
    if standing.is_awaiting:
        raise TransitionNotAllowed(_("Sign-off is already asked for."))
    if standing.is_valid:
        raise TransitionNotAllowed(_("The plan is signed off as it stands."))
    approvers = approvers_of(application)
    problems = obstacles(application)
    if not approvers:
        problems.append(Obstacle("", "", _("Nobody at your institution has the role of an approver.")))
    if problems:
        raise GuardsFailed(*problems)
    made = _new(application)
    made.requested_at, made.requested_by_id, made.note = clock.now(), actor.id, note.strip()
    audit.record(actor, "application:request-sign-off", application)
    closing = facts.last_second(facts.deadline(application))
    for user in approvers:
        if user.id != actor.id:
            words = {"note": made.note, "asker": actor.name, "closing": closing}
            mailing.tell_colleague("application_sign_off", user, application, **words)
    return made


def take_back(actor: Actor, application: Application) -> None:
    """Take a request back before it is answered. Raises: Forbidden, TransitionNotAllowed."""
    standing = _open(actor, "application:request-sign-off", application)
    if standing.newest is None or not standing.is_awaiting:
        raise TransitionNotAllowed()
    standing.newest.state = S.TAKEN_BACK
    audit.record(actor, "application:take-back-request", application)


def sign(actor: Actor, application: Application, *, seen: str | None = None) -> SignOff:
    """Sign off the plan as it stands now, asked or not. A second click changes nothing.

    `seen`: SHA-256 of the content the approver was shown. Raises: Forbidden; TransitionNotAllowed when the plan cannot
    be edited any more; ReadsOtherwise if it does by now; GuardsFailed with what is missing and which rules fail.
    """
    standing = _open(actor, "application:sign-off", application)
    _require_seen(standing, seen)
    if standing.newest is not None and standing.is_valid:
        return standing.newest
    problems = obstacles(application)
    if problems:
        raise GuardsFailed(*problems)
    signed = _sign(actor, application, standing)
    asker = signed.requested_by
    if asker is not None and asker.id != actor.id:
        mailing.tell_colleague("application_signed_off", asker, application, approver=actor.name)
    return signed


def sign_in_submitting(actor: Actor, application: Application, *, seen: str | None = None) -> None:
    """Whoever may sign off and submits, signs off by that what nobody has signed yet. What is missing, the guards say.

    Raises: ReadsOtherwise if the plan does by now (`seen`: the content that was shown).
    """
    standing = sign_off_queries.standing(application)
    _require_seen(standing, seen)
    if not standing.is_valid and authz.can(actor, "application:sign-off", application):
        _sign(actor, application, standing)


def send_back(actor: Actor, application: Application, *, reason: str) -> None:
    """Send a plan back to the editor who asked, with a reason, also after it was signed off. The editor gets a mail.

    Raises: Forbidden; TransitionNotAllowed when nobody asked; Refused without a reason.
    """
    standing = _open(actor, "application:sign-off", application)
    held = standing.newest
    if held is None or held.requested_by_id is None or not (standing.is_awaiting or standing.is_signed):
        raise TransitionNotAllowed()
    if not reason.strip():
        raise Refused({"comment": [_("Give a reason.")]})
    _answer(actor, held, S.SENT_BACK)
    held.content, held.content_sha256, held.reason = snapshot.content(application), standing.digest, reason.strip()
    audit.record(actor, "application:send-back", application)
    staff = accounts.staff_of(application.host_institution_id)
    asker = [user for user in staff if user.id == held.requested_by_id]
    editors = asker or accounts.staff_of(application.host_institution_id, Role.HOST_EDITOR)
    for user in editors:
        if user.id != actor.id:
            mailing.tell_colleague("application_sent_back", user, application, reason=held.reason, approver=actor.name)


def _open(actor: Actor, permission: str, application: Application) -> Standing:
    """How the plan stands, if the actor may act on it now; others who would act on it too wait for their turn."""
    authz.require(actor, permission, application)
    closed = plan_service.why_closed(application)
    if closed is not None:
        raise TransitionNotAllowed(closed)
    sign_off_queries.hold(application)
    return sign_off_queries.standing(application)


def _require_seen(standing: Standing, seen: str | None) -> None:
    if seen and seen != standing.digest:
        raise ReadsOtherwise()


def _new(application: Application) -> SignOff:
    content = snapshot.content(application)
    made = SignOff(application=application, state=S.AWAITING, content=content, content_sha256=snapshot.digest(content))
    db.session.add(made)
    return made


def _answer(actor: Actor, held: SignOff, state: SignOffState) -> None:
    held.state, held.answered_at, held.answered_by_id = state, facts.instant(), actor.id


def _sign(actor: Actor, application: Application, standing: Standing) -> SignOff:
    """An open request is answered; otherwise, and for a sign-off that a change made void, there is a new one."""
    with db.session.no_autoflush:
        held: Any = standing.newest if standing.is_awaiting else _new(application)
        _answer(actor, held, S.SIGNED)
        held.content, held.content_sha256 = snapshot.content(application), standing.digest
    audit.record(actor, "application:sign-off", application)
    return held  # type: ignore[no-any-return]

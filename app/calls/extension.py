"""Closing a round later, for everybody, with four eyes: the one way in which an open round's closing moves.

Guidelines, principle of equal treatment: nobody gets more time than the others, and everybody can read why. One person
proposes, another one approves. Up to a day after the closing this reopens the round.
"""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.calls import extension_queries as queries
from app.calls.events import CallExtended
from app.calls.models import Call, CallExtension, ExtensionState
from app.core import audit, authz, clock, events, heartbeat, outbox
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, Refused, TransitionNotAllowed
from app.core.i18n import exact_moment

GRACE = timedelta(hours=24)  # how long after its closing a round can still be reopened
LOOK_BACK = timedelta(hours=24)  # outages of the round's last day are what an extension makes up for
LONGEST = 7 * 24 * 60  # minutes
S = ExtensionState


def suggested_minutes(call: Call, now: datetime) -> int:
    """The minutes of outage in the last 24 hours of a round (so far): what its applicants lost."""
    end = min(call.closes_at, now)
    return heartbeat.minutes_down(call.closes_at - LOOK_BACK, end) if end > call.closes_at - LOOK_BACK else 0


def can_extend(call: Call, now: datetime) -> bool:
    """Whether a later closing of the round can be thought of: it has opened, and closed at most a day ago."""
    return not call.is_draft and call.released_at is None and call.opens_at <= now < call.closes_at + GRACE


def has_expired(extension: CallExtension, now: datetime) -> bool:
    """Whether nobody decided on a proposal while it could still be decided on."""
    return extension.state is S.PROPOSED and not can_extend(extension.call, now)


def decidable_until(call: Call, now: datetime) -> datetime:
    """By when a proposal is best decided: before the closing, or else while the round can still be reopened."""
    return call.closes_at if now < call.closes_at else call.closes_at + GRACE


def new_closing(call: Call, minutes: int) -> datetime:
    """The closing that so many more minutes give."""
    return call.closes_at + timedelta(minutes=minutes)


def propose(actor: Actor, call: Call, *, minutes: int, reason_ja: str, reason_en: str) -> CallExtension:
    """Propose that a round closes later, and tell those who can approve it.

    Raises: Forbidden; Refused when the round cannot be extended, waits for a decision already, or the minutes do not
    lead to a closing that is still to come and before the notice of results.
    """
    authz.require_role(actor, "call:extend")
    if actor.id is None:
        raise Forbidden()
    call = queries.locked_round(call)
    now = clock.now()
    if not can_extend(call, now):
        raise Refused({"": [_("Only a round that has opened, and closed at most 24 hours ago, can be extended.")]})
    if queries.pending(call) is not None:
        raise Refused({"": [_("A proposal for this round waits for a decision already.")]})
    _check_minutes(call, minutes, now)
    made = CallExtension(call=call, minutes=minutes, reason_ja=reason_ja, reason_en=reason_en, proposed_by_id=actor.id)
    db.session.add(made)
    audit.record(
        actor, "call:propose-extension", call, comment=f"{reason_ja}\n{reason_en}", changes={"minutes": [None, minutes]}
    )
    for person in accounts.people_with(Role.COORDINATOR, Role.DECISION_MAKER):
        if person.id != actor.id:
            outbox.enqueue(
                "call_extension_proposed",
                person,
                subject_of=call,
                dedupe=f"extension-proposed:{made.public_id}:{person.id}",
                call=call,
                extension=made,
                closing=new_closing(call, minutes),
                proposer=actor.name,
            )
    return made


def _check_minutes(call: Call, minutes: int, now: datetime) -> None:
    problem = ""
    closing = new_closing(call, max(min(minutes, LONGEST), 0))
    if not 1 <= minutes <= LONGEST:
        problem = _("Enter between 1 and %(most)s minutes.", most=LONGEST)
    elif closing <= now:
        problem = _(
            "With that the round would have closed on %(closing)s: enter more minutes.", closing=exact_moment(closing)
        )
    elif clock.in_tokyo(closing).date() > call.notice_on:
        problem = _("Notice is given after the round has closed.")
    if problem:
        raise Refused({"minutes": [problem]})


def approve(actor: Actor, extension: CallExtension) -> None:
    """Move the closing of the round for everybody, as a second person.

    Raises: Forbidden; TransitionNotAllowed when it is decided or expired; Refused for the person who proposed it, and
    when the new closing is over by now.
    """
    call = _open_for_decision(actor, extension)
    _check_minutes(call, extension.minutes, clock.now())
    extension.closes_before, extension.closes_after = call.closes_at, new_closing(call, extension.minutes)
    call.closes_at = extension.closes_after
    _settle(actor, extension, S.APPROVED)
    audit.record(
        actor,
        "call:extend",
        call,
        comment=f"{extension.reason_ja}\n{extension.reason_en}",
        changes=audit.changes_of(call) | {"minutes": [None, extension.minutes]},
    )
    db.session.expire(call, ["extensions"])
    events.publish(CallExtended(extension))


def reject(actor: Actor, extension: CallExtension, reason: str) -> None:
    """Leave the closing where it is, as a second person. Raises: as `approve`; Refused without a reason."""
    call = _open_for_decision(actor, extension)
    if not reason.strip():
        raise Refused({"comment": [_("Give the reason.")]})
    _settle(actor, extension, S.REJECTED)
    audit.record(actor, "call:reject-extension", call, comment=reason.strip())


def withdraw(actor: Actor, extension: CallExtension) -> None:
    """Take one's own proposal back. Raises: Forbidden for everybody else; TransitionNotAllowed once it is decided."""
    authz.require_role(actor, "call:extend")
    call = _held(extension)
    if actor.id != extension.proposed_by_id:
        raise Refused({"": [_("Only the person who proposed the extension can withdraw the proposal.")]})
    if extension.state is not S.PROPOSED:
        raise TransitionNotAllowed(_("This proposal is decided already."))
    _settle(actor, extension, S.WITHDRAWN)
    audit.record(actor, "call:withdraw-extension", call)


def _open_for_decision(actor: Actor, extension: CallExtension) -> Call:
    """The round of a proposal on which this person may decide now, held; one person is one, whatever the hats."""
    authz.require_role(actor, "call:approve-extension")
    call = _held(extension)
    if extension.state is not S.PROPOSED:
        raise TransitionNotAllowed(_("This proposal is decided already."))
    if not can_extend(call, clock.now()):
        raise TransitionNotAllowed(_("This proposal has expired: the round closed more than 24 hours ago."))
    if actor.id is None or actor.id == extension.proposed_by_id:
        raise Refused({"": [_("You proposed this extension. A second person must decide on it.")]})
    return call


def _held(extension: CallExtension) -> Call:
    """The round of a proposal, held, and the proposal as it stands now: of two who decide at once, one comes second."""
    call = queries.locked_round(extension.call)
    db.session.refresh(extension)
    return call


def _settle(actor: Actor, extension: CallExtension, state: ExtensionState) -> None:
    extension.state, extension.decided_by_id, extension.decided_at = state, actor.id, clock.now()

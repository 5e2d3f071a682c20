"""The life of an exchange plan: draft → submitted ⇄ returned → under review → decided → released → completed.

Between decision and release only JST knows: for all others a decided plan is under review (`State.outside`).
"""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications import (
    facts,
    file_scanning,
    indexing,
    letters,
    mailing,
    obstacles,
    proposal_workflow,
    receipts,
    sign_off_queries,
    snapshot,
)
from app.applications.models import Application, ApplicationState
from app.applications.vocabulary import SECTION_LABELS
from app.core import counters
from app.core.i18n import exact_moment
from app.core.workflow import Firing, State, Transition, Workflow, stamp

S = ApplicationState


def is_in_time(application: Application) -> Any:
    """The round is open at the instant of receipt, or a returned plan's due day is not over (to the second)."""
    sentence = _too_early_or_late(application)
    return facts.Obstacle("", "", sentence, _clause(application, facts.TIME_CHECK)) if sentence else None


def _too_early_or_late(application: Application) -> str | None:
    now, call = facts.instant(), application.call
    if call.is_draft or now < call.opens_at:
        return _(
            "The round opens on %(opening)s. It is now %(now)s.",
            opening=exact_moment(call.opens_at),
            now=exact_moment(now),
        )
    closing = facts.deadline(application)
    if now < closing:
        return None
    if application.state is S.RETURNED:
        return _(
            "The corrected plan could be submitted until %(closing)s. It is now %(now)s.",
            closing=exact_moment(facts.last_second(closing)),
            now=exact_moment(now),
        )
    return _(
        "The round closed on %(closing)s. It is now %(now)s.", closing=exact_moment(closing), now=exact_moment(now)
    )


def _clause(application: Application, check_name: str) -> str:
    """The clause of a rule of the plan's course, "" if the course does not have it."""
    return next((rule.clause for rule in application.course.rules if rule.check_name == check_name), "")


def says_everything(application: Application) -> list[facts.Obstacle]:
    """The plan says what every plan must say, whatever the course."""
    return facts.missing_essentials(application)


def keeps_the_rules(application: Application) -> list[facts.Obstacle]:
    """Every rule of the course that must hold does hold; ages are awaited, because the plan names nobody."""
    return facts.broken(application)


def files_are_clean(application: Application) -> list[facts.Obstacle]:
    """Every attached file was looked at and is clean: JST and experts open them."""
    return file_scanning.obstacles(application)


def is_signed_off(application: Application) -> Any:
    """An approver of the institution has signed off the plan exactly as it stands now."""
    standing = sign_off_queries.standing(application)
    if standing.is_valid:
        return None
    if standing.is_signed:
        return _("The plan was changed after an approver signed it off. It has to be signed off again.")
    return _("An approver of your institution has to sign off the plan.")


def assign_reference(firing: Firing) -> None:
    """Give the plan its number at its first submission, such as 2026-0007; it keeps it for good."""
    application: Application = firing.subject
    if application.reference is None:
        year = application.call.fiscal_year
        application.reference = f"{year}-{counters.next_number(f'application:{year}'):04d}"
        indexing.refresh(application)


def record_receipt(firing: Firing) -> None:
    """Freeze what was received, when, and from whom, and sign a receipt for it; a return is answered with that.

    The sign-off of the host's approver stood for this submission; the next one needs another.
    """
    application: Application = firing.subject
    application.submitted_at = facts.instant()
    application.submitted_by_id = firing.actor.id
    used = sign_off_queries.newest(application)
    if used is not None:
        used.submitted_at = application.submitted_at
    snapshot.freeze(application)
    indexing.refresh(application)
    receipts.issue(application)
    application.return_due_on = None
    application.return_reason = ""


def mail_receipt(firing: Firing) -> None:
    """Confirm the receipt to everybody on the host's side."""
    application: Application = firing.subject
    received = application.submitted_at.isoformat() if application.submitted_at else ""
    code = receipts.of(application)[0].code
    used = sign_off_queries.of_submission(application, application.submitted_at)
    signer = used.answered_by.name if used is not None and used.answered_by is not None else ""
    mailing.tell_host("application_received", application, dedupe=f"receipt:{received}", code=code, signer=signer)


def mail_return(firing: Firing) -> None:
    """Tell the host what to correct, and until when."""
    application: Application = firing.subject
    asked = application.return_sections or {}
    mailing.tell_host(
        "application_returned",
        application,
        dedupe=f"return:{application.version}",
        reason=firing.comment,
        sections=[(SECTION_LABELS[name], remark) for name, remark in asked.items()],
    )


def keep_reason(firing: Firing) -> None:
    """The reason stands on the plan until it is submitted again."""
    firing.subject.return_reason = firing.comment


def mail_withdrawal(firing: Firing) -> None:
    """Tell the coordinators, if JST has the plan at all."""
    if firing.subject.submitted_at is not None:
        mailing.tell_coordinators("application_withdrawn", firing.subject, reason=firing.comment)


def void_proposals(firing: Firing) -> None:
    """What was proposed to decide on a withdrawn plan is void."""
    proposal_workflow.let_lapse(firing.subject)


def tell_result(firing: Firing) -> None:
    """Tell the host the result by letter. However often the release is tried, once; a later result is another."""
    letters.tell(firing.subject)


def _decide(verb: str, label: Any, tone: str) -> Transition:
    """A decision, made by approving a proposal; another one may follow until the release. The host hears nothing."""
    sources = (S.UNDER_REVIEW, S.DECIDED)
    return Transition(
        verb, label, sources, S.DECIDED, "decision:approve", tone=tone, effects=(stamp("decided_at"),), hidden=True
    )


def _tell(
    verb: str, label: Any, sources: tuple[ApplicationState, ...], target: ApplicationState, permission: str
) -> Transition:
    """A verb by which the host learns a result."""
    guards = (obstacles.of_plan,) if target is S.ADOPTED else (obstacles.of_adoption,) if S.ADOPTED in sources else ()
    effects = (stamp("released_at"), tell_result)
    return Transition(verb, label, sources, target, permission, guards=guards, effects=effects, hidden=True)


def _release(verb: str, label: Any, target: ApplicationState) -> Transition:
    return _tell(verb, label, (S.DECIDED,), target, "round:release")


def _change(target: ApplicationState, label: Any, *sources: ApplicationState) -> Transition:
    return _tell(f"change_to_{target.value}", label, sources, target, "decision:change")


APPLICATION = Workflow(
    name="application",
    initial=S.DRAFT,
    states={
        S.DRAFT: State(_l("Draft"), editable=True),
        S.SUBMITTED: State(_l("Submitted"), tone="info"),
        S.RETURNED: State(_l("Returned for correction"), tone="warning", editable=True),
        S.UNDER_REVIEW: State(_l("Under review"), tone="info"),
        S.DECIDED: State(_l("Decided, not released"), tone="warning", outside=_l("Under review")),
        S.ADOPTED: State(_l("Adopted"), tone="success"),
        S.RESERVE: State(_l("Reserve (waiting list)"), tone="warning"),
        S.DECLINED: State(_l("Declined"), tone="danger"),
        S.COMPLETED: State(_l("Completed"), tone="success", final=True),
        S.WITHDRAWN: State(_l("Withdrawn"), final=True),
    },
    transitions=(
        Transition(
            "submit",
            _l("Submit"),
            (S.DRAFT, S.RETURNED),
            S.SUBMITTED,
            "application:submit",
            guards=(is_in_time, says_everything, keeps_the_rules, files_are_clean, is_signed_off),
            effects=(assign_reference, record_receipt, mail_receipt),
            done=_l("The plan is submitted."),
        ),
        Transition(
            "return",
            _l("Return for correction"),
            (S.SUBMITTED,),
            S.RETURNED,
            "application:return",
            comment_required=True,
            due_date=True,
            tone="secondary",
            effects=(keep_reason, mail_return),
            done=_l("The plan is returned; the host has been told."),
        ),
        Transition(
            "start_review",
            _l("Pass on to review"),
            (S.SUBMITTED,),
            S.UNDER_REVIEW,
            "application:review",
            done=_l("The plan is under review."),
        ),
        _decide("adopt", _l("Adopt"), "success"),
        _decide("reserve", _l("Put on the waiting list"), "secondary"),
        _decide("decline", _l("Decline"), "danger"),
        _release("release_adopted", _l("Result released: adopted"), S.ADOPTED),
        _release("release_reserve", _l("Result released: waiting list"), S.RESERVE),
        _release("release_declined", _l("Result released: declined"), S.DECLINED),
        _tell("promote", _l("Adopted from the waiting list"), (S.RESERVE,), S.ADOPTED, "decision:approve"),
        _change(S.ADOPTED, _l("Result changed: adopted"), S.RESERVE, S.DECLINED),
        _change(S.RESERVE, _l("Result changed: waiting list"), S.ADOPTED, S.DECLINED),
        _change(S.DECLINED, _l("Result changed: declined"), S.ADOPTED, S.RESERVE),
        Transition(
            "complete",
            _l("Complete"),
            (S.ADOPTED,),
            S.COMPLETED,
            "application:complete",
            hidden=True,
        ),
        Transition(
            "withdraw",
            _l("Withdraw the plan"),
            (S.DRAFT, S.SUBMITTED, S.RETURNED, S.UNDER_REVIEW, S.DECIDED),
            S.WITHDRAWN,
            "application:withdraw",
            tone="danger",
            effects=(void_proposals, mail_withdrawal),
            done=_l("The plan is withdrawn."),
        ),
    ),
)

DECISIONS = frozenset({"adopt", "reserve", "decline"})


def shown_state(state: ApplicationState, *, inside: bool) -> State:
    """A state as the reader may know it: with `inside=False` a decided plan looks exactly like one under review."""
    return APPLICATION.states[S.UNDER_REVIEW if state is S.DECIDED and not inside else state]

"""What exchange plans ask of people: finish, correct, propose, approve, release. A fixed number of queries."""

from typing import Any

from flask_babel import gettext as _

from app.applications import (
    letter_agenda,
    moving_queries,
    proposal_queries,
    round_queries,
    step_calendar,
    step_queries,
    steps,
)
from app.applications.models import ApplicationState
from app.applications.sign_off_model import SignOffState
from app.calls import prerequisites
from app.calls.models import Call, round_title
from app.core import clock
from app.core.agenda import Task
from app.core.authz import Actor
from app.core.i18n import localized

S = ApplicationState
SAID_BY_VISITS = "names"  # the agenda of visits asks for the roster


def tasks(actor: Actor) -> list[Task]:
    """What waits for this person in applications, not sorted."""
    found: list[Task] = []
    if actor.may("application:edit"):
        found += _of_hosts(actor)
        found += _steps(actor)
    if actor.may("decision:propose"):
        found += _to_propose(actor)
    if actor.may("decision:approve") or actor.may("decision:change"):
        found += _to_approve(actor)
    if actor.may("round:release"):
        found += _releases()
    if actor.may("application:approve-move"):
        found += _moves(actor)
    return [*found, *letter_agenda.tasks(actor)]


def _of_hosts(actor: Actor) -> list[Task]:
    """Drafts of open rounds and returned plans, each until its deadline; what awaits an approver, for approvers."""
    may_submit = actor.may("application:submit")
    signing_for = actor.institution_ids("application:sign-off")
    found = []
    for row in round_queries.in_hand(actor, clock.now()):
        about = " ".join(filter(None, (row.reference, localized(row.theme_ja, row.theme_en))))
        if row.state is S.RETURNED:
            label, due = _("Correct the returned plan"), row.return_due_on or row.closes_at
        else:
            label = _("Finish and submit the plan") if may_submit else _("Finish the plan")
            due = row.closes_at
        about = about or _("Plan without a theme yet")
        endpoint, may_sign = "applications.show", row.host_institution_id in signing_for
        if row.sign_off is SignOffState.AWAITING:
            if not may_sign:
                continue
            label, endpoint = _("Sign off the plan"), "applications.sign_off"
        elif row.sign_off is SignOffState.SENT_BACK and not may_sign:
            label = _("Go over the plan again: the approver sent it back")
        found.append(Task(label, about, endpoint, {"application_id": row.public_id}, due=due))
    return found


def _steps(actor: Actor) -> list[Task]:
    """One line per plan whose next step is due within two weeks, with the number of those that are."""
    plans = step_queries.plans_of(actor, clock.now())
    checklists = steps.of_many(plans) if plans else {}
    found = []
    for application in plans:
        near = [step for step in checklists[application.id].steps if prerequisites.is_near(step, clock.today())]
        due = [step for step in near if step.row.proof != SAID_BY_VISITS]
        if due:
            found.append(
                Task(
                    due[0].title,
                    step_calendar.name_of(application),
                    "applications.steps",
                    {"application_id": application.public_id},
                    due=due[0].latest,
                    count=len(due) if len(due) > 1 else None,
                )
            )
    return found


def _to_propose(actor: Actor) -> list[Task]:
    """One line per round: how many plans nothing is proposed for; one per plan whose proposal came back."""
    found = [_of_round(_("Propose decisions"), row) for row in proposal_queries.to_propose(actor)]
    for row in proposal_queries.sent_back_to(actor):
        place = {"application_id": row.public_id}
        found.append(Task(_("Propose again: your proposal came back"), row.reference, "applications.show", place))
    return found


def _to_approve(actor: Actor) -> list[Task]:
    """One line per round: how many proposals of others wait for an answer."""
    return [_of_round(_("Approve proposals, or send them back"), row) for row in proposal_queries.waiting_for(actor)]


def _of_round(label: str, row: Any) -> Task:
    about = round_title(row.fiscal_year, row.label)
    return Task(label, about, "applications.round", {"call_id": row.public_id}, due=row.notice_on, count=row.number)


def _moves(actor: Actor) -> list[Task]:
    """Plans somebody else wants to move to another institution."""
    label = _("Decide whether the plan moves to another institution")
    return [
        Task(label, move.application.reference or "", "applications.approve_move", {"move_id": move.public_id})
        for move in moving_queries.all_waiting()
        if move.proposed_by_id != actor.id
    ]


def _releases() -> list[Task]:
    """Closed rounds in which every plan is decided."""
    return [_release(call, number) for call, number in round_queries.releasable(clock.now())]


def _release(call: Call, number: int) -> Task:
    about = call.title
    return Task(
        _("Release the results"), about, "applications.round", {"call_id": call.public_id}, call.notice_on, number
    )

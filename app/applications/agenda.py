"""What exchange plans ask of people: finish, correct, check, decide, release. A fixed number of queries."""

from flask_babel import gettext as _

from app.applications import letter_agenda, round_queries, step_calendar, step_queries, steps
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
    if actor.may("application:review"):
        found += _of_rounds(actor, S.SUBMITTED)
    if actor.may("application:decide"):
        found += _of_rounds(actor, S.UNDER_REVIEW)
    if actor.may("round:release"):
        found += _releases()
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


def _of_rounds(actor: Actor, state: ApplicationState) -> list[Task]:
    """One line per round: how many plans wait in a state."""
    label = _("Check the plans that came in") if state is S.SUBMITTED else _("Decide on the plans")
    return [
        Task(
            label,
            round_title(row.fiscal_year, row.label),
            "applications.index",
            {"call": row.public_id, "state": state.value},
            due=row.notice_on if state is S.UNDER_REVIEW else None,
            count=row.number,
        )
        for row in round_queries.waiting_by_round(actor, state)
    ]


def _releases() -> list[Task]:
    """Closed rounds in which every plan is decided."""
    return [_release(call, number) for call, number in round_queries.releasable(clock.now())]


def _release(call: Call, number: int) -> Task:
    about = call.title
    return Task(
        _("Release the results"), about, "applications.round", {"call_id": call.public_id}, call.notice_on, number
    )

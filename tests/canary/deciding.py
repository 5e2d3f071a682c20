"""What is decided and told in the world: proposals, letters, rulings, the formal check, files, moves, lists."""

from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.applications import letter_queries, letters, moving
from app.applications.decision_model import DecisionProposal, ProposalState
from app.applications.file_model import PlanFile, ScanState
from app.applications.letter_models import LetterNote, LetterText, ResultLetter
from app.applications.letter_words import LetterKind
from app.applications.models import Application, Decision
from app.applications.moving_model import MoveState
from app.calls.models import Call
from app.checking import sheets
from app.checking.models import FormalCheck
from app.checking.vocabulary import Outcome as Checked
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.core.lists.models import ListTask, ListTaskItem, Outcome, SavedView
from app.directory.models import HostInstitution
from app.reviews.feedback_model import FeedbackRuling
from app.reviews.scoring_models import Review
from tests.canary.birds import Aviary, Place
from tests.factories.accounts import make_actor, make_user
from tests.factories.checking import make_reason
from tests.factories.files import attach, make_move, pdf


def propose(aviary: Aviary, place: Place, plan: Application) -> DecisionProposal:
    """A proposal that was sent back; the decision of a plan that has one says its conditions."""
    decision = db.session.scalar(select(Decision).where(Decision.application_id == plan.id))
    if decision is not None:
        decision.condition_ja = f"条件 {aviary.plant('decision-condition', place)}"
        decision.condition_en = f"If {aviary.plant('decision-condition', place)}"
    made = DecisionProposal(
        application_id=plan.id,
        kind="decision",
        outcome="adopted",
        state=ProposalState.SENT_BACK,
        source_name=f"Board {aviary.plant('proposal', place)}",
        proposed_by_id=make_user(Role.COORDINATOR).id,
        answered_by_id=make_user(Role.DECISION_MAKER).id,
        answered_at=clock.now(),
        reason=f"Not so: {aviary.plant('proposal', place)}",
        **{
            name: f"Once {aviary.plant('proposal', place)}"
            for name in ("condition_ja", "condition_en", "comment", "message")
        },
    )
    db.session.add(made)
    db.session.flush()
    return made


def write_letters(aviary: Aviary, call: Call) -> None:
    """What the letters of a round that is far from its results will say."""
    for kind in LetterKind:
        words = {name: f"Dear {aviary.plant('letter-text')}" for name in letter_queries.FIELDS}
        db.session.add(LetterText(call_id=call.id, kind=kind, **words))
    db.session.flush()


def leave_note(aviary: Aviary, place: Place, plan: Application, number: int) -> None:
    """A word for the first recipient of a letter to come."""
    text = f"By the way, {aviary.plant('letter-note', place)}"
    db.session.add(LetterNote(application_id=plan.id, number=number, recipient="principal", text=text))
    db.session.flush()


def tell(aviary: Aviary, place: Place, plan: Application) -> ResultLetter:
    """The letter of a plan whose result is known, and a word for the next one."""
    letter = letters.tell(plan)
    for name in letter_queries.FIELDS:
        setattr(letter, name, f"{getattr(letter, name)} {aviary.plant('letter', place)}")
    leave_note(aviary, place, plan, letter.number + 1)
    return letter


def rule(aviary: Aviary, place: Place, review: Review) -> None:
    """An expert's words for the applicant, passed on in others."""
    db.session.add(
        FeedbackRuling(
            review_id=review.id,
            text=f"In short, {aviary.plant('feedback-ruled', place)}",
            reason=f"Too harsh: {aviary.plant('ruling-reason', place)}",
            made_by_id=make_user(Role.COORDINATOR).id,
        )
    )
    db.session.flush()


def check(aviary: Aviary, place: Place, plan: Application) -> None:
    """The sheet of a plan, and a mark that was taken back."""
    sheet = sheets.note(plan)
    sheet.text, sheet.themes = aviary.plant("check-text", place), [aviary.plant("check-text", place)]
    db.session.add(
        FormalCheck(
            application_id=plan.id,
            submitted_at=plan.submitted_at,
            outcome=Checked.INADMISSIBLE,
            clauses=[{"rule": "x", **{f"clause_{name}": f"{aviary.plant('check', place)}" for name in ("ja", "en")}}],
            reason_ja=f"理由 {aviary.plant('check', place)}",
            reason_en=f"For {aviary.plant('check', place)}",
            made_by_id=make_user(Role.COORDINATOR).id,
            lifted_by_id=make_user(Role.COORDINATOR).id,
            lifted_at=clock.now(),
            lift_reason=f"In error: {aviary.plant('check', place)}",
        )
    )
    db.session.flush()


def keep_reason(aviary: Aviary) -> None:
    """A reason JST gives again and again."""
    words = {name: f"Because {aviary.plant('house-reason')}" for name in ("text_en", "text_ja", "clause")}
    make_reason(**words)


def add_files(aviary: Aviary, place: Place, plan: Application) -> PlanFile:
    """The files of a plan: one that was submitted with it, one of its draft, one with malware. Returns the first."""
    owner = place.partners[0] if place.partners else ""
    kind = "file-of-draft" if plan.submitted_at is None else "file"
    first = _attach(aviary, kind, place, plan, "")
    if owner:
        _attach(aviary, kind, place, plan, owner, partner=plan.partners[0])
    _attach(aviary, "file-of-draft", place, plan, "", submitted_at=None)
    note = f"Found {aviary.plant('malware', place)}"
    _attach(aviary, "malware", place, plan, "", submitted_at=None, scan=ScanState.INFECTED, scan_note=note)
    return first


def _attach(aviary: Aviary, kind: str, place: Place, plan: Application, owner: str, **fields: Any) -> PlanFile:
    data = pdf(aviary.plant(kind, place, owner))
    name = f"about {aviary.plant('file-name' if kind == 'file' else 'name-of-unsubmitted', place, owner)}"
    note = f"About {aviary.plant(kind, place, owner)}"
    usual = {"data": data, "note": note, "scan": ScanState.FORMAT_ONLY, "scanned_at": clock.now()}
    made = attach(plan, f"{name}.pdf", **{**usual, **fields})
    return made


def want_away(aviary: Aviary, place: Place, plan: Application) -> str:
    """A proposal to move a plan that was rejected; returns its public id."""
    return make_move(
        plan,
        reason=f"Since {aviary.plant('move', place)}",
        state=MoveState.REJECTED,
        decided_by_id=make_user(Role.COORDINATOR).id,
        decided_at=clock.now(),
        answer=f"No: {aviary.plant('move', place)}",
    ).public_id


def move(aviary: Aviary, place: Place, plan: Application, target: HostInstitution) -> None:
    """Give a plan to another institution: the former one knows it no more."""
    reason = f"Moves as {aviary.plant('move', place)}"
    asked = moving.propose(make_actor(Role.COORDINATOR), plan, target=target, reason=reason)
    db.session.flush()
    moving.approve(make_actor(Role.COORDINATOR), asked)
    db.session.flush()


def keep_lists(aviary: Aviary, name: str, user: User) -> dict[str, str]:
    """A view somebody saved, and a task of theirs; returns their ids by parameter."""
    view = SavedView(
        user_id=user.id,
        list_name="applications",
        name=f"Mine: {aviary.plant('saved-view', owner=name)}",
        arguments={"q": aviary.plant("saved-view", owner=name)},
    )
    task = ListTask(
        owner_id=user.id,
        list_name="applications",
        act_name="start-review",
        arguments={"q": aviary.plant("list-task", owner=name)},
        inputs={"word": aviary.plant("list-task", owner=name)},
        reason=f"For {aviary.plant('list-task', owner=name)}",
        entries=1,
        finished_at=clock.now(),
    )
    db.session.add_all([view, task])
    db.session.flush()
    db.session.add(
        ListTaskItem(
            task_id=task.id,
            row_id="x",
            name=f"Plan {aviary.plant('list-task', owner=name)}",
            outcome=Outcome.SKIPPED,
            reason=f"Over: {aviary.plant('list-task', owner=name)}",
        )
    )
    db.session.flush()
    return {"view_id": view.public_id, "task_id": task.public_id}

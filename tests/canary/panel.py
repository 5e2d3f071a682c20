"""The panel's side of the world: experts, their sheets and conflicts, the desk's cases, the boards, the logs."""

from typing import Any

from app.accounts.models import User
from app.applications.models import Application
from app.board.models import BoardMove, BoardPlace, BoardVersion, MoveKind
from app.calls.models import Call
from app.core import audit, clock
from app.core.authz import Role
from app.core.background_job import BackgroundJob, JobState
from app.core.db import db, new_public_id
from app.core.outbox import MailState, OutboxMessage
from app.reviews.models import ReviewAssignment, Reviewer
from app.reviews.scoring_models import DiscussionPost, DiscussionRound, Review
from app.reviews.vocabulary import ConflictReason
from app.screening.bodies import Body
from app.screening.matching import Kind
from app.screening.models import ListEdition, ScreeningCase, ScreeningHit
from app.screening.vocabulary import NoteKind, Source
from tests.canary.birds import PROGRAMME, Aviary, Place
from tests.factories.accounts import actor_of, make_actor, make_user
from tests.factories.boards import make_board
from tests.factories.reviews import make_assignment, make_conflict, make_review, make_reviewer
from tests.factories.screening import make_case, make_edition, make_note

FIELDS = ("environment", "physics")


def make_expert(aviary: Aviary, name: str, user: User | None = None) -> Reviewer:
    """An expert of the register whose every detail is a secret."""
    user = user or make_user(
        Role.REVIEWER,
        name=f"Expert {aviary.plant('reviewer-account', owner=name)}",
        email=aviary.email("reviewer-account", owner=name),
    )
    return make_reviewer(
        *FIELDS,
        user=user,
        name_en=f"Prof. {aviary.plant('reviewer', owner=name)}",
        name_ja=f"教授 {aviary.plant('reviewer', owner=name)}",
        email=aviary.email("reviewer", owner=name),
        affiliation=f"Museum of {aviary.plant('reviewer', owner=name)}",
        position=f"Head {aviary.plant('reviewer', owner=name)}",
        note=f"Careful: {aviary.plant('reviewer-note')}",
        sort_name=aviary.plant("reviewer", owner=name),
        search_text=f" {aviary.plant('reviewer', owner=name)}",
    )


def score(
    aviary: Aviary, place: Place, given: ReviewAssignment, owner: str, state: str = "submitted", kind: str = ""
) -> Review:
    """A sheet full of secrets. `kind`: of which all its texts are, where they are not the usual ones."""
    review = make_review(given, state)
    review.for_panel = f"Panel: {aviary.plant(kind or 'review', place, owner)}"
    review.for_applicant = f"Feedback: {aviary.plant(kind or 'feedback', place, owner)}"
    for mark in review.scores:
        mark.comment = f"Because {aviary.plant(kind or 'review', place, owner)}"
    if state == "abstained":
        review.reason = f"Not my {aviary.plant('abstention', place, owner)}"
    db.session.flush()
    return review


def say(aviary: Aviary, place: Place, plan: Application, talk: DiscussionRound, author: User, expert: Any) -> None:
    """A contribution to the discussion of a plan, by an expert or (None) by JST."""
    db.session.add(
        DiscussionPost(
            discussion_round_id=talk.id,
            application_id=plan.id,
            reviewer_id=expert.id if expert else None,
            author_id=author.id,
            text=f"I think {aviary.plant('discussion', place)}",
        )
    )
    db.session.flush()


def hinder(aviary: Aviary, place: Place, plan: Application, expert: Reviewer, *, declared_by: str = "") -> None:
    """A conflict of interest, declared with a reason."""
    found = make_conflict(plan, expert, ConflictReason.DECLARED)
    found.note = f"Because {aviary.plant('conflict', place, declared_by)}"
    db.session.flush()


def put_aside(
    aviary: Aviary, place: Place, plan: Application, expert: Reviewer, *, state: str, owner: str
) -> ReviewAssignment:
    """A plan that is its reader's no more, with the reason."""
    reason = f"Since {aviary.plant('assignment-reason', place, owner)}"
    return make_assignment(plan, expert, state, reason=reason)


def make_list(aviary: Aviary) -> ListEdition:
    """An edition of the list whose bodies are known to the desk only."""
    body = Body(
        1,
        f"Land of {aviary.plant('screening-candidate')}",
        f"Institute {aviary.plant('screening-candidate')}",
        (aviary.plant("screening-candidate"),),
        ("M",),
    )
    return make_edition(body)


def screen(aviary: Aviary, place: Place, plan: Application, state: str, edition: ListEdition) -> ScreeningCase:
    """A case with a candidate, the desk's notes and what the host is to do."""
    action = f"Ask for {aviary.plant('screening-action', place)}"
    case = make_case(plan, state, edition=edition, host_action=action if state == "conditions" else "")
    candidate = [aviary.plant("screening-candidate", place) for _number in range(5)]
    db.session.add(
        ScreeningHit(
            case=case,
            fingerprint=candidate[0],
            source=Source.PARTNER,
            about=candidate[1],
            asked_name=candidate[2],
            edition_id=edition.id,
            number=1,
            listed_as=candidate[3],
            listed_name=candidate[4],
            aliases=[aviary.plant("screening-candidate", place)],
            country=aviary.plant("screening-candidate", place),
            categories=["M"],
            kind=Kind.SIMILAR,
            likeness=91,
        )
    )
    for kind in NoteKind:
        secret = "screening-proposal" if kind is NoteKind.PROPOSAL else "screening-note"
        make_note(case, f"Note {aviary.plant(secret, place)}", kind)
    db.session.flush()
    return case


def lay_board(aviary: Aviary, call: Call, plans: dict[str, tuple[Place, Application]]) -> BoardVersion:
    """A board with its name, a move with its reason for each plan, and conditions."""
    chair = make_actor(Role.COORDINATOR)
    board = make_board(call, name=f"Try {aviary.plant('board')}", actor=chair)
    places = {row.application_id: row for row in db.session.query(BoardPlace).filter_by(board_version_id=board.id)}
    for place, plan in plans.values():
        if plan.id not in places:
            continue
        places[plan.id].condition_en = f"With {aviary.plant('board-condition', place)}"
        places[plan.id].condition_ja = f"条件 {aviary.plant('board-condition', place)}"
        db.session.add(
            BoardMove(
                board_version_id=board.id,
                application_id=plan.id,
                number=board.version,
                kind=MoveKind.OUTCOME,
                before={"mark": ""},
                after={"mark": "adopted"},
                reason=f"Why {aviary.plant('board', place)}",
                made_by_id=chair.id,
                made_by_name=chair.name,
                made_at=clock.now(),
            )
        )
    audit.record(chair, "board:move", board, comment=f"All of {aviary.plant('audit-comment')}")
    db.session.flush()
    return board


def write_mail(aviary: Aviary, place: Place, user: User) -> OutboxMessage:
    """A mail that was sent to somebody."""
    made = OutboxMessage(
        public_id=new_public_id(),
        message_id=f"<{new_public_id()}@example.jp>",
        template="application_returned",
        recipient_id=user.id,
        recipient_address=user.email,
        recipient_name=user.name,
        locale="en",
        subject=f"About {aviary.plant('mail-subject', place)}",
        body=f"Dear, {aviary.plant('mail-body', place)}",
        state=MailState.SENT,
        sent_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def leave_traces(aviary: Aviary, owner: User) -> BackgroundJob:
    """A job that failed, and an entry of the log; returns the job."""
    job = BackgroundJob(
        public_id=new_public_id(),
        kind="applications.release",
        state=JobState.FAILED,
        owner_id=owner.id,
        finished_at=clock.now(),
        last_error=f"Error {aviary.plant('job-error', PROGRAMME)}",
        tries=1,
    )
    db.session.add(job)
    audit.record(actor_of(owner), "call:edit", owner, comment=f"Note {aviary.plant('audit-comment')}")
    db.session.flush()
    return job

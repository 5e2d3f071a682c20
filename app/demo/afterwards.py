"""What came after: alumni who take their profile in hand, returns to Japan, institutions that ask to join."""

import random
from datetime import date, timedelta

from sqlalchemy import select, update

from app.accounts.models import User
from app.alumni import revisits, service
from app.alumni.models import Alumnus, Audience, RevisitKind
from app.alumni.revisits import Place
from app.core import clock
from app.core.authz import Actor
from app.core.background_job import BackgroundJob, JobState
from app.core.db import db
from app.core.outbox import MailState, OutboxMessage
from app.demo import cast
from app.demo.stays import at
from app.directory import service as directory
from app.directory.models import InstitutionKind
from app.visits.models import Participation, Visit

SHARE_ACTIVE, SHARE_BACK = 0.2, 0.09
POSITIONS = ("PhD student", "Research engineer", "Lecturer", "Master's student", "Software developer")


def come_back(chance: random.Random, coordinator: Actor, today: date) -> None:
    """Some alumni open their profile; some of them report a return, most of which are confirmed."""
    rows = db.session.execute(
        select(Alumnus, User, Visit)
        .join(User, User.invitee_id == Alumnus.invitee_id)
        .join(Participation, Participation.invitee_id == Alumnus.invitee_id)
        .join(Visit, Visit.id == Participation.visit_id)
        .order_by(Alumnus.id)
    ).all()
    for index, (alumnus, user, visit) in enumerate(rows):
        if index and chance.random() > SHARE_ACTIVE:
            continue
        actor = cast.actor(user)
        _open_profile(chance, actor, alumnus, visit)
        if index % 3 == 0 or chance.random() < SHARE_BACK:
            _return(chance, actor, alumnus, visit, coordinator, today)


def _open_profile(chance: random.Random, actor: Actor, alumnus: Alumnus, visit: Visit) -> None:
    with clock.pretending(at(min((visit.ends_on or clock.today()) + timedelta(days=60), clock.today()))):
        service.edit(
            actor,
            alumnus,
            affiliation=alumnus.affiliation or alumnus.invitee.affiliation,
            position=chance.choice(POSITIONS),
            country=alumnus.invitee.nationality,
        )
        visibility = {field: Audience.ALUMNI.value for field in ("affiliation", "position", "country")}
        service.choose_visibility(actor, alumnus, listed=chance.random() < 0.7, visibility=visibility)


def _return(
    chance: random.Random, actor: Actor, alumnus: Alumnus, visit: Visit, coordinator: Actor, today: date
) -> None:
    """Back to the host of the visit, some months later."""
    back = (visit.ends_on or today) + timedelta(days=chance.randint(120, 700))
    if back > today - timedelta(days=20):
        return
    kind = chance.choice([RevisitKind.STUDY, RevisitKind.STUDY, RevisitKind.JOINT_RESEARCH, RevisitKind.EMPLOYMENT])
    host = visit.host_institution
    with clock.pretending(at(back + timedelta(days=10))):
        revisit = revisits.report(actor, alumnus, kind=kind, where=Place(host, host.name), starts_on=back, ends_on=None)
    lot = chance.random()
    with clock.pretending(at(back + timedelta(days=18))):
        if lot < 0.75:
            revisits.transition(coordinator, revisit, "verify")
        elif lot < 0.82:
            revisits.transition(coordinator, revisit, "reject", comment="No such person at the institution named.")


def ask_to_register() -> None:
    """Two bodies that would like to become hosts wait for a coordinator."""
    for name_ja, name_en, kind, prefecture, email in (
        (
            "みらい県立科学技術高等学校",
            "Mirai Prefectural High School of Science",
            "high_school",
            "34",
            "head@mirai.example.jp",
        ),
        (
            "一般社団法人そよかぜ国際交流機構",
            "Soyokaze International Exchange",
            "foundation",
            "13",
            "info@soyokaze.example.jp",
        ),
    ):
        request = directory.Request(name="田村 一郎", email=email, locale="ja", note="")
        directory.request_registration(
            request,
            client="demonstration",
            name_ja=name_ja,
            name_en=name_en,
            kind=InstitutionKind(kind),
            prefecture=prefecture,
        )


def settle() -> None:
    """The mails of the story have long arrived, and the figures that were asked for long been made."""
    sent = {"state": MailState.SENT, "sent_at": OutboxMessage.created_at}
    db.session.execute(update(OutboxMessage).where(OutboxMessage.state == MailState.QUEUED).values(**sent))
    done = {"state": JobState.DONE, "finished_at": BackgroundJob.created_at}
    db.session.execute(update(BackgroundJob).where(BackgroundJob.state == JobState.QUEUED).values(**done))

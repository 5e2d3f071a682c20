"""The people who work with the system in the demonstration: at JST, at the hosts, and one alumna with a phone."""

import tomllib
from functools import cache
from typing import Any

from sqlalchemy import select

from app.accounts import passwords
from app.accounts.demo import PASSWORD
from app.accounts.models import RoleGrant, User
from app.core.authz import Actor, Grant, Role
from app.core.db import db
from app.demo.people import DATA
from app.directory.models import HostInstitution

JST = (
    (Role.COORDINATOR, "森 あかり", "mori"),
    (Role.COORDINATOR, "大野 修", "ono"),
    (Role.DECISION_MAKER, "石川 弘", "ishikawa"),
    (Role.REVIEWER, "Dr. Helen Okafor", "okafor@nature-museum.example"),
    (Role.SCREENING_OFFICER, "岡田 玲", "okada"),
    (Role.ADMINISTRATOR, "藤井 誠", "fujii"),
    (Role.AUDITOR, "松本 涼子", "matsumoto"),
    (Role.DECISION_MAKER, "石井 由美", "ishii"),
)


@cache
def texts() -> dict[str, Any]:
    """The sentences of the made-up program."""
    return tomllib.loads((DATA / "texts.toml").read_text(encoding="utf-8"))


@cache
def _password() -> str:
    return passwords.hash_password(PASSWORD)


def engage(name: str, email: str, role: Role, host: HostInstitution | None = None, note: str = "") -> User:
    """Somebody with a role; `note` puts the person on the demonstration's sign-in page."""
    locale = "ja" if not name.isascii() else "en"
    user = User(email=email, name=name, locale=locale, password_hash=_password(), demo_note=note)
    user.grants = [RoleGrant(role=role, institution_id=host.id if host else None)]
    db.session.add(user)
    db.session.flush()
    return user


def actor(user: User) -> Actor:
    """The user as verbs know an actor."""
    grants = tuple(Grant(grant.role, grant.institution_id) for grant in user.grants)
    return Actor(
        id=user.id,
        name=user.name,
        email=user.email,
        locale=user.locale,
        grants=grants,
        invitee_id=user.invitee_id,
        public_id=user.public_id,
    )


def engage_jst() -> dict[Role, Actor]:
    """JST's side; the first of each role stands on the sign-in page."""
    found: dict[Role, Actor] = {}
    for role, name, mailbox in JST:
        note = "" if role in found else role.value
        email = mailbox if "@" in mailbox else f"{mailbox}@jst.example.jp"
        user = engage(name, email, role, note=note)
        found.setdefault(role, actor(user))
    return found


def engage_hosts(hosts: list[HostInstitution]) -> dict[int, tuple[Actor, Actor]]:
    """An editor and an approver for every host, by its id; those of the first host stand on the sign-in page."""
    staff = texts()["staff"]
    found: dict[int, tuple[Actor, Actor]] = {}
    for index, host in enumerate(hosts):
        editor, approver = staff[index % len(staff)], staff[(index + 3) % len(staff)]
        found[host.id] = (
            actor(engage(editor["name"], f"editor{index}@host{index}.example.jp", *_as(Role.HOST_EDITOR, host, index))),
            actor(
                engage(
                    approver["name"], f"approver{index}@host{index}.example.jp", *_as(Role.HOST_APPROVER, host, index)
                )
            ),
        )
    return found


def _as(role: Role, host: HostInstitution, index: int) -> tuple[Role, HostInstitution, str]:
    return role, host, role.value if index == 0 else ""


def show_an_alumna() -> None:
    """Put one alumna on the sign-in page."""
    user = db.session.scalar(select(User).where(User.invitee_id.is_not(None)).order_by(User.id).limit(1))
    if user is not None:
        user.demo_note = Role.ALUMNUS.value
        user.password_hash = _password()

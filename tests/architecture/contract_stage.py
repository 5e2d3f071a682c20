"""One plan's world for the rows of the contract: somebody for every column, and ways to try something as each."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import update

from app.accounts.models import User, UserSession
from app.applications import partner_links
from app.applications.models import Application
from app.core import clock
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import DomainError
from app.reviews.models import ReviewAssignment
from app.reviews.vocabulary import ConflictReason
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_user, sign_in
from tests.factories.alumni import make_alumnus
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.directory import make_host
from tests.factories.invitees import make_invitee
from tests.factories.partners import Invited, open_browser, partner_of
from tests.factories.reviews import make_assignment, make_conflict, make_criteria, make_reviewer

PEOPLE = ("HE", "HA", "HB", "RV", "RC", "CO", "DE", "SC", "AD", "AU", "AL")
STRANGERS = ("AN", "IV")  # an invitee has no account and no link to plans: a stranger to them
NOBODY = Actor(id=None, name="", email="", locale="en", grants=())
REFUSED = frozenset({401, 403, 404, 409, 410, 422})


class Stage:
    """Host A, whose plan it is, another host, JST, two experts, and the plans made for a row."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.call = make_call()
        self.course = self.call.courses[0].course
        make_criteria(self.course)
        self.host, self.other = make_host(), make_host()
        alumnus = make_invitee()
        make_alumnus(alumnus)
        self.users: dict[str, User] = {
            "HE": make_user(Role.HOST_EDITOR, self.host),
            "HA": make_user(Role.HOST_APPROVER, self.host),
            "HB": make_user(Role.HOST_APPROVER, self.other),
            "RV": make_user(Role.REVIEWER),
            "RC": make_user(Role.REVIEWER),
            "CO": make_user(Role.COORDINATOR),
            "DE": make_user(Role.DECISION_MAKER),
            "SC": make_user(Role.SCREENING_OFFICER),
            "AD": make_user(Role.ADMINISTRATOR),
            "AU": make_user(Role.AUDITOR),
            "AL": make_user(Role.ALUMNUS, invitee_id=alumnus.id),
        }
        self.experts = {who: make_reviewer(user=self.users[who], name_en=f"Expert {who}") for who in ("RV", "RC")}
        self._clients: dict[str, Client] = {}

    def plan(self, state: str = "draft", **fields: Any) -> Application:
        """A plan of host A in a state."""
        return make_application(state, host=self.host, call=self.call, **fields)

    def given(self, plan: Application, state: str = "accepted") -> dict[str, ReviewAssignment]:
        """The plan given to both experts; with one of them it is in conflict."""
        found = {who: make_assignment(plan, expert, state=state) for who, expert in self.experts.items()}
        make_conflict(plan, self.experts["RC"], ConflictReason.DECLARED)
        return found

    def actor(self, who: str) -> Actor:
        """Somebody of a column as verbs see them, the password proved."""
        return replace(actor_of(self.users[who]), confirmed_at=clock.now()) if who in PEOPLE else NOBODY

    def client(self, who: str) -> Client:
        """The browser of somebody, signed in with the password proved just now."""
        if who not in self._clients:
            client: Client = self.app.test_client()  # type: ignore[assignment]
            if who in PEOPLE:
                sign_in(client, self.users[who])
                db.session.execute(update(UserSession).values(confirmed_at=clock.now()))
                db.session.flush()
            self._clients[who] = client
        return self._clients[who]

    def partner(self, plan: Application) -> Client:
        """The browser of the plan's partner, its link opened."""
        link, token, code = partner_links.issue(partner_of(plan), self.users["HE"].id)
        link.expires_at = clock.now() + timedelta(days=1)
        db.session.flush()
        return open_browser(self.app, Invited(link, token, code))

    def opens(self, who: str, path: str, *, says: str = "") -> bool:
        """Whether a page, or a file, opens for somebody, and says a thing where one is named."""
        answer = self.client(who).get(path)
        return bool(answer.status_code == 200 and (not says or says in answer.text))

    def sends(self, who: str, path: str, data: Mapping[str, Any]) -> bool:
        """Whether a form is taken from somebody."""
        answer = self.client(who).post(path, data=dict(data))
        to_sign_in = (answer.location or "").startswith(("/sign-in", "/confirm"))
        return answer.status_code not in REFUSED and not to_sign_in

    def does(self, who: str, verb: Callable[[Actor], Any]) -> bool:
        """Whether a verb does its work for somebody."""
        try:
            verb(self.actor(who))
            db.session.flush()
        except DomainError:
            return False
        return True

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Take back whatever happens inside, so that the next one finds the same world."""
        connection = self.app.extensions["database_session_options"]["bind"]
        db.session.commit()
        before = connection.begin_nested()
        try:
            yield
        finally:
            db.session.rollback()
            before.rollback()
            db.session.expire_all()
            self._clients.clear()

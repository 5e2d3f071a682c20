"""Two houses, four rounds, everybody who may ask, and a secret in every text. What the crawl walks through.

The objects of every route are those of the authorization matrix's test (one set for each house), so that a route whose
parameters that test knows is walked here too; the plans with secrets stand beside them.
"""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from app.accounts.models import User, UserSession
from app.alumni.models import Alumnus
from app.applications import snapshot
from app.applications.models import Application, ApplicationState
from app.calls.models import Call
from app.core import clock
from app.core.authz import Role
from app.core.db import db
from app.export_control.models import Declaration
from app.invitees.models import Invitee
from app.reviews.models import ReviewAssignment, Reviewer
from app.reviews.scoring_models import Review
from tests.architecture import test_matrix as matrix
from tests.canary import deciding, panel, plans
from tests.canary.birds import Aviary, Place, Reader
from tests.canary.people import Ids, Somebody, World
from tests.factories.accounts import grant_role, make_user, sign_in
from tests.factories.calls import make_call
from tests.factories.partners import invite_partner, open_browser
from tests.factories.reviews import make_assignment, make_discussion, make_review_plan

S = ApplicationState
ROUNDS = {"open": "before", "scoring": "scoring", "talk": "discussion"}
EXPERTS = ("asked", "reading", "done", "second", "elsewhere", "in-conflict", "late", "abstained")


class Builder:
    """Builds the world; one use."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.aviary = Aviary()
        self.world = World(self.aviary)
        now = clock.now().replace(microsecond=0)
        closed = {"opens_at": now - timedelta(days=40), "closes_at": now - timedelta(days=15)}
        base = make_call("base")
        self.calls: dict[str, Call] = {"base": base}
        for number, (name, phase) in enumerate(ROUNDS.items()):
            self.calls[name] = make_call(str(number + 2), **({} if name == "open" else closed))
            make_review_plan(self.calls[name], phase)
        self.talk = make_discussion(self.calls["talk"])
        self.kept: dict[str, Ids] = {}
        self.bases = {"a": matrix.build(base), "b": matrix.build(base)}
        self.edition = panel.make_list(self.aviary)

    def build(self) -> World:
        """Everything: readers first, since secrets are theirs."""
        for house, base in self.bases.items():
            self._staff(house, base)
        self._jst()
        self.experts = {name: panel.make_expert(self.aviary, f"expert {name}") for name in EXPERTS}
        for name, expert in self.experts.items():
            self._add(f"expert {name}", db.session.get(User, expert.user_id))
        for house in self.bases:
            self._house(house)
        self._read_plans()
        self._coordinator_who_reviews()
        self._keep_lists()
        deciding.write_letters(self.aviary, self.calls["open"])
        deciding.keep_reason(self.aviary)
        for name in ("scoring", "talk"):
            board = panel.lay_board(self.aviary, self.calls[name], self.world.places)
            for place in self.world.objects.values():
                if place["call_id"] == self.calls[name].public_id:
                    place["board_id"] = board.public_id
        self._open_browsers()
        db.session.commit()
        return self.world

    def _add(self, name: str, user: User | None, *roles: str, host: int | None = None) -> Somebody:
        hats = frozenset(str(grant.role) for grant in user.grants) if user is not None else frozenset(roles)
        made = Somebody(Reader(name, hats, host), user)
        self.world.people[name] = made
        return made

    def _staff(self, house: str, base: Any) -> None:
        for role in (Role.HOST_EDITOR, Role.HOST_APPROVER):
            user = make_user(role, base.host)
            self._add(f"{role.value} {house}", user, host=base.host.id)
        alumna = make_user(Role.ALUMNUS, invitee_id=base.person.id)
        self._add(f"alumna {house}", alumna)
        expert = self._add(f"expert of base {house}", base.expert)
        expert.reader.told.add(f"base {house}")
        expert.reader.reads.add(f"base {house}")

    def _jst(self) -> None:
        for role in Role:
            if role in (Role.SYSTEM, Role.HOST_EDITOR, Role.HOST_APPROVER, Role.ALUMNUS, Role.REVIEWER):
                continue
            self._add(role.value, make_user(role))
        self._add("stranger", None)
        self.job = panel.leave_traces(self.aviary, self.world.people["administrator"].user)  # type: ignore[arg-type]

    def _house(self, house: str) -> None:
        """The plans of one house, one in every state that matters."""
        self._base(house)
        for name, call, state, partners in (
            ("draft", "open", S.DRAFT, (f"partner {house} 1", f"partner {house} 2")),
            ("returned", "open", S.RETURNED, (f"partner {house} 3",)),
            ("read", "scoring", S.UNDER_REVIEW, ()),
            ("talked", "talk", S.UNDER_REVIEW, ()),
            ("decided", "talk", S.DECIDED, ()),
            ("moved", "scoring", S.SUBMITTED, ()),
        ):
            now = {"a": "b", "b": "a"}[house] if name == "moved" else house  # whose it is in the end
            place = Place(f"{name} {house}", self.bases[now].host.id, state is not S.DRAFT, False, partners)
            plan = plans.make_plan(self.aviary, place, self.bases[house].host, self.calls[call], state)
            if name == "moved":
                deciding.move(self.aviary, place, plan, self.bases[now].host)
            self._finish(now, place, plan, self.calls[call])
            if state is S.RETURNED:
                plans.send_back(self.aviary, place, plan)
        for name in ("read", "decided"):
            place, plan = self.world.places[f"{name} {house}"]
            state = {"a": "conditions", "b": "hold"}[house] if name == "read" else "examine"
            case = panel.screen(self.aviary, place, plan, state, self.edition)
            self.world.objects[place.name]["case_id"] = case.public_id

    def _base(self, house: str) -> None:
        """The matrix's own plan of a house: adopted, and known to be."""
        base = self.bases[house]
        found = select(Application).where(Application.public_id == base.ids["application_id"])
        plan = db.session.scalars(found).one()
        place = Place(f"base {house}", base.host.id, is_released=True)
        plans.fill(self.aviary, place, plan)
        plans.name_people(self.aviary, place, plan)
        snapshot.freeze(plan)
        plans.decide(self.aviary, place, plan)
        self._finish(house, place, plan, self.calls["base"])
        deciding.tell(self.aviary, place, plan)
        review = db.session.scalars(select(Review).where(Review.public_id == base.ids["review_id"])).one()
        review.for_applicant = f"Poor: {self.aviary.plant('feedback-as-written', place, f'expert of base {house}')}"
        deciding.rule(self.aviary, place, review)
        person = db.session.get(Invitee, base.person.id)
        assert person is not None
        declaration = db.session.scalars(
            select(Declaration).where(Declaration.public_id == base.ids["declaration_id"])
        ).one()
        declaration.responsible = f"Taro {self.aviary.plant('declaration', place)}"
        declaration.entered_by_name = f"Jun {self.aviary.plant('declaration', place)}"
        alumnus = db.session.scalars(select(Alumnus).where(Alumnus.public_id == base.ids["alumnus_id"])).one()
        alumnus.message = f"Hello from {self.aviary.plant('alumnus', place, f'alumna {house}')}"
        alumnus.email = self.aviary.email("alumnus-address", place, f"alumna {house}")
        person.native_name = f"नाम {self.aviary.plant('listed-name', place, f'alumna {house}')}"
        person.affiliation = f"Campus {self.aviary.plant('invitee', place, f'alumna {house}')}"
        person.email = self.aviary.email("invitee", place, f"alumna {house}")

    def _finish(self, house: str, place: Place, plan: Application, call: Call) -> None:
        """People by name, talk inside the house, mails, and the ids of it all."""
        staff = [self.world.people[f"{role} {house}"].user for role in ("host_editor", "host_approver")]
        said = plans.talk_inside(self.aviary, place, plan, *staff)  # type: ignore[arg-type]
        panel.write_mail(self.aviary, place, staff[0])  # type: ignore[arg-type]
        mine = {"file_id": deciding.add_files(self.aviary, place, plan).public_id}
        if place.is_submitted:
            mine["proposal_id"] = deciding.propose(self.aviary, place, plan).public_id
            mine["move_id"] = deciding.want_away(self.aviary, place, plan)
            deciding.check(self.aviary, place, plan)
            if not place.is_released:
                deciding.leave_note(self.aviary, place, plan, 1)
        self.world.places[place.name] = (place, plan)
        self.world.objects[place.name] = {
            **self.bases[house].ids,
            "application_id": plan.public_id,
            "call_id": call.public_id,
            "named_id": plan.named[-1].public_id,
            "comment_id": said.public_id,
            "partner_id": str(plan.partners[0].id),
            "upload_id": matrix.make_workbook(plan).public_id,
            "roster_id": matrix.make_plan_roster(plan).public_id,
            "job_id": self.job.public_id,
            **mine,
        }

    def _keep_lists(self) -> None:
        """What people have saved of lists: of each house's editor, of coordinators, of the auditor."""
        for place, name in (
            ("base a", "host_editor a"),
            ("base b", "host_editor b"),
            ("draft a", "coordinator"),
            ("draft b", "auditor"),
            ("read a", "host_approver a"),
            ("read b", "coordinator who reviews"),
        ):
            self.kept[place] = deciding.keep_lists(self.aviary, name, self.world.people[name].user)  # type: ignore[arg-type]
        for place, ids in self.world.objects.items():
            ids.update(self.kept.get(place, self.kept["draft a"]))

    def _give(self, place_name: str, expert: str, state: str, **gone: Any) -> ReviewAssignment:
        """A plan to an expert, who then knows of it."""
        place, plan = self.world.places[place_name]
        found: Reviewer = self.experts[expert]
        given = (
            panel.put_aside(self.aviary, place, plan, found, state=state, owner=f"expert {expert}")
            if gone
            else make_assignment(plan, found, state)
        )
        self.world.objects[place_name].update(assignment_id=given.public_id, reviewer_id=found.public_id)
        if not gone:
            reader = self.world.people[f"expert {expert}"].reader
            reader.told.add(place_name)
            reader.reads |= {place_name} if state != "sent" else set()
        return given

    def _read_plans(self) -> None:
        """Who reads what: before the answer on conflicts, before and after the own score, and after a late conflict."""
        aviary, places = self.aviary, self.world.places
        place, plan = places["read a"]
        self._give("read a", "in-conflict", "declined", gone=True)
        panel.hinder(aviary, place, plan, self.experts["in-conflict"], declared_by="expert in-conflict")
        score(self, "read b", "elsewhere", "draft", "review-draft")
        hidden = make_assignment(
            plan, self.experts["late"]
        )  # the row was there before the conflict was: a filter hides it
        panel.score(aviary, place, hidden, "", "draft", "review-draft")
        panel.hinder(aviary, place, plan, self.experts["late"])
        self._give("read a", "asked", "sent")
        self._give("returned a", "elsewhere", "accepted")  # an expert goes on reading what was submitted
        self._give("returned b", "asked", "sent")
        score(self, "read a", "reading", "draft", "review-draft")
        for house in self.bases:
            self._discuss(f"talked {house}")
            self._discuss(f"decided {house}")
        for name, base in (("a", self.bases["a"]), ("b", self.bases["b"])):
            self.world.people[f"expert of base {name}"].user = base.expert

    def _discuss(self, name: str) -> None:
        place, plan = self.world.places[name]
        late = self._give(name, "late", "set_aside", gone=True)
        panel.score(self.aviary, place, late, "", kind="review-set-aside")
        late.state = "set_aside"  # type: ignore[assignment]
        panel.hinder(self.aviary, place, plan, self.experts["late"])
        score(self, name, "abstained", "abstained", "")
        self._give(name, "reading", "accepted")
        for expert in ("done", "second"):
            score(self, name, expert, "submitted", "")
            user = self.world.people[f"expert {expert}"].user
            panel.say(self.aviary, place, plan, self.talk, user, self.experts[expert])  # type: ignore[arg-type]
            if name.startswith("talked"):
                self.world.people[f"expert {expert}"].reader.talks.add(name)
        jst = self.world.people["coordinator"].user
        panel.say(self.aviary, place, plan, self.talk, jst, None)  # type: ignore[arg-type]

    def _coordinator_who_reviews(self) -> None:
        """Works at JST, in conflict with one plan, and owes the own review of another."""
        name = "coordinator who reviews"
        user = make_user(Role.COORDINATOR)
        grant_role(user, Role.REVIEWER)
        person = self._add(name, user)
        expert = panel.make_expert(self.aviary, name, user)
        place, plan = self.world.places["talked a"]
        panel.hinder(self.aviary, place, plan, expert)
        make_assignment(self.world.places["talked b"][1], expert)
        person.reader.closed |= {"talked a", "talked b"}
        person.reader.told.add("talked b")

    def _open_browsers(self) -> None:
        """Everybody signs in, with the password just proved; partners open their links."""
        for house in self.bases:
            for name, numbers in (("draft", (0, 1)), ("returned", (0,))):
                place, plan = self.world.places[f"{name} {house}"]
                for number in numbers:
                    person = self._add(place.partners[number], None)
                    phone = open_browser(self.app, invite_partner(plan.partners[number]))
                    person.cookies = {cookie.key: cookie.value for cookie in phone._cookies.values()}
        for person in self.world.people.values():
            if person.user is not None:
                browser = self.app.test_client()
                sign_in(browser, person.user)
                person.cookies = {cookie.key: cookie.value for cookie in browser._cookies.values()}
        db.session.execute(update(UserSession).values(confirmed_at=clock.now()))


def score(builder: Builder, place_name: str, expert: str, state: str, kind: str) -> None:
    """A plan read and scored by an expert."""
    place, _plan = builder.world.places[place_name]
    given = builder._give(place_name, expert, "accepted")
    panel.score(builder.aviary, place, given, f"expert {expert}", state, kind)

"""Conflicts found from facts and declared by people: stored, never overridden, out of sight at once."""

from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.applications.models import Application
from app.core import authz, jobs
from app.core.audit import AuditEvent
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, Refused
from app.core.outbox import OutboxMessage
from app.core.workflow import Moved
from app.directory.models import InstitutionKind
from app.reviews import conflict_facts, conflicts, register_daily
from app.reviews.models import Conflict, ReviewAssignment, Reviewer
from app.reviews.scoring_models import Review
from app.reviews.vocabulary import AssignmentState, ReviewerState
from app.reviews.vocabulary import ConflictReason as C
from tests.conftest import watching
from tests.factories.accounts import actor_of, grant_role, make_actor, make_user
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.directory import make_host, make_sending
from tests.factories.invitees import make_invitee
from tests.factories.people import make_person
from tests.factories.reviews import make_assignment, make_reviewer

pytestmark = pytest.mark.usefixtures("app")
_rounds = count(1)


def plan(state: str = "under_review", **fields: Any) -> Application:
    return make_application(state, call=make_call(f"T{next(_rounds)}"), **fields)


def stored(reviewer: Reviewer, application: Application) -> set[C]:
    query = select(Conflict.reason).where(
        Conflict.reviewer_id == reviewer.id, Conflict.application_id == application.id
    )
    return set(db.session.scalars(query))


def actor_for(reviewer: Reviewer) -> Actor:
    return actor_of(db.session.get_one(User, reviewer.user_id))


def found(reviewer: Reviewer, application: Application) -> set[C]:
    conflicts.recheck()
    return stored(reviewer, application)


class TestWhatFactsShow:
    def test_the_host_itself(self) -> None:
        host = make_host()
        assert found(make_reviewer(organization=host), plan(host=host)) == {C.SAME_INSTITUTION}

    @pytest.mark.parametrize("link", ["parent", "successor"])
    def test_its_parent_child_and_successor_on_either_side(self, link: str) -> None:
        host, partner = make_host(), make_sending()
        above, beside = make_host(), make_sending()
        setattr(host, link, above)
        setattr(beside, link, partner)
        db.session.flush()
        application = plan(host=host, partners=[partner])
        assert found(make_reviewer(organization=above), application) == {C.RELATED_INSTITUTION}
        assert found(make_reviewer(organization=beside), application) == {C.PARTNER_SIDE}

    def test_bodies_under_one_ministry_are_not_related_but_the_ministry_is(self) -> None:
        ministry = make_host(kind=InstitutionKind.GOVERNMENT)
        host, other = make_host(parent=ministry), make_host(parent=ministry)
        application = plan(host=host)
        assert found(make_reviewer(organization=other), application) == set()
        assert found(make_reviewer(organization=ministry), application) == {C.RELATED_INSTITUTION}

    def test_a_name_that_was_typed_counts_like_the_body_that_bears_it(self) -> None:
        host = make_host(name_en="Lakeside University", name_ja="湖畔大学")
        for name in ("LAKESIDE  University", "湖畔大学", "The Lakeside University"):
            assert found(make_reviewer(affiliation=name), plan(host=host)) == {C.SAME_INSTITUTION}, name

    def test_names_unknown_to_the_directory_are_compared_with_one_another(self) -> None:
        application = plan()
        application.partners[0].organization, application.partners[0].typed_name = None, "Institut Técnico do Lago"
        db.session.flush()
        assert found(make_reviewer(affiliation="Institut Tecnico do Lago"), application) == {C.PARTNER_SIDE}
        assert found(make_reviewer(affiliation="Institut do Lago"), application) == set()

    def test_a_name_several_bear_may_mean_any_of_them(self) -> None:
        bodies = [make_sending(name_en="Technical University", country=country) for country in ("NP", "KE")]
        expert = make_reviewer(affiliation="Technical University")
        assert found(expert, plan(partners=bodies[:1])) == {C.PARTNER_SIDE}
        assert found(expert, plan(partners=bodies[1:])) == {C.PARTNER_SIDE}

    @pytest.mark.parametrize("where", ["register", "account"])
    def test_an_address_in_the_plan_whatever_its_case(self, where: str) -> None:
        application = plan(administrative_email="J.Ito@Lake-U.ac.jp")
        user = make_user(Role.REVIEWER, email="j.ito@lake-u.ac.jp" if where == "account" else "x@gmail.com")
        expert = make_reviewer(user=user, email="j.ito@lake-u.ac.jp" if where == "register" else "y@gmail.com")
        assert found(expert, application) == {C.NAMED_IN_PLAN, C.EMAIL_DOMAIN}

    def test_the_domain_of_a_partner_s_contact_and_of_somebody_who_is_to_come(self) -> None:
        application = plan()
        application.partners[0].contact_email = "dean@hill.edu.np"
        make_person(application, email="student@valley.ac.ke")
        assert found(make_reviewer(email="a@physics.hill.edu.np"), application) == {C.EMAIL_DOMAIN}
        assert found(make_reviewer(email="b@valley.ac.ke"), application) == {C.EMAIL_DOMAIN}

    def test_an_earlier_visit_in_which_the_expert_took_part(self) -> None:
        host, partner = make_host(), make_sending()
        plan("completed", host=host, partners=[partner], principal_email="Expert@museum.example")
        expert = make_reviewer(email="expert@museum.example")
        assert found(expert, plan(host=host)) == {C.JOINT_VISIT}
        assert found(expert, plan(partners=[partner])) == {C.JOINT_VISIT}
        assert found(expert, plan()) == set()

    def test_the_institution_the_expert_s_account_acts_for_is_the_expert_s_own(self) -> None:
        host, above = make_host(), make_host()
        host.parent = above
        user = make_user(Role.REVIEWER)
        grant_role(user, Role.HOST_EDITOR, host)
        expert = make_reviewer(user=user, affiliation="National Museum of Nature")
        assert found(expert, plan(host=host)) == {C.SAME_INSTITUTION}
        assert found(expert, plan(host=above)) == {C.RELATED_INSTITUTION}

    def test_an_expert_who_was_invited_once_knows_the_host(self) -> None:
        host = make_host()
        make_invitee(email="Expert@museum.example", known_to=host)
        assert found(make_reviewer(email="expert@museum.example"), plan(host=host)) == {C.JOINT_VISIT}

    def test_a_plan_that_was_declined_is_no_earlier_visit(self) -> None:
        host = make_host()
        plan("declined", host=host, principal_email="expert@museum.example")
        assert found(make_reviewer(email="expert@museum.example"), plan(host=host)) == set()

    def test_family_name_and_nationality_never_matter(self) -> None:
        """The same name everywhere and the same country: nothing. Names changed: nothing changes."""
        application = plan(principal_name="Helen Okafor", administrative_name="大川 春子", host=make_host())
        make_person(application, surname="OKAFOR", given_names="HELEN", nationality="NG")
        make_invitee(surname="OKAFOR", given_names="HELEN", nationality="NG", known_to=application.host_institution)
        namesake = make_reviewer(name_en="Helen Okafor", name_ja="大川 春子", email="h@museum.example")
        assert found(namesake, application) == set()
        colleague = make_reviewer(organization=application.host_institution, name_en="Helen Okafor")
        before = found(colleague, application)
        colleague.name_en, colleague.name_ja = "Quite Another", "別人"
        assert found(colleague, application) == before == {C.SAME_INSTITUTION}


class TestKeepingInLine:
    def test_a_detected_conflict_goes_with_its_facts_a_declared_one_stays(self) -> None:
        host = make_host()
        expert, application = make_reviewer(organization=host), plan(host=host)
        conflicts.declare_for(make_actor(Role.COORDINATOR), expert, application, note="Co-author of the host's dean")
        assert found(expert, application) == {C.SAME_INSTITUTION, C.DECLARED}
        expert.organization = None
        db.session.flush()
        assert found(expert, application) == {C.DECLARED}

    def test_it_may_be_repeated_and_says_what_it_changed(self) -> None:
        host = make_host()
        expert = make_reviewer(organization=host)
        plan(host=host)
        assert conflicts.recheck() == conflicts.Checked(found=1, gone=0)
        assert conflicts.recheck() == conflicts.Checked()
        entries = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "conflict:check")).all()
        assert [(entry.subject_type, entry.subject_id) for entry in entries] == [("reviewer", expert.id)]

    def test_a_link_of_the_directory_made_by_day_is_noticed_at_night(self) -> None:
        host, above = make_host(), make_host()
        expert, application = make_reviewer(organization=above), plan(host=host)
        assert found(expert, application) == set()
        host.parent = above
        db.session.flush()
        register_daily.look_for_conflicts()
        assert stored(expert, application) == {C.RELATED_INSTITUTION}

    def test_it_leaves_decided_plans_and_experts_who_have_ended_alone(self) -> None:
        host = make_host()
        make_reviewer(organization=host, state=ReviewerState.ENDED)
        plan(host=host)
        adopted = plan("adopted", host=host)
        assert conflicts.recheck() == conflicts.Checked()
        assert found(make_reviewer(organization=host), adopted) == set()

    def test_a_plan_is_looked_at_when_it_comes_in_again(self) -> None:
        host = make_host()
        expert, application = make_reviewer(organization=host), plan(host=host)
        conflicts.look_at_plan(Moved("application", "submit", application))
        while jobs.run_next():
            pass
        assert stored(expert, application) == {C.SAME_INSTITUTION}

    def test_facts_are_gathered_in_a_bounded_number_of_queries(self) -> None:
        for _number in range(3):
            host = make_host()
            make_reviewer(organization=host)
            plan(host=host, partners=[make_sending(parent=make_sending())])
        with watching() as watched:
            conflict_facts.gather()
        assert watched.queries <= 13


class TestWhatFollows:
    @pytest.mark.parametrize("state", ["accepted", "completed"])
    def test_a_late_conflict_sets_the_review_aside_and_keeps_it(self, state: str) -> None:
        coordinator = make_user(Role.COORDINATOR)
        assignment = make_assignment(plan(), state=state)
        review = Review(assignment=assignment, for_panel="Strong plan")
        db.session.add(review)
        actor = actor_for(assignment.reviewer)
        conflicts.declare_own(actor, assignment, note="My student joins the group")
        assert (assignment.state, assignment.reason) == (AssignmentState.SET_ASIDE, "My student joins the group")
        assert db.session.get(Review, review.id).for_panel == "Strong plan"
        assert not authz.can(actor, "review:write", assignment)
        assert not authz.can(actor, "review:view-own", review)
        mail = db.session.scalar(select(OutboxMessage).where(OutboxMessage.template == "review_reader_missing"))
        assert mail.recipient_id == coordinator.id
        for secret in (assignment.reviewer.name_en, "My student", assignment.reviewer.email):
            assert secret not in mail.subject + mail.body

    def test_before_anything_is_read_it_is_an_answer(self) -> None:
        assignment = make_assignment(plan(), state="sent")
        conflicts.declare_own(actor_for(assignment.reviewer), assignment, note="Same laboratory")
        assert assignment.state is AssignmentState.DECLINED

    def test_a_proposal_simply_goes(self) -> None:
        host = make_host()
        expert = make_reviewer(organization=host)
        assignment = make_assignment(plan(host=host), expert, state="proposed")
        number = assignment.id
        conflicts.recheck()
        assert db.session.get(ReviewAssignment, number) is None

    def test_facts_that_change_take_the_plan_away_at_once(self) -> None:
        expert = make_reviewer()
        assignment = make_assignment(plan(), expert)
        expert.organization = assignment.application.host_institution
        db.session.flush()
        conflicts.recheck()
        assert (assignment.state, assignment.reason) == (AssignmentState.SET_ASIDE, C.SAME_INSTITUTION.value)

    def test_nobody_declares_for_others_but_a_coordinator(self) -> None:
        expert, application = make_reviewer(), plan()
        for role in ("reviewer", "decision_maker", "screening_officer", "host_approver", "administrator"):
            with pytest.raises(Forbidden):
                conflicts.declare_for(make_actor(role), expert, application, note="x")
        with pytest.raises(Forbidden):
            conflicts.declare_own(make_actor(Role.REVIEWER), make_assignment(application, expert), note="x")

    def test_it_needs_a_word_and_is_declared_once(self) -> None:
        actor, expert, application = make_actor(Role.COORDINATOR), make_reviewer(), plan()
        with pytest.raises(Refused):
            conflicts.declare_for(actor, expert, application, note=" ")
        conflicts.declare_for(actor, expert, application, note="Married to the principal")
        with pytest.raises(Refused):
            conflicts.declare_for(actor, expert, application, note="Again")

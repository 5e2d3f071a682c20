"""Where features meet: who hears which fact, whose work rings by itself, what later stations add to earlier pages."""

from typing import Any

from flask import Flask

from app import menu, tables  # noqa: F401 -- the mapped classes of all features must be known before one is used
from app.accounts import acting_for, first_approver, identity
from app.accounts import lists as account_lists
from app.accounts import sweeping as _sweeping
from app.accounts.events import InvitationAccepted
from app.alumni import enrolment
from app.alumni import host_past as alumni_past
from app.alumni import lists as alumni_lists
from app.alumni import rounds as _alumni_rounds
from app.alumni import sections as alumni_sections
from app.alumni.workflow import ALUMNUS, REVISIT
from app.applications import daily as _applications_daily
from app.applications import (
    draft_facts,
    extension_mailing,
    feedback,
    following,
    letter_lists,
    obstacles,
    round_lists,
    round_marks,
)
from app.applications import lists as application_lists
from app.applications import release_clock as _release_clock
from app.applications import row_usage as plan_usage
from app.applications import steps as plan_steps
from app.applications.events import ApplicationAdopted, DecisionChanged
from app.applications.proposal_workflow import PROPOSAL
from app.applications.workflow import APPLICATION
from app.calls import prerequisite_model as _prerequisites
from app.calls import preview as rule_preview
from app.calls import rate_models as _rates
from app.calls import usage as row_usage
from app.calls.events import CallExtended
from app.checking import daily as _checking_daily
from app.checking import lists as check_lists
from app.checking import past, sheets
from app.checking import sections as check_sections
from app.checking import service as check_service
from app.closing import host_past as closing_past
from app.closing import lists as closing_lists
from app.closing import sections as closing_sections
from app.closing import service as closing
from app.closing.workflow import REPORT
from app.core import (
    dossier,
    events,
    heartbeat,
    housekeeping,
    jobs,
    outbox,
    verbs,
)
from app.core.lists import ListOf
from app.core.lists import acting as acting_on_lists
from app.core.lists import register as register_lists
from app.core.workflow import Moved, Workflow
from app.directory import lists as directory_lists
from app.directory.events import InstitutionApproved, NamesChanged, RegisterRead
from app.directory.workflow import ORGANIZATION
from app.export_control import lists as export_control_lists
from app.export_control.events import Declared
from app.insight import lists as insight_lists
from app.insight import service as insight
from app.insight.verbs import LABELS as VERB_LABELS
from app.invitees import lists as invitee_lists
from app.pages import BLUEPRINTS
from app.reviews import assigning_service, conflicts, register_service
from app.reviews import feedback as review_feedback
from app.reviews import lists as review_lists
from app.reviews import register_daily as _register_daily
from app.reviews import scoring_daily as _scoring_daily
from app.reviews import sections as review_sections
from app.reviews.assignment_workflow import REVIEW_ASSIGNMENT
from app.reviews.register_workflow import REVIEWER
from app.screening import lists as screening_lists
from app.screening import runs as screening_runs
from app.screening import sections as screening_sections
from app.screening.workflow import CASE
from app.visits import daily as _visits_daily
from app.visits import decisions as visit_decisions
from app.visits import dossier as visits_dossier
from app.visits import host_past as visits_past
from app.visits import lists as visit_lists
from app.visits import plan_queries, roster_from_plan
from app.visits import service as visits
from app.visits.events import RosterChanged, VisitCompleted, VisitPlanned
from app.visits.workflow import VISIT

# What lists there are, each described in the package it belongs to.
LISTS: tuple[ListOf, ...] = (
    account_lists.PEOPLE,
    alumni_lists.DIRECTORY,
    alumni_lists.RETURNS,
    application_lists.APPLICATIONS,
    letter_lists.LETTERS,
    round_lists.PLANS,
    check_lists.QUEUE,
    closing_lists.REPORTS,
    directory_lists.ORGANIZATIONS,
    export_control_lists.DECLARATIONS,
    insight_lists.EVENTS,
    insight_lists.JOBS,
    insight_lists.MAILS,
    invitee_lists.INVITEES,
    review_lists.EXPERTS,
    screening_lists.CASES,
    visit_lists.VISITS,
)

# Modules whose work rings by itself (every minute, every night): named here so that every worker knows them.
BELLS = (
    _alumni_rounds,
    _applications_daily,
    _release_clock,
    _checking_daily,
    _register_daily,
    _scoring_daily,
    _sweeping,
    _visits_daily,
    heartbeat,
    housekeeping,
    insight,
    jobs,
    outbox,
)

WORKFLOWS: tuple[Workflow, ...] = (
    ALUMNUS,
    APPLICATION,
    CASE,
    ORGANIZATION,
    PROPOSAL,
    REPORT,
    REVIEW_ASSIGNMENT,
    REVIEWER,
    REVISIT,
    VISIT,
)

SUBSCRIPTIONS: tuple[tuple[type, Any], ...] = (
    (CallExtended, extension_mailing.tell_everybody_working),
    (Declared, following.follow),
    (ApplicationAdopted, visits.plan_from_adoption),
    (DecisionChanged, visit_decisions.follow),
    (VisitPlanned, roster_from_plan.take_over),
    (VisitCompleted, closing.issue_certificates),
    (VisitCompleted, enrolment.enrol_participants),
    (InstitutionApproved, first_approver.invite),
    (InvitationAccepted, register_service.welcome),
    (Moved, conflicts.look_at_plan),
    (Moved, assigning_service.let_go_of_withdrawn),
    (Moved, screening_runs.after_submission),
    (Moved, sheets.after_submission),
    (Moved, check_service.after_move),
    (NamesChanged, screening_runs.after_names_changed),
    (RegisterRead, screening_runs.after_register),
    (Moved, insight.moved),
    (RosterChanged, insight.sources_changed),
)

# What later stations add to the pages of earlier ones: by the table whose page it is.
DOSSIERS: tuple[tuple[str, dossier.Provider], ...] = (
    ("invitee", visits_dossier.of_invitee),
    ("invitee", closing_sections.certificates_of_person),
    ("invitee", alumni_sections.profile_of_person),
    ("invitee", alumni_sections.returns_of_person),
    ("visit", closing_sections.report_of_visit),
    ("organization", visits_dossier.of_organization),
    ("application", check_sections.of_application),
    ("application", screening_sections.of_application),
    ("application", review_feedback.of_application),
    ("application", review_sections.readers_of_application),
)


def init_app(app: Flask) -> None:
    """Register everything; the order of blueprints does not matter."""
    identity.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.extensions["workflows"] = WORKFLOWS
    for fact, listener in SUBSCRIPTIONS:
        events.subscribe(fact, listener)
    for kind, provider in DOSSIERS:
        dossier.register(kind, provider)
    rule_preview.register(draft_facts.weigh)
    row_usage.register(_rates.UnitRate, plan_usage.of_rate)
    row_usage.register(_prerequisites.Prerequisite, plan_usage.of_step)
    plan_steps.ask_visits(plan_queries.of_plans)
    feedback.register(review_feedback.texts_of, review_feedback.waiting)
    obstacles.register(of_round=screening_sections.keeps_round, of_plan=screening_sections.keeps_plan)
    obstacles.register_of_adoption(visit_decisions.keeps_adopted)
    obstacles.register(of_round=check_sections.keeps_round, of_plan=check_sections.keeps_plan)
    round_marks.register(check_sections.marks_of_round)
    for teller in (visits_past.of_host, closing_past.of_host, alumni_past.of_host):
        past.register(teller)
    register_lists(*LISTS)
    acting_on_lists.act_for(acting_for.in_the_name_of)
    verbs.register(VERB_LABELS)
    verbs.register_workflows(WORKFLOWS)
    app.jinja_env.globals.update(menu=menu.of_reader, label_of_verb=verbs.label_of_verb)

"""Where features meet: who hears which fact, whose work rings by itself, what later stations add to earlier pages."""

from typing import Any

from flask import Flask

from app import menu, tables  # noqa: F401 -- the mapped classes of all features must be known before one is used
from app.accounts import first_approver, identity
from app.accounts import sweeping as _sweeping
from app.accounts.events import InvitationAccepted
from app.alumni import enrolment
from app.alumni import rounds as _alumni_rounds
from app.alumni import sections as alumni_sections
from app.alumni.workflow import ALUMNUS, REVISIT
from app.applications import daily as _applications_daily
from app.applications import draft_facts, extension_mailing, following, obstacles
from app.applications import row_usage as plan_usage
from app.applications import steps as plan_steps
from app.applications.events import ApplicationAdopted
from app.applications.workflow import APPLICATION
from app.calls import prerequisite_model as _prerequisites
from app.calls import preview as rule_preview
from app.calls import rate_models as _rates
from app.calls import usage as row_usage
from app.calls.events import CallExtended
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
from app.core.workflow import Moved, Workflow
from app.directory.events import InstitutionApproved, NamesChanged, RegisterRead
from app.directory.workflow import ORGANIZATION
from app.export_control.events import Declared
from app.insight import service as insight
from app.insight.verbs import LABELS as VERB_LABELS
from app.pages import BLUEPRINTS
from app.reviews import assigning_service, conflicts, register_service
from app.reviews import register_daily as _register_daily
from app.reviews import scoring_daily as _scoring_daily
from app.reviews import sections as review_sections
from app.reviews.assignment_workflow import REVIEW_ASSIGNMENT
from app.reviews.register_workflow import REVIEWER
from app.screening import runs as screening_runs
from app.screening import sections as screening_sections
from app.screening.workflow import CASE
from app.visits import daily as _visits_daily
from app.visits import dossier as visits_dossier
from app.visits import plan_queries, roster_from_plan
from app.visits import service as visits
from app.visits.events import RosterChanged, VisitCompleted, VisitPlanned
from app.visits.workflow import VISIT

# Modules whose work rings by itself (every minute, every night): named here so that every worker knows them.
BELLS = (
    _alumni_rounds,
    _applications_daily,
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
    (VisitPlanned, roster_from_plan.take_over),
    (VisitCompleted, closing.issue_certificates),
    (VisitCompleted, enrolment.enrol_participants),
    (InstitutionApproved, first_approver.invite),
    (InvitationAccepted, register_service.welcome),
    (Moved, conflicts.look_at_plan),
    (Moved, assigning_service.let_go_of_withdrawn),
    (Moved, screening_runs.after_submission),
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
    ("application", screening_sections.of_application),
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
    obstacles.register(of_round=screening_sections.keeps_round, of_plan=screening_sections.keeps_plan)
    verbs.register(VERB_LABELS)
    verbs.register_workflows(WORKFLOWS)
    app.jinja_env.globals.update(menu=menu.of_reader, label_of_verb=verbs.label_of_verb)

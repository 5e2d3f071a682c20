"""Where features meet: the only module that knows them all. Blueprints, who hears which fact, menu, workflows."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, request, url_for
from flask_babel import lazy_gettext as _l

from app.accounts import first_approver, identity
from app.accounts import models as _accounts
from app.accounts import sweeping as _sweeping
from app.accounts.views import door, links, own, people
from app.accounts.views.room import bp as accounts_bp
from app.alumni import enrolment
from app.alumni import models as _alumni
from app.alumni import rounds as _alumni_rounds
from app.alumni import sections as alumni_sections
from app.alumni import views as alumni_views
from app.alumni.workflow import ALUMNUS, REVISIT
from app.applications import comment_model as _comments
from app.applications import daily as _applications_daily
from app.applications import draft_facts, extension_mailing, following
from app.applications import models as _applications
from app.applications import named_models as _named
from app.applications import parked_model as _parked
from app.applications import partner_models as _partners
from app.applications import presence_model as _presence
from app.applications import receipt_models as _receipts
from app.applications import row_usage as plan_usage
from app.applications import sign_off_model as _sign_offs
from app.applications import step_model as _application_steps
from app.applications import steps as plan_steps
from app.applications.events import ApplicationAdopted
from app.applications.views import api as rules_for_programs
from app.applications.views import beginning as plan_start
from app.applications.views import budget as plan_budget
from app.applications.views import changes as plan_changes
from app.applications.views import comments as plan_comments
from app.applications.views import export_forms as plan_export_forms
from app.applications.views import listing as plan_list
from app.applications.views import papers as plan_papers
from app.applications.views import parking as plan_parking
from app.applications.views import partner_export
from app.applications.views import partner_links as plan_partners
from app.applications.views import partner_people as partner_people_pages
from app.applications.views import people as plan_people
from app.applications.views import people_roster as plan_people_roster
from app.applications.views import receipts as receipts_views
from app.applications.views import round_status as plan_round_status
from app.applications.views import rounds as plan_rounds
from app.applications.views import sections as plan_sections
from app.applications.views import show as plan_page
from app.applications.views import sign_off as plan_sign_off
from app.applications.views import steps as plan_steps_page
from app.applications.views import submission as plan_submission
from app.applications.views import workbook as plan_workbook
from app.applications.views.blueprint import bp as applications_bp
from app.applications.views.partner import bp as partner_bp
from app.applications.workflow import APPLICATION
from app.board import comparing_views as board_comparison
from app.board import models as _board
from app.board import paper_views as board_papers
from app.board import target_views as board_targets
from app.board import views as board_views
from app.calls import eligibility_views as can_we_apply
from app.calls import extension_views, prerequisite_views, rule_api
from app.calls import models as _calls
from app.calls import prerequisite_model as _prerequisites
from app.calls import preview as rule_preview
from app.calls import rate_models as _rates
from app.calls import rate_views as rate_pages
from app.calls import rule_views as rule_pages
from app.calls import usage as row_usage
from app.calls import views as calls_views
from app.calls.events import CallExtended
from app.closing import models as _closing
from app.closing import sections as closing_sections
from app.closing import service as closing
from app.closing import views as closing_views
from app.closing.workflow import REPORT
from app.core import (
    audit,
    background_job,
    carrying,
    counters,
    dossier,
    events,
    heartbeat,
    housekeeping,
    idempotency,
    jobs,
    limits,
    outbox,
    storage,
    verbs,
    web,
)
from app.core.workflow import Moved, Workflow
from app.directory import models as _directory
from app.directory import views as directory_views
from app.directory.events import InstitutionApproved
from app.directory.workflow import ORGANIZATION
from app.export_control import models as _export_control
from app.export_control import views as export_control_views
from app.export_control.events import Declared
from app.home import views as home_views
from app.insight import models as _insight
from app.insight import service as insight
from app.insight.verbs import LABELS as VERB_LABELS
from app.insight.views import figures, logs
from app.insight.views.blueprint import bp as insight_bp
from app.invitees import models as _invitees
from app.invitees import views as invitees_views
from app.reviews import models as _reviews
from app.reviews import scoring_models as _scoring
from app.visits import daily as _visits_daily
from app.visits import dossier as visits_dossier
from app.visits import models as _visits
from app.visits import plan_queries, roster_from_plan
from app.visits import service as visits
from app.visits.events import RosterChanged, VisitCompleted, VisitPlanned
from app.visits.views import board, calendar, listing, papers, roster, schedule, show
from app.visits.views import people as roster_people
from app.visits.views.blueprint import bp as visits_bp
from app.visits.workflow import VISIT

# Modules that hold tables: named here once, so that migrations and tests see the whole schema.
TABLES = (
    _accounts,
    _alumni,
    _application_steps,
    _applications,
    _board,
    _calls,
    _closing,
    _comments,
    _directory,
    _export_control,
    _insight,
    _invitees,
    _named,
    _receipts,
    _prerequisites,
    _parked,
    _partners,
    _presence,
    _rates,
    _reviews,
    _scoring,
    _sign_offs,
    _visits,
    audit,
    background_job,
    carrying,
    counters,
    heartbeat,
    idempotency,
    limits,
    outbox,
    storage,
)

# Modules whose work rings by itself (every minute, every night): named here so that every worker knows them.
BELLS = (
    _alumni_rounds,
    _applications_daily,
    _sweeping,
    _visits_daily,
    heartbeat,
    housekeeping,
    insight,
    jobs,
    outbox,
)

# A blueprint whose pages are spread over several modules hangs together once those are imported.
_PAGES = (
    board,
    board_comparison,
    board_papers,
    board_targets,
    calendar,
    can_we_apply,
    door,
    extension_views,
    figures,
    links,
    listing,
    logs,
    own,
    partner_export,
    papers,
    partner_people_pages,
    people,
    plan_changes,
    plan_budget,
    plan_comments,
    plan_export_forms,
    plan_list,
    plan_page,
    plan_partners,
    plan_people,
    plan_people_roster,
    plan_papers,
    plan_parking,
    plan_round_status,
    plan_rounds,
    plan_sections,
    plan_sign_off,
    plan_start,
    plan_steps_page,
    plan_submission,
    plan_workbook,
    prerequisite_views,
    rate_pages,
    roster,
    roster_people,
    rule_pages,
    rules_for_programs,
    schedule,
    show,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts_bp,
    alumni_views.bp,
    applications_bp,
    board_views.bp,
    calls_views.bp,
    closing_views.bp,
    directory_views.bp,
    export_control_views.bp,
    home_views.bp,
    rule_api.bp,
    insight_bp,
    invitees_views.bp,
    receipts_views.bp,
    partner_bp,
    visits_bp,
)

WORKFLOWS: tuple[Workflow, ...] = (ALUMNUS, APPLICATION, ORGANIZATION, REPORT, REVISIT, VISIT)

SUBSCRIPTIONS: tuple[tuple[type, Any], ...] = (
    (CallExtended, extension_mailing.tell_everybody_working),
    (Declared, following.follow),
    (ApplicationAdopted, visits.plan_from_adoption),
    (VisitPlanned, roster_from_plan.take_over),
    (VisitCompleted, closing.issue_certificates),
    (VisitCompleted, enrolment.enrol_participants),
    (InstitutionApproved, first_approver.invite),
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
)


@dataclass(frozen=True)
class MenuEntry:
    """A line of the menu: shown to those who have the permission."""

    label: Any
    endpoint: str
    permission: str


MENU = (
    MenuEntry(_l("Home"), "home.index", web.SIGNED_IN),
    MenuEntry(_l("Applications"), "applications.index", "application:view"),
    MenuEntry(_l("Panel's board"), "board.index", "board:view"),
    MenuEntry(_l("Visits"), "visits.index", "visit:view"),
    MenuEntry(_l("Reports"), "closing.index", "report:view"),
    MenuEntry(_l("Invitees"), "invitees.index", "invitee:view"),
    MenuEntry(_l("Organizations"), "directory.index", "organization:view"),
    MenuEntry(_l("Calls"), "calls.index", "rules:view"),
    MenuEntry(_l("Export control"), "export_control.index", "declaration:view"),
    MenuEntry(_l("Revisits"), "alumni.revisits", "revisit:view"),
    MenuEntry(_l("Figures"), "insight.index", "figures:view"),
    MenuEntry(_l("My profile"), "alumni.me", "alumnus:view-own"),
    MenuEntry(_l("Alumni"), "alumni.directory", "alumnus:directory"),
    MenuEntry(_l("People and roles"), "accounts.people", "user:view"),
    MenuEntry(_l("Audit log"), "insight.audit_log", "audit:view"),
    MenuEntry(_l("Mails"), "insight.mails", "mail:view"),
    MenuEntry(_l("Background jobs"), "insight.jobs", "job:view"),
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A menu line as a page draws it."""

    label: Any
    url: str
    active: bool


def menu() -> list[MenuItem]:
    """The lines of the menu that are open to the reader."""
    actor = web.actor_or_none()
    if actor is None:
        return []
    here = request.blueprint
    return [
        MenuItem(entry.label, url_for(entry.endpoint), request.endpoint == entry.endpoint or _same_room(entry, here))
        for entry in MENU
        if entry.permission == web.SIGNED_IN or actor.may(entry.permission)
    ]


def _same_room(entry: MenuEntry, blueprint: str | None) -> bool:
    """Whether a page of that blueprint belongs to this line: true for blueprints with a single line."""
    room = entry.endpoint.partition(".")[0]
    return room == blueprint and sum(line.endpoint.startswith(f"{room}.") for line in MENU) == 1


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
    verbs.register(VERB_LABELS)
    verbs.register_workflows(WORKFLOWS)
    app.jinja_env.globals.update(menu=menu, label_of_verb=verbs.label_of_verb)

"""Every blueprint, with the modules its pages are spread over: one hangs together once those are imported."""

from flask import Blueprint

from app.accounts.views import door, links, own, people
from app.accounts.views.room import bp as accounts_bp
from app.alumni import views as alumni_views
from app.applications.views import adopted as adopted_views
from app.applications.views import api as rules_for_programs
from app.applications.views import beginning as plan_start
from app.applications.views import budget as plan_budget
from app.applications.views import changes as plan_changes
from app.applications.views import comments as plan_comments
from app.applications.views import export_forms as plan_export_forms
from app.applications.views import files as plan_files
from app.applications.views import letter_of_plan as plan_letter
from app.applications.views import letters as round_letters
from app.applications.views import listing as plan_list
from app.applications.views import moving as plan_moves
from app.applications.views import papers as plan_papers
from app.applications.views import parking as plan_parking
from app.applications.views import partner_export
from app.applications.views import partner_files as partner_file_pages
from app.applications.views import partner_links as plan_partners
from app.applications.views import partner_people as partner_people_pages
from app.applications.views import people as plan_people
from app.applications.views import people_roster as plan_people_roster
from app.applications.views import proposals as plan_proposals
from app.applications.views import receipts as receipts_views
from app.applications.views import round_release as plan_release
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
from app.board import comparing_views as board_comparison
from app.board import paper_views as board_papers
from app.board import proposal_views as board_proposals
from app.board import target_views as board_targets
from app.board import views as board_views
from app.calls import eligibility_views as can_we_apply
from app.calls import extension_views, prerequisite_views, rule_api
from app.calls import rate_views as rate_pages
from app.calls import rule_views as rule_pages
from app.calls import views as calls_views
from app.checking.blueprint import bp as checking_bp
from app.checking.views import queue as check_queue
from app.checking.views import reasons as check_reasons
from app.checking.views import show as check_page
from app.closing import views as closing_views
from app.core.lists import views as list_pages
from app.directory import views as directory_views
from app.export_control import views as export_control_views
from app.home import views as home_views
from app.insight.views import figures, logs
from app.insight.views.blueprint import bp as insight_bp
from app.invitees import views as invitees_views
from app.reviews.views import answering as review_answers
from app.reviews.views import assignments as review_assignments
from app.reviews.views import register as review_register
from app.reviews.views.scoring_pages import bp as reviews_bp
from app.screening import edition_views as screening_editions
from app.screening import views as screening_desk
from app.screening.blueprint import bp as screening_bp
from app.visits.views import board, calendar, listing, papers, roster, schedule, show
from app.visits.views import people as roster_people
from app.visits.views.blueprint import bp as visits_bp

# A blueprint whose pages are spread over several modules hangs together once those are imported.
_PAGES = (
    board_comparison,
    board_papers,
    board_proposals,
    board_targets,
    review_answers,
    review_assignments,
    review_register,
    screening_desk,
    screening_editions,
    board,
    calendar,
    can_we_apply,
    check_page,
    check_queue,
    check_reasons,
    door,
    extension_views,
    figures,
    links,
    listing,
    logs,
    own,
    partner_export,
    papers,
    partner_file_pages,
    partner_people_pages,
    people,
    plan_changes,
    plan_budget,
    plan_comments,
    plan_export_forms,
    plan_letter,
    plan_files,
    plan_list,
    plan_moves,
    plan_page,
    plan_partners,
    plan_people,
    plan_people_roster,
    plan_papers,
    plan_parking,
    plan_proposals,
    plan_release,
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
    round_letters,
    roster,
    roster_people,
    rule_pages,
    rules_for_programs,
    schedule,
    show,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts_bp,
    adopted_views.bp,
    alumni_views.bp,
    applications_bp,
    calls_views.bp,
    checking_bp,
    closing_views.bp,
    directory_views.bp,
    export_control_views.bp,
    home_views.bp,
    rule_api.bp,
    insight_bp,
    invitees_views.bp,
    list_pages.bp,
    receipts_views.bp,
    partner_bp,
    board_views.bp,
    reviews_bp,
    screening_bp,
    visits_bp,
)

"""The authorization table in words: what each permission lets one do, and how far each scope reaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.accounts.roles import ROLE_LABELS
from app.core import authz
from app.core.authz import Role, Scope

SCOPES: Mapping[Scope, Any] = {
    Scope.ANY: _l("All"),
    Scope.OWN: _l("Own institution"),
    Scope.SELF: _l("Own"),
    Scope.SUBMITTED: _l("Once submitted"),
    Scope.ASSIGNED: _l("If assigned"),
    Scope.LISTED: _l("If listed"),
}

ROOMS: Mapping[str, tuple[str, ...]] = {
    "applications": ("application", "attachment", "decision", "declaration", "letter", "round"),
    "reviews": ("review", "reviewer", "conflict", "criteria", "board", "feedback"),
    "screening": ("screening", "userlist"),
    "visits": ("visit", "roster", "report", "certificate"),
    "invitees": ("invitee", "passport"),
    "alumni": ("alumnus", "revisit"),
    "programme": ("call", "rules", "organization", "institution", "figures", "outage"),
    "system": ("user", "role", "session", "mail", "audit", "job"),
}

ROOM_LABELS: Mapping[str, Any] = {
    "applications": _l("Applications and decisions"),
    "reviews": _l("Review"),
    "screening": _l("Screening"),
    "visits": _l("Visits, reports and certificates"),
    "invitees": _l("Invitees"),
    "alumni": _l("Alumni and revisits"),
    "programme": _l("Calls, organizations and figures"),
    "system": _l("People, mails and records"),
}

WORDS: Mapping[str, Any] = {
    "alumnus:directory": _l("Find alumni who agreed to be found"),
    "alumnus:edit": _l("Edit an alumni profile"),
    "alumnus:enrol": _l("Enrol invitees as alumni"),
    "alumnus:view": _l("Read alumni profiles"),
    "alumnus:view-own": _l("Read one's own alumni profile"),
    "application:approve-move": _l("Agree that an application moves to another institution, as somebody else proposed"),
    "application:check": _l("Check applications that came in, and keep reasons for it"),
    "application:complete": _l("Complete an application whose visit is over"),
    "application:create": _l("Begin an application"),
    "application:edit": _l("Edit an application while it is a draft or returned"),
    "application:export": _l("Export the list of applications"),
    "application:move": _l("Propose that an application moves to another institution"),
    "application:request-sign-off": _l("Ask an approver of one's institution to sign off an application"),
    "application:return": _l("Return an application for correction"),
    "application:review": _l("Pass an application on to the decision"),
    "application:sign-off": _l("Sign off an application before it is submitted, or send it back to the editors"),
    "application:submit": _l("Submit an application"),
    "application:view": _l("Read an application"),
    "application:withdraw": _l("Withdraw an application"),
    "attachment:view": _l("Download the files of an application"),
    "audit:view": _l("Read the audit log"),
    "audit:view-content": _l("Read what entries of the audit log say"),
    "board:edit": _l("Move plans on the panel's board, set conditions and targets"),
    "board:export": _l("Take the panel's board away as a print or workbook"),
    "board:view": _l("Read scores, ranking and the panel's board"),
    "call:approve-extension": _l("Approve or reject a later closing that somebody else proposed"),
    "call:edit": _l("Edit calls and their dates"),
    "call:extend": _l("Propose that a round closes later"),
    "certificate:issue": _l("Issue certificates"),
    "certificate:view": _l("Download certificates"),
    "conflict:declare": _l("Declare a conflict of interest"),
    "criteria:edit": _l("Edit the criteria and their weights"),
    "criteria:view": _l("Read the criteria of review"),
    "decision:approve": _l("Approve or send back a decision that somebody else proposed"),
    "decision:change": _l("Propose or approve another result after the release"),
    "decision:lapse": _l("Void a proposal when its plan is withdrawn or released"),
    "decision:propose": _l("Propose a decision on an application"),
    "decision:view": _l("Read decisions before their release"),
    "declaration:edit": _l("Give export-control forms for an institution"),
    "declaration:view": _l("Read export-control forms"),
    "feedback:edit": _l("Hold back or reword what reviewers say to applicants"),
    "feedback:view": _l("Read what the review says to the applicant, once the result is released"),
    "figures:refresh": _l("Have the figures made anew"),
    "figures:view": _l("Read the figures"),
    "institution:approve": _l("Approve the registration of an institution"),
    "institution:request": _l("Ask for the registration of an institution"),
    "invitee:edit": _l("Edit invitees while the roster is open"),
    "invitee:export": _l("Export the list of invitees"),
    "invitee:view": _l("Read names and affiliations of invitees"),
    "invitee:view-personal": _l("Read dates of birth and nationalities"),
    "job:retry": _l("Start a background job again"),
    "job:view": _l("Look at background jobs"),
    "letter:edit": _l("Write the letters with the results"),
    "letter:send": _l("Send a letter again that did not arrive"),
    "letter:view": _l("Read the letter with the result of a plan, once it is released"),
    "mail:retry": _l("Send a mail again"),
    "mail:view": _l("Look at the mails that were sent"),
    "organization:edit": _l("Edit organizations"),
    "organization:view": _l("Look at organizations"),
    "outage:view": _l("Read the list of outages"),
    "passport:reveal": _l("Show a passport number in full, with the password and a reason"),
    "passport:write": _l("Enter passport numbers"),
    "report:accept": _l("Accept a report"),
    "report:edit": _l("Write a report"),
    "report:submit": _l("Submit a report"),
    "report:view": _l("Read a report"),
    "review:assign": _l("Give plans to reviewers"),
    "review:discuss": _l("Read the other reviewers' marks and discuss a plan, once the own review is in"),
    "review:view": _l("Read all reviews and who wrote them"),
    "review:view-own": _l("Read one's own review"),
    "review:write": _l("Review a plan"),
    "reviewer:edit": _l("Keep the register of reviewers"),
    "reviewer:edit-own": _l("Say when one has time to review"),
    "reviewer:view": _l("Read the register of reviewers"),
    "revisit:confirm": _l("Confirm a return to Japan"),
    "revisit:export": _l("Export the list of returns to Japan"),
    "revisit:report": _l("Report one's own return to Japan"),
    "revisit:view": _l("Read returns to Japan"),
    "revisit:view-own": _l("Read one's own returns to Japan"),
    "role:grant": _l("Give roles at JST"),
    "roster:export-passports": _l("Export a roster with passport numbers, with the password and a reason"),
    "roster:import": _l("Read a roster from a file"),
    "round:release": _l("Release the results of a round"),
    "rules:edit": _l("Edit courses and their rules"),
    "rules:view": _l("Read courses and their rules"),
    "screening:examine": _l("Examine what resembles the foreign user list, judge it and read the desk's notes"),
    "screening:lift": _l("Propose that a hold is lifted, or agree to what somebody else proposed"),
    "screening:screen": _l("Compare plans with the foreign user list"),
    "screening:view": _l("Read the result of screening: clear, conditions or hold"),
    "session:end": _l("End the sessions of another person"),
    "user:invite": _l("Invite a colleague"),
    "user:manage": _l("Give and take roles, disable accounts"),
    "user:view": _l("Look at people and their roles"),
    "userlist:import": _l("Import an edition of the foreign user list"),
    "visit:advance": _l("Move a visit on by the calendar"),
    "visit:cancel": _l("Cancel a visit"),
    "visit:confirm": _l("Confirm a visit"),
    "visit:create": _l("Make the visit of an adopted application"),
    "visit:follow-decision": _l("Call a visit off, or take it up again, when the decision on its plan changes"),
    "visit:schedule": _l("Set dates and schedule of a visit"),
    "visit:view": _l("Look at visits"),
}


@dataclass(frozen=True)
class Room:
    """A part of the table: its name and its lines (what, and one cell per role)."""

    label: Any
    lines: list[tuple[Any, list[Any]]]


def roles() -> list[tuple[Role, Any]]:
    """The columns of the table."""
    return list(ROLE_LABELS.items())


def rooms() -> list[Room]:
    """The table as the help page shows it: every permission once, cells empty where a role may not."""
    found: dict[str, list[tuple[Any, list[Any]]]] = {name: [] for name in ROOMS}
    for line in authz.lines():
        cells = [SCOPES[line.scopes[role]] if role in line.scopes else None for role in ROLE_LABELS]
        found[_room_of(line.permission)].append((WORDS.get(line.permission, line.permission), cells))
    return [Room(ROOM_LABELS[name], lines) for name, lines in found.items() if lines]


def wearers(permission: str) -> list[Any]:
    """The names of the roles that have a permission."""
    return [ROLE_LABELS[role] for line in authz.lines() if line.permission == permission for role in line.scopes]


def _room_of(permission: str) -> str:
    resource = permission.partition(":")[0]
    return next((name for name, resources in ROOMS.items() if resource in resources), "system")

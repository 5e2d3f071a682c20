"""The authorization table: role × permission → scope. The one place that says who may do what.

It follows the authorization contract row by row for the objects that exist; a test holds it against a second, literal
copy of that contract. What is not written here is refused. State is not permission: «only while draft» stands in the
workflow of the object. Permissions are alphabetical within a role.
"""

from collections.abc import Mapping

from app.core.authz import Role, Scope

ANY, OWN, SELF, SUBMITTED, LISTED = Scope.ANY, Scope.OWN, Scope.SELF, Scope.SUBMITTED, Scope.LISTED

_HOST_EDITOR: dict[str, Scope] = {
    "application:create": OWN,
    "application:edit": OWN,
    "application:view": OWN,
    "certificate:view": OWN,
    "figures:view": OWN,
    "invitee:edit": OWN,
    "invitee:view": OWN,
    "invitee:view-personal": OWN,
    "mail:view": OWN,
    "organization:view": ANY,
    "passport:reveal": OWN,
    "passport:write": OWN,
    "report:edit": OWN,
    "revisit:confirm": OWN,
    "revisit:view": OWN,
    "roster:import": OWN,
    "rules:view": ANY,
    "visit:schedule": OWN,
    "visit:view": OWN,
}

MATRIX: Mapping[Role, Mapping[str, Scope]] = {
    Role.HOST_EDITOR: _HOST_EDITOR,
    Role.HOST_APPROVER: {
        **_HOST_EDITOR,
        "application:submit": OWN,
        "application:withdraw": OWN,
        "organization:edit": OWN,
        "report:submit": OWN,
        "user:invite": OWN,
        "user:manage": OWN,
        "user:view": OWN,
        "visit:cancel": OWN,
        "visit:confirm": OWN,
    },
    Role.COORDINATOR: {
        "alumnus:view": ANY,
        "application:export": SUBMITTED,
        "application:return": SUBMITTED,
        "application:review": SUBMITTED,
        "application:view": SUBMITTED,
        "call:edit": ANY,
        "certificate:issue": ANY,
        "certificate:view": ANY,
        "decision:view": SUBMITTED,
        "figures:view": ANY,
        "institution:approve": ANY,
        "invitee:export": ANY,
        "invitee:view": ANY,
        "invitee:view-personal": ANY,
        "mail:view": ANY,
        "organization:edit": ANY,
        "organization:view": ANY,
        "passport:reveal": ANY,
        "report:accept": ANY,
        "revisit:confirm": ANY,
        "revisit:view": ANY,
        "rules:edit": ANY,
        "rules:view": ANY,
        "visit:view": ANY,
    },
    Role.DECISION_MAKER: {
        "application:decide": SUBMITTED,
        "application:export": SUBMITTED,
        "application:view": SUBMITTED,
        "decision:view": SUBMITTED,
        "figures:view": ANY,
        "organization:view": ANY,
        "round:release": ANY,
        "rules:view": ANY,
        "visit:view": ANY,
    },
    Role.REVIEWER: {
        "organization:view": ANY,
        "rules:view": ANY,
    },
    Role.SCREENING_OFFICER: {
        "application:view": SUBMITTED,
        "figures:view": ANY,
        "invitee:view": ANY,
        "invitee:view-personal": ANY,
        "organization:view": ANY,
        "passport:reveal": ANY,
        "rules:view": ANY,
        "visit:view": ANY,
    },
    Role.ADMINISTRATOR: {
        "figures:view": ANY,
        "job:view": ANY,
        "mail:view": ANY,
        "organization:view": ANY,
        "role:grant": ANY,
        "rules:view": ANY,
        "session:end": ANY,
        "user:invite": ANY,
        "user:manage": ANY,
        "user:view": ANY,
    },
    Role.AUDITOR: {
        "application:view": SUBMITTED,
        "audit:view": ANY,
        "figures:view": ANY,
        "invitee:view": ANY,
        "organization:view": ANY,
        "rules:view": ANY,
        "visit:view": ANY,
    },
    Role.ALUMNUS: {
        "alumnus:directory": LISTED,
        "alumnus:edit": SELF,
        "alumnus:view-own": SELF,
        "certificate:view": SELF,
        "revisit:report": SELF,
        "revisit:view-own": SELF,
    },
    Role.SYSTEM: {
        "alumnus:enrol": ANY,
        "application:complete": ANY,
        "certificate:issue": ANY,
        "visit:advance": ANY,
        "visit:create": ANY,
    },
}

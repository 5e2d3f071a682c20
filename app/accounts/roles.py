"""The hats by name: which ones belong to a host, which to JST, and what each is for, in words."""

from flask_babel import lazy_gettext as _l

from app.core.authz import Role

HOST_ROLES = (Role.HOST_EDITOR, Role.HOST_APPROVER)
JST_ROLES = (
    Role.COORDINATOR,
    Role.DECISION_MAKER,
    Role.SCREENING_OFFICER,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)
PROGRAMME_ROLES = (*JST_ROLES[:2], Role.REVIEWER, *JST_ROLES[2:])  # given for the programme, by an administrator

ROLE_LABELS = {
    Role.HOST_EDITOR: _l("Host editor"),
    Role.HOST_APPROVER: _l("Host approver"),
    Role.COORDINATOR: _l("Coordinator"),
    Role.DECISION_MAKER: _l("Decision-maker"),
    Role.REVIEWER: _l("Reviewer"),
    Role.SCREENING_OFFICER: _l("Screening officer"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.AUDITOR: _l("Auditor"),
    Role.ALUMNUS: _l("Alumnus or alumna"),
    Role.SYSTEM: _l("The system itself"),
}

ROLE_SENTENCES = {
    Role.HOST_EDITOR: _l(
        "Writes exchange plans and keeps the people and the schedule of visits for a host institution."
    ),
    Role.HOST_APPROVER: _l(
        "Signs for a host institution: submits plans and reports, confirms visits, invites colleagues."
    ),
    Role.COORDINATOR: _l("Runs the calls at JST: checks applications, returns them for correction, accepts reports."),
    Role.DECISION_MAKER: _l("Adopts or declines applications at JST and releases the results of a round."),
    Role.REVIEWER: _l("An outside specialist who judges the plans assigned."),
    Role.SCREENING_OFFICER: _l("Looks after security export control at JST."),
    Role.ADMINISTRATOR: _l("Looks after people and roles; sees no personal data of invitees."),
    Role.AUDITOR: _l("Reads everything that is on record, changes nothing."),
    Role.ALUMNUS: _l("Came to Japan with the program; keeps the own profile and reports returns to Japan."),
    Role.SYSTEM: _l("What happens by itself, such as completing an application once its visit is over."),
}

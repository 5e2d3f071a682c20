"""Open plans follow what their institution declares on export control; submitted ones keep what they came with."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.applications import export_forms, facts
from app.applications.models import Application, ApplicationPartner, ApplicationState
from app.core import audit, clock
from app.core.db import db
from app.export_control import answers
from app.export_control.events import Declared
from app.export_control.models import Declaration

OPEN = (ApplicationState.DRAFT, ApplicationState.RETURNED)


def follow(fact: Declared) -> None:
    """Bring a form just declared into the open plans of the institution that follow what it declares."""
    declaration = fact.declaration
    for application in _open_plans(declaration.institution_id):
        if declaration.is_of_host:
            changed = _follow_host(application, declaration)
        else:
            changed = _follow_partners(application, declaration)
        if changed:
            application.updated_at = clock.now()
            audit.record(
                fact.actor, "application:use-form", application, changes={declaration.kind.value: ["", changed]}
            )


def _open_plans(institution_id: int) -> list[Application]:
    query = (
        select(Application)
        .where(Application.host_institution_id == institution_id, Application.state.in_(OPEN))
        .options(
            joinedload(Application.call),
            joinedload(Application.host_institution),
            selectinload(Application.partners).joinedload(ApplicationPartner.organization),
        )
    )
    now = clock.now()
    return [application for application in db.session.scalars(query) if now < facts.deadline(application)]


def _follow_host(application: Application, declaration: Declaration) -> str:
    kept = application.safety or {}
    if not answers.follows(kept, declaration.kind):
        return ""
    application.safety = {**kept, **answers.taken_from(declaration)}
    return str(application.host_institution.name)


def _follow_partners(application: Application, declaration: Declaration) -> str:
    names = []
    for partner in application.partners:
        party = export_forms.party_of(partner)
        if party is not None and declaration.party in (party.key, *party.others):
            partner.export_control = {**(partner.export_control or {}), **answers.taken_from(declaration)}
            names.append(partner.name)
    return ", ".join(names)

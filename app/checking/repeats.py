"""Who applies more than once in a fiscal year: the host, the person in charge, the partners. Counts with their plans.

The programme's rules set no limit to them, so a count is no reason by itself; but the same plan may not be entered in
several rounds (guidelines, chapter on applying), and that is what an officer looks for.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, Select, func, select

from app.applications import queries as plans
from app.applications.models import Application, ApplicationPartner
from app.calls.models import Call
from app.checking.models import CheckSheet
from app.checking.queue_queries import GONE
from app.core.authz import Actor, condition
from app.core.db import db

MOST = 20  # plans shown of one kind


@dataclass(frozen=True, slots=True)
class Repeat:
    """Somebody who stands in several plans of the year. `plans`: the others, the newest first."""

    kind: str
    name: str
    number: int  # of plans of the year, this one with them
    plans: list[Row[Any]]


def of(actor: Actor, application: Application) -> list[Repeat]:
    """What repeats about a plan within its fiscal year. Four queries at most."""
    found = [
        Repeat(_("Host institution"), application.host_institution.name, 0, _of_host(actor, application)),
        Repeat(_("Person in charge of the exchange"), application.principal_name, 0, _of_person(actor, application)),
    ]
    partners = _of_partners(actor, application)
    for partner in application.partners:
        if partner.organization_id is not None:
            own = [row for row in partners if row.partner_id == partner.organization_id]
            found.append(Repeat(_("Partner"), partner.name, 0, own))
    return [Repeat(one.kind, one.name, len(one.plans) + 1, one.plans) for one in found if one.plans]


def _others(actor: Actor, application: Application) -> Select[Any]:
    """The other plans of the fiscal year that the reader sees."""
    return (
        select(
            Application.public_id,
            Application.reference,
            Application.state,
            Application.call_id,
            Call.label.label("call_label"),
            plans.known_theme("theme_ja"),
            plans.known_theme("theme_en"),
        )
        .join(Call, Call.id == Application.call_id)
        .where(
            Call.fiscal_year == application.call.fiscal_year,
            Application.id != application.id,
            Application.submitted_at.is_not(None),
            Application.state.not_in(GONE),
            condition(actor, "application:view", Application),
        )
        .order_by(Application.id.desc())
        .limit(MOST)
    )


def _of_host(actor: Actor, application: Application) -> list[Row[Any]]:
    query = _others(actor, application).where(Application.host_institution_id == application.host_institution_id)
    return list(db.session.execute(query))


def _of_person(actor: Actor, application: Application) -> list[Row[Any]]:
    """By the keyed index of the address, as it was submitted."""
    own = select(CheckSheet.principal_key).where(
        CheckSheet.application_id == application.id, CheckSheet.principal_key != ""
    )
    query = _others(actor, application).join(CheckSheet, CheckSheet.application_id == Application.id)
    return list(db.session.execute(query.where(CheckSheet.principal_key == own.scalar_subquery())))


def _of_partners(actor: Actor, application: Application) -> list[Row[Any]]:
    ids = [partner.organization_id for partner in application.partners if partner.organization_id is not None]
    if not ids:
        return []
    query = (
        _others(actor, application)
        .add_columns(ApplicationPartner.organization_id.label("partner_id"))
        .join(ApplicationPartner, ApplicationPartner.application_id == Application.id)
        .where(ApplicationPartner.organization_id.in_(ids), Application.state.not_in(plans.AFTER_A_DRAFT))
    )
    return list(db.session.execute(query.limit(MOST * len(ids))))


def count_of_hosts(rows: list[Row[Any]] | Any) -> dict[int, int]:
    """How many plans the host of each row of the queue has in that row's year, by row; one query."""
    hosts = {row.host_institution_id for row in rows}
    if not hosts:
        return {}
    query = (
        select(Application.host_institution_id, Call.fiscal_year, func.count())
        .join(Call, Call.id == Application.call_id)
        .where(
            Application.host_institution_id.in_(hosts),
            Call.fiscal_year.in_({row.fiscal_year for row in rows}),
            Application.submitted_at.is_not(None),
            Application.state.not_in(GONE),
        )
        .group_by(Application.host_institution_id, Call.fiscal_year)
    )
    counted = {(host, year): number for host, year, number in db.session.execute(query)}
    return {row.id: counted.get((row.host_institution_id, row.fiscal_year), 1) for row in rows}

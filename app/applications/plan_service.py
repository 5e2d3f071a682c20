"""Verbs on the sections of a plan. A section is saved whole or not at all; that it is incomplete is no obstacle."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.applications import (
    export_forms,
    facts,
    indexing,
    naming,
    partner_links,
    partner_marks,
    partner_part,
    queries,
    snapshot,
    typed,
)
from app.applications.models import (
    Application,
    ApplicationPartner,
    BudgetLine,
    ItineraryItem,
    PlannedPeople,
)
from app.applications.service import check_version
from app.applications.workflow import APPLICATION
from app.core import audit, authz, clock
from app.core.authz import Actor
from app.core.errors import Refused, TransitionNotAllowed
from app.core.i18n import exact_moment

Row = Mapping[str, Any]
OVERVIEW = frozenset(snapshot.OVERVIEW)


def why_closed(application: Application) -> str | None:
    """Why the plan cannot be edited, or None: it is on its way, or its deadline has passed (to the second)."""
    if not APPLICATION.is_editable(application):
        return _("A plan can be changed while it is a draft and while it is returned for correction.")
    closing = facts.deadline(application)
    now = clock.now()
    if now >= closing:
        return _(
            "The plan could be changed until %(closing)s. It is now %(now)s.",
            closing=exact_moment(facts.last_second(closing)),
            now=exact_moment(now),
        )
    return None


def require_open(actor: Actor, application: Application, version: int | None = None) -> None:
    """Take the plan's turn, before any of its rows is touched, and see that it may be changed.

    Raises: Forbidden, TransitionNotAllowed (not editable, or too late), Stale.
    """
    authz.require(actor, "application:edit", application)
    queries.take_turn(application)
    closed = why_closed(application)
    if closed is not None:
        raise TransitionNotAllowed(closed)
    check_version(application, version)


def _keep(actor: Actor, application: Application, changes: audit.Changes) -> None:
    """Write down a change of the plan. Rows of its tables count as a change of the plan: its version moves on."""
    if not changes:
        return
    application.updated_at = clock.now()
    indexing.refresh(application)
    audit.record(actor, "application:edit", application, changes=changes)


def save_overview(actor: Actor, application: Application, *, version: int | None = None, **fields: Any) -> None:
    """Theme, field, purpose, expected results, contacts. Raises: Forbidden, Stale, TransitionNotAllowed."""
    require_open(actor, application, version)
    unknown = set(fields) - OVERVIEW
    if unknown:
        raise TypeError(f"No field of the overview: {sorted(unknown)}")
    for name, value in fields.items():
        setattr(application, name, value)
    _keep(actor, application, audit.changes_of(application))


def save_safety(
    actor: Actor, application: Application, *, version: int | None = None, online_if_impossible: bool, **answers: Any
) -> None:
    """Emergencies, insurance, the promise of an online exchange, residency, the export-control forms 1 and 2.

    Forms that are complete and new become those of the institution, which its other open plans then use too.
    """
    require_open(actor, application, version)
    application.online_if_impossible = online_if_impossible
    before = application.safety or {}
    after = typed.kept_answers(application, answers)
    if after != before:
        application.safety = after  # before anything is declared: the plan's own answers follow nobody's
    changes = audit.changes_of(application)
    changes.pop("safety", None)
    declared = export_forms.declare_host(actor, application, after)
    if declared != after:
        application.safety = declared
    for name in sorted({*before, *declared}):
        if before.get(name, "") != declared.get(name, ""):
            changes[name] = [before.get(name, ""), declared.get(name, "")]
    _keep(actor, application, changes)


def save_partners(actor: Actor, application: Application, rows: Sequence[Row], *, version: int | None = None) -> None:
    """The sending side. A row has `id` (of a partner of this plan, or ""), `organization` (text), `choice` (public id
    of the directory, or ""), `country`, `contact_name`, `contact_email`, `prior_notification`.

    A text that names exactly one organization of the directory becomes that one; any other stays as typed. People of
    a partner that is taken away stay, in numbers and by name, without a partner.
    """
    require_open(actor, application, version)
    before = snapshot.rows_of(application)
    held = {str(partner.id): partner for partner in application.partners}
    meant = naming.organizations(rows, application.partners)
    if any(row.get("choice") and organization is None for row, organization in zip(rows, meant, strict=True)):
        raise Refused({"": [_("This organization is not in the directory.")]})
    kept, new = [], []
    for position, (row, organization) in enumerate(zip(rows, meant, strict=True)):
        partner = held.pop(str(row.get("id") or ""), None) or ApplicationPartner()
        was = export_forms.party_of(partner)
        if partner.organization is not None and organization is not partner.organization:
            partner_links.start_anew(partner)
        partner.organization = organization
        partner.typed_name = "" if organization else row["organization"]
        partner.country = "" if organization else row["country"]
        _keep_contact(actor, partner, row)
        partner.position = position
        if export_forms.party_of(partner) != was:
            new.append(partner)
        kept.append(partner)
    export_forms.fill_in(application, new)
    everybody: list[Any] = [*application.people, *application.named]
    for coming in everybody:
        if coming.partner is not None and coming.partner not in kept:
            coming.partner = None
    application.partners = kept
    _keep(actor, application, _rows_changed(before, snapshot.rows_of(application)))


def _keep_contact(actor: Actor, partner: ApplicationPartner, row: Row) -> None:
    names = ("contact_name", "contact_email", "prior_notification")
    changed = {name: row[name] for name in names if row[name] != (getattr(partner, name) or "")}
    for name, value in changed.items():
        setattr(partner, name, value)
    partner_marks.stamp(partner, partner_marks.By.HOST, actor, changed)


def save_itinerary(
    actor: Actor,
    application: Application,
    rows: Sequence[Row],
    *,
    starts_on: date | None,
    ends_on: date | None,
    airport_distance_km: int | None,
    version: int | None = None,
) -> None:
    """Days of entry and exit, way from the airport (km), and what is done: rows in the order of their days and hours.

    Raises: Forbidden, Stale, TransitionNotAllowed; Refused when the exit lies before the entry.
    """
    require_open(actor, application, version)
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise Refused({"ends_on": [_("The day of exit lies before the day of entry.")]})
    before = snapshot.rows_of(application)
    application.starts_on, application.ends_on = starts_on, ends_on
    application.airport_distance_km = airport_distance_km
    changes = audit.changes_of(application)
    ordered = sorted(rows, key=lambda row: (row["day"], row["starts_at"] is None, row["starts_at"] or 0))
    _refill(application.itinerary, ordered, ItineraryItem)
    _keep(actor, application, changes | _rows_changed(before, snapshot.rows_of(application)))


def save_people(actor: Actor, application: Application, rows: Sequence[Row], *, version: int | None = None) -> None:
    """How many people of which partner, category and role. `partner` is the number of a partner of this plan, or ""."""
    require_open(actor, application, version)
    before = snapshot.rows_of(application)
    sent_before = partner_part.people_by_partner(application)
    partners = {str(partner.id): partner for partner in application.partners}
    filled = [{**row, "partner": partners.get(str(row.get("partner") or ""))} for row in rows]
    _refill(application.people, filled, PlannedPeople)
    sent = partner_part.people_by_partner(application)
    for partner in application.partners:
        if sent.get(partner.id) != sent_before.get(partner.id):
            partner_marks.stamp(partner, partner_marks.By.HOST, actor, {"people": sent.get(partner.id)})
    _keep(actor, application, _rows_changed(before, snapshot.rows_of(application)))


def save_budget(actor: Actor, application: Application, rows: Sequence[Row], *, version: int | None = None) -> None:
    """The costs: kind, description, quantity, unit price in whole yen."""
    require_open(actor, application, version)
    before = snapshot.rows_of(application)
    _refill(application.budget, rows, BudgetLine)
    _keep(actor, application, _rows_changed(before, snapshot.rows_of(application)))


def _refill(held: list[Any], rows: Sequence[Row], make: Callable[..., Any]) -> None:
    """Make a table of the plan hold these rows in this order, changing rows in place where there are any."""
    for position, row in enumerate(rows):
        if position == len(held):
            held.append(make(**row, position=position))
            continue
        for name, value in row.items():
            setattr(held[position], name, value)
        held[position].position = position
    del held[len(rows) :]


def _rows_changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> audit.Changes:
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}

"""A plan as it was submitted, for readers who see no drafts: JST while a plan is returned for correction."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from app.applications import queries
from app.applications.models import (
    ActivityKind,
    Application,
    ApplicationPartner,
    ApplicationState,
    BudgetKind,
    BudgetLine,
    ItineraryItem,
    ParticipantRole,
    PlannedPeople,
)
from app.applications.named_models import PlannedPerson
from app.applications.snapshot import OVERVIEW
from app.invitees.models import Category

# What stands beside the content and is no draft.
KEPT = (
    "id",
    "public_id",
    "reference",
    "call",
    "course",
    "host_institution",
    "call_id",
    "course_id",
    "host_institution_id",
    "submitted_at",
    "submitted_by_id",
    "snapshot",
    "snapshot_sha256",
    "frozen_people",
    "previous_snapshot",
    "verdicts",
    "return_reason",
    "return_due_on",
    "return_sections",
    "decided_at",
    "released_at",
    "moved_at",
    "version",
)


def as_submitted(application: Application) -> Application:
    """The plan of the last submission, as a plan that belongs to no session: to be read, never to be stored."""
    frozen: Mapping[str, Any] = application.snapshot or {}
    plan = Application(**{name: getattr(application, name) for name in KEPT})
    plan.state = ApplicationState.SUBMITTED
    for name in OVERVIEW:
        setattr(plan, name, frozen.get(name))
    plan.starts_on, plan.ends_on = _day(frozen.get("starts_on")), _day(frozen.get("ends_on"))
    plan.airport_distance_km = frozen.get("airport_distance_km")
    plan.safety = dict(frozen.get("safety") or {})
    plan.partners = _partners(frozen.get("partners") or [])
    plan.itinerary = [_item(row, position) for position, row in enumerate(frozen.get("itinerary") or [])]
    plan.people = [_group(row, plan.partners) for row in frozen.get("people") or []]
    plan.named = [_person(row, plan.partners) for row in application.frozen_people or []]
    plan.budget = [
        BudgetLine(**{"rate_key": "", **row, "kind": BudgetKind(row["kind"])}) for row in frozen.get("budget") or []
    ]
    return plan


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _hour(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _partners(rows: list[dict[str, Any]]) -> list[ApplicationPartner]:
    known = queries.sending_organizations([row["organization"] for row in rows if row["organization"]])
    return [
        ApplicationPartner(
            organization=known.get(row["organization"]),
            typed_name="" if row["organization"] in known else row["name"],
            **{name: row[name] for name in ("country", "contact_name", "contact_email", "prior_notification")},
            **{name: row.get(name) or "" for name in ("description", "contact_phone", "pledge_name", "pledge_source")},
            pledged_at=_instant(row.get("pledged_at")),
            export_control=dict(row.get("export_control") or {}),
        )
        for row in rows
    ]


def _item(row: dict[str, Any], position: int) -> ItineraryItem:
    hours = {name: _hour(row[name]) for name in ("starts_at", "ends_at")}
    return ItineraryItem(**{**row, **hours, "kind": ActivityKind(row["kind"]), "position": position})


def _person(row: dict[str, Any], partners: list[ApplicationPartner]) -> PlannedPerson:
    return PlannedPerson(
        **{name: row[name] for name in ("surname", "given_names", "native_name", "nationality", "first_visit")},
        previous_visit_reason=row["previous_visit_reason"],
        partner=partners[row["partner"] - 1] if row["partner"] else None,
        date_of_birth=_day(row["date_of_birth"]),
        category=Category(row["category"]) if row["category"] else None,
        role=ParticipantRole(row["role"]),
        sealed_number="",
    )


def _group(row: dict[str, Any], partners: list[ApplicationPartner]) -> PlannedPeople:
    return PlannedPeople(
        partner=partners[row["partner"] - 1] if row["partner"] else None,
        category=Category(row["category"]) if row["category"] else None,
        role=ParticipantRole(row["role"]),
        number=row["number"],
        first_visit=row["first_visit"],
    )

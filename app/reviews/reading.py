"""A plan as an outside expert reads it: as submitted, never a draft; without contacts, people by name, export control.

E-mail addresses and telephone numbers that stand in running text are masked as well. What the rules and the screening
found is JST's business and not shown (authorization contract, rows 17, 43, 47).
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from flask_babel import force_locale

from app.applications import contents as plan_contents
from app.applications import document, file_queries, thawing
from app.applications.contents import Contents
from app.applications.file_model import PlanFile
from app.applications.models import Application, ApplicationState
from app.core.audit import plain
from app.core.errors import NotFound
from app.documents import papers

MASK = "••••"
EMAIL = re.compile(r"[\w.+-]+[@\uff20][\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w:/-])(?:\+|\(?0)[\d\s()-]{7,18}\d(?![\w-])")
FEWEST_DIGITS = 9  # of a telephone number with its area code
TEXTS = ("theme_ja", "theme_en", "purpose", "expected_results", "principal_department")
GONE = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)


def is_readable(application: Application) -> bool:
    """Whether there is anything for an expert to read: the plan was submitted and not withdrawn."""
    return application.state not in GONE and application.snapshot is not None


def masked(text: str | None) -> str:
    """A text without e-mail addresses and telephone numbers."""
    return PHONE.sub(_masked_if_long, EMAIL.sub(MASK, text or ""))


def _masked_if_long(found: re.Match[str]) -> str:
    is_number = sum(sign.isdigit() for sign in found[0]) >= FEWEST_DIGITS
    return MASK if is_number else found[0]


def for_expert(application: Application) -> Application:
    """The plan of the last submission without what is no business of an expert; it belongs to no session."""
    plan = thawing.as_submitted(application)
    for name in TEXTS:
        setattr(plan, name, masked(getattr(plan, name)))
    plan.principal_email = plan.administrative_name = plan.administrative_email = plan.administrative_phone = ""
    plan.named, plan.frozen_people, plan.verdicts = [], None, []
    safety = plan.safety or {}
    plan.safety = {name: masked(str(safety.get(name) or "")) for name in ("crisis_plan", "insurance")}
    for partner in plan.partners:
        partner.description = masked(partner.description)
        partner.contact_name = partner.contact_email = partner.contact_phone = ""
        partner.prior_notification, partner.pledged_at, partner.export_control = "", None, {}
    for item in plan.itinerary:
        item.title, item.venue, item.leader = masked(item.title), masked(item.venue), masked(item.leader)
    for line in plan.budget:
        line.description = masked(line.description)
    return plan


def contents(plan: Application) -> Contents:
    """What a plan made by `for_expert` says, for its page."""
    found = plan_contents.of(plan)
    return replace(found, overview=found.overview[:-1], safety=found.safety[1:], export_control=[])


def pdf(plan: Application, *, language: Literal["ja", "en"], at: datetime) -> bytes:
    """A plan made by `for_expert` as PDF; nobody's name stands in its metadata."""
    with force_locale(language):
        paper = document.plan(plan, with_contacts=False)
        paper["contacts"] = paper["contacts"][:1]
        paper["safety"] = paper["safety"][1:]
        paper["export_control"], paper["verdicts"] = [], []
    return papers.plan(paper, language=language, at=at)


def file_of(application: Application, public_id: str) -> PlanFile:
    """A file of the last submission, clean, for an expert who may read the plan. Raises: NotFound."""
    found = next((file for file in file_queries.submitted(application) if file.public_id == public_id), None)
    if found is None:
        raise NotFound()
    return found


def as_json(plan: Application) -> dict[str, Any]:
    """A plan made by `for_expert` as plain data, by the names of the program's interface."""
    return {
        "reference": plan.reference,
        "call": {"fiscal_year": plan.call.fiscal_year, "label": plan.call.label},
        "course": plan.course.code.value,
        "host": {"ja": plan.host_institution.name_ja, "en": plan.host_institution.name_en},
        **{name: plain(getattr(plan, name)) for name in (*TEXTS, "field_of_science", "principal_name")},
        "starts_on": plain(plan.starts_on),
        "ends_on": plain(plan.ends_on),
        "partners": [{"name": p.name, "country": p.country, "description": p.description} for p in plan.partners],
        "itinerary": [
            _row(item, ("day", "starts_at", "ends_at", "kind", "title", "venue", "leader")) for item in plan.itinerary
        ],
        "people": [_row(group, ("category", "role", "number", "first_visit")) for group in plan.people],
        "budget": [_row(line, ("kind", "description", "quantity", "unit_price")) for line in plan.budget],
        "safety": {**plan.safety, "online_if_impossible": plan.online_if_impossible},
    }


def _row(row: Any, names: tuple[str, ...]) -> Mapping[str, Any]:
    return {name: plain(getattr(row, name)) for name in names}

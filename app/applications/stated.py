"""A plan stated as plain data (`workbook.plain`), by a workbook or by a program: what the verbs of a plan are given of
it, and the plan as the rules would see it. One reading for both: what is judged is what would be saved.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from app.applications import typed
from app.applications.typed import Plan, TypedPlan
from app.applications.vocabulary import ActivityKind, ApplicationState, BudgetKind, ParticipantRole
from app.applications.workbook.layout import SHEETS
from app.applications.workbook.plain import Plain
from app.calls.models import Call, Course
from app.invitees.models import Category

Section = Mapping[str, Any]


def _fields(section: Section) -> dict[str, Any]:
    return dict(section["fields"])


def _partners(section: Section) -> dict[str, Any]:
    return {"rows": [{"id": "", **row, "choice": ""} for row in section["rows"]]}


def _itinerary(section: Section) -> dict[str, Any]:
    return {**section["fields"], "rows": [{**row, "kind": ActivityKind(row["kind"])} for row in section["rows"]]}


def _budget(section: Section) -> dict[str, Any]:
    return {"rows": [{**row, "kind": BudgetKind(row["kind"])} for row in section["rows"]]}


#: What the verb of a section is given, from the section as plain data. People follow their partners: `people`.
VALUES: Mapping[str, Callable[[Section], dict[str, Any]]] = {
    "overview": _fields,
    "partners": _partners,
    "itinerary": _itinerary,
    "budget": _budget,
    "safety": _fields,
}


def people(section: Section, partners: Sequence[Any]) -> list[dict[str, Any]]:
    """The rows of the people, each with its partner out of `partners` by its place; the first of these is none."""
    return [
        {
            "partner": partners[row["partner"]],
            "category": Category(row["category"]) if row["category"] else None,
            "role": ParticipantRole(row["role"]),
            "number": row["number"],
            "first_visit": row["first_visit"] == "yes",
        }
        for row in section["rows"]
    ]


def over(base: Plan, plain: Plain, sections: Collection[str]) -> Plan:
    """A plan with these sections as stated. Stores nothing; one query at most.

    Where the partners change, the people change with them.
    """
    plan = base
    for section, values in VALUES.items():
        if section in sections:
            plan = typed.over(plan, section, values(plain[section]))
    if "people" in sections or "partners" in sections:
        rows = people(plain["people"], [None, *plan.partners])
        plan = TypedPlan(plan, {"people": [SimpleNamespace(**row) for row in rows]})
    return plan


def alone(plain: Plain, *, course: Course, call: Call | None, host_kind: str) -> Plan:
    """A plan that is stored nowhere, for a course and (if it is known) a round.

    `host_kind`: as `directory.models.InstitutionKind`, "" if it is not said.
    """
    base: Any = SimpleNamespace(
        course=course,
        call=call or NO_ROUND,
        host_institution_id=None,
        host_institution=SimpleNamespace(kind=SimpleNamespace(value=host_kind)),
        state=ApplicationState.DRAFT,
        partners=[],
        people=[],
        named=[],
        budget=[],
        safety={},
        submitted_at=None,
        released_at=None,
        return_due_on=None,
    )
    return over(base, plain, [sheet.section for sheet in SHEETS])


NO_ROUND = SimpleNamespace(opens_at=None, closes_at=None, notice_on=None, visits_from=None, visits_until=None)

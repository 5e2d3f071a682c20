"""The catalogue of checks: every name a rule may use, where in the plan it points, and the parameters it takes.

Adding a rule of a kind that exists is data. A new kind of check is a function (`checks_*.py`) and a line here.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.calls import checks_export as export
from app.calls import checks_money as money
from app.calls import checks_papers as papers
from app.calls import checks_people as people
from app.calls import checks_schedule as schedule
from app.calls.check import Check, Finding, Kind, Parameter, Stage
from app.calls.checks_people import age_is_allowed
from app.calls.facts import ActivityFacts, CostFacts, PartnerFacts, PeopleFacts, PlanFacts
from app.calls.vocabulary import ACTIVITIES, CATEGORIES, COSTS, HOST_KINDS, REGIONS
from app.directory import countries

_CATEGORIES = Parameter("categories", _l("Categories of invitees"), Kind.CHOICES, vocabulary=CATEGORIES)

_ALL = (
    Check("round_is_open", _l("Round open"), "overview", "", schedule.round_is_open),
    Check(
        "stay_length",
        _l("Length of stay"),
        "itinerary",
        "ends_on",
        schedule.stay_length,
        (
            Parameter("max_days", _l("Days at most"), minimum=1, maximum=366),
            Parameter("extra_days", _l("More days for a long way"), maximum=30, optional=True),
            Parameter("far_km", _l("Kilometres from the airport from which these count"), maximum=5000, optional=True),
        ),
    ),
    Check("visit_window", _l("Days for visits"), "itinerary", "starts_on", schedule.visit_window),
    Check("days_are_planned", _l("Every day planned"), "itinerary", "items", schedule.days_are_planned),
    Check(
        "special_days",
        _l("Special lectures and programmes"),
        "itinerary",
        "items",
        schedule.special_days,
        (
            Parameter("min_percent", _l("Share of the effective days, in per cent"), minimum=1, maximum=100),
            Parameter("kinds", _l("Kinds of items that count"), Kind.CHOICES, vocabulary=ACTIVITIES),
        ),
    ),
    Check(
        "peer_exchange",
        _l("Exchange with peers"),
        "itinerary",
        "items",
        schedule.peer_exchange,
        (Parameter("min_items", _l("Items at least"), minimum=1, maximum=50),),
    ),
    Check(
        "head_count",
        _l("Number of people"),
        "people",
        "number",
        people.head_count,
        (
            Parameter("max_people", _l("People at most, supervisors included"), minimum=1),
            Parameter("max_people_several", _l("People at most from several organizations"), minimum=1, optional=True),
        ),
    ),
    Check(
        "supervisors_per_organization",
        _l("Supervisors"),
        "people",
        "role",
        people.supervisors_per_organization,
        (Parameter("max_per_organization", _l("Supervisors per organization at most"), maximum=20),),
    ),
    Check(
        "age_limit",
        _l("Age"),
        "people",
        "date_of_birth",
        people.age_limit,
        (
            Parameter("max_age", _l("Age on the day of entry"), minimum=10, maximum=120),
            Parameter(
                "inclusive",
                _l("This age itself is allowed"),
                Kind.BOOLEAN,
                optional=True,
                words=(_l("no more than"), _l("below")),
            ),
            _CATEGORIES,
        ),
        Stage.PEOPLE,
    ),
    Check("allowed_categories", _l("Who can come"), "people", "category", people.allowed_categories, (_CATEGORIES,)),
    Check("first_visit", _l("First visit to Japan"), "people", "first_visit", people.first_visit),
    Check(
        "eligible_host",
        _l("Who can apply"),
        "overview",
        "host_institution",
        papers.eligible_host,
        (Parameter("kinds", _l("Kinds of hosts"), Kind.CHOICES, vocabulary=HOST_KINDS),),
    ),
    Check(
        "partners_complete",
        _l("Partners complete"),
        "partners",
        "",
        papers.partners_complete,
        (Parameter("min_partners", _l("Partners at least"), minimum=1, maximum=20),),
    ),
    Check(
        "partner_countries",
        _l("Countries and regions"),
        "partners",
        "country",
        papers.partner_countries,
        (Parameter("countries", _l("Countries and regions"), Kind.COUNTRIES),),
    ),
    Check(
        "prior_notification",
        _l("Prior notification by the sending side"),
        "partners",
        "prior_notification",
        papers.prior_notification,
        (Parameter("countries", _l("Countries and regions"), Kind.COUNTRIES),),
    ),
    Check(
        "payable_costs",
        _l("Costs JST pays"),
        "budget",
        "kind",
        papers.payable_costs,
        (
            Parameter(
                "host_kinds", _l("Only for hosts of these kinds"), Kind.CHOICES, optional=True, vocabulary=HOST_KINDS
            ),
            Parameter("kinds", _l("Kinds of costs"), Kind.CHOICES, vocabulary=COSTS),
        ),
    ),
    Check(
        "administration_share",
        _l("General administration"),
        "budget",
        "general_administration",
        papers.administration_share,
        (Parameter("max_percent", _l("Share of the direct costs at most, in per cent"), maximum=100),),
    ),
    Check(
        "costs_under_ceilings",
        _l("Ceilings of the guide rates"),
        "budget",
        "unit_price",
        money.costs_under_ceilings,
        (
            Parameter(
                "kinds",
                _l("Only for these kinds of costs"),
                Kind.CHOICES,
                optional=True,
                vocabulary={kind: label for kind, label in COSTS.items() if kind != papers.ADMINISTRATION},
            ),
        ),
    ),
    Check("contact_persons", _l("Contact persons"), "overview", "principal_name", papers.contact_persons),
    Check("export_control_forms", _l("Export-control forms"), "safety", "export_control", export.export_control_forms),
    Check(
        "partner_export_forms",
        _l("Export-control forms of the partners"),
        "partners",
        "own_parts",
        export.partner_export_forms,
    ),
    Check("export_residency", _l("Residency and affiliation"), "safety", "residency", export.export_residency),
    Check(
        "online_promise",
        _l("Promise of an online replacement"),
        "safety",
        "online_if_impossible",
        papers.online_promise,
    ),
)

CHECKS: Mapping[str, Check] = {check.name: check for check in _ALL}


def read_limit(check: Check, limit: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """(cleaned limit, problems by parameter name): what may be stored as a rule's limit, in the parameters' types."""
    cleaned: dict[str, Any] = {}
    problems: dict[str, list[str]] = {}
    for parameter in check.parameters:
        value = limit.get(parameter.name)
        problem = _problem(parameter, value)
        if problem:
            problems[parameter.name] = [problem]
        elif parameter.kind is Kind.BOOLEAN:
            cleaned[parameter.name] = bool(value)
        elif value not in (None, "", []):
            cleaned[parameter.name] = list(value) if isinstance(value, list | tuple) else value
    return cleaned, problems


def _problem(parameter: Parameter, value: Any) -> str | None:
    if parameter.kind is Kind.BOOLEAN:
        return None
    if value in (None, "", []):
        return None if parameter.optional else _("Enter a value.")
    if parameter.kind is Kind.INTEGER:
        span = {"low": parameter.minimum, "high": parameter.maximum}
        fits = isinstance(value, int) and not isinstance(value, bool) and span["low"] <= value <= span["high"]
        return None if fits else _("Enter a whole number from %(low)s to %(high)s.", **span)
    known = parameter.vocabulary if parameter.kind is Kind.CHOICES else {*countries.CODES, *REGIONS}
    unknown = [str(item) for item in value if item not in (known or ())]
    return _("Not known: %(values)s", values=", ".join(unknown)) if unknown else None


__all__ = [
    "CHECKS",
    "ActivityFacts",
    "Check",
    "CostFacts",
    "Finding",
    "Kind",
    "Parameter",
    "PartnerFacts",
    "PeopleFacts",
    "PlanFacts",
    "Stage",
    "age_is_allowed",
    "read_limit",
]

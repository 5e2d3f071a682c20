"""Checks on partners, money, contacts and papers."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.calls.check import Finding, Limit
from app.calls.facts import PartnerFacts, PlanFacts
from app.calls.money import share
from app.calls.vocabulary import COSTS, HOST_KINDS
from app.core.i18n import language, yen
from app.directory import countries

ADMINISTRATION = "general_administration"


def eligible_host(facts: PlanFacts, limit: Limit) -> Finding:
    """The host is a body of a kind that may apply."""
    allowed = list(limit["kinds"])
    if not facts.host_kind:
        return Finding(None, _("Choose the host institution."), limit=allowed)
    kind = str(HOST_KINDS.get(facts.host_kind, facts.host_kind))
    if facts.host_kind in allowed:
        return Finding(True, _("Bodies of this kind may apply: %(kind)s", kind=kind), facts.host_kind, allowed)
    return Finding(False, _("Bodies of this kind may not apply: %(kind)s", kind=kind), facts.host_kind, allowed)


def _missing_of(partner: PartnerFacts) -> list[str]:
    fields = (
        (_l("name of the organization"), partner.name),
        (_l("country or region"), partner.country),
        (_l("contact person"), partner.contact_name),
        (_l("e-mail"), partner.contact_email),
    )
    return [str(label) for label, value in fields if not value.strip()]


def partners_complete(facts: PlanFacts, limit: Limit) -> Finding:
    """Enough partners are named, each with name, country or region, contact person and e-mail."""
    needed = int(limit.get("min_partners") or 1)
    if not facts.partners:
        return Finding(None, _("Name the sending organization."), 0, needed)
    for position, partner in enumerate(facts.partners, start=1):
        if missing := _missing_of(partner):
            message = _(
                "Partner %(number)s is not complete. Missing: %(fields)s", number=position, fields=", ".join(missing)
            )
            return Finding(False, message, len(facts.partners), needed)
    count = len(facts.partners)
    message = _("Complete partners: %(count)s; needed: %(needed)s.", count=count, needed=needed)
    return Finding(count >= needed, message, count, needed)


def partner_countries(facts: PlanFacts, limit: Limit) -> Finding:
    """All partners are in the countries and regions of the course (course D: India and African countries)."""
    wanted = list(limit["countries"])
    codes = [partner.country for partner in facts.partners if partner.country]
    if not codes or len(codes) < len(facts.partners):
        return Finding(None, _("Say of every partner in which country or region it is."), limit=wanted)
    outside = [code for code in dict.fromkeys(codes) if not _in(code, wanted)]
    if not outside:
        return Finding(True, _("All partners are in countries or regions of this course."), codes, wanted)
    named = ", ".join(countries.name(code, language()) for code in outside)
    return Finding(False, _("Not in this course: %(countries)s", countries=named), outside, wanted)


def _in(code: str, wanted: list[str]) -> bool:
    return code in wanted or (code in countries.CODES and countries.region(code) in wanted)


def prior_notification(facts: PlanFacts, limit: Limit) -> Finding:
    """Partners in the countries named carry the number of their notification to the competent body (China)."""
    concerned = [partner for partner in facts.partners if _in(partner.country, list(limit["countries"]))]
    if not facts.partners:
        return Finding(None, _("Name the sending organization."))
    if not concerned:
        return Finding(True, _("No partner needs a prior notification."))
    missing = [partner for partner in concerned if not partner.prior_notification.strip()]
    if not missing:
        return Finding(True, _("The numbers of the prior notification are given."), len(concerned), len(concerned))
    names = ", ".join(partner.name or countries.name(partner.country, language()) for partner in missing)
    message = _("The number of the sending side's prior notification is missing: %(names)s", names=names)
    return Finding(False, message, len(concerned) - len(missing), len(concerned))


def payable_costs(facts: PlanFacts, limit: Limit) -> Finding:
    """Hosts of certain kinds (none named: all) are paid only certain costs."""
    kinds, payable = list(limit.get("host_kinds") or []), list(limit["kinds"])
    if kinds and not facts.host_kind:
        return Finding(None, _("Choose the host institution."))
    if kinds and facts.host_kind not in kinds:
        return Finding(True, _("All kinds of costs may be entered."))
    if not facts.costs:
        return Finding(None, _("Enter the costs."), limit=payable)
    refused = dict.fromkeys(cost.kind for cost in facts.costs if cost.amount and cost.kind not in payable)
    if not refused:
        return Finding(True, _("Only costs that can be paid are entered."), limit=payable)
    named = ", ".join(str(COSTS.get(kind, kind)) for kind in refused)
    return Finding(False, _("JST does not pay: %(costs)s", costs=named), list(refused), payable)


def administration_share(facts: PlanFacts, limit: Limit) -> Finding:
    """General administration is at most a share of the direct costs (all others together)."""
    if not facts.costs:
        return Finding(None, _("Enter the costs."))
    percent = int(limit["max_percent"])
    direct = sum(cost.amount for cost in facts.costs if cost.kind != ADMINISTRATION)
    asked = sum(cost.amount for cost in facts.costs if cost.kind == ADMINISTRATION)
    allowed = share(direct, percent)
    message = _(
        "General administration is %(amount)s; up to %(limit)s (%(percent)s %% of the direct costs) is allowed.",
        amount=yen(asked),
        limit=yen(allowed),
        percent=percent,
    )
    return Finding(asked <= allowed, message, asked, allowed)


def contact_persons(facts: PlanFacts, _limit: Limit) -> Finding:
    """The person in charge and the administrative contact are named and can be reached."""
    fields = (
        (_l("person in charge: name"), facts.principal_name),
        (_l("person in charge: e-mail"), facts.principal_email),
        (_l("administrative contact: name"), facts.administrative_name),
        (_l("administrative contact: e-mail"), facts.administrative_email),
        (_l("administrative contact: telephone"), facts.administrative_phone),
    )
    missing = [str(label) for label, value in fields if not value.strip()]
    if not missing:
        return Finding(True, _("Both contacts are named."), len(fields), len(fields))
    message = _("Still missing: %(fields)s", fields=", ".join(missing))
    return Finding(False, message, len(fields) - len(missing), len(fields))


def online_promise(facts: PlanFacts, _limit: Limit) -> Finding:
    """The host promises to hold the exchange online should the visit become impossible."""
    if facts.online_if_impossible:
        return Finding(True, _("The online replacement is promised."), True, True)
    return Finding(
        False, _("Promise that the exchange will be held online if the visit becomes impossible."), False, True
    )

"""The check on ceilings, and what lies over one in words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from app.calls.check import Finding, Limit
from app.calls.facts import CeilingFacts, PlanFacts
from app.calls.rate_models import Unit
from app.calls.vocabulary import COSTS
from app.core.i18n import localized, yen

MOST_NAMED = 4  # a sentence that names more is not read


def costs_under_ceilings(facts: PlanFacts, limit: Limit) -> Finding:
    """No unit price and no kind of costs (of those named, or of all) is over a ceiling of the year's guide rates.

    What exceeds the share of general administration, or is not paid at all, is the matter of other checks.
    """
    if not facts.costs:
        return Finding(None, _("Enter the costs."))
    kinds = list(limit.get("kinds") or COSTS)
    over = [item for item in facts.ceilings if item.kind in kinds and item.excess]
    if not over:
        return Finding(True, _("Nothing is over a known ceiling."), 0, 0)
    named = [item for item in over if not _is_said_by_lines(item, over)]
    said = [f"{excess(item)} {why(item)}" for item in named[:MOST_NAMED]]
    if more := len(named) - MOST_NAMED:
        said += [ngettext("%(num)s more is over.", "%(num)s more are over.", more)] if more > 0 else []
    return Finding(False, " ".join(said), len(named), 0)


def _is_said_by_lines(item: CeilingFacts, over: list[CeilingFacts]) -> bool:
    """Whether a kind of costs is over by nothing but lines that are named themselves."""
    if item.unit:
        return False
    return item.excess <= sum(line.excess for line in over if line.unit and line.kind == item.kind)


def what(item: CeilingFacts) -> str:
    """What is over: the line in the applicant's words, its guide rate, or the kind of costs."""
    return item.what or localized(item.rate_ja, item.rate_en) or str(COSTS.get(item.kind, item.kind))


def excess(item: CeilingFacts) -> str:
    """By how much something is over its ceiling."""
    return _("%(what)s: %(excess)s too much.", what=what(item), excess=yen(item.excess))


def why(item: CeilingFacts) -> str:
    """Why there is a ceiling, and how high it is."""
    limit = yen(item.ceiling)
    if item.unit:
        return _(
            "The unit price is %(price)s; up to %(limit)s is allowed (%(rate)s, %(unit)s).",
            price=yen(item.amount),
            limit=limit,
            rate=localized(item.rate_ja, item.rate_en),
            unit=Unit(item.unit).label,
        )
    if item.percent:
        return _("%(percent)s %% of the untaxed costs is %(limit)s.", percent=item.percent, limit=limit)
    return _("For these people and days the ceilings of the guide rates come to %(limit)s.", limit=limit)

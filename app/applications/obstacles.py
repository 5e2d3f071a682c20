"""What later stations know that keeps a plan from being adopted, or from being one no longer.

They register here, and `applications` only asks.
"""

from collections.abc import Callable

from app.applications.models import Application
from app.calls.models import Call

OfRound = Callable[[Call], list[str]]
OfPlan = Callable[[Application], list[str]]
_of_round: list[OfRound] = []
_of_plan: list[OfPlan] = []
_of_adoption: list[OfPlan] = []


def register(*, of_round: OfRound, of_plan: OfPlan) -> None:
    """Have a later station asked, in sentences of the reader's language. Only `app.wiring` calls this."""
    if of_round not in _of_round:
        _of_round.append(of_round)
    if of_plan not in _of_plan:
        _of_plan.append(of_plan)


def register_of_adoption(of_adoption: OfPlan) -> None:
    """Have a later station asked before an adopted plan gets another result. Only `app.wiring` calls this."""
    if of_adoption not in _of_adoption:
        _of_adoption.append(of_adoption)


def of_round(call: Call) -> list[str]:
    """Why the results of a round cannot be released, as far as later stations know."""
    return [sentence for provider in _of_round for sentence in provider(call)]


def of_plan(application: Application) -> list[str]:
    """Why a plan cannot be adopted: a guard of every verb that makes it an adopted one."""
    return [sentence for provider in _of_plan for sentence in provider(application)]


def of_adoption(application: Application) -> list[str]:
    """Why an adopted plan cannot get another result: a guard of every verb that takes an adoption back."""
    return [sentence for provider in _of_adoption for sentence in provider(application)]

"""What later stations know that keeps a plan from being adopted: they register here, and `applications` only asks."""

from collections.abc import Callable

from app.applications.models import Application
from app.calls.models import Call

OfRound = Callable[[Call], list[str]]
OfPlan = Callable[[Application], list[str]]
_of_round: list[OfRound] = []
_of_plan: list[OfPlan] = []


def register(*, of_round: OfRound, of_plan: OfPlan) -> None:
    """Have a later station asked, in sentences of the reader's language. Only `app.wiring` calls this."""
    if of_round not in _of_round:
        _of_round.append(of_round)
    if of_plan not in _of_plan:
        _of_plan.append(of_plan)


def of_round(call: Call) -> list[str]:
    """Why the results of a round cannot be released, as far as later stations know."""
    return [sentence for provider in _of_round for sentence in provider(call)]


def of_plan(application: Application) -> list[str]:
    """Why a plan cannot be adopted: a guard of every verb that makes it an adopted one."""
    return [sentence for provider in _of_plan for sentence in provider(application)]

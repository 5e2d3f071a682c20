"""What the review says to the applicant: a later station gives the texts, and `applications` only asks.

The texts carry no name, no time, no score; their order tells nothing of who wrote them (`reviews.feedback`).
"""

from collections.abc import Callable, Sequence

from app.applications.models import Application
from app.calls.models import Call
from app.core.authz import Actor

Texts = Callable[[Application], Sequence[str]]
Waiting = Callable[[Call], int]
Closed = Callable[[Actor, Application], bool]
_texts: list[Texts] = []
_waiting: list[Waiting] = []
_closed: list[Closed] = []


def register(texts: Texts, waiting: Waiting, closed: Closed) -> None:
    """Have a later station asked for its texts, for how many wait to be looked at, and whom they are closed to.

    Only `app.wiring` calls this.
    """
    if texts not in _texts:
        _texts.append(texts)
        _waiting.append(waiting)
        _closed.append(closed)


def of(application: Application) -> list[str]:
    """The texts for the host of a plan, as they may be passed on."""
    return [text for provider in _texts for text in provider(application)]


def seen_by(actor: Actor, application: Application) -> list[str]:
    """The same for somebody of JST who looks at the letter beforehand: none of a plan one may know no review of."""
    return [] if any(closed(actor, application) for closed in _closed) else of(application)


def waiting(call: Call) -> int:
    """How many texts of a round are not passed on until a coordinator has looked at them."""
    return sum(provider(call) for provider in _waiting)

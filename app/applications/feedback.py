"""What the review says to the applicant: a later station gives the texts, and `applications` only asks.

The texts carry no name, no time, no score; their order tells nothing of who wrote them (`reviews.feedback`).
"""

from collections.abc import Callable, Sequence

from app.applications.models import Application
from app.calls.models import Call
from app.core.authz import Actor

Texts = Callable[[Application, Actor | None], Sequence[str]]
Waiting = Callable[[Call], int]
_texts: list[Texts] = []
_waiting: list[Waiting] = []


def register(texts: Texts, waiting: Waiting) -> None:
    """Have a later station asked for its texts, and for how many wait to be looked at. Only `app.wiring` calls this."""
    if texts not in _texts:
        _texts.append(texts)
        _waiting.append(waiting)


def of(application: Application, reader: Actor | None = None) -> list[str]:
    """The texts for the host of a plan, as they may be passed on; none for a `reader` to whom its review is closed."""
    return [text for provider in _texts for text in provider(application, reader)]


def waiting(call: Call) -> int:
    """How many texts of a round are not passed on until a coordinator has looked at them."""
    return sum(provider(call) for provider in _waiting)

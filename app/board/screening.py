"""What a board says of screening: the result alone, to those who may know it (authorization contract, row 43)."""

from collections.abc import Mapping, Sequence

from app.core.authz import Actor
from app.screening import queries
from app.screening.vocabulary import Result


def is_known(actor: Actor) -> bool:
    """Whether the reader may know how screening stands."""
    return actor.may("screening:view")


def states(actor: Actor, application_ids: Sequence[int]) -> Mapping[int, Result]:
    """How the screening of plans stands, by plan; empty for a reader who may not know. One query at most."""
    return queries.results_of(application_ids) if is_known(actor) else {}

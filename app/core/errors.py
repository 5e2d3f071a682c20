"""What a verb may say instead of doing its work. `core.web` turns each into a page or JSON."""

from collections.abc import Mapping, Sequence
from typing import Any


class DomainError(Exception):
    """A refusal with a status and sentences in the reader's language."""

    status = 400

    def __init__(self, *problems: Any) -> None:
        super().__init__(*problems)
        self.problems: Sequence[Any] = problems


class Forbidden(DomainError):
    """The actor may see the object but not do this to it."""

    status = 403


class NotFound(DomainError):
    """No such object, or none that exists for this actor."""

    status = 404


class TransitionNotAllowed(DomainError):
    """The object is not in a state from which this verb leads on."""

    status = 409


class Stale(DomainError):
    """Somebody else changed the record after this actor read it."""

    status = 409


class GuardsFailed(DomainError):
    """The verb is known and allowed, but something it needs is missing: all problems at once."""

    status = 422


class Refused(DomainError):
    """Input that has the right shape but breaks a rule: problems by field name ('' for the whole form)."""

    status = 422

    def __init__(self, fields: Mapping[str, Sequence[Any]]) -> None:
        super().__init__(*(problem for problems in fields.values() for problem in problems))
        self.fields = fields


class TooMany(DomainError):
    """A limit was reached; `retry_after` seconds until the next try."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after

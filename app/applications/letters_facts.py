"""What a decision grants, as the letters and the public list need it: read off the decision in one place."""

import hashlib
import json
from dataclasses import asdict, dataclass

from app.applications.letter_words import LetterKind
from app.applications.models import Decision, Outcome


@dataclass(frozen=True, slots=True)
class Granted:
    """A result with its conditions and its place on the waiting list. `number`: of the results the plan has had."""

    outcome: Outcome
    people_cap: int | None = None
    money_cap: int | None = None
    condition_ja: str = ""
    condition_en: str = ""
    place: int | None = None
    number: int = 1
    message: str = ""

    @property
    def has_conditions(self) -> bool:
        is_capped = self.people_cap is not None or self.money_cap is not None
        return self.outcome is Outcome.ADOPTED and bool(is_capped or self.condition_ja or self.condition_en)

    @property
    def kind(self) -> LetterKind:
        """The letter that tells of it for the first time."""
        return LetterKind.CONDITIONS if self.has_conditions else LetterKind(self.outcome.value)

    @property
    def stamp(self) -> str:
        """A digest of all of it: the same result has the same one."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def people(self, planned: int) -> int:
        """How many people may come of those planned."""
        return planned if self.people_cap is None else min(planned, self.people_cap)


def granted(decision: Decision) -> Granted:
    """What a decision grants; what it does not say is not granted."""
    return Granted(
        outcome=decision.outcome,
        people_cap=decision.people_cap,
        money_cap=decision.money_cap,
        condition_ja=decision.condition_ja,
        condition_en=decision.condition_en,
        place=decision.position,
        number=decision.number,
        message=decision.message,
    )

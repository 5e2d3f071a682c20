"""People of a plan in numbers and by name, held against one another. Plain functions over a plan's rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.applications.models import ApplicationPartner, ParticipantRole
from app.calls.facts import PeopleFacts
from app.invitees.models import Category


@dataclass(frozen=True, slots=True)
class Line:
    """People of one partner, category and role: how many the plan says, how many are named."""

    partner: ApplicationPartner | None
    category: Category | None
    role: ParticipantRole
    number: int
    named: int

    @property
    def differs(self) -> bool:
        return self.number != self.named


def lines(application: Any) -> list[Line]:
    """Numbers and names side by side, in the order of the plan's numbers; kinds that are only named stand behind."""
    said: Counter[tuple[Any, ...]] = Counter()
    for group in application.people:
        said[_kind(group)] += group.number
    named = Counter(_kind(person) for person in application.named)
    partners = {id(partner): partner for partner in application.partners}
    return [
        Line(partners.get(partner), category, role, said[partner, category, role], named[partner, category, role])
        for partner, category, role in dict.fromkeys([*said, *named])
    ]


def _kind(row: Any) -> tuple[int | None, Category | None, ParticipantRole]:
    return (id(row.partner) if row.partner is not None else None, row.category, row.role)


def as_numbers(application: Any) -> list[dict[str, Any]]:
    """The rows of numbers that say what the names say, as `plan_service.save_people` takes them."""
    counted = Counter((_kind(person), person.first_visit) for person in application.named)
    partners = {id(partner): str(partner.id) for partner in application.partners}
    return [
        {
            "partner": partners.get(partner, "") if partner is not None else "",
            "category": category,
            "role": role,
            "number": number,
            "first_visit": first_visit,
        }
        for ((partner, category, role), first_visit), number in counted.items()
    ]


@dataclass(slots=True)
class _Group:
    """People of one kind who are not named yet."""

    facts: PeopleFacts
    left: int


def facts_of(groups: Sequence[PeopleFacts], named: Sequence[PeopleFacts]) -> tuple[PeopleFacts, ...]:
    """The people of a plan as the rules see them: those named one by one, and of each group those who are not yet.

    A name takes the place of a number: of its own kind, else of the same role, else of any; names beyond the numbers
    count in addition, so a plan never seems smaller than either says.
    """
    rest = [_Group(group, group.number) for group in groups]
    placed: dict[int, PeopleFacts | None] = {}
    for fits in (_is_same, _is_like, _has_role, _is_any):
        for number, person in enumerate(named):
            if number in placed:
                continue
            group = next((one for one in rest if one.left and fits(one.facts, person)), None)
            if group is not None:
                group.left -= 1
                placed[number] = group.facts if fits in (_is_same, _is_like) else None
    people = [_filled(person, placed.get(number)) for number, person in enumerate(named)]
    unnamed = [_numbered(group.facts, group.left) for group in rest if group.left]
    return (*people, *unnamed)


def _is_same(group: PeopleFacts, person: PeopleFacts) -> bool:
    mine = (group.partner, group.category, group.is_supervisor, group.first_visit)
    return mine == (person.partner, person.category, person.is_supervisor, person.first_visit)


def _is_like(group: PeopleFacts, person: PeopleFacts) -> bool:
    """What either does not say is no difference."""
    same_partner = None in (group.partner, person.partner) or group.partner == person.partner
    same_category = not group.category or not person.category or group.category == person.category
    return same_partner and same_category and _has_role(group, person)


def _has_role(group: PeopleFacts, person: PeopleFacts) -> bool:
    return group.is_supervisor == person.is_supervisor


def _is_any(_group: PeopleFacts, _person: PeopleFacts) -> bool:
    return True


def _filled(person: PeopleFacts, group: PeopleFacts | None) -> PeopleFacts:
    """A person with what only the group says."""
    return PeopleFacts(
        category=person.category or (group.category if group else ""),
        is_supervisor=person.is_supervisor,
        first_visit=person.first_visit,
        partner=person.partner if person.partner is not None else (group.partner if group else None),
        born=person.born,
        name=person.name,
    )


def _numbered(group: PeopleFacts, number: int) -> PeopleFacts:
    return PeopleFacts(group.category, group.is_supervisor, number, group.first_visit, group.partner)
